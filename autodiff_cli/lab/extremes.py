"""The largest, the smallest, and the order of numbers: the elements that were found, by index."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

from autodiff_cli.lab.apply import State, apply
from autodiff_cli.lab.axes import one_axis, some_axes
from autodiff_cli.lab.errors import LabError, LabIndexError
from autodiff_cli.lab.reductions import sum
from autodiff_cli.lab.shaping import flatten
from autodiff_cli.ops import ADD, DIVIDE, SUBTRACT, WHERE, find
from autodiff_cli.ops.shapes import INDEX, RESHAPE

LARGER, SMALLER = find("max", 2), find("min", 2)


class Found(NamedTuple):
    """Elements along an axis, and where they stood."""

    values: Any
    indices: Any

    def __repr__(self) -> str:
        name = type(self).__name__
        return f"torch.return_types.{name}(\nvalues={self.values},\nindices={self.indices})"


#: What `max(dim)` and its kin return, under the name that is printed.
KINDS = {name: type(name, (Found,), {}) for name in ("max", "min", "sort", "topk", "median")}


def along(x: Any, index: np.ndarray[Any, Any], axis: int) -> Any:
    """Return x[…, index, …]: the elements at an index along one axis, of the index's shape."""
    if not x.array.ndim:
        return x
    grid = list(np.indices(index.shape, sparse=True))
    grid[axis] = index
    return apply(INDEX, x, key=tuple(grid))


def _chosen(kind: str, x: Any, index: Any, axis: int, keepdim: bool) -> Any:
    """Return the elements at an index of length 1 along an axis, and the index."""
    values, indices = along(x, index, axis), x.make(np.asarray(index))
    if not keepdim and x.array.ndim:
        shape = tuple(n for k, n in enumerate(index.shape) if k != axis)
        values, indices = (apply(RESHAPE, k, shape=shape) for k in (values, indices))
    return KINDS[kind](values, indices)


def _extreme(kind: str, x: Any, dim: Any, keepdim: bool, other: Any) -> Any:
    other = dim if isinstance(dim, State) else other
    if other is not None:
        return apply(LARGER if kind == "max" else SMALLER, x, other)
    if not x.array.size:
        raise LabIndexError(f"{kind} of no numbers")
    if dim is None:
        return _shared(kind, x, None, False)
    place = one_axis(x.array.ndim, dim)
    find_index = np.argmax if kind == "max" else np.argmin
    index = find_index(x.array, axis=place, keepdims=True) if x.array.ndim else np.array(0)
    return _chosen(kind, x, index, place, keepdim)


def max(x: Any, dim: Any = None, keepdim: bool = False, *, other: Any = None) -> Any:
    """Return the largest number; along an axis with its index; of two tensors, each larger one."""
    return _extreme("max", x, dim, keepdim, other)


def min(x: Any, dim: Any = None, keepdim: bool = False, *, other: Any = None) -> Any:
    """Return the smallest number; along an axis with its index; of two tensors, each smaller."""
    return _extreme("min", x, dim, keepdim, other)


def _shared(kind: str, x: Any, dim: Any, keepdim: bool) -> Any:
    """Return the extreme along axes; where several elements have it, they share its slope."""
    axes = some_axes(x.array.ndim, dim)
    top = getattr(np, kind)(x.array, axis=axes or None, keepdims=True)
    here = np.isnan(x.array) | (x.array == top) if x.array.dtype.kind == "f" else x.array == top
    count = np.sum(here, axis=axes or None, keepdims=True)
    shape = tuple(n for k, n in enumerate(top.shape) if keepdim or k not in axes)
    if x.array.dtype.kind != "f":
        return x.make(top.reshape(shape))
    finite = x.make(np.where(np.isfinite(top), top, np.zeros_like(top)))
    level = apply(SUBTRACT, apply(WHERE, x.make(here), x, finite), finite)  # 0, with x's slope
    share = apply(DIVIDE, sum(level, axes, True), x.make(count.astype(x.array.dtype)))
    return apply(RESHAPE, apply(ADD, share, finite), shape=shape)


def amax(x: Any, dim: Any = None, keepdim: bool = False) -> Any:
    """Return the largest number along axes; equal ones share the slope."""
    return _shared("max", x, dim, keepdim)


def amin(x: Any, dim: Any = None, keepdim: bool = False) -> Any:
    """Return the smallest number along axes; equal ones share the slope."""
    return _shared("min", x, dim, keepdim)


def argmax(x: Any, dim: Any = None, keepdim: bool = False) -> Any:
    """Return where the largest number stands: in the flattened tensor, or along an axis."""
    axis = None if dim is None else one_axis(x.array.ndim, dim)
    axis = axis if x.array.ndim else None
    return x.make(np.asarray(x.array.argmax(axis=axis, keepdims=keepdim)))


def argmin(x: Any, dim: Any = None, keepdim: bool = False) -> Any:
    """Return where the smallest number stands: in the flattened tensor, or along an axis."""
    axis = None if dim is None else one_axis(x.array.ndim, dim)
    axis = axis if x.array.ndim else None
    return x.make(np.asarray(x.array.argmin(axis=axis, keepdims=keepdim)))


def _order(x: Any, axis: int, descending: bool) -> Any:
    if not x.array.ndim:
        return np.array(0)
    if not descending:
        return np.argsort(x.array, axis=axis, kind="stable")
    turned = np.argsort(np.flip(x.array, axis), axis=axis, kind="stable")
    return x.array.shape[axis] - 1 - np.flip(turned, axis)


def sort(x: Any, dim: int = -1, descending: bool = False, *, stable: bool = True) -> Any:
    """Return the numbers in order along an axis, and where they stood."""
    place = one_axis(x.array.ndim, dim)
    index = _order(x, place, descending)
    return KINDS["sort"](along(x, index, place), x.make(np.array(index)))


def argsort(x: Any, dim: int = -1, descending: bool = False, *, stable: bool = True) -> Any:
    """Return where the numbers stand that follow each other in order."""
    return sort(x, dim, descending).indices


def topk(x: Any, k: int, dim: int = -1, largest: bool = True, sorted: bool = True) -> Any:
    """Return the k largest numbers along an axis, and where they stood."""
    place = one_axis(x.array.ndim, dim)
    if x.array.ndim and not 0 <= k <= x.array.shape[place]:
        raise LabError(f"topk: {k} of {x.array.shape[place]} numbers")
    index = _order(x, place, largest)
    index = np.take(index, np.arange(k), place) if x.array.ndim else index
    return KINDS["topk"](along(x, index, place), x.make(np.array(index)))


def median(x: Any, dim: Any = None, keepdim: bool = False) -> Any:
    """Return the middle number; of two, the smaller."""
    if dim is None:
        return median(flatten(x), 0).values
    place = one_axis(x.array.ndim, dim)
    middle = (x.array.shape[place] - 1) // 2
    index = np.take(_order(x, place, False), [middle], place)
    return _chosen("median", x, index, place, keepdim)


METHODS = (max, min, amax, amin, argmax, argmin, sort, argsort, topk, median)
