"""Some of the elements, by a condition or an index: each is `where` or `index` of the table."""

from __future__ import annotations

from typing import Any

import numpy as np

from autodiff_cli.lab.apply import State, apply
from autodiff_cli.lab.axes import one_axis
from autodiff_cli.lab.errors import LabError, LabIndexError, LabTypeError
from autodiff_cli.lab.extremes import along
from autodiff_cli.lab.reductions import sum
from autodiff_cli.ops import ADD, WHERE
from autodiff_cli.ops.shapes import INDEX, PUT, SCATTER


def where(condition: Any, input: Any = None, other: Any = None) -> Any:
    """Return `input` where a condition holds, else `other`; of a condition alone, the places."""
    if input is None or other is None:
        return tuple(condition.make(places) for places in np.nonzero(condition.array))
    if not isinstance(condition, State):
        raise LabTypeError("where takes a tensor as its condition", mend="write where(x > 0, …)")
    return apply(WHERE, condition, input, other)


def chosen(x: Any, condition: Any, other: Any) -> Any:
    """Return x where a condition holds, else `other`: where(), as a method."""
    return apply(WHERE, condition, x, other)


def masked_fill(x: Any, mask: Any, value: Any) -> Any:
    """Return the tensor with one number where a mask is true."""
    if mask.array.dtype.kind != "b":
        raise LabError("masked_fill takes a mask of truth values", mend="write x > 0")
    return apply(WHERE, mask, value, x)


def masked_select(x: Any, mask: Any) -> Any:
    """Return the elements where a mask is true, in a row."""
    return apply(INDEX, x, key=np.broadcast_to(mask.array, x.array.shape))


def _index(name: str, index: Any, length: int) -> np.ndarray[Any, Any]:
    if not isinstance(index, State) or index.array.dtype.kind not in "iu":
        raise LabError(f"{name} takes an index of whole numbers", mend="write index.long()")
    if index.array.size and not (index.array.min() >= 0 and index.array.max() < length):
        raise LabIndexError(
            f"{name}: the index holds {index.array.max()}, and the axis has {length} places",
            mend=f"write whole numbers from 0 to {length - 1}",
        )
    return np.array(index.array)


def gather(x: Any, dim: int, index: Any) -> Any:
    """Return the elements at an index along one axis; the result has the index's shape."""
    place = one_axis(x.array.ndim, dim)
    return along(x, _index("gather", index, (x.array.shape or (1,))[place]), place)


def index_select(x: Any, dim: int, index: Any) -> Any:
    """Return some of the slices along an axis, in the order of an index."""
    place = one_axis(x.array.ndim, dim)
    key = _index("index_select", index, x.array.shape[place])
    return apply(INDEX, x, key=(*[slice(None)] * place, key))


def take(x: Any, index: Any) -> Any:
    """Return the elements at places counted in the flattened tensor."""
    return apply(INDEX, x.reshape(-1), key=_index("take", index, x.array.size))


def scatter(x: Any, dim: int, index: Any, src: Any) -> Any:
    """Return the tensor with numbers written at an index along one axis."""
    place = one_axis(x.array.ndim, dim)
    grid = _grid(_index("scatter", index, x.array.shape[place]), place)
    part = apply(INDEX, src, key=_corner(index)) if isinstance(src, State) else x.make(
        np.full(index.array.shape, src, x.array.dtype))  # fmt: skip
    return apply(PUT, x, part, path=((INDEX, {"key": grid}),))


def scatter_add(x: Any, dim: int, index: Any, src: Any) -> Any:
    """Return the tensor with numbers added at an index along one axis."""
    place = one_axis(x.array.ndim, dim)
    grid = _grid(_index("scatter_add", index, x.array.shape[place]), place)
    part = apply(INDEX, src, key=_corner(index))
    return apply(ADD, x, apply(SCATTER, part, key=grid, shape=x.array.shape))


def _grid(index: np.ndarray[Any, Any], axis: int) -> tuple[Any, ...]:
    grid = list(np.indices(index.shape, sparse=True))
    grid[axis] = index
    return tuple(grid)


def _corner(index: Any) -> tuple[Any, ...]:
    return tuple([slice(0, length) for length in index.array.shape])


def nonzero(x: Any) -> Any:
    """Return the places of the elements that are not 0, one a row."""
    return x.make(np.argwhere(x.array))


def unique(x: Any) -> Any:
    """Return the different numbers, in order."""
    return x.make(np.unique(x.array))


def bincount(x: Any, *, minlength: int = 0) -> Any:
    """Return how often each whole number from 0 on occurs."""
    return x.make(np.bincount(x.array, minlength=minlength))


def _below(x: Any, diagonal: int) -> Any:
    rows, columns = x.array.shape[-2:]
    return np.tri(rows, columns, diagonal, dtype=bool)


def tril(x: Any, diagonal: int = 0) -> Any:
    """Return the matrix with 0 above a diagonal."""
    return apply(WHERE, x.make(_below(x, diagonal)), x, 0)


def triu(x: Any, diagonal: int = 0) -> Any:
    """Return the matrix with 0 below a diagonal."""
    return apply(WHERE, x.make(_below(x, diagonal - 1)), 0, x)


def diagonal(x: Any, offset: int = 0, dim1: int = 0, dim2: int = 1) -> Any:
    """Return a diagonal as the last axis."""
    first, second = one_axis(x.array.ndim, dim1), one_axis(x.array.ndim, dim2)
    count = len(np.diagonal(np.empty([x.array.shape[first], x.array.shape[second]]), offset))
    rows = np.arange(count) + max(0, -offset)
    rest = [k for k in range(x.array.ndim) if k not in (first, second)]
    turned = x.permute(first, second, *rest) if x.array.ndim > 2 or first > second else x
    found = apply(INDEX, turned, key=(rows, rows + offset))
    return found.movedim(0, -1) if rest else found


def diag(x: Any, diagonal: int = 0) -> Any:
    """Return the diagonal of a matrix; of a vector, the matrix with that diagonal."""
    if x.array.ndim == 2:
        return x.diagonal(diagonal)
    rows = np.arange(len(x.array)) + max(0, -diagonal)
    side = len(x.array) + abs(diagonal)
    return apply(SCATTER, x, key=(rows, rows + diagonal), shape=(side, side))


def trace(x: Any) -> Any:
    """Return the sum of a matrix's diagonal."""
    return sum(diag(x))


METHODS = (
    masked_fill, masked_select, gather, index_select, take, scatter, scatter_add, nonzero, unique,
    bincount, tril, triu, diagonal, diag,
)  # fmt: skip
FUNCTIONS = (where, trace)
