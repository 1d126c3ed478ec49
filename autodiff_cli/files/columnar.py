"""CSV files by pyarrow, which reads whole lines into columns in a fraction of the time.

It takes only lines that it and the library read alike; from the first that is not so, and in files
too small to be worth loading it, the library reads, so that a file means the same on both roads.
"""

from __future__ import annotations

import codecs
import csv as library
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import chain
from typing import Any, BinaryIO, NamedTuple

from autodiff_cli.files import cells, extra
from autodiff_cli.files.compression import decompressed, sound
from autodiff_cli.files.csv import Begun, CsvRows, begun, rows
from autodiff_cli.files.dialect import Dialect, announced
from autodiff_cli.files.lines import chunks
from autodiff_cli.files.pieces import Piece
from autodiff_cli.files.places import opened
from autodiff_cli.files.table import Data

#: Bytes of a file that is too small for pyarrow, which takes as long to load as they to read.
SMALL = 4 << 20

#: How many times smaller a compressed file may be.
SHRUNK = 8

#: Bytes read at a time.
CHUNK = 4 << 20


@dataclass(frozen=True, slots=True)
class ArrowRows(Data):
    """Rows of a CSV file.

    Attributes:
        batch: the cells as typed, as Arrow arrays of text.
        lines: the line of the file where each row stands, a NumPy array.
        written: how the file is written.
    """

    batch: Any
    lines: Any
    written: Dialect

    @property
    def dialect(self) -> Dialect:
        """How the file is written."""
        return self.written

    def column(self, place: int) -> list[float]:
        """Return the numbers of one column."""
        found: list[float] = self.array(place).tolist()
        return found

    def array(self, place: int) -> Any:
        """Return the numbers of one column as a NumPy array."""
        found = numbers(self.batch.column(place), self.written.decimal)
        return self._typed(place).array(place) if found is None else found

    def _typed(self, place: int) -> CsvRows:
        """Return the rows as the library has them; of the columns, only one."""
        columns: list[Sequence[str]] = [()] * len(self.names)
        columns[place] = self.texts(place)
        return CsvRows(
            self.path, self.headers, self.names, self.count, self.share, columns, self.lines,
            self.written,
        )  # fmt: skip

    def texts(self, place: int) -> Sequence[str]:
        """Return the cells of one column as typed."""
        found: list[str] = self.batch.column(place).to_pylist()
        return found

    def strings(self, place: int) -> Any:
        """Return the cells of one column as an Arrow array."""
        return self.batch.column(place)

    def arrow(self, place: int, numbers: Any) -> Any:
        """Return a column as numbers where it was read so, else as text."""
        import pyarrow

        if numbers is None:
            return self.batch.column(place)
        return pyarrow.array(numbers, pyarrow.float64())

    def where(self, row: int) -> str:
        """Return the line of a row."""
        return f"line {self.lines[row]}"

    def gaps(self, places: Collection[int]) -> list[int]:
        """Return the rows where a cell of those columns is empty or says that it is missing."""
        import numpy
        import pyarrow
        import pyarrow.compute as compute

        said = pyarrow.array(sorted(cells.MISSING))
        lacking = numpy.zeros(self.count, bool)
        for place in places:
            typed = compute.utf8_lower(compute.utf8_trim_whitespace(self.batch.column(place)))
            lacking |= compute.is_in(typed, said).to_numpy(zero_copy_only=False)
        found: list[int] = lacking.nonzero()[0].tolist()
        return found

    def without(self, rows: Collection[int]) -> ArrowRows:
        """Return the other rows."""
        import pyarrow

        left = set(rows)
        kept = [row for row in range(self.count) if row not in left]
        batch = self.batch.take(pyarrow.array(kept, pyarrow.int64()))
        return replace(self, count=len(kept), batch=batch, lines=[self.lines[row] for row in kept])


