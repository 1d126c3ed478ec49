"""Rows of numbers as CSV. Cells of the input stay as typed; a number is its shortest exact text."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Sequence
from typing import Any, BinaryIO

from autodiff_cli.files.rows import Rows


class CsvWriter:
    """Writes rows to a stream, the header first."""

    def __init__(self, stream: BinaryIO) -> None:
        self._stream = stream
        self._begun = False

    def write(self, rows: Rows) -> None:
        """Write some rows."""
        columns: list[Sequence[str | float]] = []
        headers: list[str] = []
        if rows.data is not None:
            headers += map(plain, rows.data.headers)
            for place, name in enumerate(rows.data.names):
                texts = rows.data.texts(place)
                # What was read as a number is none that a spreadsheet computes.
                columns.append(texts if name in rows.read else list(map(plain, texts)))
        headers += rows.numbers
        columns += [_floats(column) for column in rows.numbers.values()]
        stretched = [c if len(c) == rows.length else list(c) * rows.length for c in columns]
        text = io.StringIO()
        # The library quotes a line's end inside a cell only where it ends lines with that sign.
        if any("\r" in cell for cell in _texts(headers, rows)):
            table = csv.writer(text, lineterminator="\n", quoting=csv.QUOTE_ALL)
        else:
            table = csv.writer(text, lineterminator="\n")
        if not self._begun:
            table.writerow(headers)
            self._begun = True
        table.writerows(zip(*stretched, strict=True))
        self._stream.write(text.getvalue().encode())

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


def _floats(column: Any) -> list[float]:
    found: list[float] = column.tolist() if hasattr(column, "tolist") else column
    return found


def plain(cell: str) -> str:
    """Return a cell that a spreadsheet takes for text where it would take it for a formula."""
    if cell.lstrip()[:1] not in ("=", "+", "-", "@") and cell[:1] not in ("\t", "\r"):
        return cell
    try:
        float(cell)
    except ValueError:
        return f"'{cell}"
    return cell
