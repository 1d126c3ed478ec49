"""A row's value and its first two derivatives to as many digits as a comparison needs.

SymPy differentiates the textbook function, mpmath evaluates that, with more digits until two
evaluations agree: what is compared is neither a rule of the table nor float64.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from functools import cache
from typing import Any

import sympy
from mpmath import mp

from autodiff_cli.ops import POWER
from autodiff_cli.ops.row import OPERANDS, Operation
from tests.test_table import SYMBOLS, textbook

#: Digits that are tried, and the share within which two tries agree. A cancellation of squares of
#: numbers between 1e-324 and 1e308 needs no more.
DIGITS, AGREE = (40, 80, 160, 400, 900, 1500, 2100), "1e-22"


@cache
def derivatives(row: Operation) -> Mapping[str, Callable[..., Any]]:
    """Return "", "a", "ab", … → what mpmath evaluates for that derivative."""
    symbols = [SYMBOLS[name] for name in OPERANDS[: row.arity]]
    value = textbook(row)
    if row.name == "cbrt":
        value = sympy.sign(symbols[0]) * sympy.Abs(symbols[0]) ** sympy.Rational(1, 3)
    found = {"": value}
    for place, first in enumerate(symbols):
        slope = sympy.diff(value, first)
        found[str(first)] = slope
        for second in symbols[place:]:
            found[f"{first}{second}"] = sympy.diff(slope, second)
    functions = {name: _function(symbols, formula) for name, formula in found.items()}
    if row is POWER:  # a negative base has real powers at whole exponents alone
        return {
            name: _of_positive_base(function) if "b" in name else function
            for name, function in functions.items()
        }
    return functions


def _of_positive_base(function: Callable[..., Any]) -> Callable[..., Any]:
    return lambda a, b: mp.nan if a < 0 else function(a, b)


def _function(symbols: Sequence[Any], formula: Any) -> Callable[..., Any]:
    formula = formula.replace(sympy.DiracDelta, lambda *_: sympy.S.Zero)  # off the kinks
    steps = formula.atoms(sympy.Derivative, sympy.Subs)  # SymPy's floor and ceiling, off the jumps
    formula = sympy.sympify(formula.xreplace(dict.fromkeys(steps, 0)))
    function: Callable[..., Any] = sympy.lambdify(symbols, formula, [{"erfc": _erfc}, "mpmath"])
    return function


def _erfc(a: Any) -> Any:
    return mp.zero if a > 1e9 else mp.erfc(a)  # mpmath raises OverflowError far out


@cache
def exactly(function: Callable[..., Any], point: tuple[Any, ...]) -> Any:
    """Return a number that more digits do not change; nan where there is none that is real.

    What stays too small to be seen beside what it is a difference of is 0.
    """
    before = None
    for digits in [digits for digits in DIGITS if digits >= _least(point)]:
        with mp.workdps(digits):
            found = _real(function, point)
            if found is not None and mp.isnan(found):
                return found
            known = None not in (found, before) and found != 0
            if known and abs(found - before) <= abs(found) * mp.mpf(AGREE):
                return found
            before = found
    assert before is not None, point
    assert abs(before) < mp.mpf("1e-330"), point
    return mp.zero


def _least(point: Sequence[Any]) -> float:
    """Return the digits below which two evaluations may agree on what is not there yet.

    Beside 1, the square of a small number and e^-a only show with as many.
    """
    sizes = [abs(float(number)) for number in point if number]
    small = max((-2 * math.log10(size) for size in sizes if size), default=0.0)
    large = max((0.9 * size for size in sizes if size < 1000), default=0.0)
    return min(max(DIGITS[0], small, large), DIGITS[-2])


def _real(function: Callable[..., Any], point: Sequence[float]) -> Any:
    try:
        found = mp.mpmathify(function(*[mp.mpf(number) for number in point]))
    except ZeroDivisionError:  # a denominator that is 0 to so many digits
        return None
    if isinstance(found, mp.mpc):
        return found.real if abs(found.imag) <= abs(found) * mp.mpf(AGREE) else mp.nan
    return found
