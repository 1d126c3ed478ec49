"""The verdict on one derivative: does autodiff agree with SymPy, and if not, why not.

Pure functions of numbers. The difference is taken in decimal arithmetic at full precision, so
that it shows the rounding of autodiff and not of the check.
"""

from __future__ import annotations

import math
import sys
from collections.abc import Callable, Iterable
from typing import Literal, NamedTuple

Verdict = Literal[
    "skipped", "overflow", "undefined", "kink", "symbolic-complex", "match", "MISMATCH"
]

#: From harmless to grave: an answer's verdict is the gravest of its rows.
GRAVITY: tuple[Verdict, ...] = (
    "match", "skipped", "kink", "symbolic-complex", "overflow", "undefined", "MISMATCH",
)  # fmt: skip

#: Relative difference up to which two numbers match.
TOLERANCE = 1e-9

#: Share of the contributions' magnitudes that counts as rounding.
ROUNDING = 64 * sys.float_info.epsilon

#: The smallest positive float64: nothing finer can be asked of autodiff.
_TINY = 5e-324


class Judgement(NamedTuple):
    """The verdict on one derivative at one point.

    Attributes:
        verdict: a name of `GRAVITY`.
        difference: autodiff − SymPy; None where one of them is not a finite number.
        rounding: True for a match that is one only within autodiff's own rounding.
    """

    verdict: Verdict
    difference: float | None = None
    rounding: bool = False


def judge(
    derivative: float,
    symbolic: str | None,
    *,
    overflow: bool = False,
    undefined: bool = False,
    kink: bool = False,
    moves: Callable[[], float] = lambda: 0.0,
    scale: float = 0.0,
) -> Judgement:
    """Compare autodiff's derivative with SymPy's value; the first verdict that holds is it.

    Args:
        derivative: what autodiff found.
        symbolic: SymPy's value, as `symbolic.Derivative.values` has it; None where there is none.
        overflow: a node overflowed float64.
        undefined: the value of the expression is nan.
        kink: a node stands at its kink.
        moves: how much autodiff's own answer moves for a change of two ulp in the point, or of
            one in the values. Called only where the numbers differ.
        scale: sum of the magnitudes of the contributions to the derivative.
    """
    difference = subtract(derivative, symbolic)
    if symbolic is None:
        return Judgement("skipped")
    if overflow:
        return Judgement("overflow", difference)
    if undefined:
        return Judgement("undefined", difference)
    if kink:
        return Judgement("kink", difference)
    if symbolic == "complex":
        return Judgement("symbolic-complex")
    if difference is None:
        return Judgement(_without_numbers(derivative, symbolic))
    size = abs(difference)
    if size <= max(TOLERANCE * abs(float(symbolic)), _TINY):
        return Judgement("match", difference)
    if size <= ROUNDING * scale or size <= moves():
        return Judgement("match", difference, rounding=True)
    return Judgement("MISMATCH", difference)


def subtract(derivative: float, symbolic: str | None) -> float | None:
    """Return derivative − symbolic, both taken exactly; None where one is not a finite number.

    A difference beyond the check's own 30 digits is 0.
    """
    if symbolic is None or not symbolic[-1].isdigit() or not math.isfinite(derivative):
        return None
    import decimal

    exact = decimal.Context(
        prec=800, Emax=decimal.MAX_EMAX, Emin=decimal.MIN_EMIN, traps=[decimal.InvalidOperation]
    )
    number = exact.create_decimal(symbolic)
    difference = exact.subtract(decimal.Decimal(derivative), number)
    if exact.abs(difference) <= exact.multiply(exact.abs(number), decimal.Decimal("1e-29")):
        return 0.0
    return float(difference)


def _without_numbers(derivative: float, symbolic: str) -> Verdict:
    """Return the verdict where one side, or both, is infinite or has no value."""
    if symbolic == "huge":
        return "skipped"
    if symbolic == "zoo" and math.isinf(derivative):
        return "match"
    # SymPy's formula has no real value here: it neither confirms nor denies.
    return "symbolic-complex" if symbolic in ("zoo", "nan") else "MISMATCH"


def worst(verdicts: Iterable[Verdict]) -> Verdict:
    """Return the gravest verdict; of none, "match"."""
    return max(verdicts, key=GRAVITY.index, default="match")


def is_number(text: str | None) -> bool:
    """Tell whether SymPy's value is a number, not a word."""
    return text is not None and text[-1].isdigit()


def number_or_word(value: str | None) -> float | str:
    """Return SymPy's number as a float, or its word where there is no real number."""
    if value is None:
        return "nan"
    return float(value) if value[-1].isdigit() else value
