"""A derivative rule in its cases: the general formula, or its pieces, then the edge cases."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from functools import cache
from typing import NamedTuple

from autodiff_cli.engine import rules
from autodiff_cli.engine.branches import arranged, constant, followed, simplified, through, value
from autodiff_cli.graph.constant import literal
from autodiff_cli.graph.graph import Builder, Graph
from autodiff_cli.graph.printer import expression
from autodiff_cli.ops import COMPARISONS, WHERE
from autodiff_cli.ops.row import OPERANDS, Operation

_EQUAL, _DIFFERENT = COMPARISONS["=="], COMPARISONS["!="]

#: Each comparison → the one that holds where it does not.
_OPPOSITE = {
    COMPARISONS[sign]: COMPARISONS[other]
    for sign, other in (
        ("<", ">="), ("<=", ">"), (">", "<="), (">=", "<"), ("==", "!="), ("!=", "=="),
    )
}  # fmt: skip


class Case(NamedTuple):
    """One branch of a rule.

    Attributes:
        conditions: comparisons over a, b, c and y; all of them hold there.
        formula: the rule there.
        edge: whether an equality selects it: a case apart from the general formula.
    """

    conditions: tuple[Graph, ...]
    formula: Graph
    edge: bool


@cache
def cases(operation: Operation, position: int) -> tuple[Case, ...]:
    """Return the branches of a rule: the general formula or its pieces, then the edge cases.

    A branch whose formula is that of one before it is left out.
    """
    text = arranged(operation, position)
    found = [_case(text, way, operation) for way in _ways(text)]
    general = [case for case in found if not case.edge]
    if len(general) == 1:
        general = [general[0]._replace(conditions=())]
    known = {str(case.formula) for case in general}
    apart = [case for case in found if case.edge and str(case.formula) not in known]
    return (*general, *apart, *_removable(text, operation, position))


def _removable(text: Graph, operation: Operation, position: int) -> Iterator[Case]:
    """Yield the points where a rule has a number and its general formula, as at 0 of 0/0, none."""
    for number in (0.0, 1.0, -1.0) if operation.arity == 1 else ():
        result = float(rules.value(operation)(number))
        point = {"a": number, "y": result}
        slope = rules.rule(operation.rule(position))(number, 0.0, 0.0, result)
        if not math.isfinite(value(text, point)) and math.isfinite(slope):
            builder = Builder(("a",))
            test = builder.apply(_EQUAL, (0, builder.constant(literal(f"{number:.0f}"))))
            yield Case((builder.graph([test]),), constant(slope), True)


def _ways(text: Graph) -> Iterator[dict[int, int]]:
    """Yield the ways through a formula: for each `where` that is met, its branch."""
    todo: list[dict[int, int]] = [{}]
    while todo:
        way = todo.pop()
        met = [k for k in through(text, way) if text.operations[k] is WHERE and k not in way]
        if not met:
            yield way
            continue
        outermost = max(met)
        decided = {_test(text, index): branch for index, branch in way.items()}
        known = decided.get(_test(text, outermost))
        todo += [{**way, outermost: branch} for branch in ((known,) if known else (2, 1))]


def _test(text: Graph, index: int) -> str:
    """Return the condition of a `where` as text."""
    return expression(text, text.operands[index][0])


def _case(text: Graph, way: Mapping[int, int], operation: Operation) -> Case:
    """Return one way through a formula, its conditions from the outermost inward."""
    met = []
    for index in sorted(way, reverse=True):
        test = text.operands[index][0]
        row, operands = text.operations[test], text.operands[test]
        met.append((row if way[index] == 1 else _OPPOSITE[row], operands))
    # An operand without a rule is a condition itself: whether it holds is no edge case.
    truths = {k for k, rule in zip(OPERANDS, operation.rules, strict=False) if not rule}
    own = [text.variables[operands[0] : operands[0] + 1] for _, operands in met]
    conditions: list[Graph] = []
    edge = False
    apart = {operands for row, operands in met if row is _DIFFERENT}
    for (row, operands), name in zip(met, own, strict=True):
        general = truths.isdisjoint(name)
        edge |= general and row is _EQUAL
        if general and row is _DIFFERENT:
            continue  # it says only that the edge case does not hold; beside it a ≤ b is a < b
        if operands in apart and row.symbol in ("<=", ">="):
            row = COMPARISONS[row.symbol[0]]
        compared = _comparison(text, row, operands)
        if str(compared) not in map(str, conditions):
            conditions.append(compared)
    return Case(tuple(conditions), simplified(followed(text, way)), edge)


def _comparison(text: Graph, row: Operation, operands: tuple[int, ...]) -> Graph:
    builder = Builder(text.variables, share=False)
    places = list(range(len(text.variables)))
    for index in range(len(places), max(operands) + 1):
        places.append(builder.copy(text, index, places))
    return builder.graph([builder.apply(row, tuple([places[k] for k in operands]))])
