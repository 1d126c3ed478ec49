"""What a row of the operation table holds. A row is inert data: nothing here computes.

Every rule, condition and definition is text in the program's own language over the operands
`a, b, c` and the result `y`, so one string is executed, shown, differentiated and exported.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import NamedTuple

#: Names that rules use for the operands, in order; the result is `y`.
OPERANDS = ("a", "b", "c")

#: Binding strength, shared by parser and printers. What binds tighter has the larger number.
COMPARISON, SUM, PRODUCT, SIGN, POWER, ATOM = range(6)


#: How signs of a condition stand in a sentence.
_IN_WORDS = ((" == ", " = "), (" != ", " not "), ("<=", "≤"), (">=", "≥"))


def words(condition: str) -> str:
    """Return a condition of the table as a sentence has it: `a > 0, b > 0 and b not 1`."""
    for sign, word in _IN_WORDS:
        condition = condition.replace(sign, word)
    condition = re.sub(r"abs\((\w+)\)", r"|\1|", condition)
    *most, last = condition.split(" and ")
    return f"{', '.join(most)} and {last}" if most else last


class Kink(NamedTuple):
    """Points where a derivative is not what calculus says.

    Attributes:
        condition: true at those points.
        slope: what is used there and why, a phrase for a student; {a}, {b}, {c} stand for the
            operands.
        kind: "kink", "jump" or "infinite-slope".
        operand: the position (0-based) whose derivative is concerned; None is all of them.
        others: what other programs answer there, measured; "" where nothing was measured.
        text: the condition in words, where it is not readable.
    """

    condition: str
    slope: str
    kind: str = "kink"
    operand: int | None = None
    others: str = ""
    text: str = ""

    def said(self, labels: Mapping[str, str] | None = None) -> str:
        """Return the phrase over labels of the operands, then what others answer."""
        names = dict(zip(OPERANDS, OPERANDS, strict=True)) | dict(labels or {})
        others = f" ({self.others})" if self.others else ""
        return self.slope.format(**names) + others


#: Units in the last place to which a row's value and its first two derivatives are held, over the
#: whole range of float64, but where a `Loss` says more.
ULP = 8


class Loss(NamedTuple):
    """Where float64 keeps fewer digits of a row.

    Attributes:
        order: of the value (0), the slopes (1) or the second slopes (2), and what is beyond.
        ulp: how many units in the last place more may be lost, over a, b and y; "" is as far as
            the result moves when each operand moves by four units in its own last place.
        text: where and why, a phrase for a student.
    """

    order: int
    ulp: str
    text: str


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class Operation:
    """One elementary operation. Rows are compared by identity.

    Attributes:
        name: identifier, and the name in calls; unique with the arity.
        rules: one derivative rule per operand; "" is no edge (a condition), a literal 0 is a
            blocked edge. A variadic operation has one rule for every operand.
        series: the rules in as many terms as series need, where `rules` break one off; else ().
        summary: what it is, a phrase for a student.
        law: what calculus calls the rule (OpenStax Calculus 1, chapter 3); "" without edges.
        value: float64 function, IEEE: never raises; None computes `computed` or `definition`.
        numpy: name of the NumPy function; "" computes `computed` or `definition`.
        sympy: name of the SymPy function; "" uses `definition`.
        definition: the textbook formula over more elementary operations, or "".
        computed: the same formula arranged so that floats neither overflow nor cancel, or "".
        aliases: other spellings that the parser accepts.
        symbol: text between (or before) the operands where it is an operator, else "".
        precedence: ATOM for calls.
        variadic: any number of operands from two up (the sum).
        latex: LaTeX template over {a}, {b}, …; "" is an operator name and brackets.
        python: the operator in Python where it means the same on floats and never raises, else "".
        domain: condition under which a real value exists; "" is everywhere.
        domain_text: the domain in words, where the condition is not readable.
        outside: what other programs answer outside the domain, measured, or "".
        kinks: where the derivative is a convention.
        losses: where float64 keeps fewer digits than elsewhere.
        intervals: for each operand, where tests sample: inside the domain, off the kinks.
    """

    name: str
    rules: tuple[str, ...]
    summary: str
    series: tuple[str, ...] = ()
    law: str = ""
    value: Callable[..., float] | None = None
    numpy: str = ""
    sympy: str = ""
    definition: str = ""
    computed: str = ""
    aliases: tuple[str, ...] = ()
    symbol: str = ""
    precedence: int = ATOM
    variadic: bool = False
    latex: str = ""
    python: str = ""
    domain: str = ""
    domain_text: str = ""
    outside: str = ""
    kinks: tuple[Kink, ...] = ()
    losses: tuple[Loss, ...] = ()
    intervals: tuple[tuple[float, float], ...] = ((-2.0, 2.0),)

    @property
    def arity(self) -> int:
        """Number of operands; of a variadic operation, the least."""
        return 2 if self.variadic else len(self.rules)

    def rule(self, position: int) -> str:
        """Return the derivative rule for the operand at `position` (0-based)."""
        return self.rules[0] if self.variadic else self.rules[position]
