"""Tensors that record, in PyTorch's words: `from autodiff_cli import lab as torch`.

Tensors record what is done with them, and `backward` sweeps the record with the operation table's
rules. Everything is float64 unless float32 is asked for. Of the commands only `backward` loads it.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

from autodiff_cli.lab import vocabulary  # first: it gives the tensors their methods
from autodiff_cli.lab.axes import Size
from autodiff_cli.lab.backward import grad
from autodiff_cli.lab.creation import FloatTensor, Variable, ones, tensor, zeros
from autodiff_cli.lab.devices import accelerator, cuda, device
from autodiff_cli.lab.dtypes import (
    boolean,
    double,
    dtype,
    float16,
    float32,
    float64,
    get_default_dtype,
    half,
    int8,
    int16,
    int32,
    int64,
    long,
    set_default_dtype,
    short,
    uint8,
)
from autodiff_cli.lab.errors import LabError, LabIndexError, LabTypeError
from autodiff_cli.lab.gradcheck import gradcheck
from autodiff_cli.lab.modes import (
    enable_grad,
    inference_mode,
    no_grad,
    recording,
    set_grad_enabled,
)
from autodiff_cli.lab.random import manual_seed, rand
from autodiff_cli.lab.tensor import Tensor

if TYPE_CHECKING:
    from autodiff_cli.lab import autograd, func, linalg, nn, optim
    from autodiff_cli.lab.func import vmap
    from autodiff_cli.lab.watching import watch

pi, e, inf, nan = math.pi, math.e, math.inf, math.nan
float, int, bool = float32, int32, boolean
is_grad_enabled = recording

__all__ = [
    "FloatTensor",
    "LabError",
    "LabIndexError",
    "LabTypeError",
    "Size",
    "Tensor",
    "Variable",
    "accelerator",
    "autograd",
    "cuda",
    "device",
    "double",
    "dtype",
    "e",
    "enable_grad",
    "float16",
    "float32",
    "float64",
    "func",
    "get_default_dtype",
    "grad",
    "gradcheck",
    "half",
    "inf",
    "inference_mode",
    "int8",
    "int16",
    "int32",
    "int64",
    "is_grad_enabled",
    "linalg",
    "long",
    "manual_seed",
    "nan",
    "nn",
    "no_grad",
    "ones",
    "optim",
    "pi",
    "rand",
    "set_default_dtype",
    "set_grad_enabled",
    "short",
    "tensor",
    "uint8", "vmap", "watch", "zeros",
]  # fmt: skip

_words = vocabulary.words()
__all__ += sorted(_words.keys() - set(__all__))
globals().update(_words)  # sin, cos, pow, sum, max, …: one function for each word


#: Parts of the vocabulary that are loaded when they are first named, and where each stands.
_LATER = {
    "autograd": "autograd", "func": "func", "linalg": "linalg", "nn": "nn", "optim": "optim",
    "vmap": "func", "watch": "watching",
}  # fmt: skip


def __getattr__(name: str) -> Any:
    """Load a part of the vocabulary when it is first named: a first cell needs few of them."""
    if name not in _LATER:
        raise AttributeError(f"module 'autodiff_cli.lab' has no attribute '{name}'")
    from importlib import import_module

    part = import_module(f"autodiff_cli.lab.{_LATER[name]}")
    return part if _LATER[name] == name else getattr(part, name)
