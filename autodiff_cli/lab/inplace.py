"""Changes in place: they count up the version of the memory, so that backward notices them."""

from __future__ import annotations

from typing import Any

import numpy as np

from autodiff_cli.lab.apply import State, apply
from autodiff_cli.lab.errors import LabError
from autodiff_cli.lab.operators import Operators, plain_key
from autodiff_cli.lab.tape import Saved, recording, shape_text
from autodiff_cli.ops import ADD, DIVIDE, MULTIPLY, POWER, SUBTRACT
from autodiff_cli.ops.shapes import PUT, RESHAPE


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
        self._assign(plain_key(key), value)

    def zero_(self) -> Any:
        """Write 0 everywhere."""
        return self.fill_(0.0)

    def fill_(self, number: float) -> Any:
        """Write one number everywhere."""
        return self._assign(..., number)

    def copy_(self, other: Any) -> Any:
        """Write another tensor's numbers here."""
        return self._assign(..., other)

    def add_(self, other: Any) -> Any:
        """Add in place, as += does."""
        return self._becomes(ADD, other)

    def sub_(self, other: Any) -> Any:
        """Subtract in place, as -= does."""
        return self._becomes(SUBTRACT, other)

    def mul_(self, other: Any) -> Any:
        """Multiply in place, as *= does."""
        return self._becomes(MULTIPLY, other)

    def div_(self, other: Any) -> Any:
        """Divide in place, as /= does."""
        return self._becomes(DIVIDE, other)

    def _assign(self, key: Any, value: Any) -> Any:
        value = self.operand(value if not isinstance(value, (list, tuple)) else np.array(value))
        if value is None:
            raise LabError("only a number, an array or a tensor can be written into a tensor")
        if not isinstance(value, State):
            value = self.make(np.asarray(value, self.array.dtype))
        place = np.shape(self.array[key])
        extra = value.array.ndim - len(place)
        if extra > 0 and value.array.shape[:extra] == (1,) * extra:
            value = apply(RESHAPE, value, shape=value.array.shape[extra:])
        return self._becomes(PUT, value, key=key)

    def _becomes(self, row: Any, other: Any, **parameters: Any) -> Any:
        other = self.operand(other)
        if other is None:
            return NotImplemented
        self._refuse()
        result = apply(row, self, other, **parameters)
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
        if result.grad_fn is not None and result.grad_fn.saved:
            old = result.grad_fn.saved.get("a")
            if old is not None and old.value is self.array:  # it is about to be overwritten
                result.grad_fn.saved["a"] = Saved.of(np.array(self.array), None)
        np.copyto(self.array, result.array, casting="same_kind")
        self.version.number += 1
        if recording():
            step = self.grad_fn = result.grad_fn
            if step is not None and step.saved and "y" in step.saved:
                step.saved["y"] = Saved.of(self.array, self.version)
        return self

    def _refuse(self) -> None:
        """Refuse a recorded change of a leaf, and any change of a part of a recorded tensor."""
        if self.wanted and recording():
            raise LabError(
                "a leaf that requires grad was to be changed in place; its own value is the point "
                "at which the derivative is wanted",
                mend="make a new tensor (y = x + 1), or change it inside `with no_grad():`",
            )
        if self.part:
            raise LabError(
                "a part of a recorded tensor was to be changed in place; the part is a copy, and "
                "the whole would not notice",
                mend="write into the whole: y[0] = 2 * y[0]",
            )
