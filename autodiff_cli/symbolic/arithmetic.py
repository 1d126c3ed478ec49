"""Arithmetic on exact rationals and mpmath numbers, with SymPy's rules for infinity.

Every operation counts the binary digits that it may have cost: cancellation in a sum, a large
argument of exp or sin. The walk in `evaluation` raises the precision until they do not matter.
"""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from math import isqrt
from typing import Any

import mpmath
import sympy
from mpmath import mp

#: Rationals of more bits than this become floats.
EXACT_BITS = 4096

#: Arguments of exp, sin, … beyond 2 to this cannot be worked with.
HUGE_BITS = 2000


class Undefined(ArithmeticError):
    """0·∞, ∞ − ∞ and their like: no value."""


class Complex(ArithmeticError):
    """An order, or a rounding, was asked of a number that is not real."""


class Huge(ArithmeticError):
    """A number on the way is too large to work with."""


Number = Any  # Fraction, mpf or mpc; mpf infinity stands for SymPy's zoo, whatever its direction


def as_float(value: Number) -> Any:
    """Return a number as mpmath's, at the working precision."""
    return mp.mpf(value.numerator) / value.denominator if isinstance(value, Fraction) else value


def as_real(value: Number) -> Number:
    """Return a number that is real, or raise Complex."""
    if isinstance(value, mpmath.mpc):
        if value.imag != 0:
            raise Complex
        return value.real
    return value


