"""What every format can write: the interface that views are written against.

A view says what an answer has to say, in order; a format says how it looks. A new format is one
file with a class of this interface, and one name in `FORMATS` of the command line.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Sequence
from typing import TextIO

from autodiff_cli.formats.grid import Grid
from autodiff_cli.formats.lines import COLUMNS
from autodiff_cli.formats.signs import Rounding, Signs


class Format(ABC):
    """Writes an answer to a stream, piece by piece.

    Args:
        stream: a text stream.
        rows: rows of a table that are written at most; 0 writes all.
        rounding: what is done to numbers.

    Attributes:
        stream, rows, rounding: as given.
        signs: how formulas, names and numbers are written.
        columns: the width that drawings of characters should keep to.
    """

    #: The signs of the format, before numbers are rounded.
    SIGNS: Signs

    #: Whether drawings of characters with formulas in them can be shown.
    DRAWS = True

    #: Whether a picture can stand among the words: as the text of an SVG file, or as TikZ.
    PICTURES, TIKZ = False, False

    def __init__(self, stream: TextIO, *, rows: int = 0, rounding: Rounding | None = None) -> None:
        self.stream, self.rows = stream, rows
        self.rounding = rounding or Rounding()
        self.signs = self.SIGNS.rounding(self.rounding)
        self.columns = COLUMNS

    def begin(self, title: str) -> None:  # noqa: B027 - most formats have no such thing
        """Write what stands before everything else."""

    @abstractmethod
    def line(self, *parts: str) -> None:
        """Write one line as it is; without parts, leave a gap.

        Args:
            parts: prose, and formulas of `signs`, to be joined.
        """

    def gap(self) -> None:
        """Leave room between two parts."""
        self.line()

    @abstractmethod
    def paragraph(self, *parts: str, hanging: int = 2) -> None:
        """Write words that may be wrapped at spaces, so that no number is broken.

        Args:
            parts: prose, and formulas of `signs`, to be joined.
            hanging: columns by which all lines but the first are indented, where lines are.
        """

    def fits(self, grid: Grid) -> bool:
        """Tell whether a table is no broader than the page."""
        return True

    @abstractmethod
    def table(self, grid: Grid) -> None:
        """Write a table."""

    @abstractmethod
    def figure(self, lines: Sequence[str]) -> None:
        """Write a drawing of characters, such as a tree or a chart, as it is."""

    def image(self, svg: str) -> None:  # noqa: B027 - of formats with PICTURES
        """Write a picture, the text of an SVG file."""

    def tikz(self, text: str) -> None:  # noqa: B027 - of formats with TIKZ
        """Write a picture, an environment of TikZ."""

    def fields(self, rows: Sequence[tuple[str, str]]) -> None:
        """Write headings, each with its text beside it."""
        for heading, text in rows:
            self.paragraph(f"{heading}: ", text)

    def end(self) -> None:  # noqa: B027
        """Write what stands after everything else."""
