"""Text for a terminal or a pipe: plain lines, and tables that fit the width with numbers whole.

User text is never taken as markup; what a terminal would act on is shown as an escape.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import TextIO

from autodiff_cli.errors import visible, width
from autodiff_cli.formats.colour import painted, paints
from autodiff_cli.formats.format import Format
from autodiff_cli.formats.grid import Grid
from autodiff_cli.formats.lines import columns_of, not_shown, wrapped
from autodiff_cli.formats.plain import spelled
from autodiff_cli.formats.signs import UNICODE, Rounding, carried

#: Columns between two columns of a table, and between those with a line of ASCII.
GAP, PLAIN_GAP = 2, 2

#: Characters of a word, before its middle is left out. No number that is computed has as many.
LONGEST_WORD = 1000


class Screen(Format):
    """Writes an answer as lines of text; see `Format`.

    The stream's encoding decides the signs; the width is the terminal's, or COLUMNS, or 80.
    """

    SIGNS = UNICODE

    def __init__(self, stream: TextIO, *, rows: int = 0, rounding: Rounding | None = None) -> None:
        super().__init__(stream, rows=rows, rounding=rounding)
        self.signs = carried(getattr(stream, "encoding", None)).rounding(self.rounding)
        self.columns = columns_of(stream)

    def line(self, *parts: str) -> None:
        """Write one line as it is, however long."""
        self.stream.write(f"{visible(self._carried(''.join(parts)))}\n")

    def _carried(self, text: str) -> str:
        """Return text in signs that the stream can carry, so that its width is known."""
        text = self.signs.text(text)
        if len(text) > LONGEST_WORD:
            text = re.sub(r"\S+", self._word, text)
        if not self.signs.plain or text.isascii():
            return text
        return spelled(text, getattr(self.stream, "encoding", None))

    def _word(self, found: re.Match[str]) -> str:
        """Return a word; of one that would fill the screen, a name or a literal, both ends."""
        word = found[0]
        if len(word) <= LONGEST_WORD:
            return word
        return f"{word[: LONGEST_WORD // 20]}{self.signs.ellipsis}{word[-LONGEST_WORD // 20 :]}"

    def paragraph(self, *parts: str, hanging: int = 2) -> None:
        """Write words wrapped at spaces, so that no number is broken; later lines are indented."""
        self.figure(wrapped(self._carried("".join(parts)), self.columns, hanging))

    def figure(self, lines: Sequence[str]) -> None:
        """Write several lines as they are."""
        for line in lines:
            self.line(line)

    def fields(self, rows: Sequence[tuple[str, str]]) -> None:
        """Write headings and their texts, wrapped beside them."""
        broad = max((width(heading) for heading, _ in rows), default=0)
        for heading, text in rows:
            lead = f"  {heading}{' ' * (broad - width(heading))}  "
            self.paragraph(f"{lead}{text}", hanging=width(lead) - 2)

    def _field(self, lead: str, text: str) -> None:
        """Write a heading and its text, wrapped beside the heading or, if narrow, below it."""
        beside = width(lead) if width(lead) + 24 <= self.columns else 6
        lines = wrapped(self._carried(text), self.columns - beside, 0)
        if width(lead) + width(lines[0]) > self.columns:
            if lead.strip():
                self.line(lead.rstrip())
            lead = " " * beside
        for line in lines:
            self.line(f"{lead}{line.strip()}")
            lead = " " * beside

    def fits(self, grid: Grid) -> bool:
        """Tell whether a table is no broader than the screen."""
        return _widths(self._printable(grid), self.columns) is not None

    def table(self, grid: Grid) -> None:
        """Write a grid as a table; where that is too narrow, as two or three, or as records."""
        grid = self._printable(grid)
        parts = _parts(grid, self.columns)
        if parts is None:
            self._records(grid)
            return
        for number, part in enumerate(parts):
            if number:
                self.line()
            self._table(part, _widths(part, self.columns) or [])
        self._said(grid)

    def _table(self, grid: Grid, widths: list[int]) -> None:
        tones = grid.tones if paints(self.stream) else {}
        rule, cross, gap = ("-", "-+", " |") if self.signs.plain else ("─", "──", "  ")

        def row(cells: Sequence[str]) -> Iterator[str]:
            columns = [wrapped_cell(cell, wide) for cell, wide in zip(cells, widths, strict=True)]
            for depth in range(max(map(len, columns))):
                texts = [column[depth] if depth < len(column) else "" for column in columns]
                gaps = [
                    " " * (wide - width(text)) for text, wide in zip(texts, widths, strict=True)
                ]
                for place in tones:
                    texts[place] = painted(texts[place], tones[place])
                yield gap.join(
                    f"{text}{blank}" if place in grid.left else f"{blank}{text}"
                    for place, (text, blank) in enumerate(zip(texts, gaps, strict=True))
                )

        write = self.stream.write
        for line in row(grid.headings):
            write(f"{line.rstrip()}\n")
        write(f"{cross.join(rule * wide for wide in widths)}\n")
        for cells in grid.rows:
            for line in row(cells):
                write(f"{line.rstrip()}\n")

    def _printable(self, grid: Grid) -> Grid:
        """Return a grid as it will look, so that its columns can be measured."""
        rows = [tuple(map(self._cell, row)) for row in grid.rows]
        if grid.skipped:
            blank = [""] * (len(grid.headings) - 1)
            rows.insert(grid.skipped[0], (self.signs.ellipsis, *blank))
        return grid._replace(headings=tuple(map(self._cell, grid.headings)), rows=tuple(rows))

    def _cell(self, text: str) -> str:
        if text.isascii() and text.isprintable() and len(text) <= LONGEST_WORD:
            return text
        return "\n".join(visible(line) for line in self._carried(text).split("\n"))

    def _records(self, grid: Grid) -> None:
        broad = max(map(width, grid.headings[1:]), default=0)
        for row in grid.rows:
            self.line(row[0])
            for heading, cell in zip(grid.headings[1:], row[1:], strict=True):
                lead = f"  {heading}{' ' * (broad - width(heading))}  "
                for line in cell.split("\n") if cell else ():
                    self._field(lead, line)
                    lead = " " * width(lead)
        self._said(grid)

    def _said(self, grid: Grid) -> None:
        if grid.skipped:
            self.paragraph(not_shown(grid.skipped[1], "row", " between"))
        if grid.columns:
            self.paragraph(f"{grid.columns} are not shown; --rows 0 shows all")


def _widths(grid: Grid, columns: int) -> list[int] | None:
    """Return the width of each column so that no word is broken, or None where none does."""
    cells = [grid.headings, *grid.rows]
    natural = [max(_broadest(row[k], "\n") for row in cells) for k in range(len(grid.headings))]
    least = [
        max(_broadest(row[k].replace("\n", " "), " ") for row in cells) if k in grid.left else wide
        for k, wide in enumerate(natural)
    ]
    room = columns - GAP * (len(natural) - 1)
    if sum(least) > room:
        return None
    spare = room - sum(least)
    widths = list(least)
    for place in sorted(range(len(natural)), key=lambda k: natural[k] - least[k]):
        extra = min(natural[place] - least[place], spare)
        widths[place] += extra
        spare -= extra
    if any(wide > 3 * given for wide, given in zip(natural, widths, strict=True)):
        return None
    return widths


def wrapped_cell(text: str, columns: int) -> list[str]:
    """Return the lines of a cell that is as broad as its longest word at least."""
    if width(text) <= columns and "\n" not in text:
        return [text]
    return [line for part in text.split("\n") for line in wrapped(part, columns, 0)]


def _parts(grid: Grid, columns: int) -> list[Grid] | None:
    """Split a grid into at most three that fit, each with the first column, or None."""
    parts, places = [], [0]
    for place in range(1, len(grid.headings)):
        if _widths(grid.only([*places, place]), columns) is None:
            if places == [0]:
                return None
            parts.append(places)
            places = [0, place]
            if _widths(grid.only(places), columns) is None:
                return None
        else:
            places.append(place)
    parts.append(places)
    return [grid.only(part) for part in parts] if len(parts) <= 3 else None


def _broadest(text: str, separator: str) -> int:
    return max(map(width, text.split(separator)))
