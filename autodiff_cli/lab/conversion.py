"""Out of a tensor and into other types: numbers, lists, NumPy, and PyTorch's names for types."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np

from autodiff_cli.lab import dtypes
from autodiff_cli.lab.apply import State, convert
from autodiff_cli.lab.axes import Size, one_axis
from autodiff_cli.lab.devices import device
from autodiff_cli.lab.errors import LabError, LabIndexError, LabTypeError
from autodiff_cli.lab.inplace import InPlace

#: PyTorch's old names for types; FloatTensor is float64 here, as where it makes a tensor.
KINDS = {name: kind for kind, name in dtypes.TENSORS.items()}
KINDS |= {"FloatTensor": dtypes.float64, "Tensor": dtypes.float64}


class Convertible(InPlace):
    """What turns a tensor into something else."""

    def to(self, *what: Any, dtype: Any = None, device: Any = None, copy: bool = False) -> Any:
        """Return the tensor as another type, said by a type, a tensor or keywords."""
        for each in (*what, device):
            if isinstance(each, State):
                dtype = each.array.dtype
            elif isinstance(each, dtypes.dtype) or each in (float, int, bool):
                dtype = each
            elif each is not None and str(each) != "cpu":
                raise LabError(f"there is no device {each}", mend='write to("cpu")')
        found = self if dtype is None else convert(self, dtypes.numpy_type(dtype))
        return convert(self, self.array.dtype).clone() if copy and found is self else found

    def type(self, dtype: Any = None) -> Any:
        """Return PyTorch's name for the tensor's type; with a type, the tensor as that type."""
        if dtype is not None:
            return self.to(dtype=KINDS.get(getattr(dtype, "__name__", ""), dtype))
        return f"torch.{dtypes.TENSORS[dtypes.dtype(self.array.dtype)]}"

    def type_as(self, other: Any) -> Any:
        """Return the tensor with another's type."""
        return self.to(other)

    def float(self) -> Any:
        """Return the numbers as float32."""
        return self.to(dtypes.float32)

    def double(self) -> Any:
        """Return the numbers as float64."""
        return self.to(dtypes.float64)

    def half(self) -> Any:
        """Return the numbers as float16."""
        return self.to(dtypes.float16)

    def long(self) -> Any:
        """Return the numbers as int64, without what stands behind the point."""
        return self.to(dtypes.int64)

    def int(self) -> Any:
        """Return the numbers as int32, without what stands behind the point."""
        return self.to(dtypes.int32)

    def bool(self) -> Any:
        """Return True where a number is not 0."""
        return self.to(dtypes.boolean)

    def short(self) -> Any:
        """Return the numbers as int16."""
        return self.to(dtypes.int16)

    def byte(self) -> Any:
        """Return the numbers as uint8."""
        return self.to(dtypes.uint8)

    def cpu(self) -> Any:
        """Return the tensor itself: it is there already."""
        return self

    def numpy(self, *, force: bool = False) -> np.ndarray[Any, Any]:  # type: ignore[valid-type]
        """Return the numbers as a NumPy array on the same memory.

        What NumPy writes there is not noticed by backward.

        Raises:
            LabError: the tensor requires grad: what NumPy computes with it is not recorded.
        """
        if self.requires_grad and not force:
            raise LabError(
                "numpy() of a tensor that requires grad: what NumPy computes with it is not "
                "recorded",
                mend="write x.detach().numpy() to say that this is meant",
            )
        return self.array

    def item(self) -> Any:
        """Return the one number of a tensor as a Python number."""
        if self.array.size != 1:
            raise LabError(
                f"a tensor of shape {self.array.shape} is not one number",
                mend="take one: x[0].item()",
            )
        return self.array.item()

    def tolist(self) -> Any:
        """Return the numbers as nested lists."""
        return self.array.tolist()

    def size(self, dim: Any = None) -> Any:
        """Return the length of each axis, or of one."""
        if dim is None:
            return Size(self.array.shape)
        if not self.array.ndim:
            raise LabIndexError("a tensor of shape () has no axis", mend="write x.size()")
        return self.array.shape[one_axis(self.array.ndim, dim)]

    def dim(self) -> Any:
        """Return the number of axes."""
        return self.array.ndim

    def numel(self) -> Any:
        """Return how many numbers it has."""
        return self.array.size

    nelement = numel
    ndimension = dim

    @property
    def device(self) -> device:
        """Where it is: the processor."""
        return device("cpu")

    def is_floating_point(self) -> Any:
        """Tell whether the numbers have a point."""
        return self.array.dtype.kind == "f"

    def is_contiguous(self) -> Any:
        """Tell whether the numbers stand in memory in the order in which they are printed."""
        return self.array.flags.c_contiguous

    def stride(self) -> Any:
        """Return for each axis how many numbers on in memory its next element stands."""
        return tuple(step // self.array.itemsize for step in self.array.strides)

    def data_ptr(self) -> Any:
        """Return where in memory the first number stands: equal for views that begin there."""
        return self.array.__array_interface__["data"][0]

    def element_size(self) -> Any:
        """Return the bytes of one number."""
        return self.array.itemsize

    def __array__(self, dtype: Any = None, copy: Any = None) -> Any:
        return np.array(self.numpy(), dtype)

    def __len__(self) -> Any:
        if not self.array.ndim:
            raise LabTypeError("a tensor of shape () has no length")
        return len(self.array)

    def __iter__(self) -> Iterator[Any]:
        if not self.array.ndim:
            raise LabTypeError("a tensor of shape () cannot be looped over")
        return iter([self[index] for index in range(len(self.array))])

    def __contains__(self, value: Any) -> Any:
        return bool(np.any(self.array == getattr(value, "array", value)))

    def __bool__(self) -> Any:
        return bool(self.item())

    def __float__(self) -> Any:
        return float(self.item())

    def __int__(self) -> Any:
        return int(self.item())

    def __index__(self) -> Any:
        if self.array.dtype.kind == "f":
            raise LabTypeError("only a whole number is an index", mend="write int(x)")
        return int(self.item())

    def __format__(self, spec: str) -> str:
        return format(self.item(), spec) if spec or not self.array.ndim else str(self)

    def __reversed__(self) -> Any:
        return iter([self[index] for index in range(len(self.array) - 1, -1, -1)])