def numbers(column: Any, decimal: str) -> Any:
    """Return the numbers of a column of text, or None where the library must look at each cell."""
    import numpy
    import pyarrow
    import pyarrow.compute as compute

    if decimal != ".":
        if compute.any(compute.match_substring(column, ".")).as_py():
            return None
        column = compute.replace_substring(column, decimal, ".")
    for typed in (column, None):
        try:
            given = compute.ascii_trim_whitespace(column) if typed is None else typed
            found = given.cast(pyarrow.float64()).to_numpy(zero_copy_only=False)
            break
        except pyarrow.ArrowInvalid:
            continue
    else:
        return None
    if not numpy.isfinite(found).all():
        return None
    zeros = found == 0
    if zeros.any():  # or less than the least float
        typed = column.filter(pyarrow.array(zeros))
        if compute.any(compute.match_substring_regex(typed, "^[^eE]*[1-9]")).as_py():
            return None
    return found


def blocks(piece: Piece, size: int) -> Iterator[Data]:
    """Yield the rows of a CSV file in blocks, or one block without rows; see `csv.rows`.

    Raises:
        AutodiffError: the file is empty, is not UTF-8 or not CSV, a header stands twice, or a row
            has more or fewer cells than the header.
        OSError: it cannot be read.
    """
    least = SMALL if piece.compression is None else SMALL // SHRUNK
    big = piece.size is not None and piece.size >= least and extra.works()
    with opened(piece.path) as raw, sound(piece.path, piece.compression):
        stream = decompressed(raw, piece.compression)
        first = stream.read(CHUNK) if big else b""
        head = _head(first)
        if head is None:
            yield from rows(piece, size, raw, chain([first] if first else [], chunks(stream)))
            return
        between = piece.dialect.told(head.said).between
        header = next(library.reader([head.header], delimiter=between, strict=True))
        start = begun(piece, header, head.said, head.line)
        yield from _Reading(piece, size, raw, start).blocks(first[head.end :], stream)


class _Head(NamedTuple):
    """The beginning of a file.

    Attributes:
        header: the line of the header.
        said: the delimiter that the line before it says, or None.
        line: the number of the header's line.
        end: bytes up to its end.
    """

    header: str
    said: str | None
    line: int
    end: int


def _head(content: bytes) -> _Head | None:
    """Return the header's line, or None where the library must find it."""
    said, end = None, 0
    for line, found in enumerate(content.split(b"\n", 64)[:-1], start=1):
        end += len(found) + 1
        if len(found) > library.field_size_limit() or found.count(b'"') % 2:
            return None
        try:
            text = found.removesuffix(b"\r").decode("utf-8-sig" if line == 1 else "utf-8")
        except UnicodeDecodeError:
            return None
        if "\r" in text or "\0" in text:
            return None
        if line == 1 and announced(text) is not None:
            said = announced(text)
        elif text:
            return _Head(text, said, line, end)
    return None


