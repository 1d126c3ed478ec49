"""Rows of numbers for a file: the inputs as they were, then the value and one column a derivative.

Written block by block, so that a table longer than the memory can be.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

from autodiff_cli.engine.linearise import Value
from autodiff_cli.errors import AutodiffError, named, shortened
from autodiff_cli.files.table import Data

#: The value's column. Neither this nor `df/dx` can be a variable's name: both have a sign in them.
VALUE = "f()"


def slope(name: str) -> str:
    """Return the header of a derivative's column."""
    return f"df/d{name}"


class Rows(NamedTuple):
    """One row for each point: the file's columns, the other variables, f() and df/d….

    Attributes:
        data: the file's columns, or None.
        read: variable → its numbers, for the variables that are columns of the file.
        numbers: header → numbers, for all other columns.
        length: how many rows; columns of one number stand beside every row.
    """

    data: Data | None
    read: Mapping[str, Any]
    numbers: Mapping[str, Any]
    length: int


def rows(
    at: Mapping[str, Value], value: Value, gradient: Mapping[str, Value], data: Data | None
) -> Rows:
    """Return the rows of an answer.

    Args:
        at: the point: variable → number, list or array.
        value: the answer there, of the same length.
        gradient: variable → derivative, likewise.
        data: the rows of the file that the point came from, or None.

    Raises:
        AutodiffError: the file has a column that is named like one of the results.
    """
    results = {VALUE: value} | {slope(name): found for name, found in gradient.items()}
    return rows_with(at, results, data)


def rows_with(at: Mapping[str, Value], results: Mapping[str, Value], data: Data | None) -> Rows:
    """Return the rows of an answer that has other columns.

    Args:
        at: the point: variable → number, list or array.
        results: header → numbers there, of the same length.
        data: the rows of the file that the point came from, or None.

    Raises:
        AutodiffError: the file has a column that is named like one of the results.
    """
    taken = frozenset(data.names) if data is not None else frozenset()
    given = {name: found for name, found in at.items() if name not in taken}
    read = {name: found for name, found in at.items() if name in taken}
    if data is not None:
        _check(data, results)
    numbers = {header: _listed(found) for header, found in {**given, **results}.items()}
    length = max([0 if data is None else data.count, *map(len, numbers.values())])
    return Rows(data, read, numbers, length)


def _listed(found: Value) -> Any:
    """Return a number as a list of one; a list or an array as it is, of one dimension."""
    if hasattr(found, "ravel"):
        return found.ravel()
    return found if isinstance(found, list) else [float(found)]


def _check(data: Data, results: Mapping[str, Value]) -> None:
    for header in data.headers:
        if header.strip() in results:
            raise AutodiffError(
                f"{named(data.path)} has a column '{shortened(header.strip())}' already",
                mend="rename it or take it out: the result would have two of that name",
            )
