"""Many numbers to few: sums, and what is composed of sums and of the table's functions."""

from __future__ import annotations

from typing import Any

import numpy as np

from autodiff_cli.lab.apply import apply, convert
from autodiff_cli.lab.axes import one_axis, some_axes
from autodiff_cli.lab.dtypes import numpy_type
from autodiff_cli.lab.errors import LabError, LabUnsupportedError
from autodiff_cli.lab.joining import cat, stack, unbind
from autodiff_cli.lab.shaping import flatten
from autodiff_cli.ops import (
    ABS,
    ADD,
    COMPARISONS,
    DIVIDE,
    MULTIPLY,
    POWER,
    SQRT,
    SUBTRACT,
    WHERE,
    find,
)
from autodiff_cli.ops.shapes import CUMSUM, INDEX, MEAN, SUM

EXP, LN = find("exp", 1), find("ln", 1)


def _axis(x: Any, dim: Any) -> Any:
    return None if dim is None else some_axes(x.array.ndim, dim)


def sum(x: Any, dim: Any = None, keepdim: bool = False, *, dtype: Any = None) -> Any:
    """Return the sum over one axis, several, or all."""
    x = x if dtype is None else convert(x, numpy_type(dtype))
    return apply(SUM, x, axis=_axis(x, dim), keepdim=keepdim)


def mean(x: Any, dim: Any = None, keepdim: bool = False, *, dtype: Any = None) -> Any:
    """Return the mean over one axis, several, or all."""
    x = x if dtype is None else convert(x, numpy_type(dtype))
    if x.array.dtype.kind != "f":
        raise LabError(
            "the mean of whole numbers is not a whole number", mend="write x.double().mean()"
        )
    return apply(MEAN, x, axis=_axis(x, dim), keepdim=keepdim)


def var(
    x: Any, dim: Any = None, unbiased: bool = True, keepdim: bool = False, *,
    correction: Any = None,
) -> Any:  # fmt: skip
    """Return the mean square distance from the mean, divided by n − 1 (n − correction)."""
    if isinstance(dim, bool):
        dim, unbiased = None, dim
    axes = _axis(x, dim)
    less = (1 if unbiased else 0) if correction is None else correction
    distance = apply(SUBTRACT, x, mean(x, axes, True))
    shape = x.array.shape
    count = int(np.prod([shape[k] for k in (range(len(shape)) if axes is None else axes)]))
    total = sum(apply(MULTIPLY, distance, distance), axes, keepdim)
    return apply(DIVIDE, total, max(0, count - less))


def std(
    x: Any, dim: Any = None, unbiased: bool = True, keepdim: bool = False, *,
    correction: Any = None,
) -> Any:  # fmt: skip
    """Return the root of `var`; where that is 0, its slope is taken as 0."""
    return _root(var(x, dim, unbiased, keepdim, correction=correction))


def _root(x: Any) -> Any:
    """Return the square root with slope 0 at 0, where PyTorch has it too for std and norm."""
    at_zero = apply(COMPARISONS["=="], x, 0)
    return apply(WHERE, at_zero, x, apply(SQRT, apply(WHERE, at_zero, 1.0, x)))


def norm(x: Any, p: Any = 2, dim: Any = None, keepdim: bool = False) -> Any:
    """Return the p-norm: the length for p = 2, the largest size for p = inf."""
    if x.array.dtype.kind != "f":
        raise LabError("the norm of whole numbers", mend="write x.double().norm()")
    axes = _axis(x, dim)
    p = 2 if p in (None, "fro") else p
    if p == 2:
        return _root(sum(apply(MULTIPLY, x, x), axes, keepdim))
    size = apply(ABS, x)
    if p in (float("inf"), -float("inf")):
        return (size.amax if p > 0 else size.amin)(axes, keepdim)
    if p == 1:
        return sum(size, axes, keepdim)
    if p == 0:
        return sum(apply(COMPARISONS["!="], x, 0), axes, keepdim).to(x.dtype)
    return apply(POWER, sum(apply(POWER, size, p), axes, keepdim), 1 / p)


