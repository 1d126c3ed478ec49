"""Rows of a file, whatever its format: what its columns are called, and the numbers in them."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

from autodiff_cli.errors import AutodiffError, named, shortened
from autodiff_cli.files.dialect import PLAIN, Dialect
from autodiff_cli.language.tokens import variable_name


@dataclass(frozen=True, slots=True)
class Data(ABC):
    """Rows of a file: all of them, or one block.

    Attributes:
        path: the file, for messages.
        headers: the names of the columns as they stand in the file.
        names: for each column the variable that its header names, or None where it is no name.
        count: how many rows.
        share: how much of the file was read with their last one, from 0 to 1; None if not known.
    """

    path: str
    headers: tuple[str, ...]
    names: tuple[str | None, ...]
    count: int
    share: float | None

    @property
    def dialect(self) -> Dialect:
        """How the file is written, if it is CSV."""
        return PLAIN

    @abstractmethod
    def column(self, place: int) -> list[float]:
        """Return the numbers of one column.

        Raises:
            AutodiffError: a cell is no number; the message names file, row and column.
        """

    @abstractmethod
    def array(self, place: int) -> Any:
        """Return the numbers of one column as a NumPy array; raises as `column` does."""

    @abstractmethod
    def texts(self, place: int) -> Sequence[str]:
        """Return the cells of one column as a CSV file has them."""

    def strings(self, place: int) -> Any | None:
        """Return what `texts` does as an Arrow array; None where that is not at hand."""
        return None

    @abstractmethod
    def arrow(self, place: int, numbers: Any) -> Any:
        """Return one column as a Parquet file has it.

        Args:
            place: which one.
            numbers: what the formula read in it, or None.
        """

    @abstractmethod
    def where(self, row: int) -> str:
        """Return where in the file a row stands, for messages."""

    @abstractmethod
    def gaps(self, places: Collection[int]) -> list[int]:
        """Return the rows that lack a number in one of those columns."""

    @abstractmethod
    def without(self, rows: Collection[int]) -> Data:
        """Return the other rows."""

    def title(self, place: int) -> str:
        """Return a column's header in quotes, or its number where it has none."""
        header = self.headers[place].strip()
        return f"'{shortened(header)}'" if header else f"{place + 1}"


def variables(path: str, headers: Sequence[str]) -> tuple[str | None, ...]:
    """Return the variable that each header names, normalised as in a formula, or None.

    Raises:
        AutodiffError: two columns have the same name.
    """
    names = tuple(_variable(header) for header in headers)
    seen: dict[str, int] = {}
    for place, (header, name) in enumerate(zip(headers, names, strict=True)):
        key = name or header.strip()
        if key and key in seen:
            first, second = (shortened(headers[k].strip()) for k in (seen[key], place))
            spelt = "" if first == second else f", as '{first}' and as '{second}'"
            raise AutodiffError(
                f"{named(path)} has two columns '{shortened(key)}'{spelt}: "
                f"the {_ordinal(seen[key])} and the {_ordinal(place)}",
                mend="rename one or take it out",
            )
        seen[key] = place
    return names


def _variable(header: str) -> str | None:
    try:
        return variable_name(header.strip())
    except AutodiffError:
        return None


def _ordinal(place: int) -> str:
    words = ("first", "second", "third", "fourth", "fifth")
    return words[place] if place < len(words) else f"{place + 1}th"
