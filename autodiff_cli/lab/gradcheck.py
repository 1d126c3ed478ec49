"""Is a gradient right? Compare it with central differences, number by number."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from autodiff_cli.lab.backward import grad
from autodiff_cli.lab.errors import LabError
from autodiff_cli.lab.tensor import Tensor


def gradcheck(
    function: Callable[..., Any],
    inputs: Any,
    eps: float = 1e-6,
    atol: float = 1e-5,
    rtol: float = 1e-3,
    raise_exception: bool = True,
) -> bool:
    """Tell whether the derivatives of `function` agree with (f(x + eps) − f(x − eps)) / (2 eps).

    Args:
        function: takes the inputs, answers a tensor.
        inputs: tensors, at least one of them float64 that requires grad.
        eps: step of the difference; its error is of the order of its square.
        atol: the two agree where |a − n| ≤ atol + rtol·|n|.
        rtol: the relative part of that.
        raise_exception: False answers False in place of the error.

    Raises:
        LabError: they do not agree (with both numbers), or there is nothing to check.
    """
    inputs = list(inputs) if isinstance(inputs, (list, tuple)) else [inputs]
    leaves = [k for k, leaf in enumerate(inputs) if getattr(leaf, "requires_grad", False)]
    if not leaves or any(inputs[k].dtype != np.dtype(float) for k in leaves):
        raise LabError(
            "gradcheck needs an input of float64 that requires grad: float32 is too coarse for "
            "differences",
            mend="write tensor([1.0, 2.0], requires_grad=True)",
        )
    for place in leaves:
        exact, near = _jacobian(function, inputs, place), _differences(function, inputs, place, eps)
        wrong = np.argwhere(~np.isclose(exact, near, rtol, atol))
        if len(wrong):
            if not raise_exception:
                return False
            row, column = wrong[0]
            raise LabError(
                f"the derivative of output {row} for number {column} of input {place + 1} is "
                f"{exact[row, column]:.6g} by backward and {near[row, column]:.6g} by differences"
            )
    return True


def _jacobian(function: Callable[..., Any], inputs: list[Any], place: int) -> Any:
    """Return the matrix of derivatives by reverse mode: one backward for each output number."""
    leaf, output = inputs[place], function(*inputs)
    count = output.array.size
    rows = np.zeros((count, leaf.array.size))
    for k in range(count if output.requires_grad else 0):
        seed = np.zeros(count)
        seed[k] = 1.0
        (found,) = grad(
            output, leaf, Tensor(seed.reshape(output.shape)), retain_graph=True, allow_unused=True
        )
        if found is not None:
            rows[k] = found.array.ravel()
    return rows


def _differences(function: Callable[..., Any], inputs: list[Any], place: int, eps: float) -> Any:
    """Return the matrix of derivatives by central differences: two calls for each number."""
    point = inputs[place].array
    columns = []
    for k in range(point.size):
        ends = []
        for step in (eps, -eps):
            moved = point.copy()
            moved.flat[k] += step
            leaf = Tensor(moved, requires_grad=True)
            ends.append(function(*inputs[:place], leaf, *inputs[place + 1 :]).array.ravel())
        columns.append((ends[0] - ends[1]) / (2 * eps))
    return np.stack(columns, axis=1)
