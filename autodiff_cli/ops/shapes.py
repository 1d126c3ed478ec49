"""The second family of the table: shape operations, each a linear map and its transpose.

A linear map is its own derivative, so reverse mode applies its transpose, and that is again a
map of this family. Transposes are written over `do`, which carries out a row on whatever the
adjoint is: on arrays, or on tensors that record the derivative to differentiate it again.
Needs NumPy: only what computes with shapes imports it.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from autodiff_cli.ops.row import OPERANDS

Shape = tuple[int, ...]
Do = Callable[..., Any]


@dataclass(frozen=True, slots=True)
class Place:
    """Where a map stands: what its transpose may need to know.

    Attributes:
        shapes: shape of each operand.
        dtype: type of the operands' numbers.
        parameters: the map's parameters by name.
        values: "a" or "b" → the operand's value, for maps that are linear in each of two operands.
    """

    shapes: tuple[Shape, ...]
    dtype: Any
    parameters: Mapping[str, Any] = field(default_factory=dict)
    values: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class LinearMap:
    """One shape operation. Rows are compared by identity.

    Attributes:
        name: identifier.
        value: NumPy function of the operands and the parameters.
        transposes: for each operand a function (do, adjoint, place) → the operand's adjoint.
        summary: what it is, a phrase for a student.
        keeps: for each operand the letters of the operands whose values its transpose needs.
        keeps_key: True where the transpose needs the `key` even if it is a plain slice.
    """

    name: str
    value: Callable[..., Any]
    transposes: tuple[Callable[[Do, Any, Place], Any], ...]
    summary: str
    keeps: tuple[str, ...] = ("",)
    keeps_key: bool = False

    def saves(self, position: int, parameters: Mapping[str, Any]) -> tuple[str, ...]:
        """Return what must be kept for the transpose of one operand: "a", "b" or "key"."""
        key = parameters.get("key", ())
        parts = key if isinstance(key, tuple) else (key,)
        kept = "key" in parameters and (
            self.keeps_key or any(isinstance(part, np.ndarray) for part in parts)
        )
        return tuple(letter for letter in OPERANDS if letter in self.keeps[position]) + (
            ("key",) if kept else ()
        )


def fit(do: Do, adjoint: Any, shape: Shape) -> Any:
    """Return an adjoint summed over the axes along which an operand of `shape` was broadcast."""
    return adjoint if adjoint.shape == shape else do(SUM_TO, adjoint, shape=shape)


def kept_axes(shape: Shape, axis: Any) -> Shape:
    """Return `shape` with the axes that a sum removes as 1."""
    axes = range(len(shape)) if axis is None else axis if isinstance(axis, tuple) else (axis,)
    gone = {k % len(shape) for k in axes} if shape else set()
    return tuple(1 if k in gone else length for k, length in enumerate(shape))


def _sum_to(a: Any, *, shape: Shape) -> Any:
    lead = a.ndim - len(shape)
    axes = [*range(lead), *(lead + k for k, length in enumerate(shape) if length == 1)]
    return np.reshape(np.sum(a, axis=tuple(axes)), shape)


def _spread(do: Do, adjoint: Any, place: Place) -> Any:
    (shape,) = place.shapes
    kept = do(RESHAPE, adjoint, shape=kept_axes(shape, place.parameters["axis"]))
    return do(EXPAND, kept, shape=shape)


def _share(do: Do, adjoint: Any, place: Place) -> Any:
    count = math.prod(place.shapes[0]) / max(1, math.prod(adjoint.shape))
    return do(SCALE, _spread(do, adjoint, place), factor=1 / count if count else math.nan)


def _index(a: Any, *, key: Any) -> Any:
    part = a[key]
    if not isinstance(part, np.generic):
        return part
    return a[(*key, ...) if isinstance(key, tuple) else (key, ...)]  # one number, as a view


def _scatter(a: Any, *, key: Any, shape: Shape) -> Any:
    result = np.zeros(shape, a.dtype)
    np.add.at(result, key, a)
    return result


def _erase(a: Any, *, key: Any) -> Any:
    result = np.array(a)
    result[key] = 0
    return result


def _put(a: Any, b: Any, *, key: Any) -> Any:
    result = np.array(a)
    result[key] = b
    return result


def _swap(do: Do, a: Any) -> Any:
    return do(PERMUTE, a, axes=(*range(len(a.shape) - 2), len(a.shape) - 1, len(a.shape) - 2))


def _as_matrices(do: Do, place: Place, adjoint: Any) -> tuple[Shape, Shape, Any]:
    """Return the operands' shapes with vectors as a row and a column, and the adjoint likewise."""
    first, second = place.shapes
    row = first if len(first) > 1 else (1, *first)
    column = second if len(second) > 1 else (*second, 1)
    batch = np.broadcast_shapes(row[:-2], column[:-2])
    return row, column, do(RESHAPE, adjoint, shape=(*batch, row[-2], column[-1]))


