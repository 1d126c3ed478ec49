"""Each promise of the manual has its test, and those that are nowhere else are held here."""

from __future__ import annotations

import re

import pytest

from autodiff_cli.cli.help import page
from autodiff_cli.limits import LIMITS, ROWS_SHOWN, ROWS_SHOWN_VARIABLE
from tests.console import ROOT
from tests.inside import answer

#: Schema → a command line, and the names that scripts may rely on.
SCHEMAS = {
    "grad": (("x^2*y", "--x", "1", "--y", "2"),
             {"schema", "expression", "at", "value", "gradient", "symbolic", "verdict", "notes"}),
    "trace": (("x^2*y", "--x", "1", "--y", "2"),
              {"schema", "expression", "at", "value", "gradient", "nodes"}),
    "compare": (("x^2", "--x", "1"),
                {"schema", "expression", "at", "value", "gradient", "symbolic", "verdict", "notes",
                 "digits", "methods", "operations", "claims"}),
    "hessian": (("x^2*y", "--x", "1", "--y", "2"),
                {"schema", "expression", "at", "value", "gradient", "hessian", "symbolic",
                 "verdict", "notes"}),
    "taylor": (("sin(x)", "--x", "1", "--no-sympy"),
               {"schema", "expression", "at", "variable", "value", "derivatives", "symbolic",
                "coefficients", "polynomial", "to", "remainder", "verdict", "notes"}),
    "hvp": (("x^2*y", "--x", "1", "--y", "2", "--direction", "1,0"),
            {"schema", "expression", "at", "value", "gradient", "direction", "hvp", "symbolic",
             "verdict", "notes"}),
    "jacobian": (("x*y", "x+y", "--x", "1", "--y", "2"),
                 {"schema", "expressions", "at", "values", "jacobian", "mode", "reason", "symbolic",
                  "verdict", "notes"}),
    "vjp": (("x*y", "--x", "1", "--y", "2"),
            {"schema", "expressions", "at", "values", "jacobian", "seed", "product", "symbolic",
             "verdict", "notes"}),
    "jvp": (("x*y", "--x", "1", "--y", "2", "--direction", "1,0"),
            {"schema", "expressions", "at", "values", "jacobian", "direction", "product",
             "symbolic", "verdict", "notes"}),
    "count": (("x*y",), {"schema", "iterated", "rows"}),
    "backward": (("x*y", "--x", "1", "--y", "2"),
                 {"schema", "expression", "at", "value", "grad_fn", "operations", "passes",
                  "notes"}),
    "plot": (("x^2", "--x=0..1", "--at", "x=1"),
             {"expression", "at", "intervals", "pieces", "breaks", "tangents", "points", "notes"}),
    "descend": (("x^2", "--x", "1"),
                {"expression", "wrt", "method", "rate", "momentum", "steps", "tolerance",
                 "descents", "notes"}),
}  # fmt: skip

NODE = {"id", "operation", "args", "value", "partials", "tangent", "adjoint"}


def test_every_promise_names_a_file_of_tests() -> None:
    text = page("promises")
    table = text[: text.index("Not promised:")]
    named = re.findall(r"\| `(tests/[\w/]+\.py)` \|", table)
    assert len(named) > 10
    assert [name for name in named if not (ROOT / name).is_file()] == []


@pytest.mark.parametrize("command", SCHEMAS)
def test_the_names_of_a_schema_are_there(cli, command: str) -> None:
    words, names = SCHEMAS[command]
    found = answer(cli, command, *words)
    assert found["schema"] == f"autodiff.{command}/1"
    assert names <= found.keys()
    for node in found.get("nodes", ()):
        assert node.keys() >= NODE
    for note in found.get("notes", ()):
        assert note.keys() == {"node", "kind", "text"}


#: Limit → a command line beyond a limit of 3.
BEYOND = {
    "text": ("grad", "x+xx", "--x", "1"),
    "operations": ("graph", "sin(x)*cos(x)*tan(x)"),
    "nesting": ("graph", "((((x))))"),
    "digits": ("grad", "0.1234567*x", "--x", "1"),
    "rows": ("grad", "x", "--x", "1,2,3,4"),
    "steps": ("descend", "x^2", "--x", "1", "--steps", "4"),
    "iterations": ("count", "x^2", "--iterate", "4"),
    "points": ("compare", "x^2", "--points", "4"),
    "orders": ("grad", "x^9", "--x", "1", "--order", "4", "--no-sympy"),
    "passes": ("backward", "x^2", "--x", "1", "--times", "4"),
    "formulas": ("jacobian", "x", "2x", "3x", "4x", "--x", "1,2", "--no-sympy"),
    "entries": ("jacobian", "x+y", "x*y", "--x", "1,2", "--y", "2", "--no-sympy"),
}


