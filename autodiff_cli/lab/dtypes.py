"""Types of numbers under PyTorch's names, the default one, and which type a mixture gets.

The default is float64, where PyTorch's is float32: so a number differs from calculus in the
sixteenth place and not in the seventh. `set_default_dtype(float32)` gives PyTorch's digits.
"""

from __future__ import annotations

from contextvars import ContextVar
from typing import Any

import numpy as np

from autodiff_cli.lab.errors import LabTypeError


class dtype:
    """One type of numbers. It equals NumPy's type, and prints as PyTorch's: torch.float64.

    Attributes:
        numpy: NumPy's type.
    """

    __slots__ = ("numpy",)
    numpy: np.dtype[Any]

    def __init__(self, numpy: Any) -> None:
        self.numpy = np.dtype(numpy)

    @property
    def dtype(self) -> np.dtype[Any]:
        """NumPy's type, where NumPy asks for it."""
        return self.numpy

    @property
    def is_floating_point(self) -> bool:
        """True for a type that has a derivative."""
        return self.numpy.kind == "f"

    @property
    def itemsize(self) -> int:
        """Bytes of one number."""
        return self.numpy.itemsize

    def __eq__(self, other: object) -> bool:
        if isinstance(other, dtype):
            return self.numpy == other.numpy
        return other is not None and not isinstance(other, str) and bool(self.numpy == other)

    def __hash__(self) -> int:
        return hash(self.numpy)

    def __repr__(self) -> str:
        return f"torch.{self.numpy.name}"


float16, float32, float64 = dtype(np.float16), dtype(np.float32), dtype(np.float64)
int8, int16, int32, int64 = dtype(np.int8), dtype(np.int16), dtype(np.int32), dtype(np.int64)
uint8, boolean = dtype(np.uint8), dtype(np.bool_)
half, float_, double, short, int_, long = float16, float32, float64, int16, int32, int64

#: Type → the name of its tensors in PyTorch: what `x.type()` answers.
TENSORS = {
    float16: "HalfTensor", float32: "FloatTensor", float64: "DoubleTensor", int8: "CharTensor",
    int16: "ShortTensor", int32: "IntTensor", int64: "LongTensor", uint8: "ByteTensor",
    boolean: "BoolTensor",
}  # fmt: skip

_default: ContextVar[dtype] = ContextVar("default_dtype", default=float64)


def default_type() -> np.dtype[Any]:
    """Return NumPy's type for numbers with a point of which no type was said."""
    return _default.get().numpy


def get_default_dtype() -> dtype:
    """Return the type that numbers with a point get: float64, unless it was set."""
    return _default.get()


def set_default_dtype(choice: Any) -> None:
    """Set the type that numbers with a point get; PyTorch's own default is float32."""
    kind = dtype(numpy_type(choice))
    if not kind.is_floating_point:
        raise LabTypeError(f"the default is a type with a point, and {kind} has none")
    _default.set(kind)


def numpy_type(choice: Any) -> np.dtype[Any]:
    """Return NumPy's type for one of the lab's, NumPy's or Python's.

    Raises:
        LabTypeError: it is no type of numbers.
    """
    if isinstance(choice, dtype):
        return choice.numpy
    try:
        numpy = np.dtype(None if isinstance(choice, str) else choice)
        if choice is not None and not isinstance(choice, str) and dtype(numpy) in TENSORS:
            return numpy
    except TypeError:
        pass
    raise LabTypeError(f"{choice!r} is no type of numbers", mend="write dtype=float64")


def number_type(number: Any) -> np.dtype[Any]:
    """Return the type that a Python number alone would get."""
    if isinstance(number, bool):
        return boolean.numpy
    return int64.numpy if isinstance(number, int) else default_type()


def wider(a: np.dtype[Any], b: np.dtype[Any]) -> np.dtype[Any]:
    """Return the type that holds both; a whole number beside float32 is a float32."""
    if a == b or b.kind != "f" == a.kind:
        return a
    return b if a.kind != "f" == b.kind else np.result_type(a, b)


def promoted(
    axes: np.dtype[Any] | None, points: np.dtype[Any] | None, numbers: np.dtype[Any] | None
) -> np.dtype[Any]:
    """Return the type of a mixture, by PyTorch's ranks.

    Args:
        axes: the type of the tensors with axes, or None where there are none.
        points: that of the tensors of shape (), which count only if theirs is a higher kind.
        numbers: that of the Python numbers, which count least.
    """
    ranks = {"b": 0, "u": 1, "i": 1, "f": 2}  # truth values, whole numbers, numbers with a point
    found = axes
    for other in (points, numbers):
        if found is None:
            found = other
        elif other is not None and ranks[other.kind] > ranks[found.kind]:
            found = wider(found, other)
    assert found is not None
    return found
