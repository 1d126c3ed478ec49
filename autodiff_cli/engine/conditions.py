"""The domains and kinks of a graph as numbers that can be followed: the sides of each condition.

A condition of the operation table compares two terms; where their difference changes its sign, or
a floor inside changes its value, the function may break. Nothing is guessed from its values.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from autodiff_cli.engine import rules
from autodiff_cli.engine.linearise import linearise
from autodiff_cli.graph.graph import CONSTANT, Builder, Graph, below
from autodiff_cli.ops import SUBTRACT, WHERE, find
from autodiff_cli.ops.row import COMPARISON, OPERANDS, Operation

#: Operations whose value is a step: a condition may change where it does.
STEPS = frozenset({find("floor", 1), find("ceil", 1), find("sign", 1)})

#: The state of a side that is no number.
ABSENT = 9.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Conditions:
    """A graph with the sides of all conditions as further outputs.

    Attributes:
        graph: the first output is the function, each other a difference whose sign counts, or a
            step whose value does.
        owners: for each further output the nodes whose conditions it belongs to.
        stepped: for each further output whether it is a step.
    """

    graph: Graph
    owners: tuple[tuple[int, ...], ...]
    stepped: tuple[bool, ...]

    def states(self, at: Mapping[str, Any]) -> Any:
        """Return one row a side, one column a point: what the side's condition sees there.

        The last row says whether the function's value is a number.

        Args:
            at: variable → array of points.
        """
        import numpy as np

        values = linearise(self.graph, at, ()).values
        shape = next(iter(at.values())).shape
        function, *others = (np.broadcast_to(values[k], shape) for k in self.graph.outputs)
        rows = [
            np.where(np.isnan(side), ABSENT, side if stepped else np.sign(side))
            for side, stepped in zip(others, self.stepped, strict=True)
        ]
        return np.array([*rows, np.isfinite(function)])


def conditions(graph: Graph, names: Sequence[str]) -> Conditions:
    """Return the sides of every condition of a graph that depends on some of the variables.

    Args:
        graph: the function is its first output.
        names: the variables that move.
    """
    builder = Builder(graph.variables)
    places = list(range(len(graph.variables)))
    moving = [name in names for name in graph.variables]
    found: dict[tuple[int, bool], list[int]] = {}
    for index in range(len(graph.variables), len(graph)):
        places.append(builder.copy(graph, index, places))
        moving.append(any(moving[operand] for operand in graph.operands[index]))
        operation = graph.operations[index]
        if not moving[index] or operation is CONSTANT:
            continue
        if operation is WHERE:
            test = graph.operands[index][0]
            one, other = (places[operand] for operand in graph.operands[test])
            found.setdefault((builder.apply(SUBTRACT, (one, other)), False), []).append(index)
        arguments = tuple(places[operand] for operand in graph.operands[index])
        for text in _texts(operation):
            for side in _sides(builder, text, arguments, places[index]):
                found.setdefault(side, []).append(index)
    outputs = [side for side in found if builder.dependent[side[0]]]
    return Conditions(
        graph=builder.graph([places[graph.outputs[0]], *[side for side, _ in outputs]]),
        owners=tuple(tuple(dict.fromkeys(found[side])) for side in outputs),
        stepped=tuple(stepped for _, stepped in outputs),
    )


def at_fault(graph: Graph, index: int, values: Sequence[float]) -> bool:
    """Tell whether a point is outside of a node's domain, or at one of its kinks.

    Args:
        graph: the graph.
        index: the node.
        values: the value of every node at the point.
    """
    operation, operands = graph.operations[index], graph.operands[index]
    if operation is WHERE:
        one, other = (values[operand] for operand in graph.operands[operands[0]])
        return one == other
    arguments = [values[operand] for operand in operands]
    point = [*arguments, *[0.0] * (len(OPERANDS) - len(arguments)), values[index]]
    outside = bool(operation.domain) and not rules.condition(operation.domain)(*point)
    return outside or any(
        rules.condition(kink.condition)(*point)
        for kink in operation.kinks
        if kink.operand is None or graph.dependent[operands[kink.operand]]
    )


def _texts(operation: Operation) -> list[str]:
    """Return the conditions of a row: its domain and its kinks."""
    return [text for text in (operation.domain, *[k.condition for k in operation.kinks]) if text]


def _sides(
    builder: Builder, text: str, operands: tuple[int, ...], result: int
) -> list[tuple[int, bool]]:
    """Write a condition into a graph; return its differences and steps, and which are steps."""
    formula = rules.formula(f"where({text}, 1, 0)")
    written = rules.written(builder, formula, operands, result)
    # Of a condition whose constants decide it, branches are left over that nothing needs.
    needed = {*below(builder.operands, [written[formula.outputs[0]]], stop=(*operands, result))}
    found = []
    for k, row in enumerate(formula.operations):
        if written[k] not in needed:
            continue
        if row in STEPS:
            found.append((written[k], True))
        elif row.precedence == COMPARISON:
            one, other = (written[operand] for operand in formula.operands[k])
            found.append((builder.apply(SUBTRACT, (one, other)), False))
    return found
