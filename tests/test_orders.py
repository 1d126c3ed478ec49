"""Taylor arithmetic: orders of every row and of random formulas, against mpmath's from values.

`python -m tests.orders` goes to order 100; here are a few orders of everything.
"""

from __future__ import annotations

import json
import math
from fractions import Fraction

import numpy as np
import pytest

from autodiff_cli.engine import directions, uncertain
from autodiff_cli.engine.directions import derivatives, interpolation, mixed_at
from autodiff_cli.engine.higher import derivative, orders
from autodiff_cli.engine.linearise import linearise
from autodiff_cli.graph.graph import Graph
from autodiff_cli.language.parser import read
from autodiff_cli.ops.row import Operation
from autodiff_cli.symbolic.orders import Look
from autodiff_cli.symbolic.verdict import judge
from tests import exact
from tests.console import here
from tests.orders.judging import alone, finite, formula, judged, operands, point, truth
from tests.test_table import every_differentiable_row


def graph_of(text: str) -> Graph:
    return read([text]).graph


@every_differentiable_row
def test_fifteen_orders_of_a_row_are_mpmaths(row: Operation) -> None:
    for name in operands(row):
        found = judged(alone(row), point(row), name, 15)
        assert found.faults == ()
        assert found.lost == ()


def test_twelve_orders_of_random_formulas_are_mpmaths() -> None:
    compared = 0
    for seed in range(1, 60):
        chosen = formula(seed)
        if chosen is None or not finite(*chosen, 12):
            continue
        try:
            found = judged(*chosen, 12)
        except exact.NoRealValue:
            continue
        compared += 1
        assert found.faults == ()
    assert compared > 20


#: text, the point, the hundredth derivative by other means.
HUNDREDTH = [
    ("exp(x)", 0.5, math.exp(0.5)),
    ("sin(2x)", 0.3, math.ldexp(math.sin(0.6), 100)),
    ("ln(x)", 2.0, -math.factorial(99) / 2**100),
    ("1/(1 - x)", 0.5, math.factorial(100) * 2.0**101),
    ("ln(x)", 1e4, -float(f"{math.factorial(99)}e-400")),  # coefficients alone would vanish
    ("x^100", 1.25, float(math.factorial(100))),
    ("x^99 + 1", 1.25, 0.0),
    ("sinc(x)", 0.0, 1 / 101),
    ("sqrt(x)", 4.0, -math.prod(2 * k - 1 for k in range(1, 99 + 1)) / 2.0**100 / 2.0**199),
]


@pytest.mark.parametrize(("text", "x", "wanted"), HUNDREDTH)
def test_the_hundredth_derivative(text: str, x: float, wanted: float) -> None:
    assert orders(graph_of(text), {"x": x}, 100)[-1] == pytest.approx(wanted, rel=1e-12)


#: Kinks, ties, ends of domains and blocked edges: each order is what the gradient's graph gives,
#: differentiated again.
SINGULAR = [
    ("|x|", 0.0), ("|x|*x", 0.0), ("relu(x)^2", 0.0), ("max(x, -x)", 0.0), ("sqrt(x)", 0.0),
    ("sqrt(relu(x))", -1.0), ("x^2.5", 0.0), ("where(x > 0, x^1.5, 0)", 0.0),
    ("where(x > 0, x*ln(x), 0)", 0.0), ("sin(x)/x", 0.0), ("1/x", 0.0), ("x^x", 1.0),
    ("(1 + x)^x", 0.0), ("floor(x)*x", 2.0), ("cbrt(x)", 0.0), ("elu(x, 2)", 0.0),
]  # fmt: skip


@pytest.mark.parametrize(("text", "x"), SINGULAR)
def test_orders_at_a_kink_are_those_of_the_gradient_differentiated_again(
    text: str, x: float
) -> None:
    graph, again = graph_of(text), graph_of(text)
    for number in derivatives(graph, {"x": x}, {"x": 1.0}, 4):
        again = derivative(again, "x")
        wanted = linearise(again, {"x": x}, ()).values[again.outputs[0]]
        assert number == pytest.approx(wanted, rel=1e-13, nan_ok=True)


