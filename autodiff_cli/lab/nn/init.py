"""How parameters begin: each function writes into a tensor, without a record."""

from __future__ import annotations

import math
from typing import Any

from autodiff_cli.lab.modes import no_grad


def _fans(tensor: Any) -> tuple[int, int]:
    """Return how many numbers go into each output of a layer, and come out of each input."""
    outs, ins = tensor.array.shape[:2]
    return ins, outs


@no_grad
def uniform_(tensor: Any, a: float = 0.0, b: float = 1.0) -> Any:
    """Write random numbers, uniform in [a, b)."""
    return tensor.uniform_(a, b)


@no_grad
def normal_(tensor: Any, mean: float = 0.0, std: float = 1.0) -> Any:
    """Write random numbers, normal."""
    return tensor.normal_(mean, std)


@no_grad
def constant_(tensor: Any, val: float) -> Any:
    """Write one number everywhere."""
    return tensor.fill_(val)


def zeros_(tensor: Any) -> Any:
    """Write zeros."""
    return constant_(tensor, 0.0)


def ones_(tensor: Any) -> Any:
    """Write ones."""
    return constant_(tensor, 1.0)


def kaiming_uniform_(tensor: Any, a: float = 0.0, nonlinearity: str = "leaky_relu") -> Any:
    """Write numbers that keep the spread of what a layer with relu passes on (He et al. 2015)."""
    gain = 1.0 if nonlinearity == "linear" else math.sqrt(2 / (1 + a * a))
    bound = gain * math.sqrt(3 / _fans(tensor)[0])
    return uniform_(tensor, -bound, bound)


def kaiming_normal_(tensor: Any, a: float = 0.0, nonlinearity: str = "leaky_relu") -> Any:
    """Write normal numbers that keep the spread, as `kaiming_uniform_`."""
    gain = 1.0 if nonlinearity == "linear" else math.sqrt(2 / (1 + a * a))
    return normal_(tensor, 0.0, gain / math.sqrt(_fans(tensor)[0]))


def xavier_uniform_(tensor: Any, gain: float = 1.0) -> Any:
    """Write numbers that keep the spread forward and backward (Glorot and Bengio 2010)."""
    bound = gain * math.sqrt(6 / sum(_fans(tensor)))
    return uniform_(tensor, -bound, bound)


def xavier_normal_(tensor: Any, gain: float = 1.0) -> Any:
    """Write normal numbers that keep the spread, as `xavier_uniform_`."""
    return normal_(tensor, 0.0, gain * math.sqrt(2 / sum(_fans(tensor))))
