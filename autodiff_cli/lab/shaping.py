"""Other shapes for the same numbers: views where PyTorch has views, copies where it copies."""

from __future__ import annotations

from typing import Any

import numpy as np

from autodiff_cli.lab.apply import apply
from autodiff_cli.lab.axes import Size, lengths, one_axis, some_axes
from autodiff_cli.lab.errors import LabError, LabTypeError
from autodiff_cli.ops.shapes import EXPAND, FLIP, INDEX, PERMUTE, RESHAPE


def reshape(x: Any, *shape: Any) -> Any:
    """Return the same numbers in another shape, written (2, 3) or ((2, 3)); one may be −1."""
    return apply(RESHAPE, x, shape=lengths(shape))


def view(x: Any, *shape: Any) -> Any:
    """Return the same memory in another shape.

    Raises:
        LabError: these numbers do not stand in memory in that order.
    """
    if len(shape) == 1 and hasattr(shape[0], "is_floating_point"):
        raise LabTypeError("view takes a shape", mend="write x.to(dtype) for another type")
    found = reshape(x, *shape)
    if x.array.size and not np.may_share_memory(found.array, x.array):
        raise LabError(
            f"view: numbers of shape {x.array.shape} do not stand in memory in the order of "
            f"{lengths(shape)}",
            mend="write reshape, which copies them",
        )
    return found


def view_as(x: Any, other: Any) -> Any:
    """Return the same memory in another tensor's shape."""
    return view(x, other.array.shape)


def reshape_as(x: Any, other: Any) -> Any:
    """Return the same numbers in another tensor's shape."""
    return reshape(x, other.array.shape)


def flatten(x: Any, start_dim: int = 0, end_dim: int = -1) -> Any:
    """Return the tensor with the axes from start_dim to end_dim as one."""
    shape = x.array.shape or (1,)
    first, last = one_axis(len(shape), start_dim), one_axis(len(shape), end_dim)
    if first > last:
        raise LabError("flatten: start_dim stands after end_dim", mend="write them in order")
    if first == last and x.array.ndim:
        return x
    return reshape(x, (*shape[:first], -1, *shape[last + 1 :]))


def unflatten(x: Any, dim: int, sizes: Any) -> Any:
    """Return the tensor with one axis as several."""
    place, shape = one_axis(x.array.ndim, dim), x.array.shape
    return reshape(x, (*shape[:place], *sizes, *shape[place + 1 :]))


def permute(x: Any, *dims: Any) -> Any:
    """Return the tensor with its axes in another order."""
    axes = some_axes(x.array.ndim, lengths(dims)) if x.array.ndim else ()
    if len(axes) != x.array.ndim:
        raise LabError(
            f"permute: {len(lengths(dims))} axes are named of a tensor that has {x.array.ndim}",
            mend="name each once",
        )
    return apply(PERMUTE, x, axes=axes)


def transpose(x: Any, dim0: int, dim1: int) -> Any:
    """Return the tensor with two axes exchanged."""
    axes = list(range(x.array.ndim))
    first, second = one_axis(x.array.ndim, dim0), one_axis(x.array.ndim, dim1)
    if axes:
        axes[first], axes[second] = second, first
    return apply(PERMUTE, x, axes=tuple(axes))


def t(x: Any) -> Any:
    """Return the transpose of a matrix; a vector stays as it is."""
    if x.array.ndim > 2:
        raise LabError(
            f"t() of a tensor with {x.array.ndim} axes: it turns matrices",
            mend="write transpose(0, 1)",
        )
    return apply(PERMUTE, x, axes=tuple(range(x.array.ndim))[::-1])


def movedim(x: Any, source: int, destination: int) -> Any:
    """Return the tensor with one axis at another place."""
    ndim = x.array.ndim
    axes = list(range(ndim))
    axes.insert(one_axis(ndim, destination), axes.pop(one_axis(ndim, source)))
    return apply(PERMUTE, x, axes=tuple(axes))


def squeeze(x: Any, dim: Any = None) -> Any:
    """Return the tensor without its axes of length 1, or without some of them."""
    gone = set(some_axes(x.array.ndim, dim))
    kept = [n for k, n in enumerate(x.array.shape) if n != 1 or k not in gone]
    return apply(RESHAPE, x, shape=tuple(kept))


def unsqueeze(x: Any, dim: int) -> Any:
    """Return the tensor with a new axis of length 1."""
    shape = list(x.array.shape)
    shape.insert(one_axis(len(shape) + 1, dim), 1)
    return apply(RESHAPE, x, shape=tuple(shape))


def expand(x: Any, *shape: Any) -> Any:
    """Return the tensor with axes of length 1 repeated, without a copy; −1 leaves one as it is."""
    wanted, here = lengths(shape), x.array.shape
    extra = len(wanted) - len(here)
    filled = [
        here[k - extra] if length == -1 and k >= extra else length
        for k, length in enumerate(wanted)
    ]
    return apply(EXPAND, x, shape=tuple(filled))


def expand_as(x: Any, other: Any) -> Any:
    """Return the tensor expanded to another's shape."""
    return expand(x, other.array.shape)


def narrow(x: Any, dim: int, start: int, length: int) -> Any:
    """Return a part of an axis, as a view."""
    place = one_axis(x.array.ndim, dim)
    return apply(INDEX, x, key=(*[slice(None)] * place, slice(start, start + length)))


def select(x: Any, dim: int, index: int) -> Any:
    """Return one element along an axis, as a view."""
    return apply(INDEX, x, key=(*[slice(None)] * one_axis(x.array.ndim, dim), index))


def flip(x: Any, *dims: Any) -> Any:
    """Return the numbers in the opposite order along axes."""
    return apply(FLIP, x, axis=some_axes(x.array.ndim, lengths(dims)))


def contiguous(x: Any) -> Any:
    """Return the tensor with its numbers in memory in the order in which they are printed."""
    return x if x.array.flags.c_contiguous else reshape(flatten(x.clone()), x.array.shape)


def broadcast_tensors(*tensors: Any) -> tuple[Any, ...]:
    """Return tensors expanded to their common shape."""
    shape = np.broadcast_shapes(*[x.array.shape for x in tensors])
    return tuple([expand(x, shape) for x in tensors])


def broadcast_shapes(*shapes: Any) -> Size:
    """Return the shape that shapes have together."""
    return Size(np.broadcast_shapes(*shapes))


METHODS = (
    reshape, view, view_as, reshape_as, flatten, unflatten, permute, transpose, t, movedim,
    squeeze, unsqueeze, expand, expand_as, narrow, select, flip, contiguous,
)  # fmt: skip
FUNCTIONS = (broadcast_tensors, broadcast_shapes)
OTHER_NAMES = {
    "ravel": flatten, "swapaxes": transpose, "swapdims": transpose, "broadcast_to": expand,
}  # fmt: skip
