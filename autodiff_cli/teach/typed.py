"""An answer as somebody typed it: its value, and how far its digits tell it from other numbers."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass, replace

from autodiff_cli.engine.linearise import linearise
from autodiff_cli.errors import ExpressionError
from autodiff_cli.graph.graph import Graph
from autodiff_cli.language.parser import read

#: A number in digits; 0,5 is one too, and what stands around it does not matter.
_NUMBER = re.compile(
    r"[≈~=\s]*([+\-−]?)\s*(\d*)(?:[.,](\d*))?(?:\s*(?:e|·\s*10\^)([+\-−]?\d+))?[…\s]*"
)

#: Digits from which on one may be cut off where it should be rounded: 4.99 for 4.9994.
CUT = 3

#: How far from a short whole number a wrong answer is that was typed as that.
WHOLE = 0.005

#: How near two numbers are that are equal but for rounding.
NEAR = 1e-9


@dataclass(frozen=True, slots=True, kw_only=True)
class Typed:
    """A number as it was typed.

    Attributes:
        value: the number.
        unit: one in the last place that was typed; 0 where it is exact.
        digits: how many significant digits it has; 0 where it is exact.
        text: what was typed, for messages.
    """

    value: float
    unit: float = 0.0
    digits: int = 0
    text: str = ""

    def is_like(self, number: float) -> bool:
        """Tell whether a wrong answer is this one: 3 is not, where it is 3.4."""
        whole = self.unit >= 1 and self.digits < CUT
        return abs(self.value - number) <= WHOLE if whole else self.equals(number)

    def equals(self, number: float) -> bool:
        """Tell whether a number is this one, to the digits that were typed."""
        if not math.isfinite(number):
            return False
        gap = abs(self.value - number)
        if gap <= NEAR * max(abs(self.value), abs(number)):
            return True
        unit = self.unit
        if number and self.digits:
            unit = min(unit, 10.0 ** (math.floor(math.log10(abs(number))) + 1 - self.digits))
        return gap <= unit * (1.0 if self.digits >= CUT else 0.5) * (1 + NEAR)


def typed(text: str, graph: Graph | None = None) -> Typed | Graph:
    """Read an answer: a number, an expression without variables, or a formula.

    Args:
        text: what was typed.
        graph: the formula that it is about, whose variables it may have.

    Raises:
        ExpressionError: it is neither.
    """
    match = _NUMBER.fullmatch(text)
    if match and (match[2] or match[3]):
        return replace(_digits(*match.groups(default="")), text=text.strip())
    names = graph.variables if graph is not None else ()
    answer = read([text], names).graph
    for name in answer.variables:
        if name not in names:
            raise ExpressionError(f"the formula has no variable '{name}'", text, 0)
    if any(answer.dependent[k] for k in answer.outputs):
        return answer
    values = linearise(answer, dict.fromkeys(answer.variables, 0.0), ()).values
    value = float(values[answer.outputs[0]])
    decimals = re.findall(r"\d*\.\d+", text)
    if not decimals or not math.isfinite(value):
        return Typed(value=value, text=text.strip())
    least = min(len(digits.replace(".", "").lstrip("0")) for digits in decimals)
    known = value and math.isfinite(value)
    size = 10.0 ** (math.floor(math.log10(abs(value))) + 1) if known else 1.0
    return Typed(value=value, unit=size * 10.0**-least, digits=least, text=text.strip())


def _digits(sign: str, whole: str, fraction: str, exponent: str) -> Typed:
    """Return a number from its digits; the zeros at the end of a whole number count."""
    power = int(exponent.replace("−", "-") or "0")
    value = float(f"{whole or '0'}.{fraction or '0'}e{power}")
    digits = len((whole + fraction).lstrip("0")) or 1
    if not math.isfinite(value):  # beyond float64, and so is its last place
        return Typed(value=-value if sign in ("-", "−") else value)
    return Typed(
        value=-value if sign in ("-", "−") else value,
        unit=float(f"1e{power - len(fraction)}"),  # inf or 0 beyond float64
        digits=digits,
    )
