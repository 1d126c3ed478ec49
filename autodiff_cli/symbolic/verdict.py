"""The verdict on one number: does autodiff agree with calculus, and if not, why not.

Pure functions of numbers. The difference is taken in decimal arithmetic at full precision, so
that it shows the rounding of autodiff and not of the check.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from typing import TYPE_CHECKING, Literal, NamedTuple

if TYPE_CHECKING:
    from decimal import Decimal

Verdict = Literal[
    "skipped", "overflow", "undefined", "kink", "symbolic-complex", "match", "rounding", "MISMATCH"
]

#: From harmless to grave: an answer's verdict is the gravest of its rows.
GRAVITY: tuple[Verdict, ...] = (
    "match", "skipped", "kink", "symbolic-complex", "rounding", "overflow", "undefined", "MISMATCH",
)  # fmt: skip

#: Relative difference up to which two numbers match, and up to which two long ones are one.
TOLERANCE, SAME = 1e-9, 1e-20

#: SymPy's words for what is no number at all.
NO_NUMBER = ("zoo", "nan")

#: The smallest positive float64: nothing finer can be asked of autodiff. What is below the second
#: is 0 to it: of a number that small, 30 digits or a bound alone may be known.
_TINY, _NOTHING = 5e-324, "1e-330"


class Judgement(NamedTuple):
    """The verdict on one number at one point.

    Attributes:
        verdict: a name of `GRAVITY`.
        difference: autodiff − SymPy; None where one of them is not a finite number.
    """

    verdict: Verdict
    difference: float | None = None


def judge(
    number: float,
    symbolic: str | None,
    *,
    overflow: bool = False,
    undefined: bool = False,
    kink: bool = False,
    own: str | None = None,
    rounding: bool = False,
) -> Judgement:
    """Compare a number of autodiff's with SymPy's; the first verdict that holds is it.

    Args:
        number: what autodiff found: a value or a derivative.
        symbolic: SymPy's, to digits that are proved, as `question.Values` has it; None where there
            is none.
        overflow: a node overflowed float64.
        undefined: the value of the expression is not a finite number.
        kink: a node stands at its kink.
        own: what autodiff's own graph gives in more digits; None where it was not evaluated,
            "huge" where it is not proved.
        rounding: float64's rounding in that graph explains how far the number is off.
    """
    difference = subtract(number, symbolic)
    if symbolic is None:
        return Judgement("skipped")
    if (overflow and (undefined or not math.isfinite(number))) or _beyond(number, symbolic):
        return Judgement("overflow", difference)
    right = agree(number, symbolic)
    same = is_number(own) and is_number(symbolic) and _share(str(own), symbolic) <= SAME
    if same and rounding and not right:  # a pole or a kink that rounding made is none
        return Judgement("rounding", difference)
    if undefined:
        return Judgement("undefined", difference)
    if kink:
        return Judgement("kink", difference)
    if not math.isfinite(number) and symbolic != "complex":
        return Judgement("undefined")
    if symbolic == "complex":
        return Judgement("symbolic-complex")
    if symbolic in NO_NUMBER:
        return Judgement("undefined" if has_none(symbolic, own) else "skipped")
    if difference is None:
        return Judgement("skipped")
    if own == "huge":
        return Judgement("skipped", difference)
    if right:
        return Judgement("match", difference)
    if own is None:
        return Judgement("skipped", difference)
    if own in (*NO_NUMBER, "complex"):  # the steps have no number there; SymPy simplified first
        return Judgement("undefined", difference)
    return Judgement("MISMATCH", difference)


def has_none(symbolic: str | None, own: str | None) -> bool:
    """Tell whether calculus has no number, though float64's rounding gave autodiff one.

    A pole of SymPy's stands unless autodiff's own graph is proved to have a number. SymPy's nan may
    be 0/0 of its formula alone: it stands where that graph is proved to have none.
    """
    if symbolic == "zoo":
        return not is_number(own)
    return symbolic == "nan" and own in (*NO_NUMBER, "complex")


def agree(number: float, symbolic: str) -> bool:
    """Tell whether a number is SymPy's up to TOLERANCE, or as near as float64 can be."""
    if not (math.isfinite(number) and is_number(symbolic)):
        return False
    about = float(symbolic)
    if math.isinf(about):  # SymPy's number is beyond float64, and autodiff's is not
        return False
    if abs(number - about) <= 0.999 * TOLERANCE * abs(about):
        return True
    difference = _exactly(number, symbolic)  # as a float it would be rounded to what is allowed
    return bool(difference.copy_abs() <= max(TOLERANCE * abs(about), _TINY))


def _beyond(number: float, symbolic: str) -> bool:
    """Tell whether autodiff has no finite number because calculus's is beyond float64."""
    return not math.isfinite(number) and is_number(symbolic) and math.isinf(float(symbolic))


def _share(first: str, second: str) -> float:
    """Return how far two numbers are apart, as a share of the second."""
    import decimal

    with decimal.localcontext(prec=40, Emax=decimal.MAX_EMAX, Emin=decimal.MIN_EMIN):
        one, other = decimal.Decimal(first), decimal.Decimal(second)
        if one == other or max(abs(one), abs(other)) < decimal.Decimal(_NOTHING):
            return 0.0
        return float(abs(one - other) / abs(other)) if other else math.inf


def kept(number: float, symbolic: str) -> int:
    """Return how many of SymPy's digits autodiff's number has."""
    difference = subtract(number, symbolic)
    size = abs(float(symbolic))
    if not difference or not size:
        return 0
    return max(0, math.floor(1e-9 - math.log10(min(1.0, abs(difference) / size))))


def subtract(derivative: float, symbolic: str | None) -> float | None:
    """Return derivative − symbolic, both taken exactly; None where one is not a finite number.

    A difference beyond the check's own 30 digits is 0.
    """
    if symbolic is None or not symbolic[-1].isdigit() or not math.isfinite(derivative):
        return None
    return float(_exactly(derivative, symbolic))


def _exactly(derivative: float, symbolic: str) -> Decimal:
    """Return the difference of two finite numbers, all its digits."""
    import decimal

    exact = decimal.Context(
        prec=800, Emax=decimal.MAX_EMAX, Emin=decimal.MIN_EMIN, traps=[decimal.InvalidOperation]
    )
    number = exact.create_decimal(symbolic)
    difference = exact.subtract(decimal.Decimal(derivative), number)
    if exact.abs(difference) <= exact.multiply(exact.abs(number), decimal.Decimal("1e-29")):
        return decimal.Decimal(0)
    return difference


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
