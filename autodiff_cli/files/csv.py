"""CSV files: read in blocks, a header first, and written in the dialect that was read.

Cells are kept as they were typed, so that results can be written beside them; a number that is
written is its shortest exact text.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import accumulate, chain, compress, islice
from typing import Any, BinaryIO

from autodiff_cli.errors import AutodiffError, named
from autodiff_cli.files import cells
from autodiff_cli.files.dialect import PLAIN, Dialect, announced, check_header
from autodiff_cli.files.lines import TextLines
from autodiff_cli.files.pieces import Piece
from autodiff_cli.files.rows import Rows
from autodiff_cli.files.table import Data, variables


@dataclass(frozen=True, slots=True)
class CsvRows(Data):
    """Rows of a CSV file.

    Attributes:
        cells: for each column its cells as typed.
        lines: the line of the file where each row ends.
        written: how the file is written.
    """

    cells: Sequence[Sequence[str]]
    lines: Sequence[int]
    written: Dialect

    @property
    def dialect(self) -> Dialect:
        """How the file is written."""
        return self.written

    def column(self, place: int) -> list[float]:
        """Return the numbers of one column."""
        decimal = self.dialect.decimal
        found = cells.numbers(self.cells[place], decimal)
        if found is None:
            k, cell = next(
                (k, cell)
                for k, cell in enumerate(self.cells[place])
                if cells.number(cell, decimal) is None
            )
            where = f"{named(self.path)}, {self.where(k)}, column {self.title(place)}"
            raise cells.wrong(where, cell, decimal)
        return found

    def array(self, place: int) -> Any:
        """Return the numbers of one column as a NumPy array."""
        import numpy

        return numpy.array(self.column(place))

    def texts(self, place: int) -> Sequence[str]:
        """Return the cells of one column as typed."""
        return self.cells[place]

    def where(self, row: int) -> str:
        """Return the line of a row."""
        return f"line {self.lines[row]}"

    def gaps(self, places: Collection[int]) -> list[int]:
        """Return the rows where a cell of those columns is empty or says that it is missing."""
        found = {
            row
            for place in places
            for row, cell in enumerate(self.cells[place])
            if cells.missing(cell)
        }
        return sorted(found)

    def without(self, rows: Collection[int]) -> CsvRows:
        """Return the other rows."""
        left = set(rows)
        kept = [row for row in range(self.count) if row not in left]
        return replace(
            self,
            count=len(kept),
            cells=[[column[row] for row in kept] for column in self.cells],
            lines=[self.lines[row] for row in kept],
        )

    def arrow(self, place: int, numbers: Any) -> Any:
        """Return a column as numbers where it was read so, else as text."""
        import pyarrow

        if numbers is None:
            return pyarrow.array(self.cells[place], pyarrow.string())
        return pyarrow.array(numbers, pyarrow.float64())


@dataclass(frozen=True, slots=True, kw_only=True)
class Begun:
    """A file whose header is read, and perhaps some rows.

    Attributes:
        headers, names: the columns, as of `Data`.
        dialect: how the file is written.
        line: lines that are read.
        rows, lines: rows that were read and are in no block yet, and the lines where they end.
        found: whether there was a block already.
    """

    headers: tuple[str, ...]
    names: tuple[str | None, ...]
    dialect: Dialect
    line: int
    rows: Sequence[Sequence[str]] = ()
    lines: Sequence[int] = ()
    found: bool = False


def begun(piece: Piece, header: Sequence[str], said: str | None, line: int) -> Begun:
    """Return what a header says.

    Args:
        piece: the file.
        header: its cells.
        said: the delimiter that the line before it says, or None.
        line: lines that are read.

    Raises:
        AutodiffError: it names no columns, or two alike.
    """
    dialect = piece.dialect.told(said)
    names = _names(piece.path, header, dialect)
    return Begun(headers=tuple(header), names=names, dialect=dialect, line=line)


def rows(
    piece: Piece, size: int, raw: BinaryIO, content: Iterator[bytes], start: Begun | None = None
) -> Iterator[CsvRows]:
    """Yield the rows in blocks, or one block without rows; blank lines are passed over.

    A first line `sep=;`, which spreadsheets write and read, is the delimiter and no header.

    Args:
        piece: the file.
        size: rows of a block.
        raw: the file's own bytes, which tell how much of it is read.
        content: the bytes of its text.
        start: what was read before those; None is nothing.

    Raises:
        AutodiffError: the file is empty, is not UTF-8 or not CSV, a header stands twice, or a row
            has more or fewer cells than the header.
        OSError: it cannot be read.
    """
    path, skipped = piece.path, 0 if start is None else start.line
    text = chain.from_iterable(TextLines(path, content, skipped))
    said = None
    if start is None:
        first = next(text, "")
        said = announced(first)
        if said is None:
            text = chain([first], text)
        else:
            skipped = 1
    dialect = start.dialect if start else piece.dialect.told(said)
    reader = csv.reader(text, delimiter=dialect.between, strict=True)
    try:
        if start is None:
            header = next(filter(None, reader), list[str]())
            start = begun(piece, header, said, skipped + reader.line_num)
        before, found = start.line, start.found
        kept, places = [list(row) for row in start.rows], list(start.lines)
        while True:
            taken = _taken(reader, size - len(kept))
            lines = _lines(taken, before, skipped + reader.line_num)
            before = skipped + reader.line_num
            if not all(taken):
                lines = list(compress(lines, taken))
                taken = list(filter(None, taken))
            _check_width(path, taken, lines, len(start.headers))
            if kept:
                taken, lines = [*kept, *taken], [*places, *lines]
                kept, places = [], []
            if not taken and found:
                return
            found = True
            columns = list(zip(*taken, strict=True)) or [()] * len(start.headers)
            share = min(1.0, raw.tell() / piece.size) if piece.size else None
            yield CsvRows(
                path, start.headers, start.names, len(taken), share, columns, lines, start.dialect
            )
            if len(taken) < size:
                return
    except csv.Error as error:
        message = f"{named(path)}, line {skipped + reader.line_num} is not CSV: {error}"
        raise AutodiffError(message, mend="check the quotation marks there") from None


def _taken(reader: Iterator[list[str]], size: int) -> list[list[str]]:
    """Return the next rows, `size` of them without the blank ones, which are among them."""
    rows = list(islice(reader, size))
    while more := list(islice(reader, size - len(rows) + rows.count([]))):
        rows += more
    return rows


def _lines(rows: Sequence[Sequence[str]], before: int, after: int) -> Sequence[int]:
    """Return the line where each row ends; a cell in quotes may have several lines."""
    if after - before == len(rows):
        return range(before + 1, after + 1)
    breaks = (1 + sum(len(re.findall(r"\r\n|\r|\n", cell)) for cell in row) for row in rows)
    return list(accumulate(breaks, initial=before))[1:]


def _check_width(
    path: str, rows: Sequence[Sequence[str]], lines: Sequence[int], width: int
) -> None:
    if set(map(len, rows)) <= {width}:
        return
    k = next(k for k, row in enumerate(rows) if len(row) != width)
    counted = "1 cell" if len(rows[k]) == 1 else f"{len(rows[k])} cells"
    raise AutodiffError(
        f"{named(path)}, line {lines[k]} has {counted}, and the header has {width}",
        mend="give every row one cell for each column",
    )


def _names(path: str, headers: Sequence[str], dialect: Dialect) -> tuple[str | None, ...]:
    """Return the variables that the headers name."""
    if not headers:
        mend = "its first line is a header that names the variables: x,y"
        raise AutodiffError(f"{named(path)} is empty", mend=mend)
    if any(cells.number(header, dialect.decimal) is not None for header in headers):
        raise AutodiffError(
            f"{named(path)} has numbers in its first line",
            mend="put a header there that names the variables: x,y",
        )
    if len(headers) == 1:
        check_header(path, headers[0])
    return variables(path, headers)


class CsvWriter:
    """Writes rows to a stream, the header first."""

    def __init__(self, stream: BinaryIO) -> None:
        self._stream = stream
        self._begun = False

    def write(self, rows: Rows) -> None:
        """Write some rows."""
        if self._by_columns(rows):
            return
        columns: list[Sequence[str | float]] = []
        headers: list[str] = []
        dialect = rows.data.dialect if rows.data is not None else PLAIN
        if rows.data is not None:
            headers += (plain(header) for header in rows.data.headers)
            for place, name in enumerate(rows.data.names):
                texts = rows.data.texts(place)
                # What was read as a number is none that a spreadsheet computes.
                typed = texts if name in rows.read else [plain(t, dialect.decimal) for t in texts]
                columns.append(typed)
        headers += rows.numbers
        columns += [_floats(column, dialect.decimal) for column in rows.numbers.values()]
        stretched = [c if len(c) == rows.length else list(c) * rows.length for c in columns]
        text = io.StringIO()
        # The library quotes a line's end inside a cell only where it ends lines with that sign.
        quoted = any("\r" in cell for cell in _texts(headers, rows))
        table = csv.writer(
            text, delimiter=dialect.between, lineterminator="\n",
            quoting=csv.QUOTE_ALL if quoted else csv.QUOTE_MINIMAL,
        )  # fmt: skip
        if not self._begun:
            table.writerow(headers)
            self._begun = True
        table.writerows(zip(*stretched, strict=True))
        self._stream.write(text.getvalue().encode())

    def _by_columns(self, rows: Rows) -> bool:
        """Write some rows from Arrow columns; False where there are none, or the library must."""
        data = rows.data
        if data is None or not data.count or data.strings(0) is None:
            return False
        from autodiff_cli.files.strings import text

        found = text(rows, data.dialect, plain)
        if found is None:
            return False
        if not self._begun:
            header = io.StringIO()
            headers = [*(plain(header) for header in data.headers), *rows.numbers]
            table = csv.writer(header, delimiter=data.dialect.between, lineterminator="\n")
            table.writerow(headers)
            if any("\r" in header for header in headers):
                return False
            self._stream.write(header.getvalue().encode())
            self._begun = True
        self._stream.write(found)
        return True

    def __enter__(self) -> CsvWriter:
        return self

    def __exit__(self, *_: object) -> None:
        """Do nothing: a CSV file has no end of its own."""


def _texts(headers: list[str], rows: Rows) -> Iterator[str]:
    """Yield all text of some rows, a column at a time."""
    yield "".join(headers)
    if rows.data is not None:
        for place in range(len(rows.data.names)):
            yield "".join(rows.data.texts(place))


def _floats(column: Any, decimal: str) -> Sequence[str | float]:
    found: list[float] = column.tolist() if hasattr(column, "tolist") else column
    if decimal == ".":
        return found  # the library writes their shortest exact texts
    return [repr(number).replace(".", decimal) for number in found]


def plain(cell: str, decimal: str = ".") -> str:
    """Return a cell that a spreadsheet takes for text where it would take it for a formula."""
    if cell.lstrip()[:1] not in ("=", "+", "-", "@") and cell[:1] not in ("\t", "\r"):
        return cell
    try:
        float(cell.replace(decimal, "."))
    except ValueError:
        return f"'{cell}"
    return cell
