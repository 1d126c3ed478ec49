"""Taylor's polynomial: in every format, beside SymPy's, and its remainder at a second point."""

from __future__ import annotations

import json
import math
from pathlib import Path
from typing import Any

import pytest
import sympy

from autodiff_cli import AutodiffError, Taylor, parse, taylor
from tests.console import here

X = sympy.Symbol("x")


def payload(*words: str) -> Any:
    outcome = here("taylor", *words, "--json")
    assert outcome.status == 0, outcome
    return json.loads(outcome.out)


#: text, the point, the degree, the polynomial as a book has it.
BOOK = [
    ("sin(x)", 0, 7, "P(x) = x - x³/6 + x⁵/120 - x⁷/5040"),
    ("tan(x)", 0, 5, "P(x) = x + x³/3 + 2·x⁵/15"),
    ("exp(-x)", 0, 3, "P(x) = 1 - x + x²/2 - x³/6"),
    ("x^3", 1, 3, "P(x) = 1 + 3·(x - 1) + 3·(x - 1)² + (x - 1)³"),
    ("(x + 2)^2 - 4", -2, 4, "P(x) = -4 + (x + 2)²"),
    ("-cos(x)", 0, 2, "P(x) = -1 + x²/2"),
    ("x - x", 5, 2, "P(x) = 0"),
]


@pytest.mark.parametrize(("text", "x", "order", "wanted"), BOOK)
def test_a_polynomial_is_written_as_in_a_book(text: str, x: int, order: int, wanted: str) -> None:
    out = here("taylor", text, f"--x={x}", "--order", str(order), "--no-sympy").out
    assert wanted in out.splitlines()


@pytest.mark.parametrize("text", ["sin(x)*exp(x)", "ln(1 + x^2)", "x^x", "atan(x)/x"])
def test_coefficients_are_those_of_sympys_series(text: str) -> None:
    found = taylor(text, {"x": 0.75}, 8)
    formula = sympy.sympify(text.replace("^", "**").replace("ln", "log"), {"x": X})
    for order, coefficient in enumerate(found.coefficients):
        right = formula.diff(X, order).subs(X, sympy.Rational(3, 4)).evalf(30)
        assert coefficient == pytest.approx(float(right) / math.factorial(order), rel=1e-10)
        assert found.derivatives[order] == pytest.approx(float(right), rel=1e-10)
    assert found(0.8) == pytest.approx(float(formula.subs(X, 0.8)), rel=1e-7)
    assert max(found.bounds) < 1e-6


def test_the_polynomial_reads_back_as_a_formula_with_the_same_derivatives() -> None:
    found = taylor("tanh(x) + 1/x", {"x": 1.5}, 6)
    again = taylor(str(found.polynomial), {"x": 1.5}, 6)
    assert again.coefficients == pytest.approx(found.coefficients, rel=1e-12)
    assert isinstance(again, Taylor)


def test_a_remainder_shrinks_by_degrees_and_is_near_the_next_term() -> None:
    found = payload("exp(x)", "--x", "0", "--order", "6", "--to", "0.5")
    assert list(found) == [
        "schema", "expression", "at", "variable", "value", "derivatives", "symbolic",
        "coefficients", "polynomial", "to", "remainder", "verdict", "notes",
    ]  # fmt: skip
    assert (found["schema"], found["to"], found["verdict"]) == ("autodiff.taylor/1", 0.5, "match")
    left = found["remainder"]
    gaps = [abs(left["value"] - total) for total in left["polynomials"]]
    assert gaps == sorted(gaps, reverse=True)
    assert left["remainder"] == left["value"] - left["polynomials"][-1]
    assert left["following"] == pytest.approx(0.5**7 / math.factorial(7))
    assert left["remainder"] == pytest.approx(left["following"], rel=0.1)


def test_the_next_term_of_an_odd_function_skips_the_even_one() -> None:
    left = payload("sin(x)", "--x", "0", "--order", "9", "--no-sympy")["remainder"]
    assert left["following"] == pytest.approx(-1 / math.factorial(11))


def test_one_of_several_variables_is_developed_and_the_others_stand_still() -> None:
    words = ("x*ln(y)", "--x", "2", "--y", "1", "--wrt", "y", "--order", "3")
    found = payload(*words)
    assert (found["variable"], found["at"]) == ("y", {"x": 2.0, "y": 1.0})
    assert found["coefficients"] == pytest.approx([0, 2, -1, 2 / 3])
    assert "P(y) = 2·(y - 1) - (y - 1)² + 2·(y - 1)³/3" in here("taylor", *words).out


def test_the_picture_is_drawn_where_it_is_asked_for(tmp_path: Path) -> None:
    target = tmp_path / "tan.svg"
    assert here("taylor", "tan(x)", "--x", "0.3", "--no-sympy", "-o", str(target)).status == 0
    drawn = target.read_text(encoding="utf-8")
    assert "polynomial of degree 5" in drawn
    assert "the remainder is" in drawn
    plain = here("taylor", "tan(x)", "--x", "0.3", "--no-sympy").out
    assert "polynomial of degree 5" not in plain
    assert "polynomial of degree 5" in here("taylor", "tan(x)", "--x", "0.3", "--plot").out
    page = here("taylor", "tan(x)", "--x", "0.3", "--no-sympy", "--format", "html").out
    assert "<svg" in page


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("x*y", "--x", "1", "--y", "1"), "choose one with --wrt x"),
        (("2",), "there is no variable to develop in"),
        (("x", "--x", "1,2"), "taylor shows one point"),
        (("x", "--x", "1", "--order", "0"), "ask for order 1 or more"),
        (("x", "--x", "1", "--to", "y"), "has the variable 'y'"),
        (("x", "--x", "1", "--order", "101"), "AUTODIFF_MAX_ORDERS"),
        (("x", "--x", "1", "--ascii", "--json"), "--ascii is for text"),
    ],
)
def test_wrong_input_is_told(words: tuple[str, ...], said: str) -> None:
    outcome = here("taylor", *words)
    assert (outcome.status, outcome.out) == (2, "")
    assert said in outcome.err


def test_where_a_derivative_is_infinite_there_is_no_polynomial() -> None:
    outcome = here("taylor", "sqrt(x)", "--x", "0", "--no-sympy")
    assert outcome.status == 0
    assert "no polynomial" in outcome.out
    assert payload("sqrt(x)", "--x", "0", "--no-sympy")["polynomial"] is None
    assert taylor("sqrt(x)", {"x": 0}, 2).polynomial is None
    assert here("taylor", "|x|", "--x", "0", "--strict", "--sympy-seconds", "20").status == 3


@pytest.mark.parametrize(
    ("at", "order", "wrt", "said"),
    [
        ({"x": [1.0, 2.0], "y": 1}, 2, "x", "at one point"),
        ({"x": 1, "y": 1}, 2, None, "in one variable, not x, y"),
        ({"x": 1, "y": 1}, -1, "x", "from 0 up"),
        ({"x": 1, "y": 1}, 2, "z", "'z'"),
    ],
)
def test_wrong_input_of_the_function_is_told(
    at: dict[str, Any], order: int, wrt: str | None, said: str
) -> None:
    with pytest.raises(AutodiffError, match=said):
        taylor(parse("x*y"), at, order, wrt=wrt)