class _Reading:
    """The rows below a header, a chunk of lines at a time.

    Args:
        piece: the file.
        size: rows of a block.
        raw: the file's own bytes, which tell how much of it is read.
        start: what the header says.
    """

    def __init__(self, piece: Piece, size: int, raw: BinaryIO, start: Begun) -> None:
        self.piece, self.size, self.raw, self.start = piece, size, raw, start
        self.line = start.line
        self.held: list[Any] = []  # tables whose rows are in no block yet
        self.lines: list[Any] = []  # and their lines

    def blocks(self, content: bytes, stream: BinaryIO) -> Iterator[Data]:
        """Yield the rows of what was read already, and of what follows it."""
        found = False
        while content or (content := stream.read(CHUNK)):
            more = stream.read(CHUNK)
            end = content.rfind(b"\n") + 1 if more else len(content)
            if not end or not self._take(content[:end]):
                yield from self._handed_on(chain([content + more], chunks(stream)), found)
                return
            content = content[end:] + more
            for block in self._ready(1 if not content else self.size):
                found = True
                yield block
        if not found:
            yield from self._handed_on(iter(()), found)

    def _take(self, content: bytes) -> bool:
        """Take some whole lines, or none where the library must read them."""
        import pyarrow
        import pyarrow.csv

        lines = plain_lines(content, self.start.dialect.between)
        if lines is None:
            return False
        count, where = lines
        if not count:
            self.line += len(where)
            return True
        names = [str(place) for place in range(len(self.start.headers))]
        try:
            table = pyarrow.csv.read_csv(
                pyarrow.BufferReader(content),
                pyarrow.csv.ReadOptions(column_names=names, block_size=len(content) + 1),
                pyarrow.csv.ParseOptions(delimiter=self.start.dialect.between),
                pyarrow.csv.ConvertOptions(
                    column_types=dict.fromkeys(names, pyarrow.string()), strings_can_be_null=False
                ),
            )
        except (pyarrow.ArrowException, OSError):
            return False  # whose error the library tells better
        if table.num_rows != count:
            return False
        self.held.append(table)
        self.lines.append((where.nonzero()[0] + self.line + 1, count))
        self.line += len(where)
        return True

    def _ready(self, least: int) -> Iterator[ArrowRows]:
        """Yield what is taken in blocks, as long as there are `least` rows."""
        import numpy
        import pyarrow

        if sum(count for _, count in self.lines) < max(1, least):
            return
        table = pyarrow.concat_tables(self.held)
        lines = numpy.concatenate([where for where, _ in self.lines])
        start, start_of = self.start, 0
        while len(lines) - start_of >= max(1, least):
            part = table.slice(start_of, self.size).combine_chunks()
            count = part.num_rows
            yield ArrowRows(
                self.piece.path, start.headers, start.names, count, self._share(),
                part.to_batches()[0], lines[start_of : start_of + count], start.dialect,
            )  # fmt: skip
            start_of += count
        self.held = [table.slice(start_of)] if start_of < len(lines) else []
        self.lines = [(lines[start_of:], len(lines) - start_of)] if self.held else []

    def _share(self) -> float | None:
        size = self.piece.size
        return min(1.0, self.raw.tell() / size) if size else None

    def _handed_on(self, chunks: Iterator[bytes], found: bool) -> Iterator[Data]:
        """Let the library read what is left, the rows that are in no block yet before it."""
        columns = [
            [cell for table in self.held for cell in table.column(place).to_pylist()]
            for place in range(len(self.start.headers))
        ]
        lines = [int(line) for where, _ in self.lines for line in where]
        start = replace(
            self.start, line=self.line, rows=list(zip(*columns, strict=True)), lines=lines,
            found=found,
        )  # fmt: skip
        yield from rows(self.piece, self.size, self.raw, chunks, start)


def plain_lines(content: bytes, delimiter: str) -> tuple[int, Any] | None:
    """Return how many lines hold a row, and for each line whether it does.

    None where the library may read the lines otherwise than pyarrow: a line break inside
    quotation marks, marks that neither begin nor end a cell, other line ends, very long lines.
    """
    import numpy

    if b"\0" in content or content.startswith(codecs.BOM_UTF8):
        return None
    returns = b"\r" in content
    if returns and content.count(b"\r") != content.count(b"\r\n"):
        return None
    signs = numpy.frombuffer(content, numpy.uint8)
    ends = numpy.flatnonzero(signs == ord("\n"))
    if not content.endswith(b"\n"):
        ends = numpy.append(ends, len(content))
    lengths = numpy.diff(ends, prepend=-1) - 1
    if len(lengths) and lengths.max() >= library.field_size_limit():
        return None
    if returns:
        lengths -= (lengths > 0) & (signs[ends - 1] == ord("\r"))
    marks = numpy.flatnonzero(signs == ord('"'))
    if marks.size:
        if len(marks) % 2 or (numpy.searchsorted(marks, ends) % 2).any():
            return None
        padded = numpy.concatenate(([ord("\n")], signs, [ord("\n")]))
        before, after = padded[marks[::2]], padded[marks[1::2] + 2]
        opening = [ord(delimiter), ord("\n"), ord('"')]
        if not (
            numpy.isin(before, opening).all() and numpy.isin(after, [*opening, ord("\r")]).all()
        ):
            return None
    rows_here = lengths > 0
    return int(rows_here.sum()), rows_here
