"""Arithmetic on numbers that know how far off they may be: exact rationals, or a midpoint of
mpmath's with a bound on its error, with SymPy's rules for infinity.

A digit counts only where the bound proves it (ball arithmetic: van der Hoeven, Ball arithmetic,
2010). What a bound leaves open, a sign or a branch, asks for more digits.
"""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from math import inf, isqrt, log2
from typing import Any, NamedTuple

import mpmath
import sympy
from mpmath import mp

#: Rationals of more bits than this become floats.
EXACT_BITS = 4096

#: Arguments of exp, sin, … beyond 2 to this cannot be worked with.
HUGE_BITS = 2000

#: Numbers beyond 2 to this are too large to bound; below its inverse they are 0 within a bound.
GIANT_BITS = 2.0**45

#: Binary digits that one of mpmath's functions may be off in the last place.
ULPS = 3.0


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
        return _sum(size(middle.real), size(middle.imag))
    if isinstance(middle, Fraction):
        over, under = abs(middle.numerator), middle.denominator
        return _whole(over) - _whole(under) if over else -inf
    _, mantissa, exponent, bits = middle._mpf_
    if not mantissa:
        return inf if mp.isinf(middle) else -inf
    left = max(0, bits - 53)
    return float(exponent + left + log2(mantissa >> left))


def _whole(number: int) -> float:
    left = max(0, number.bit_length() - 53)
    return left + log2(number >> left)


