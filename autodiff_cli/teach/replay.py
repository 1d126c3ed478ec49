"""Both sweeps over a formula in which some numbers are given and not computed.

So a later answer is judged by a student's own earlier ones, and a slip in one line of a trace is
carried on to the others.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from autodiff_cli.engine import rules
from autodiff_cli.graph.graph import CONSTANT, VARIABLE, Graph

Column = Literal["value", "tangent", "adjoint"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Replay:
    """The numbers of a trace: node → number, and node → its partials, one an operand.

    Attributes:
        value, tangent, adjoint: of each node.
        partials: of each node that has operands.
    """

    value: Mapping[int, float]
    tangent: Mapping[int, float]
    adjoint: Mapping[int, float]
    partials: Mapping[int, tuple[float, ...]]


def replay(
    graph: Graph,
    at: Mapping[str, float],
    by: str,
    given: Mapping[tuple[Column, int], float] | None = None,
) -> Replay:
    """Return the values, the tangents by one variable, and the adjoints.

    Args:
        graph: the formula.
        at: the point.
        by: the variable of the tangents.
        given: numbers that stand where others would be computed.
    """
    given = given or {}
    value: dict[int, float] = {}
    partials: dict[int, tuple[float, ...]] = {}
    for node, row in enumerate(graph.operations):
        if row is VARIABLE:
            found = at[graph.variables[node]]
        elif row is CONSTANT:
            found = graph.constants[node].value
        else:
            found, partials[node] = _step(graph, node, [value[k] for k in graph.operands[node]])
        value[node] = given.get(("value", node), found)
    tangent = dict.fromkeys(range(len(graph)), 0.0)
    for node in range(len(graph)):
        moved = 1.0 if graph.operations[node] is VARIABLE and graph.variables[node] == by else 0.0
        edges = zip(graph.operands[node], partials.get(node, ()), strict=False)
        moved += sum(slope * tangent[operand] for operand, slope in edges if tangent[operand])
        tangent[node] = given.get(("tangent", node), moved)
    adjoint = dict.fromkeys(range(len(graph)), 0.0)
    adjoint[graph.outputs[0]] = 1.0
    for node in reversed(range(len(graph))):
        adjoint[node] = given.get(("adjoint", node), adjoint[node])
        for operand, slope in zip(graph.operands[node], partials.get(node, ()), strict=False):
            if adjoint[node]:
                adjoint[operand] += adjoint[node] * slope
    return Replay(value=value, tangent=tangent, adjoint=adjoint, partials=partials)


def _step(graph: Graph, node: int, operands: list[float]) -> tuple[float, tuple[float, ...]]:
    """Return the value and the partials of one operation; no edge is a partial of 0."""
    row = graph.operations[node]
    if row.variadic or not graph.dependent[node]:
        return float(rules.value(row)(*operands)), (1.0,) * len(operands)
    active = [graph.dependent[k] for k in graph.operands[node]]
    found, slopes = rules.step(row, *active)(*operands)
    return found, tuple(0.0 if s is None or s is rules.BLOCKED else s for s in slopes)
