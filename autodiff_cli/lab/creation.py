"""Where tensors come from: data, ones and zeros, rows of numbers."""

from __future__ import annotations

import sys
from functools import cache
from typing import Any

import numpy as np

from autodiff_cli.lab.apply import State
from autodiff_cli.lab.axes import sizes
from autodiff_cli.lab.dtypes import boolean, default_type, float64, int32, int64, numpy_type
from autodiff_cli.lab.errors import LabError, LabTypeError
from autodiff_cli.lab.tensor import Tensor, numbers


def made(array: Any, dtype: Any = None, requires_grad: bool = False) -> Any:
    """Return a tensor on a new array, as a type if one is said."""
    x = Tensor.make(array if dtype is None else np.asarray(array, numpy_type(dtype)))
    return x.requires_grad_() if requires_grad else x


def tensor(data: Any, *, dtype: Any = None, device: Any = None, requires_grad: bool = False) -> Any:
    """Return a tensor of the default type, or of whole numbers where `data` has only those."""
    return made(numbers(data, dtype), None, requires_grad)


as_tensor = tensor


def FloatTensor(*data: Any) -> Any:
    """Return a tensor of float64, where PyTorch's FloatTensor is float32.

    Everything here is float64 unless float32 is asked for, so that a number differs from calculus
    in the sixteenth place and not in the seventh. For float32 write tensor(data, dtype=float32).
    """
    _say_float64()
    return Tensor(*data).to(float64)


def LongTensor(*data: Any) -> Any:
    """Return a tensor of whole numbers."""
    return Tensor(*data).to(int64)


def IntTensor(*data: Any) -> Any:
    """Return a tensor of whole numbers, int32."""
    return Tensor(*data).to(int32)


def BoolTensor(*data: Any) -> Any:
    """Return a tensor of truth values."""
    return Tensor(*data).to(boolean)


@cache
def _say_float64() -> None:
    print(
        "note: FloatTensor is float64 here; for float32 write tensor(data, dtype=float32)",
        file=sys.stderr,
    )


def Variable(data: Any, requires_grad: bool = False) -> Any:
    """Return a leaf with these numbers, for which a gradient can be asked."""
    return tensor(data, requires_grad=requires_grad)


def from_numpy(array: Any) -> Any:
    """Return a tensor on a NumPy array's own memory: a change of one is a change of both."""
    if not isinstance(array, np.ndarray):
        raise LabTypeError(f"from_numpy of a {type(array).__name__}", mend="write tensor(…)")
    return made(array)


def _filled(name: str, function: Any) -> Any:
    def create(
        *size: Any, dtype: Any = None, device: Any = None, requires_grad: bool = False
    ) -> Any:
        array = function(sizes(size), numpy_type(dtype) if dtype else default_type())
        return made(array, None, requires_grad)

    create.__name__ = name
    create.__doc__ = f"Return {name} in a shape that is written (3), (2, 3) or ((2, 3))."
    return create


ones, zeros, empty = (
    _filled("ones", np.ones),
    _filled("zeros", np.zeros),
    _filled("empty", np.zeros),
)


def full(size: Any, fill_value: Any, *, dtype: Any = None, requires_grad: bool = False) -> Any:
    """Return one number in a shape."""
    kind = numbers(fill_value, dtype).dtype
    return made(np.full(sizes((size,)), fill_value, kind), None, requires_grad)


def eye(n: int, m: int | None = None, *, dtype: Any = None, requires_grad: bool = False) -> Any:
    """Return a matrix with ones on its diagonal and zeros elsewhere."""
    rows, columns = sizes((n, n if m is None else m))
    return made(np.eye(rows, columns, dtype=default_type()), dtype, requires_grad)


def arange(*bounds: Any, dtype: Any = None, requires_grad: bool = False, **named: Any) -> Any:
    """Return the numbers from a start (0) up to an end, without it, by a step (1)."""
    bounds += tuple(named[name] for name in ("start", "end", "step") if name in named)
    if not 1 <= len(bounds) <= 3:
        raise LabTypeError("arange takes an end, or a start, an end and a step")
    plain = [bound.array.item() if isinstance(bound, State) else bound for bound in bounds]
    start, end, step = [0, *plain, 1] if len(plain) == 1 else (*plain, 1)[:3]
    if step == 0 or (end - start) * step < 0:
        raise LabError(f"arange: {end} is not reached from {start} by steps of {step}")
    array = np.arange(start, end, step)
    return made(array if array.dtype.kind != "f" else array.astype(default_type()), dtype,
                requires_grad)  # fmt: skip


def linspace(
    start: float, end: float, steps: int, *, dtype: Any = None, requires_grad: bool = False
) -> Any:
    """Return so many numbers from a start to an end, both among them, at equal distances."""
    return made(np.linspace(start, end, steps, dtype=default_type()), dtype, requires_grad)


def logspace(start: float, end: float, steps: int, base: float = 10.0, *, dtype: Any = None) -> Any:
    """Return powers of a base, with exponents at equal distances."""
    return made(np.logspace(start, end, steps, base=base, dtype=default_type()), dtype)


def _like(name: str, function: Any) -> Any:
    def create(x: Any, *, dtype: Any = None, requires_grad: bool = False) -> Any:
        kind = x.array.dtype if dtype is None else numpy_type(dtype)
        return made(function(x.array.shape, kind), None, requires_grad)

    create.__name__ = f"{name}_like"
    create.__doc__ = f"Return {name} in a tensor's shape and type."
    return create


ones_like, zeros_like = _like("ones", np.ones), _like("zeros", np.zeros)
empty_like = _like("empty", np.zeros)


def full_like(x: Any, fill_value: Any, *, dtype: Any = None, requires_grad: bool = False) -> Any:
    """Return one number in a tensor's shape and type."""
    return full(x.array.shape, fill_value, dtype=dtype or x.dtype, requires_grad=requires_grad)


def meshgrid(*tensors: Any, indexing: str = "ij") -> tuple[Any, ...]:
    """Return the coordinates of a grid's points, one tensor for each axis."""
    vectors = tensors[0] if isinstance(tensors[0], (list, tuple)) else tensors
    count = len(vectors)
    if len({x.array.dtype for x in vectors}) > 1:
        raise LabError("meshgrid of tensors of several types", mend="write x.double()")
    shape = [len(x.array) for x in vectors]
    grids = [x.reshape([-1 if k == place else 1 for k in range(count)]).expand(shape)
             for place, x in enumerate(vectors)]  # fmt: skip
    return tuple(grid.transpose(0, 1) if indexing == "xy" and count > 1 else grid for grid in grids)


def is_tensor(x: Any) -> bool:
    """Tell whether something is a tensor."""
    return isinstance(x, State)


def new_zeros(x: Any, *size: Any) -> Any:
    """Return zeros of a tensor's type in another shape."""
    return zeros(*size, dtype=x.dtype)


def new_ones(x: Any, *size: Any) -> Any:
    """Return ones of a tensor's type in another shape."""
    return ones(*size, dtype=x.dtype)


def new_tensor(x: Any, data: Any) -> Any:
    """Return a tensor of another's type."""
    return tensor(data, dtype=x.dtype)


METHODS = (new_zeros, new_ones, new_tensor)
FUNCTIONS = (
    tensor, FloatTensor, LongTensor, IntTensor, BoolTensor, Variable, from_numpy, ones, zeros,
    empty, full, eye, arange, linspace, logspace, ones_like, zeros_like, empty_like, full_like,
    meshgrid, is_tensor,
)  # fmt: skip
OTHER_FUNCTIONS = {"as_tensor": tensor, "asarray": tensor, "DoubleTensor": Tensor}
