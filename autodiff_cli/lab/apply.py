"""What every lab tensor is made of, and `apply`, the one way an operation is carried out.

`apply` computes with the operation table's array functions and records a TapeEntry wherever an
operand is to be differentiated.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from autodiff_cli.engine import arrays, rules
from autodiff_cli.lab.errors import LabError
from autodiff_cli.lab.tape import Row, Saved, TapeEntry, Version, recording, shape_text
from autodiff_cli.ops import ABS, ADD, MULTIPLY, NEGATE, SUBTRACT, WHERE, find
from autodiff_cli.ops.row import COMPARISON, Operation
from autodiff_cli.ops.shapes import CONVERT, INDEX, MATMUL, PERMUTE, PUT, RESHAPE

#: Operations that keep whole numbers whole.
WHOLE = {
    ADD,
    SUBTRACT,
    MULTIPLY,
    NEGATE,
    ABS,
    WHERE,
    find("sign", 1),
    find("max", 2),
    find("min", 2),
}

#: Maps whose result NumPy may hand out as a view of the operand's memory.
VIEWS = {INDEX, RESHAPE, PERMUTE}


class State:
    """An array, who made it, and how often it was changed. The array object never changes.

    Attributes:
        array: the numbers.
        version: counts changes in place; shared with every tensor on the same memory.
        grad_fn: the TapeEntry that made it; None for a leaf.
        wanted: True for a leaf whose gradient is wanted.
        part: True for a copy of a part of a recorded tensor, which must not be written to.
    """

    array: np.ndarray[Any, Any]
    version: Version
    grad_fn: TapeEntry | None
    wanted: bool
    part: bool
    _grad: Any

    @classmethod
    def make(
        cls, array: Any, version: Version | None = None, grad_fn: TapeEntry | None = None
    ) -> Any:
        """Return a tensor on this array, without a copy."""
        tensor = cls.__new__(cls)
        tensor.array, tensor.version = array, version or Version()
        tensor.grad_fn, tensor.wanted, tensor.part, tensor._grad = grad_fn, False, False, None
        return tensor

    @property
    def origin(self) -> Any:
        """What an adjoint that arrives here belongs to: the TapeEntry, this leaf, or None."""
        return self.grad_fn or (self if self.wanted else None)

    @property
    def requires_grad(self) -> bool:
        """True where operations on this tensor are recorded."""
        return self.origin is not None

    @property
    def shape(self) -> tuple[int, ...]:
        """Length of each axis."""
        return tuple(self.array.shape)

    @property
    def ndim(self) -> int:
        """Number of axes."""
        return self.array.ndim

    @property
    def dtype(self) -> Any:
        """Type of the numbers, NumPy's."""
        return self.array.dtype


def apply(row: Row, *operands: Any, **parameters: Any) -> Any:
    """Carry out a row on tensors and Python numbers and record it; on numbers alone, compute.

    Raises:
        LabError: the operands' shapes do not go together.
    """
    first = next((operand for operand in operands if isinstance(operand, State)), None)
    if first is None and isinstance(row, Operation):
        return rules.value(row)(*[float(operand) for operand in operands])
    assert first is not None
    operands = one_type(row, operands)
    values = [operand.array if isinstance(operand, State) else operand for operand in operands]
    array = np.asarray(_compute(row, values, parameters))
    shares = row in VIEWS and np.may_share_memory(array, values[0])
    origins: tuple[Any, ...] = ()
    if array.dtype.kind == "f" and recording():
        origins = tuple([getattr(operand, "origin", None) for operand in operands])
    if not any(origin is not None for origin in origins):
        return first.make(array, first.version if shares else None)
    result = first.make(np.array(array) if shares else array)
    result.part = shares
    result.grad_fn = _record(row, operands, values, parameters, origins, result)
    return result


def _compute(row: Row, values: list[Any], parameters: dict[str, Any]) -> Any:
    try:
        if isinstance(row, Operation):
            return arrays.value(row)(*values)
        with np.errstate(all="ignore"):
            return row.value(*values, **parameters)
    except ValueError as error:
        shapes = " and ".join(shape_text(value) for value in values)
        raise LabError(*_shape_error(row, shapes, parameters)) from error


def _shape_error(row: Row, shapes: str, parameters: dict[str, Any]) -> tuple[str]:
    if row is MATMUL:
        why = "the last axis of the first must be as long as the first axis of the second"
    elif row is RESHAPE:
        return (f"reshape: {shapes} has another count of numbers than {parameters['shape']}",)
    elif isinstance(row, Operation) or row is PUT:
        why = "counted from the last axis, lengths must be equal or one of them 1"
    else:
        why = ", ".join(f"{name}={value}" for name, value in parameters.items())
        return (f"{row.name}: a tensor of shape {shapes} has no {why}",)
    return (f"{row.name}: the shapes {shapes} do not go together; {why}",)


def _record(
    row: Row,
    operands: Sequence[Any],
    values: list[Any],
    parameters: dict[str, Any],
    origins: tuple[Any, ...],
    result: State,
) -> TapeEntry:
    shapes = tuple([getattr(value, "shape", ()) for value in values])
    step = TapeEntry(row, parameters, origins, shapes, result.array.dtype)
    if row is CONVERT:
        step.dtype = values[0].dtype
    saved = {}
    for letter in step.needs:
        if letter == "y":
            saved[letter] = Saved.of(result.array, result.version)
        elif letter == "key":
            saved[letter] = Saved.of(parameters["key"], None)
        else:
            operand = operands["abc".index(letter)]
            saved[letter] = Saved.of(values["abc".index(letter)], getattr(operand, "version", None))
    step.saved = saved
    return step


def one_type(row: Row, operands: tuple[Any, ...]) -> tuple[Any, ...]:
    """Return the operands with one type of numbers; a tensor of shape () follows the others."""
    if len(operands) == 1 and not isinstance(row, Operation):
        return operands
    if row is PUT:
        return operands[0], convert(operands[1], operands[0].array.dtype)
    kinds = {operand.array.dtype for operand in operands if isinstance(operand, State)}
    if kinds == {np.dtype(float)}:
        return operands
    choice, rest = (operands[:1], operands[1:]) if row is WHERE else ((), operands)
    found = [operand.array for operand in rest if isinstance(operand, State)]
    floats = [array for array in found if array.dtype.kind == "f"]
    types = [array.dtype for array in floats if array.ndim] or [array.dtype for array in floats]
    if types:
        common = np.result_type(*types)
    elif not isinstance(row, Operation) or row in WHOLE or row.precedence == COMPARISON:
        return operands
    else:
        common = np.dtype(float)
    return (*choice, *(convert(operand, common) for operand in rest))


def convert(operand: Any, dtype: Any) -> Any:
    """Return a tensor as another type of numbers, recorded; anything else as it is."""
    if not isinstance(operand, State) or operand.array.dtype == dtype:
        return operand
    return apply(CONVERT, operand, dtype=dtype)
