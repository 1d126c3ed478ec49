"""Derivations of second derivatives and beyond: each from the one before, and each right."""

from __future__ import annotations

import json
import math

import pytest

from autodiff_cli.engine import higher
from autodiff_cli.errors import AutodiffError
from autodiff_cli.language.parser import read
from autodiff_cli.teach.explain import explain
from autodiff_cli.teach.further import further
from tests.console import here

#: A formula → its derivatives of the first orders, as a book leaves them.
ORDERS = {
    "x^3 + 2x^2 + 8x": ["3*x^2 + 4*x + 8", "6*x + 4", "6"],
    "x exp(-x)": ["exp(-x)*(1 - x)", "exp(-x)*(x - 2)", "exp(-x)*(3 - x)"],
    "sin(x)": ["cos(x)", "-sin(x)", "-cos(x)"],
    "1/x": ["-1/x^2", "2/x^3", "-6/x^4"],
    "x^2 y": ["2*x*y", "2*y"],
}

#: Formulas whose derivatives swell, and one with steps.
OTHERS = ("x^x", "sin(x^2)", "tanh(x)/x", "h = x^2 + 1; sqrt(h)*h", "max(x, 1)^3", "2^(3x)")


@pytest.mark.parametrize("text", ORDERS)
def test_each_order_is_derived_and_tidied_up(text: str) -> None:
    report = further(explain(read([text]), wrt=["x"]), {}, 4)
    found = [report, *[deeper for deeper in report.further if deeper.derivations]]
    assert [each.derivations["x"].derivative for each in found][: len(ORDERS[text])] == ORDERS[text]


@pytest.mark.parametrize("text", [*ORDERS, *OTHERS])
def test_each_order_has_the_number_of_the_engine(text: str) -> None:
    reading = read([text])
    at = dict.fromkeys(reading.graph.variables, 1.3)
    report = further(explain(reading, at, wrt=["x"]), at, 3)
    found = [each.derivations["x"].value for each in (report, *report.further) if each.derivations]
    wanted = higher.orders(reading.graph, at, 3, "x")
    assert found == pytest.approx([float(value) for value in wanted[: len(found)]], rel=1e-9)
    assert not any(map(float, wanted[len(found) :]))  # what is left out is 0


def test_what_is_constant_ends_the_orders() -> None:
    out = here("explain", "x^2*y", "--wrt", "x", "--order", "5", "--no-sympy").out
    assert "order 2, from ∂f/∂x = 2·x·y:" in out
    assert "∂³f/∂x³ = 0: what is derived is constant" in out
    assert "order 4" not in out


def test_json_has_the_orders_with_sympy_beside_each() -> None:
    found = json.loads(here("explain", "sin(x^2)", "--x", "2", "--order", "3", "--json").out)
    derivation = found["derivations"]["x"]
    assert [row["order"] for row in derivation["orders"]] == [2, 3]
    second = derivation["orders"][0]
    assert second["expression"] == derivation["derivative"]
    assert second["value"] == pytest.approx(2 * math.cos(4) - 16 * math.sin(4))
    assert [row["equals_symbolic"] for row in derivation["orders"]] == [True, True]
    assert [step["rule"] for step in second["steps"]] == ["product rule"]


def test_a_hint_goes_on_with_the_next_order() -> None:
    words = ("explain", "x^2", "--order", "2", "--hint", "--steps")
    assert "the next rule: constant multiple rule" in here(*words, "1").out
    assert "no rule is left" in here(*words, "2").out
    assert "f″" not in here(*words, "0").out


def test_an_order_that_cannot_be_is_refused() -> None:
    assert "--order is for one variable" in here("explain", "x y", "--order", "2").err
    assert "there is no order 0" in here("explain", "x", "--order", "0").err
    with pytest.raises(AutodiffError, match="too long to be derived once more"):
        further(explain(read(["tan(x)^x/sin(x^x)"])), {}, 9)


def test_every_format_has_the_orders() -> None:
    for format, sign in (("latex", "f''(x) = 2"), ("markdown", "f″(x) = 2"), ("html", "f″(x) = 2")):
        assert sign in here("explain", "x^2", "--order", "2", "--format", format, "--no-sympy").out
    out = here("explain", "x^2*y", "--wrt", "x", "--order", "2", "--format", "latex").out
    assert r"\partial^{2} f/\partial x^{2} = 2" in out
