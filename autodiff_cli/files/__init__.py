"""Columns of numbers in files, and rows out: CSV and Parquet, in blocks of rows.

A file is CSV, or Parquet where its name ends in `.parquet`; it is read, and written, in blocks of
rows.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import TYPE_CHECKING, BinaryIO, Protocol

from autodiff_cli.errors import AutodiffError, named
from autodiff_cli.files.dialect import PLAIN, Dialect
from autodiff_cli.limits import exceeded, limit

if TYPE_CHECKING:
    from autodiff_cli.files.rows import Rows
    from autodiff_cli.files.table import Data

#: Rows of a block: its columns fit in the cache of a core, and a Parquet row group holds one.
BLOCK = 65_536


def is_parquet(path: str) -> bool:
    """Tell whether a file's name says that it is Parquet."""
    return path.lower().endswith(".parquet")


def load(path: str, dialect: Dialect = PLAIN) -> Data:
    """Read a whole file.

    Raises:
        AutodiffError: the file is empty, is not what its name says, two of its columns have the
            same name, or it has more rows than the limit.
        OSError: it cannot be read.
    """
    most = limit("rows")
    found = blocks(path, most + 1, dialect)
    table = next(found)
    if table.count > most or next(found, None) is not None:
        raise exceeded("rows")
    return table


def begin(path: str, dialect: Dialect = PLAIN) -> tuple[Data, Iterator[Data] | None]:
    """Return a small file whole; of a big one its first block, and what reads the others.

    Raises:
        AutodiffError, OSError: as `load` does, and the iterator for what it finds later. The limit
            on rows is for rows held at once.
    """
    found = blocks(path, min(BLOCK, limit("rows") + 1), dialect)
    first = next(found)
    if first.count > limit("rows"):
        raise exceeded("rows")
    second = next(found, None)
    return (first, None) if second is None else (first, _followed(second, found))


def _followed(block: Data, others: Iterator[Data]) -> Iterator[Data]:
    yield block
    yield from others


def blocks(path: str, size: int, dialect: Dialect = PLAIN) -> Iterator[Data]:
    """Yield the rows of a file in blocks of `size`, the last one shorter; at least one block."""
    if path == "-":
        raise AutodiffError("--data reads a file, not stdin", mend="write --data FILE.csv")
    empty = True
    for block in _reader(path)(path, size, dialect):
        empty = False
        yield block
    if empty:
        raise AutodiffError(f"{named(path)} has a header and no rows")


def _reader(path: str) -> Callable[[str, int, Dialect], Iterator[Data]]:
    if is_parquet(path):
        from autodiff_cli.files import parquet

        return parquet.blocks
    from autodiff_cli.files import csv

    return csv.blocks


@dataclass(slots=True)
class LeftOut:
    """The rows of a file that were left out, for want of a number.

    Attributes:
        rows: how many so far.
        first: where the first of them stands; "" while there is none.
    """

    rows: int = 0
    first: str = ""

    def said(self) -> str:
        """Return what to say of them."""
        if self.rows == 1:
            return f"1 row is left out, on {self.first}: it lacks a number"
        return f"{self.rows:,} rows are left out, the first on {self.first}: they lack a number"


def complete(blocks: Iterator[Data], variables: Collection[str], left: LeftOut) -> Iterator[Data]:
    """Yield blocks without the rows that lack a number, and no empty block.

    Args:
        blocks: the blocks.
        variables: the names of the columns that need a number in each row.
        left: counts the others.
    """
    for block in blocks:
        places = [place for place, name in enumerate(block.names) if name in variables]
        gaps = block.gaps(places)
        if gaps:
            left.first = left.first or block.where(gaps[0])
            left.rows += len(gaps)
        if len(gaps) < block.count:
            yield block.without(gaps) if gaps else block


class Writer(AbstractContextManager["Writer"], Protocol):
    """Writes rows to a stream; its context ends the file."""

    def write(self, rows: Rows) -> None:
        """Write some rows; all have the same columns."""


def writer(kind: str, stream: BinaryIO) -> Writer:
    """Return the writer of a kind of file, "parquet" or "csv"."""
    if kind == "parquet":
        from autodiff_cli.files import parquet

        return parquet.ParquetWriter(stream)
    from autodiff_cli.files import csv

    return csv.CsvWriter(stream)
