"""What a picture is made of, before it is SVG or pixels: boxes, paths and texts with a named style.

A style is one row of a table: colours by day and by night, lines, letters. Every backend reads it.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal, NamedTuple

Anchor = Literal["start", "middle", "end"]

#: The height of letters, and of a line of text, in pixels.
LETTERS, LINE = 13.0, 17.0


class Colour(NamedTuple):
    """One colour by day (and on paper) and by night."""

    day: str
    night: str


PAPER = Colour("#ffffff", "#14171c")
INK = Colour("#1d2430", "#e8eaf0")
SOFT = Colour("#596273", "#a7b0be")
LINES = Colour("#7c8698", "#7f8a9c")
FAINT = Colour("#dfe3ea", "#2b313b")
BLUE = Colour("#1f63b0", "#74b0f0")
GREEN = Colour("#237a4b", "#62c490")
RED = Colour("#b3401a", "#f59a72")
VIOLET = Colour("#7442a8", "#c5a0f2")


class Style(NamedTuple):
    """How a shape looks.

    Attributes:
        fill, stroke: colours; None is none.
        width: of the line, in pixels.
        dashes: lengths drawn and left out, or none.
        size: of letters.
        bold: heavy letters.
    """

    fill: Colour | None = None
    stroke: Colour | None = None
    width: float = 1.0
    dashes: tuple[float, ...] = ()
    size: float = LETTERS
    bold: bool = False


STYLES: dict[str, Style] = {
    "paper": Style(PAPER),
    "variable": Style(Colour("#e8f1fb", "#182b41"), BLUE, 1.5),
    "operation": Style(Colour("#f6f7f9", "#1f242c"), LINES, 1.2),
    "result": Style(Colour("#e9f6ee", "#183224"), GREEN, 2.0),
    "behind": Style(PAPER, LINES, 1.2),
    "badge": Style(PAPER, LINES, 1.0),
    "warning": Style(Colour("#fdeee6", "#3d2115"), RED, 1.4),
    "edge": Style(None, LINES, 1.4),
    "idle": Style(None, LINES, 1.2, (3, 4)),
    "arrow": Style(LINES),
    "label": Style(PAPER),
    "text": Style(INK),
    "name": Style(INK, bold=True),
    "small": Style(SOFT, size=11.0),
    "heading": Style(INK, size=15.0, bold=True),
    "alarm": Style(RED, size=11.0, bold=True),
    "number": Style(INK, size=12.0),
    "key": Style(SOFT, size=12.0),
    "frame": Style(None, LINES, 1.0),
    "grid": Style(None, FAINT, 1.0),
    "axis": Style(None, SOFT, 1.2),
    "curve": Style(None, BLUE, 2.2),
    "slope": Style(None, GREEN, 2.2),
    "third": Style(None, RED, 2.0),
    "tangent": Style(None, VIOLET, 1.6, (7, 4)),
    "pole": Style(None, RED, 1.2, (4, 4)),
    "guide": Style(None, SOFT, 1.0, (2, 4)),
    "arrows": Style(GREEN, GREEN, 1.2),
    "path": Style(None, RED, 1.8),
    "contour": Style(None, BLUE, 1.1),
    "dot": Style(BLUE, PAPER, 1.0),
    "slopedot": Style(GREEN, PAPER, 1.0),
    "hollow": Style(PAPER, BLUE, 1.6),
    "slopehollow": Style(PAPER, GREEN, 1.6),
    "point": Style(VIOLET, PAPER, 1.0),
    "start": Style(PAPER, RED, 1.8),
    "end": Style(RED, PAPER, 1.0),
    "curvename": Style(BLUE, bold=True),
    "slopename": Style(GREEN, bold=True),
    "thirdname": Style(RED, bold=True),
    "tangentname": Style(VIOLET, size=12.0),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Box:
    """A rectangle with round corners."""

    x: float
    y: float
    width: float
    height: float
    radius: float = 0.0
    style: str


#: One move of a path: "M" to, "L" line to, "C" curve by two control points to, "Z" close.
Move = tuple[str, tuple[float, ...]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Path:
    """Lines and curves."""

    moves: tuple[Move, ...]
    style: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Text:
    """One line of text; `y` is its base line."""

    x: float
    y: float
    text: str
    style: str = "text"
    anchor: Anchor = "start"


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """Shapes that belong together, with the words that say what they are.

    Attributes:
        title: those words.
        shapes: in the order in which they are drawn.
        of: what a script finds them by: `w3` for a node, `w3 w6` for an edge; "" is not looked for.
    """

    title: str
    shapes: tuple[Shape, ...]
    of: str = ""


Shape = Box | Path | Text | Group


@dataclass(frozen=True, slots=True, kw_only=True)
class Picture:
    """A picture: its size in pixels, its name, what it shows in words, and its shapes in order."""

    width: float
    height: float
    title: str
    description: str
    shapes: tuple[Shape, ...]


def polyline(points: Iterable[tuple[float, float]], style: str) -> Path:
    """Return straight lines from point to point."""
    moves = [("L" if place else "M", (x, y)) for place, (x, y) in enumerate(points)]
    return Path(moves=tuple(moves), style=style)


def polygon(points: Iterable[tuple[float, float]], style: str) -> Path:
    """Return a closed and filled shape."""
    return Path(moves=(*polyline(points, style).moves, ("Z", ())), style=style)


def circle(x: float, y: float, radius: float, style: str) -> Box:
    """Return a circle as a box that is all corner."""
    return Box(
        x=x - radius, y=y - radius, width=2 * radius, height=2 * radius, radius=radius, style=style
    )


#: Widths of the letters of DejaVu Sans, the broadest of the fonts that a picture asks for, as
#: shares of their height. What is not here counts as `OTHER`, or `CAPITAL` where it is one.
OTHER, CAPITAL, WIDE = 0.66, 0.80, 1.15
_WIDTHS = {
    **dict.fromkeys("ijlI'", 0.30), **dict.fromkeys("|:;.,/\\ ", 0.345),
    **dict.fromkeys("ftr()[]-!", 0.42),
    **dict.fromkeys('"*szcJ', 0.56), **dict.fromkeys("+=<>~^#_≤≥≠−±×÷·√∂→≈…", 0.86),
    **dict.fromkeys("mMwWQOD%@GHN&", 1.0), **dict.fromkeys("⁰¹²³⁴⁵⁶⁷⁸⁹⁻⁺′₀₁₂₃₄₅₆₇₈₉", 0.45),
    **dict.fromkeys("ẇẁ", 0.86), "∞": 0.9,
}  # fmt: skip


def known(text: str) -> bool:
    """Tell whether the widths of all letters are known: Latin, Greek, Cyrillic and signs."""
    return all(char <= "\u052f" or char in _WIDTHS or char in "ẇ\u0304\u0307" for char in text)


def text_width(text: str, style: str = "text") -> float:
    """Return how broad a line of text is at most, in pixels."""
    width = 0.0
    for char in text:
        if char in _WIDTHS:
            width += _WIDTHS[char]
        elif unicodedata.category(char) in ("Mn", "Me"):
            continue
        elif char > "\u052f":
            width += WIDE
        else:
            width += CAPITAL if char.isupper() else OTHER
    look = STYLES[style]
    return width * look.size * (1.13 if look.bold else 1.0)


def wrapped(text: str, room: float) -> list[str]:
    """Return the lines of a paragraph that fit into so many pixels."""
    lines, line = [], ""
    for word in text.split(" "):
        longer = f"{line} {word}" if line else word
        if line and text_width(longer, "small") > room:
            lines.append(line)
            line = f"   {word}"
        else:
            line = longer
    return [*lines, line]
