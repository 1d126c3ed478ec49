"""The two sweeps: equal to each other, and at kinks and edges the numbers of the measured table."""

from __future__ import annotations

import math
import sys
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from autodiff_cli.engine import rules
from autodiff_cli.engine.forward import forward
from autodiff_cli.engine.forward import gradient as forward_gradient
from autodiff_cli.engine.linearise import Linearisation, linearise
from autodiff_cli.engine.reverse import gradient as reverse_gradient
from autodiff_cli.engine.reverse import reverse
from autodiff_cli.graph.graph import Graph
from autodiff_cli.language.parser import read
from tests import expressions
from tests.crosscheck import magnitude
from tests.work import examples

inf, nan = math.inf, math.nan


def at(text: str, wrt: tuple[str, ...] | None = None, **point: Any) -> Linearisation:
    return linearise(read([text]).graph, point, wrt)


def same(one: float, other: float) -> bool:
    """Equal, nan with nan, and the two zeros apart."""
    if math.isnan(other):
        return math.isnan(one)
    return one == other and math.copysign(1, one) == math.copysign(1, other)


# The notebook's numbers.


def test_trace_of_the_cubic() -> None:
    graph = read(["x^3 + 2x^2 + 8x"]).graph
    lin = linearise(graph, {"x": 4.0})
    tangents, adjoints = forward(lin, {"x": 1.0}), reverse(lin)
    rows = [
        (lin.values[i], tangents[i], adjoints[i]) for i, label in enumerate(graph.labels()) if label
    ]
    assert rows == [(4, 1, 72), (64, 48, 1), (16, 8, 2), (32, 16, 1), (32, 8, 1), (128, 72, 1)]
    assert [reverse_gradient(lin), forward_gradient(lin)] == [{"x": 72.0}] * 2


def test_a_column_of_points() -> None:
    column = np.array([5.6419, 1.1369, 4.7996])
    lin = at("sin(x)", x=column)
    for gradient in (reverse_gradient(lin), forward_gradient(lin)):
        assert gradient["x"] == pytest.approx([0.80132752, 0.42040926, 0.08710051], abs=1e-8)


# Forward equals reverse.


def magnitudes(lin: Linearisation) -> list[float]:
    """For each node, the sum of the magnitudes of all contributions along all paths."""
    graph = lin.graph
    sums = [0.0] * len(graph)
    sums[graph.outputs[0]] = 1.0
    for index in range(len(graph) - 1, len(graph.variables) - 1, -1):
        for operand, partial in zip(graph.operands[index], lin.partials[index], strict=False):
            if partial is not None and partial is not rules.BLOCKED:
                sums[operand] += sums[index] * abs(partial)
    return sums


def test_the_yardstick_of_an_output_is_the_sum_of_its_contributions_sizes() -> None:
    graph = read(["x*x - x*y", "x - 3*sin(x)"]).graph
    lin = linearise(graph, {"x": 3.0, "y": 2.0})
    assert magnitude.magnitudes(lin) == {"x": 8.0, "y": 3.0}
    assert magnitude.magnitudes(lin, graph.outputs[1]) == {"x": 1 - 3 * math.cos(3.0), "y": 0.0}
    assert magnitude.magnitudes(at("x + 1", x=2.0)) == {"x": 1.0}


@settings(max_examples=examples(500), deadline=None)
@given(
    expressions.trees(14),
    st.lists(st.floats(-3, 3) | st.sampled_from([0.0, 1.0, -1.0, 2.0]), min_size=3, max_size=3),
)
def test_forward_equals_reverse_wherever_partials_and_products_are_finite(
    root: expressions.Tree, point: list[float]
) -> None:
    graph = expressions.graph(root)
    lin = linearise(graph, dict(zip(graph.variables, point, strict=False)))
    scale = magnitudes(lin)
    tops = magnitudes(lin)
    partials = [p for row in lin.partials for p in row if p is not None and p is not rules.BLOCKED]
    sweeps = [forward(lin, {name: 1.0}) for name in graph.variables]
    tangents = [tangent for sweep in sweeps for tangent in sweep if tangent is not None]
    numbers = [*partials, *tops, *tangents]
    if not all(map(math.isfinite, numbers)):
        return
    if any(0 < abs(number) < 1e-290 for number in numbers):
        return  # products that underflow lose digits in one mode and not in the other
    one, other = reverse_gradient(lin), forward_gradient(lin)
    for index, name in enumerate(graph.variables):
        assert abs(one[name] - other[name]) <= 1e-12 * scale[index]


