"""A picture as SVG, by hand: the same bytes every time, light and dark, readable when printed.

Text stays text and is escaped; colours are in a style sheet inside; nothing is loaded.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import cache
from xml.sax.saxutils import escape, quoteattr

from autodiff_cli.errors import visible
from autodiff_cli.views.shapes import (
    STYLES,
    Box,
    Group,
    Path,
    Picture,
    Shape,
    Style,
    Text,
    known,
    text_width,
)

#: What every rule of the sheet begins with, so that a page around the picture is not touched.
NAME = "autodiff"

FONTS = (
    'system-ui, "Segoe UI", Roboto, "Helvetica Neue", Arial, "DejaVu Sans", "Noto Sans", sans-serif'
)


def svg(picture: Picture, *, whole: bool = False) -> str:
    """Return a picture as the text of an SVG file, to tenths of a pixel or to whole ones."""
    at = _whole if whole else coordinate
    width, height = at(picture.width), at(picture.height)
    body = "\n".join(_shapes(picture.shapes, at))
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" class="{NAME}" width="{width}" height="{height}" '
        f'viewBox="0 0 {width} {height}" role="img" aria-label={_quoted(picture.title)}>\n'
        f"<title>{_text(picture.title)}</title>\n<desc>{_text(picture.description)}</desc>\n"
        f"<style>{sheet(_used(picture.shapes) | {'paper'})}{_ANCHORS if whole else ''}</style>\n"
        f'<rect class="paper" width="{width}" height="{height}" rx="6"/>\n{body}\n</svg>\n'
    )


def coordinate(number: float) -> str:
    """Return a number in tenths of a pixel, as short as it goes."""
    text = f"{number:.1f}".removesuffix(".0")
    return "0" if text == "-0" else text


#: Where texts are held → a class: of many numbers an attribute each takes more letters.
_HELD = {"middle": "mid", "end": "tail"}
_ANCHORS = "".join(f".{NAME} .{name}{{text-anchor:{side}}}" for side, name in _HELD.items())


def _whole(number: float) -> str:
    return f"{round(number)}"


#: How a place or a length is written.
At = Callable[[float], str]


def sheet(used: set[str]) -> str:
    """Return the style sheet of the styles that are used."""
    rules = [f".{NAME} text{{font-family:{FONTS}}}"]
    rules += [f".{NAME} .{name}{{{_rule(STYLES[name], 0)}}}" for name in STYLES if name in used]
    dark = [f".{NAME} .{name}{{{_colours(STYLES[name], 1)}}}" for name in STYLES if name in used]
    # Paper is white: only a screen has a night.
    night = f"@media screen and (prefers-color-scheme:dark){{{''.join(dark)}}}"
    return "".join(rules) + night


def _colours(style: Style, night: int) -> str:
    fill = style.fill[night] if style.fill else "none"
    return f"fill:{fill}" + (f";stroke:{style.stroke[night]}" if style.stroke else "")


def _rule(style: Style, night: int) -> str:
    found = _colours(style, night)
    if style.stroke:
        found += f";stroke-width:{style.width:g};stroke-linejoin:round;stroke-linecap:round"
        if style.dashes:
            found += f";stroke-dasharray:{' '.join(f'{dash:g}' for dash in style.dashes)}"
    elif style.fill:
        found += f";font-size:{style.size:g}px" + (";font-weight:600" if style.bold else "")
    return found


def _used(shapes: Sequence[Shape]) -> set[str]:
    found: set[str] = set()
    for shape in shapes:
        found |= _used(shape.shapes) if isinstance(shape, Group) else {shape.style}
    return found


def _shapes(shapes: Sequence[Shape], at: At) -> Iterator[str]:
    """Yield the lines of shapes; groups do not nest deeper than the code that makes them."""
    for shape in shapes:
        if isinstance(shape, Group):
            found = f" data-of={_quoted(shape.of)}" if shape.of else ""
            title = f"<title>{_text(shape.title)}</title>" if shape.title else ""
            yield f"<g{found}>{title}"
            yield from _shapes(shape.shapes, at)
            yield "</g>"
        elif isinstance(shape, Box):
            yield _box(shape, at)
        elif isinstance(shape, Path):
            moves = "".join(
                letter + " ".join(at(number) for number in numbers)
                for letter, numbers in shape.moves
            )
            yield f'<path class="{shape.style}" d="{moves}"/>'
        else:
            yield _line(shape, at)


def _box(box: Box, at: At) -> str:
    if box.width == box.height == 2 * box.radius:
        x, y = at(box.x + box.radius), at(box.y + box.radius)
        return f'<circle class="{box.style}" cx="{x}" cy="{y}" r="{at(box.radius)}"/>'
    corner = f' rx="{at(box.radius)}"' if box.radius else ""
    sides = " ".join(
        f'{name}="{at(number)}"'
        for name, number in (
            ("x", box.x), ("y", box.y), ("width", box.width), ("height", box.height),
        )
    )  # fmt: skip
    return f'<rect class="{box.style}" {sides}{corner}/>'


def _line(text: Text, at: At) -> str:
    anchor, style = f' text-anchor="{text.anchor}"' if text.anchor != "start" else "", text.style
    if anchor and at is _whole:
        anchor, style = "", f"{style} {_HELD[text.anchor]}"
    # Letters whose breadth nobody can know before they are drawn are held to the estimate.
    held = ""
    if not known(text.text):
        width = at(text_width(text.text, text.style))
        held = f' textLength="{width}" lengthAdjust="spacingAndGlyphs"'
    place = f'x="{at(text.x)}" y="{at(text.y)}"'
    return f'<text class="{style}" {place}{anchor}{held}>{_text(text.text)}</text>'


def _text(text: str) -> str:
    return escape(printable(text))


def _quoted(text: str) -> str:
    return quoteattr(printable(text))


def printable(text: str) -> str:
    """Return text without what XML 1.0 has no place for: control characters, noncharacters."""
    shown = visible(text)
    if shown.isascii():
        return shown
    return "".join(char if _allowed(char) else f"\\u{ord(char):04x}" for char in shown)


@cache
def _allowed(char: str) -> bool:
    return ord(char) & 0xFFFE != 0xFFFE
