"""Several tensors to one, one to several, and copies side by side."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import numpy as np

from autodiff_cli.lab.apply import apply, convert
from autodiff_cli.lab.axes import lengths, one_axis
from autodiff_cli.lab.errors import LabError, LabTypeError
from autodiff_cli.lab.shaping import expand, flatten, reshape, unsqueeze
from autodiff_cli.ops.shapes import CAT, INDEX

SEVERAL = "it is one of several that one call returned, and they would not notice each other"


def repeat(x: Any, *repeats: Any) -> Any:
    """Return copies side by side, so many along each axis."""
    counts = lengths(repeats)
    if len(counts) < x.array.ndim:
        raise LabError(
            f"repeat: {len(counts)} counts for a tensor with {x.array.ndim} axes",
            mend="write one count for each axis, and for new axes in front",
        )
    shape = (1,) * (len(counts) - x.array.ndim) + x.array.shape
    doubled = [n for length in shape for n in (1, length)]
    wide = [n for pair in zip(counts, shape, strict=True) for n in pair]
    spread = expand(reshape(x, doubled), wide)
    return reshape(spread, [n * m for n, m in zip(counts, shape, strict=True)]).clone()


def tile(x: Any, *repeats: Any) -> Any:
    """Return copies side by side; counts for missing axes are 1."""
    counts = lengths(repeats)
    return repeat(x, (1,) * (x.array.ndim - len(counts)) + counts)


def repeat_interleave(x: Any, repeats: int, dim: Any = None) -> Any:
    """Return each element several times in a row."""
    if dim is None:
        x, dim = flatten(x), 0
    place = one_axis(x.array.ndim, dim)
    key = np.repeat(np.arange(x.array.shape[place]), getattr(repeats, "array", repeats))
    return apply(INDEX, x, key=(*[slice(None)] * place, key))


def cat(tensors: Any, dim: int = 0) -> Any:
    """Return tensors one after the other along an axis."""
    parts = _parts("cat", tensors)
    place = one_axis(parts[0].array.ndim, dim)
    if parts[0].array.ndim == 0:
        raise LabError("cat: tensors of shape () have no axis", mend="write stack")
    shapes = [list(part.array.shape) for part in parts]
    for shape in shapes:
        shape[place : place + 1] = []
    if any(shape != shapes[0] for shape in shapes):
        raise LabError(
            "cat: the shapes " + ", ".join(str(part.array.shape) for part in parts)
            + f" do not go together; all axes but {place} must be equal",
        )  # fmt: skip
    kind = np.result_type(*[part.array.dtype for part in parts])
    return apply(CAT, *[convert(part, kind) for part in parts], axis=place)


def _parts(name: str, tensors: Any) -> list[Any]:
    if not isinstance(tensors, (list, tuple)):
        raise LabTypeError(
            f"{name} takes a list of tensors, not a {type(tensors).__name__}",
            mend=f"write {name}([a, b])",
        )
    if not tensors:
        raise LabError(f"{name} of no tensors")
    for part in tensors:
        if not hasattr(part, "array"):
            raise LabTypeError(f"{name} takes a list of tensors, not a {type(part).__name__}")
    return list(tensors)


def stack(tensors: Any, dim: int = 0) -> Any:
    """Return tensors of one shape along a new axis."""
    parts = _parts("stack", tensors)
    if any(part.array.shape != parts[0].array.shape for part in parts):
        shapes = ", ".join(str(part.array.shape) for part in parts)
        raise LabError(f"stack: all shapes must be equal, not {shapes}", mend="write cat")
    return cat([unsqueeze(part, dim) for part in parts], one_axis(parts[0].array.ndim + 1, dim))


def hstack(tensors: Any) -> Any:
    """Return tensors side by side."""
    parts = [reshape(k, -1) if not k.array.ndim else k for k in _parts("hstack", tensors)]
    return cat(parts, 0 if parts[0].array.ndim == 1 else 1)


def vstack(tensors: Any) -> Any:
    """Return tensors below each other; a vector is a row."""
    parts = _parts("vstack", tensors)
    return cat([reshape(k, (1, -1)) if k.array.ndim < 2 else k for k in parts], 0)


def split(x: Any, sizes: Any, dim: int = 0) -> tuple[Any, ...]:
    """Return parts of a length, or of several lengths; they are views."""
    place = one_axis(x.array.ndim, dim)
    length = x.array.shape[place]
    if isinstance(sizes, int):
        sizes = [min(sizes, length - start) for start in range(0, length, sizes)] or [0]
    if sum(sizes) != length:
        raise LabError(f"split: the lengths {list(sizes)} do not add up to {length}")
    ends = np.cumsum([0, *sizes]).tolist()
    return _views(x, [(*[slice(None)] * place, slice(a, b))
                      for a, b in pairwise(ends)])  # fmt: skip


def chunk(x: Any, chunks: int, dim: int = 0) -> tuple[Any, ...]:
    """Return at most so many parts of equal length; the last may be shorter."""
    return split(x, max(1, -(-x.array.shape[one_axis(x.array.ndim, dim)] // chunks)), dim)


def unbind(x: Any, dim: int = 0) -> tuple[Any, ...]:
    """Return each element along an axis; they are views."""
    place = one_axis(x.array.ndim, dim)
    return _views(x, [(*[slice(None)] * place, k) for k in range(x.array.shape[place])])


def _views(x: Any, keys: list[Any]) -> tuple[Any, ...]:
    found = tuple([apply(INDEX, x, key=key) for key in keys])
    for part in found:
        if part.alias is not None:
            part.alias = part.alias._replace(refused=SEVERAL)
    return found


def roll(x: Any, shifts: int, dims: Any = None) -> Any:
    """Return the numbers moved along an axis; what falls off the end comes in at the front."""
    if dims is None:
        return reshape(roll(flatten(x), shifts, 0), x.array.shape)
    place = one_axis(x.array.ndim, dims)
    key = np.roll(np.arange(x.array.shape[place]), shifts)
    return apply(INDEX, x, key=(*[slice(None)] * place, key))


METHODS = (repeat, tile, repeat_interleave, split, chunk, unbind, roll)
FUNCTIONS = (cat, stack, hstack, vstack)
OTHER_FUNCTIONS = {"concat": cat, "concatenate": cat}