class Arithmetic:
    """Operations at one precision, the working one of mpmath.

    Attributes:
        precision: binary digits.
        lost: how many of them the operations so far may have cost.
    """

    def __init__(self, precision: int) -> None:
        self.precision, self.lost = precision, 0

    def add(self, *terms: Number) -> Number:
        """Return the sum; one that cancels to the last digits is 0."""
        if all(isinstance(term, Fraction) for term in terms):
            return self.short(sum(terms, Fraction(0)))
        if any(_infinite(term) for term in terms):
            if sum(1 for term in terms if _infinite(term)) > 1:
                raise Undefined
            return mp.inf
        floats = [as_float(term) for term in terms if term != 0]
        if not floats:
            return Fraction(0)
        total = mp.fsum(floats)
        largest = max(mp.mag(term) for term in floats)
        cancelled = self.precision if total == 0 else max(0, largest - mp.mag(total))
        return Fraction(0) if self.lose(cancelled) else total

    def lose(self, bits: Any) -> bool:
        """Count lost binary digits; tell whether so many went that nothing is left."""
        self.lost += int(bits)
        return bool(bits >= self.precision - 40)

    def short(self, value: Fraction) -> Number:
        """Return a rational, as a float where it has grown long."""
        long = max(value.numerator.bit_length(), value.denominator.bit_length()) > EXACT_BITS
        return as_float(value) if long else value

    def multiply(self, *factors: Number) -> Number:
        """Return the product."""
        if any(_infinite(factor) for factor in factors):
            if any(factor == 0 for factor in factors):
                raise Undefined
            return mp.inf
        exact, product = Fraction(1), None
        for factor in factors:
            if isinstance(factor, Fraction):
                exact *= factor
            else:
                product = factor if product is None else product * factor
        if product is None or exact == 0:
            return self.short(exact)
        return product if exact == 1 else product * as_float(exact)

    def power(self, base: Number, exponent: Number) -> Number:
        """Return the principal power, exact where it is a rational of modest size."""
        if _infinite(exponent):
            raise Undefined
        if exponent == 0:
            return Fraction(1)
        if base == 0 or _infinite(base):
            exponent = as_real(exponent)
            return mp.inf if (exponent > 0) == _infinite(base) else Fraction(0)
        if base == 1:
            return base
        if isinstance(exponent, Fraction) and isinstance(base, Fraction):
            bits = max(base.numerator.bit_length(), base.denominator.bit_length())
            if exponent.denominator == 1 and bits * abs(exponent) <= EXACT_BITS:
                return base**exponent.numerator
            root = _exact_root(base, exponent)
            if root is not None:
                return root
        size = mp.mag(as_float(exponent)) + max(0, mp.mag(mp.log(as_float(base))))
        if size > HUGE_BITS:
            raise Huge
        self.lose(max(0, size))
        if isinstance(exponent, Fraction) and exponent.denominator == 1:
            return as_float(base) ** exponent.numerator
        with mp.extraprec(max(0, int(size))):
            result = mp.power(as_float(base), as_float(exponent))
        return +result

    def function(self, head: Any, *arguments: Number) -> Number:
        """Return the value of a function of `FUNCTIONS`; a pole is infinite."""
        if any(_infinite(argument) for argument in arguments):
            if head in (sympy.log, sympy.Abs):
                return mp.inf
            raise Undefined
        floats = [as_float(argument) for argument in arguments]
        if head in _SENSITIVE:
            size = mp.mag(floats[0]) if floats[0] != 0 else 0
            if size > HUGE_BITS:
                raise Huge
            self.lose(max(0, size))
        if head is sympy.log and floats[0] == 0:
            return mp.inf
        if floats == [0] and head in _ZERO_AT_ZERO:
            return Fraction(0)
        if floats == [0] and head in (sympy.exp, sympy.cos, sympy.cosh):
            return Fraction(1)
        try:
            result = FUNCTIONS[head](*floats)
        except (ZeroDivisionError, ValueError):
            return mp.inf
        if head is sympy.log and result != 0:
            self.lose(max(0, -mp.mag(result)))
        return result

    def difference(self, first: Number, second: Number) -> Number:
        """Return first − second of real numbers: its sign is their order."""
        return as_real(self.add(as_real(first), -as_real(second)))

    def choose(self, larger: bool, *arguments: Number) -> Number:
        """Return the largest argument, or the smallest."""
        best = as_real(arguments[0])
        for argument in arguments[1:]:
            if (self.difference(argument, best) > 0) == larger:
                best = argument
        return best

    def whole(self, argument: Number, up: bool) -> Number:
        """Return the ceiling (`up`) or the floor."""
        value = as_real(argument)
        if _infinite(value):
            raise Undefined
        if not isinstance(value, Fraction):
            if mp.mag(value) > self.precision:
                self.lose(mp.mag(value))
            near = Fraction(int(mp.nint(value)))
            value = near if self.difference(value, near) == 0 else value
        if isinstance(value, Fraction):
            return Fraction(-(-value // 1) if up else value // 1)
        return Fraction(int(mp.ceil(value) if up else mp.floor(value)))

    def sign(self, argument: Number) -> Number:
        """Return −1, 0 or 1."""
        if _infinite(argument):
            raise Undefined
        value = as_real(argument)
        return Fraction((value > 0) - (value < 0))


def _infinite(value: Number) -> bool:
    return isinstance(value, mpmath.mpf) and bool(mp.isinf(value))


def _exact_root(base: Fraction, exponent: Fraction) -> Fraction | None:
    """Return a square root that is rational, so that sqrt(4) − 2 is 0 and not nearly."""
    if exponent.denominator != 2 or base < 0 or abs(exponent.numerator) > 8:
        return None
    over, under = isqrt(base.numerator), isqrt(base.denominator)
    if over * over != base.numerator or under * under != base.denominator:
        return None
    return Fraction(over, under) ** exponent.numerator


def _heaviside(walk: Arithmetic, argument: Number, at_zero: Number = Fraction(1, 2)) -> Number:
    sign = walk.sign(argument)
    return at_zero if sign == 0 else Fraction(int(sign > 0))


def _delta(walk: Arithmetic, argument: Number, order: Number = Fraction(0)) -> Number:
    return mp.inf if walk.sign(argument) == 0 else Fraction(0)


def _atan2(walk: Arithmetic, y: Number, x: Number) -> Number:
    if y == 0 and x == 0:
        raise Undefined
    return mp.atan2(as_float(as_real(y)), as_float(as_real(x)))


ATOMS: dict[Any, Callable[[], Any]] = {
    sympy.E: lambda: +mp.e,
    sympy.pi: lambda: +mp.pi,
    sympy.I: lambda: mp.mpc(0, 1),
    sympy.zoo: lambda: mp.inf,
    sympy.oo: lambda: mp.inf,
    -sympy.oo: lambda: mp.inf,
    sympy.true: lambda: True,
    sympy.false: lambda: False,
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
    sympy.Heaviside: _heaviside,
    sympy.DiracDelta: _delta,
    sympy.atan2: _atan2,
    sympy.StrictLessThan: lambda walk, a, b: walk.difference(a, b) < 0,
    sympy.LessThan: lambda walk, a, b: walk.difference(a, b) <= 0,
    sympy.StrictGreaterThan: lambda walk, a, b: walk.difference(a, b) > 0,
    sympy.GreaterThan: lambda walk, a, b: walk.difference(a, b) >= 0,
    sympy.Equality: lambda walk, a, b: walk.difference(a, b) == 0,
    sympy.Unequality: lambda walk, a, b: walk.difference(a, b) != 0,
    sympy.And: lambda walk, *conditions: all(conditions),
    sympy.Or: lambda walk, *conditions: any(conditions),
    sympy.Not: lambda walk, condition: not condition,
}

#: SymPy function → mpmath's: both know the same names but for Abs.
FUNCTIONS: dict[Any, Callable[..., Any]] = {
    sympy.Abs: mp.fabs,
    sympy.exp: mp.exp, sympy.log: mp.log, sympy.erf: mp.erf,
    sympy.sin: mp.sin, sympy.cos: mp.cos, sympy.tan: mp.tan,
    sympy.sec: mp.sec, sympy.csc: mp.csc, sympy.cot: mp.cot,
    sympy.asin: mp.asin, sympy.acos: mp.acos, sympy.atan: mp.atan,
    sympy.asec: mp.asec, sympy.acsc: mp.acsc, sympy.acot: mp.acot,
    sympy.sinh: mp.sinh, sympy.cosh: mp.cosh, sympy.tanh: mp.tanh,
    sympy.sech: mp.sech, sympy.csch: mp.csch, sympy.coth: mp.coth,
    sympy.asinh: mp.asinh, sympy.acosh: mp.acosh, sympy.atanh: mp.atanh, sympy.acoth: mp.acoth,
    sympy.re: mp.re, sympy.im: mp.im, sympy.arg: mp.arg,
}  # fmt: skip

#: Functions whose relative error grows with the size of the argument.
_SENSITIVE = (
    sympy.exp, sympy.sin, sympy.cos, sympy.tan, sympy.sec, sympy.csc, sympy.cot,
    sympy.sinh, sympy.cosh, sympy.sech, sympy.csch,
)  # fmt: skip

_ZERO_AT_ZERO = (
    sympy.sin, sympy.tan, sympy.asin, sympy.atan, sympy.sinh, sympy.tanh, sympy.asinh,
    sympy.atanh, sympy.erf, sympy.Abs,
)  # fmt: skip
