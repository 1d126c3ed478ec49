"""Losses of numbers: how far an input is from its target."""

from __future__ import annotations

from typing import Any

from autodiff_cli.lab.apply import apply
from autodiff_cli.lab.elementwise import ELEMENTWISE
from autodiff_cli.lab.errors import LabError
from autodiff_cli.lab.reductions import mean, sum
from autodiff_cli.ops import ABS, COMPARISONS, WHERE


def reduced(losses: Any, reduction: str) -> Any:
    """Return losses as their mean, their sum, or as they are ("none")."""
    if reduction == "none":
        return losses
    if reduction not in ("mean", "sum"):
        raise LabError(f"{reduction!r} is no reduction", mend='write "mean", "sum" or "none"')
    return mean(losses) if reduction == "mean" else sum(losses)


def mse_loss(input: Any, target: Any, reduction: str = "mean") -> Any:
    """Return the square of the differences."""
    difference = input - target
    return reduced(difference * difference, reduction)


def l1_loss(input: Any, target: Any, reduction: str = "mean") -> Any:
    """Return the size of the differences."""
    return reduced(apply(ABS, input - target), reduction)


def huber_loss(input: Any, target: Any, reduction: str = "mean", delta: float = 1.0) -> Any:
    """Return d²/2 for differences up to delta, and delta·(|d| − delta/2) beyond."""
    difference = input - target
    size = apply(ABS, difference)
    near = apply(COMPARISONS["<"], size, delta)
    square = 0.5 * difference * difference
    return reduced(apply(WHERE, near, square, delta * (size - delta / 2)), reduction)


def smooth_l1_loss(input: Any, target: Any, reduction: str = "mean", beta: float = 1.0) -> Any:
    """Return d²/(2·beta) for differences up to beta, and |d| − beta/2 beyond."""
    return huber_loss(input, target, reduction, beta) / beta


def kl_div(input: Any, target: Any, reduction: str = "mean", log_target: bool = False) -> Any:
    """Return target·(ln target − input): how far a distribution is from one given by its logs."""
    if log_target:
        losses = ELEMENTWISE["exp"](target) * (target - input)
    else:
        held = apply(COMPARISONS[">"], target, 0)
        logs = ELEMENTWISE["ln"](apply(WHERE, held, target, 1.0))
        losses = target * logs - target * input
    if reduction == "batchmean":
        return sum(losses) / losses.array.shape[0]
    return reduced(losses, reduction)
