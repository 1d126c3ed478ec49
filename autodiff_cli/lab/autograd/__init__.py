"""`torch.autograd`: gradients, their modes, functions with a backward of one's own, Jacobians."""

from __future__ import annotations

from autodiff_cli.lab.autograd import functional
from autodiff_cli.lab.autograd.custom import Function
from autodiff_cli.lab.backward import backward, grad
from autodiff_cli.lab.creation import Variable
from autodiff_cli.lab.gradcheck import gradcheck
from autodiff_cli.lab.modes import enable_grad, inference_mode, no_grad, set_grad_enabled

__all__ = [
    "Function", "Variable", "backward", "enable_grad", "functional", "grad", "gradcheck",
    "inference_mode", "no_grad", "set_grad_enabled",
]  # fmt: skip
