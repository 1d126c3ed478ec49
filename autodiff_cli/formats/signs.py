"""The signs of an output: Unicode where the encoding has them, plain ASCII elsewhere."""

from __future__ import annotations

from typing import NamedTuple

from autodiff_cli.graph.printer import ASCII, TERMINAL, Notation

_PLAIN = str.maketrans(
    {
        "−": "-", "·": "*", "∂": "d", "…": "...", "≥": ">=", "≤": "<=", "π": "pi", "√": "sqrt ",
        "–": "-", "′": "'", "¹": "^1", "²": "^2", "³": "^3", "½": "1/2", "×": "x", "∞": "inf",
    }
)  # fmt: skip


#: Characters of a formula on the screen before its middle is left out.
LONGEST = 400


class Alphabet(NamedTuple):
    """How signs that ASCII lacks are written.

    Attributes:
        notation: how formulas are written.
        partial: the sign of a partial derivative.
        dot, bar: what follows or marks the w of a tangent and of an adjoint.
        times: the sign of a product.
        ellipsis, up, down: something left out; a node shown above, below.
        branch, last, through, blank: the lines of a tree.
        plain: True where only ASCII may be written.
        mark: what follows the label of a node that a note explains.
        axes: of a chart: its left side, its floor, their corner, and a tick on the floor.
        trail: what joins the marks of a chart.
        marks: of a chart: of the first curve, of the second, and of both.
    """

    notation: Notation
    partial: str
    dot: str
    bar: str
    times: str
    ellipsis: str
    up: str
    down: str
    branch: str
    last: str
    through: str
    blank: str
    plain: bool
    mark: str = "!"
    axes: tuple[str, str, str, str] = ("|", "-", "+", "+")
    trail: str = "."
    marks: tuple[str, str, str] = ("f", "c", "#")

    def tangent(self, label: str) -> str:
        """Return the tangent of w3: `ẇ3`."""
        return f"{self.dot}{label.removeprefix('w')}"

    def adjoint(self, label: str) -> str:
        """Return the adjoint of w3: `w̄3`."""
        return f"{self.bar}{label.removeprefix('w')}"

    def slope(self, of: str, by: str) -> str:
        """Return the partial derivative ∂of/∂by."""
        return f"{self.partial}{of}/{self.partial}{by}"

    def brief(self, text: str) -> str:
        """Return a formula with the middle of a very long one left out, between its words."""
        if len(text) <= LONGEST:
            return text
        head, _, _ = text[: LONGEST // 2].rpartition(" ")
        _, _, tail = text[-LONGEST // 4 :].partition(" ")
        return f"{head} {self.ellipsis} {tail}" if head and tail else text

    def text(self, text: str) -> str:
        """Return prose with signs that this alphabet has."""
        return text.translate(_PLAIN) if self.plain else text


UNICODE = Alphabet(
    TERMINAL, "∂", "ẇ", "w̄", "·", "…", "↑", "↓", "├── ", "└── ", "│   ", "    ", plain=False,
    axes=("│", "─", "└", "┬"), trail="·", marks=("○", "●", "◉"),
)  # fmt: skip
PLAIN = Alphabet(
    ASCII, "d", "dot w", "bar w", "*", "...", "^", "v", "|-- ", "`-- ", "|   ", "    ", plain=True
)


def alphabet(encoding: str | None) -> Alphabet:
    """Return the alphabet that a stream of this encoding can carry."""
    try:
        "ẇw̄∂·√π²⁻−├…↑┬○●◉".encode(encoding or "ascii")
    except (UnicodeEncodeError, LookupError):
        return PLAIN
    return UNICODE
