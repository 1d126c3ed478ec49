"""Arithmetic, comparison, indexing and shapes of tensors: each spells a row of the table."""

from __future__ import annotations

import operator
from functools import cache
from typing import Any

import numpy as np

from autodiff_cli.lab.apply import State, apply
from autodiff_cli.lab.division import floor_divide, remainder
from autodiff_cli.lab.errors import LabError, LabIndexError, LabTypeError
from autodiff_cli.ops import (
    ABS,
    ADD,
    COMPARISONS,
    DIVIDE,
    MULTIPLY,
    NEGATE,
    OPERATIONS,
    POWER,
    SUBTRACT,
)
from autodiff_cli.ops.shapes import INDEX, MATMUL


@cache
def rows_of_numpy() -> dict[Any, Any]:
    """Return NumPy function → the row that it computes."""
    named = {getattr(np, row.numpy): row for row in OPERATIONS if hasattr(np, row.numpy)}
    return named | {np.matmul: MATMUL}


class Operators(State):
    """The operators. A number, a NumPy array or a tensor may stand on either side."""

    def _with(self, row: Any, *operands: Any) -> Any:
        for operand in operands:
            if not isinstance(operand, State):
                break
        else:
            return apply(row, *operands)
        ready = [self.operand(operand) for operand in operands]
        return NotImplemented if any(k is None for k in ready) else apply(row, *ready)

    @classmethod
    def operand(cls, value: Any) -> Any:
        """Return a tensor or a number for what stands beside a tensor; None if it cannot.

        A NumPy array is copied: a change of it later on cannot spoil what backward needs.
        """
        if isinstance(value, State) or type(value) in (int, float, bool):
            return value
        if isinstance(value, np.generic) and value.dtype.kind in "fiub":
            return value.item()
        if isinstance(value, np.ndarray) and value.dtype.kind in "fiub":
            return cls.make(np.array(value))
        return None

    def __array_ufunc__(self, ufunc: Any, method: str, *inputs: Any, **options: Any) -> Any:
        """Answer NumPy's own functions: `array * x` and `np.sin(x)` are rows of the table too."""
        row = rows_of_numpy().get(ufunc)
        if row is None or method != "__call__" or options:
            return NotImplemented
        return self._with(row, *inputs)

    def __add__(self, other: Any) -> Any:
        return self._with(ADD, self, other)

    def __radd__(self, other: Any) -> Any:
        return self._with(ADD, other, self)

    def __sub__(self, other: Any) -> Any:
        return self._with(SUBTRACT, self, other)

    def __rsub__(self, other: Any) -> Any:
        return self._with(SUBTRACT, other, self)

    def __mul__(self, other: Any) -> Any:
        return self._with(MULTIPLY, self, other)

    def __rmul__(self, other: Any) -> Any:
        return self._with(MULTIPLY, other, self)

    def __truediv__(self, other: Any) -> Any:
        return self._with(DIVIDE, self, other)

    def __rtruediv__(self, other: Any) -> Any:
        return self._with(DIVIDE, other, self)

    def __pow__(self, other: Any) -> Any:
        return self._with(POWER, self, other)

    def __rpow__(self, other: Any) -> Any:
        return self._with(POWER, other, self)

    def __matmul__(self, other: Any) -> Any:
        return self._product(self, other)

    def _product(self, *operands: Any) -> Any:
        ready = [self.operand(operand) for operand in operands]
        return apply(MATMUL, *ready) if all(isinstance(k, State) for k in ready) else NotImplemented

    def __rmatmul__(self, other: Any) -> Any:
        return self._product(other, self)

    def __neg__(self) -> Any:
        return apply(NEGATE, self)

    def __pos__(self) -> Any:
        return self

    def __abs__(self) -> Any:
        return apply(ABS, self)

    def __lt__(self, other: Any) -> Any:
        return self._with(COMPARISONS["<"], self, other)

    def __le__(self, other: Any) -> Any:
        return self._with(COMPARISONS["<="], self, other)

    def __gt__(self, other: Any) -> Any:
        return self._with(COMPARISONS[">"], self, other)

    def __ge__(self, other: Any) -> Any:
        return self._with(COMPARISONS[">="], self, other)

    def __eq__(self, other: Any) -> Any:
        return self._with(COMPARISONS["=="], self, other)

    def __ne__(self, other: Any) -> Any:
        return self._with(COMPARISONS["!="], self, other)

    __hash__ = object.__hash__  # elements are compared by ==, tensors by identity

    def __getitem__(self, key: Any) -> Any:
        key = checked_key(self, key)
        first, rest = _in_two(key)
        part = apply(INDEX, self, key=first)
        return part if rest is None else apply(INDEX, part, key=rest)

    def __floordiv__(self, other: Any) -> Any:
        return self._made(floor_divide, self, other)

    def __rfloordiv__(self, other: Any) -> Any:
        return self._made(floor_divide, other, self)

    def __mod__(self, other: Any) -> Any:
        return self._made(remainder, self, other)

    def __rmod__(self, other: Any) -> Any:
        return self._made(remainder, other, self)

    def __invert__(self) -> Any:
        return self.make(np.invert(self.array))

    def __and__(self, other: Any) -> Any:
        return self.make(np.bitwise_and(self.array, getattr(other, "array", other)))

    def __or__(self, other: Any) -> Any:
        return self.make(np.bitwise_or(self.array, getattr(other, "array", other)))

    def __xor__(self, other: Any) -> Any:
        return self.make(np.bitwise_xor(self.array, getattr(other, "array", other)))

    def _made(self, function: Any, *operands: Any) -> Any:
        ready = [self.operand(operand) for operand in operands]
        return NotImplemented if any(k is None for k in ready) else function(*ready)


