"""`grad` without a point: the derivative as a formula, by the rules, the machine and SymPy."""

from __future__ import annotations

import json

import pytest

from autodiff_cli import grad
from autodiff_cli.language.parser import read
from tests.console import here

#: A formula → its derivative by x, and as reverse mode writes it.
DERIVATIVES = {
    "x^2": ("2*x", "2*x"),
    "x^3 + 2x^2 + 8x": ("3*x^2 + 4*x + 8", "8 + 2*(2*x) + 3*x^2"),
    "x*exp(-x)": ("exp(-x)*(1 - x)", "exp(-x) + x*exp(-x)*-1"),
    "x^2*y": ("2*x*y", "y*(2*x)"),
    "abs(x)": ("sign(x)", "sign(x)"),
}


@pytest.mark.parametrize("text", DERIVATIVES)
def test_the_derivative_is_a_formula_beside_the_machines(text: str) -> None:
    found = json.loads(here("grad", text, "--no-sympy", "--json").out)
    assert found["schema"] == "autodiff.derivative/1"
    row = found["derivatives"]["x"]
    assert (row["derivative"], row["graph"]) == DERIVATIVES[text]
    assert row["symbolic"] is None
    graph = read([text]).graph
    at = {name: 1.7 + place for place, name in enumerate(graph.variables)}
    for form in (row["derivative"], row["graph"]):
        back = read([form], graph.variables).graph
        value = grad(back, {name: at[name] for name in back.variables}).value
        assert value == pytest.approx(grad(graph, at).gradient["x"])


def test_it_says_how_to_give_a_point_and_sympy_agrees() -> None:
    out = here("grad", "x*exp(-x)", "--sympy-seconds", "20").out
    assert "f′(x) = exp(-x)·(1 - x)" in out
    assert "gradient graph: exp(-x) + x·exp(-x)·(-1)" in out
    assert "SymPy has -x*exp(-x) + exp(-x): both are equal, checked at 20 points" in out
    assert "SymPy's, tidied up: f′(x) = (1 - x)*exp(-x)" in out
    assert "for its value give a point, --x 4" in out
    assert "write" not in here("grad", "rows^2", "--no-sympy").err
    assert "give a point, --at rows=4" in here("grad", "rows^2", "--no-sympy").out


def test_orders_and_several_variables() -> None:
    found = json.loads(here("grad", "sin(x)", "--order", "3", "--no-sympy", "--json").out)
    orders = found["derivatives"]["x"]["orders"]
    assert [(row["order"], row["derivative"]) for row in orders] == [(2, "-sin(x)"), (3, "-cos(x)")]
    out = here("grad", "x^2*y", "--no-sympy").out
    assert "∂f/∂x = 2·x·y" in out
    assert "∂f/∂y = x²" in out
    assert "∂f/∂y" not in here("grad", "x^2*y", "--wrt", "x", "--no-sympy").out
    assert "f‴(x) = 0" in here("grad", "x^2", "--order", "4", "--no-sympy").out


@pytest.mark.parametrize("format", ["markdown", "latex", "html"])
def test_handouts_have_it(format: str) -> None:
    out = here("grad", "x^2", "--no-sympy", "--format", format).out
    assert "2 \\cdot x" in out if format == "latex" else "2·x" in out


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("sinx",), "write sin(x) for the function"),
        (("2πr",), "write π*r for a product"),
        (("x*y", "--x", "4"), "no value for the variable 'y'; write --y 4"),
        (("x^2", "--strict"), "no value for the variable 'x'; write --x 4"),
        (("x^2", "--mode", "forward"), "no value for the variable 'x'; write --x 4"),
        (("x^2", "-o", "slopes.csv"), "no value for the variable 'x'; write --x 4"),
        (("+".join(f"sin({k}x)" for k in range(400)),), "give a point: --x 4"),
        (("x*y", "--order", "2"), "no value for the variable 'x'; write --x 4"),
        (("x", "--order", "0"), "there is no order 0"),
    ],
)
def test_what_needs_a_point_or_a_mend_says_so(words: tuple[str, ...], said: str) -> None:
    outcome = here("grad", *words)
    assert outcome.status == 2
    assert said in outcome.err


def test_a_constant_has_no_derivative_to_write() -> None:
    assert "verdict: match" in here("grad", "2 + 3", "--no-sympy").out
    assert "nothing in it varies" in here("grad", "a^2", "--const", "a", "--no-sympy").out
