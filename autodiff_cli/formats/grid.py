"""A table as headings and rows of text, in each format that a handout may want."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple, TypeVar

Row = TypeVar("Row")


class Grid(NamedTuple):
    """Text in rows and columns. A cell may have several lines.

    Attributes:
        headings: one a column.
        rows: cells, one a column.
        left: columns that are text, set to the left; the others are numbers, set to the right.
        skipped: (row before which rows were left out, how many), or None.
        columns: which columns were left out, in words, or "".
    """

    headings: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    left: frozenset[int] = frozenset()
    skipped: tuple[int, int] | None = None
    columns: str = ""


def ends(rows: Sequence[Row], most: int) -> tuple[tuple[Row, ...], tuple[int, int] | None]:
    """Return at most `most` rows (0: all), the first and the last; and a grid's `skipped`."""
    if not most or len(rows) <= most:
        return tuple(rows), None
    head = most - most // 3
    return (*rows[:head], *rows[len(rows) - (most - head) :]), (head, len(rows) - most)


def shortened(
    headings: Sequence[str], rows: Sequence[tuple[str, ...]], left: Sequence[int], most: int
) -> Grid:
    """Return a grid of at most `most` rows (0: all), the first and the last ones."""
    kept, skipped = ends(rows, most)
    return Grid(tuple(headings), kept, frozenset(left), skipped)


def markdown(grid: Grid) -> str:
    """Return a Markdown table."""

    def cell(text: str) -> str:
        return text.replace("\\", "\\\\").replace("|", "\\|").replace("\n", "<br>")

    lines = [" | ".join(map(cell, grid.headings))]
    lines.append(" | ".join("---" if k in grid.left else "---:" for k in range(len(grid.headings))))
    lines += [" | ".join(map(cell, row)) for row in grid.rows]
    return "".join(f"| {line} |\n" for line in lines)


def latex(grid: Grid) -> str:
    """Return a LaTeX tabular whose cells are formulas already; several lines are stacked."""

    def cell(text: str) -> str:
        if not text:
            return ""
        if "\n" in text:
            stacked = r" \\ ".join(text.split("\n"))
            return rf"$\begin{{array}}{{@{{}}l@{{}}}} {stacked} \end{{array}}$"
        return f"${text}$"

    columns = "".join("l" if k in grid.left else "r" for k in range(len(grid.headings)))
    lines = [rf"\begin{{tabular}}{{{columns}}}", r"\hline"]
    lines.append(" & ".join(map(cell, grid.headings)) + r" \\ \hline")
    lines += [" & ".join(map(cell, row)) + r" \\" for row in grid.rows]
    return "\n".join([*lines, r"\hline", r"\end{tabular}", ""])


def csv(grid: Grid) -> str:
    """Return comma-separated values, RFC 4180, with a header."""
    import csv as library
    import io

    stream = io.StringIO()
    writer = library.writer(stream, lineterminator="\n")
    writer.writerow(grid.headings)
    writer.writerows([cell.replace("\n", "; ") for cell in row] for row in grid.rows)
    return stream.getvalue()
