"""The value of a SymPy expression at an exact point, to 30 digits that are proved.

Every number carries a bound on its error (`arithmetic`), and the precision grows until the bound
leaves the digits alone. One pass over shared parts, and only the piece that holds.
"""

from __future__ import annotations

from collections.abc import Callable, Generator, Mapping
from fractions import Fraction
from typing import Any, NamedTuple

import mpmath
import sympy
from mpmath import mp

from autodiff_cli.symbolic.arithmetic import Arithmetic
from autodiff_cli.symbolic.ball import Ball, Complex, Huge, Number, Undefined, Unsettled, size
from autodiff_cli.symbolic.functions import ATOMS, COMPOSED, FUNCTIONS, HEADS, function

#: Binary digits tried in turn. Sums of float64 span 2100, sums of their squares 4200.
PRECISIONS = (200, 500, 1200, 2800, 7000)

#: Binary digits that an answer must have: thirty decimal ones, and a few.
TARGET = 106

#: Digits of an answer.
DIGITS = 30

#: What is proved to be below 2 to this is 0 for float64, whose least number is 2^−1074.
LEAST = -1120

#: Numbers beyond 2 to this are "huge" even when known, and below its inverse "0".
PRINTED_BITS = 1 << 30

#: What stopped an evaluation → its word.
WORDS = {Undefined: "nan", Complex: "complex", Huge: "huge"}


def evaluate(expression: Any, at: Mapping[Any, Any]) -> str:
    """Return the value of an expression as decimal text, or as a word.

    Args:
        expression: a SymPy expression.
        at: symbol → Fraction, or → SymPy expression for the atoms of a `Translation`.

    Returns:
        DIGITS significant digits, or "nan" (no value), "zoo" (infinite, of no one sign),
        "complex" (not a real number), "huge" (a number on the way is beyond computing).
    """
    return evaluated(expression, at).text


def evaluated(expression: Any, at: Mapping[Any, Any]) -> Settled:
    """Return the same, and whether it is proved."""
    return settled(lambda arithmetic: _Walk(at, arithmetic).value(expression))


class Settled(NamedTuple):
    """An answer as text, and whether something was taken for 0 that may just be very small."""

    text: str
    guessed: bool = False


def settled(compute: Callable[[Arithmetic], Number]) -> Settled:
    """Return what is computed, with as many digits on the way as the answer's need; see above."""
    for precision in PRECISIONS:
        last = precision == PRECISIONS[-1]
        with mp.workprec(precision):
            arithmetic = Arithmetic(precision, last=last)
            try:
                value = compute(arithmetic)
            except Unsettled:
                continue
            except (Undefined, Complex, Huge) as word:
                return Settled(WORDS[type(word)], arithmetic.guessed)
            if is_settled(value):
                return Settled(text(value), arithmetic.guessed)
    return Settled("huge", guessed=True)


def is_settled(value: Ball) -> bool:
    """Tell whether the error leaves the digits of an answer alone."""
    large = size(value.middle)
    return value.error <= large - TARGET or max(value.error, large) < LEAST


def text(value: Ball) -> str:
    """Return an answer as text: 30 digits or a word."""
    middle = value.middle
    if isinstance(middle, Fraction):
        middle = Arithmetic(mp.prec).rounded(value).middle
    if isinstance(middle, mpmath.mpc):
        if size(middle.imag) > max(value.error, size(middle.real) - TARGET // 2):
            return "complex"
        middle = middle.real
    if mp.isinf(middle):
        return "zoo"
    if size(middle) <= value.error or (middle != 0 and mp.mag(middle) < -PRINTED_BITS):
        return "0"
    if mp.mag(middle) > PRINTED_BITS:
        return "huge"
    written = str(mp.nstr(middle, DIGITS, min_fixed=-5, max_fixed=DIGITS))
    return written.removesuffix(".0")


class _Walk:
    """One evaluation at one precision."""

    def __init__(self, at: Mapping[Any, Any], arithmetic: Arithmetic) -> None:
        self.at, self.arithmetic = at, arithmetic
        self.known: dict[Any, Any] = {}

    def value(self, expression: Any) -> Number:
        """Return the value of an expression. Every `visit` asks for parts by yielding them."""
        stack: list[tuple[Any, Generator[Any, Any, Any]]] = [(expression, self.visit(expression))]
        answer: Any = None
        while stack:
            part, visit = stack[-1]
            try:
                wanted = visit.send(answer)
            except StopIteration as finished:
                answer = self.known[part] = finished.value
                stack.pop()
                continue
            answer = self.known.get(wanted)
            if answer is None:
                stack.append((wanted, self.visit(wanted)))
        return answer

    def visit(self, part: Any) -> Generator[Any, Any, Any]:
        """Yield the parts that a part needs, and return its value."""
        if part.is_Symbol:
            known = self.at[part]
            return Ball(known) if isinstance(known, Fraction) else (yield known)
        if part.is_Rational:
            return Ball(Fraction(part.p, part.q))
        if part.is_Float:
            return Ball(mp.mpf(part._mpf_))
        if isinstance(part, sympy.Piecewise):
            for branch, condition in part.args:
                if (yield condition):
                    return (yield branch)
            raise Undefined
        if isinstance(part, sympy.ITE):
            condition, first, second = part.args
            return (yield first) if (yield condition) else (yield second)
        if isinstance(part, (sympy.And, sympy.Or)):
            for condition in part.args:
                if (yield condition) == isinstance(part, sympy.Or):
                    return isinstance(part, sympy.Or)
            return isinstance(part, sympy.And)
        if part is sympy.nan:
            raise Undefined
        if part in ATOMS:
            return ATOMS[part](self.arithmetic)
        arguments: list[Number] = []
        for argument in part.args:
            arguments.append((yield argument))
        rule = HEADS.get(part.func)
        if rule is not None:
            return rule(self.arithmetic, *arguments)
        if part.func in FUNCTIONS or part.func in COMPOSED:
            return function(self.arithmetic, part.func, *arguments)
        raise NotImplementedError(part.func.__name__)
