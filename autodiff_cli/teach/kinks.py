"""Where a step of a derivation rests on a convention: the kinks of its operation that can happen.

A power has kinks, and x^3 has none of them: with its constants known, no operand meets them.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from itertools import product

from autodiff_cli.engine import rules
from autodiff_cli.engine.linearise import linearise, quiet
from autodiff_cli.graph.graph import Graph
from autodiff_cli.ops.row import Kink

#: Numbers at which the kinks of the table lie, where they do not lie at an operand.
_TRIED = (0.0, 1.0, -1.0, 0.5)


def possible(
    graph: Graph, node: int, active: bytes | bytearray, constants: Mapping[int, float]
) -> tuple[Kink, ...]:
    """Return the kinks of a node's operation that some values of its operands meet.

    Args:
        graph: the formula.
        node: one of its nodes.
        active: for each node, whether it is differentiated.
        constants: node → its number, for those without a variable.
    """
    row, operands = graph.operations[node], graph.operands[node]
    found = [k for k in row.kinks if k.operand is None or active[operands[k.operand]]]
    if not found:
        return ()
    known = {k: constants[k] for k in operands if k in constants}
    free = sorted(set(operands) - known.keys())
    tried = sorted({*_TRIED, *known.values()})
    points = []
    for values in product(tried, repeat=len(free)):
        at = known | dict(zip(free, values, strict=True))
        point = [at[operand] for operand in operands]
        points.append((point, float(rules.value(row)(*point))))
    return tuple([kink for kink in found if _met(graph, node, kink, points)])


def _met(graph: Graph, node: int, kink: Kink, points: Sequence[tuple[list[float], float]]) -> bool:
    """Tell whether a kink is met at some of the points that were tried.

    The operands are tried apart. Where the first is a variable that has one number there, 0 in
    x^(-x), the others have what that makes of them, as far as they are of this variable alone.
    """
    holds = rules.condition(kink.condition)
    met = [point for point, y in points if holds(*_four(point, y))]
    operands = graph.operands[node]
    first, numbers = operands[0], {point[0] for point in met}
    if len(numbers) != 1 or len(operands) < 2 or first >= len(graph.variables):
        return bool(met)
    below = {k for k in graph.below(operands[1:]) if k < len(graph.variables)}
    if below - {first}:
        return True
    with quiet():
        at = dict.fromkeys(graph.variables, math.nan) | {graph.variables[first]: numbers.pop()}
        values = linearise(graph, at).values
    point = [float(values[k]) for k in operands]
    return bool(holds(*_four(point, float(rules.value(graph.operations[node])(*point)))))


def _four(point: list[float], result: float) -> tuple[float, ...]:
    """Return a, b, c and y."""
    return (*point, *[0.0] * (3 - len(point)), result)
