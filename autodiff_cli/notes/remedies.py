"""Mends: another way to write a formula that keeps its function and has a derivative here.

Patterns are matched on nodes. Each rewritten formula is tried at the point before it is offered.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Collection, Iterator, Mapping
from typing import NamedTuple

from autodiff_cli.engine import reverse
from autodiff_cli.engine.linearise import Linearisation, linearise
from autodiff_cli.graph.constant import literal
from autodiff_cli.graph.graph import Builder, Graph
from autodiff_cli.graph.printer import expression
from autodiff_cli.ops import ABS, ADD, DIVIDE, FUNCTIONS, MULTIPLY, NEGATE, POWER, SQRT, WHERE
from autodiff_cli.ops.row import Operation

LN, EXP, LOG1P = FUNCTIONS["ln"][0], FUNCTIONS["exp"][0], FUNCTIONS["log1p"][0]
CBRT, SOFTPLUS, SIGMOID = (FUNCTIONS[name][0] for name in ("cbrt", "softplus", "sigmoid"))

#: Characters of a part of the formula up to which it is written in full.
LONGEST = 60

#: Exponents that somebody would write as a number.
LARGEST = 1e6


class Remedy(NamedTuple):
    """A part of a graph and what to write for it.

    Attributes:
        root: the node that is replaced.
        covered: the nodes whose fault the mend takes away.
        operand: the node that the part is a function of.
        write: builds the replacement from the builder and the place of every earlier node.
    """

    root: int
    covered: frozenset[int]
    operand: int
    write: Callable[[Builder, Mapping[int, int]], int]


def remedies(linearisation: Linearisation, faults: Collection[int]) -> list[tuple[int, str]]:
    """Return (node, what to write for what) for the faults that a rewriting takes away.

    Args:
        linearisation: the graph at one point.
        faults: nodes at which the answer departs from plain calculus.
    """
    graph = linearisation.graph
    found = []
    for remedy in _candidates(linearisation, faults):
        if remedy.covered & set(faults):
            mended, replaced, operand = rewritten(graph, remedy)
            if _works(linearisation, mended):
                label = _label(graph, remedy)
                new = expression(mended, replaced, names={operand: label} if label else None)
                old = expression(
                    graph, remedy.root, names={remedy.operand: label} if label else None
                )
                found.append((remedy.root, f"write {new} for {old}"))
    found += [(index, _fixed(linearisation, index)) for index in sorted(faults)]
    return list(dict.fromkeys((index, text) for index, text in found if text))


def _fixed(linearisation: Linearisation, index: int) -> str:
    """Say that a negative number's power has a slope by the base if the exponent is a number."""
    graph, values = linearisation.graph, linearisation.values
    if graph.operations[index] is not POWER:
        return ""
    base, exponent = graph.operands[index]
    whole = abs(values[exponent]) < LARGEST and float(values[exponent]).is_integer()
    if not whole or values[base] >= 0 or not linearisation.active[exponent]:
        return ""
    old, number = expression(graph, index), f"{values[exponent]:.0f}"
    if len(old) > LONGEST:
        return ""
    new = expression(graph, index, names={exponent: number})
    return f"write {new} for {old} if the exponent is to stay {number}"


def rewritten(graph: Graph, remedy: Remedy) -> tuple[Graph, int, int]:
    """Return the graph with the replacement, and the places of the new part and its operand."""
    builder = Builder(graph.variables)
    places: dict[int, int] = {index: index for index in range(len(graph.variables))}
    for index in range(len(graph.variables), len(graph)):
        if index == remedy.root:
            places[index] = remedy.write(builder, places)
        else:
            places[index] = builder.copy(graph, index, places)
    kept = (graph.outputs[0], remedy.root, remedy.operand)
    mended = builder.graph([places[index] for index in kept])
    return mended, mended.outputs[1], mended.outputs[2]


