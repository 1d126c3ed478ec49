"""A table as headings and rows of text, and how its middle is left out."""

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
