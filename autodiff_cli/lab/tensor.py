"""The tensor: an array that remembers how it was made, and its gradient after `backward`."""

from __future__ import annotations

import weakref
from collections.abc import Callable
from typing import Any

import numpy as np

from autodiff_cli.lab.apply import State, apply
from autodiff_cli.lab.backward import backward
from autodiff_cli.lab.conversion import Convertible
from autodiff_cli.lab.dtypes import default_type, dtype, numpy_type
from autodiff_cli.lab.errors import LabError, LabTypeError
from autodiff_cli.lab.html import table
from autodiff_cli.lab.printing import text
from autodiff_cli.lab.tape import shape_text
from autodiff_cli.ops.shapes import SCALE


class Tensor(Convertible):
    """An array that remembers how it was made. `tensor`, `Variable`, `ones` make one.

    Args:
        data: nested lists, NumPy array or tensor, which is copied; or the lengths of axes.
        requires_grad: True to have `backward` put a gradient into `.grad`.
        dtype: the default type, float64, unless another is asked for.
    """

    def __init__(self, *data: Any, requires_grad: bool = False, dtype: Any = None) -> None:
        lengths = dtype is None and all(type(length) is int for length in data)
        array = numbers(data[0], dtype or default_type()) if not lengths else np.zeros(data)
        self.__dict__.update(self.make(array).__dict__)
        if requires_grad:
            self.requires_grad_()

    @property
    def grad(self) -> Any:
        """The sum of the gradients of all backward passes so far; None before the first."""
        return self._grad

    @grad.setter
    def grad(self, gradient: Any) -> None:
        if gradient is not None and not isinstance(gradient, State):
            raise LabTypeError("a gradient is a tensor or None", mend="write x.grad = tensor(…)")
        if gradient is not None and gradient.array.shape != self.array.shape:
            raise LabError(
                f"a gradient of shape {shape_text(gradient.array)} does not belong to a tensor of "
                f"shape {shape_text(self.array)}"
            )
        self._grad = gradient

    @property
    def requires_grad(self) -> bool:
        """True where operations on this tensor are recorded; a leaf's may be set."""
        return self.origin is not None

    @requires_grad.setter
    def requires_grad(self, wanted: bool) -> None:
        self.requires_grad_(wanted)

    @property
    def is_leaf(self) -> bool:
        """True for a tensor that no recorded operation made."""
        return self.grad_fn is None

    @property
    def data(self) -> Any:
        """The same memory without a record; writing there counts as a change in place."""
        return self.detach()

    @data.setter
    def data(self, source: Any) -> None:
        array = numbers(source, None)
        if array.shape != self.array.shape:
            raise LabError(
                f"data of shape {shape_text(array)} does not fit into a tensor of shape "
                f"{shape_text(self.array)}",
                mend="make a new tensor",
            )
        np.copyto(self.array, array, casting="same_kind")
        self.version.number += 1

    @property
    def dtype(self) -> dtype:
        """Type of the numbers."""
        return dtype(self.array.dtype)

    def detach(self) -> Any:
        """Return a tensor on the same memory that does not remember how it was made."""
        return self.make(self.array, self.version)

    def detach_(self) -> Any:
        """Forget how this tensor was made."""
        self._maker, self.alias, self.wanted = None, None, False
        return self

    def clone(self) -> Any:
        """Return a recorded copy."""
        if self.array.dtype.kind != "f":
            return self.make(np.array(self.array))
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
        self,
        gradient: Any = None,
        retain_graph: bool | None = None,
        create_graph: bool = False,
        inputs: Any = None,
    ) -> None:
        """Add the derivatives of this tensor, weighted by a seed, to the `.grad` of every leaf.

        Args:
            gradient: the seed, of this tensor's shape; not needed where it holds one number.
            retain_graph: keep the saved values for another backward; as `create_graph` unless said.
            create_graph: record the backward pass itself, so that `.grad` can be differentiated.
            inputs: the leaves whose `.grad` is wanted; all unless said.

        Raises:
            LabError: no seed or one of the wrong shape, saved values that were freed or changed
                in place, or nothing that requires grad. Then no gradient has changed.
        """
        backward(self, gradient, retain_graph, create_graph, inputs)

    def retain_grad(self) -> None:
        """Have `backward` put this result's gradient into `.grad`, as it does for a leaf."""
        self._must_be_recorded("retain_grad")
        entry = self.grad_fn
        if entry is not None:
            entry.kept = [*(entry.kept or []), weakref.ref(self)]

    def register_hook(self, hook: Callable[[Any], Any]) -> Any:
        """Have each backward hand this tensor's gradient to a function, and go on with its answer.

        Args:
            hook: takes the gradient; answers another one, or None to leave it.

        Returns:
            An object whose `remove()` ends it.
        """
        self._must_be_recorded("register_hook")
        place = self.origin
        place.hooks = [*(place.hooks or []), hook]
        return Handle(place, hook)

    def _must_be_recorded(self, name: str) -> None:
        if self.origin is None:
            raise LabError(
                f"{name} of a tensor that does not require grad: no gradient will come here",
                mend="make it with requires_grad=True",
            )

    def __repr__(self) -> str:
        return text(self)

    def _repr_html_(self) -> str:
        return table(self)


class Handle:
    """A registered hook. `remove()` ends it."""

    def __init__(self, place: Any, hook: Any) -> None:
        self._place, self._hook = place, hook

    def remove(self) -> None:
        """Call the hook no longer."""
        self._place.hooks = [hook for hook in self._place.hooks or [] if hook is not self._hook]


def numbers(data: Any, kind: Any) -> np.ndarray[Any, Any]:
    """Return a new array of numbers.

    Args:
        data: number, nested lists, NumPy array or tensor.
        kind: type of the numbers; None keeps an array's, and takes the default for lists.

    Raises:
        LabError: lists of unequal length, or no numbers.
    """
    words = "a tensor holds numbers, in lists of equal length"
    mend = "write tensor([1.0, 2.0])"
    if isinstance(data, (list, tuple)):
        data = [part.item() if getattr(part, "ndim", 1) == 0 else part for part in data]
    plain = not isinstance(data, (State, np.ndarray, np.generic))
    try:
        array = np.array(data.array if isinstance(data, State) else data)
    except (TypeError, ValueError) as error:
        raise LabError(words, mend=mend) from error
    if array.dtype.kind not in "fiub":
        raise (LabTypeError if array.dtype.kind in "US" else LabError)(words, mend=mend)
    if kind is not None:
        return array.astype(numpy_type(kind))
    return array.astype(default_type()) if plain and array.dtype.kind == "f" else array