def _works(linearisation: Linearisation, mended: Graph) -> bool:
    """Tell whether a mended formula has the same value, if there was one, and a finite gradient."""
    graph = linearisation.graph
    point = {name: float(linearisation.values[k]) for k, name in enumerate(graph.variables)}
    again = linearise(mended, point, linearisation.wrt)
    before, after = (one.values[one.graph.outputs[0]] for one in (linearisation, again))
    same = not math.isfinite(before) or math.isclose(before, after, rel_tol=1e-9, abs_tol=1e-12)
    return same and all(map(math.isfinite, [after, *reverse.gradient(again).values()]))


def _label(graph: Graph, remedy: Remedy) -> str:
    """Return the operand's label where the part is too long to write in full, else ""."""
    long = len(expression(graph, remedy.root)) > LONGEST
    return graph.labels()[remedy.operand] if long else ""


def _candidates(linearisation: Linearisation, faults: Collection[int]) -> Iterator[Remedy]:
    graph = linearisation.graph
    for index in range(len(graph.variables), len(graph)):
        for pattern in PATTERNS:
            matched = pattern(graph, index)
            if matched is not None:
                operand, between, write = matched
                yield Remedy(index, frozenset({index, *between}), operand, write)
        if graph.operations[index] is WHERE:
            yield from _double_where(linearisation, index, faults)


#: The operand of a matched part, the nodes between it and the root, and what to write.
Match = tuple[int, tuple[int, ...], Callable[[Builder, Mapping[int, int]], int]]


def _call(operation: Operation, operand: int) -> Callable[[Builder, Mapping[int, int]], int]:
    return lambda builder, places: builder.apply(operation, (places[operand],))


def _number(graph: Graph, index: int, value: float) -> bool:
    return index in graph.constants and graph.constants[index].value == value


def _squared(graph: Graph, index: int) -> int | None:
    """Return u where a node is u^2 or u*u."""
    operation, operands = graph.operations[index], graph.operands[index]
    if operation is POWER and _number(graph, operands[1], 2):
        return operands[0]
    if operation is MULTIPLY and operands[0] == operands[1]:
        return operands[0]
    return None


def _exponential(graph: Graph, index: int) -> int | None:
    """Return u where a node is exp(u) or e^u."""
    operation, operands = graph.operations[index], graph.operands[index]
    if operation is EXP:
        return operands[0]
    if operation is POWER and operands[0] in graph.constants:
        named = graph.constants[operands[0]].exact
        return operands[1] if named == ("name", "e", 0) else None
    return None


def _one_plus_exponential(graph: Graph, index: int) -> tuple[int, int] | None:
    """Return (the exponential, u) where a node is 1 + e^u or e^u + 1."""
    operands = graph.operands[index]
    if graph.operations[index] is not ADD or len(operands) != 2:
        return None
    for one, other in (operands, operands[::-1]):
        exponent = _exponential(graph, other)
        if _number(graph, one, 1) and exponent is not None:
            return other, exponent
    return None


def _root_of_square(graph: Graph, index: int) -> Match | None:
    """sqrt(u^2) is abs(u)."""
    if graph.operations[index] is not SQRT:
        return None
    (square,) = graph.operands[index]
    inner = _squared(graph, square)
    return None if inner is None else (inner, (square,), _call(ABS, inner))


def _square_of_root(graph: Graph, index: int) -> Match | None:
    """sqrt(u)^2 is u, where u has a root."""
    root = _squared(graph, index)
    if root is None or graph.operations[root] is not SQRT:
        return None
    (inner,) = graph.operands[root]
    return inner, (root,), lambda builder, places: places[inner]


def _softplus(graph: Graph, index: int) -> Match | None:
    """ln(1 + e^u) and log1p(e^u) are softplus(u)."""
    operation = graph.operations[index]
    if operation is LOG1P:
        power = graph.operands[index][0]
        exponent = _exponential(graph, power)
        return None if exponent is None else (exponent, (power,), _call(SOFTPLUS, exponent))
    if operation is not LN:
        return None
    (total,) = graph.operands[index]
    found = _one_plus_exponential(graph, total)
    return None if found is None else (found[1], (total, found[0]), _call(SOFTPLUS, found[1]))


