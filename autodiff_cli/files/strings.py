"""Rows as the text of a CSV file, by pyarrow: the bytes that the library writes, in less time."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from autodiff_cli.files.dialect import Dialect
from autodiff_cli.files.rows import Rows

#: Between these, and whole, a float's shortest text is spelt alike in Python and in Arrow.
LEAST, MOST = 1e-4, 1e10

#: A cell that a spreadsheet may take for a formula: what is before its sign is no letter.
COMPUTED = r"^(?:[\s\x{0b}\x{1c}-\x{1f}\x{85}\p{Z}]*[=+\-@]|[\t\r])"


def text(rows: Rows, dialect: Dialect, plain: Callable[[str, str], str]) -> Any | None:
    """Return some rows as bytes of CSV, or None where the library must write them.

    Args:
        rows: what is written; columns of one number stand beside every row.
        dialect: how the file is written.
        plain: makes text of what a spreadsheet would take for a formula, by its decimal sign.
    """
    import pyarrow
    import pyarrow.compute as compute

    columns: list[Any] = []
    for place, name in enumerate(rows.data.names if rows.data is not None else ()):
        assert rows.data is not None
        column = rows.data.strings(place)
        if column is None:
            return None
        if name not in rows.read:
            column = _each(column, COMPUTED, lambda cell: plain(cell, dialect.decimal))
        columns.append(column)
    for found in rows.numbers.values():
        column = floats(found)
        if dialect.decimal != ".":
            column = compute.replace_substring(column, ".", dialect.decimal)
        columns.append(column)
    if len(columns) < 2 or dialect.between in " \\^]-":
        return None
    marks = [sign.encode() for sign in ('"', "\n", dialect.between)]
    for place in range(len(columns) - len(rows.numbers)):
        content = bytes(_bytes(columns[place]))
        if b"\r" in content:
            return None  # the library puts marks around all cells then
        if any(mark in content for mark in marks):
            columns[place] = _each(columns[place], f'["\n{dialect.between}]', _quoted)
    stretched = [
        column if len(column) == rows.length else pyarrow.repeat(column[0], rows.length)
        for column in columns
    ]
    stretched[-1] = compute.binary_join_element_wise(stretched[-1], "\n", "")
    return _bytes(compute.binary_join_element_wise(*stretched, dialect.between))


def floats(numbers: Any) -> Any:
    """Return numbers as their shortest exact texts, spelt as Python spells them.

    Args:
        numbers: a list, a NumPy array or an Arrow array of floats.
    """
    import numpy
    import pyarrow
    import pyarrow.compute as compute

    values = numpy.asarray(numbers, float)
    texts = pyarrow.array(values).cast(pyarrow.string())
    with numpy.errstate(invalid="ignore"):
        whole = values == numpy.floor(values)
        size = numpy.abs(values)
        other = ((size < LEAST) & (values != 0)) | (size >= MOST)
    if whole.any():
        pointed = compute.binary_join_element_wise(texts, ".0", "")
        texts = compute.if_else(pyarrow.array(whole), pointed, texts)
    if other.any():
        spelt = [repr(value) for value in values[other].tolist()]
        texts = compute.replace_with_mask(texts, pyarrow.array(other), pyarrow.array(spelt))
    return texts


def _each(column: Any, pattern: str, change: Any) -> Any:
    """Return a column with those cells changed that match a pattern."""
    import pyarrow
    import pyarrow.compute as compute

    found = compute.match_substring_regex(column, pattern)
    if not compute.any(found).as_py():
        return column
    changed = [change(cell) for cell in column.filter(found).to_pylist()]
    return compute.replace_with_mask(column, found, pyarrow.array(changed, pyarrow.string()))


def _quoted(cell: str) -> str:
    doubled = cell.replace('"', '""')
    return f'"{doubled}"'


def _bytes(column: Any) -> Any:
    """Return all bytes of a column of text, which are not copied."""
    import numpy

    _, offsets, content = column.buffers()
    ends = numpy.frombuffer(offsets, numpy.int32)
    start, end = ends[column.offset], ends[column.offset + len(column)]
    return memoryview(content)[start:end] if content is not None else b""
