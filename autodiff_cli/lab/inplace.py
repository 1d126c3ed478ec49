"""Changes in place: they count up the version of the memory, so that backward notices them.

A recorded change of a view is a change of its base: the base's record gets a `put`, and every
view of it finds its own record anew from there (PyTorch's CopySlices).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from autodiff_cli.lab.apply import State, apply, convert, index_error
from autodiff_cli.lab.errors import LabError, LabTypeError
from autodiff_cli.lab.modes import recording
from autodiff_cli.lab.operators import Operators, checked_key
from autodiff_cli.lab.tape import Saved, TapeEntry, shape_text
from autodiff_cli.ops import ADD, DIVIDE, MULTIPLY, POWER, SUBTRACT
from autodiff_cli.ops.shapes import INDEX, PUT, RESHAPE, SCALE, Path


class InPlace(Operators):
    """What writes into a tensor's own memory: +=, x[…] = …, zero_() and the like."""

    def __iadd__(self, other: Any) -> Any:
        return self._becomes(ADD, other)

    def __isub__(self, other: Any) -> Any:
        return self._becomes(SUBTRACT, other)

    def __imul__(self, other: Any) -> Any:
        return self._becomes(MULTIPLY, other)

    def __itruediv__(self, other: Any) -> Any:
        return self._becomes(DIVIDE, other)

    def __ipow__(self, other: Any) -> Any:
        return self._becomes(POWER, other)

    def __setitem__(self, key: Any, value: Any) -> None:
        self._assign(checked_key(self, key), value)

    def zero_(self) -> Any:
        """Write 0 everywhere."""
        return self.fill_(0)

    def fill_(self, number: Any) -> Any:
        """Write one number everywhere."""
        return self._assign(..., number)

    def copy_(self, other: Any) -> Any:
        """Write another tensor's numbers here."""
        return self._assign(..., other)

    def add_(self, other: Any, *, alpha: float = 1) -> Any:
        """Add `alpha` times another in place, as += does."""
        return self._becomes(ADD, other if alpha == 1 else other * alpha)

    def sub_(self, other: Any, *, alpha: float = 1) -> Any:
        """Subtract `alpha` times another in place, as -= does."""
        return self._becomes(SUBTRACT, other if alpha == 1 else other * alpha)

    def mul_(self, other: Any) -> Any:
        """Multiply in place, as *= does."""
        return self._becomes(MULTIPLY, other)

    def div_(self, other: Any) -> Any:
        """Divide in place, as /= does."""
        return self._becomes(DIVIDE, other)

    def pow_(self, other: Any) -> Any:
        """Raise to a power in place, as **= does."""
        return self._becomes(POWER, other)

    def replaced_by(self, function: Callable[..., Any], *operands: Any, **options: Any) -> Any:
        """Write here what a function makes of this tensor: what `relu_` and its kin do."""
        self._refuse()
        before = apply(SCALE, self, factor=1) if self.requires_grad and recording() else self
        return self._write(function(before, *operands, **options))

    def _becomes(self, row: Any, other: Any) -> Any:
        other = self.operand(other)
        if other is None:
            return NotImplemented
        self._refuse()
        if isinstance(other, State):
            _relation(self.array, ..., other.array)
        result = apply(row, self, other)
        entry = result._maker
        if entry is not None and entry.saved:
            old = entry.saved.get("a")
            if old is not None and old.value is self.array:  # it is about to be overwritten
                entry.saved["a"] = Saved.of(np.array(self.array), None)
        return self._write(result)

    def _write(self, result: Any) -> Any:
        """Write a result of this tensor's shape into its memory, and record where it came from."""
        if result.array.shape != self.array.shape:
            raise LabError(
                f"the result of shape {shape_text(result.array)} does not fit in place into a "
                f"tensor of shape {shape_text(self.array)}",
                mend="make a new tensor: x = x + y in place of x += y",
            )
        if not np.can_cast(result.array.dtype, self.array.dtype, "same_kind"):
            raise LabError(
                f"a result of type {result.array.dtype} does not fit in place into a tensor of "
                f"type {self.array.dtype}",
                mend="make a new tensor: x = x / y in place of x /= y",
            )
        result = convert(result, self.array.dtype)
        np.copyto(self.array, result.array)
        self.version.number += 1
        if not recording():
            return self
        if self.alias is not None and not self.wanted:
            self._put(self.alias.path, result)
            return self
        entry = self._maker = result.origin
        if entry is not None and entry.saved and "y" in entry.saved:
            entry.saved["y"] = Saved.of(self.array, self.version)
        return self

    def _assign(self, key: Any, value: Any) -> Any:
        """Write numbers at a key, and record where they came from."""
        value = self.operand(np.array(value) if isinstance(value, (list, tuple)) else value)
        if value is None:
            raise LabTypeError("only a number, an array or a tensor can be written into a tensor")
        self._refuse()
        value = convert(value, self.array.dtype)
        numbers = value.array if isinstance(value, State) else value
        if isinstance(value, State) and _relation(self.array, key, numbers):
            return self  # x[k] += …: the change has been made, and recorded, by +=
        try:
            if np.ndim(numbers):
                value = self._fitting(value, np.shape(self.array[key]))
                numbers = value.array
            self.array[key] = numbers
        except IndexError as error:
            raise index_error(self.array, error) from error
        self.version.number += 1
        if recording():
            path = () if self.alias is None or self.wanted else self.alias.path
            self._put((*path, (INDEX, {"key": key})), value)
        return self

    def _fitting(self, value: Any, place: tuple[int, ...]) -> Any:
        """Return numbers without the axes of length 1 that stand before those of their place."""
        shape = value.array.shape
        extra = max(0, len(shape) - len(place))
        pairs = zip(shape[extra:][::-1], place[::-1], strict=False)
        if shape[:extra] != (1,) * extra or any(n not in (1, length) for n, length in pairs):
            raise LabError(
                f"numbers of shape {shape} do not fit into a place of shape {place}",
                mend="counted from the last axis, lengths must be equal or one of them 1",
            )
        return apply(RESHAPE, value, shape=shape[extra:]) if extra else value

    def _put(self, path: Path, value: Any) -> None:
        """Record that numbers were written into the base at the end of a path."""
        whole = self if self.alias is None or self.wanted else self.alias.base
        origins = (whole.origin, getattr(value, "origin", None))
        if origins == (None, None):
            return
        array = whole.array
        shapes = (array.shape, getattr(value, "shape", ()))
        entry = TapeEntry(PUT, {"path": path}, origins, shapes, array.dtype)
        entry.saved, entry.shape = {"key": Saved.of(None, None)}, array.shape
        whole._maker = entry

    def _refuse(self) -> None:
        """Refuse what PyTorch refuses: a recorded change of a leaf, of some views, of copies."""
        base = self if self.alias is None else self.alias.base
        if (self.wanted or base.wanted) and recording():
            raise LabError(
                f"{'a leaf' if self.wanted else 'a part of a leaf'} that requires grad was to be "
                "changed in place; its own value is the point at which the derivative is wanted",
                mend="make a new tensor (y = x + 1), or change it inside `with no_grad():`",
            )
        if self.alias is not None and self.alias.refused and recording() and base.requires_grad:
            raise LabError(
                f"a view was to be changed in place; {self.alias.refused}",
                mend="write into the whole: y[0] = 2 * y[0]",
            )
        if not self.array.flags.writeable:
            raise LabError(
                "several elements of this expanded tensor are one number in memory, so it cannot "
                "be changed in place",
                mend="write x.clone() first",
            )


def _relation(whole: Any, key: Any, part: Any) -> bool:
    """Tell whether an array is the very place in memory that a key names.

    Raises:
        LabError: it is that place in part, so that what is read would be overwritten meanwhile.
    """
    if not np.may_share_memory(whole, part):
        return False
    parts = key if isinstance(key, tuple) else (key,)
    place = whole[parts if any(part is ... for part in parts) else (*parts, ...)]
    same = place.__array_interface__["data"] == part.__array_interface__["data"]
    if same and place.shape == part.shape and place.strides == part.strides:
        return True
    if np.shares_memory(place, part):
        raise LabError(
            "the numbers to be written share memory with the place that they are written to",
            mend="write .clone() after what is read: y[1:] = y[:-1].clone()",
        )
    return False
