"""The value of a SymPy expression at an exact point, to 30 digits: the check must not round.

Rationals stay exact; the rest is mpmath at a precision that grows until what cancelled no longer
matters and two precisions agree. One pass over shared parts, and only the piece that holds.
"""

from __future__ import annotations

from collections.abc import Generator, Mapping
from fractions import Fraction
from typing import Any

import mpmath
import sympy
from mpmath import mp

from autodiff_cli.symbolic.arithmetic import (
    ATOMS,
    FUNCTIONS,
    HEADS,
    Arithmetic,
    Complex,
    Huge,
    Number,
    Undefined,
    as_float,
)

#: Binary digits tried in turn. Sums of float64 span 2100; two tries must agree to TARGET.
PRECISIONS, TARGET = (200, 320, 1000, 2800), 106

#: Digits of an answer.
DIGITS = 30

#: Numbers beyond 2 to this are "huge" even when known, and below its inverse "0".
PRINTED_BITS = 1 << 30

#: What stopped an evaluation → its word.
_WORDS = {Undefined: "nan", Complex: "complex", Huge: "huge"}


def evaluate(expression: Any, at: Mapping[Any, Any]) -> str:
    """Return the value of an expression as decimal text, or as a word.

    Args:
        expression: a SymPy expression.
        at: symbol → Fraction, or → SymPy expression for the atoms of a `Translation`.

    Returns:
        DIGITS significant digits, or "nan" (no value), "zoo" (infinite, of no one sign),
        "complex" (not a real number), "huge" (a number on the way is beyond computing).
    """
    previous: Number = None
    value: Number = None
    for precision in PRECISIONS:
        with mp.workprec(precision):
            walk = _Walk(at, precision)
            try:
                value = walk.value(expression)
            except (Undefined, Complex, Huge) as word:
                value = _WORDS[type(word)]
            sound = walk.lost <= precision - TARGET
            if sound and (isinstance(value, Fraction) or _agree(previous, value)):
                break
            previous = value
    return _text(value)


def _agree(first: Number, second: Number) -> bool:
    if first is None or isinstance(first, str) or isinstance(second, str):
        return bool(first == second)
    if first == second:
        return True
    if mp.isinf(first) or mp.isinf(second):
        return False
    scale = max(mp.mag(first), mp.mag(second))
    return bool(mp.mag(mp.mpmathify(first) - mp.mpmathify(second)) <= scale - TARGET)


def _text(value: Number) -> str:
    if isinstance(value, str):
        return value
    with mp.workprec(PRECISIONS[0]):
        if isinstance(value, Fraction):
            value = as_float(value)
        if isinstance(value, mpmath.mpc):
            if mp.mag(value.imag) > mp.mag(value.real) - TARGET // 2:
                return "complex"
            value = value.real
        if mp.isinf(value):
            return "zoo"
        if value != 0 and abs(mp.mag(value)) > PRINTED_BITS:
            return "huge" if mp.mag(value) > 0 else "0"
        written = str(mp.nstr(value, DIGITS, min_fixed=-5, max_fixed=DIGITS))
        return written.removesuffix(".0")


class _Walk(Arithmetic):
    """One evaluation at one precision."""

    def __init__(self, at: Mapping[Any, Any], precision: int) -> None:
        super().__init__(precision)
        self.at = at
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
            return known if isinstance(known, Fraction) else (yield known)
        if part.is_Rational:
            return Fraction(part.p, part.q)
        if part.is_Float:
            return mp.mpf(part._mpf_)
        if isinstance(part, sympy.Piecewise):
            for branch, condition in part.args:
                if (yield condition):
                    return (yield branch)
            raise Undefined
        if part is sympy.nan:
            raise Undefined
        if part in ATOMS:
            return ATOMS[part]()
        arguments: list[Number] = []
        for argument in part.args:
            arguments.append((yield argument))
        rule = HEADS.get(part.func)
        if rule is not None:
            return rule(self, *arguments)
        if part.func in FUNCTIONS:
            return self.function(part.func, *arguments)
        raise NotImplementedError(part.func.__name__)
