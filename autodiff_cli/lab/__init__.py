"""Tensors that record, in PyTorch's words: `from autodiff_cli import lab as torch`.

Tensors record what is done with them, and `backward` sweeps the record with the operation table's
rules. Everything is float64 unless float32 is asked for. Of the commands only `backward` loads it.
"""

from __future__ import annotations

from autodiff_cli.lab.backward import grad
from autodiff_cli.lab.creation import (
    FloatTensor,
    Variable,
    float32,
    float64,
    int64,
    manual_seed,
    ones,
    rand,
    tensor,
    zeros,
)
from autodiff_cli.lab.errors import LabError
from autodiff_cli.lab.functions import ELEMENTWISE, allclose, matmul, mean, reshape, sum
from autodiff_cli.lab.gradcheck import gradcheck
from autodiff_cli.lab.tape import no_grad
from autodiff_cli.lab.tensor import Tensor

__all__ = [
    "FloatTensor",
    "LabError",
    "Tensor",
    "Variable",
    "allclose",
    "float32",
    "float64",
    "grad",
    "gradcheck",
    "int64",
    "manual_seed",
    "matmul",
    "mean",
    "no_grad",
    "ones",
    "rand",
    "reshape",
    "sum",
    "tensor",
    "zeros",
]
__all__ += sorted(ELEMENTWISE)

globals().update(ELEMENTWISE)  # sin, cos, pow, …: one function for each name of the table
