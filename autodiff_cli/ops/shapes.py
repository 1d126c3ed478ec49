"""The second family of the table: shape operations, each a linear map and its transpose.

Transposes are written over `do`, which carries out a row on whatever the adjoint is: on arrays,
or on tensors that record the derivative to differentiate it again.
Needs NumPy: only what computes with shapes imports it.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from autodiff_cli.ops.linear import Do, LinearMap, Path, Place, Shape, Transpose

__all__ = [
    "CAT", "CONVERT", "CUMSUM", "EINSUM", "ERASE", "EXPAND", "FLIP", "INDEX", "MATMUL", "MEAN",
    "PERMUTE", "PUT", "RESHAPE", "SCALE", "SCATTER", "SHAPES", "SUM", "SUM_TO", "LinearMap", "Path",
    "Place", "Shape", "fit", "kept_axes",
]  # fmt: skip


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
    if a.shape[lead:] == shape:  # axes in front alone
        return np.add.reduce(a, axis=0 if lead == 1 else tuple(range(lead)))
    axes = [*range(lead), *(lead + k for k, length in enumerate(shape) if length == 1)]
    return np.add.reduce(a, axis=tuple(axes)).reshape(shape)


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


def _put(a: Any, b: Any, *, path: Path) -> Any:
    result = np.array(a, order="C")
    if len(path) == 1 and path[0][0] is INDEX:
        result[path[0][1]["key"]] = b
    else:  # where each number of the part stands in the whole, whatever the layout in memory is
        places: Any = np.arange(result.size).reshape(result.shape)
        for row, parameters in path:
            places = row.value(places, **parameters)
        result.reshape(-1)[places] = b
    return result


def _follow(do: Do, whole: Any, path: Path) -> Any:
    for row, parameters in path:
        whole = do(row, whole, **parameters)
    return whole


def _piece(do: Do, adjoint: Any, place: Place, position: int) -> Any:
    axis = place.parameters["axis"]
    start = sum(shape[axis] for shape in place.shapes[:position])
    piece = slice(start, start + place.shapes[position][axis])
    return do(INDEX, adjoint, key=(*[slice(None)] * axis, piece))


def _turned_sum(do: Do, adjoint: Any, place: Place) -> Any:
    """Return the sums from the end: the transpose of the sums from the start."""
    turned = do(FLIP, adjoint, **place.parameters)
    return do(FLIP, do(CUMSUM, turned, **place.parameters), **place.parameters)


def _contract(position: int) -> Transpose:
    """Return the transpose of a contraction: the adjoint takes the place of the operand."""

    def transpose(do: Do, adjoint: Any, place: Place) -> Any:
        letters = place.parameters["letters"]
        mine, other, result = letters[position], letters[1 - position], letters[2]
        value = place.values["ba"[position]]
        return do(EINSUM, adjoint, value, letters=(result, other, mine))

    return transpose


def _inverse(axes: Any) -> tuple[int, ...]:
    """Return the order of axes that undoes another."""
    return tuple(sorted(range(len(axes)), key=axes.__getitem__))


def _swap(do: Do, a: Any) -> Any:
    ndim = len(a.shape)
    return do(PERMUTE, a, axes=(1, 0) if ndim == 2 else (*range(ndim - 2), ndim - 1, ndim - 2))


def _as_matrices(do: Do, place: Place, adjoint: Any) -> tuple[Shape, Shape, Any]:
    """Return the operands' shapes with vectors as a row and a column, and the adjoint likewise."""
    first, second = place.shapes
    row = first if len(first) > 1 else (1, *first)
    column = second if len(second) > 1 else (*second, 1)
    batch = np.broadcast_shapes(row[:-2], column[:-2])
    return row, column, do(RESHAPE, adjoint, shape=(*batch, row[-2], column[-1]))


def _matmul_left(do: Do, adjoint: Any, place: Place) -> Any:
    if len(place.shapes[0]) == len(place.shapes[1]) == 2:
        return do(MATMUL, adjoint, _swap(do, place.values["b"]))
    row, column, product = _as_matrices(do, place, adjoint)
    other = _swap(do, do(RESHAPE, place.values["b"], shape=column))
    return do(RESHAPE, fit(do, do(MATMUL, product, other), row), shape=place.shapes[0])


