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
        function: takes the inputs, answers a tensor or a tuple of them.
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
        pairs = zip(
            _jacobians(function, inputs, place), _differences(function, inputs, place, eps),
            strict=True,
        )  # fmt: skip
        for number, (exact, near) in enumerate(pairs):
            wrong = np.argwhere(~np.isclose(exact, near, rtol, atol))
            if len(wrong) and not raise_exception:
                return False
            if len(wrong):
                row, column = wrong[0]
                which = f" of result {number + 1}" if number else ""
                raise LabError(
                    f"the derivative of output {row}{which} for number {column} of input "
                    f"{place + 1} is {exact[row, column]:.6g} by backward and "
                    f"{near[row, column]:.6g} by differences"
                )
    return True


def _called(function: Callable[..., Any], inputs: list[Any]) -> tuple[Any, ...]:
    found = function(*inputs)
    return tuple(found) if isinstance(found, (tuple, list)) else (found,)


def _jacobians(function: Callable[..., Any], inputs: list[Any], place: int) -> list[Any]:
    """Return a matrix of derivatives for each result: one backward for each of its numbers."""
    leaf = inputs[place]
    matrices = []
    for output in _called(function, inputs):
        count = output.array.size
        rows = np.zeros((count, leaf.array.size))
        for k in range(count if output.requires_grad else 0):
            seed = np.zeros(count)
            seed[k] = 1.0
            weights = output.make(seed.reshape(output.array.shape))
            (found,) = grad(output, leaf, weights, retain_graph=True, allow_unused=True)
            if found is not None:
                rows[k] = found.array.ravel()
        matrices.append(rows)
    return matrices


def _differences(
    function: Callable[..., Any], inputs: list[Any], place: int, eps: float
) -> list[Any]:
    """Return the same by central differences: two calls for each number of the input."""
    point = inputs[place].array
    columns = []
    for k in range(point.size):
        ends = []
        for step in (eps, -eps):
            moved = np.array(point)
            moved.flat[k] += step
            leaf = Tensor.make(moved).requires_grad_()
            ends.append(_called(function, [*inputs[:place], leaf, *inputs[place + 1 :]]))
        columns.append([(a.array.ravel() - b.array.ravel()) / (2 * eps)
                        for a, b in zip(*ends, strict=True)])  # fmt: skip
    return [np.stack(column, axis=1) for column in zip(*columns, strict=True)]