@settings(max_examples=examples(200), deadline=None, derandomize=True)
@given(
    expressions.trees(10),
    st.lists(
        st.sampled_from([0.0, -0.0, 1.0, -1.0, 2.0, 0.5, -2.0, inf, -inf, nan, 20.0]),
        min_size=9,
        max_size=9,
    ),
)
def test_arrays_give_the_numbers_of_scalars(root: expressions.Tree, numbers: list[float]) -> None:
    graph = expressions.graph(root)
    points = [dict(zip(graph.variables, numbers[k::3], strict=False)) for k in range(3)]
    columns = {name: np.array([point[name] for point in points]) for name in graph.variables}
    together = linearise(graph, columns)
    for k, point in enumerate(points):
        alone = linearise(graph, point)
        pairs = [(alone.values[graph.outputs[0]], together.values[graph.outputs[0]])]
        for gradient in (reverse_gradient, forward_gradient):
            one, all_ = gradient(alone), gradient(together)
            pairs += [(one[name], all_[name]) for name in graph.variables]
        for wanted, column in pairs:
            got = float(np.broadcast_to(column, 3)[k])
            assert got == pytest.approx(wanted, rel=1e-9, abs=1e-12, nan_ok=True)


# Kinks and edges: what PyTorch's reverse mode says.

KINKS = [
    ("abs(x)", {"x": 0.0}, 0.0, {"x": 0.0}),
    ("sqrt(x)", {"x": 0.0}, 0.0, {"x": inf}),
    ("sqrt(x)", {"x": -1.0}, nan, {"x": nan}),
    ("sqrt(x^2)", {"x": 0.0}, 0.0, {"x": nan}),
    ("x^0", {"x": 0.0}, 1.0, {"x": 0.0}),
    ("0^x", {"x": 0.0}, 1.0, {"x": 0.0}),
    ("0^x", {"x": 2.0}, 0.0, {"x": 0.0}),
    ("0^x", {"x": -1.0}, inf, {"x": -inf}),
    ("x^y", {"x": 0.0, "y": 0.0}, 1.0, {"x": 0.0, "y": 0.0}),
    ("x^y", {"x": 0.0, "y": 1.0}, 0.0, {"x": 1.0, "y": 0.0}),
    ("x^y", {"x": 0.0, "y": 0.5}, 0.0, {"x": inf, "y": 0.0}),
    ("x^y", {"x": -2.0, "y": 2.0}, 4.0, {"x": -4.0, "y": nan}),
    ("x^(1/3)", {"x": -8.0}, nan, {"x": nan}),
    ("x^(1/3)", {"x": 0.0}, 0.0, {"x": inf}),
    ("x^x", {"x": 0.0}, 1.0, {"x": 0.0}),
    ("1/x", {"x": 0.0}, inf, {"x": -inf}),
    ("x/x", {"x": 0.0}, nan, {"x": nan}),
    ("log(x)", {"x": 0.0}, -inf, {"x": inf}),
    ("log(x)", {"x": -1.0}, nan, {"x": -1.0}),
    ("where(x>0, x*log(x), 0)", {"x": 0.0}, 0.0, {"x": nan}),
    ("max(x, y)", {"x": 1.0, "y": 1.0}, 1.0, {"x": 0.5, "y": 0.5}),
    ("min(x, y)", {"x": 1.0, "y": 1.0}, 1.0, {"x": 0.5, "y": 0.5}),
    ("relu(x)", {"x": 0.0}, 0.0, {"x": 0.0}),
    ("sign(x)", {"x": 0.0}, 0.0, {"x": 0.0}),
    ("floor(x)", {"x": 2.0}, 2.0, {"x": 0.0}),
    ("ceil(x)", {"x": 2.0}, 2.0, {"x": 0.0}),
    ("atan2(y, x)", {"y": 0.0, "x": 0.0}, 0.0, {"y": 0.0, "x": -0.0}),
    ("hypot(x, y)", {"x": 0.0, "y": 0.0}, 0.0, {"x": nan, "y": nan}),
    ("asin(x)", {"x": 1.0}, math.pi / 2, {"x": inf}),
    ("asin(x)", {"x": 2.0}, nan, {"x": nan}),
    ("log(1+e^x)", {"x": 1000.0}, inf, {"x": nan}),
    ("sqrt(relu(x))", {"x": -1.0}, 0.0, {"x": 0.0}),
    ("max(x, y, z)", dict.fromkeys("xyz", 1.0), 1.0, {"x": 0.25, "y": 0.25, "z": 0.5}),
    ("softplus(x)", {"x": 1000.0}, 1000.0, {"x": 1.0}),
    # Beside a nan neither side of a maximum is blocked.
    ("max(x, y)", {"x": nan, "y": 1.0}, nan, {"x": 1.0, "y": 1.0}),
    ("min(x, y)", {"x": 1.0, "y": nan}, nan, {"x": 1.0, "y": 1.0}),
    ("relu(x)", {"x": nan}, nan, {"x": 1.0}),
    ("1/relu(x)", {"x": -0.0}, -inf, {"x": 0.0}),
]  # fmt: skip