def _matmul_left(do: Do, adjoint: Any, place: Place) -> Any:
    row, column, product = _as_matrices(do, place, adjoint)
    other = _swap(do, do(RESHAPE, place.values["b"], shape=column))
    return do(RESHAPE, fit(do, do(MATMUL, product, other), row), shape=place.shapes[0])


def _matmul_right(do: Do, adjoint: Any, place: Place) -> Any:
    row, column, product = _as_matrices(do, place, adjoint)
    other = _swap(do, do(RESHAPE, place.values["a"], shape=row))
    return do(RESHAPE, fit(do, do(MATMUL, other, product), column), shape=place.shapes[1])


RESHAPE: LinearMap = LinearMap(
    name="reshape", summary="the same numbers in another shape",
    value=lambda a, *, shape: np.reshape(a, shape),
    transposes=(lambda do, adjoint, at: do(RESHAPE, adjoint, shape=at.shapes[0]),),
)  # fmt: skip
PERMUTE: LinearMap = LinearMap(
    name="permute", summary="the axes in another order; .T turns them around",
    value=lambda a, *, axes: np.transpose(a, axes),
    transposes=(lambda do, adjoint, at:
                do(PERMUTE, adjoint, axes=tuple(np.argsort(at.parameters["axes"]).tolist())),),
)  # fmt: skip
EXPAND: LinearMap = LinearMap(
    name="expand", summary="a copy along each axis of length 1, as broadcasting makes it",
    value=lambda a, *, shape: np.broadcast_to(a, shape),
    transposes=(lambda do, adjoint, at: do(SUM_TO, adjoint, shape=at.shapes[0]),),
)  # fmt: skip
SUM_TO: LinearMap = LinearMap(
    name="sum_to", summary="the sum over the axes that broadcasting added",
    value=_sum_to,
    transposes=(lambda do, adjoint, at: do(EXPAND, adjoint, shape=at.shapes[0]),),
)  # fmt: skip
SUM: LinearMap = LinearMap(
    name="sum", summary="the sum over axes",
    value=lambda a, *, axis, keepdim: np.sum(a, axis=axis, keepdims=keepdim),
    transposes=(_spread,),
)  # fmt: skip
MEAN: LinearMap = LinearMap(
    name="mean", summary="the mean over axes",
    value=lambda a, *, axis, keepdim: np.mean(a, axis=axis, keepdims=keepdim),
    transposes=(_share,),
)  # fmt: skip
SCALE: LinearMap = LinearMap(
    name="scale", summary="a constant number times every element",
    value=lambda a, *, factor: a * factor,
    transposes=(lambda do, adjoint, at: do(SCALE, adjoint, **at.parameters),),
)  # fmt: skip
CONVERT: LinearMap = LinearMap(
    name="convert", summary="the same numbers as another type",
    value=lambda a, *, dtype: np.asarray(a, dtype),
    transposes=(lambda do, adjoint, at: do(CONVERT, adjoint, dtype=at.dtype),),
)  # fmt: skip
INDEX: LinearMap = LinearMap(
    name="index", summary="some of the elements: a[key]",
    value=_index,
    transposes=(lambda do, adjoint, at:
                do(SCATTER, adjoint, key=at.parameters["key"], shape=at.shapes[0]),),
)  # fmt: skip
SCATTER: LinearMap = LinearMap(
    name="scatter", summary="the elements added into zeros at a key",
    value=_scatter,
    transposes=(lambda do, adjoint, at: do(INDEX, adjoint, key=at.parameters["key"]),),
)  # fmt: skip
ERASE: LinearMap = LinearMap(
    name="erase", summary="zeros at a key",
    value=_erase,
    transposes=(lambda do, adjoint, at: do(ERASE, adjoint, key=at.parameters["key"]),),
)  # fmt: skip
PUT: LinearMap = LinearMap(
    name="put", summary="a with b written at a key: a[key] = b",
    value=_put,
    transposes=(lambda do, adjoint, at: do(ERASE, adjoint, key=at.parameters["key"]),
                lambda do, adjoint, at:
                fit(do, do(INDEX, adjoint, key=at.parameters["key"]), at.shapes[1])),
    keeps=("", ""), keeps_key=True,
)  # fmt: skip
MATMUL: LinearMap = LinearMap(
    name="matmul", summary="matrix product, linear in each operand",
    value=np.matmul,
    transposes=(_matmul_left, _matmul_right),
    keeps=("b", "a"),
)  # fmt: skip

SHAPES = (
    RESHAPE, PERMUTE, EXPAND, SUM_TO, SUM, MEAN, SCALE, CONVERT, INDEX, SCATTER, ERASE, PUT, MATMUL,
)  # fmt: skip
