"""Which type of numbers an operation gets, where its operands have several."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from autodiff_cli.lab.dtypes import default_type, number_type, promoted, wider
from autodiff_cli.lab.errors import LabError
from autodiff_cli.lab.tape import Row
from autodiff_cli.ops import ABS, ADD, MULTIPLY, NEGATE, POWER, SUBTRACT, WHERE, find
from autodiff_cli.ops.row import COMPARISON, Operation
from autodiff_cli.ops.shapes import CONVERT, MATMUL, PUT

#: Operations that keep whole numbers whole.
WHOLE = {
    ADD, SUBTRACT, MULTIPLY, NEGATE, ABS, POWER, WHERE, find("sign", 1), find("max", 2),
    find("min", 2), find("floor", 1), find("ceil", 1), find("relu", 1),
}  # fmt: skip


def one_type(
    row: Row, operands: tuple[Any, ...], apply: Callable[..., Any]
) -> tuple[tuple[Any, ...], np.dtype[Any] | None]:
    """Return the operands with one type of numbers, and the result's type where it is known.

    Args:
        row: the operation.
        operands: tensors and Python numbers.
        apply: carries out the conversions, recorded.
    """
    if not isinstance(row, Operation):
        if row is PUT:
            return (operands[0], _as(operands[1], operands[0].array.dtype, apply)), None
        if row is MATMUL and operands[0].array.dtype != operands[1].array.dtype:
            kinds = " and ".join(str(operand.array.dtype) for operand in operands)
            raise LabError(
                f"matmul: both operands have one type of numbers, and these have {kinds}",
                mend="write x.double() or x.float()",
            )
        return operands, None
    rest = operands[1:] if row is WHERE else operands
    axes = points = numbers = None
    for operand in rest:
        array = getattr(operand, "array", None)
        if array is None:
            kind = number_type(operand)
            numbers = kind if numbers is None else wider(numbers, kind)
        elif array.ndim:
            axes = array.dtype if axes is None else wider(axes, array.dtype)
        else:
            points = array.dtype if points is None else wider(points, array.dtype)
    common = promoted(axes, points, numbers)
    comparing = row.precedence == COMPARISON
    if common.kind != "f" and not comparing and row not in WHOLE:
        common = default_type()
    elif common.kind == "b" and row in (SUBTRACT, NEGATE):
        raise LabError(f"{row.name} of truth values", mend="write ~x for the opposite of a mask")
    rest = tuple([_as(operand, common, apply) for operand in rest])
    ready = (operands[0], *rest) if row is WHERE else rest
    return ready, None if comparing else common


def _as(operand: Any, dtype: np.dtype[Any], apply: Callable[..., Any]) -> Any:
    """Return a tensor as another type of numbers, recorded; a Python number as it is."""
    array = getattr(operand, "array", None)
    if array is None and dtype.kind in "iu" and dtype.itemsize < 8:
        return int(np.asarray(operand).astype(dtype))  # as few bytes hold it
    if array is None or array.dtype == dtype:
        return operand
    return apply(CONVERT, operand, dtype=dtype)