@pytest.mark.parametrize("shaped", [False, True], ids=["number", "array"])
@pytest.mark.parametrize(
    "gradient", [reverse_gradient, forward_gradient], ids=["reverse", "forward"]
)
@pytest.mark.parametrize(("text", "point", "value", "slopes"), KINKS)
def test_at_kinks_and_edges(
    text: str,
    point: dict[str, float],
    value: float,
    slopes: dict[str, float],
    gradient: Callable[[Linearisation], dict[str, Any]],
    shaped: bool,
) -> None:
    graph = read([text]).graph
    place = {name: np.array([number, 0.7]) for name, number in point.items()} if shaped else point
    lin = linearise(graph, place)
    found = {"value": lin.values[graph.outputs[0]], **gradient(lin)}
    numbers = {k: float(np.broadcast_to(v, 2)[0]) if shaped else v for k, v in found.items()}
    for name, wanted in {"value": value, **slopes}.items():
        assert same(numbers[name], wanted), (name, numbers[name])


# Blocked edges.


def test_a_blocked_edge_contributes_0_whatever_the_adjoint_and_that_0_travels_on() -> None:
    graph = read(["sqrt(relu(exp(x)-5))"]).graph
    lin = linearise(graph, {"x": 0.0})
    adjoints = reverse(lin)
    assert inf in adjoints
    assert adjoints[: len(graph) - 2] == [0.0, 0.0, None, 0.0]


def test_that_0_can_still_meet_an_infinite_partial() -> None:
    assert math.isnan(reverse_gradient(at("relu(-1 - sqrt(x))", x=0.0))["x"])


def test_forward_a_finite_tangent_stops_at_a_blocked_edge() -> None:
    lin = at("sqrt(relu(x))", x=-1.0)
    assert forward(lin, {"x": 1.0}) == [1.0, None, None]


def test_forward_a_tangent_that_is_not_finite_becomes_nan_at_a_blocked_edge() -> None:
    tangents = forward(at("floor(sqrt(x))", x=0.0), {"x": 1.0})
    assert tangents[1] == inf
    assert math.isnan(tangents[2])


def test_arrays_stop_tangents_point_by_point() -> None:
    lin = at("sqrt(relu(x))", x=np.array([-1.0, 4.0, 0.0]))
    assert forward_gradient(lin)["x"].tolist() == [0.0, 0.25, 0.0]
    assert reverse_gradient(lin)["x"].tolist() == [0.0, 0.25, 0.0]
    lin = at("floor(sqrt(x))", x=np.array([0.0, 4.0]))
    assert np.isnan(forward_gradient(lin)["x"]).tolist() == [True, False]


@pytest.mark.parametrize("kind", ["float32", "int64"])
def test_tangents_are_float64_whatever_kind_of_numbers_the_direction_has(kind: str) -> None:
    lin = at("x*y", x=np.array([0.1, 0.2]), y=np.array([3.0, 5.0]))
    tangents = forward(lin, {"x": np.array([1, 2], dtype=kind)})
    assert [tangent.dtype for tangent in tangents if tangent is not None] == [np.float64] * 2
    assert tangents[-1].tolist() == [3.0, 10.0]


def test_a_tangent_that_no_rule_touched_meets_one_that_stopped() -> None:
    points = np.array([-1.0, 0.0, 2.0])
    for text, slopes in {
        "x + relu(x)": [1.0, 1.0, 2.0], "abs(x) - x": [-2.0, -1.0, 0.0],
        "x*floor(x) + x": [0.0, 1.0, 3.0],
    }.items():  # fmt: skip
        assert forward_gradient(at(text, x=points))["x"].tolist() == slopes


def test_an_infinite_partial_splits_the_modes_at_a_cancelling_point() -> None:
    lin = at("sqrt(x*y - y^2)", x=1.0, y=1.0)
    assert reverse_gradient(lin) == {"x": inf, "y": pytest.approx(nan, nan_ok=True)}
    assert forward_gradient(lin)["x"] == inf


# What is active.


