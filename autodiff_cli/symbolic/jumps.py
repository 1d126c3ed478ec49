"""Where a derivative jumps once nothing is rounded: float64 may stand beside it and not see it."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from functools import cache
from typing import Any

from mpmath import mp

from autodiff_cli.engine import rules
from autodiff_cli.errors import shortened
from autodiff_cli.graph.graph import CONSTANT, VARIABLE, Graph
from autodiff_cli.graph.printer import expression
from autodiff_cli.ops import WHERE
from autodiff_cli.ops.row import OPERANDS, Operation
from autodiff_cli.symbolic.arithmetic import Arithmetic
from autodiff_cli.symbolic.ball import Ball, is_infinite
from autodiff_cli.symbolic.loss import ENOUGH, identities, taken
from autodiff_cli.symbolic.recomputation import defined, node_values


@cache
def in_pieces(operation: Operation) -> bool:
    """Tell whether a row, or a rule of it, has a branch or a jump: others need not be asked."""
    return operation is WHERE or bool(operation.kinks) or any("where" in r for r in operation.rules)


def jump(
    graph: Graph, output: int, at: Mapping[str, float], formula: Graph
) -> tuple[int | None, str] | None:
    """Return the node at which an output jumps exactly at a point, as `Loss.place` does, or None.

    Args:
        graph: derivatives of the formula.
        output: which of them.
        at: the point.
        formula: the formula.
    """
    end = graph.outputs[output]
    exact = {name: Fraction(value) for name, value in at.items()}
    with mp.workprec(ENOUGH):
        walk = Arithmetic(ENOUGH, last=True)
        found = node_values(graph, sorted(graph.below([end])), exact, walk)
        for index in taken(graph, end, found):
            if not graph.dependent[index] or not _jumps(graph, index, found, walk):
                continue
            at_fault = graph.operands[index][0] if graph.operations[index] is WHERE else index
            places = (index, at_fault, *graph.operands[at_fault])
            same = identities(formula, graph)
            node = next((same[k] for k in places if same.get(k) in formula.named()), None)
            return node, "" if node is not None else shortened(expression(graph, at_fault))
    return None


def _jumps(graph: Graph, index: int, found: Mapping[int, Any], walk: Arithmetic) -> bool:
    """Tell whether a node stands exactly where its value jumps."""
    operation, operands = graph.operations[index], graph.operands[index]
    if operation in (CONSTANT, VARIABLE):
        return False
    if operation is WHERE:
        one, other = (found[k] for k in graph.operands[operands[0]])
        first, second = (found[k] for k in operands[1:])
        return bool(_meet(one, other, walk)) and _meet(first, second, walk) is False
    point = [found[k] for k in operands]
    if any(isinstance(number, (ArithmeticError, bool)) for number in (*point, found[index])):
        return False
    at = dict(zip(OPERANDS, point, strict=False)) | {"y": found[index]}
    texts = [kink.condition for kink in operation.kinks if kink.kind == "jump"]
    return any(_holds(text, at, walk) for text in texts)


def _meet(one: Any, other: Any, walk: Arithmetic) -> bool | None:
    """Tell whether two numbers are one, as far as their errors tell; None where one is none."""
    if not all(isinstance(each, Ball) and not is_infinite(each) for each in (one, other)):
        return None
    return walk.is_zero(walk.add(one, Ball(-other.middle, other.error)))


def _holds(text: str, at: Mapping[str, Any], walk: Arithmetic) -> bool:
    found = defined(rules.formula(f"where({text}, 1, 0)"), at, walk)
    return isinstance(found, Ball) and found.middle == 1
