"""One node of a graph's picture as a card: its head, then lines of a word and a number.

A node that several take stands on a second sheet, with their number; one with a note has a mark.
"""

from __future__ import annotations

from dataclasses import dataclass

from autodiff_cli.views.positions import Place, Size
from autodiff_cli.views.shapes import LINE, Box, Group, Shape, Text, circle, text_width

#: Pixels inside a card.
PAD = 11.0


#: Pixels that the second sheet of a shared node sticks out.
SHEET = 4.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Card:
    """One node as it is written.

    Attributes:
        head: the bold line.
        rows: (word, number).
        style: of the box.
        used: how many nodes take it.
        warned: whether a note is about it.
        title: all of it in words.
        of: what a script finds it by, or "".
        least: how broad its numbers may become, in pixels.
    """

    head: str
    rows: tuple[tuple[str, str], ...]
    style: str
    used: int
    warned: bool
    title: str
    of: str = ""
    least: float = 0.0

    @property
    def size(self) -> Size:
        """Its breadth and height."""
        broad = text_width(self.head, "name")
        for key, value in self.rows:
            broad = max(
                broad, text_width(key, "key") + 12 + max(self.least, text_width(value, "number"))
            )
        badges = 26.0 * (self.used > 1) + 26.0 * self.warned
        return Size(max(44.0, broad, badges) + 2 * PAD, LINE * (1 + len(self.rows)) + 13)


def card_shapes(box: Card, place: Place) -> Group:
    """Return the shapes of one node around its centre."""
    width, height = box.size
    left, top = place.x - width / 2, place.y - height / 2
    shapes: list[Shape] = []
    if box.used > 1:
        shapes.append(
            Box(x=left + SHEET, y=top - SHEET, width=width, height=height, radius=7, style="behind")
        )
    shapes.append(Box(x=left, y=top, width=width, height=height, radius=7, style=box.style))
    middle = place.x if not box.rows else left + PAD
    anchor = "start" if box.rows else "middle"
    base = top + LINE + 2
    shapes.append(Text(x=middle, y=base, text=box.head, style="name", anchor=anchor))  # type: ignore[arg-type]
    for key, value in box.rows:
        base += LINE
        shapes.append(Text(x=left + PAD, y=base, text=key, style="key"))
        shapes.append(Text(x=left + width - PAD, y=base, text=value, style="number", anchor="end"))
    if box.used > 1:
        text = f"×{box.used}"
        broad = text_width(text, "small") + 8
        shapes.append(Box(x=left - 8, y=top - 9, width=broad, height=16, radius=8, style="badge"))
        shapes.append(
            Text(x=left - 8 + broad / 2, y=top + 3, text=text, style="small", anchor="middle")
        )
    if box.warned:
        shapes.append(circle(left + width + 2, top, 9, "warning"))
        shapes.append(Text(x=left + width + 2, y=top + 4, text="!", style="alarm", anchor="middle"))
    return Group(title=box.title, shapes=tuple(shapes), of=box.of)
