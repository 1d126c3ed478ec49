"""Losses of classes and probabilities: cross-entropy in its several forms."""

from __future__ import annotations

from typing import Any

import numpy as np

from autodiff_cli.lab.apply import apply
from autodiff_cli.lab.axes import one_axis
from autodiff_cli.lab.elementwise import ELEMENTWISE, clamp
from autodiff_cli.lab.errors import LabError, LabIndexError
from autodiff_cli.lab.nn.distances import reduced
from autodiff_cli.lab.reductions import log_softmax, sum
from autodiff_cli.ops.shapes import INDEX


def one_hot(input: Any, num_classes: int = -1) -> Any:
    """Return for each whole number a row of zeros with a 1 at its place."""
    classes = checked_classes(input, None)
    count = int(classes.max(initial=-1)) + 1 if num_classes == -1 else num_classes
    if classes.size and classes.max() >= count:
        raise LabError(f"class {classes.max()} of {count}", mend="write a larger num_classes")
    return input.make(np.eye(count, dtype=np.int64)[classes])


def checked_classes(target: Any, count: int | None) -> np.ndarray[Any, Any]:
    """Return the classes that a target names.

    Raises:
        LabError: they are no whole numbers.
        LabIndexError: there is no such class.
    """
    classes: np.ndarray[Any, Any] = target.array
    if classes.dtype.kind not in "iu":
        raise LabError(
            "classes are whole numbers, from 0 on", mend="write target.long(), or probabilities"
        )
    if count is not None and classes.size and not (0 <= classes.min() <= classes.max() < count):
        wrong = classes.max() if classes.max() >= count else classes.min()
        raise LabIndexError(f"there is no class {wrong}", mend=f"write one from 0 to {count - 1}")
    return classes


def binary_cross_entropy(
    input: Any, target: Any, weight: Any = None, reduction: str = "mean"
) -> Any:
    """Return −(t·ln p + (1 − t)·ln(1 − p)); no logarithm is taken below −100."""
    if target.array.shape != input.array.shape:
        raise LabError(
            f"the target has shape {target.array.shape} and the input {input.array.shape}",
            mend="write one target for each probability",
        )
    if input.array.size and not (input.array.min() >= 0 and input.array.max() <= 1):
        raise LabError("probabilities lie between 0 and 1", mend="write torch.sigmoid(x)")
    hit = clamp(ELEMENTWISE["ln"](input), min=-100)
    miss = clamp(ELEMENTWISE["ln"](1 - input), min=-100)
    losses = -(target * hit + (1 - target) * miss)
    return reduced(losses if weight is None else losses * weight, reduction)


def binary_cross_entropy_with_logits(
    input: Any, target: Any, weight: Any = None, reduction: str = "mean"
) -> Any:
    """Return the binary cross-entropy of σ(x), without σ(x) itself."""
    losses = (1 - target) * input + ELEMENTWISE["softplus"](-input)
    return reduced(losses if weight is None else losses * weight, reduction)


def nll_loss(
    input: Any, target: Any, weight: Any = None, ignore_index: int = -100, reduction: str = "mean"
) -> Any:
    """Return minus the logarithm of the probability that each sample gave to its class."""
    axis = 0 if input.array.ndim == 1 else 1
    kept = target.array != ignore_index
    plain = weight is None and kept.all()
    safe = target if plain else target.make(np.where(kept, target.array, 0))
    classes = checked_classes(safe, input.array.shape[axis])
    rest = input.array.shape[:axis] + input.array.shape[axis + 1 :]
    if classes.shape != rest:
        raise LabError(
            f"a target of shape {classes.shape} for an input of shape {input.array.shape}",
            mend=f"write one class for each sample: shape {rest}",
        )
    grid: list[Any] = [np.arange(*rest)] if len(rest) == 1 else list(np.indices(rest, sparse=True))
    grid.insert(axis, classes)
    if plain:
        return reduced(-apply(INDEX, input, key=tuple(grid)), reduction)
    weights = kept.astype(input.array.dtype) * (1.0 if weight is None else weight.array[classes])
    share = input.make(np.asarray(weights, input.array.dtype))
    losses = -apply(INDEX, input, key=tuple(grid)) * share
    return sum(losses) / sum(share) if reduction == "mean" else reduced(losses, reduction)


def cross_entropy(
    input: Any, target: Any, weight: Any = None, ignore_index: int = -100,
    reduction: str = "mean", label_smoothing: float = 0.0,
) -> Any:  # fmt: skip
    """Return the cross-entropy of softmax(input) and a target: classes, or probabilities."""
    axis = 0 if input.array.ndim == 1 else one_axis(input.array.ndim, 1)
    logs = log_softmax(input, axis)
    count = input.array.shape[axis]
    if target.array.shape == input.array.shape:
        target = target * (1 - label_smoothing) + label_smoothing / count
        scale = 1.0 if weight is None else _along(weight, axis, input.array.ndim)
        losses = -sum(target * logs * scale, axis)
        batch = max(1, losses.array.size)
        return sum(losses) / batch if reduction == "mean" else reduced(losses, reduction)
    losses = nll_loss(logs, target, weight, ignore_index, reduction)
    if not label_smoothing:
        return losses
    scale = 1.0 if weight is None else _along(weight, axis, input.array.ndim)
    kept = target.make((target.array != ignore_index).astype(input.array.dtype))
    even = -sum(logs * scale, axis) * kept
    if reduction == "mean":
        even = sum(even) / sum(kept if weight is None else weight[target] * kept)
    elif reduction == "sum":
        even = sum(even)
    return (1 - label_smoothing) * losses + label_smoothing / count * even


def _along(weight: Any, axis: int, ndim: int) -> Any:
    """Return a vector along one axis of a shape with so many."""
    return weight.reshape([-1 if k == axis else 1 for k in range(ndim)])
