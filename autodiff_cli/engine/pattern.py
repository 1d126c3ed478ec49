"""Which derivatives of a graph can be other than 0: the patterns of its Jacobian and Hessian.

Only the graph is asked, no number (Griewank & Walther, Evaluating Derivatives, chapter 7).
"""

from __future__ import annotations

import math
from collections.abc import Collection, Sequence

from autodiff_cli.engine.linearise import activity
from autodiff_cli.engine.second import pairs
from autodiff_cli.graph.graph import CONSTANT, Graph
from autodiff_cli.limits import exceeded, limit
from autodiff_cli.ops import ADD, DIVIDE, MULTIPLY, NEGATE, POWER, SUBTRACT

#: Variables, by their places, that a node depends on.
Places = frozenset[int]

_NONE: Places = frozenset()

#: Rules of edges that nothing passes, wherever the operands are.
BLOCKING = ("", "0")


def jacobian_pattern(graph: Graph, names: Sequence[str]) -> list[Places]:
    """Return for each output the places of the variables that it depends on.

    Args:
        graph: its outputs are the rows.
        names: the variables that are differentiated by.

    Raises:
        LimitError: there are more entries than the limit on operations.
    """
    found = _dependences(graph, names, graph.outputs)
    rows = [found[output] for output in graph.outputs]
    if sum(map(len, rows)) > limit("operations"):
        raise exceeded("operations", "the matrix is not sparse; ")
    return rows


def hessian_pattern(graph: Graph, names: Sequence[str]) -> list[set[int]]:
    """Return for each variable of the graph the variables that it meets in a product or a curve.

    Args:
        graph: its first output is differentiated.
        names: the variables that are differentiated by.

    Raises:
        LimitError: there are more entries than the limit on operations.
    """
    active, carries = activity(graph, names), _carrying(graph)
    bent: dict[int, tuple[tuple[int, int], ...]] = {}
    for index in range(len(graph.variables), len(graph)):
        if active[index] and carries[index] and graph.operations[index] not in (ADD, CONSTANT):
            found = pairs(graph, index, active)
            if found:
                bent[index] = found
    ends = {node for index, found in bent.items() for pair in found for node in pair}
    places = _dependences(graph, names, ends)
    meeting: list[set[int]] = [set() for _ in graph.variables]
    count, most = 0, limit("operations")
    for found in bent.values():
        for one, other in found:
            for variable in places[one]:
                row = meeting[variable]
                before = len(row)
                row |= places[other]
                count += len(row) - before
            if count > most:
                raise exceeded("operations", "the matrix is not sparse; ")
    return meeting


def degree(graph: Graph, name: str) -> float:
    """Return the degree of the first output as a polynomial in a variable, inf where it is none."""
    found: list[float] = [float(variable == name) for variable in graph.variables]
    for index in range(len(found), len(graph)):
        operation = graph.operations[index]
        below = [found[operand] for operand in graph.operands[index]]
        own = max(below, default=0.0)
        if own and operation is MULTIPLY:
            own = sum(below)
        elif own and operation is DIVIDE:
            own = math.inf if below[1] else below[0]
        elif own and operation is POWER:
            exponent = graph.constants.get(graph.operands[index][1])
            whole = exponent is not None and exponent.value >= 0 and exponent.value.is_integer()
            own = own * exponent.value if whole and exponent is not None else math.inf
        elif own and operation not in (ADD, SUBTRACT, NEGATE):
            own = math.inf
        found.append(own)
    return found[graph.outputs[0]]


def _carrying(graph: Graph) -> bytearray:
    """Return one byte a node, 1 where the first output moves with it by the rules on the way."""
    carries = bytearray(len(graph))
    carries[graph.outputs[0]] = 1
    for index in range(len(graph) - 1, len(graph.variables) - 1, -1):
        if carries[index]:
            operation = graph.operations[index]
            for place, operand in enumerate(graph.operands[index]):
                if operation.rule(place) not in BLOCKING:
                    carries[operand] = 1
    return carries


def _dependences(graph: Graph, names: Sequence[str], wanted: Collection[int]) -> dict[int, Places]:
    """Return node → the places of the variables that it depends on, for the nodes wanted."""
    below = bytearray(len(graph))
    for node in wanted:
        below[node] = 1
    count = len(graph.variables)
    for index in range(len(graph) - 1, count - 1, -1):
        if below[index]:
            for operand in graph.operands[index]:
                below[operand] = 1
    left = [0] * len(graph)  # consumers that still ask: what nobody asks for is let go
    for index in range(count, len(graph)):
        if below[index]:
            for operand in graph.operands[index]:
                left[operand] += 1
    kept, chosen = frozenset(wanted), frozenset(names)
    found: dict[int, Places] = {
        place: frozenset((place,)) if name in chosen else _NONE
        for place, name in enumerate(graph.variables)
    }
    held, most = 0, 10 * limit("operations")
    for index in range(count, len(graph)):
        if not below[index]:
            continue
        operation, operands = graph.operations[index], graph.operands[index]
        parts = [
            found[operand]
            for place, operand in enumerate(operands)
            if operation.rule(place) not in BLOCKING
        ]
        whole = max(parts, key=len, default=_NONE)
        if any(not part <= whole for part in parts):
            whole = whole.union(*parts)
        found[index] = whole
        held += len(whole)
        for operand in operands:
            left[operand] -= 1
            if not left[operand] and operand not in kept:
                held -= len(found.pop(operand))
        if held > most:
            raise exceeded("operations", "the matrix is not sparse; ")
    return found
