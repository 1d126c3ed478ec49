"""Hessians and Jacobians in Jupyter: a table at one point, columns at many, and LaTeX."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from autodiff_cli.engine.higher import Hessian, Jacobian
from autodiff_cli.engine.linearise import Value
from autodiff_cli.formats.grid import Grid, shortened
from autodiff_cli.formats.html import table
from autodiff_cli.formats.signs import UNICODE, Formula
from autodiff_cli.graph.printer import latex_name, latex_number, number

#: Rows and columns of a table.
MOST_ROWS, MOST_COLUMNS = 40, 12


def hessian(report: Hessian[Any]) -> str:
    """Return the second derivatives, a row a variable, with the gradient beside them."""
    names = list(report.matrix)
    if isinstance(report.value, float):
        heads = ["gradient", *map(UNICODE.operator, names)]
        rows: dict[str, Sequence[Value]] = {
            UNICODE.operator(name): [report.gradient[name], *report.matrix[name].values()]
            for name in names
        }
        return _matrix(rows, heads, f"f = {number(report.value)}")
    columns = {"f": report.value}
    columns |= {UNICODE.slope("f", name): slope for name, slope in report.gradient.items()}
    for k, x in enumerate(names):
        columns |= {UNICODE.second("f", x, y): report.matrix[x][y] for y in names[k:]}
    return _points(columns)


def jacobian(report: Jacobian[Any]) -> str:
    """Return the first derivatives, a row an output, with its value first."""
    outputs = _outputs(report)
    heads = ["value", *[UNICODE.operator(name) for name in (report.rows or ({},))[0]]]
    if all(isinstance(value, float) for value in report.values):
        rows: dict[str, Sequence[Value]] = {
            output: [value, *row.values()]
            for output, value, row in zip(outputs, report.values, report.rows, strict=True)
        }
        return _matrix(rows, heads, "")
    columns: dict[str, Value] = dict(zip(outputs, report.values, strict=True))
    for output, row in zip(outputs, report.rows, strict=True):
        columns |= {UNICODE.slope(output, name): slope for name, slope in row.items()}
    return _points(columns)


def hessian_latex(report: Hessian[Any]) -> str:
    """Return the matrix at one point."""
    if not isinstance(report.value, float):
        return r"$$\text{Hessians at several points}$$"
    return _pmatrix(
        "H", list(report.matrix), [list(row.values()) for row in report.matrix.values()]
    )


def jacobian_latex(report: Jacobian[Any]) -> str:
    """Return the matrix at one point."""
    if not all(isinstance(value, float) for value in report.values):
        return r"$$\text{Jacobians at several points}$$"
    names = list(report.rows[0]) if report.rows else []
    return _pmatrix("J", names, [list(row.values()) for row in report.rows])


def _outputs(report: Jacobian[Any]) -> list[str]:
    count = len(report.values)
    return ["f"] if count == 1 else [f"f{k}" for k in range(1, count + 1)]


def _matrix(rows: Mapping[str, Sequence[Value]], heads: Sequence[str], caption: str) -> str:
    """Return numbers at one point as a table with heads on two sides."""
    cells = [(name, *map(_number, row[:MOST_COLUMNS])) for name, row in rows.items()]
    grid = shortened(["", *heads[:MOST_COLUMNS]], cells, (0,), MOST_ROWS)
    more = len(heads) - MOST_COLUMNS
    return table(grid._replace(columns=f"{more:,} more columns" if more > 0 else ""), caption)


def _points(columns: Mapping[str, Value]) -> str:
    """Return numbers at many points as a table, one row a point."""
    kept = dict(list(columns.items())[:MOST_COLUMNS])
    arrays = [column.ravel() for column in kept.values()]
    rows = [tuple(map(_number, row)) for row in zip(*arrays, strict=True)]
    more = len(columns) - len(kept)
    grid: Grid = shortened(list(kept), rows, (), MOST_ROWS)
    return table(grid._replace(columns=f"{more:,} more columns" if more else ""), "")


def _number(value: Value) -> Formula:
    return Formula(number(float(value)))


def _pmatrix(letter: str, names: Sequence[str], rows: Sequence[Sequence[Value]]) -> str:
    """Return a matrix, by what its columns are derivatives, and `…` for what is left out."""
    shown = [[latex_number(float(value)) for value in row[:MOST_COLUMNS]] for row in rows]
    more = len(names) > MOST_COLUMNS
    lines = [" & ".join([*row, *([r"\cdots"] if more else [])]) for row in shown[:MOST_ROWS]]
    lines += [r"\vdots"] if len(shown) > MOST_ROWS else []
    by = ", ".join([*map(latex_name, names[:MOST_COLUMNS]), *([r"\dots"] if more else [])])
    body = r" \\ ".join(lines)
    return rf"$${letter}_{{{by}}} = \begin{{pmatrix}} {body} \end{{pmatrix}}$$"
