"""Shapes and axes as PyTorch writes them: Size, f(2, 3) or f((2, 3)), dim=-1."""

from __future__ import annotations

import operator
from typing import Any

from autodiff_cli.lab.errors import LabError, LabIndexError, LabTypeError


class Size(tuple[int, ...]):
    """The length of each axis: a tuple that prints as PyTorch's."""

    __slots__ = ()

    def numel(self) -> int:
        """Return how many numbers a tensor of this shape has."""
        count = 1
        for length in self:
            count *= length
        return count

    def __getitem__(self, key: Any) -> Any:
        part = tuple.__getitem__(self, key)
        return Size(part) if isinstance(key, slice) else part

    def __repr__(self) -> str:
        return f"torch.Size({list(self)})"


def lengths(shape: tuple[Any, ...]) -> tuple[int, ...]:
    """Return the shape that is meant by f(2, 3), f((2, 3)) or f([2, 3]).

    Raises:
        LabTypeError: a length that is no whole number.
    """
    if len(shape) == 1 and isinstance(shape[0], (tuple, list)):
        shape = tuple(shape[0])
    try:
        return tuple([operator.index(length) for length in shape])
    except TypeError as error:
        raise LabTypeError(
            f"a shape is written in whole numbers, not {shape}", mend="write zeros(2, 3)"
        ) from error


def sizes(shape: tuple[Any, ...]) -> tuple[int, ...]:
    """Return the shape of a new tensor, as `lengths`; no length is negative."""
    found = lengths(shape)
    if any(length < 0 for length in found):
        raise LabError(f"a tensor has no axis of negative length, as in {found}")
    return found


def one_axis(ndim: int, dim: Any) -> int:
    """Return an axis counted from the front; a tensor of shape () counts as one long.

    Raises:
        LabIndexError: there is no such axis.
    """
    try:
        place = operator.index(dim)
    except TypeError as error:
        raise LabTypeError(f"an axis is a whole number, not {dim!r}", mend="write dim=0") from error
    count = max(1, ndim)
    if not -count <= place < count:
        raise LabIndexError(
            f"a tensor with {ndim} {'axis' if ndim == 1 else 'axes'} has no axis {place}",
            mend=f"write one from {-count} to {count - 1}",
        )
    return place % count


def some_axes(ndim: int, dim: Any) -> tuple[int, ...]:
    """Return the axes that are meant by None (all), a number, or several; each once."""
    if dim is None or dim in ((), []):
        return tuple(range(ndim))
    several = dim if isinstance(dim, (tuple, list)) else (dim,)
    axes = tuple([one_axis(ndim, each) for each in several])
    if len(set(axes)) < len(axes):
        raise LabError(f"an axis is named twice in {tuple(several)}")
    return axes if ndim else ()