def test_no_partial_is_computed_for_a_constant_operand() -> None:
    assert reverse_gradient(at("x^n", wrt=("x",), x=-2.0, n=2.0)) == {"x": -4.0}
    assert forward_gradient(at("x^n", wrt=("x",), x=-2.0, n=2.0)) == {"x": -4.0}
    lin = at("x^n", wrt=("x",), x=-2.0, n=2.0)
    assert lin.partials[2] == (-4.0, None)
    assert at("x^2*3", x=2.0).partials[-1] == (3.0, None)
    assert at("x + y + 3", wrt=("x",), x=1.0, y=2.0).partials[-1] == (1.0, None, None)


@settings(max_examples=100, deadline=None)
@given(expressions.trees(8))
def test_a_subset_of_the_variables_gives_the_same_numbers(root: expressions.Tree) -> None:
    graph = expressions.graph(root)
    point = {"x": 0.7, "y": -1.3, "theta": 2.1}
    every = reverse_gradient(linearise(graph, point))
    for name in graph.variables:
        some = reverse_gradient(linearise(graph, point, (name,)))
        assert list(some) == [name]
        if math.isfinite(every[name]):
            assert some[name] == every[name]


def test_the_first_output_is_differentiated_unless_another_is_named() -> None:
    graph = read(["x^2", "x^3"]).graph
    lin = linearise(graph, {"x": 2.0})
    for gradient in (reverse_gradient, forward_gradient):
        assert gradient(lin) == {"x": 4.0}
        assert gradient(lin, graph.outputs[1]) == {"x": 12.0}


def test_nothing_reaches_a_variable_that_the_output_does_not_use() -> None:
    graph = read(["x*y", "sin(x)"]).graph
    lin = linearise(graph, {"x": 1.0, "y": 2.0})
    assert reverse(lin, graph.outputs[1])[1] is None
    assert reverse_gradient(lin, graph.outputs[1]) == {"x": math.cos(1.0), "y": 0.0}
    assert forward_gradient(lin, graph.outputs[1]) == {"x": math.cos(1.0), "y": 0.0}


@pytest.mark.parametrize("text", ["2 + 3", "where(1 > 0, 2, 3)", "9^9^9^9"])
def test_a_formula_without_variables_has_an_empty_gradient(text: str) -> None:
    lin = at(text)
    assert reverse_gradient(lin) == forward_gradient(lin) == {}
    assert all(adjoint is None for adjoint in reverse(lin))


def test_constants_are_computed_in_float64() -> None:
    assert at("9^9^9^9").values[-1] == inf
    assert at("0.1 + 0.2").values[-1] == 0.1 + 0.2


def test_seeds_and_directions_scale() -> None:
    lin = at("x^2*y", x=3.0, y=2.0)
    assert reverse(lin, seed=0.5)[:2] == [6.0, 4.5]
    assert forward(lin, {"x": 2.0, "y": -1.0})[-1] == 2 * 12 - 9
    assert forward(lin, {})[-1] is None
    column = at("x^2", x=np.array([1.0, 2.0, 3.0]))
    assert reverse(column, seed=np.array([1.0, 0.0, -1.0]))[0].tolist() == [2.0, 0.0, -6.0]


def test_evaluation_leaves_the_graph_alone() -> None:
    graph = read(["x^2 + sin(x*y)"]).graph
    before = repr([getattr(graph, name) for name in Graph.__slots__])
    lin = linearise(graph, {"x": 1.0, "y": 2.0})
    reverse(lin), forward(lin, {"x": 1.0})
    assert repr([getattr(graph, name) for name in Graph.__slots__]) == before


# Size.


@pytest.mark.parametrize(
    ("text", "slope"),
    [
        ("+".join(["x"] * 100_000), 100_000.0),
        ("-" * 100_000 + "x", 1.0),
        ("sin(" * 100_000 + "x" + ")" * 100_000, 0.0),
        ("x*(1+" * 50_000 + "x" + ")" * 50_000, 1.0),
    ],
    ids=["terms", "minuses", "sines", "horner"],
)
def test_a_hundred_thousand_deep_or_long(text: str, slope: float) -> None:
    lin = at(text, x=0.0)
    for gradient in (reverse_gradient(lin), forward_gradient(lin)):
        wanted = 1.0 if text.startswith("sin") else slope
        assert gradient == {"x": wanted}


def test_the_work_grows_linearly() -> None:
    def calls(terms: int) -> int:
        """Calls of Python and C functions from text to gradient."""
        text = " + ".join(f"sin({i}*x)*y" for i in range(terms))
        count = 0

        def profile(frame: Any, event: str, argument: Any) -> None:
            nonlocal count
            count += event in ("call", "c_call")

        sys.setprofile(profile)
        try:
            reverse_gradient(at(text, x=0.5, y=2.0))
        finally:
            sys.setprofile(None)
        return count

    calls(10)  # rules are compiled once
    small, large = calls(200), calls(2000)
    assert large < 10.5 * small