def prod(x: Any, dim: Any = None, keepdim: bool = False) -> Any:
    """Return the product: pairs are multiplied until one number is left, so that a 0 is no trap."""
    if dim is None:
        x, dim = flatten(x), 0
    place = one_axis(x.array.ndim, dim)
    if x.array.dtype.kind != "f":
        axis = place if x.array.ndim else None
        return x.make(np.asarray(x.array.prod(axis=axis, keepdims=keepdim)))
    if not x.array.ndim:
        return x.clone()
    before = [slice(None)] * place
    if not x.array.shape[place]:
        return x.make(x.array.prod(axis=place, keepdims=keepdim))
    while (length := x.array.shape[place]) > 1:
        half = length // 2
        pairs = apply(MULTIPLY, apply(INDEX, x, key=(*before, slice(0, half))),
                      apply(INDEX, x, key=(*before, slice(half, 2 * half))))  # fmt: skip
        rest = apply(INDEX, x, key=(*before, slice(2 * half, length)))
        x = cat([pairs, rest], place) if length % 2 else pairs
    return x if keepdim else apply(INDEX, x, key=(*before, 0))


def cumsum(x: Any, dim: int) -> Any:
    """Return the sums from the start of an axis up to each element."""
    return apply(CUMSUM, x, axis=one_axis(x.array.ndim, dim)) if x.array.ndim else x.clone()


def cumprod(x: Any, dim: int) -> Any:
    """Return the products from the start of an axis up to each element."""
    found: list[Any] = []
    for part in unbind(x, dim):
        found.append(apply(MULTIPLY, found[-1], part) if found else part)
    return stack(found, dim)


def logsumexp(x: Any, dim: Any, keepdim: bool = False) -> Any:
    """Return ln Σ exp x; the largest is taken out first, so that nothing overflows."""
    axes = some_axes(x.array.ndim, dim)
    top = _largest(x, axes)
    total = sum(apply(EXP, apply(SUBTRACT, x, top)), axes, keepdim)
    return apply(ADD, apply(LN, total), top if keepdim else top.reshape(total.array.shape))


def _largest(x: Any, axes: Any) -> Any:
    """Return the largest number along axes as a constant; an infinite one would make inf − inf."""
    top = np.max(x.array, axis=axes, keepdims=True)
    if np.isfinite(top).all():
        return x.make(top)
    return x.make(np.where(np.isfinite(top), top, np.zeros_like(top)))


def softmax(x: Any, dim: Any, dtype: Any = None) -> Any:
    """Return exp x / Σ exp x along an axis; the largest is taken out first."""
    x = _with_point("softmax", x, dtype)
    axes = some_axes(x.array.ndim, dim)
    powers = apply(EXP, apply(SUBTRACT, x, _largest(x, axes)))
    return apply(DIVIDE, powers, sum(powers, axes, True))


def log_softmax(x: Any, dim: Any, dtype: Any = None) -> Any:
    """Return x − ln Σ exp x along an axis."""
    x = _with_point("log_softmax", x, dtype)
    axes = some_axes(x.array.ndim, dim)
    down = apply(SUBTRACT, x, _largest(x, axes))
    return apply(SUBTRACT, down, apply(LN, sum(apply(EXP, down), axes, True)))


def _with_point(name: str, x: Any, dtype: Any) -> Any:
    x = x if dtype is None else convert(x, numpy_type(dtype))
    if x.array.dtype.kind != "f":
        raise LabUnsupportedError(f"{name} of whole numbers", mend=f"write x.double().{name}(…)")
    return x


def _truth(x: Any, function: Any, dim: Any, keepdim: bool) -> Any:
    axes = None if dim is None else some_axes(x.array.ndim, dim)
    return x.make(np.asarray(function(x.array, axis=axes, keepdims=keepdim)))


def all(x: Any, dim: Any = None, keepdim: bool = False) -> Any:
    """Tell whether no element is 0."""
    return _truth(x, np.all, dim, keepdim)


def any(x: Any, dim: Any = None, keepdim: bool = False) -> Any:
    """Tell whether some element is not 0."""
    return _truth(x, np.any, dim, keepdim)


def count_nonzero(x: Any, dim: Any = None) -> Any:
    """Return how many elements are not 0."""
    axes = None if dim is None else some_axes(x.array.ndim, dim)
    return x.make(np.asarray(np.count_nonzero(x.array, axis=axes)))


METHODS = (
    sum, mean, var, std, norm, prod, cumsum, cumprod, logsumexp, softmax, log_softmax, all, any,
    count_nonzero,
)  # fmt: skip
