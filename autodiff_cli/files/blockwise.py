"""A data set read and results written in blocks of rows: pieces, each a file or a part of one."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, BinaryIO, Protocol

from autodiff_cli.errors import AutodiffError, named
from autodiff_cli.files.pieces import Piece
from autodiff_cli.limits import exceeded, limit

if TYPE_CHECKING:
    from autodiff_cli.files.rows import Rows
    from autodiff_cli.files.table import Data

#: Rows of a block: its columns fit in the cache of a core, and a Parquet row group holds one.
BLOCK = 131_072


def is_parquet(path: str) -> bool:
    """Tell whether a file's name says that it is Parquet."""
    name = path.partition("?")[0] if "://" in path else path
    return name.lower().endswith(".parquet")


def load(pieces: Sequence[Piece]) -> Data:
    """Read a whole data set.

    Raises:
        AutodiffError: a file is empty, is not what its name says, two of its columns have the
            same name or other names than those of the first file, or there are more rows than the
            limit.
        OSError: a file cannot be read.
    """
    most = limit("rows")
    found: list[Data] = []
    for block in rows_of(pieces, most + 1):
        found.append(block)
        if sum(one.count for one in found) > most:
            raise exceeded("rows")
    if len(found) == 1:
        return found[0]
    from autodiff_cli.files.arranged import Joined

    first = found[0]
    return Joined(
        first.path, first.headers, first.names, sum(one.count for one in found), 1.0, tuple(found)
    )


def begin(pieces: Sequence[Piece]) -> tuple[Data, Iterator[Data] | None]:
    """Return a small data set whole; of a big one its first block, and what reads the others.

    Raises:
        AutodiffError, OSError: as `load` does, and the iterator for what it finds later. The limit
            on rows is for rows held at once.
    """
    found = rows_of(pieces, min(BLOCK, limit("rows") + 1))
    first = next(found)
    if first.count > limit("rows"):
        raise exceeded("rows")
    second = next(found, None)
    return (first, None) if second is None else (first, _followed(second, found))


def _followed(block: Data, others: Iterator[Data]) -> Iterator[Data]:
    yield block
    yield from others


def rows_of(pieces: Sequence[Piece], size: int) -> Iterator[Data]:
    """Yield the rows of all pieces in blocks of at most `size`, at least one block.

    All have the columns of the first file, in its order; a file without rows has no block.
    """
    from autodiff_cli.files.arranged import like

    first: Data | None = None
    empty = True
    whole = sum(piece.size or 0 for piece in pieces)
    done = 0
    for piece in pieces:
        for block in blocks(piece, size):
            first = first or block
            if len(pieces) > 1:
                block = like(block, first)
                share = block.share
                if share is not None and whole and piece.size is not None:
                    block = replace(block, share=(done + share * piece.size) / whole)
            if block.count:
                empty = False
                yield block
        done += piece.size or 0
    if empty:
        assert first is not None
        plural = "no rows" if len(pieces) > 1 else "a header and no rows"
        raise AutodiffError(f"{named(first.path)} has {plural}")


def blocks(piece: Piece, size: int = BLOCK) -> Iterator[Data]:
    """Yield the rows of a piece in blocks of `size`, the last one shorter; at least one block.

    A file without rows is one block without rows. Columns that its folders name stand last.

    Raises:
        AutodiffError: the file is not what its name says, or two columns have the same name.
        OSError: it cannot be read.
    """
    from autodiff_cli.files import columnar, parquet
    from autodiff_cli.files.arranged import with_partitions

    read = parquet.blocks if piece.kind == "parquet" else columnar.blocks
    for block in read(piece, size):
        yield with_partitions(block, piece.partitions) if piece.partitions else block


def split(piece: Piece, rows: int) -> tuple[Piece, ...]:
    """Return a Parquet file as pieces of whole row groups; a CSV file as it is.

    Args:
        piece: the file.
        rows: how many rows a piece shall have at least, but for the last one.

    Raises:
        AutodiffError: it is no Parquet file.
        OSError: it cannot be read.
    """
    if piece.kind != "parquet" or piece.groups is not None:
        return (piece,)
    from autodiff_cli.files import parquet

    sizes = parquet.group_sizes(piece.path)
    parts: list[Piece] = []
    first = before = held = 0
    for group, count in enumerate(sizes):
        held += count
        if held >= rows or group == len(sizes) - 1:
            parts.append(replace(piece, groups=(first, group + 1), before=before))
            first, before, held = group + 1, before + held, 0
    return tuple(parts) if len(parts) > 1 else (piece,)


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
