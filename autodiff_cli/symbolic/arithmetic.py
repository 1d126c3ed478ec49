"""Arithmetic on balls at one precision, with SymPy's rules for infinity.

What a bound leaves open, a sign or a branch, asks for more digits.
"""

from __future__ import annotations

from fractions import Fraction
from math import inf, isqrt, log2
from typing import Any

import mpmath
from mpmath import mp

from autodiff_cli.symbolic.ball import (
    ONE,
    POLE,
    ZERO,
    Ball,
    Huge,
    Undefined,
    Unsettled,
    as_float,
    is_infinite,
    real,
    size,
    size_of_sum,
)

#: Rationals of more bits than this become floats.
EXACT_BITS = 4096

#: Arguments of exp, sin, … beyond 2 to this cannot be worked with.
HUGE_BITS = 2000

#: Numbers beyond 2 to this are too large to bound; below its inverse they are 0 within a bound.
GIANT_BITS = 2.0**45

#: Binary digits that one of mpmath's functions may be off in the last place.
ULPS = 3.0


class Arithmetic:
    """Operations at one precision, the working one of mpmath.

    Attributes:
        precision: binary digits.
        last: True where there will be no more digits: what lies within its error of 0 is 0.
        guessed: whether something was taken for 0 so.
    """

    def __init__(self, precision: int, *, last: bool = False) -> None:
        self.precision, self.last, self.guessed = precision, last, False

    def ball(self, value: Fraction) -> Ball:
        """Return a rational: exact, or rounded where it has grown long."""
        long = max(value.numerator.bit_length(), value.denominator.bit_length()) > EXACT_BITS
        return self.rounded(Ball(value)) if long else Ball(value)

    def rounded(self, ball: Ball) -> Ball:
        """Return a number with a midpoint of mpmath's."""
        if not isinstance(ball.middle, Fraction):
            return ball
        middle = as_float(ball.middle)
        under = ball.middle.denominator
        short = ball.middle.numerator.bit_length() <= self.precision
        exact = short and under & (under - 1) == 0
        return Ball(middle, -inf if exact else self.rounding(middle))

    def rounding(self, middle: Any) -> float:
        """Return the error of one operation's rounding."""
        return size(middle) - self.precision + ULPS

    def result(self, middle: Any, error: float) -> Ball:
        """Return a result whose operands were off: the error and the rounding together."""
        return Ball(middle, size_of_sum(error, self.rounding(middle)))

    def is_zero(self, ball: Ball) -> bool:
        """Tell whether a number is 0; at the last precision, whether it may be."""
        if ball.error == -inf:
            return bool(ball.middle == 0)
        if size(ball.middle) > ball.error:
            return False
        if not self.last:
            raise Unsettled
        self.guessed = True
        return True

    def sign_of(self, ball: Ball) -> int:
        """Return the sign of a real number."""
        ball = real(ball)
        return 0 if self.is_zero(ball) else 1 if ball.middle > 0 else -1

    def add(self, *terms: Ball) -> Ball:
        """Return the sum."""
        if all(isinstance(term.middle, Fraction) for term in terms):
            return self.ball(sum((term.middle for term in terms), Fraction(0)))
        if any(is_infinite(term) for term in terms):
            if sum(1 for term in terms if is_infinite(term)) > 1:
                raise Undefined
            return POLE
        floats = [self.rounded(term) for term in terms]
        total = mp.fsum([term.middle for term in floats])
        return self.result(total, size_of_sum(*[term.error for term in floats]))

    def multiply(self, *factors: Ball) -> Ball:
        """Return the product."""
        if any(is_infinite(factor) for factor in factors):
            if any(not is_infinite(factor) and self.is_zero(factor) for factor in factors):
                raise Undefined
            return POLE
        exact, product = Fraction(1), None
        for factor in factors:
            if isinstance(factor.middle, Fraction):
                exact *= factor.middle
            else:
                product = factor if product is None else self._times(product, factor)
        if product is None or exact == 0:
            return self.ball(exact)
        return product if exact == 1 else self._times(product, self.rounded(Ball(exact)))

    def _times(self, a: Ball, b: Ball) -> Ball:
        errors = (size(a.middle) + b.error, size(b.middle) + a.error, a.error + b.error)
        return self.result(a.middle * b.middle, size_of_sum(*errors))

    def power(self, base: Ball, exponent: Ball) -> Ball:
        """Return the principal power, exact where it is a rational of modest size."""
        if is_infinite(exponent):
            raise Undefined
        if exponent.middle == 0 and exponent.error == -inf:
            return ONE
        if is_infinite(base) or self.is_zero(base):
            positive = self.sign_of(exponent) > 0
            return POLE if positive == is_infinite(base) else ZERO
        if base == ONE:
            return base
        whole = isinstance(exponent.middle, Fraction) and exponent.middle.denominator == 1
        if isinstance(exponent.middle, Fraction) and isinstance(base.middle, Fraction):
            bits = max(base.middle.numerator.bit_length(), base.middle.denominator.bit_length())
            if whole and bits * abs(exponent.middle) <= EXACT_BITS:
                return Ball(base.middle**exponent.middle.numerator)
            root = _exact_root(base.middle, exponent.middle)
            if root is not None:
                return Ball(root)
        below, above = self.rounded(base), self.rounded(exponent)
        logarithm = abs(size(below.middle)) + 4.6  # of the base, π for its angle included
        if size(above.middle) + log2(logarithm) > HUGE_BITS:
            raise Huge
        relative = size_of_sum(
            size(above.middle) + below.error - size(below.middle), log2(logarithm) + above.error
        )
        if relative > -1:
            raise self.open()
        if not whole:
            self.on_one_side(below)
        extra = int(max(0.0, size(above.middle) + log2(logarithm))) + 4
        with mp.extraprec(extra):
            if whole:
                result = below.middle**exponent.middle.numerator
            else:
                result = mp.power(below.middle, self.rounded(exponent).middle)
        result = +result
        return self.result(result, size(result) + relative + 1)

    def open(self) -> ArithmeticError:
        """Return what to raise where an error is too large to go on."""
        return Undefined() if self.last else Unsettled()

    def on_one_side(self, ball: Ball) -> None:
        """Raise where a number may lie on either side of the cut along the negative axis."""
        middle = ball.middle
        if isinstance(middle, mpmath.mpc) and middle.real < 0 and size(middle.imag) <= ball.error:
            raise self.open()

    def difference(self, first: Ball, second: Ball) -> int:
        """Return the sign of first − second, real numbers: their order."""
        first, second = real(first), real(second)
        if is_infinite(first) or is_infinite(second):
            raise Undefined
        return self.sign_of(self.add(first, Ball(-second.middle, second.error)))

    def choose(self, larger: bool, *arguments: Ball) -> Ball:
        """Return the largest argument, or the smallest; of two too near to tell, either."""
        best = real(arguments[0])
        for argument in map(real, arguments[1:]):
            if is_infinite(best) or is_infinite(argument):
                raise Undefined
            gap = real(self.add(argument, Ball(-best.middle, best.error)))
            if gap.error > -inf and size(gap.middle) <= gap.error:
                best = self.rounded(best)  # a fraction is exact, and this is not
                best = Ball(best.middle, size_of_sum(best.error, argument.error, gap.error + 1))
            elif gap.middle != 0 and (gap.middle > 0) == larger:
                best = argument
        return best

    def whole(self, argument: Ball, up: bool) -> Ball:
        """Return the ceiling (`up`) or the floor."""
        value = real(argument)
        if is_infinite(value):
            raise Undefined
        if not isinstance(value.middle, Fraction):
            if size(value.middle) > HUGE_BITS:
                raise Huge
            near = Fraction(int(mp.nint(value.middle)))
            if self.difference(value, Ball(near)) == 0:
                return Ball(near)
            return Ball(Fraction(int(mp.ceil(value.middle) if up else mp.floor(value.middle))))
        return Ball(Fraction(-(-value.middle // 1) if up else value.middle // 1))

    def sign(self, argument: Ball) -> Ball:
        """Return −1, 0 or 1."""
        if is_infinite(argument):
            raise Undefined
        return Ball(Fraction(self.sign_of(argument)))


def _exact_root(base: Fraction, exponent: Fraction) -> Fraction | None:
    """Return a square root that is rational, so that sqrt(4) − 2 is 0 and not nearly."""
    if exponent.denominator != 2 or base < 0 or abs(exponent.numerator) > 8:
        return None
    over, under = isqrt(base.numerator), isqrt(base.denominator)
    if over * over != base.numerator or under * under != base.denominator:
        return None
    return Fraction(over, under) ** exponent.numerator