@pytest.mark.parametrize("name", BEYOND)
def test_a_limit_is_said_with_the_way_to_raise_it(cli, monkeypatch, name: str) -> None:
    variable = f"AUTODIFF_MAX_{name.upper()}"
    monkeypatch.setenv(variable, "3")
    outcome = cli(*BEYOND[name])
    assert outcome.status == 2
    told = " ".join(outcome.err.split())
    assert f"more than 3 {LIMITS[name][1]}" in told
    assert f"set {variable} in the environment to raise this limit" in told
    monkeypatch.setenv(variable, "1000")
    assert cli(*BEYOND[name]).status == 0 or name == "text"


def test_the_limits_admit_what_is_promised() -> None:
    defaults = {name: limit for name, (limit, _) in LIMITS.items()}
    assert defaults["operations"] >= 2_000_000
    assert defaults["nesting"] >= 1_000_000
    assert defaults["text"] >= 64_000_000


def test_the_manual_has_every_limit_with_its_default() -> None:
    text = page("limits")
    rows = re.findall(r"\| `(AUTODIFF_MAX_\w+)` \| ([\d,]+) \| ([^|]+) \|", text)
    wanted = [
        (f"AUTODIFF_MAX_{n.upper()}", f"{most:,}", what) for n, (most, what) in LIMITS.items()
    ]
    assert rows == [*wanted, (ROWS_SHOWN_VARIABLE, f"{ROWS_SHOWN:,}", "rows of a table shown")]


def test_the_rows_shown_are_counted_and_the_variable_and_the_option_change_them(
    cli, monkeypatch
) -> None:
    words = ("grad", "x^2", "--x", "linspace(0, 1, 60)", "--no-sympy")
    assert "20 rows between are not shown; --rows 0 shows all" in cli(*words).out
    monkeypatch.setenv(ROWS_SHOWN_VARIABLE, "10")
    assert "50 rows between are not shown" in cli(*words).out
    assert "not shown" not in cli(*words, "--rows", "0").out
    monkeypatch.setenv(ROWS_SHOWN_VARIABLE, "many")
    outcome = cli(*words)
    assert (outcome.status, outcome.out) == (2, "")
    assert ROWS_SHOWN_VARIABLE in outcome.err or "--rows" in outcome.err


#: Texts that are small to type and large to compute → what is in the answer, or in the error.
HOSTILE = {
    "9^9^9^9": "inf",
    "x^9^9^9": "verdict: overflow",
    "x^999999999": "verdict: overflow",
    "(2x)^99999999": "verdict: overflow",
    "x^x^x^x": "verdict: match",
    "1e999999": "beyond the range of float64",
    "x^1e999999": "beyond the range of float64",
    "1." + "3" * 90_000 + "x": "verdict: match",
    "1." + "3" * 100_000 + "x": "AUTODIFF_MAX_DIGITS",
    "(" * 100_000 + "x" + ")" * 100_000: "verdict: match",
    "(" * 100_000 + "x": "this bracket is not closed",
    "+".join(["x*x"] * 20_000): "verdict: match",
    "+".join(f"sin({k}x)" for k in range(5_000)): "verdict: skipped",
    "sigmoid(" * 10_000 + "x" + ")" * 10_000: "verdict: skipped",
    "x" + "*x" * 200: "verdict: match",
    "y" * 100_000 + "*x": "no value for the variable",
}


@pytest.mark.parametrize("text", HOSTILE, ids=lambda text: f"{text[:12]}-{len(text)}")
def test_a_hostile_text_has_an_answer_or_an_error_that_fits_a_screen(cli, text: str) -> None:
    given = ("--x", "1.5") if "x" in text else ()
    grad = cli("grad", text, *given, "--sympy-seconds", "20")
    assert HOSTILE[text] in " ".join((grad.out + grad.err).split())
    for words in (("graph", text), ("trace", text, *given), ("count", text, "--no-sympy")):
        shown = cli(*words)
        assert shown.status in (0, 2)
        assert max(map(len, (shown.out + shown.err).splitlines())) < 1500
        assert len(shown.out) < 30_000


def test_a_name_of_any_length_is_shown_with_its_middle_left_out(cli) -> None:
    name = "a" * 100_000
    for words in (("grad", f"{name}^2"), ("trace", f"{name}^2"), ("hessian", f"{name}^2")):
        shown = cli(*words, "--at", f"{name}=3", *(() if words[0] == "trace" else ("--no-sympy",)))
        assert shown.status == 0
        assert len(shown.out) < 10_000
        assert "6" in shown.out
