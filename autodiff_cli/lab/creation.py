"""Where tensors come from: data, ones and zeros, and random numbers of NumPy's generator."""

from __future__ import annotations

import sys
from functools import cache
from typing import Any

import numpy as np

from autodiff_cli.lab.operators import lengths
from autodiff_cli.lab.tensor import Tensor

float32, float64, int64 = np.dtype(np.float32), np.dtype(np.float64), np.dtype(np.int64)

# Drawing numbers is the one thing here that has a state of its own; manual_seed starts it anew.
_source = {"generator": np.random.default_rng()}


def tensor(data: Any, *, dtype: Any = None, requires_grad: bool = False) -> Tensor:
    """Return a tensor of float64, or of whole numbers where `data` has only those."""
    return Tensor(data, dtype=dtype, requires_grad=requires_grad)


def FloatTensor(data: Any) -> Tensor:
    """Return a tensor of float64, where PyTorch's FloatTensor is float32.

    Everything here is float64 unless float32 is asked for, so that a number differs from calculus
    in the sixteenth place and not in the seventh. For float32 write tensor(data, dtype=float32).
    """
    _say_float64()
    return Tensor(data, dtype=float64)


@cache
def _say_float64() -> None:
    print(
        "note: FloatTensor is float64 here; for float32 write tensor(data, dtype=float32)",
        file=sys.stderr,
    )


def Variable(data: Any, requires_grad: bool = False) -> Tensor:
    """Return a leaf with these numbers, for which a gradient can be asked."""
    return Tensor(data, requires_grad=requires_grad)


def ones(*shape: Any, dtype: Any = float64, requires_grad: bool = False) -> Tensor:
    """Return ones, in a shape that is written (3), (2, 3) or ((2, 3))."""
    return Tensor(np.ones(lengths(shape)), dtype=dtype, requires_grad=requires_grad)


def zeros(*shape: Any, dtype: Any = float64, requires_grad: bool = False) -> Tensor:
    """Return zeros, in a shape that is written (3), (2, 3) or ((2, 3))."""
    return Tensor(np.zeros(lengths(shape)), dtype=dtype, requires_grad=requires_grad)


def rand(*shape: Any, dtype: Any = float64, requires_grad: bool = False) -> Tensor:
    """Return random numbers, uniform in [0, 1).

    They are NumPy's and not PyTorch's: the same seed gives other numbers there.
    """
    numbers = _source["generator"].random(lengths(shape))
    return Tensor(numbers, dtype=dtype, requires_grad=requires_grad)


def manual_seed(seed: int) -> None:
    """Start the random numbers anew: after the same seed come the same numbers."""
    _source["generator"] = np.random.default_rng(seed)
