"""Rows of several files as rows of one: their columns in one order, with those of the folders."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from itertools import accumulate, chain
from typing import Any

from autodiff_cli.errors import AutodiffError, named, shortened
from autodiff_cli.files import cells
from autodiff_cli.files.dialect import Dialect
from autodiff_cli.files.pieces import Partition
from autodiff_cli.files.rows import Rows
from autodiff_cli.files.table import Data, variables


@dataclass(frozen=True, slots=True)
class Arranged(Data):
    """A block with its columns in another order, and columns of one value.

    Attributes:
        block: the block.
        columns: for each column its place in the block, or what the folders' names say.
        told: whether a row is told with its file, which is one of several.
    """

    block: Data
    columns: tuple[int | Partition, ...]
    told: bool = False

    @property
    def dialect(self) -> Dialect:
        """How the file is written."""
        return self.block.dialect

    def column(self, place: int) -> list[float]:
        """Return the numbers of one column."""
        found = self.columns[place]
        if isinstance(found, Partition):
            return [self._number(found)] * self.count
        return self.block.column(found)

    def array(self, place: int) -> Any:
        """Return the numbers of one column as a NumPy array."""
        import numpy

        found = self.columns[place]
        if isinstance(found, Partition):
            return numpy.full(self.count, self._number(found))
        return self.block.array(found)

    def _number(self, column: Partition) -> float:
        value = None if column.value is None else cells.number(column.value)
        if value is None:
            place = f"the folder '{shortened(column.header)}=…' of {named(self.path)}"
            raise cells.wrong(place, column.value or "")
        return value

    def texts(self, place: int) -> Sequence[str]:
        """Return the cells of one column."""
        found = self.columns[place]
        if isinstance(found, Partition):
            return [found.value or ""] * self.count
        return self.block.texts(found)

    def strings(self, place: int) -> Any | None:
        """Return the cells of one column as an Arrow array."""
        found = self.columns[place]
        if not isinstance(found, Partition):
            return self.block.strings(found)
        if self.block.strings(0) is None:
            return None
        import pyarrow

        return pyarrow.repeat(found.value or "", self.count)

    def arrow(self, place: int, numbers: Any) -> Any:
        """Return one column as a Parquet file has it."""
        found = self.columns[place]
        if not isinstance(found, Partition):
            return self.block.arrow(found, numbers)
        import pyarrow

        kinds = {
            "integer": (pyarrow.int64(), int),
            "number": (pyarrow.float64(), float),
            "text": (pyarrow.string(), str),
        }
        kind, read = kinds[found.kind]
        value = None if found.value is None else read(found.value)
        return pyarrow.repeat(pyarrow.scalar(value, kind), self.count)

    def where(self, row: int) -> str:
        """Return where a row stands."""
        return self.block.where(row) + (f" of {named(self.path)}" if self.told else "")

    def gaps(self, places: Collection[int]) -> list[int]:
        """Return the rows that lack a number in one of those columns."""
        found = [self.columns[place] for place in places]
        if any(isinstance(one, Partition) and one.value is None for one in found):
            return list(range(self.count))
        return self.block.gaps([one for one in found if not isinstance(one, Partition)])

    def without(self, rows: Collection[int]) -> Arranged:
        """Return the other rows."""
        block = self.block.without(rows)
        return replace(self, block=block, count=block.count)


@dataclass(frozen=True, slots=True)
class Joined(Data):
    """Blocks with the same columns, one after the other.

    Attributes:
        blocks: at least one.
    """

    blocks: tuple[Data, ...]

    @property
    def dialect(self) -> Dialect:
        """How the files are written."""
        return self.blocks[0].dialect

    def column(self, place: int) -> list[float]:
        """Return the numbers of one column."""
        return list(chain.from_iterable(block.column(place) for block in self.blocks))

    def array(self, place: int) -> Any:
        """Return the numbers of one column as a NumPy array."""
        import numpy

        return numpy.concatenate([block.array(place) for block in self.blocks])

    def texts(self, place: int) -> Sequence[str]:
        """Return the cells of one column."""
        return list(chain.from_iterable(block.texts(place) for block in self.blocks))

    def arrow(self, place: int, numbers: Any) -> Any:
        """Return one column as a Parquet file has it."""
        import pyarrow

        starts = self._starts()
        parts = [
            block.arrow(place, None if numbers is None else numbers[first:end])
            for block, first, end in zip(self.blocks, starts, starts[1:], strict=False)
        ]
        kind = parts[0].type
        return pyarrow.chunked_array(
            [
                agreeing(part, kind, block, place)
                for part, block in zip(parts, self.blocks, strict=True)
            ]
        )

    def _starts(self) -> list[int]:
        return list(accumulate((block.count for block in self.blocks), initial=0))

    def _place(self, row: int) -> tuple[int, int]:
        starts = self._starts()
        which = bisect_right(starts, row) - 1
        return which, row - starts[which]

    def where(self, row: int) -> str:
        """Return where a row stands."""
        which, row = self._place(row)
        return self.blocks[which].where(row)

    def gaps(self, places: Collection[int]) -> list[int]:
        """Return the rows that lack a number in one of those columns."""
        starts = self._starts()
        return [
            start + row
            for start, block in zip(starts, self.blocks, strict=False)
            for row in block.gaps(places)
        ]

    def without(self, rows: Collection[int]) -> Joined:
        """Return the other rows."""
        left: dict[int, list[int]] = {}
        for row in rows:
            which, inside = self._place(row)
            left.setdefault(which, []).append(inside)
        blocks = tuple(
            block.without(left[k]) if k in left else block for k, block in enumerate(self.blocks)
        )
        return replace(self, blocks=blocks, count=sum(block.count for block in blocks))


def agreeing(column: Any, kind: Any, block: Data, place: int) -> Any:
    """Return a column with the type that it has in the files before.

    Raises:
        AutodiffError: a value would not be the same.
    """
    import pyarrow

    if column.type == kind:
        return column
    try:
        return column.cast(kind)
    except (pyarrow.ArrowInvalid, pyarrow.ArrowNotImplementedError):
        raise AutodiffError(
            f"{named(block.path)}, column {block.title(place)} has values of type {column.type}, "
            f"and the files before it {kind}",
            mend="write the column with one type in all of them",
        ) from None


def with_partitions(block: Data, partitions: Sequence[Partition]) -> Data:
    """Return a block with the columns that its folders give and that its file has not."""
    has = {name or header.strip() for name, header in zip(block.names, block.headers, strict=True)}
    headers = [one.header for one in partitions]
    names = variables(block.path, headers)
    more = [
        (one, name)
        for one, name in zip(partitions, names, strict=True)
        if (name or one.header.strip()) not in has
    ]
    return Arranged(
        path=block.path,
        headers=(*block.headers, *(one.header for one, _ in more)),
        names=(*block.names, *(name for _, name in more)),
        count=block.count,
        share=block.share,
        block=block,
        columns=(*range(len(block.names)), *(one for one, _ in more)),
    )


def without_partitions(rows: Rows) -> Rows:
    """Return rows without the columns that the names of folders give."""
    data = rows.data
    if not isinstance(data, Arranged):
        return rows
    kept = [k for k, column in enumerate(data.columns) if not isinstance(column, Partition)]
    left = replace(
        data,
        headers=tuple(data.headers[k] for k in kept),
        names=tuple(data.names[k] for k in kept),
        columns=tuple(data.columns[k] for k in kept),
    )
    return rows._replace(data=left)


def like(block: Data, first: Data) -> Data:
    """Return a block of a file with its columns in the order of the first file.

    Raises:
        AutodiffError: it lacks one of them, has one more, or is another dialect of CSV.
    """
    places = {key: place for place, key in enumerate(_keys(block))}
    wanted = _keys(first)
    for one, other, keys in ((block, first, wanted), (first, block, _keys(block))):
        has = set(_keys(one))
        for place, key in enumerate(keys):
            if key not in has:
                raise AutodiffError(
                    f"{named(one.path)} has no column {other.title(place)}, which "
                    f"{named(other.path)} has",
                    mend="give all files the same columns",
                )
    if block.dialect != first.dialect:
        raise AutodiffError(
            f"{named(block.path)} has other signs between its columns than {named(first.path)}",
            mend="differentiate them one by one, or save them alike",
        )
    return Arranged(
        path=block.path,
        headers=first.headers,
        names=first.names,
        count=block.count,
        share=block.share,
        block=block,
        columns=tuple(places[key] for key in wanted),
        told=True,
    )


def _keys(block: Data) -> list[str]:
    """Return what each column is called, whatever its spelling."""
    return [name or header.strip() for name, header in zip(block.names, block.headers, strict=True)]
