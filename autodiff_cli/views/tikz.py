"""A picture as TikZ, by hand: LaTeX draws it itself, in the colours of the day, in its letters.

Pixels become points that fit the page; a path is one command, however long.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from autodiff_cli.formats.latex import ROOM, words
from autodiff_cli.views.shapes import STYLES, Box, Colour, Group, Path, Picture, Shape, Style, Text
from autodiff_cli.views.svg import coordinate

#: Where a text stands to its place.
_ANCHORS = {"start": "base west", "middle": "base", "end": "base east"}


def tikz(picture: Picture) -> str:
    """Return a picture as an environment that needs the package tikz."""
    unit = min(0.75, ROOM / picture.width)
    body = "\n".join(_shapes(picture.shapes, unit))
    width, height = coordinate(picture.width), coordinate(picture.height)
    return (
        f"\\noindent\n\\begin{{tikzpicture}}[x={unit:.4f}pt, y=-{unit:.4f}pt, line join=round, "
        f"line cap=round]\n\\path[use as bounding box] (0,0) rectangle ({width},{height});\n"
        f"{body}\n\\end{{tikzpicture}}"
    )


def _shapes(shapes: Sequence[Shape], unit: float) -> Iterator[str]:
    """Yield a command for each shape; groups do not nest deeper than the code that makes them."""
    for shape in shapes:
        if isinstance(shape, Group):
            yield from _shapes(shape.shapes, unit)
        elif isinstance(shape, Text):
            yield _text(shape, unit)
        elif isinstance(shape, Box):
            yield _box(shape, unit)
        else:
            yield f"\\path[{_look(STYLES[shape.style], unit)}] {_way(shape)};"


def _look(style: Style, unit: float) -> str:
    """Return how a shape is filled and drawn."""
    found = [f"fill={_colour(style.fill)}"] if style.fill else []
    if style.stroke:
        found += [f"draw={_colour(style.stroke)}", f"line width={style.width * unit:.2f}pt"]
        if style.dashes:
            lengths = [f"{dash * unit:.2f}pt" for dash in style.dashes]
            pairs = zip(lengths[::2], lengths[1::2], strict=True)
            pattern = " ".join(f"on {drawn} off {left}" for drawn, left in pairs)
            found.append(f"dash pattern={pattern}")
    return ", ".join(found)


def _colour(colour: Colour) -> str:
    red, green, blue = (int(colour.day[k : k + 2], 16) for k in (1, 3, 5))
    return f"{{rgb,255:red,{red};green,{green};blue,{blue}}}"


def _place(numbers: Sequence[float]) -> str:
    return f"({coordinate(numbers[0])},{coordinate(numbers[1])})"


def _way(path: Path) -> str:
    """Return the moves of a path, a line break here and there: TeX reads no endless lines."""
    found = []
    for count, (letter, numbers) in enumerate(path.moves):
        lead = "\n" if count % 8 == 7 else ""
        if letter == "M":
            found.append(lead + _place(numbers))
        elif letter == "L":
            found.append(f"{lead}-- {_place(numbers)}")
        elif letter == "C":
            first, second, end = (_place(numbers[k : k + 2]) for k in (0, 2, 4))
            found.append(f"{lead}.. controls {first} and {second} .. {end}")
        else:
            found.append("-- cycle")
    return " ".join(found)


def _box(box: Box, unit: float) -> str:
    look = _look(STYLES[box.style], unit)
    if box.width == box.height == 2 * box.radius:
        middle = _place((box.x + box.radius, box.y + box.radius))
        return f"\\path[{look}] {middle} circle[radius={box.radius * unit:.2f}pt];"
    corners = f", rounded corners={box.radius * unit:.2f}pt" if box.radius else ""
    start, end = _place((box.x, box.y)), _place((box.x + box.width, box.y + box.height))
    return f"\\path[{look}{corners}] {start} rectangle {end};"


def _text(text: Text, unit: float) -> str:
    style = STYLES[text.style]
    size = style.size * unit
    heavy = r"\bfseries" if style.bold else ""
    colour = f", text={_colour(style.fill)}" if style.fill else ""
    letters = rf"\fontsize{{{size:.1f}}}{{{1.2 * size:.1f}}}\sffamily{heavy}\selectfont"
    return (
        f"\\node[anchor={_ANCHORS[text.anchor]}, inner sep=0pt{colour}, font={letters}] "
        f"at {_place((text.x, text.y))} {{{words(text.text)}}};"
    )
