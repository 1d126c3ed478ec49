"""A table as headings and rows of text, and how its middle is left out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import NamedTuple, TypeVar

Row = TypeVar("Row")

#: What numbers of a column may be, where a reader should tell them apart.
TONES = ("value", "tangent", "adjoint")


class Grid(NamedTuple):
    """Text in rows and columns. A cell may have several lines.

    Attributes:
        headings: one a column.
        rows: cells, one a column.
        left: columns that are text, set to the left; the others are numbers, set to the right.
        skipped: (row before which rows were left out, how many), or None.
        columns: which columns were left out, in words, or "".
        tones: column → what its numbers are, of TONES; a terminal gives each a colour of its own.
    """

    headings: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    left: frozenset[int] = frozenset()
    skipped: tuple[int, int] | None = None
    columns: str = ""
    tones: Mapping[int, str] = MappingProxyType({})

    def only(self, places: Sequence[int]) -> Grid:
        """Return the grid of some columns."""
        return self._replace(
            headings=tuple(self.headings[k] for k in places),
            rows=tuple(tuple(row[k] for k in places) for row in self.rows),
            left=frozenset(new for new, old in enumerate(places) if old in self.left),
            tones={new: self.tones[old] for new, old in enumerate(places) if old in self.tones},
        )


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
