"""Constants: the exact decimal or the name that was typed, beside its float.

Two spellings of one number are equal; a literal becomes a float only where it is computed with.
"""

from __future__ import annotations

import math
from typing import NamedTuple

from autodiff_cli.ops import CONSTANTS


class Constant(NamedTuple):
    """A constant; `exact` (sign, digits, exponent; or a name) decides equality."""

    exact: tuple[str, str, int]
    value: float

    @property
    def spelling(self) -> str:
        """The plainest text that reads back as this constant."""
        sign, digits, exponent = self.exact
        if sign == "name":
            return digits
        if 0 <= exponent <= 15:
            return f"{sign}{digits}{'0' * exponent}"
        if -15 <= exponent < 0:
            digits = digits.rjust(1 - exponent, "0")
            return f"{sign}{digits[:exponent]}.{digits[exponent:]}"
        return f"{sign}{digits}e{exponent}"


def literal(text: str) -> Constant:
    """Return the constant that an unsigned or negative decimal literal stands for, exactly.

    Raises:
        OverflowError: the literal is beyond float64 (infinite, or not 0 and yet rounded to 0).
    """
    value = float(text)
    if text.isdigit() and text[-1] != "0" != text[0]:
        if math.isinf(value):
            raise OverflowError(text)
        return Constant(("", text, 0), value)
    mantissa, _, exponent = text.lower().lstrip("-").partition("e")
    whole, _, fraction = mantissa.partition(".")
    digits = (whole + fraction).lstrip("0")
    sign = "-" if text.startswith("-") else ""
    if math.isinf(value) or (value == 0 and digits):
        raise OverflowError(text)
    if not digits:
        return Constant((sign, "0", 0), value)
    stripped = digits.rstrip("0")
    shift = len(digits) - len(stripped) - len(fraction)
    return Constant((sign, stripped, _whole(exponent) + shift), value)


def _whole(exponent: str) -> int:
    """Return an exponent's number; `int` alone refuses thousands of leading zeros."""
    digits = exponent.lstrip("+-").lstrip("0") or "0"
    return -int(digits) if exponent.startswith("-") else int(digits)


def named(name: str) -> Constant:
    """Return the constant `e`, `pi` or `π`."""
    canonical, value = CONSTANTS[name]
    return Constant(("name", canonical, 0), value)
