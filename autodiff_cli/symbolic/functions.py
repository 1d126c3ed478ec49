"""SymPy's functions on balls, by mpmath's: the value, and how far the argument's error moves it."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from math import inf
from typing import Any

import mpmath
import sympy
from mpmath import mp

from autodiff_cli.symbolic.arithmetic import GIANT_BITS, HUGE_BITS, Arithmetic
from autodiff_cli.symbolic.ball import (
    HALF,
    ONE,
    POLE,
    ZERO,
    Ball,
    Huge,
    Undefined,
    is_infinite,
    real,
    size,
    size_of_sum,
)


def function(walk: Arithmetic, head: Any, *arguments: Ball) -> Ball:
    """Return the value of a function of `FUNCTIONS`; a pole is infinite."""
    if any(is_infinite(argument) for argument in arguments):
        if head in (sympy.log, sympy.Abs):
            return POLE
        raise Undefined
    argument = walk.rounded(arguments[0])
    if head in COMPOSED:
        return COMPOSED[head](walk, arguments[0])
    if head in _SENSITIVE and size(argument.middle) > HUGE_BITS:
        raise Huge
    if arguments[0] == ZERO and head in _AT_ZERO:
        return _AT_ZERO[head]
    if head is sympy.log:
        if walk.is_zero(argument):
            return POLE
        walk.on_one_side(argument)
    if head in _ENDS and head is not sympy.atan and _at_an_end(walk, head, arguments[0]):
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
        return Ball(result, walk.rounding(result))
    moved = SLOPES[head](walk, argument, result)
    return walk.result(result, argument.error + moved)


def _at_an_end(walk: Arithmetic, head: Any, argument: Ball) -> bool:
    """Tell whether an inverse function stands at ±1, where its slope is infinite."""
    if head is sympy.asinh or isinstance(argument.middle, mpmath.mpc):
        return False
    square = walk.multiply(argument, argument)
    return walk.is_zero(walk.add(ONE, Ball(-square.middle, square.error)))


def part(walk: Arithmetic, head: Any, argument: Ball) -> Ball:
    """Return the real part, the imaginary part, the magnitude or the angle."""
    middle = argument.middle
    if is_infinite(argument):
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
        return ZERO if walk.sign_of(argument) >= 0 else ATOMS[sympy.pi](walk)
    walk.on_one_side(argument)
    if argument.error > size(middle) - 1:
        raise walk.open()
    return walk.result(mp.arg(middle), argument.error + 1 - size(middle))


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
    error = size_of_sum(first.error, second.error)
    if error > length - 2:
        raise walk.open()
    return walk.result(mp.atan2(first.middle, second.middle), error + 1 - length)


def _inverse(head: Any) -> Callable[[Arithmetic, Ball], Ball]:
    """Return a function of 1/argument: acot, asec, …; SymPy's acot(0) is π/2."""

    def of(walk: Arithmetic, argument: Ball) -> Ball:
        if head is sympy.atan and walk.is_zero(argument):
            half = ATOMS[sympy.pi](walk)
            return Ball(half.middle / 2, half.error)
        return function(walk, head, walk.power(argument, Ball(Fraction(-1))))

    return of


def _quotient(over: Any, under: Any) -> Callable[[Arithmetic, Ball], Ball]:
    """Return over(a)/under(a), or 1/under(a)."""

    def of(walk: Arithmetic, argument: Ball) -> Ball:
        denominator = walk.power(function(walk, under, argument), Ball(Fraction(-1)))
        return denominator if over is None else walk.multiply(
            function(walk, over, argument), denominator
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
    sympy.Abs: lambda walk, a: part(walk, sympy.Abs, a),
    sympy.re: lambda walk, a: part(walk, sympy.re, a),
    sympy.im: lambda walk, a: part(walk, sympy.im, a),
    sympy.arg: lambda walk, a: part(walk, sympy.arg, a),
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
    return size_of_sum(size(result), 0.0) + 1.5


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
        moved = argument.error + size_of_sum(size(middle) + 1, argument.error)
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
