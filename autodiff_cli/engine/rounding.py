"""How far rounding may have put each value of a graph: a running error bound, beside the values.

Every operation adds the rounding of its own result to what its operands' errors become by its
slopes (Higham, Accuracy and Stability, section 3.3). A choice that rounding could turn has no
bound. No random trial is made: the same graph at the same point has the same bound.
"""

from __future__ import annotations

from collections.abc import Mapping
from itertools import product
from typing import Any

from autodiff_cli.engine import rules
from autodiff_cli.engine.linearise import Value, floats, quiet
from autodiff_cli.graph.graph import CONSTANT, Graph
from autodiff_cli.ops import ABS, ADD, SUBTRACT, WHERE
from autodiff_cli.ops.row import COMPARISON, Operation

#: Share of a result that its rounding may be, and what it may be where results are subnormal.
UNIT, LEAST, NORMAL = 2.0**-51, 2.0**-1073, 2.0**-1021


def errors(graph: Graph, at: Mapping[str, Value]) -> tuple[list[Value], list[Value]]:
    """Return the value of every node, and a bound on how far rounding moved it.

    Args:
        graph: the graph.
        at: a float, or an array of one common shape, for every variable: exact.

    Returns:
        Values, and bounds to first order: inf (or nan) where rounding may turn a choice. Of a
        comparison the bound tells just that: inf or 0.
    """
    single = floats(at.values())
    step: Any = rules.step
    if not single:
        from autodiff_cli.engine import arrays

        step = arrays.step
    values: list[Value] = [at[name] for name in graph.variables]
    bounds: list[Value] = [0.0] * len(values)
    with quiet(*values):
        for index in range(len(values), len(graph)):
            operation, operands = graph.operations[index], graph.operands[index]
            if operation is CONSTANT:
                constant = graph.constants[index]
                values.append(constant.value)
                short = constant.value.is_integer() and abs(constant.value) < 2.0**53
                bounds.append(0.0 if short else UNIT * abs(constant.value))
                continue
            below = [values[k] for k in operands]
            known = [bounds[k] for k in operands]
            wanted = (1,) * (1 if operation.variadic else len(operands))
            if operation is ADD:
                value, slopes = rules_value(operation, single)(*below), (1.0,) * len(below)
            else:
                value, slopes = step(operation, *wanted)(*below)
            values.append(value)
            bounds.append(bound(operation, below, known, value, slopes))
    return values, bounds


def rules_value(operation: Operation, single: bool) -> Any:
    """Return the function of a row for floats or for arrays."""
    if single:
        return rules.value(operation)
    from autodiff_cli.engine import arrays

    return arrays.value(operation)


def bound(
    operation: Operation,
    below: list[Value],
    known: list[Value],
    value: Value,
    slopes: tuple[Any, ...],
) -> Value:
    """Return the bound on one result.

    Args:
        operation: the row.
        below: its operands.
        known: their bounds.
        value: its result.
        slopes: the partial by each operand.
    """
    if operation.precedence == COMPARISON:
        near = abs(below[0] - below[1]) <= known[0] + known[1]
        return _infinite(near & (known[0] + known[1] > 0))
    if operation is WHERE:
        return known[0] + _chosen(below[0], known[1], known[2])
    if operation.rules == ("0",):  # stairs: flat, until the error reaches the next one
        moved = known[0]
        function = rules_value(operation, not hasattr(below[0], "shape"))
        steady = function(below[0] - moved) == function(below[0] + moved)
        return _infinite(steady == False)  # noqa: E712  # of arrays too
    total: Value = 0.0
    for slope, error in zip(slopes, known, strict=True):
        if not hasattr(error, "shape") and error == 0:
            continue
        flat = slope is rules.BLOCKED or operation is ABS  # 0 is no slope of either side of abs
        size = 1.0 if flat else abs(getattr(slope, "partial", slope))
        if hasattr(slope, "mask"):
            size = _chosen(slope.mask, 1.0, size)
        total = total + size * error
    total = total + UNIT * abs(value)
    if operation not in (ADD, SUBTRACT):
        total = total + LEAST * (abs(value) < NORMAL)
    if len(below) > 1 and any(kink.kind == "jump" for kink in operation.kinks):
        total = total + _infinite(_jumps(operation, below, known, value, total))
    return total


def _jumps(
    operation: Operation, below: list[Value], known: list[Value], value: Value, total: Value
) -> Any:
    """Tell whether a jump, as of a remainder, lies within the errors of the operands."""
    function = rules_value(operation, not any(hasattr(number, "shape") for number in below))
    steady: Any = True
    for signs in product((-1, 1), repeat=len(below)):
        corner = [a + s * e for a, s, e in zip(below, signs, known, strict=True)]
        steady = steady & (abs(function(*corner) - value) <= 2 * total)
    return steady == False  # noqa: E712  # of arrays too


def _infinite(test: Any) -> Value:
    return _chosen(test, float("inf"), 0.0)


def _chosen(test: Any, first: Value, second: Value) -> Value:
    if hasattr(test, "shape"):
        import numpy

        return numpy.where(test, first, second)
    return first if test else second
