"""Parquet files, by pyarrow: read in blocks, and written a row group for each block.

Columns of the input keep their types.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass, replace
from typing import Any, BinaryIO

from autodiff_cli.errors import AutodiffError, named, visible
from autodiff_cli.files import cells
from autodiff_cli.files.arranged import agreeing
from autodiff_cli.files.dialect import PLAIN
from autodiff_cli.files.extra import require
from autodiff_cli.files.pieces import Piece
from autodiff_cli.files.places import opened, scheme
from autodiff_cli.files.rows import Rows
from autodiff_cli.files.strings import floats
from autodiff_cli.files.table import Data, variables

#: Rows that a row group has at least, but for the last: of smaller ones readers are slow.
LEAST = 65_536

#: Bytes read at a time: a column of a large row group need not be held whole.
BUFFER = 1 << 20


@dataclass(frozen=True, slots=True)
class ParquetRows(Data):
    """Rows of a Parquet file.

    Attributes:
        batch: the columns, as Arrow arrays.
        numbers: of each row, its number in the file, from 1.
    """

    batch: Any
    numbers: Sequence[int]

    def column(self, place: int) -> list[float]:
        """Return the numbers of one column."""
        found: list[float] = self.array(place).tolist()
        return found

    def array(self, place: int) -> Any:
        """Return the numbers of one column as a NumPy array."""
        import numpy
        import pyarrow

        column = self.batch.column(place)
        kind = column.type
        numeric = pyarrow.types.is_integer, pyarrow.types.is_floating, pyarrow.types.is_decimal
        if not any(is_kind(kind) for is_kind in numeric):
            raise AutodiffError(
                f"{named(self.path)}, column {self.title(place)} has values of type "
                f"{visible(str(kind))}, not numbers",
                mend="write the column as float64",
            )
        if column.null_count:
            import pyarrow.compute

            row = pyarrow.compute.is_null(column).to_numpy(zero_copy_only=False).argmax()
            raise cells.wrong(self._cell(place, row), "")
        if kind != pyarrow.float64():  # a cast to the same type would copy
            column = column.cast(pyarrow.float64(), safe=False)
        numbers = column.to_numpy(zero_copy_only=False)
        finite = numpy.isfinite(numbers)
        if not finite.all():
            row = finite.argmin()
            raise cells.wrong(self._cell(place, row), str(numbers[row]))
        return numbers

    def _cell(self, place: int, row: int) -> str:
        return f"{named(self.path)}, {self.where(row)}, column {self.title(place)}"

    def where(self, row: int) -> str:
        """Return the number of a row."""
        return f"row {self.numbers[row]:,}"

    def gaps(self, places: Collection[int]) -> list[int]:
        """Return the rows where one of those columns has no value, or one that is no number."""
        import numpy
        import pyarrow
        import pyarrow.compute

        lacking = numpy.zeros(self.count, bool)
        for place in places:
            column = self.batch.column(place)
            lacking |= pyarrow.compute.is_null(column).to_numpy(zero_copy_only=False)
            if pyarrow.types.is_floating(column.type):
                found = column.cast(pyarrow.float64()).to_numpy(zero_copy_only=False)
                lacking |= numpy.isnan(found)
        rows: list[int] = lacking.nonzero()[0].tolist()
        return rows

    def without(self, rows: Collection[int]) -> ParquetRows:
        """Return the other rows."""
        import pyarrow

        left = set(rows)
        kept = [row for row in range(self.count) if row not in left]
        return replace(
            self,
            count=len(kept),
            batch=self.batch.take(pyarrow.array(kept, pyarrow.int64())),
            numbers=[self.numbers[row] for row in kept],
        )

    def texts(self, place: int) -> Sequence[str]:
        """Return the cells of one column as text; nothing where there is no value."""
        import pyarrow

        column = self.batch.column(place)
        if pyarrow.types.is_floating(column.type):
            return ["" if cell is None else repr(cell) for cell in column.to_pylist()]
        try:
            texts = column.cast(pyarrow.string()).to_pylist()
        except (pyarrow.ArrowNotImplementedError, pyarrow.ArrowInvalid):
            raise AutodiffError(
                f"{named(self.path)}, column {self.title(place)} has values of type "
                f"{visible(str(column.type))}, which CSV cannot hold",
                mend="write a .parquet file, or take the column out",
            ) from None
        return ["" if text is None else text for text in texts]

    def strings(self, place: int) -> Any | None:
        """Return what `texts` does as an Arrow array; None where it is to say what is wrong."""
        import pyarrow
        import pyarrow.compute as compute

        column = self.batch.column(place)
        try:
            if not pyarrow.types.is_floating(column.type):
                return column.cast(pyarrow.string()).fill_null("")
            spelt = floats(column.cast(pyarrow.float64()).fill_null(0))
            return compute.if_else(column.is_valid(), spelt, "")
        except (pyarrow.ArrowNotImplementedError, pyarrow.ArrowInvalid):
            return None

    def arrow(self, place: int, numbers: Any) -> Any:
        """Return a column as it is."""
        return self.batch.column(place)


def blocks(piece: Piece, size: int) -> Iterator[ParquetRows]:
    """Yield the rows in blocks: see `_blocks`. What pyarrow finds wrong on the way is told."""
    if (piece.dialect.delimiter, piece.dialect.decimal) != (PLAIN.delimiter, PLAIN.decimal):
        option = "delimiter" if piece.dialect.delimiter else "decimal"
        message = f"{named(piece.path)} is a Parquet file, and --{option} is for CSV"
        raise AutodiffError(message, mend=f"leave --{option} out")
    with _read(piece.path) as file:
        yield from _blocks(piece, file, size)


@contextmanager
def _read(path: str) -> Iterator[Any]:
    """Open a Parquet file.

    Raises:
        AutodiffError: pyarrow is not installed, or the file is not Parquet.
        OSError: it cannot be read.
    """
    require()
    import pyarrow.parquet

    if not scheme(path):
        with opened(path):
            pass  # for the error that a file which cannot be opened has everywhere
    try:
        with (
            opened(path) if scheme(path) else nullcontext(path) as source,
            pyarrow.parquet.ParquetFile(source, buffer_size=BUFFER, pre_buffer=False) as file,
        ):
            yield file
    except pyarrow.ArrowException as error:
        raise _not_parquet(path, error) from None
    except OSError as error:
        if error.errno is None:  # how pyarrow tells that it cannot decode a page
            raise _not_parquet(path, error) from None
        raise


def _not_parquet(path: str, error: Exception) -> AutodiffError:
    message = f"{named(path)} is not a Parquet file: {visible(str(error).strip())}"
    return AutodiffError(message, mend="a table as text is a .csv file")


def _blocks(piece: Piece, file: Any, size: int) -> Iterator[ParquetRows]:
    """Yield the rows in blocks; of a file without rows, a block without rows.

    Raises:
        AutodiffError: two columns have the same name.
    """
    import pyarrow

    path, metadata = piece.path, file.metadata
    headers = tuple(file.schema_arrow.names)
    names = variables(path, headers)
    groups = range(*(piece.groups or (0, metadata.num_row_groups)))
    total, start = sum(metadata.row_group(group).num_rows for group in groups), 0
    for batch in file.iter_batches(max(1, min(size, total)), row_groups=list(groups)):
        end = start + batch.num_rows
        numbers = range(piece.before + start + 1, piece.before + end + 1)
        yield ParquetRows(path, headers, names, batch.num_rows, end / total, batch, numbers)
        start = end
    if not start:
        columns = [pyarrow.array([], field.type) for field in file.schema_arrow]
        batch = pyarrow.RecordBatch.from_arrays(columns, schema=file.schema_arrow)
        yield ParquetRows(path, headers, names, 0, 1.0, batch, ())


def group_sizes(path: str) -> list[int]:
    """Return how many rows each row group of a file has.

    Raises:
        AutodiffError: pyarrow is not installed, or the file is not Parquet.
        OSError: it cannot be read.
    """
    with _read(path) as file:
        found = file.metadata
        return [found.row_group(group).num_rows for group in range(found.num_row_groups)]


class ParquetWriter:
    """Writes rows to a stream, in row groups of at least `LEAST` rows but for the last."""

    def __init__(self, stream: BinaryIO) -> None:
        require()
        self._stream = stream
        self._schema: Any = None
        self._writer: Any = None
        self._held: list[Any] = []

    def write(self, rows: Rows) -> None:
        """Write some rows."""
        import pyarrow

        headers: list[str] = []
        columns: list[Any] = []
        data = rows.data
        if data is not None:
            headers += data.headers
            for place, name in enumerate(data.names):
                columns.append(data.arrow(place, rows.read.get(name or "")))
                if self._schema is not None:
                    kind = self._schema.field(place).type
                    columns[place] = agreeing(columns[place], kind, data, place)
        headers += rows.numbers
        columns += [pyarrow.array(found, pyarrow.float64()) for found in rows.numbers.values()]
        stretched = [c if len(c) == rows.length else c.take([0] * rows.length) for c in columns]
        table = pyarrow.table(stretched, headers)
        self._schema = self._schema or table.schema
        self._held.append(table)
        if sum(len(held) for held in self._held) >= LEAST:
            self._flush()

    def _flush(self) -> None:
        """Write what is held as a row group: of many small files not one each."""
        import pyarrow
        import pyarrow.parquet

        if self._writer is None:
            # Numbers hardly repeat: a dictionary of them would take half the time for nothing.
            repeating = [
                field.name for field in self._schema if not pyarrow.types.is_floating(field.type)
            ]
            self._writer = pyarrow.parquet.ParquetWriter(
                self._stream, self._schema, use_dictionary=repeating or False
            )
        held, self._held = self._held, []
        self._writer.write_table(pyarrow.concat_tables(held) if held[1:] else held[0])

    def __enter__(self) -> ParquetWriter:
        return self

    def __exit__(self, kind: object, *_: object) -> None:
        """Write the end of the file, without which it cannot be read; after an error, nothing."""
        if kind is None and self._held:
            self._flush()
        if self._writer is None:
            return
        if kind is None:
            self._writer.close()
        self._writer.is_open = False  # or it would write to a closed stream when it is collected
