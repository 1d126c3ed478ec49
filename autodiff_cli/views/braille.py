"""A panel in the terminal: eight dots a character where the encoding has Braille, else one sign.

Marks, dashed lines and arrows are characters of their own, over the dots.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from itertools import pairwise

from autodiff_cli.errors import width
from autodiff_cli.formats.signs import Signs
from autodiff_cli.graph.printer import number
from autodiff_cli.views.figure import Axis, Panel, Spot, inside

#: Columns of a panel at most and at least, and rows for a panel's height of so many pixels.
BROADEST, NARROWEST, PIXELS = 76, 16, 18.0

#: The bits of a Braille character's dots, row by row from the top, left then right.
DOTS = ((0x01, 0x08), (0x02, 0x10), (0x04, 0x20), (0x40, 0x80))
EMPTY = 0x2800

#: Arrows by direction, from the right and anticlockwise; ASCII has but four.
ARROWS, PLAIN_ARROWS = "→↗↑↖←↙↓↘", "> ^ < v "

#: Columns and rows between two arrows, so that the lines stay visible.
APART = (6, 3)


def lines(panel: Panel, signs: Signs, columns: int) -> list[str]:
    """Return the lines of a panel, with its names above.

    Args:
        panel: what to draw.
        signs: the signs to draw with; plain ones have no Braille.
        columns: the width of the screen.
    """
    rows = max(6, round(panel.height / PIXELS))
    ticks = panel.up.ticks(max(2, rows // 4))
    margin = max([len(_tick(panel.up, tick)) for tick in ticks] + [3])
    broad = max(NARROWEST, min(BROADEST, columns - margin - 2))
    canvas = _Canvas(broad, rows, plain=signs.plain)
    for trail in panel.trails:
        for part in inside(panel, trail.points):
            canvas.draw(part, dashed=trail.style in ("tangent", "guide"))
    cells = canvas.cells()
    _uprights(panel, cells, signs)
    _arrows(panel, cells, signs)
    _spots(panel, cells, signs)
    at = {rows - 1 - _cell(panel.up.share(tick), rows): tick for tick in ticks}
    left, floor, corner, mark = signs.axes
    sides = [f"{_tick(panel.up, at[row]) if row in at else '':>{margin}}" for row in range(rows)]
    body = [f"{side}{left}{''.join(row)}".rstrip() for side, row in zip(sides, cells, strict=True)]
    names = [trail.name for trail in panel.trails if trail.name] or [panel.up.name]
    head = [f"{'':>{margin}} {signs.text(', '.join(filter(None, names)))}"]
    return [*(head if any(names) else []), *body,
            *_foot(panel.across, broad, margin, floor, corner, mark)]  # fmt: skip


def _cell(share: float, count: int) -> int:
    """Return which of so many cells a share of the axis falls into."""
    return min(count - 1, max(0, int(share * count)))


def _tick(axis: Axis, tick: float) -> str:
    return f"{tick:.0e}" if axis.log else number(tick)


def _foot(axis: Axis, broad: int, margin: int, floor: str, corner: str, mark: str) -> list[str]:
    """Return the line below a panel with its ticks, and their numbers."""
    line, below = [floor] * broad, [" "] * (margin + 1 + broad + 8)
    free = 0
    for tick in axis.ticks(max(2, broad // 10)):
        column = _cell(axis.share(tick), broad)
        line[column] = mark
        text = _tick(axis, tick)
        start = margin + 1 + column - len(text) // 2
        if start >= free and start + len(text) <= margin + 1 + broad:
            below[start : start + len(text)] = text
            free = start + len(text) + 1
    name = axis.name if width(axis.name) <= margin else ""
    return [f"{name:>{margin}}{corner}{''.join(line)}", "".join(below).rstrip()]


def _uprights(panel: Panel, cells: list[list[str]], signs: Signs) -> None:
    for place in panel.uprights:
        share = panel.across.share(place)
        if not 0 <= share <= 1:
            continue
        column = _cell(share, len(cells[0]))
        for row in cells:
            if row[column] in (" ", chr(EMPTY)):
                row[column] = ":" if signs.plain else "┊"


def _arrows(panel: Panel, cells: list[list[str]], signs: Signs) -> None:
    """Write the gradient's direction at cells that are far enough from each other."""
    taken: set[tuple[int, int]] = set()
    for arrow in panel.arrows:
        row, column = _place(panel, arrow.place, cells)
        near = (row // APART[1], column // APART[0])
        right = arrow.towards[0] / (panel.across.high - panel.across.low) * len(cells[0])
        # A character is about twice as high as it is broad.
        up = arrow.towards[1] / (panel.up.high - panel.up.low) * len(cells) * 2
        if near in taken or not math.hypot(right, up) > 0:
            continue
        taken.add(near)
        eighth = round(math.atan2(up, right) / (math.pi / 4))
        sign = PLAIN_ARROWS[eighth // 2 * 2 % 8] if signs.plain else ARROWS[eighth % 8]
        cells[row][column] = sign


def _place(panel: Panel, spot: Spot, cells: list[list[str]]) -> tuple[int, int]:
    rows, columns = len(cells), len(cells[0])
    across, up = panel.across.share(spot[0]), panel.up.share(spot[1])
    return rows - 1 - _cell(up, rows), _cell(across, columns)


def _spots(panel: Panel, cells: list[list[str]], signs: Signs) -> None:
    hollow, filled = ("o", "*") if signs.plain else ("○", "●")
    for spots in panel.spots:
        for point in spots.points:
            for _ in inside(panel, [point]):
                row, column = _place(panel, point, cells)
                cells[row][column] = hollow if spots.hollow else filled


class _Canvas:
    """Dots in rows and columns, several to a character where there is Braille."""

    def __init__(self, columns: int, rows: int, *, plain: bool) -> None:
        self.columns, self.rows, self.plain = columns, rows, plain
        self.across, self.down = (1, 1) if plain else (2, 4)
        self.dots: set[tuple[int, int]] = set()

    def draw(self, part: Sequence[Spot], *, dashed: bool = False) -> None:
        """Draw a line through shares of the axes; a dashed one leaves out every other two dots."""
        broad, high = self.columns * self.across, self.rows * self.down
        spots = [(_cell(x, broad), high - 1 - _cell(y, high)) for x, y in part]
        for start, end in pairwise(spots):
            for spot in _between(start, end):
                if not dashed or spot[0] % 4 < 2:
                    self.dots.add(spot)

    def cells(self) -> list[list[str]]:
        """Return the characters, row by row."""
        if self.plain:
            rows, columns = range(self.rows), range(self.columns)
            return [["." if (x, y) in self.dots else " " for x in columns] for y in rows]
        bits = [[0] * self.columns for _ in range(self.rows)]
        for x, y in self.dots:
            bits[y // 4][x // 2] |= DOTS[y % 4][x % 2]
        return [[chr(EMPTY + bit) if bit else " " for bit in row] for row in bits]


def _between(start: tuple[int, int], end: tuple[int, int]) -> Iterator[tuple[int, int]]:
    """Yield the dots of a straight line, both ends included."""
    (x, y), (to_x, to_y) = start, end
    count = max(abs(to_x - x), abs(to_y - y))
    for k in range(count + 1):
        yield (
            (2 * x * count + 2 * k * (to_x - x) + count) // (2 * count) if count else x,
            (2 * y * count + 2 * k * (to_y - y) + count) // (2 * count) if count else y,
        )
