"""Which values of a graph at a point are exactly what they stand for, and not rounded.

A rounded operand may seem to stand at a kink: 1 + 1e-20 is 1. An exact one does.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from fractions import Fraction
from typing import Any

from autodiff_cli.engine import rules
from autodiff_cli.graph.graph import CONSTANT, VARIABLE, Graph
from autodiff_cli.ops import ABS, ADD, DIVIDE, MULTIPLY, NEGATE, POWER, SQRT, SUBTRACT, WHERE, find
from autodiff_cli.ops.row import COMPARISON, OPERANDS, Operation

#: Exponents up to which a power is computed in full.
LARGEST = 64

#: Rows that answer one of their operands, or a whole number, and round nothing.
UNROUNDED = frozenset(
    {ABS, NEGATE}
    | {find(name, 1) for name in ("sign", "floor", "ceil", "relu")}
    | {find(name, 2) for name in ("max", "min", "fmod")}
)  # fmt: skip

#: Operands and results of a function that are no accident of rounding: sin(0), cos(0), ln(1).
PLAIN, ANSWERS = frozenset({-1.0, 0.0, 1.0}), frozenset({-1.0, 0.0, 0.5, 1.0})

#: What a row gives without rounding, from fractions; the result is compared with it.
ARITHMETIC: Mapping[Operation, Callable[..., Fraction]] = {
    ADD: lambda *terms: sum(terms, Fraction(0)),
    SUBTRACT: lambda a, b: a - b,
    MULTIPLY: lambda a, b: a * b,
    DIVIDE: lambda a, b: a / b,
    find("mod", 2): lambda a, b: a - b * (a // b),
}

#: Roots, and the power that undoes each.
ROOTS = {SQRT: 2, find("cbrt", 1): 3}


def exact(graph: Graph, values: Sequence[float]) -> list[bool]:
    """Tell of each node whether its value is exact, constants taken as float64 has them.

    Args:
        graph: the graph.
        values: of its nodes at a point, which is taken exactly.
    """
    known: list[bool] = []
    for index, operation in enumerate(graph.operations):
        operands = graph.operands[index]
        if operation is VARIABLE or operation is CONSTANT:
            known.append(True)
        elif operation is WHERE:
            condition, first, second = operands
            known.append(known[condition] and known[first if values[condition] else second])
        elif not all(known[operand] for operand in operands):
            known.append(False)
        else:
            point = [values[operand] for operand in operands]
            known.append(_exact(operation, point, values[index]))
    return known


def _exact(operation: Operation, point: Sequence[float], result: float) -> bool:
    """Tell whether a row rounds nothing on exact operands."""
    if operation in UNROUNDED or operation.precedence == COMPARISON:
        return True
    if not all(map(math.isfinite, point)):
        return True  # what follows a pole is no rounding
    if {*point} <= PLAIN and (result in ANSWERS or not math.isfinite(result)):
        return True
    if not math.isfinite(result):
        return False  # beyond float64, or beside a pole
    numbers, found = [Fraction(number) for number in point], Fraction(result)
    if operation in ARITHMETIC:
        return ARITHMETIC[operation](*numbers) == found
    if operation in ROOTS:
        return found ** ROOTS[operation] == numbers[0]
    if operation is POWER:
        base, exponent = numbers
        small = exponent.denominator == 1 and 0 <= exponent <= LARGEST
        return small and base**exponent.numerator == found
    if operation.definition and not operation.sympy:
        return _defined(operation, point, result)
    return False


def _defined(operation: Operation, point: Sequence[float], result: float) -> bool:
    """Tell the same of a row that others define, such as a clamp; those have no such rows below."""
    formula = rules.formula(operation.definition)
    at = dict(zip(OPERANDS, point, strict=False))
    values: list[Any] = [at[name] for name in formula.variables]
    for index in range(len(values), len(formula)):
        row = formula.operations[index]
        if row is CONSTANT:
            values.append(formula.constants[index].value)
        else:
            values.append(rules.value(row)(*[values[k] for k in formula.operands[index]]))
    end = formula.outputs[0]
    return values[end] == result and exact(formula, values)[end]