def _sigmoid(graph: Graph, index: int) -> Match | None:
    """e^u/(1 + e^u) is sigmoid(u), and 1/(1 + e^u) is sigmoid(-u)."""
    if graph.operations[index] is not DIVIDE:
        return None
    above, below = graph.operands[index]
    found = _one_plus_exponential(graph, below)
    if found is None:
        return None
    power, exponent = found
    if above == power:
        return exponent, (below, power), _call(SIGMOID, exponent)
    if not _number(graph, above, 1):
        return None
    opposite = graph.operands[exponent][0] if graph.operations[exponent] is NEGATE else None

    def write(builder: Builder, places: Mapping[int, int]) -> int:
        inner = builder.apply(NEGATE, (places[exponent],)) if opposite is None else places[opposite]
        return builder.apply(SIGMOID, (inner,))

    return exponent, (below, power), write


def _itself_over_itself(graph: Graph, index: int) -> Match | None:
    """u/u is 1; -u/u and u/-u are -1."""
    if graph.operations[index] is not DIVIDE:
        return None
    above, below = graph.operands[index]
    if above == below:
        return above, (), lambda builder, places: builder.constant(literal("1"))
    for one, other in ((above, below), (below, above)):
        if graph.operations[one] is NEGATE and graph.operands[one] == (other,):
            return other, (one,), lambda builder, places: builder.constant(literal("-1"))
    return None


def _cube_root(graph: Graph, index: int) -> Match | None:
    """u^(1/3) is cbrt(u), which has a value for negative u too."""
    if graph.operations[index] is not POWER:
        return None
    base, exponent = graph.operands[index]
    if graph.operations[exponent] is not DIVIDE:
        return None
    above, below = graph.operands[exponent]
    third = _number(graph, above, 1) and _number(graph, below, 3)
    return (base, (), _call(CBRT, base)) if third else None


PATTERNS: tuple[Callable[[Graph, int], Match | None], ...] = (
    _root_of_square, _square_of_root, _softplus, _sigmoid, _itself_over_itself, _cube_root,
)  # fmt: skip


def _double_where(
    linearisation: Linearisation, index: int, faults: Collection[int]
) -> Iterator[Remedy]:
    """Keep the branch that is not taken away from its fault by a `where` inside of it.

    where(x > 0, x*ln(x), 0) is where(x > 0, x*ln(where(x > 0, x, 1)), 0).
    """
    graph = linearisation.graph
    condition, first, second = graph.operands[index]
    taken = bool(linearisation.values[condition])
    outside = _needed(graph, (index, second if taken else first))
    kept = set(graph.below([second if taken else first]))
    for fault in sorted(set(faults) & kept - outside):
        for position, operand in enumerate(graph.operands[fault]):
            if condition < fault and linearisation.active[operand]:
                write = _guarded(graph, index, fault, position, taken)
                yield Remedy(index, frozenset({fault}), operand, write)


def _guarded(
    graph: Graph, root: int, fault: int, position: int, taken: bool
) -> Callable[[Builder, Mapping[int, int]], int]:
    """Return what writes a where again, with 1 for an operand of the faulty node if not needed."""

    def write(builder: Builder, places: Mapping[int, int]) -> int:
        condition = places[graph.operands[root][0]]
        inner, one = places[graph.operands[fault][position]], builder.constant(literal("1"))
        safe = builder.apply(WHERE, (condition, one, inner) if taken else (condition, inner, one))
        again = dict(places)
        for index in range(fault, root + 1):
            operands = [again[k] for k in graph.operands[index]]
            if index == fault:
                operands[position] = safe
            if tuple(operands) != tuple(places[k] for k in graph.operands[index]):
                spelling = graph.spellings.get(index, "")
                again[index] = builder.apply(graph.operations[index], tuple(operands), spelling)
        return again[root]

    return write


def _needed(graph: Graph, edge: tuple[int, int]) -> set[int]:
    """Return what the output is computed from by other ways than one edge (consumer, operand)."""
    found, todo = {graph.outputs[0]}, [graph.outputs[0]]
    while todo:
        index = todo.pop()
        for operand in graph.operands[index]:
            if (index, operand) != edge and operand not in found:
                found.add(operand)
                todo.append(operand)
    return found
