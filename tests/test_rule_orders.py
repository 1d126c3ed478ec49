"""Every rule as a formula: its derivatives to the fourth order, at ordinary points and at kinks.

A rule with a special case is right as a number long before it is right when it is differentiated
again. Truth is mpmath's, from values alone; where the sides differ, a convention holds.
"""

from __future__ import annotations

import itertools
from functools import cache

import numpy as np
import pytest

from autodiff_cli.engine import rules
from autodiff_cli.engine.gradient_graph import gradient_graph
from autodiff_cli.engine.higher import derivative, hessian, hvp, orders
from autodiff_cli.engine.linearise import linearise
from autodiff_cli.engine.reverse import gradient
from autodiff_cli.graph.graph import Graph
from autodiff_cli.language.parser import read
from autodiff_cli.ops import WHERE
from autodiff_cli.ops.row import OPERANDS, Operation
from tests import sides
from tests.test_table import DIFFERENTIABLE, alone, named
from tests.work import WHOLE

HIGHEST = 4

#: Where kinks, ties and the ends of domains lie, small whole numbers, and one number of each sign
#: that is nothing special.
SPECIAL = (0.0, 1.0, -1.0, 2.0, 3.0, 0.7, -0.4)
PAIRS = (0.0, 1.0, -1.0, 2.0, 0.7)
TRIPLES = PAIRS if WHOLE else (0.0, 1.0, 0.7)
CONDITION = (0.0, 1.0)


def points(row: Operation) -> list[tuple[float, ...]]:
    if row is WHERE:
        return list(itertools.product(CONDITION, (0.0, 0.7), (0.0, -0.4)))
    found = itertools.product((SPECIAL, PAIRS, TRIPLES)[row.arity - 1], repeat=row.arity)
    padding = (0.0,) * (len(OPERANDS) - row.arity)
    return [
        point
        for point in found
        if not row.domain or rules.condition(row.domain)(*point, *padding, rules.value(row)(*point))
    ]


def paths(row: Operation) -> list[tuple[str, ...]]:
    """Every sequence of operands to differentiate by: mixed derivatives in each order of taking."""
    active = OPERANDS[1 if row is WHERE else 0 : row.arity]
    return [
        path
        for length in range(1, HIGHEST + 1)
        for path in itertools.product(active, repeat=length)
    ]


@cache
def derived(graph: Graph, path: tuple[str, ...]) -> Graph:
    return derivative(derived(graph, path[:-1]), path[-1]) if path else graph


@pytest.mark.parametrize("row", DIFFERENTIABLE, ids=named)
def test_a_rule_is_right_to_the_fourth_order_in_every_operand(row: Operation) -> None:
    graph, places = alone(row), points(row)
    columns = {
        name: np.array(column)
        for name, column in zip(OPERANDS[: row.arity], zip(*places, strict=True), strict=True)
    }
    truth: dict[tuple[tuple[float, ...], tuple[int, ...]], list[float | None] | None] = {}
    compared = 0
    for path in paths(row):
        order = tuple(path.count(name) for name in graph.variables)
        values = linearise(derived(graph, path), columns, ()).values
        found = np.broadcast_to(values[derived(graph, path).outputs[0]], len(places))
        for point, number in zip(places, found.tolist(), strict=True):
            if (point, order) not in truth:
                at = dict(zip(graph.variables, point, strict=True))
                truth[point, order] = sides.derivatives(graph, at, order)
            limits = truth[point, order]
            if limits and None not in limits and (row.name, point) not in NO_NUMBER:
                compared += 1
                assert between(number, limits), (path, point, number, limits)
    assert compared > len(places)


#: Where the sides differ and PyTorch's convention is nan.
NO_NUMBER = {("hypot", (0.0, 0.0))}


def between(number: float, limits: list[float | None]) -> bool:
    """Whether a number is the derivative, or lies between those of the two sides of a kink."""
    known = [limit for limit in limits if limit is not None]
    slack = 1e-9 * max(1.0, *map(abs, known))
    return min(known) - slack <= number <= max(known) + slack


#: Formula, the path of variables, the point, and what JAX answers. PyTorch's x^y masks the exponent
#: 0, and loses the term that another derivative by the exponent has: its number is beside it.
JAX = [
    ("x^y", "xy", {"x": 23, "y": 0}, 0.043478260869565216),  # 0.0
    ("x^y", "yx", {"x": 23, "y": 0}, 0.043478260869565216),
    ("x^y", "xyy", {"x": 3, "y": 0}, 0.7324081924454064),  # 0.0
    ("x^y", "xxy", {"x": 2, "y": 1}, 0.5),  # 0.0
    ("x^y", "xyxy", {"x": 2, "y": 1}, 1.6931471805599454),  # 0.8465735902799727
    ("x^y", "yx", {"x": 0, "y": 2}, 0.0),  # nan
    ("x^x", "xxx", {"x": 1}, 3.0),  # 2.0
    ("x^x", "xxxx", {"x": 1}, 8.0),  # 7.0
    ("x^x", "xxxx", {"x": 2}, 64.50134182736849),  # 63.50134182736849
    ("(1+x)^x", "xx", {"x": 0}, 2.0),  # 1.0
    ("(1+x)^x", "xxx", {"x": 0}, -3.0),  # -1.0
    ("(1+x)^x", "xxxx", {"x": 0}, 20.0),  # 5.0
    ("(x*y)^(x-y)", "xxy", {"x": 2, "y": 2}, -3.800491577031326),  # -1.9710500353514904
    ("sqrt(1+x)^sin(x)", "xxxx", {"x": 0}, 5.0),  # 0.25
    ("max(x^y, y)", "xy", {"x": 3, "y": 0}, 1 / 3),  # 0.0
]  # fmt: skip


@pytest.mark.parametrize(("text", "path", "at", "wanted"), JAX)
def test_powers_with_an_exponent_that_moves_are_right_where_it_is_whole(
    text: str, path: str, at: dict[str, float], wanted: float
) -> None:
    graph = derived(read([text]).graph, tuple(path))
    point = {name: float(at[name]) for name in graph.variables}
    found = linearise(graph, point, ()).values[graph.outputs[0]]
    assert found == pytest.approx(wanted, rel=1e-14)


def test_each_way_to_a_second_derivative_has_the_term_that_a_mask_would_lose() -> None:
    power, at = read(["x^y"]).graph, {"x": 23.0, "y": 0.0}
    matrix = hessian(power, at).matrix
    assert matrix["x"]["y"] == matrix["y"]["x"] == pytest.approx(1 / 23, rel=1e-15)
    _, product = hvp(power, at, {"x": 0.0, "y": 1.0})
    assert product["x"] == pytest.approx(1 / 23, rel=1e-15)
    assert orders(read(["x^x"]).graph, {"x": 1.0}, 3) == (1.0, 2.0, 3.0)
    assert orders(read(["x^n"]).graph, {"x": 0.0, "n": 2.0}, 4, "x") == (0.0, 2.0, 0.0, 0.0)


@pytest.mark.parametrize("at", [{"x": 0.0, "y": 0.0}, {"x": 3.0, "y": 0.0}])
def test_an_exponent_of_0_still_blocks_its_edge(at: dict[str, float]) -> None:
    graph = read(["sqrt(x^y - 1)"]).graph  # the adjoint of the power is infinite there
    slopes = gradient_graph(graph)
    assert linearise(slopes, at, ()).values[slopes.outputs[1]] == 0.0
    assert gradient(linearise(graph, at))["x"] == 0.0
