"""Where a derivative jumps once nothing is rounded: float64 may stand beside it and not see it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from fractions import Fraction
from functools import cache
from typing import Any

from mpmath import mp

from autodiff_cli.engine import rules
from autodiff_cli.errors import AutodiffError, shortened
from autodiff_cli.graph.graph import CONSTANT, VARIABLE, Graph
from autodiff_cli.graph.printer import expression
from autodiff_cli.ops import WHERE
from autodiff_cli.ops.row import COMPARISON, OPERANDS, Operation
from autodiff_cli.symbolic.arithmetic import Arithmetic
from autodiff_cli.symbolic.ball import ONE, Ball, is_infinite
from autodiff_cli.symbolic.loss import ENOUGH, identities, taken
from autodiff_cli.symbolic.recomputation import Derived, Path, defined, node_values

#: Derivatives of derivatives up to this order are looked at: graphs grow.
DEEPEST = 2


@cache
def in_pieces(operation: Operation) -> bool:
    """Tell whether a row, or a rule of it, has a branch or a jump: others need not be asked."""
    return operation is WHERE or bool(operation.kinks) or any("where" in r for r in operation.rules)


def met(
    derived: Derived,
    path: Path,
    here: Mapping[str, float],
    turned: Callable[[Graph, int, Mapping[str, float]], bool],
) -> tuple[int | None, str] | None:
    """Return the node at which a derivative, or one before it, jumps at a point; or None.

    Args:
        derived: makes the graphs.
        path: the derivative.
        here: the point.
        turned: tells whether it is worth looking at an output of a graph at a point.
    """
    if not any(map(in_pieces, derived.graph.operations)):
        return None
    ends = range(1, min(len(path), DEEPEST) + 1)
    for one in [path] if derived.direction is not None else [path[:end] for end in ends]:
        try:
            graph, output = derived.of(one)
        except AutodiffError:
            return None
        at = derived.point(graph, here, 0.0, float)
        place = jump(graph, output, at, derived.graph) if turned(graph, output, at) else None
        if place is not None:
            return place
    return None


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
    needed = sorted(graph.below([end]))
    exact = {name: Fraction(value) for name, value in at.items()}
    with mp.workprec(ENOUGH):
        walk = Arithmetic(ENOUGH, last=True)
        found = node_values(graph, needed, exact, walk)
        for index in taken(graph, end, found):
            other = _beside(graph, index, found, walk)
            if other is None:
                continue
            beside = node_values(graph, needed, exact, walk, {index: other})
            if _meet(found[end], beside[end], walk) is False:
                same, named = identities(formula, graph), formula.named()
                places = [k for k in (index, *graph.operands[index]) if same.get(k) in named]
                if places:
                    return same[places[0]], ""
                return None, shortened(expression(graph, index))
    return None


def _beside(graph: Graph, index: int, found: Mapping[int, Any], walk: Arithmetic) -> Any:
    """Return another value that a node has right beside the point; None where it has none."""
    operation, operands = graph.operations[index], graph.operands[index]
    if operation in (CONSTANT, VARIABLE) or not graph.dependent[index]:
        return None
    point = [found[k] for k in operands]
    if operation.precedence == COMPARISON:
        turned = _meet(point[0], point[1], walk) and isinstance(found[index], bool)
        return not found[index] if turned else None
    if any(isinstance(number, (ArithmeticError, bool)) for number in (*point, found[index])):
        return None
    at = dict(zip(OPERANDS, point, strict=False)) | {"y": found[index]}
    jumps = [kink.condition for kink in operation.kinks if kink.kind == "jump"]
    if any(_holds(text, at, walk) for text in jumps):
        return walk.add(found[index], ONE)  # whatever it is there, this tells what it moves
    return None


def _meet(one: Any, other: Any, walk: Arithmetic) -> bool | None:
    """Tell whether two numbers are one, as far as their errors tell; None where one is none."""
    if not all(isinstance(each, Ball) and not is_infinite(each) for each in (one, other)):
        return None
    return walk.is_zero(walk.add(one, Ball(-other.middle, other.error)))


def _holds(text: str, at: Mapping[str, Any], walk: Arithmetic) -> bool:
    found = defined(rules.formula(f"where({text}, 1, 0)"), at, walk)
    return isinstance(found, Ball) and found.middle == 1
