"""A derivative rule as mathematics: without precautions for floats, and as it holds at a point.

A rule of the table is one formula for every float. Its `where` sets edge cases apart from the
general formula, or two arrangements of one formula, of which one overflows or cancels.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from itertools import product

from autodiff_cli.engine import rules
from autodiff_cli.engine.folding import fold
from autodiff_cli.graph.constant import literal
from autodiff_cli.graph.graph import CONSTANT, Builder, Graph
from autodiff_cli.graph.printer import expression
from autodiff_cli.ops import COMPARISONS, DIVIDE, MULTIPLY, POWER, WHERE
from autodiff_cli.ops.row import OPERANDS, Operation

#: Numbers at which arrangements are compared: neither huge nor tiny, and no edge case.
_ORDINARY = (-3.0, -1.5, -0.3, 0.4, 1.2, 2.5)

_EQUAL, _DIFFERENT = COMPARISONS["=="], COMPARISONS["!="]


def holding(operation: Operation, position: int, point: Sequence[float], result: float) -> Graph:
    """Return the rule of an operand as it holds at a point, over a, b, c and y.

    Args:
        operation: the row.
        position: which operand the derivative is for.
        point: the operands.
        result: the value there.
    """
    at = dict(zip(OPERANDS, point, strict=False)) | {"y": result}
    text = arranged(operation, position)
    whole = rules.formula(operation.rule(position))
    if text is not whole and not math.isfinite(value(text, at)):
        number = value(whole, at)
        if math.isfinite(number):  # the rule is arranged for 0/0 there
            return constant(number)
    tests = {k: text.operands[k][0] for k, row in enumerate(text.operations) if row is WHERE}
    if not tests:
        return text
    values = _values(text, at)
    return followed(text, {index: 1 if values[test] else 2 for index, test in tests.items()})


def constant(number: float) -> Graph:
    """Return a formula that is a finite number."""
    builder = Builder()
    return builder.graph([builder.constant(literal(f"{number + 0.0:.17g}"))])


def value(text: Graph, at: Mapping[str, float]) -> float:
    """Return the number that a formula over a, b, c and y gives."""
    return _values(text, at)[text.outputs[0]]


@cache
def arranged(operation: Operation, position: int) -> Graph:
    """Return a rule without arrangements that are mathematically the same formula.

    A branch of an inequality that is taken at no ordinary number is a precaution. So is the one
    that is taken only where the other agrees with it; of two that agree the first is read.
    """
    text = _decided(rules.formula(operation.rule(position)))
    general = {k: way for k in range(len(text)) if (way := _general(text, k))}
    asked = [k for k in through(text, general) if text.operations[k] is WHERE and k not in general]
    if not asked:
        return text
    samples = [_values(text, point) for point in _points(operation)]
    chosen: dict[int, int] = {}
    for index in asked:
        condition, first, second = text.operands[index]
        truths = {bool(values[condition]) for values in samples}
        if len(truths) == 1:
            chosen[index] = 1 if True in truths else 2
            continue
        apart = {
            bool(v[condition])
            for v in samples
            if not math.isclose(v[first], v[second], rel_tol=1e-9, abs_tol=1e-12)
        }
        if apart != {True, False}:
            chosen[index] = 2 if False in apart else 1
    return followed(text, chosen)


@cache
def piecewise(operation: Operation, position: int) -> bool:
    """Tell whether a rule has branches that are neither arrangements nor edge cases."""
    text = arranged(operation, position)
    general = {k: way for k in range(len(text)) if (way := _general(text, k))}
    met = through(text, general)
    return any(text.operations[k] is WHERE and k not in general for k in met)


def tied(operation: Operation, position: int, point: Sequence[float], result: float) -> bool:
    """Tell whether a condition between the branches of a rule has equal sides at a point."""
    if not piecewise(operation, position):
        return False
    text = rules.formula(operation.rule(position))
    values = _values(text, dict(zip(OPERANDS, point, strict=False)) | {"y": result})
    pairs = [text.operands[text.operands[k][0]] for k in range(len(text))
             if text.operations[k] is WHERE]  # fmt: skip
    return any(values[one] == values[other] for one, other in pairs)


def _decided(text: Graph) -> Graph:
    """Return a formula without a `where` inside a branch of another one with the same condition."""
    way: dict[int, int] = {}
    todo: list[tuple[int, dict[str, int]]] = [(text.outputs[0], {})]
    while todo:  # nothing is shared in a rule, so that one way leads to each node
        index, known = todo.pop()
        operands = text.operands[index]
        if text.operations[index] is not WHERE:
            todo += [(operand, known) for operand in operands]
            continue
        test = expression(text, operands[0])
        if test in known:
            way[index] = known[test]
            todo.append((operands[known[test]], known))
        else:
            todo += [(operands[branch], known | {test: branch}) for branch in (1, 2)]
    return followed(text, way) if way else text


def simplified(graph: Graph) -> Graph:
    """Return a formula to be read: folded, what is 0 or 1 is that, no quotient of a quotient."""
    builder = Builder(graph.variables)
    places = list(range(len(graph.variables)))
    values: dict[int, float] = {}
    for index in range(len(places), len(graph)):
        row, operands = graph.operations[index], graph.operands[index]
        if row is CONSTANT:
            values[index] = graph.constants[index].value
        elif all(operand in values for operand in operands):
            values[index] = float(rules.value(row)(*[values[operand] for operand in operands]))
        if row is CONSTANT:
            places.append(builder.copy(graph, index, places))
        elif values.get(index) in (0, 1):
            places.append(builder.constant(literal(f"{values[index]:.0f}")))
        else:
            written = _quotient if row is DIVIDE else fold
            places.append(written(builder, row, tuple([places[operand] for operand in operands])))
    return builder.graph([places[output] for output in graph.outputs])


def _quotient(builder: Builder, row: Operation, operands: tuple[int, ...]) -> int:
    """Return a quotient; that of a quotient is one: a/b/c is a/(c*b)."""
    above, below = operands
    if builder.operations[above] is not row:
        return fold(builder, row, operands)
    above, first = builder.operands[above]
    if first == below:
        squared = fold(builder, POWER, (below, builder.constant(literal("2"))))
        return fold(builder, DIVIDE, (above, squared))
    return fold(builder, DIVIDE, (above, fold(builder, MULTIPLY, (below, first))))


def _points(operation: Operation) -> Iterator[dict[str, float]]:
    """Yield ordinary points of a row's domain, with the value there."""
    for point in product(_ORDINARY, repeat=operation.arity):
        result = float(rules.value(operation)(*point))
        if math.isfinite(result):
            yield dict(zip(OPERANDS, point, strict=False)) | {"y": result}


