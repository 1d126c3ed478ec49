"""Words that PyTorch has for what other words say together: each is a composition of them."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from autodiff_cli.lab.apply import State, apply
from autodiff_cli.lab.axes import one_axis
from autodiff_cli.lab.elementwise import clamp
from autodiff_cli.lab.errors import LabError
from autodiff_cli.lab.extremes import along, amax, amin
from autodiff_cli.lab.joining import cat, stack
from autodiff_cli.lab.products import einsum, matmul
from autodiff_cli.lab.reductions import logsumexp, mean, norm, std, sum, var
from autodiff_cli.lab.shaping import expand, flip, narrow, unsqueeze
from autodiff_cli.ops import ADD, COMPARISONS, DIVIDE, MULTIPLY, SUBTRACT, WHERE, find
from autodiff_cli.ops.shapes import INDEX, SCATTER

SIGN = find("sign", 1)


def deg2rad(x: Any) -> Any:
    """Return degrees as radians."""
    return apply(MULTIPLY, x, math.pi / 180)


def rad2deg(x: Any) -> Any:
    """Return radians as degrees."""
    return apply(MULTIPLY, x, 180 / math.pi)


def logaddexp(x: Any, other: Any) -> Any:
    """Return ln(exp a + exp b), without overflow."""
    return logsumexp(stack(list(_pair(x, other))), 0)


def _pair(x: Any, other: Any) -> tuple[Any, Any]:
    """Return two tensors expanded to their common shape."""
    shape = np.broadcast_shapes(x.array.shape, other.array.shape)
    return expand(x, shape), expand(other, shape)


def sgn(x: Any) -> Any:
    """Return the sign: −1, 0 or 1."""
    return apply(SIGN, x)


def clamp_min(x: Any, min: Any) -> Any:
    """Return each number, or a bound where it is below."""
    return clamp(x, min=min)


def clamp_max(x: Any, max: Any) -> Any:
    """Return each number, or a bound where it is above."""
    return clamp(x, max=max)


def nan_to_num(x: Any, nan: float = 0.0, posinf: Any = None, neginf: Any = None) -> Any:
    """Return the numbers with nan and the infinite ones replaced."""
    largest = float(np.finfo(x.array.dtype).max)
    found = apply(WHERE, x.make(np.isnan(x.array)), nan, x)
    found = apply(WHERE, x.make(np.isposinf(x.array)), largest if posinf is None else posinf, found)
    return apply(WHERE, x.make(np.isneginf(x.array)), -largest if neginf is None else neginf, found)


def nansum(x: Any, dim: Any = None, keepdim: bool = False) -> Any:
    """Return the sum of the numbers that are none of nan."""
    return sum(apply(WHERE, x.make(np.isnan(x.array)), 0.0, x), dim, keepdim)


def nanmean(x: Any, dim: Any = None, keepdim: bool = False) -> Any:
    """Return the mean of the numbers that are none of nan."""
    held = x.make((~np.isnan(x.array)).astype(x.array.dtype))
    return apply(DIVIDE, nansum(x, dim, keepdim), sum(held, dim, keepdim))


def std_mean(x: Any, dim: Any = None, keepdim: bool = False) -> tuple[Any, Any]:
    """Return the deviation and the mean."""
    return std(x, dim, keepdim=keepdim), mean(x, dim, keepdim)


def var_mean(x: Any, dim: Any = None, keepdim: bool = False) -> tuple[Any, Any]:
    """Return the variance and the mean."""
    return var(x, dim, keepdim=keepdim), mean(x, dim, keepdim)


def aminmax(x: Any, *, dim: Any = None, keepdim: bool = False) -> tuple[Any, Any]:
    """Return the smallest and the largest number."""
    return amin(x, dim, keepdim), amax(x, dim, keepdim)


def diff(x: Any, n: int = 1, dim: int = -1) -> Any:
    """Return the differences of neighbours along an axis, n times."""
    place = one_axis(x.array.ndim, dim)
    for _ in range(n):
        length = x.array.shape[place] - 1
        x = apply(SUBTRACT, narrow(x, place, 1, length), narrow(x, place, 0, length))
    return x


def cross(x: Any, other: Any, dim: int = -1) -> Any:
    """Return the cross product of vectors of three numbers."""
    a, b = _pair(x, other)
    place = one_axis(a.array.ndim, dim)
    if a.array.shape[place] != 3:
        raise LabError("cross takes vectors of three numbers", mend="name their axis by dim")
    at = (slice(None),) * place
    (a1, a2, a3), (b1, b2, b3) = (
        [apply(INDEX, k, key=(*at, slice(j, j + 1))) for j in range(3)] for k in (a, b)
    )
    return cat([a2 * b3 - a3 * b2, a3 * b1 - a1 * b3, a1 * b2 - a2 * b1], place)


def inner(x: Any, other: Any) -> Any:
    """Return the sums of products along the last axes."""
    return einsum("i,i->" if x.array.ndim == 1 else "...i,ji->...j", x, other)


def tensordot(x: Any, other: Any, dims: Any = 2) -> Any:
    """Return sums of products along the last axes of one and the first of the other, or named."""
    letters = "abcdefghijklmnopqrstuvwxyz"
    mine = list(letters[: x.array.ndim])
    theirs = list(letters[x.array.ndim : x.array.ndim + other.array.ndim])
    if isinstance(dims, int):
        pairs = [(x.array.ndim - dims + k, k) for k in range(dims)]
    else:
        pairs = list(zip(dims[0], dims[1], strict=True))
    for first, second in pairs:
        theirs[second] = mine[first]
    summed = {mine[first] for first, _ in pairs}
    result = [letter for letter in mine + theirs if letter not in summed]
    return einsum(f"{''.join(mine)},{''.join(theirs)}->{''.join(result)}", x, other)


def addmv(x: Any, matrix: Any, vector: Any) -> Any:
    """Return x + matrix @ vector."""
    return apply(ADD, x, matmul(matrix, vector))


def baddbmm(x: Any, a: Any, b: Any) -> Any:
    """Return x + a @ b, for batches of matrices."""
    return apply(ADD, x, matmul(a, b))


def dist(x: Any, other: Any, p: float = 2) -> Any:
    """Return the p-norm of a difference."""
    return norm(apply(SUBTRACT, x, other), p)


def cdist(x: Any, other: Any, p: float = 2.0) -> Any:
    """Return the distance of each row of one to each row of the other."""
    return norm(apply(SUBTRACT, unsqueeze(x, -2), unsqueeze(other, -3)), p, -1)


def take_along_dim(x: Any, indices: Any, dim: int) -> Any:
    """Return the elements at an index along one axis."""
    return along(x, np.array(indices.array), one_axis(x.array.ndim, dim))


def index_add(x: Any, dim: int, index: Any, source: Any) -> Any:
    """Return the tensor with slices added at places along an axis."""
    key = (*[slice(None)] * one_axis(x.array.ndim, dim), np.array(index.array))
    return apply(ADD, x, apply(SCATTER, source, key=key, shape=x.array.shape))


def index_fill(x: Any, dim: int, index: Any, value: float) -> Any:
    """Return the tensor with one number at places along an axis."""
    chosen = np.zeros(x.array.shape, bool)
    chosen[(*[slice(None)] * one_axis(x.array.ndim, dim), index.array)] = True
    return apply(WHERE, x.make(chosen), value, x)


def fliplr(x: Any) -> Any:
    """Return the columns in the opposite order."""
    return flip(x, 1)


def flipud(x: Any) -> Any:
    """Return the rows in the opposite order."""
    return flip(x, 0)


def heaviside(x: Any, values: Any) -> Any:
    """Return 0 below 0, 1 above, and `values` at 0."""
    step = apply(COMPARISONS[">"], x, 0).to(x.dtype)
    return apply(WHERE, apply(COMPARISONS["=="], x, 0), values, step)


def argwhere(x: Any) -> Any:
    """Return the places of the elements that are not 0, one a row."""
    return x.make(np.argwhere(x.array))


def _bitwise(name: str) -> Any:
    def function(x: Any, *other: Any) -> Any:
        plain = [k.array if isinstance(k, State) else k for k in other]
        return x.make(np.asarray(getattr(np, name)(x.array, *plain)))

    function.__name__ = name
    function.__doc__ = f"Return NumPy's {name} of truth values or whole numbers."
    return function


METHODS = (
    deg2rad, rad2deg, logaddexp, sgn, clamp_min, clamp_max, nan_to_num, nansum,
    nanmean, aminmax, diff, cross, inner, addmv, baddbmm, dist, take_along_dim, index_add,
    index_fill, fliplr, flipud, heaviside, argwhere, *map(_bitwise, (
        "bitwise_and", "bitwise_or", "bitwise_xor", "bitwise_not")),
)  # fmt: skip
FUNCTIONS = (std_mean, var_mean, tensordot, cdist)
