"""The few simplifications that derivative formulas get, so that the rule of w1³ reads 3·w1².

Constant conditions and exponents are computed, ln(e) is 1, and 0·w, 1·w, w + 0, w^1, w^0, −(−w),
|−w| removed. What a user typed is never folded.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from autodiff_cli.graph.constant import Constant, literal, named
from autodiff_cli.graph.graph import Builder, Graph, below
from autodiff_cli.ops import (
    ABS,
    ADD,
    COMPARISONS,
    DIVIDE,
    MULTIPLY,
    NEGATE,
    POWER,
    SUBTRACT,
    WHERE,
    find,
)
from autodiff_cli.ops.row import COMPARISON, Operation

if TYPE_CHECKING:
    from fractions import Fraction

_ONE = literal("1")
_NOT_EQUAL = COMPARISONS["!="]
_LN, _E = find("ln", 1), named("e").exact

#: Sides of a comparison so near, as a share of the largest number on the way, may change places.
_NEAR = 2.0**-40


def is_zero(graph: Graph, index: int) -> bool:
    """Tell whether a node is the literal 0."""
    constant = graph.constants.get(index)
    return constant is not None and constant.value == 0


def fold(
    builder: Builder, operation: Operation, operands: tuple[int, ...], *, exact: bool = False
) -> int:
    """Return the node of `operation` on `operands`, simplified where the docstring above says.

    Args:
        builder: the graph under construction.
        operation: the row.
        operands: its nodes.
        exact: leave out what changes a number: 0·w is nan where w is infinite, 0 + w is not −0
            where w is, the difference of two decimals may not be that of their floats, and
            0.1 + 0.2 == 0.3 holds, though not in floats.
    """
    constants = [builder.constants.get(index) for index in operands]
    if operation is WHERE:
        condition = _condition(builder, operands[0], exact=exact)
        if condition is not None:
            return operands[1] if condition else operands[2]
    elif operation is _NOT_EQUAL and constants[1] is not None and constants[1].value == 0:
        if builder.operations[operands[0]].precedence == COMPARISON:
            return operands[0]  # the rules of where ask whether its condition holds
    elif operation is MULTIPLY:
        for constant, this, other in zip(constants, operands, reversed(operands), strict=True):
            if constant is not None and constant.value == 0 and not exact:
                return this
            if constant is not None and constant.value == 1:
                return other
    elif operation is ADD and not exact:
        kept = tuple(
            index
            for index, constant in zip(operands, constants, strict=True)
            if constant is None or constant.value != 0
        )
        if len(kept) < 2:
            return kept[0] if kept else operands[0]
        operands = kept
    elif operation is DIVIDE and constants[1] is not None and constants[1].value == 1:
        return operands[0]
    elif operation in (NEGATE, ABS) and builder.operations[operands[0]] is NEGATE:
        inner = builder.operands[operands[0]]
        return inner[0] if operation is NEGATE else builder.apply(ABS, inner)
    elif operation is POWER and constants[1] is not None:
        if constants[1].value == 1:
            return operands[0]
        if constants[1].value == 0:
            return builder.constant(_ONE)
    elif operation is _LN and constants[0] is not None and constants[0].exact == _E:
        return builder.constant(_ONE)
    if operation in (SUBTRACT, NEGATE) and None not in constants:
        folded = _difference(*constants)
        if folded is not None and not (exact and _rounds(operation, constants, folded)):
            return builder.constant(folded)
    return builder.apply(operation, operands)


def _condition(builder: Builder, index: int, *, exact: bool) -> bool | None:
    """Return the truth of a comparison between numbers, or None."""
    if builder.operations[index].precedence != COMPARISON or builder.dependent[index]:
        return None
    values = _numbers(builder, index)
    if values is None or (exact and not _steady(builder, index, values)):
        return None
    return bool(values[index])


def _steady(builder: Builder, index: int, values: dict[int, float]) -> bool:
    """Tell whether rounding cannot have turned a comparison between numbers."""
    sides = builder.operands[index]
    constants = [builder.constants.get(side) for side in sides]
    first, second = (constant and constant.exact for constant in constants)
    if first is not None and first == second:
        return True
    inside = [node for node in values if node != index]
    if any(
        builder.operations[node].precedence == COMPARISON
        or builder.operations[node].rules == ("0",)
        for node in inside
    ):
        return False
    size = max(abs(values[node]) for node in inside)
    return abs(values[sides[0]] - values[sides[1]]) > _NEAR * size


def _numbers(builder: Builder, index: int) -> dict[int, float] | None:
    """Return the values below a node without variables, or None. Nodes follow their operands."""
    values: dict[int, float] = {}
    for node in sorted(below(builder.operands, [index])):
        function = builder.operations[node].value
        if node in builder.constants:
            values[node] = builder.constants[node].value
        elif function is None:
            return None
        else:
            values[node] = function(*[values[operand] for operand in builder.operands[node]])
    return values


def _rounds(operation: Operation, constants: list[Constant | None], folded: Constant) -> bool:
    """Tell whether floats give another difference than decimals do; the opposite of 0 is −0."""
    numbers = [constant.value for constant in constants if constant is not None]
    assert operation.value is not None
    return operation.value(*numbers).hex() != folded.value.hex()


@lru_cache(4096)
def _difference(first: Constant | None, second: Constant | None = None) -> Constant | None:
    """Return first − second, or −first, where it is a short decimal."""
    exact = [_exact(constant) for constant in (first, second) if constant is not None]
    if None in exact:
        return None
    numbers = [number for number in exact if number is not None]
    return _decimal(numbers[0] - numbers[1] if second is not None else -numbers[0])


def _exact(constant: Constant) -> Fraction | None:
    sign, digits, exponent = constant.exact
    if sign == "name" or abs(exponent) > 30 or len(digits) > 30:
        return None
    from fractions import Fraction  # its decimals take a millisecond to load

    return Fraction(int(sign + digits)) * Fraction(10) ** exponent


def _decimal(number: Fraction) -> Constant | None:
    """Return a fraction that is a short decimal as a constant."""
    for places in range(16):
        scaled = number * 10**places
        if scaled.denominator == 1 and abs(scaled) < 10**16:
            return literal(f"{scaled.numerator}e-{places}")
    return None
