"""How far a row is off, in units of the last place, and whether the row says so."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import Any

import numpy as np
from mpmath import mp

from autodiff_cli.engine import rules
from autodiff_cli.engine.higher import hessian
from autodiff_cli.graph.graph import Graph
from autodiff_cli.ops.row import OPERANDS, ULP, Operation
from tests.digits.truth import derivatives, exactly
from tests.test_table import alone

#: Units of the operands' last place that a `Loss` without a number allows for.
MOVED = 4


@dataclass
class Finding:
    """What was found of a row.

    Attributes:
        row: the row.
        compared: numbers compared.
        worst: the largest error in units of the last place, where the row states no loss.
        said: numbers beyond 8 units that the row accounts for.
        faults: those that it does not.
    """

    row: Operation
    compared: int = 0
    worst: float = 0.0
    said: int = 0
    faults: list[str] = field(default_factory=list)


def judged(row: Operation, points: Sequence[tuple[float, ...]]) -> Finding:
    """Compare a row's value, slopes and second slopes, alone and in arrays."""
    finding = Finding(row)
    for key, point, found in _numbers(alone(row), points):
        truth = exactly(derivatives(row)[key], point)
        error = ulps(found, truth)
        finding.compared += 1
        if error <= ULP:
            finding.worst = max(finding.worst, error)
        elif _accounted(row, key, point, truth, error):
            finding.said += 1
        else:
            there = mp.nstr(truth, 17)
            finding.faults.append(f"{row.name} {key or 'value'} at {point}: {found!r} for {there}")
    return finding


def _numbers(
    graph: Graph, points: Sequence[tuple[float, ...]]
) -> Iterator[tuple[str, tuple[float, ...], float]]:
    columns = dict(zip(graph.variables, map(np.array, zip(*points, strict=True)), strict=True))
    together = hessian(graph, columns)
    for place, point in enumerate(points):
        single = hessian(graph, dict(zip(graph.variables, point, strict=True)))
        for found, k in ((single, ...), (together, place)):
            yield "", point, _at(found.value, k)
            for index, name in enumerate(graph.variables):
                yield name, point, _at(found.gradient[name], k)
                for other in graph.variables[index:]:
                    yield name + other, point, _at(found.matrix[name][other], k)


def _at(values: Any, place: Any) -> float:
    return float(np.asarray(values)[place])


def ulps(found: float, truth: Any) -> float:
    """Return an error in units of the truth's last place; beyond float64 nothing finite is right.

    What is infinite and what is nan is not told apart: a sum of slopes of both signs is nan where
    each is beyond float64.
    """
    if mp.isnan(truth):
        return 0.0 if math.isnan(found) else math.inf
    try:
        nearest = float(truth)
    except OverflowError:
        nearest = math.inf
    if math.isinf(nearest) or abs(nearest) > 1.79e308:
        return 0.0 if not math.isfinite(found) or abs(found) > 1.79e308 else math.inf
    if not math.isfinite(found):
        return math.inf
    with mp.workdps(40):
        return float(abs(mp.mpf(found) - truth) / math.ulp(nearest))


def _accounted(
    row: Operation, key: str, point: tuple[float, ...], truth: Any, error: float
) -> bool:
    """Tell whether a loss that the row states is as large as an error."""
    padding = (0.0,) * (len(OPERANDS) - row.arity)
    arguments = (*point, *padding, rules.value(row)(*point))
    most = float(ULP)
    for loss in row.losses:
        if loss.order <= len(key):
            most += _number(loss.ulp)(*arguments) if loss.ulp else _moves(row, key, point, truth)
    return error <= most


@cache
def _number(text: str) -> Callable[..., float]:
    return rules.compile_formula(rules.python(rules.formula(text)), rules.scalar_functions())


def _moves(row: Operation, key: str, point: tuple[float, ...], truth: Any) -> float:
    """Return how far a derivative moves, in its units, with the last places of the operands."""
    function, total = derivatives(row)[key], 0.0
    for place, number in enumerate(point):
        with mp.workdps(60):
            beside = list(map(mp.mpf, point))
            beside[place] += MOVED * mp.mpf(math.ulp(number))
        moved = exactly(function, tuple(beside))
        with mp.workdps(60):
            total += float(abs(moved - truth) / math.ulp(float(truth)))
    return total
