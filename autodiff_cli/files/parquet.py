"""Parquet files, by pyarrow: read in blocks, and written a row group for each block.

Columns of the input keep their types.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any, BinaryIO

from autodiff_cli.errors import AutodiffError, named, visible
from autodiff_cli.files import cells
from autodiff_cli.files.dialect import PLAIN, Dialect
from autodiff_cli.files.rows import Rows
from autodiff_cli.files.table import Data, variables

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
        import pyarrow.compute

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
            row = pyarrow.compute.is_null(column).to_numpy(zero_copy_only=False).argmax()
            raise cells.wrong(self._cell(place, row), "")
        numbers = column.cast(pyarrow.float64(), safe=False).to_numpy(zero_copy_only=False)
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

    def arrow(self, place: int, numbers: Any) -> Any:
        """Return a column as it is."""
        return self.batch.column(place)


def blocks(path: str, size: int, dialect: Dialect = PLAIN) -> Iterator[ParquetRows]:
    """Yield the rows in blocks: see `_blocks`. What pyarrow finds wrong on the way is told."""
    if (dialect.delimiter, dialect.decimal) != (PLAIN.delimiter, PLAIN.decimal):
        option = "delimiter" if dialect.delimiter else "decimal"
        message = f"{named(path)} is a Parquet file, and --{option} is for CSV"
        raise AutodiffError(message, mend=f"leave --{option} out")
    require()
    import pyarrow

    try:
        yield from _blocks(path, size)
    except pyarrow.ArrowException as error:
        raise _not_parquet(path, error) from None
    except OSError as error:
        if error.errno is None:  # how pyarrow tells that it cannot decode a page
            raise _not_parquet(path, error) from None
        raise


def _not_parquet(path: str, error: Exception) -> AutodiffError:
    message = f"{named(path)} is not a Parquet file: {visible(str(error).strip())}"
    return AutodiffError(message, mend="a table as text is a .csv file")


def _blocks(path: str, size: int) -> Iterator[ParquetRows]:
    """Yield the rows in blocks.

    Raises:
        AutodiffError: pyarrow is not installed, the file is not Parquet, or two columns have the
            same name.
        OSError: it cannot be read.
    """
    import pyarrow.parquet

    with open(path, "rb"):
        pass  # for the error that a file which cannot be opened has everywhere
    with pyarrow.parquet.ParquetFile(path, buffer_size=BUFFER, pre_buffer=False) as file:
        headers = tuple(file.schema_arrow.names)
        names = variables(path, headers)
        total, start = file.metadata.num_rows, 0
        for batch in file.iter_batches(max(1, min(size, total))):
            end = start + batch.num_rows
            share, numbers = end / total, range(start + 1, end + 1)
            yield ParquetRows(path, headers, names, batch.num_rows, share, batch, numbers)
            start = end


def require() -> None:
    """Raise the error that names the extra where pyarrow is not installed, or is broken."""
    from importlib.util import find_spec

    if find_spec("pyarrow") is None:
        raise AutodiffError(
            "Parquet files need pyarrow, which is not installed",
            mend='run pip install "autodiff-cli[parquet]"',
        )
    try:
        import pyarrow.parquet  # noqa: F401
    except Exception as error:  # whatever a broken installation raises
        said = f"{type(error).__name__}: {error}".partition("\n")[0]
        raise ImportError(said, name="pyarrow") from None


class ParquetWriter:
    """Writes rows to a stream."""

    def __init__(self, stream: BinaryIO) -> None:
        require()
        self._stream = stream
        self._writer: Any = None

    def write(self, rows: Rows) -> None:
        """Write some rows as a row group."""
        import pyarrow
        import pyarrow.parquet

        headers: list[str] = []
        columns: list[Any] = []
        if rows.data is not None:
            headers += rows.data.headers
            for place, name in enumerate(rows.data.names):
                columns.append(rows.data.arrow(place, rows.read.get(name or "")))
        repeating = headers.copy()
        headers += rows.numbers
        columns += [pyarrow.array(found, pyarrow.float64()) for found in rows.numbers.values()]
        stretched = [c if len(c) == rows.length else c.take([0] * rows.length) for c in columns]
        table = pyarrow.table(stretched, headers)
        if self._writer is None:
            # Derivatives hardly repeat: a dictionary of them would take half the time for nothing.
            self._writer = pyarrow.parquet.ParquetWriter(
                self._stream, table.schema, use_dictionary=repeating or False
            )
        self._writer.write_table(table)

    def __enter__(self) -> ParquetWriter:
        return self

    def __exit__(self, kind: object, *_: object) -> None:
        """Write the end of the file, without which it cannot be read; after an error, nothing."""
        if self._writer is None:
            return
        if kind is None:
            self._writer.close()
        self._writer.is_open = False  # or it would write to a closed stream when it is collected
