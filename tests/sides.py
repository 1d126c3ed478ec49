"""Mixed derivatives of a graph's value from each side, by mpmath and without a derivative rule.

A derivative of order (i, j) is a forward difference with nodes on one side of the point alone, to
enough digits that only the step's own share is lost; a step that is smaller by far must agree.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Mapping, Sequence
from typing import Any

from mpmath import mp

from autodiff_cli.graph.graph import Graph
from tests import exact

#: Steps in units of the operand's size, and digits that the quotients of fourth order need.
STEP, SMALLER, DIGITS = "1e-24", "1e-31", 190

#: Share of a derivative within which the two steps agree where there is one.
SETTLED = 1e-12


def derivatives(
    graph: Graph, at: Mapping[str, float], order: Sequence[int]
) -> list[float | None] | None:
    """Return a mixed derivative from every side of a point.

    Args:
        graph: its first output is differentiated.
        at: variable → number.
        order: for each variable, how often it is differentiated by.

    Returns:
        One number for each side on which the function has values, None where it has no limit
        there; None in all if it has no value at the point.
    """
    with mp.workdps(DIGITS):
        point = {name: mp.mpf(number) for name, number in at.items()}
        if _value(graph, point) is None:
            return None
        signs = [(1, -1) if times else (1,) for times in order]
        found = []
        for side in itertools.product(*signs):
            large, small = (_quotient(graph, point, order, side, step) for step in (STEP, SMALLER))
            if large is None or small is None:
                continue  # no value on this side
            settled = abs(large - small) <= SETTLED * max(abs(small), SETTLED)
            found.append(float(small) if settled else None)
        return found


def _quotient(
    graph: Graph,
    point: Mapping[str, Any],
    order: Sequence[int],
    side: Sequence[int],
    step: str,
) -> Any:
    names = list(point)
    steps = {
        name: sign * mp.mpf(step) * max(abs(point[name]), 1)
        for name, sign in zip(names, side, strict=True)
    }
    total = mp.zero
    for node in itertools.product(*(range(times + 1) for times in order)):
        moved = {name: point[name] + k * steps[name] for name, k in zip(names, node, strict=True)}
        value = _value(graph, moved)
        if value is None:
            return None
        weight = math.prod(
            math.comb(times, k) * (-1) ** (times - k) for times, k in zip(order, node, strict=True)
        )
        total += weight * value
    return total / mp.fprod(steps[name] ** times for name, times in zip(names, order, strict=True))


def _value(graph: Graph, at: Mapping[str, Any]) -> Any:
    try:
        return exact.value(graph, at)
    except exact.NoRealValue:
        return None
