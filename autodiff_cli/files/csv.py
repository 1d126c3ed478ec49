"""A CSV file in blocks: UTF-8 with or without BOM, a header first, commas between the cells.

The cells are kept as they were typed, so that results can be written beside them.
"""

from __future__ import annotations

import codecs
import csv
import io
import os
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate, chain, compress, islice
from typing import Any, BinaryIO

from autodiff_cli.errors import AutodiffError, visible
from autodiff_cli.files import cells
from autodiff_cli.files.table import Data, variables
from autodiff_cli.limits import exceeded, limit

#: Bytes read at a time.
CHUNK = 1 << 20


@dataclass(frozen=True, slots=True)
class CsvRows(Data):
    """Rows of a CSV file.

    Attributes:
        cells: for each column its cells as typed.
        lines: the line of the file where each row ends.
    """

    cells: Sequence[Sequence[str]]
    lines: Sequence[int]

    def column(self, place: int) -> list[float]:
        """Return the numbers of one column."""
        found = cells.numbers(self.cells[place])
        if found is None:
            k, cell = next(
                (k, cell) for k, cell in enumerate(self.cells[place]) if cells.number(cell) is None
            )
            where = f"{visible(self.path)}, line {self.lines[k]}, column {self.title(place)}"
            raise cells.wrong(where, cell)
        return found

    def array(self, place: int) -> Any:
        """Return the numbers of one column as a NumPy array."""
        import numpy

        return numpy.array(self.column(place))

    def texts(self, place: int) -> Sequence[str]:
        """Return the cells of one column as typed."""
        return self.cells[place]

    def arrow(self, place: int, numbers: Any) -> Any:
        """Return a column as numbers where it was read so, else as text."""
        import pyarrow

        if numbers is None:
            return pyarrow.array(self.cells[place], pyarrow.string())
        return pyarrow.array(numbers, pyarrow.float64())


def blocks(path: str, size: int) -> Iterator[CsvRows]:
    """Yield the rows in blocks; blank lines are passed over.

    Raises:
        AutodiffError: the file is empty, is not UTF-8 or not CSV, a header stands twice, or a row
            has more or fewer cells than the header.
        OSError: it cannot be read.
    """
    with open(path, "rb") as stream:
        source = _Source(path, stream)
        reader = csv.reader(chain.from_iterable(source), strict=True)
        try:
            headers = tuple(next(filter(None, reader), ()))
            names = _names(path, headers)
            before = reader.line_num
            while rows := _taken(reader, size):
                lines = _lines(rows, before, reader.line_num)
                before = reader.line_num
                if not all(rows):
                    lines = list(compress(lines, rows))
                    rows = list(filter(None, rows))
                _check_width(path, rows, lines, len(headers))
                if rows:
                    columns = list(zip(*rows, strict=True))
                    yield CsvRows(path, headers, names, len(rows), source.share(), columns, lines)
        except csv.Error as error:
            message = f"{visible(path)}, line {reader.line_num} is not CSV: {error}"
            raise AutodiffError(message, mend="check the quotation marks there") from None


def _taken(reader: Iterator[list[str]], size: int) -> list[list[str]]:
    """Return the next rows, `size` of them without the blank ones, which are among them."""
    rows = list(islice(reader, size))
    while more := list(islice(reader, size - len(rows) + rows.count([]))):
        rows += more
    return rows


class _Source:
    """The lines of a file, a chunk at a time, so that `csv.reader` need not be handed each."""

    def __init__(self, path: str, stream: BinaryIO) -> None:
        self._path, self._stream = path, stream
        self._size = os.fstat(stream.fileno()).st_size
        self._read = 0

    def share(self) -> float | None:
        """Return how much of the file was read; None of a pipe, which has no size."""
        return min(1.0, self._read / self._size) if self._size else None

    def __iter__(self) -> Iterator[Iterable[str]]:
        decoder = codecs.getincrementaldecoder("utf-8-sig")()
        rest, lines = "", 0
        while True:
            content = self._stream.read(CHUNK)
            try:
                text = rest + decoder.decode(content, final=not content)
            except UnicodeDecodeError as error:
                line = lines + error.object.count(b"\n", 0, error.start) + 1
                byte = error.object[error.start]
                message = f"{visible(self._path)}, line {line} is not UTF-8: byte {byte:#04x}"
                raise AutodiffError(message, mend="save the table as CSV UTF-8") from None
            self._read += len(content)
            lines += content.count(b"\n")
            # A line that is not at its end yet waits; "\r" alone may be half of "\r\n".
            end = max(text.rfind("\n"), text.rfind("\r", 0, -1)) + 1 if content else len(text)
            yield io.StringIO(text[:end], newline="")
            rest = text[end:]
            if len(rest) > limit("text"):
                raise exceeded("text")
            if not content:
                return


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
        f"{visible(path)}, line {lines[k]} has {counted}, and the header has {width}",
        mend="give every row one cell for each column",
    )


def _names(path: str, headers: Sequence[str]) -> tuple[str | None, ...]:
    """Return the variables that the headers name."""
    if not headers:
        mend = "its first line is a header that names the variables: x,y"
        raise AutodiffError(f"{visible(path)} is empty", mend=mend)
    if any(cells.number(header) is not None for header in headers):
        raise AutodiffError(
            f"{visible(path)} has numbers in its first line",
            mend="put a header there that names the variables: x,y",
        )
    if len(headers) == 1 and len(headers[0].split(";")) > 1:
        message = f"{visible(path)} has semicolons between its columns"
        raise AutodiffError(message, mend="save it with commas, and with points in the numbers")
    return variables(path, headers)