def _values(text: Graph, point: Mapping[str, float]) -> list[float]:
    """Return the value of every node of a formula over a, b, c and y."""
    found = [point[name] for name in text.variables]
    for index in range(len(found), len(text)):
        row, operands = text.operations[index], text.operands[index]
        if row is CONSTANT:
            found.append(text.constants[index].value)
        else:
            found.append(float(rules.value(row)(*[found[k] for k in operands])))
    return found


def _general(text: Graph, index: int) -> int:
    """Return the branch (1 or 2) of a `where` that is no edge case; 0 where both are none."""
    if text.operations[index] is not WHERE:
        return 0
    row = text.operations[text.operands[index][0]]
    return 2 if row is _EQUAL else 1 if row is _DIFFERENT else 0


def through(text: Graph, way: Mapping[int, int]) -> Iterator[int]:
    """Yield the nodes that are met on a way through a formula, but not those of conditions."""
    todo, found = [text.outputs[0]], set(text.outputs)
    while todo:
        index = todo.pop()
        yield index
        operands = text.operands[index]
        if text.operations[index] is WHERE:
            operands = (operands[way[index]],) if index in way else operands[1:]
        todo += [operand for operand in operands if operand not in found]
        found.update(operands)


def followed(text: Graph, way: Mapping[int, int]) -> Graph:
    """Return a formula with one branch (1 or 2) in place of some `where`."""
    builder = Builder(text.variables, share=False)
    places = list(range(len(text.variables)))
    for index in range(len(places), len(text)):
        if index in way:
            places.append(places[text.operands[index][way[index]]])
        else:
            places.append(builder.copy(text, index, places))
    return builder.graph([places[text.outputs[0]]])
