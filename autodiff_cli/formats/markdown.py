"""Markdown: paragraphs, tables and fenced drawings, for notes and web pages."""

from __future__ import annotations

import re
from collections.abc import Sequence

from autodiff_cli.errors import visible
from autodiff_cli.formats.format import Format
from autodiff_cli.formats.grid import Grid
from autodiff_cli.formats.signs import UNICODE

#: What Markdown would take for its own signs, or for HTML, inside a line.
_SIGNS = re.compile(r"([\\`*<>\[\]|~]|(?<![^\W_])_|_(?![^\W_]))")

#: What would make a heading, a list or a quotation of a line that begins with it.
_BEGINS = re.compile(r"^(\s*\d*)([#+-]|(?<=\d)[.)])(?=\s|$)")


class Markdown(Format):
    """Writes an answer as Markdown; see `Format`."""

    SIGNS = UNICODE

    _begun = False

    def line(self, *parts: str) -> None:
        """Write one line, a paragraph of its own."""
        text = escaped(visible("".join(parts)))
        if text:
            self._block(_BEGINS.sub(r"\1\\\2", text))

    def paragraph(self, *parts: str, hanging: int = 2) -> None:
        """Write words; who draws the page wraps them."""
        self.line("".join(parts).strip(" "))

    def fields(self, rows: Sequence[tuple[str, str]]) -> None:
        """Write a list of headings with their texts."""
        items = [f"- **{escaped(visible(h))}** {escaped(visible(text))}" for h, text in rows]
        self._block("\n".join(items))

    def table(self, grid: Grid) -> None:
        """Write a table as GitHub and most others read it."""
        rows = [grid.headings, *grid.rows]
        if grid.skipped:
            rows.insert(1 + grid.skipped[0], ("…", *[""] * (len(grid.headings) - 1)))
        sides = ["---" if k in grid.left else "---:" for k in range(len(grid.headings))]
        lines = [[_cell(cell) for cell in row] for row in rows]
        lines.insert(1, sides)
        self._block("\n".join(f"| {' | '.join(line)} |" for line in lines))
        if grid.columns:
            self.line(f"… {grid.columns}")

    def figure(self, lines: Sequence[str]) -> None:
        """Write a drawing in a block that keeps its spaces."""
        text = "\n".join(visible(line) for line in lines)
        fence = "`" * max(3, 1 + max(map(len, re.findall("`+", text)), default=0))
        self._block(f"{fence}\n{text}\n{fence}")

    def _block(self, text: str) -> None:
        self.stream.write(f"\n{text}\n" if self._begun else f"{text}\n")
        self._begun = True


def escaped(text: str) -> str:
    """Return text that Markdown shows as it is."""
    return _SIGNS.sub(r"\\\1", text)


def _cell(text: str) -> str:
    return "<br>".join(escaped(visible(line)) for line in text.split("\n"))
