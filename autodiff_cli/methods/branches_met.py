"""Which sides of conditions and kinks points are on, in branches that are taken there."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from functools import cache
from itertools import product
from typing import Any

from autodiff_cli.engine import rules
from autodiff_cli.engine.linearise import linearise
from autodiff_cli.graph.graph import Graph
from autodiff_cli.graph.printer import expression
from autodiff_cli.ops import COMPARISONS, WHERE
from autodiff_cli.ops.row import COMPARISON, OPERANDS, Operation

#: Numbers at which a row is asked on which sides of its kink it has values.
ORDINARY = (-3.0, -1.5, -0.3, 0.4, 1.2, 2.5)

#: Comparisons both of whose sides a point may be sampled on.
ORDERS = tuple(row for symbol, row in COMPARISONS.items() if symbol not in ("==", "!="))


def unreached(graph: Graph, points: list[dict[str, float]]) -> tuple[str, ...]:
    """Return the conditions of a formula that hold, or fail, at none of the points, as text.

    A condition counts where its branch is taken. Of a kink, both sides of the node are wanted.
    """
    met: set[object] = set().union(*sides_at(graph, points))
    text = []
    for node, condition in conditions_of(graph):
        shown = expression(graph, node)
        if condition is not None:
            missing = not {((node, "kink"), -1.0), ((node, "kink"), 1.0)} <= met
            text += [f"the other side of {shown}"] * missing
        elif graph.operations[node] in ORDERS:
            text += [shown] * ((node, True) not in met)
            text += [f"not {shown}"] * ((node, False) not in met)
    return tuple(text)


def sides_at(
    graph: Graph, points: Sequence[dict[str, float]], *, scales: bool = False
) -> list[set[object]]:
    """Return for each point the sides that it is on: of conditions, kinks and scales."""
    import numpy

    at = {name: numpy.array([point[name] for point in points]) for name in graph.variables}
    values = linearise(graph, at, ()).values
    found: list[set[object]] = [set() for _ in points]

    taken = taken_at(graph, values)

    def note(key: object, tests: Any, counts: Any = True) -> None:
        here, there = (
            numpy.broadcast_to(array, len(points)).tolist() for array in (tests, counts)
        )  # fmt: skip
        for sides, test, count in zip(found, here, there, strict=True):
            if count:
                sides.add((key, test))

    with numpy.errstate(all="ignore"):
        for node, condition in conditions_of(graph):
            if condition is None:
                note(node, values[node], taken[node])
                continue
            operands = [values[k] for k in graph.operands[node]]
            stands = dict(zip(OPERANDS, operands, strict=False)) | {"y": values[node]}
            inside = linearise(condition, {n: stands[n] + 0.0 * at[graph.variables[0]]
                                           for n in condition.variables}, ()).values  # fmt: skip
            left, right = condition.operands[condition.operands[condition.outputs[0]][0]]
            note((node, "kink"), numpy.sign(inside[left] - inside[right]), taken[node])
        for name in graph.variables if scales else ():
            note(name, numpy.sign(at[name]) * numpy.digitize(abs(at[name]), (1e-2, 1e2)))
    return found


def conditions_of(graph: Graph) -> Iterator[tuple[int, Graph | None]]:
    """Yield each comparison, and each node with a kink where two sides meet with its condition."""
    for node, row in enumerate(graph.operations):
        if not graph.dependent[node]:
            continue
        if row.precedence == COMPARISON:
            yield node, None
        for kink in row.kinks:
            condition = rules.formula(f"where({kink.condition}, 1, 0)")
            if _two_sided(row, condition):
                yield node, condition


def taken_at(graph: Graph, values: Sequence[Any]) -> list[Any]:
    """Return for each node at which points it counts: in no branch that is not taken."""
    taken: list[Any] = [False] * len(graph)
    for output in graph.outputs:
        taken[output] = True
    for node in reversed(range(len(graph))):
        operands = graph.operands[node]
        if graph.operations[node] is WHERE:
            condition, first, second = operands
            holds = values[condition] != 0
            taken[condition] = taken[condition] | taken[node]
            taken[first] = taken[first] | taken[node] & holds
            taken[second] = taken[second] | taken[node] & (holds == False)  # noqa: E712  # arrays
        else:
            for operand in operands:
                taken[operand] = taken[operand] | taken[node]
    return taken


@cache
def _two_sided(row: Operation, condition: Graph) -> bool:
    """Tell whether a row has values on both sides of its kink: not of a root, nor of a floor.

    What is said of the value itself, such as y == 0 of a remainder, has none.
    """
    if condition.operations.count(WHERE) != 1 or "y" in condition.variables:
        return False
    test = condition.operands[condition.outputs[0]][0]
    left, right = condition.operands[test]
    signs = set()
    for point in product(ORDINARY, repeat=row.arity):
        value = float(rules.value(row)(*point))
        if math.isfinite(value):
            at = dict(zip(OPERANDS, point, strict=False)) | {"y": value}
            values = linearise(condition, {name: at[name] for name in condition.variables}).values
            signs.add(math.copysign(1.0, values[left] - values[right]))
    return len(signs) > 1
