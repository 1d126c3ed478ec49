"""Losses as modules: each holds the settings of its function in `nn.functional`."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from autodiff_cli.lab.nn import functional
from autodiff_cli.lab.nn.module import Module


def _loss(name: str, function: Callable[..., Any], *settings: str) -> Any:
    """Return the module of a loss; it takes the function's settings by keyword."""

    def __init__(self: Any, *, reduction: str = "mean", **given: Any) -> None:
        Module.__init__(self)
        unknown = given.keys() - set(settings)
        if unknown:
            raise TypeError(f"{name} has no setting '{min(unknown)}'")
        self.settings = {"reduction": reduction, **given}

    def forward(self: Any, input: Any, target: Any) -> Any:
        return function(input, target, **self.settings)

    body = {
        "__init__": __init__, "forward": forward,
        "__doc__": f"`nn.functional.{function.__name__}` as a module.",
    }  # fmt: skip
    return type(name, (Module,), body)


MSELoss = _loss("MSELoss", functional.mse_loss)
L1Loss = _loss("L1Loss", functional.l1_loss)
HuberLoss = _loss("HuberLoss", functional.huber_loss, "delta")
SmoothL1Loss = _loss("SmoothL1Loss", functional.smooth_l1_loss, "beta")
NLLLoss = _loss("NLLLoss", functional.nll_loss, "weight", "ignore_index")
KLDivLoss = _loss("KLDivLoss", functional.kl_div, "log_target")
BCELoss = _loss("BCELoss", functional.binary_cross_entropy, "weight")
BCEWithLogitsLoss = _loss(
    "BCEWithLogitsLoss", functional.binary_cross_entropy_with_logits, "weight"
)
CrossEntropyLoss = _loss(
    "CrossEntropyLoss", functional.cross_entropy, "weight", "ignore_index", "label_smoothing"
)
