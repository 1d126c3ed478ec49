"""SymPy's derivative in a shorter form too: factored, over one denominator, as p·(1 − p)."""

from __future__ import annotations

import json
import math
import re

import pytest

from autodiff_cli import grad
from autodiff_cli.language.parser import read
from autodiff_cli.symbolic.client import Client
from autodiff_cli.symbolic.question import shorter
from tests.console import here
from tests.expressions import SMOOTH, graph, seeded

#: Budget where time is not the claim: the suite runs on every core at once.
PATIENT = 20.0

#: Generated formulas that are looked at.
SEEDS = 40

#: A formula → its derivative by its first variable in a shorter form; None where there is none.
FORMS = {
    "x^3 + 2x^2 + 8x": None,
    "x exp(-x)": "(1 - x)*exp(-x)",
    "sin(x)*exp(x)/x": "(x*sin(x) + x*cos(x) - sin(x))*exp(x)/x**2",
    "(x^2+1)/(x-1)": "(x**2 - 2*x - 1)/(x - 1)**2",
    "ln(x)/x^2": "(1 - 2*log(x))/x**3",
    "x tanh(x)": None,
    "sigmoid(x)": "p = sigmoid(x); p*(1 - p)",
    "(sigmoid(w x + b) - t)^2": "p = sigmoid(b + w*x); 2*p*x*(1 - p)*(p - t)",
    "sigmoid(p x)": "q = sigmoid(p*x); q*x*(1 - q)",
    "softplus(x)": "p = sigmoid(x); p",
    "-ln(e^x/(e^x + e^y + e^z))": "-(exp(y) + exp(z))/(exp(x) + exp(y) + exp(z))",
    "sqrt(1-x^2)": None,
    "abs(x)": None,
}  # fmt: skip


@pytest.fixture(scope="module")
def client():
    with Client() as client:
        client.simplify = "auto"
        yield client


def form(client, text):
    graph = read([text]).graph
    path = (graph.variables[0],)
    found = shorter(client, graph, [path], PATIENT).get(path)
    if found is None:
        return None
    return f"{found.letter} = {found.part}; {found.text}" if found.letter else found.text


@pytest.mark.parametrize("text", FORMS)
def test_a_derivative_has_the_form_of_a_book_where_it_is_shorter(client, text):
    assert form(client, text) == FORMS[text]


@pytest.mark.parametrize("text", [text for text, found in FORMS.items() if found])
def test_a_shorter_form_reads_back_and_has_the_same_number(client, text):
    formula = read([text]).graph
    at = dict(zip(formula.variables, (0.7, 1.3, -0.4, 0.2), strict=False))
    slope = grad(formula, at).gradient[formula.variables[0]]
    back = read([form(client, text)], formula.variables).graph
    assert grad(back, {name: at[name] for name in back.variables}).value == pytest.approx(slope)


@pytest.mark.slow
def test_generated_formulas_have_forms_of_the_same_number(client):
    shortened = 0
    for seed in range(SEEDS):
        formula = graph(seeded(seed, 2 + seed % 3, rows=SMOOTH))
        if "x" not in formula.variables:
            continue
        found = shorter(client, formula, [("x",)], PATIENT).get(("x",))
        if found is None or re.search(r"Piecewise|Heaviside|DiracDelta|floor|\bE\b", found.text):
            continue
        shortened += 1
        text = f"{found.letter} = {found.part}; {found.text}" if found.letter else found.text
        at = {name: 0.3 + 0.2 * place for place, name in enumerate(formula.variables)}
        slope = grad(formula, at).gradient["x"]
        back = read([text.replace("Abs", "abs")], formula.variables).graph
        value = grad(back, {name: at[name] for name in back.variables}).value
        assert not math.isfinite(slope) or value == pytest.approx(slope, rel=1e-6), text
    assert shortened > 2


def test_off_full_and_no_time(client):
    graph = read(["x tanh(x)"]).graph
    client.simplify = "full"
    assert shorter(client, graph, [("x",)], PATIENT)["x",].text == "x/cosh(x)**2 + tanh(x)"
    client.simplify = "off"
    assert shorter(client, graph, [("x",)], PATIENT) == {}
    client.simplify = "auto"
    assert shorter(client, read(["x exp(-x)"]).graph, [("x",)], 0.0) == {}


#: Commands that show SymPy's derivative of x·exp(−x), one a line.
COMMANDS = """
autodiff grad "x*exp(-x)" --x 2
autodiff grad "x*exp(-x)" --x 2,3
autodiff grad "x*exp(-x)" --x 2 --order 2
autodiff compare "x*exp(-x)" --x 2
autodiff compare "x*exp(-x)" --points 5
autodiff hessian "x*exp(-x)" --x 2
autodiff jacobian "x*exp(-x)" x --x 2
autodiff trace "x*exp(-x)" --x 2 --symbolic
autodiff explain "x*exp(-x)"
"""


def test_every_command_that_shows_sympy_has_it_and_leaves_it_out(tmp_path):
    text = tmp_path / "commands.txt"
    lines = [line for line in COMMANDS.splitlines() if line]
    found = {}
    for mode in ("auto", "off"):
        options = f" --sympy-seconds 20 --simplify {mode}"
        text.write_text("\n\n".join(line + options for line in lines), encoding="utf-8")
        parts = here("run", str(text)).out.split("$ autodiff")[1:]
        assert len(parts) == len(lines)
        found[mode] = [part.count("tidied up: ") for part in parts]
    assert all(one > none for one, none in zip(found["auto"], found["off"], strict=True))


def test_json_has_the_simplified_form_and_latex_its_own():
    words = ("grad", "sigmoid(w*x)", "--x", "1", "--w", "2", "--sympy-seconds", "20")
    found = json.loads(here(*words, "--json").out)
    assert found["symbolic"]["w"]["simplified"] == "p = sigmoid(w*x); p*x*(1 - p)"
    assert r"with $p = \sigma\left(w x\right)$" in here(*words, "--format", "latex").out
    assert "simplified" not in here("grad", "x^2", "--x", "1", "--json").out


def test_simplify_without_sympy_is_refused():
    assert (
        "leave out --no-sympy"
        in here("grad", "x", "--x", "1", "--no-sympy", "--simplify", "full").err
    )
    assert "add --symbolic" in here("trace", "x", "--x", "1", "--simplify", "off").err
    assert "--simplify" in here("count", "x^2", "--simplify", "off").err
