"""Float64 functions that follow IEEE 754 where `math` raises: a pole is ±inf, no real value is nan.

These are the numbers that array libraries give, so that a scalar and an array of one agree.
"""

from __future__ import annotations

import math
from collections.abc import Callable

inf, nan = math.inf, math.nan


def guarded(
    function: Callable[[float], float],
    poles: dict[float, float] | None = None,
    overflow: Callable[[float], float] = lambda a: inf,
) -> Callable[[float], float]:
    """Return `function` with its exceptions as values: `poles` by argument, nan elsewhere.

    The result keeps `function` as `__wrapped__`: the same numbers where that does not raise.
    """
    poles = poles or {}

    def ieee(a: float) -> float:
        try:
            return function(a)
        except ValueError:
            return poles.get(a, nan)
        except OverflowError:
            return overflow(a)

    ieee.__wrapped__ = function  # type: ignore[attr-defined]
    return ieee


exp = guarded(math.exp)
expm1 = guarded(math.expm1)
sqrt = guarded(math.sqrt)
ln = guarded(math.log, {0.0: -inf})
log2 = guarded(math.log2, {0.0: -inf})
log10 = guarded(math.log10, {0.0: -inf})
log1p = guarded(math.log1p, {-1.0: -inf})
sin = guarded(math.sin)
cos = guarded(math.cos)
tan = guarded(math.tan)
asin = guarded(math.asin)
acos = guarded(math.acos)
sinh = guarded(math.sinh, overflow=lambda a: math.copysign(inf, a))
cosh = guarded(math.cosh)
acosh = guarded(math.acosh)
atanh = guarded(math.atanh, {1.0: inf, -1.0: -inf})


def divide(a: float, b: float) -> float:
    """a/b, with signed infinities at b = ±0 and nan for 0/0."""
    try:
        return a / b
    except ZeroDivisionError:
        if a == 0 or a != a:
            return nan
        return math.copysign(inf, a) * math.copysign(1.0, b)


def power(a: float, b: float) -> float:
    """a^b as C's pow: nan for a negative base and a fractional exponent, ±inf beyond range."""
    try:
        return math.pow(a, b)
    except (OverflowError, ValueError) as error:
        if isinstance(error, ValueError) and a != 0:
            return nan
        odd = b % 2 == 1
        return math.copysign(inf, a) if odd else inf


def fmod(a: float, b: float) -> float:
    """The remainder of a/b with the sign of a, exact; nan for b = 0 and for an infinite a."""
    try:
        return math.fmod(a, b)
    except ValueError:
        return nan


def floor(a: float) -> float:
    """The largest whole number not above a; infinities and nan are their own floor."""
    return float(math.floor(a)) if math.isfinite(a) and a != 0 else a


def ceil(a: float) -> float:
    """The smallest whole number not below a, with the sign of a."""
    return math.copysign(math.ceil(a), a) if math.isfinite(a) else a


def sign(a: float) -> float:
    """−1, 0 or 1; nan for nan."""
    return math.copysign(1.0, a) if a > 0 or a < 0 else (a if a != a else 0.0)


def maximum(a: float, b: float) -> float:
    """The larger; nan if either is."""
    return a if a > b or a != a else b


def minimum(a: float, b: float) -> float:
    """The smaller; nan if either is."""
    return a if a < b or a != a else b


def add(*operands: float) -> float:
    """The sum, from left to right."""
    total = operands[0]
    for operand in operands[1:]:
        total = total + operand
    return total


def where(condition: bool, a: float, b: float) -> float:
    """A if the condition holds, else b; both have been computed."""
    return a if condition else b
