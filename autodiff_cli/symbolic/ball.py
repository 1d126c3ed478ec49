"""Numbers that know how far off they may be: exact rationals, or a midpoint of mpmath's with a
bound on its error; and what stops a computation with them.

A digit counts only where the bound proves it (van der Hoeven, Ball arithmetic, 2010).
"""

from __future__ import annotations

from fractions import Fraction
from math import inf, log2
from typing import Any, NamedTuple

import mpmath
from mpmath import mp


class Undefined(ArithmeticError):
    """0·∞, ∞ − ∞ and their like: no value."""


class Complex(ArithmeticError):
    """An order, or a rounding, was asked of a number that is not real."""


class Huge(ArithmeticError):
    """A number on the way is too large to work with."""


class Unsettled(ArithmeticError):
    """A sign, a branch or a singularity lies within the error: more digits are needed."""


class Ball(NamedTuple):
    """A number and its error.

    Attributes:
        middle: a Fraction, which is exact; or mpf or mpc. mpf infinity stands for SymPy's zoo,
            whatever its direction.
        error: logarithm to base 2 of a bound on the distance from the number; −inf where exact.
    """

    middle: Any
    error: float = -inf


Number = Any  # Ball, or bool for a condition

ZERO, ONE = Ball(Fraction(0)), Ball(Fraction(1))
HALF, POLE = Ball(Fraction(1, 2)), Ball(mp.inf)


def size(middle: Any) -> float:
    """Return the logarithm to base 2 of a magnitude; −inf for 0."""
    if isinstance(middle, mpmath.mpc):
        return size_of_sum(size(middle.real), size(middle.imag))
    if isinstance(middle, Fraction):
        over, under = abs(middle.numerator), middle.denominator
        return whole_size(over) - whole_size(under) if over else -inf
    _, mantissa, exponent, bits = middle._mpf_
    if not mantissa:
        return inf if mp.isinf(middle) else -inf
    left = max(0, bits - 53)
    return float(exponent + left + log2(mantissa >> left))


def whole_size(number: int) -> float:
    """Return the logarithm to base 2 of a whole number."""
    left = max(0, number.bit_length() - 53)
    return left + log2(number >> left)


def size_of_sum(*sizes: float) -> float:
    """Return a bound on the logarithm of a sum of what the sizes are logarithms of."""
    largest = max(sizes)
    if largest == -inf or largest == inf:
        return largest
    return largest + log2(sum(2.0 ** max(-1000.0, one - largest) for one in sizes)) + 1e-6


def as_float(value: Fraction) -> Any:
    """Return a rational as mpmath's, at the working precision."""
    return mp.mpf(value.numerator) / value.denominator


def real(ball: Ball) -> Ball:
    """Return a number that is real, or raise Complex where it is proved not to be."""
    if not isinstance(ball.middle, mpmath.mpc):
        return ball
    imaginary = ball.middle.imag
    if imaginary != 0 and size(imaginary) > ball.error:
        raise Complex
    return Ball(ball.middle.real, ball.error)


def is_infinite(value: Ball) -> bool:
    """Tell whether a number stands for infinity, of whatever direction."""
    return isinstance(value.middle, mpmath.mpf) and bool(mp.isinf(value.middle))


def is_real(value: Ball) -> bool:
    """Tell whether a number is real, as far as its error tells."""
    middle = value.middle
    return not isinstance(middle, mpmath.mpc) or size(middle.imag) <= value.error