def _matmul_right(do: Do, adjoint: Any, place: Place) -> Any:
    if len(place.shapes[0]) == len(place.shapes[1]) == 2:
        return do(MATMUL, _swap(do, place.values["a"]), adjoint)
    row, column, product = _as_matrices(do, place, adjoint)
    other = _swap(do, do(RESHAPE, place.values["a"], shape=row))
    return do(RESHAPE, fit(do, do(MATMUL, other, product), column), shape=place.shapes[1])


RESHAPE: LinearMap = LinearMap(
    name="reshape", summary="the same numbers in another shape",
    value=lambda a, *, shape: a.reshape(shape),
    transposes=(lambda do, adjoint, at: do(RESHAPE, adjoint, shape=at.shapes[0]),),
)  # fmt: skip
PERMUTE: LinearMap = LinearMap(
    name="permute", summary="the axes in another order; .T turns them around",
    value=lambda a, *, axes: a.transpose(axes),
    transposes=(lambda do, adjoint, at:
                do(PERMUTE, adjoint, axes=_inverse(at.parameters["axes"])),),
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
    value=lambda a, *, axis, keepdim: np.add.reduce(a, axis=axis, keepdims=keepdim),
    transposes=(_spread,),
)  # fmt: skip
MEAN: LinearMap = LinearMap(
    name="mean", summary="the mean over axes",
    value=lambda a, *, axis, keepdim: a.mean(axis=axis, keepdims=keepdim),
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
    name="erase", summary="zeros at the end of a path",
    value=lambda a, *, path: _put(a, 0, path=path),
    transposes=(lambda do, adjoint, at: do(ERASE, adjoint, **at.parameters),),
)  # fmt: skip
PUT: LinearMap = LinearMap(
    name="put", summary="a with b written at the end of a path: a[key] = b",
    value=_put,
    transposes=(lambda do, adjoint, at: do(ERASE, adjoint, **at.parameters),
                lambda do, adjoint, at:
                fit(do, _follow(do, adjoint, at.parameters["path"]), at.shapes[1])),
    keeps=("", ""), keeps_key=True,
)  # fmt: skip
CAT: LinearMap = LinearMap(
    name="cat", summary="tensors one after the other along an axis",
    value=lambda *arrays, axis: np.concatenate(arrays, axis),
    transposes=(_piece,), variadic=True,
)  # fmt: skip
FLIP: LinearMap = LinearMap(
    name="flip", summary="the same numbers in the opposite order along axes",
    value=lambda a, *, axis: np.flip(a, axis).copy(),
    transposes=(lambda do, adjoint, at: do(FLIP, adjoint, **at.parameters),),
)  # fmt: skip
CUMSUM: LinearMap = LinearMap(
    name="cumsum", summary="the sums from the start of an axis",
    value=lambda a, *, axis: np.cumsum(a, axis),
    transposes=(_turned_sum,),
)  # fmt: skip
EINSUM: LinearMap = LinearMap(
    # Each letter of an operand stands in the other operand or in the result, and once in each.
    name="einsum", summary="sums of products along named axes, linear in each operand",
    value=lambda a, b, *, letters: np.einsum("{},{}->{}".format(*letters), a, b, optimize=True),
    transposes=(_contract(0), _contract(1)),
    keeps=("b", "a"),
)  # fmt: skip
MATMUL: LinearMap = LinearMap(
    name="matmul", summary="matrix product, linear in each operand",
    value=np.matmul,
    transposes=(_matmul_left, _matmul_right),
    keeps=("b", "a"),
)  # fmt: skip

SHAPES = (
    RESHAPE, PERMUTE, EXPAND, SUM_TO, SUM, MEAN, SCALE, CONVERT, INDEX, SCATTER, ERASE, PUT, CAT,
    FLIP, CUMSUM, EINSUM, MATMUL,
)  # fmt: skip