@pytest.mark.parametrize("text", ["where(x > 1, x^3, sin(x))/x", "|x|^2.5", "sqrt(x)", "ln(x^2)"])
def test_points_on_both_sides_of_a_condition_have_the_numbers_that_each_has_alone(
    text: str,
) -> None:
    graph = graph_of(text)
    at = np.array([[0.0, 0.5, 1.0], [2.0, 1e-5, 3e4]])
    found = derivatives(graph, {"x": at}, {"x": 1.0}, 60)
    for place, x in np.ndenumerate(at):
        alone_there = derivatives(graph, {"x": float(x)}, {"x": 1.0}, 60)
        assert [row[place] for row in found] == pytest.approx(alone_there, rel=1e-12, nan_ok=True)


def test_mixed_derivatives_of_three_variables_come_from_univariate_series() -> None:
    """Each order differentiates the gradient's graph once more; directions need none of that."""
    graph = graph_of("x^2*y^3*exp(z) + sin(x*y*z)/(1 + z^2)")
    at = {"x": 0.7, "y": 1.2, "z": 0.3}
    found = mixed_at(graph, at, ("x", "y", "z"), 3)
    assert len(found) == 3 + 6 + 10
    for index, number in found.items():
        again = graph
        for name, count in zip("xyz", index, strict=True):
            for _ in range(count):
                again = derivative(again, name)
        wanted = linearise(again, at, ()).values[again.outputs[0]]
        assert number == pytest.approx(wanted, rel=1e-11, abs=1e-12)


def test_what_the_graph_says_is_0_is_0_without_rounding() -> None:
    at = {"x": 0.7, "y": 1.3, "z": 0.3}
    found = mixed_at(graph_of("x*exp(y*z) + sin(y) + x^2*z/3"), at, ("x", "y", "z"), 5)
    assert len(found) == 55
    assert all(number == 0 for (x, _, _), number in found.items() if x > 2)
    apart = mixed_at(graph_of("sin(x) + exp(y)"), {"x": 1.0, "y": 2.0}, ("x", "y"), 4)
    assert all(bool(number) == (0 in index) for index, number in apart.items())


@pytest.mark.parametrize(("count", "total"), [(2, 3), (3, 2), (3, 4), (4, 1)])
def test_weights_take_each_derivative_from_a_polynomial_along_directions(
    count: int, total: int
) -> None:
    """The monomial x^i has the derivative i!·∂^i along every direction, and no other."""
    wanted = directions.indices(count, total)
    assert len(wanted) == len(interpolation(count, total)) == math.comb(count + total - 1, total)
    for index in wanted:
        found = dict.fromkeys(wanted, Fraction(0))
        for direction, weights in interpolation(count, total):
            slope = math.factorial(total) * math.prod(map(pow, direction, index))
            for other, weight in weights:
                found[other] += weight * slope
        assert found.pop(index) == math.prod(map(math.factorial, index))
        assert not any(found.values())


def test_more_derivatives_than_are_found_together_are_told() -> None:
    at = [word for name in "abcd" for word in (f"--{name}", "1")]
    told = here("grad", "a*b*c*d", *at, "--order", "9", "--no-sympy").err
    assert "order 9 in 4 variables is 714 derivatives, more than 250" in told
    assert "--wrt a" in told


def test_mixed_derivatives_stand_beside_sympys() -> None:
    words = ("grad", "x^2*y^3 + sin(x*y)", "--x", "0.5", "--y", "1.25", "--order", "3")
    found = json.loads(here(*words, "--sympy-seconds", "20", "--json").out)
    assert found["verdict"] == "match"
    assert [len(found["orders"][name]) for name in "xy"] == [3, 3]
    assert ["".join(entry["by"]) for entry in found["mixed"]] == ["xy", "xxy", "xyy"]
    for entry in found["mixed"]:
        assert entry["value"] == pytest.approx(entry["symbolic"]["value"], rel=1e-12)
    assert "∂³f/∂x²∂y" in here(*words, "--no-sympy").out
    latex = here(*words, "--no-sympy", "--format", "latex").out
    assert r"\partial^{3} f/\partial x^{2}\,\partial y" in latex


