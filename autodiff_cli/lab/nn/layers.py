"""Layers: modules with parameters or settings of their own."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

from autodiff_cli.lab.creation import ones, zeros
from autodiff_cli.lab.nn import functional, init
from autodiff_cli.lab.nn.module import Module, Parameter
from autodiff_cli.lab.random import randn
from autodiff_cli.lab.shaping import flatten


class Linear(Module):
    """x @ weightᵀ + bias.

    Args:
        in_features: length of an input.
        out_features: length of an output.
        bias: False for a product alone.
    """

    bias: Any

    def __init__(
        self, in_features: int, out_features: int, bias: bool = True, *, dtype: Any = None
    ) -> None:
        super().__init__()
        self.in_features, self.out_features = in_features, out_features
        bound = 1 / math.sqrt(in_features) if in_features else 0.0
        weight = init.uniform_(zeros(out_features, in_features, dtype=dtype), -bound, bound)
        self.weight = Parameter(weight)
        start = init.uniform_(zeros(out_features, dtype=dtype), -bound, bound)
        self.bias = Parameter(start) if bias else None

    def forward(self, x: Any) -> Any:
        """Return x @ weightᵀ + bias."""
        return functional.linear(x, self.weight, self.bias)

    def extra_repr(self) -> str:
        """Return the sizes."""
        return (
            f"in_features={self.in_features}, out_features={self.out_features}, "
            f"bias={self.bias is not None}"
        )


class Embedding(Module):
    """A row of numbers for each of so many things."""

    def __init__(self, num_embeddings: int, embedding_dim: int) -> None:
        super().__init__()
        self.weight = Parameter(randn(num_embeddings, embedding_dim))

    def forward(self, x: Any) -> Any:
        """Return the rows that whole numbers name."""
        return functional.embedding(x, self.weight)


class LayerNorm(Module):
    """Mean 0 and variance 1 over the last axes, then a scale and a shift that are learned."""

    def __init__(self, normalized_shape: Any, eps: float = 1e-5) -> None:
        super().__init__()
        self.normalized_shape = (
            (normalized_shape,) if isinstance(normalized_shape, int) else tuple(normalized_shape)
        )
        self.eps = eps
        self.weight = Parameter(ones(self.normalized_shape))
        self.bias = Parameter(zeros(self.normalized_shape))

    def forward(self, x: Any) -> Any:
        """Return the normalised tensor."""
        return functional.layer_norm(x, self.normalized_shape, self.weight, self.bias, self.eps)


class Dropout(Module):
    """In training, a share p of the numbers is 0 at random."""

    def __init__(self, p: float = 0.5) -> None:
        super().__init__()
        self.p = p

    def forward(self, x: Any) -> Any:
        """Return the tensor, thinned in training."""
        return functional.dropout(x, self.p, self.training)

    def extra_repr(self) -> str:
        """Return the share."""
        return f"p={self.p}, inplace=False"


class Flatten(Module):
    """All axes but the first as one."""

    def __init__(self, start_dim: int = 1, end_dim: int = -1) -> None:
        super().__init__()
        self.start_dim, self.end_dim = start_dim, end_dim

    def forward(self, x: Any) -> Any:
        """Return the flattened tensor."""
        return flatten(x, self.start_dim, self.end_dim)

    def extra_repr(self) -> str:
        """Return the axes."""
        return f"start_dim={self.start_dim}, end_dim={self.end_dim}"


class Identity(Module):
    """What goes in comes out."""

    def forward(self, x: Any) -> Any:
        """Return x."""
        return x


def _layer(name: str, function: Callable[..., Any], settings: dict[str, Any]) -> Any:
    """Return the module of a function of one tensor, with its settings in order."""

    def __init__(self: Any, *given: Any, **named: Any) -> None:
        Module.__init__(self)
        named.pop("inplace", None)
        self.settings = settings | dict(zip(settings, given, strict=False)) | named

    def forward(self: Any, x: Any) -> Any:
        return function(x, **self.settings)

    def extra_repr(self: Any) -> str:
        return ", ".join(f"{key}={value}" for key, value in self.settings.items())

    doc = f"`nn.functional.{function.__name__}` as a module."
    body = {"__init__": __init__, "forward": forward, "extra_repr": extra_repr, "__doc__": doc}
    return type(name, (Module,), body)


ReLU = _layer("ReLU", functional.relu, {})
ReLU6 = _layer("ReLU6", functional.relu6, {})
Sigmoid = _layer("Sigmoid", functional.sigmoid, {})
Tanh = _layer("Tanh", functional.tanh, {})
SiLU = _layer("SiLU", functional.silu, {})
GELU = _layer("GELU", functional.gelu, {"approximate": "none"})
ELU = _layer("ELU", functional.elu, {"alpha": 1.0})
SELU = _layer("SELU", functional.selu, {})
Mish = _layer("Mish", functional.mish, {})
LeakyReLU = _layer("LeakyReLU", functional.leaky_relu, {"negative_slope": 0.01})
Hardtanh = _layer("Hardtanh", functional.hardtanh, {"min_val": -1.0, "max_val": 1.0})
Softplus = _layer("Softplus", functional.softplus, {"beta": 1.0, "threshold": 20.0})
Softsign = _layer("Softsign", functional.softsign, {})
LogSigmoid = _layer("LogSigmoid", functional.logsigmoid, {})
Softmax = _layer("Softmax", functional.softmax, {"dim": None})
LogSoftmax = _layer("LogSoftmax", functional.log_softmax, {"dim": None})
