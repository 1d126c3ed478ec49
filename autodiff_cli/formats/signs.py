"""The signs of an output: how numbers, names and derivatives are written where it goes.

Unicode where the encoding has them, plain ASCII elsewhere; LaTeX and CSV have their own.
"""

from __future__ import annotations

import unicodedata
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace

from autodiff_cli.formats.plain import plain
from autodiff_cli.graph.printer import ASCII, TERMINAL, Notation

_RAISED = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")

#: Characters of a formula on the screen before its middle is left out.
LONGEST = 400


class Formula(str):
    """Text that is mathematics, in the notation of the format that it was made for."""

    __slots__ = ()


class Rounding:
    """Rounds numbers for people, and remembers whether any was changed.

    Args:
        digits: significant digits; 0 leaves numbers whole.
    """

    def __init__(self, digits: int = 0) -> None:
        self.digits = digits
        self.happened = False

    def __call__(self, value: float) -> float:
        """Return a number with no more digits than wanted."""
        if not self.digits:
            return value
        shorter = float(f"{value:.{self.digits}g}")
        if shorter != value and value == value:
            self.happened = True
        return shorter


@dataclass(frozen=True, slots=True, kw_only=True)
class Signs:
    """How what is not prose is written.

    Attributes:
        notation: how formulas and their numbers are written.
        plain: True where only ASCII may be written.
        partial: the sign of a partial derivative.
        times: the sign of a product.
        ellipsis, up, down: something left out; a node shown above, below.
        branch, last, through, blank: the lines of a tree.
        mark: what follows the label of a node that a note explains; "" marks none.
        axes: of a chart: its left side, its floor, their corner, and a tick on the floor.
        trail: what joins the marks of a chart.
        marks: of a chart: of the first curve, of the second, and of both.
    """

    notation: Notation
    plain: bool
    partial: str
    times: str
    ellipsis: str
    up: str = "^"
    down: str = "v"
    branch: str = "|-- "
    last: str = "`-- "
    through: str = "|   "
    blank: str = "    "
    mark: str = "!"
    axes: tuple[str, str, str, str] = ("|", "-", "+", "+")
    trail: str = "."
    marks: tuple[str, str, str] = ("f", "c", "#")

    def formula(self, text: str) -> Formula:
        """Return a text made of these signs as mathematics."""
        return Formula(text)

    def number(self, value: float) -> Formula:
        """Return a number for people."""
        return Formula(self.notation.number(value))

    def small(self, value: float) -> Formula:
        """Return an error or a difference with two digits, 0 where there is none."""
        return Formula(f"{value:.1e}" if value else "0")

    def name(self, name: str) -> Formula:
        """Return the name of a variable."""
        return Formula(self.notation.name(name))

    def label(self, label: str) -> Formula:
        """Return the label of a node: w3."""
        return Formula(self.notation.label(label))

    def node(self, letter: str) -> Formula:
        """Return what heads the column of the nodes: w_i."""
        return Formula(f"{self.notation.name(letter)}_i")

    def local(self, of: str, by: str) -> Formula:
        """Return the local partial derivative of a node by an operand: ∂w3/∂w1."""
        sign = self.partial
        return Formula(f"{sign}{self.label(of)}/{sign}{self.label(by)}")

    def tangent(self, label: str) -> Formula:
        """Return the tangent of w3: `ẇ3`; of the letter alone, what all are called."""
        if self.plain:
            return Formula(f"dot {label}")
        return Formula(unicodedata.normalize("NFC", f"{label[:1]}\u0307") + label[1:])

    def adjoint(self, label: str) -> Formula:
        """Return the adjoint of w3: `w̄3`; of the letter alone, what all are called."""
        return Formula(f"bar {label}" if self.plain else f"{label[:1]}\u0304{label[1:]}")

    def operator(self, by: str) -> Formula:
        """Return the sign of a partial derivative: ∂/∂by."""
        return Formula(f"{self.partial}/{self.partial}{by}")

    def slope(self, of: str, by: str) -> Formula:
        """Return the partial derivative ∂of/∂by."""
        return Formula(f"{self.partial}{of}/{self.partial}{by}")

    def total(self, of: str, by: str) -> Formula:
        """Return the derivative along all paths, dof/dby."""
        return Formula(f"d{of}/d{by}")

    def standing(self, by: str, inside: str, *, several: bool = False) -> Formula:
        """Return a derivative that is still to be found: d/dx[inside], ∂/∂x[inside]."""
        sign = self.partial if several else "d"
        return Formula(f"{sign}/{sign}{self.name(by)}[{inside}]")

    def second(self, of: str, x: str, y: str) -> Formula:
        """Return the second derivative: ∂²of/∂x² or ∂²of/∂x∂y."""
        sign = self.partial
        below = f"{sign}{x}²" if x == y else f"{sign}{x}{sign}{y}"
        return Formula(f"{sign}²{of}/{below}")

    def repeated(self, of: str, by: str, order: int) -> Formula:
        """Return a derivative taken by one variable again and again: ∂²of/∂by²."""
        if order == 1:
            return self.slope(of, by)
        high = self._high(order)
        return Formula(f"{self.partial}{high}{of}/{self.partial}{by}{high}")

    def mixed(self, of: str, path: Sequence[str]) -> Formula:
        """Return a derivative taken by several variables: ∂³of/∂x²∂y."""
        counts = Counter(path)
        below = [
            f"{self.partial}{by}{self._high(count) if count > 1 else ''}"
            for by, count in counts.items()
        ]
        return Formula(f"{self.partial}{self._high(len(path))}{of}/{''.join(below)}")

    def _high(self, power: int) -> str:
        return f"^{power}" if self.plain else str(power).translate(_RAISED)

    def order(self, of: str, order: int) -> Formula:
        """Return f′, f″, f‴, f⁽⁴⁾ … as a book writes them."""
        if self.plain:
            return Formula(f"{of}{chr(39) * order}" if order < 4 else f"{of}^({order})")
        high = f"⁽{str(order).translate(_RAISED)}⁾"
        return Formula(f"{of}{'′″‴'[order - 1] if order < 4 else high}")

    def product(self, left: str, right: str) -> Formula:
        """Return the product of two things that are called by words."""
        return Formula(f"{left}{self.times}{right}")

    def component(self, of: str, by: str) -> Formula:
        """Return the component of a vector that belongs to a variable: (Hv)_x."""
        return Formula(f"{of}_{by}")

    def brief(self, text: str) -> str:
        """Return a formula with the middle of a very long one left out, between its words."""
        if len(text) <= LONGEST:
            return text
        head, _, _ = text[: LONGEST // 2].rpartition(" ")
        _, _, tail = text[-LONGEST // 4 :].partition(" ")
        return f"{head} {self.ellipsis} {tail}" if head and tail else text

    def text(self, text: str) -> str:
        """Return prose with signs that this output can carry."""
        return plain(text) if self.plain else text

    def rounding(self, rounding: Rounding) -> Signs:
        """Return these signs with numbers rounded."""
        if not rounding.digits:
            return self
        whole = self.notation.number
        notation = self.notation._replace(number=lambda value: whole(rounding(value)))
        return replace(self, notation=notation)


UNICODE = Signs(
    notation=TERMINAL, plain=False, partial="∂", times="·", ellipsis="…", up="↑", down="↓",
    branch="├── ", last="└── ", through="│   ", axes=("│", "─", "└", "┬"), trail="·",
    marks=("○", "●", "◉"),
)  # fmt: skip
PLAIN = Signs(notation=ASCII, plain=True, partial="d", times="*", ellipsis="...")


def carried(encoding: str | None) -> Signs:
    """Return the signs that a stream of this encoding can carry."""
    try:
        "ẇw̄∂·√π²⁻−├…↑┬○●◉".encode(encoding or "ascii")
    except (UnicodeEncodeError, LookupError):
        return PLAIN
    return UNICODE