def test_a_bound_says_where_float64_loses_the_digits() -> None:
    """The quotient that sinc is far out loses an order's digits with each order beyond x."""
    graph, at = graph_of("sinc(x)"), {"x": 9.0}
    found = judged(graph, at, "x", 40)
    assert found.faults == ()
    assert found.lost
    bounds = uncertain.derivatives(graph, at, "x", 40).bounds
    assert bounds[3] < 1e-14 < 1e-3 < bounds[40]


def paths(count: int) -> list[tuple[str, ...]]:
    return [("x",) * order for order in range(1, count + 1)]


#: text, the point, how many orders, and of how many float64 keeps fewer than nine digits.
BEYOND_SYMPY = [
    ("tan(x)", 0.75, 40, 0),
    ("gelu(x)*|x|", -0.5, 20, 0),
    ("x^4 - 2x", 3.0, 9, 0),
    ("sin(x)", 0.0, 13, 0),
    ("ln(x)", 1e-5, 30, 0),
    ("sin(x)*exp(x)", 0.75, 100, 49),  # Leibniz's sum cancels half a digit in three orders
]


@pytest.mark.parametrize(("text", "x", "count", "lost"), BEYOND_SYMPY)
def test_differences_of_the_value_judge_what_sympy_has_no_time_for(
    text: str, x: float, count: int, lost: int
) -> None:
    graph = graph_of(text)
    found = derivatives(graph, {"x": x}, {"x": 1.0}, count)
    one = Look(graph, [x], paths(count), found, lambda: False)
    texts = one.differences()
    looks = [one.judged(place, text)["again"] for place, text in enumerate(texts)]
    verdicts = [
        judge(number, text, own=look["0"][0], rounding=look["0"][1]).verdict
        if look
        else judge(number, text).verdict
        for number, text, look in zip(found, texts, looks, strict=True)
    ]
    assert verdicts.count("rounding") == lost
    assert verdicts.count("match") == count - lost
    wanted = truth(graph, {"x": x}, "x", min(count, 12))
    assert list(map(float, map(str, texts)))[:12] == pytest.approx(wanted, rel=1e-14, abs=1e-14)


def test_a_number_that_is_not_the_series_is_a_mismatch() -> None:
    graph = graph_of("tan(x)")
    found = list(derivatives(graph, {"x": 0.75}, {"x": 1.0}, 6))
    found[4] *= 1 + 1e-6
    one = Look(graph, [0.75], paths(6), found, lambda: False)
    text = one.differences()[4]
    own, rounding, *_ = one.judged(4, text)["again"]["0"]
    assert judge(found[4], text, own=own, rounding=rounding).verdict == "MISMATCH"


def test_orders_that_there_is_no_time_for_have_no_verdict() -> None:
    graph, calls = graph_of("tan(x)"), iter(range(100))
    found = derivatives(graph, {"x": 0.75}, {"x": 1.0}, 10)
    texts = Look(graph, [0.75], paths(10), found, lambda: next(calls) >= 4).differences()
    assert [text is None for text in texts] == [False] * 6 + [True] * 4


def test_a_hundred_orders_are_judged_at_the_command_line() -> None:
    words = ("--x", "0.5", "--order", "100", "--sympy-seconds", "0.5", "--json")
    found = json.loads(here("grad", "tan(x)", *words).out)
    assert len(found["orders"]["x"]) == len(found["symbolic_orders"]["x"]) == 100
    assert found["verdict"] in ("match", "skipped")  # on a busy machine the time runs out
    assert found["symbolic_orders"]["x"][1]["derivative"] == "(2*tan(x)**2 + 2)*tan(x)"
    assert any("SymPy has had time for the first" in note["text"] for note in found["notes"])
