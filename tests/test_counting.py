"""Departures counted in blocks of points, and what tells quickly that a block has none."""

from __future__ import annotations

from itertools import product

import numpy as np
import pytest

from autodiff_cli import grad, parse
from autodiff_cli.notes.counting import Count, Place, calm, counted
from autodiff_cli.notes.departures import departures
from autodiff_cli.ops import OPERATIONS, WHERE
from autodiff_cli.ops.row import COMPARISON

#: Numbers at which functions have kinks, poles and overflow, and plain ones.
NUMBERS = (1.5, -2.0, 0.25, 0.0, 3.0, -0.0, 1.0, 1e200, -700.0, 800.0, 2.0, 5e-324, -1.0)

FORMULAS = {
    "smooth": "sin(x)*exp(-y^2)",
    "kinks": "abs(x) + relu(y) + max(x, y)",
    "poles": "1/x + ln(y)",
    "overflow": "exp(x)*y",
    "a blocked edge": "sqrt(relu(x)) + where(y > 0, ln(y), 0)",
    "a constant at fault": "x*y + 1/0",
    "one column": "x^x",
    "an adjoint beyond float64": "1e200*(1e200*x^2) + y",
    "the same above a blocked edge": "1e200*(1e200*relu(x)^2) + y",
    "a scalar beside the file": "a*x^3 + floor(y)",
}

EDGES = (-1e308, -1000.0, -2.0, -1.0, -0.5, -0.0, 0.0, 0.5, 1.0, 2.0, 1000.0, 1e200, 1e308)
AROUND = ("{}", "1/({})", "atan({})", "relu({})", "exp({})", "min({}, 1)", "tanh({})", "({})*x")


@pytest.mark.slow
@pytest.mark.parametrize("around", AROUND)
def test_a_calm_block_has_no_departures(around):
    calm_ones = 0
    for row in OPERATIONS:
        if row is WHERE or row.precedence == COMPARISON:
            continue
        names = "xyz"[: row.arity]
        inner = f" {row.symbol} ".join(names) if row.symbol else f"{row.name}({', '.join(names)})"
        inner = f"{row.symbol}x" if row.symbol and row.arity == 1 else inner
        graph = parse(around.format(inner))
        for point in product(EDGES, repeat=len(graph.variables)):
            at = {name: np.array([x]) for name, x in zip(graph.variables, point, strict=True)}
            result = grad(graph, at)
            if calm(result.linearisation, result.gradient):
                calm_ones += 1
                found = departures(result.linearisation, result.adjoints)
                assert found == (), (str(graph), point)
    assert calm_ones > 100


def test_a_smooth_block_is_calm_and_a_bad_point_in_it_is_not():
    graph = parse("exp(-x^2)*sin(3x*y) + ln(1+x^2)/(1+exp(-y))")
    x, y = np.linspace(-3, 3, 1000), np.linspace(-2, 5, 1000)
    result = grad(graph, {"x": x, "y": y})
    assert calm(result.linearisation, result.gradient)
    y[500] = -1000
    result = grad(graph, {"x": x, "y": y})
    assert not calm(result.linearisation, result.gradient)


def test_a_blocked_edge_above_an_adjoint_that_is_not_finite_is_not_calm():
    graph = parse(FORMULAS["the same above a blocked edge"])
    result = grad(graph, {"x": np.array([-1.0]), "y": np.array([1.0])})
    assert result.gradient["x"] == 0
    assert departures(result.linearisation, result.adjoints) != ()
    assert not calm(result.linearisation, result.gradient)


@pytest.mark.parametrize("formula", FORMULAS.values(), ids=FORMULAS)
def test_counted_in_blocks_or_at_once_is_the_same(formula):
    graph = parse(formula)
    points = np.array(list(product(NUMBERS, repeat=len(graph.variables)))).T
    whole = grad(graph, dict(zip(graph.variables, points, strict=True)))
    nothing = Count(points={}, found={})
    starts = range(0, points.shape[1], 5)
    found = []
    for start in starts:
        block = points[:, start : start + 5]
        result = grad(graph, dict(zip(graph.variables, block, strict=True)))
        place = Place(start // 20, start % 20)
        found.append(counted(result.linearisation, result.adjoints, block.shape[1], place))
    for order in (found, reversed(found)):
        assert sum(order, nothing).notes() == departures(whole.linearisation, whole.adjoints)
