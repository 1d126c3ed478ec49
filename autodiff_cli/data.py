"""A CSV file as columns of numbers: `--data FILE.csv` binds them to variables by their header.

The rows are kept as they were typed, so that results can be written beside them.
"""

from __future__ import annotations

import csv
import io
import math
from collections.abc import Sequence
from typing import NamedTuple

from autodiff_cli.errors import AutodiffError, shortened, visible
from autodiff_cli.language.tokens import variable_name
from autodiff_cli.limits import exceeded, limit


class Data(NamedTuple):
    """What a CSV file holds.

    Attributes:
        path: the file, for messages.
        headers: the first line's cells as typed.
        names: for each column the variable that its header names, or None where it is no name.
        rows: the cells of each row as typed.
        lines: the line of the file where each row ends.
    """

    path: str
    headers: tuple[str, ...]
    names: tuple[str | None, ...]
    rows: tuple[tuple[str, ...], ...]
    lines: tuple[int, ...]

    def column(self, place: int) -> list[float]:
        """Return the numbers of one column.

        Raises:
            AutodiffError: a cell is no number; the message names file, line and column.
        """
        cells = [row[place] for row in self.rows]
        numbers = [_number(cell) for cell in cells]
        for k, found in enumerate(numbers):
            if found is None:
                where = f"{_named(self.path)}, line {self.lines[k]}, column {self.title(place)}"
                raise AutodiffError(f"{where}: {_wrong(cells[k])}", mend=_mend(cells[k]))
        return [found for found in numbers if found is not None]

    def title(self, place: int) -> str:
        """Return a column's header in quotes, or its number where it has none."""
        header = self.headers[place].strip()
        return f"'{shortened(header)}'" if header else f"{place + 1}"


def load(path: str) -> Data:
    """Read a CSV file: UTF-8 with or without BOM, a header first, commas between the cells.

    Blank lines are passed over.

    Raises:
        AutodiffError: the file is empty, is not UTF-8 or not CSV, a header stands twice, or a row
            has more or fewer cells than the header.
        OSError: it cannot be read.
    """
    if path == "-":
        raise AutodiffError("--data reads a file, not stdin", mend="write --data FILE.csv")
    headers, rows, lines = _cells(path)
    if headers is None:
        mend = "its first line is a header that names the variables: x,y"
        raise AutodiffError(f"{_named(path)} is empty", mend=mend)
    names = tuple(_name(header) for header in headers)
    _check_headers(path, headers, names)
    if not rows:
        raise AutodiffError(f"{_named(path)} has a header and no rows")
    return Data(path, headers, names, tuple(rows), tuple(lines))


def _cells(path: str) -> tuple[tuple[str, ...] | None, list[tuple[str, ...]], list[int]]:
    """Return the header, and the rows with the lines where they end."""
    with open(path, "rb") as stream:
        content = stream.read()
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        message = f"{_named(path)}, line {line} is not UTF-8: byte {content[error.start]:#04x}"
        raise AutodiffError(message, mend="save the table as CSV UTF-8") from None
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    headers: tuple[str, ...] | None = None
    rows: list[tuple[str, ...]] = []
    lines: list[int] = []
    most = limit("rows")
    try:
        for row in reader:
            if not row:
                continue
            if headers is None:
                headers = tuple(row)
                continue
            if len(row) != len(headers):
                raise AutodiffError(
                    f"{_named(path)}, line {reader.line_num} has {_counted(row)}, and the header "
                    f"has {len(headers)}",
                    mend="give every row one cell for each column",
                )
            if len(rows) == most:
                raise exceeded("rows")
            rows.append(tuple(row))
            lines.append(reader.line_num)
    except csv.Error as error:
        message = f"{_named(path)}, line {reader.line_num} is not CSV: {error}"
        raise AutodiffError(message, mend="check the quotation marks there") from None
    return headers, rows, lines


def _check_headers(path: str, headers: Sequence[str], names: Sequence[str | None]) -> None:
    if any(_number(header) is not None for header in headers):
        raise AutodiffError(
            f"{_named(path)} has numbers in its first line",
            mend="put a header there that names the variables: x,y",
        )
    if len(headers) == 1 and len(headers[0].split(";")) > 1:
        message = f"{_named(path)} has semicolons between its columns"
        raise AutodiffError(message, mend="save it with commas, and with points in the numbers")
    seen: dict[str, int] = {}
    for place, (header, name) in enumerate(zip(headers, names, strict=True)):
        key = name or header.strip()
        if key and key in seen:
            first, second = (shortened(headers[k].strip()) for k in (seen[key], place))
            spelt = "" if first == second else f", as '{first}' and as '{second}'"
            raise AutodiffError(
                f"{_named(path)} has two columns '{shortened(key)}'{spelt}: "
                f"the {_ordinal(seen[key])} and the {_ordinal(place)}",
                mend="rename one or take it out",
            )
        seen[key] = place


def _name(header: str) -> str | None:
    """Return the variable that a header names, normalised as in a formula, or None."""
    try:
        return variable_name(header.strip())
    except AutodiffError:
        return None


def _number(cell: str) -> float | None:
    """Return the finite number of a cell, or None. What Python alone reads (1_000) is none."""
    try:
        number = float(cell)
    except ValueError:
        return None
    if not math.isfinite(number) or "_" in cell or not cell.isascii():
        return None
    return number


def _wrong(cell: str) -> str:
    text = cell.strip()
    if not text:
        return "the cell is empty"
    try:
        infinite = math.isinf(float(text)) and any(char.isdigit() for char in text)
    except ValueError:
        infinite = False
    if infinite:
        return f"'{shortened(text)}' is beyond the range of float64"
    return f"'{shortened(text)}' is not a finite number"


def _mend(cell: str) -> str:
    text = cell.strip().replace(",", ".", 1)
    if "," in cell and _number(text) is not None:
        return f"write {text} with a point"
    return "write a number there, such as 4 or -1.5e-3, or take the row out"


def _counted(row: Sequence[str]) -> str:
    return "1 cell" if len(row) == 1 else f"{len(row)} cells"


def _ordinal(place: int) -> str:
    words = ("first", "second", "third", "fourth", "fifth")
    return words[place] if place < len(words) else f"{place + 1}th"


def _named(path: str) -> str:
    return visible(path)
