"""Rows that an engine of somebody's own holds as Arrow: their value and gradient beside them.

So Spark, Ray, Polars or DuckDB read, share out and write; a block of rows is a function's argument.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any

from autodiff_cli.answers.gradient import Mode, grad_of_block
from autodiff_cli.answers.reading import reading_of
from autodiff_cli.engine import point
from autodiff_cli.engine.linearise import Value
from autodiff_cli.errors import AutodiffError, one_of
from autodiff_cli.files.extra import require
from autodiff_cli.files.parquet import ParquetRows
from autodiff_cli.files.rows import rows
from autodiff_cli.files.table import variables
from autodiff_cli.graph.graph import Graph
from autodiff_cli.language.parser import Reading

#: What rows that are no file's are called in messages.
CALLED = "rows"


def grad_rows(
    expression: Graph | str,
    rows: Any,
    *,
    at: Mapping[str, float] | None = None,
    wrt: Sequence[str] | None = None,
    mode: Mode = "reverse",
) -> Any:
    """Return rows with the value and the gradient of an expression at each.

    Args:
        expression: a graph from `parse`, or text; it is read and compiled once for many calls.
        rows: a pyarrow.RecordBatch or pyarrow.Table, whose columns are variables by their names.
        at: variable → number, for those that are no column.
        wrt: the variables to differentiate with respect to; by default all columns of the formula.
        mode: "reverse" or "forward".

    Returns:
        The same kind, with the columns `f()` and `df/dx`, `df/dy`, … after the others.

    Raises:
        AutodiffError: the text, a name or a number is wrong, or pyarrow is not installed.
    """
    one_of("mode", mode, ("reverse", "forward"))
    require("rows of Arrow")
    import pyarrow

    if isinstance(rows, pyarrow.RecordBatch):
        return _answered(expression, rows, dict(at or {}), wrt, mode, 0)
    if not isinstance(rows, pyarrow.Table):
        raise AutodiffError(f"rows are a RecordBatch or a Table of pyarrow, not {type(rows)}")
    batches, before = [], 0
    whole = rows.to_batches() or [pyarrow.RecordBatch.from_pylist([], schema=rows.schema)]
    for batch in whole:
        batches.append(_answered(expression, batch, dict(at or {}), wrt, mode, before))
        before += batch.num_rows
    return pyarrow.Table.from_batches(batches)


def _answered(
    expression: Graph | str,
    batch: Any,
    given: dict[str, float],
    wrt: Sequence[str] | None,
    mode: Mode,
    before: int,
) -> Any:
    import pyarrow

    headers = tuple(batch.schema.names)
    names = variables(CALLED, headers)
    numbers = range(before + 1, before + 1 + batch.num_rows)
    data = ParquetRows(CALLED, headers, names, batch.num_rows, None, batch, numbers)
    known = tuple(name for name in names if name is not None and name not in given)
    reading = _read(expression, (*given, *known))
    graph = reading.graph
    columns = {name: place for place, name in enumerate(names) if name in graph.variables}
    columns = {name: place for name, place in columns.items() if name not in given}
    values: dict[str, Value] = {**given, **{str(n): data.array(k) for n, k in columns.items()}}
    active = [name for name in graph.variables if name in columns] if wrt is None else wrt
    result = grad_of_block(reading, values, mode=mode, wrt=point.chosen(graph, active))
    found = rows(result.at, result.value, result.gradient, data)
    more = {header: column for header, column in found.numbers.items() if header not in given}
    arrays = [pyarrow.array(column, pyarrow.float64()) for column in more.values()]
    return pyarrow.RecordBatch.from_arrays([*batch.columns, *arrays], names=[*headers, *more])


@lru_cache(maxsize=8)
def _read(expression: Graph | str, variables: tuple[str, ...]) -> Reading:
    return reading_of(expression, dict.fromkeys(variables, 0.0))
