"""What layers and losses compute, as functions of tensors: compositions of the table's rows."""

from __future__ import annotations

import math
from typing import Any

from autodiff_cli.lab.apply import apply
from autodiff_cli.lab.elementwise import ELEMENTWISE, clamp
from autodiff_cli.lab.joining import chunk
from autodiff_cli.lab.nn.classes import (
    binary_cross_entropy,
    binary_cross_entropy_with_logits,
    cross_entropy,
    nll_loss,
    one_hot,
)
from autodiff_cli.lab.nn.distances import (
    huber_loss,
    kl_div,
    l1_loss,
    mse_loss,
    smooth_l1_loss,
)
from autodiff_cli.lab.products import matmul
from autodiff_cli.lab.random import generator
from autodiff_cli.lab.reductions import log_softmax, mean, norm, softmax, sum, var
from autodiff_cli.lab.shaping import t, transpose
from autodiff_cli.ops import COMPARISONS, SQRT, WHERE, find

relu, sigmoid, tanh = ELEMENTWISE["relu"], ELEMENTWISE["sigmoid"], ELEMENTWISE["tanh"]
_softplus, silu, _gelu = ELEMENTWISE["softplus"], ELEMENTWISE["silu"], ELEMENTWISE["gelu"]
mish, softsign = ELEMENTWISE["mish"], ELEMENTWISE["softsign"]
EXPM1 = find("expm1", 1)

__all__ = [
    "binary_cross_entropy",
    "binary_cross_entropy_with_logits",
    "celu",
    "cosine_similarity",
    "cross_entropy",
    "dropout",
    "elu",
    "embedding",
    "gelu",
    "glu",
    "hardsigmoid",
    "hardswish",
    "hardtanh",
    "huber_loss",
    "kl_div",
    "l1_loss",
    "layer_norm",
    "leaky_relu",
    "linear",
    "log_softmax",
    "logsigmoid",
    "mish",
    "mse_loss",
    "nll_loss",
    "normalize",
    "one_hot",
    "relu",
    "relu6",
    "scaled_dot_product_attention",
    "selu",
    "sigmoid",
    "silu",
    "smooth_l1_loss",
    "softmax",
    "softmin",
    "softplus",
    "softsign",
    "tanh",
    "tanhshrink",
    "threshold",
]  # fmt: skip


def linear(input: Any, weight: Any, bias: Any = None) -> Any:
    """Return input @ weightᵀ + bias."""
    product = matmul(input, t(weight))
    return product if bias is None else product + bias


def softplus(input: Any, beta: float = 1.0, threshold: float = 20.0) -> Any:
    """Return ln(1 + exp(beta·x))/beta; beyond the threshold that is x to the last digit."""
    return _softplus(input) if beta == 1 else _softplus(input * beta) / beta


def gelu(input: Any, approximate: str = "none") -> Any:
    """Return x·Φ(x), with Φ the normal distribution; approximate="tanh" is the older formula."""
    if approximate == "none":
        return _gelu(input)
    inner = math.sqrt(2 / math.pi) * (input + 0.044715 * input**3)
    return 0.5 * input * (1 + tanh(inner))


def leaky_relu(input: Any, negative_slope: float = 0.01) -> Any:
    """Return x, or negative_slope·x where x is not positive."""
    return apply(WHERE, apply(COMPARISONS[">"], input, 0), input, input * negative_slope)


def elu(input: Any, alpha: float = 1.0) -> Any:
    """Return x, or alpha·(exp(x) − 1) where x is not positive."""
    below = apply(EXPM1, clamp(input, max=0)) * alpha
    return apply(WHERE, apply(COMPARISONS[">"], input, 0), input, below)


def hardtanh(input: Any, min_val: float = -1.0, max_val: float = 1.0) -> Any:
    """Return x between two bounds; at a bound and beyond the slope is 0."""
    inside = (input > min_val) & (input < max_val)
    return apply(WHERE, inside, input, clamp(input.detach(), min_val, max_val))


def relu6(input: Any) -> Any:
    """Return x between 0 and 6."""
    return hardtanh(input, 0.0, 6.0)


def logsigmoid(input: Any) -> Any:
    """Return ln σ(x) = −softplus(−x)."""
    return -_softplus(-input)


def selu(input: Any) -> Any:
    """Return 1.0507·elu(x, 1.67326): constants that keep mean 0 and variance 1."""
    return 1.0507009873554805 * elu(input, 1.6732632423543772)


def celu(input: Any, alpha: float = 1.0) -> Any:
    """Return x, or alpha·(exp(x/alpha) − 1) where x is not positive."""
    return elu(input / alpha, 1.0) * alpha


def hardsigmoid(input: Any) -> Any:
    """Return x/6 + 1/2, between 0 and 1."""
    return hardtanh(input, -3.0, 3.0) / 6 + 0.5


def hardswish(input: Any) -> Any:
    """Return x·hardsigmoid(x)."""
    return input * hardsigmoid(input)


def tanhshrink(input: Any) -> Any:
    """Return x − tanh x."""
    return input - tanh(input)


def softmin(input: Any, dim: int) -> Any:
    """Return the softmax of −x."""
    return softmax(-input, dim)


def threshold(input: Any, threshold: float, value: float) -> Any:
    """Return x where it is above a threshold, else a value."""
    return apply(WHERE, apply(COMPARISONS[">"], input, threshold), input, value)


def glu(input: Any, dim: int = -1) -> Any:
    """Return the first half along an axis times the sigmoid of the second."""
    first, second = chunk(input, 2, dim)
    return first * sigmoid(second)


def scaled_dot_product_attention(query: Any, key: Any, value: Any, attn_mask: Any = None) -> Any:
    """Return softmax(query @ keyᵀ/√n) @ value; a mask says which keys count."""
    scores = matmul(query, transpose(key, -2, -1)) / math.sqrt(query.array.shape[-1])
    if attn_mask is not None:
        kept = attn_mask.array.dtype.kind == "b"
        scores = apply(WHERE, attn_mask, scores, -math.inf) if kept else scores + attn_mask
    return matmul(softmax(scores, -1), value)


def dropout(input: Any, p: float = 0.5, training: bool = True) -> Any:
    """Return the tensor with a share p of its numbers 0 at random, the others over 1 − p."""
    if not training or not p:
        return input
    kept = generator().random(input.array.shape) >= p
    return input * input.make(kept / (1 - p) if p < 1 else kept * 1.0)


def embedding(input: Any, weight: Any) -> Any:
    """Return the rows of a matrix that whole numbers name."""
    return weight[input]


def layer_norm(
    input: Any, normalized_shape: Any, weight: Any = None, bias: Any = None, eps: float = 1e-5
) -> Any:
    """Return the tensor with mean 0 and variance 1 over its last axes, scaled and moved."""
    axes = tuple(range(-len(tuple(normalized_shape)), 0))
    spread = var(input, axes, unbiased=False, keepdim=True) + eps
    found = (input - mean(input, axes, True)) / apply(SQRT, spread)
    found = found if weight is None else found * weight
    return found if bias is None else found + bias


def normalize(input: Any, p: float = 2.0, dim: int = 1, eps: float = 1e-12) -> Any:
    """Return the tensor with norm 1 along an axis."""
    return input / clamp(norm(input, p, dim, True), min=eps)


def cosine_similarity(x1: Any, x2: Any, dim: int = 1, eps: float = 1e-8) -> Any:
    """Return the cosine of the angle between vectors along an axis."""
    lengths = clamp(norm(x1, 2, dim), min=eps) * clamp(norm(x2, 2, dim), min=eps)
    return sum(x1 * x2, dim) / lengths
