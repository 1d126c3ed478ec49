"""The tensor: an array that remembers how it was made, and its gradient after `backward`."""

from __future__ import annotations

from typing import Any

import numpy as np

from autodiff_cli.lab.apply import apply, convert
from autodiff_cli.lab.backward import backward
from autodiff_cli.lab.errors import LabError
from autodiff_cli.lab.html import table
from autodiff_cli.lab.inplace import InPlace
from autodiff_cli.lab.printing import text
from autodiff_cli.lab.tape import shape_text
from autodiff_cli.ops.shapes import SCALE


class Tensor(InPlace):
    """An array that remembers how it was made. `tensor`, `Variable`, `ones` make one.

    Args:
        data: number, nested lists, NumPy array or tensor; it is copied.
        requires_grad: True to have `backward` put a gradient into `.grad`.
        dtype: float64 (whole numbers stay whole) unless another is asked for.
    """

    def __init__(self, data: Any, *, requires_grad: bool = False, dtype: Any = None) -> None:
        words = "a tensor holds numbers, in lists of equal length"
        try:
            array = np.array(data.array if isinstance(data, Tensor) else data, dtype)
        except (TypeError, ValueError) as error:
            raise LabError(words, mend="write tensor([1.0, 2.0])") from error
        if array.dtype.kind not in "fiub":
            raise LabError(words, mend="write tensor([1.0, 2.0])")
        made = self.make(array)
        self.__dict__.update(made.__dict__)
        if requires_grad:
            self.requires_grad_()

    @property
    def grad(self) -> Any:
        """The sum of the gradients of all backward passes so far; None before the first."""
        return self._grad

    @grad.setter
    def grad(self, gradient: Any) -> None:
        if gradient is not None and getattr(gradient, "shape", ()) != self.shape:
            raise LabError(
                f"a gradient of shape {shape_text(gradient)} does not belong to a tensor of "
                f"shape {self.shape}"
            )
        self._grad = (
            gradient if gradient is None or isinstance(gradient, Tensor) else Tensor(gradient)
        )

    @property
    def is_leaf(self) -> bool:
        """True for a tensor that no recorded operation made."""
        return self.grad_fn is None

    @property
    def data(self) -> Any:
        """The same memory without a record; writing there counts as a change in place."""
        return self.detach()

    @data.setter
    def data(self, numbers: Any) -> None:
        numbers = Tensor(numbers)
        if numbers.shape != self.shape:
            raise LabError(
                f"data of shape {numbers.shape} does not fit into a tensor of shape {self.shape}",
                mend="make a new tensor",
            )
        np.copyto(self.array, numbers.array, casting="same_kind")
        self.version.number += 1

    def detach(self) -> Any:
        """Return a tensor on the same memory that does not remember how it was made."""
        return self.make(self.array, self.version)

    def clone(self) -> Any:
        """Return a recorded copy."""
        return apply(SCALE, self, factor=1)

    def requires_grad_(self, requires_grad: bool = True) -> Any:
        """Ask for a gradient (or no longer), in place.

        Raises:
            LabError: whole numbers, or a tensor that is a result.
        """
        if requires_grad and self.array.dtype.kind != "f":
            raise LabError(
                f"a tensor of whole numbers ({self.array.dtype}) cannot require grad: a derivative "
                "asks what a small change does, and whole numbers have none",
                mend="write them with a point, tensor([4.0]), or use .double()",
            )
        if self.grad_fn is not None and not requires_grad:
            raise LabError(
                "this tensor is a result, and its operands require grad", mend="use .detach()"
            )
        self.wanted = requires_grad and self.grad_fn is None
        return self

    def zero_grad(self) -> None:
        """Write 0 into `.grad`; a gradient that is None stays None."""
        if self._grad is not None:
            self._grad.data.zero_()

    def backward(
        self, gradient: Any = None, retain_graph: bool | None = None, create_graph: bool = False
    ) -> None:
        """Add the derivatives of this tensor, weighted by a seed, to the `.grad` of every leaf.

        Args:
            gradient: the seed, of this tensor's shape; not needed where it holds one number.
            retain_graph: keep the saved values for another backward; as `create_graph` unless said.
            create_graph: record the backward pass itself, so that `.grad` can be differentiated.

        Raises:
            LabError: no seed or one of the wrong shape, saved values that were freed or changed
                in place, or nothing that requires grad. Then no gradient has changed.
        """
        backward(self, gradient, create_graph if retain_graph is None else retain_graph,
                 create_graph)  # fmt: skip

    def float(self) -> Any:
        """Return the numbers as float32."""
        return convert(self, np.dtype(np.float32))

    def double(self) -> Any:
        """Return the numbers as float64."""
        return convert(self, np.dtype(np.float64))

    def numpy(self) -> np.ndarray[Any, Any]:
        """Return the numbers as a read-only NumPy array on the same memory.

        Raises:
            LabError: the tensor requires grad: what NumPy computes is not recorded.
        """
        if self.requires_grad:
            raise LabError(
                "numpy() of a tensor that requires grad: what NumPy computes with it is not "
                "recorded",
                mend="write x.detach().numpy() to say that this is meant",
            )
        view = self.array.view()
        view.flags.writeable = False
        return view

    def item(self) -> Any:
        """Return the one number of a tensor as a Python number."""
        if self.array.size != 1:
            raise LabError(
                f"a tensor of shape {self.shape} is not one number", mend="take one: x[0].item()"
            )
        return self.array.item()

    def tolist(self) -> Any:
        """Return the numbers as nested lists."""
        return self.array.tolist()

    def __array__(self, dtype: Any = None, copy: bool | None = None) -> Any:
        return np.array(self.numpy(), dtype)

    def __len__(self) -> int:
        if not self.shape:
            raise TypeError("a tensor of shape () has no length")
        return self.shape[0]

    def __iter__(self) -> Any:
        return (self[index] for index in range(len(self)))

    def __bool__(self) -> bool:
        return bool(self.item())

    def __float__(self) -> Any:
        return float(self.item())

    def __int__(self) -> int:
        return int(self.item())

    def __format__(self, spec: str) -> str:
        return format(self.item(), spec) if spec else str(self)

    def __repr__(self) -> str:
        return text(self)

    def _repr_html_(self) -> str:
        return table(self)