def _sum(*sizes: float) -> float:
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
        return Ball(middle, _sum(error, self.rounding(middle)))

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
        if any(_infinite(term) for term in terms):
            if sum(1 for term in terms if _infinite(term)) > 1:
                raise Undefined
            return POLE
        floats = [self.rounded(term) for term in terms]
        total = mp.fsum([term.middle for term in floats])
        return self.result(total, _sum(*[term.error for term in floats]))

    def multiply(self, *factors: Ball) -> Ball:
        """Return the product."""
        if any(_infinite(factor) for factor in factors):
            if any(not _infinite(factor) and self.is_zero(factor) for factor in factors):
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
        return self.result(a.middle * b.middle, _sum(*errors))

    def power(self, base: Ball, exponent: Ball) -> Ball:
        """Return the principal power, exact where it is a rational of modest size."""
        if _infinite(exponent):
            raise Undefined
        if exponent.middle == 0 and exponent.error == -inf:
            return ONE
        if _infinite(base) or self.is_zero(base):
            positive = self.sign_of(exponent) > 0
            return POLE if positive == _infinite(base) else ZERO
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
        relative = _sum(
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

    def function(self, head: Any, *arguments: Ball) -> Ball:
        """Return the value of a function of `FUNCTIONS`; a pole is infinite."""
        if any(_infinite(argument) for argument in arguments):
            if head in (sympy.log, sympy.Abs):
                return POLE
            raise Undefined
        argument = self.rounded(arguments[0])
        if head in COMPOSED:
            return COMPOSED[head](self, arguments[0])
        if head in _SENSITIVE and size(argument.middle) > HUGE_BITS:
            raise Huge
        if arguments[0] == ZERO and head in _AT_ZERO:
            return _AT_ZERO[head]
        if head is sympy.log:
            if self.is_zero(argument):
                return POLE
            self.on_one_side(argument)
        if head in _ENDS and head is not sympy.atan and self._at_an_end(head, arguments[0]):
            argument = Ball(mp.mpf(1 if argument.middle.real > 0 else -1))
        try:
            result = FUNCTIONS[head](argument.middle)
        except (ZeroDivisionError, ValueError):
            return POLE
        except OverflowError:  # mpmath's erfc beyond 1e154
            raise Huge from None
        if mp.isinf(result):
            return POLE
        if abs(size(result)) > GIANT_BITS and result != 0:
            if size(result) > 0:
                raise Huge
            return Ball(mp.zero, -GIANT_BITS)
        if argument.error == -inf:
            return Ball(result, self.rounding(result))
        moved = SLOPES[head](self, argument, result)
        return self.result(result, argument.error + moved)

    def _at_an_end(self, head: Any, argument: Ball) -> bool:
        """Tell whether an inverse function stands at ±1, where its slope is infinite."""
        if head is sympy.asinh or isinstance(argument.middle, mpmath.mpc):
            return False
        square = self.multiply(argument, argument)
        return self.is_zero(self.add(ONE, Ball(-square.middle, square.error)))

    def difference(self, first: Ball, second: Ball) -> int:
        """Return the sign of first − second, real numbers: their order."""
        first, second = real(first), real(second)
        if _infinite(first) or _infinite(second):
            raise Undefined
        return self.sign_of(self.add(first, Ball(-second.middle, second.error)))

    def choose(self, larger: bool, *arguments: Ball) -> Ball:
        """Return the largest argument, or the smallest; of two too near to tell, either."""
        best = real(arguments[0])
        for argument in map(real, arguments[1:]):
            if _infinite(best) or _infinite(argument):
                raise Undefined
            gap = real(self.add(argument, Ball(-best.middle, best.error)))
            if gap.error > -inf and size(gap.middle) <= gap.error:
                best = Ball(best.middle, _sum(best.error, argument.error, gap.error + 1))
            elif gap.middle != 0 and (gap.middle > 0) == larger:
                best = argument
        return best

    def whole(self, argument: Ball, up: bool) -> Ball:
        """Return the ceiling (`up`) or the floor."""
        value = real(argument)
        if _infinite(value):
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
        if _infinite(argument):
            raise Undefined
        return Ball(Fraction(self.sign_of(argument)))

    def part(self, head: Any, argument: Ball) -> Ball:
        """Return the real part, the imaginary part, the magnitude or the angle."""
        middle = argument.middle
        if _infinite(argument):
            if head is sympy.Abs:
                return POLE
            raise Undefined
        if head is sympy.Abs:
            return Ball(abs(middle), argument.error)
        if head in (sympy.re, sympy.im) and not isinstance(middle, mpmath.mpc):
            return argument if head is sympy.re else ZERO
        if head in (sympy.re, sympy.im):
            return Ball(middle.real if head is sympy.re else middle.imag, argument.error)
        if not isinstance(middle, mpmath.mpc):
            return ZERO if self.sign_of(argument) >= 0 else ATOMS[sympy.pi](self)
        self.on_one_side(argument)
        if argument.error > size(middle) - 1:
            raise self.open()
        return self.result(mp.arg(middle), argument.error + 1 - size(middle))


def _infinite(value: Ball) -> bool:
    return isinstance(value.middle, mpmath.mpf) and bool(mp.isinf(value.middle))


def _exact_root(base: Fraction, exponent: Fraction) -> Fraction | None:
    """Return a square root that is rational, so that sqrt(4) − 2 is 0 and not nearly."""
    if exponent.denominator != 2 or base < 0 or abs(exponent.numerator) > 8:
        return None
    over, under = isqrt(base.numerator), isqrt(base.denominator)
    if over * over != base.numerator or under * under != base.denominator:
        return None
    return Fraction(over, under) ** exponent.numerator


def _heaviside(walk: Arithmetic, argument: Ball, at_zero: Ball = HALF) -> Ball:
    sign = walk.sign_of(argument)
    return at_zero if sign == 0 else Ball(Fraction(int(sign > 0)))


def _delta(walk: Arithmetic, argument: Ball, order: Ball = ZERO) -> Ball:
    return POLE if walk.sign_of(argument) == 0 else ZERO


def _atan2(walk: Arithmetic, y: Ball, x: Ball) -> Ball:
    up, right = walk.sign_of(y), walk.sign_of(x)
    if up == 0 and right == 0:
        raise Undefined
    if up == 0:
        return ZERO if right > 0 else ATOMS[sympy.pi](walk)
    first, second = walk.rounded(real(y)), walk.rounded(real(x))
    length = max(size(first.middle), size(second.middle))
    error = _sum(first.error, second.error)
    if error > length - 2:
        raise walk.open()
    return walk.result(mp.atan2(first.middle, second.middle), error + 1 - length)


def _inverse(head: Any) -> Callable[[Arithmetic, Ball], Ball]:
    """Return a function of 1/argument: acot, asec, …; SymPy's acot(0) is π/2."""

    def of(walk: Arithmetic, argument: Ball) -> Ball:
        if head is sympy.atan and walk.is_zero(argument):
            half = ATOMS[sympy.pi](walk)
            return Ball(half.middle / 2, half.error)
        return walk.function(head, walk.power(argument, Ball(Fraction(-1))))

    return of


def _quotient(over: Any, under: Any) -> Callable[[Arithmetic, Ball], Ball]:
    """Return over(a)/under(a), or 1/under(a)."""

    def of(walk: Arithmetic, argument: Ball) -> Ball:
        denominator = walk.power(walk.function(under, argument), Ball(Fraction(-1)))
        return denominator if over is None else walk.multiply(
            walk.function(over, argument), denominator
        )  # fmt: skip

    return of


def _constant(make: Callable[[], Any]) -> Callable[[Arithmetic], Ball]:
    def of(walk: Arithmetic) -> Ball:
        middle = make()
        return Ball(middle, walk.rounding(middle))

    return of


ATOMS: dict[Any, Callable[[Arithmetic], Any]] = {
    sympy.E: _constant(lambda: +mp.e),
    sympy.pi: _constant(lambda: +mp.pi),
    sympy.I: lambda walk: Ball(mp.mpc(0, 1)),
    sympy.zoo: lambda walk: POLE,
    sympy.oo: lambda walk: POLE,
    -sympy.oo: lambda walk: POLE,
    sympy.true: lambda walk: True,
    sympy.false: lambda walk: False,
}

HEADS: dict[Any, Callable[..., Any]] = {
    sympy.Add: Arithmetic.add,
    sympy.Mul: Arithmetic.multiply,
    sympy.Pow: Arithmetic.power,
    sympy.Max: lambda walk, *arguments: walk.choose(True, *arguments),
    sympy.Min: lambda walk, *arguments: walk.choose(False, *arguments),
    sympy.floor: lambda walk, a: walk.whole(a, up=False),
    sympy.ceiling: lambda walk, a: walk.whole(a, up=True),
    sympy.sign: Arithmetic.sign,
    sympy.Abs: lambda walk, a: walk.part(sympy.Abs, a),
    sympy.re: lambda walk, a: walk.part(sympy.re, a),
    sympy.im: lambda walk, a: walk.part(sympy.im, a),
    sympy.arg: lambda walk, a: walk.part(sympy.arg, a),
    sympy.Heaviside: _heaviside,
    sympy.DiracDelta: _delta,
    sympy.atan2: _atan2,
    sympy.StrictLessThan: lambda walk, a, b: walk.difference(a, b) < 0,
    sympy.LessThan: lambda walk, a, b: walk.difference(a, b) <= 0,
    sympy.StrictGreaterThan: lambda walk, a, b: walk.difference(a, b) > 0,
    sympy.GreaterThan: lambda walk, a, b: walk.difference(a, b) >= 0,
    sympy.Equality: lambda walk, a, b: walk.difference(a, b) == 0,
    sympy.Unequality: lambda walk, a, b: walk.difference(a, b) != 0,
    sympy.Not: lambda walk, condition: not condition,
}

#: SymPy function → mpmath's.
FUNCTIONS: dict[Any, Callable[..., Any]] = {
    sympy.exp: mp.exp, sympy.log: mp.log, sympy.sin: mp.sin, sympy.cos: mp.cos,
    sympy.erf: mp.erf, sympy.erfc: mp.erfc,
    sympy.asin: mp.asin, sympy.acos: mp.acos, sympy.atan: mp.atan,
    sympy.sinh: mp.sinh, sympy.cosh: mp.cosh,
    sympy.asinh: mp.asinh, sympy.acosh: mp.acosh, sympy.atanh: mp.atanh,
}  # fmt: skip


def _of_tanh(walk: Arithmetic, argument: Ball) -> Ball:
    """Return tanh; of a large real argument ±1, with what is missing as the bound."""
    middle = walk.rounded(argument).middle
    large = not isinstance(middle, mpmath.mpc) and size(middle) > 30
    if not large or argument.error > 0:
        return _quotient(sympy.sinh, sympy.cosh)(walk, argument)
    missing = -min(GIANT_BITS, 2.0 ** min(size(middle), 45.0))
    return Ball(mp.mpf(1 if middle > 0 else -1), missing)


#: Functions made of others, each with a bound of its own.
COMPOSED: dict[Any, Callable[[Arithmetic, Ball], Ball]] = {
    sympy.tan: _quotient(sympy.sin, sympy.cos), sympy.cot: _quotient(sympy.cos, sympy.sin),
    sympy.sec: _quotient(None, sympy.cos), sympy.csc: _quotient(None, sympy.sin),
    sympy.tanh: _of_tanh, sympy.coth: _quotient(sympy.cosh, sympy.sinh),
    sympy.sech: _quotient(None, sympy.cosh), sympy.csch: _quotient(None, sympy.sinh),
    sympy.asec: _inverse(sympy.acos), sympy.acsc: _inverse(sympy.asin),
    sympy.acot: _inverse(sympy.atan), sympy.acoth: _inverse(sympy.atanh),
}  # fmt: skip

#: Functions whose argument may not be giant.
_SENSITIVE = (sympy.exp, sympy.sin, sympy.cos, sympy.sinh, sympy.cosh, sympy.erfc)

_AT_ZERO = {
    sympy.exp: ONE, sympy.cos: ONE, sympy.cosh: ONE, sympy.sin: ZERO, sympy.asin: ZERO,
    sympy.atan: ZERO, sympy.sinh: ZERO, sympy.asinh: ZERO, sympy.atanh: ZERO, sympy.erf: ZERO,
    sympy.erfc: ONE,
}  # fmt: skip


def _sides(argument: Ball) -> tuple[float, float]:
    """Return bounds on the real and the imaginary part's magnitudes."""
    radius = 2.0 ** min(argument.error, 60.0)
    middle = argument.middle
    imaginary = abs(middle.imag) if isinstance(middle, mpmath.mpc) else 0.0
    return float(abs(mp.re(middle))) + radius, float(imaginary) + radius


def _of_exp(walk: Arithmetic, argument: Ball, result: Any) -> float:
    if argument.error > 0:
        raise walk.open()
    return size(result) + 1


def _of_log(walk: Arithmetic, argument: Ball, result: Any) -> float:
    if argument.error > size(argument.middle) - 1:
        raise walk.open()
    return 1 - size(argument.middle)


def _of_sine(walk: Arithmetic, argument: Ball, result: Any) -> float:
    return 1.4427 * _sides(argument)[1] if isinstance(argument.middle, mpmath.mpc) else 0.0


def _of_sinh(walk: Arithmetic, argument: Ball, result: Any) -> float:
    if isinstance(argument.middle, mpmath.mpc):
        return 1.4427 * _sides(argument)[0]
    if argument.error > 0:
        raise walk.open()
    return _sum(size(result), 0.0) + 1.5


def _of_erf(walk: Arithmetic, argument: Ball, result: Any) -> float:
    if argument.error > 0:
        return 0.2
    across, up = _sides(argument)
    least = max(0.0, across - 2 * 2.0**argument.error)
    return float(0.2 - 1.4427 * (least * least - (up * up if up > 1e-9 else 0.0)))


def _of_inverse(plus: int, share: float) -> Callable[[Arithmetic, Ball, Any], float]:
    """Return the slope's bound where the slope is |1 ± z²|^−share."""

    def bound(walk: Arithmetic, argument: Ball, result: Any) -> float:
        middle = argument.middle
        square = size(1 + plus * middle * middle)
        moved = argument.error + _sum(size(middle) + 1, argument.error)
        if moved > square - 1:
            raise walk.open()
        return share * (1 - square)

    return bound


#: Inverse functions, and what their slopes are powers of.
_ENDS = {
    sympy.asin: (-1, 0.5), sympy.acos: (-1, 0.5), sympy.acosh: (-1, 0.5), sympy.asinh: (1, 0.5),
    sympy.atan: (1, 1.0), sympy.atanh: (-1, 1.0),
}  # fmt: skip

#: For each function, the logarithm of a bound on its slope around (argument, result).
SLOPES: dict[Any, Callable[[Arithmetic, Ball, Any], float]] = {
    sympy.exp: _of_exp, sympy.log: _of_log, sympy.erf: _of_erf, sympy.erfc: _of_erf,
    sympy.sin: _of_sine,
    sympy.cos: _of_sine, sympy.sinh: _of_sinh, sympy.cosh: _of_sinh,
    **{head: _of_inverse(*kind) for head, kind in _ENDS.items()},
}  # fmt: skip
