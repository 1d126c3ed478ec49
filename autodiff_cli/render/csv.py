"""Rows of numbers as CSV: the inputs as they were, then the value and one column a derivative."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence

from autodiff_cli.data import Data
from autodiff_cli.errors import AutodiffError, shortened
from autodiff_cli.report import Answer

#: The value's column. Neither this nor `df/dx` can be a variable's name: both have a sign in them.
VALUE = "f()"


def slope(name: str) -> str:
    """Return the header of a derivative's column."""
    return f"df/d{name}"


def answer(report: Answer, data: Data | None) -> str:
    """Return one row for each point: the file's columns, the other variables, f() and df/d….

    Args:
        report: the answer.
        data: the file that the rows came from, or None.

    Raises:
        AutodiffError: the file has a column that is named like one of the results.
    """
    results = {VALUE: report.value} | {slope(k): v for k, v in report.gradient.items()}
    columns = {name: _numbers(value) for name, value in results.items()}
    count = max(map(len, columns.values()))
    taken = data.names if data is not None else ()
    given = {name: value for name, value in report.at.items() if name not in taken}
    inputs = [_stretched(_numbers(value), count) for value in given.values()]
    texts: list[Sequence[str]] = [[repr(x) for x in column] for column in inputs]
    texts += [[repr(x) for x in _stretched(column, count)] for column in columns.values()]
    headers = [*given, *columns]
    lead: Sequence[Sequence[str]] = [()] * count
    if data is not None:
        _check(data, columns)
        headers = [*map(plain, data.headers), *headers]
        rows = data.rows if len(data.rows) == count else data.rows * count
        lead = [[plain(cell) for cell in row] for row in rows]
    stream = io.StringIO()
    # The library quotes a line's end inside a cell only where it ends lines with that sign.
    if any("\r" in cell for row in (headers, *lead) for cell in row):
        writer = csv.writer(stream, lineterminator="\n", quoting=csv.QUOTE_ALL)
    else:
        writer = csv.writer(stream, lineterminator="\n")
    writer.writerow(headers)
    writer.writerows(
        [*first, *rest] for first, rest in zip(lead, zip(*texts, strict=True), strict=True)
    )
    return stream.getvalue()


def _check(data: Data, results: dict[str, list[float]]) -> None:
    for header in data.headers:
        if header.strip() in results:
            raise AutodiffError(
                f"{data.path} has a column '{shortened(header.strip())}' already",
                mend="rename it or take it out: the result would have two of that name",
            )


def plain(cell: str) -> str:
    """Return a cell that a spreadsheet takes for text where it would take it for a formula."""
    if cell.lstrip()[:1] not in ("=", "+", "-", "@") and cell[:1] not in ("\t", "\r"):
        return cell
    try:
        float(cell)
    except ValueError:
        return f"'{cell}"
    return cell


def _numbers(value: object) -> list[float]:
    """Return a number as a list of one, an array as the list of its numbers."""
    if hasattr(value, "ravel"):
        value = value.ravel().tolist()
    return [float(x) for x in value] if isinstance(value, list) else [float(value)]  # type: ignore[arg-type]


def _stretched(column: list[float], count: int) -> list[float]:
    return column if len(column) == count else column * count