def checked_key(of: State, key: Any) -> Any:
    """Return an index with tensors, arrays and lists as arrays of its own.

    Raises:
        LabIndexError: an index that PyTorch does not take.
    """
    if isinstance(key, tuple):
        if sum(part is not None and part is not ... for part in key) > of.ndim and all(
            isinstance(part, (int, slice)) or part is None or part is ... for part in key
        ):
            raise LabIndexError(
                f"{len(key)} indices for a tensor of shape {of.array.shape}",
                mend=f"write at most {of.ndim}",
            )
        return tuple([_part(part) for part in key])
    return _part(key)


def _part(key: Any) -> Any:
    if isinstance(key, State):
        array = key.array
        if array.dtype.kind == "f":
            raise LabIndexError("an index of numbers with a point", mend="write index.long()")
        return int(array) if not array.ndim and array.dtype.kind != "b" else np.array(array)
    if isinstance(key, (list, range, np.ndarray)):
        found = np.array([_part(part) for part in key] if isinstance(key, list) else key)
        return found if found.size else found.astype(int)
    if isinstance(key, slice):
        if key.step is not None and operator.index(key.step) <= 0:
            raise LabError("a step must be greater than 0", mend="write x.flip(0) to turn it")
        return slice(*(k if k is None else operator.index(k) for k in
                       (key.start, key.stop, key.step)))  # fmt: skip
    if isinstance(key, str):
        raise LabTypeError(f"{key!r} is no index", mend="write a number, a slice or a mask")
    return key


def _in_two(key: Any) -> tuple[Any, Any]:
    """Return an index in two steps: numbers beside arrays are taken first, as PyTorch does.

    NumPy would count a number among the arrays, and order the axes differently.
    """
    if not isinstance(key, tuple):
        return key, None
    arrays = [isinstance(part, np.ndarray) for part in key]
    if not any(arrays) or not any(isinstance(part, (int, np.integer)) for part in key):
        return key, None
    first: list[Any] = []
    rest: list[Any] = []
    for part, is_array in zip(key, arrays, strict=True):
        if is_array:
            first += [slice(None)] * (part.ndim if part.dtype.kind == "b" else 1)
            rest.append(part)
        else:
            first.append(part)
            if not isinstance(part, (int, np.integer)):
                rest.append(part if part is ... else slice(None))
    return tuple(first), tuple(rest)
