"""Arithmetic, comparison, indexing and shapes of tensors: each spells a row of the table."""

from __future__ import annotations

import operator
from functools import cache
from typing import Any

import numpy as np

from autodiff_cli.lab.apply import State, apply
from autodiff_cli.lab.errors import LabError
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
from autodiff_cli.ops.shapes import INDEX, MATMUL, MEAN, PERMUTE, RESHAPE, SUM


@cache
def rows_of_numpy() -> dict[Any, Any]:
    """Return NumPy function → the row that it computes."""
    named = {getattr(np, row.numpy): row for row in OPERATIONS if hasattr(np, row.numpy)}
    return named | {np.matmul: MATMUL}


class Operators(State):
    """The operators. A number, a NumPy array or a tensor may stand on either side."""

    def _with(self, row: Any, *operands: Any) -> Any:
        ready = [self.operand(operand) for operand in operands]
        if any(operand is None for operand in ready):
            return NotImplemented
        return apply(row, *ready)

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
        return self._with(MATMUL, self, other)

    def __rmatmul__(self, other: Any) -> Any:
        return self._with(MATMUL, other, self)

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
        return apply(INDEX, self, key=plain_key(key))

    @property
    def T(self) -> Any:
        """The tensor with its axes in the opposite order."""
        return apply(PERMUTE, self, axes=tuple(reversed(range(self.array.ndim))))

    def reshape(self, *shape: Any) -> Any:
        """Return the same numbers in another shape, written (2, 3) or ((2, 3)); one may be −1."""
        return apply(RESHAPE, self, shape=lengths(shape))

    def sum(self, axis: Any = None, keepdim: bool = False, *, dim: Any = None) -> Any:
        """Return the sum over one axis, several, or all; `dim` is another word for `axis`."""
        return apply(SUM, self, axis=self._axes(axis, dim), keepdim=keepdim)

    def mean(self, axis: Any = None, keepdim: bool = False, *, dim: Any = None) -> Any:
        """Return the mean over one axis, several, or all; `dim` is another word for `axis`."""
        if self.array.dtype.kind != "f":
            raise LabError(
                "the mean of whole numbers is not a whole number",
                mend="write x.double().mean()",
            )
        return apply(MEAN, self, axis=self._axes(axis, dim), keepdim=keepdim)

    def _axes(self, axis: Any, dim: Any) -> Any:
        """Return the axes meant by `axis` or `dim`; a tensor of shape () counts as one long."""
        chosen = axis if dim is None else dim
        if not self.array.ndim and chosen in (0, -1):
            return None
        return tuple(chosen) if isinstance(chosen, list) else chosen


def lengths(shape: tuple[Any, ...]) -> tuple[int, ...]:
    """Return the shape that is meant by f(2, 3), f((2, 3)) or f([2, 3])."""
    if len(shape) == 1 and isinstance(shape[0], (tuple, list)):
        shape = tuple(shape[0])
    return tuple(operator.index(length) for length in shape)


def plain_key(key: Any) -> Any:
    """Return an index with tensors, arrays and lists as arrays of its own."""
    if isinstance(key, tuple):
        return tuple(plain_key(part) for part in key)
    if isinstance(key, State):
        return np.array(key.array)
    return np.array(key) if isinstance(key, (np.ndarray, list)) else key
