"""Taylor series right beside a point: those of the branches that hold on one side of a tie.

At a tie two branches meet, and may do so in value and slope but not beyond. Which holds is asked
of a place a little beside the point; the coefficients are the branch's own at the point.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

from autodiff_cli.engine.branches import piecewise
from autodiff_cli.engine.conditions import STEPS
from autodiff_cli.engine.propagation import Propagation
from autodiff_cli.engine.taylor import FLOATS
from autodiff_cli.graph.graph import CONSTANT, Graph
from autodiff_cli.ops import WHERE
from autodiff_cli.ops.row import COMPARISON

#: Two distances, of which the branches are told; where they differ none is known.
DISTANCES = (2.0**-14, 2.0**-18)


class OneSide(Propagation):
    """The series of a graph on one side of a point; see `Propagation`.

    Args:
        graph: the graph.
        at: the value of every variable.
        direction: variable → how fast it moves.
        order: the highest order that is wanted.
        step: how far along the direction the branches are told; below 0 it is behind the point.
    """

    def __init__(
        self,
        graph: Graph,
        at: Mapping[str, float],
        direction: Mapping[str, float],
        order: int,
        step: float,
    ) -> None:
        self._sided = True
        self._near: list[Any] = [
            at[name] + step * direction.get(name, 0.0) for name in graph.variables
        ]
        super().__init__(graph, at, direction, order, FLOATS)

    def _value(self, index: int) -> Any:
        """Return the value of a node: of a tie and a step the one beside the point."""
        operation, operands = self._builder.operations[index], self._builder.operands[index]
        value = super()._value(index)
        if operation is CONSTANT:
            self._near.append(value)
            return value
        near = FLOATS.value(operation, [self._near[operand] for operand in operands])
        self._near.append(near)
        if not any(self._moves[operand] for operand in operands):
            return value
        below = [self._values[operand] for operand in operands]
        tie = self._sided and operation.precedence == COMPARISON and below[0] == below[1]
        step = operation in STEPS and value == below[0]
        return near if tie or step else value

    def _rule(self, node: int, position: int) -> int | None:
        """Write a rule; its ties have sides where its branches are no arrangements of one."""
        operation = self._builder.operations[node]
        self._sided = operation is WHERE or piecewise(operation, position)
        written = super()._rule(node, position)
        self._sided = True
        return written


def both_sides(
    graph: Graph, at: Mapping[str, float], direction: Mapping[str, float], order: int
) -> list[tuple[Sequence[float], Sequence[float]]]:
    """Return for each output its coefficients on the left and on the right of a point.

    They are nan where it is not known which branches hold.

    Args:
        graph: the graph.
        at: the point.
        direction: variable → component; the right is where it leads to.
        order: the highest order.
    """
    size = max(1.0, *(abs(at[name]) for name in direction))
    widest = max(map(abs, direction.values())) or 1.0
    found = []
    for sign in (-1.0, 1.0):
        near, nearer = (
            [
                [*terms, *[0.0] * (order + 1 - len(terms))]
                for terms in OneSide(
                    graph, at, direction, order, sign * size * distance / widest
                ).outputs
            ]
            for distance in DISTANCES
        )
        unknown = [math.nan] * (order + 1)
        found.append([a if a == b else unknown for a, b in zip(near, nearer, strict=True)])
    return list(zip(*found, strict=True))
