"""Second-order sweeps beside the gradient's graph differentiated again, and rows found together."""

from __future__ import annotations

import itertools
import math
import random

import numpy as np
import pytest

from autodiff_cli import hessian, hvp, parse
from autodiff_cli.engine import higher, rows, second
from autodiff_cli.engine.linearise import linearise
from autodiff_cli.graph.graph import Graph
from autodiff_cli.ops.row import Operation
from tests.console import here
from tests.expressions import graph as build
from tests.expressions import seeded
from tests.orders.judging import alone
from tests.test_rule_orders import points
from tests.test_table import every_differentiable_row


def by_graph(graph: Graph, at: dict[str, float]) -> dict[str, dict[str, float]]:
    """The Hessian as a short formula has it: its gradient, written and differentiated again."""
    assert len(graph) < higher.LONG
    matrix: dict[str, dict[str, float]] = higher.hessian(graph, at).matrix
    return matrix


def same(one: float, other: float, size: float = 1.0) -> bool:
    if math.isnan(one) and math.isnan(other):
        return True
    return one == other or abs(one - other) <= 1e-12 * max(abs(one), abs(other), size)


@every_differentiable_row
def test_a_row_bends_as_its_gradient_does_at_kinks_and_ties_too(row: Operation) -> None:
    graph, swept = alone(row), 0
    for place in points(row):
        at = dict(zip(graph.variables, place, strict=True))
        point = second.bent(graph, at)
        if point.regular:
            swept += 1
            found, wanted = second.matrix(point, graph.variables), by_graph(graph, at)
            for x, y in itertools.product(graph.variables, repeat=2):
                assert same(found[x][y], wanted[x][y]), (at, x, y)
    assert swept


def test_random_formulas_bend_as_their_gradients_do() -> None:
    swept = 0
    for seed in range(150):
        graph, choose = build(seeded(seed, 2 + seed % 7)), random.Random(seed)
        at = {name: choose.choice((0.0, 1.0, -0.5, 0.7, 1.3)) for name in graph.variables}
        point = second.bent(graph, at)
        if not graph.variables or not point.regular:
            continue
        swept += 1
        wanted = by_graph(graph, at)
        numbers = [abs(number) for row in wanted.values() for number in row.values()]
        direction = {name: choose.uniform(-1, 1) for name in graph.variables}
        _, turned = second.product(point, direction)
        for name, number in zip(graph.variables, turned, strict=True):
            total = sum(wanted[name][other] * direction[other] for other in graph.variables)
            assert same(number or 0.0, total, max(numbers)), (graph, at)
    assert swept > 60


def rosenbrock(count: int) -> str:
    return f"sum(i, 1, {count - 1}, 100*(x_{{i+1}} - x_i^2)^2 + (1 - x_i)^2)"


def test_a_long_formula_has_the_numbers_of_a_short_one(monkeypatch: pytest.MonkeyPatch) -> None:
    graph = parse(rosenbrock(160))
    assert len(graph) > higher.LONG
    at = {name: 0.5 + k / 100 for k, name in enumerate(graph.variables)}
    direction = [math.sin(k) for k in range(160)]
    swept, product = hessian(graph, at), hvp(graph, at, direction)
    several = {name: np.array([value, 0.1]) for name, value in at.items()}
    pairs, chosen = hessian(graph, several), hessian(graph, at, wrt=["x_7", "x_8"])
    monkeypatch.setattr(higher, "LONG", 10**9)
    written, again = hessian(graph, at), hvp(graph, at, direction)
    assert swept.value == pytest.approx(written.value, rel=1e-14)
    for x in graph.variables:
        assert swept.gradient[x] == pytest.approx(written.gradient[x], rel=1e-12)
        assert product[0][x] == pytest.approx(again[0][x], rel=1e-12)
        assert product[1][x] == pytest.approx(again[1][x], rel=1e-12)
        assert swept.matrix[x] == pytest.approx(written.matrix[x], rel=1e-12)
        assert pairs.matrix[x][x].tolist()[0] == swept.matrix[x][x]
    assert list(chosen.matrix) == ["x_7", "x_8"]
    assert chosen.matrix["x_7"] == {name: swept.matrix["x_7"][name] for name in ("x_7", "x_8")}


def test_an_infinite_slope_on_the_way_is_left_to_the_gradients_graph() -> None:
    text = " + ".join([f"x_{k}^2" for k in range(600)] + ["sqrt(relu(z))"])
    graph = parse(text)
    at = dict.fromkeys(graph.variables, 1.0) | {"z": -1.0}
    assert not second.bent(graph, at).regular
    assert hvp(graph, at, dict.fromkeys(graph.variables, 1.0))[1]["z"] == 0.0


def test_rows_found_together_are_the_rows_found_one_by_one(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    graph = parse(*[f"x*y^{k} + sin({k}*z) + max(x, y, 1)" for k in range(5)], "2", "relu(z)*x")
    linearisation = linearise(graph, {"x": 1.0, "y": 1.0, "z": -0.5})
    alone_each = rows.rows(linearisation, graph.outputs)
    monkeypatch.setattr(rows, "MANY", 0)
    assert rows.rows(linearisation, graph.outputs) == alone_each
    monkeypatch.setattr(rows, "HELD", 2 * len(graph))
    assert rows.rows(linearisation, graph.outputs) == alone_each


#: Subscripts that count on from the index of a sum.
SHIFTED = [
    ("sum(i, 1, 2, x_{i+1}*x_i)", "x_2*x_1 + x_3*x_2"),
    ("sum(i, 1, 2, x_{i-1}^2)", "x_0^2 + x_1^2"),
    ("prod(i, 1, 2, a_{i+1,i})", "a_2_1*a_3_2"),
    ("sum(i, 1, 2, sum(j, 1, 2, w_{i+j-1}))", "(w_1 + w_2) + (w_2 + w_3)"),
]


@pytest.mark.parametrize(("text", "written"), SHIFTED)
def test_a_subscript_counts_on_from_the_index_of_a_sum(text: str, written: str) -> None:
    assert parse(text) == parse(written)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("x_{i+1}", "in a sum over i, x_{i+1} is the one after x_i"),
        ("sum(i, 1, 2, x_{i+k})", "a subscript is letters and digits"),
        ("sum(i, 0, 2, x_{i-1})", "has an index below 0"),
        ("x_{i+1} = 3; x", "a name stands left of ="),
    ],
)
def test_a_subscript_that_counts_elsewhere_is_told(text: str, said: str) -> None:
    outcome = here("graph", text)
    assert outcome.status == 2
    assert said in outcome.err
