"""The bound on rounding holds at random points, and a choice that rounding may turn has none."""

from __future__ import annotations

import math
import random

import numpy as np
import pytest

from autodiff_cli.answers.reading import parse
from autodiff_cli.engine.gradient_graph import gradient_graph
from autodiff_cli.engine.rounding import errors
from autodiff_cli.symbolic.recomputation import digits
from autodiff_cli.symbolic.verdict import subtract

FORMULAS = [
    "sin(x)*y + x^2", "exp(x*y) - exp(x)", "(x^2 - y^2)/(x - y)", "sqrt(x^2 + y^2) - x",
    "ln(1 + x^2*y^2)", "tanh(3x) - sigmoid(y)", "gelu(x)*erf(y)", "max(x, y)^3 - abs(x*y)",
    "cos(100x)/x", "where(x > y, x^y, atan2(x, y))", "1 - cos(x/1000)", "x + 1e9 - 1e9 + y/3",
    "softplus(-9x)", "cbrt(x) - x^(1/3)", "log1p(x) - ln(1 + x)",
]  # fmt: skip


@pytest.mark.parametrize("text", FORMULAS)
def test_the_bound_holds_for_the_value_and_every_slope(text):
    graph = gradient_graph(parse(text))
    generator = random.Random(text)
    for _ in range(20):
        at = {name: generator.uniform(0.1, 4) for name in graph.variables}
        values, bounds = errors(graph, at)
        for place, output in enumerate(graph.outputs):
            off = subtract(values[output], digits(graph, place, at).text)
            assert off is not None
            assert abs(off) <= bounds[output], (at, place)


def test_a_bound_is_not_idle():
    graph = parse("sin(x)*exp(x)")
    values, bounds = errors(graph, {"x": 1.5})
    assert 0 < bounds[graph.outputs[0]] < 1e-14 * values[graph.outputs[0]]
    cancelled = parse("(1 - cos(x))/x^2")
    assert errors(cancelled, {"x": 1e-8})[1][-1] > 1


@pytest.mark.parametrize(
    ("text", "x", "turned"),
    [("where(x + 1e16 - 1e16 > 0.2, 1, 2)", 0.3, True), ("floor(x*10)", 0.3, True),
     ("floor(x)", 2.0, False), ("where(x > 2, 1, 2)", 2.0, False), ("sign(x - 0.1)", 0.1, True),
     ("where(x*0.1 > 3, 1, 2)", 2.0, False), ("max(x, 3)", 3.0, False)],
)  # fmt: skip
def test_a_choice_that_rounding_may_turn_has_no_bound(text, x, turned):
    graph = parse(text)
    _, bounds = errors(graph, {"x": x})
    assert math.isinf(bounds[graph.outputs[0]]) == turned
    _, many = errors(graph, {"x": np.array([x, x])})
    assert np.isinf(np.broadcast_to(many[graph.outputs[0]], 2)).tolist() == [turned, turned]


@pytest.mark.parametrize("text", FORMULAS)
def test_of_arrays_it_is_that_of_floats(text):
    graph = gradient_graph(parse(text))
    generator = random.Random(text)
    points = [{n: generator.uniform(0.1, 4) for n in graph.variables} for _ in range(5)]
    _, many = errors(graph, {n: np.array([p[n] for p in points]) for n in graph.variables})
    for k, point in enumerate(points):
        _, one = errors(graph, point)
        for output in graph.outputs:
            found = float(np.broadcast_to(many[output], 5)[k])
            assert found == pytest.approx(one[output], rel=1e-6)
