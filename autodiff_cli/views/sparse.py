"""Sparse matrices: the pattern with its colours, the entries, and what the colours save."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from autodiff_cli.answers.sparse import Sparse
from autodiff_cli.formats.format import Format
from autodiff_cli.formats.grid import Grid, shortened
from autodiff_cli.formats.signs import Signs
from autodiff_cli.views.beside import Line, write_lines
from autodiff_cli.views.head import (
    called,
    equation,
    notes_payload,
    numbers,
    point,
    write_head,
    write_notes,
    write_steps,
)

#: Rows and columns up to which a pattern is drawn, and names that are listed of one colour.
BROADEST, LISTED = 16, 8


def write(out: Format, report: Sparse) -> None:
    """Write the pattern, its colours, the entries with SymPy's, and the count of sweeps."""
    signs = out.signs
    if report.gradient or (len(report.values) == 1 and report.rows == report.columns):
        write_head(out, report.graph, report.at)
        out.line(
            signs.formula(
                f"{signs.name(called(report.graph))} = {numbers(report.values[0], signs)}"
            )
        )
    else:
        write_steps(out, report.graph)
        for place, name in list(enumerate(report.rows))[: out.rows or None]:
            out.paragraph(*equation(report.graph, signs, name, place))
        out.paragraph("at ", point(report.at, signs))
    size = len(report.rows) * len(report.columns)
    out.line()
    out.paragraph(
        f"pattern: {len(report.entries):,} of {size:,} entries can be other than 0, by the graph"
    )
    if max(len(report.rows), len(report.columns)) <= BROADEST and report.entries:
        out.line()
        out.table(_pattern(report, signs))
    if report.sweeps:
        out.line()
        out.table(_colours(out, report))
        out.line()
        write_lines(out, report.at, report.values[0], _lines(report, signs), report.mode)
    out.line()
    out.paragraph(_saving(report))
    out.line(f"verdict: {report.verdict}")
    write_notes(out, report.notes)


def _hessian(report: Sparse) -> bool:
    return report.mode == "forward over reverse"


def _names(report: Sparse) -> Sequence[str]:
    """Return what is coloured: rows for reverse sweeps, else columns."""
    return report.rows if report.mode == "reverse" else report.columns


def _lines(report: Sparse, signs: Signs) -> list[Line]:
    """Return the entries; of a symmetric matrix those from the diagonal on."""
    if not _hessian(report):
        return [
            Line(signs.slope(entry.path[0], entry.path[1]), entry.value, entry.symbolic)
            for entry in report.entries
        ]
    places = {name: place for place, name in enumerate(report.rows)}
    name = called(report.graph)
    return [
        Line(signs.second(name, *entry.path), entry.value, entry.symbolic)
        for entry in report.entries
        if places[entry.path[0]] <= places[entry.path[1]]
    ]


def _pattern(report: Sparse, signs: Signs) -> Grid:
    """Return the pattern: each entry has the colour of the row or column it is found with."""
    coloured = dict(zip(_names(report), report.colours, strict=True))
    there = {
        entry.path: coloured[entry.path[0 if report.mode == "reverse" else 1]]
        for entry in report.entries
    }
    rows = [
        (signs.name(row), *[str(there.get((row, column), "")) for column in report.columns])
        for row in report.rows
    ]
    headings = ("colour", *map(signs.name, report.columns))
    return Grid(headings, tuple(rows), frozenset((0,)))


def _colours(out: Format, report: Sparse) -> Grid:
    """Return which rows or columns each colour has."""
    groups: list[list[str]] = [[] for _ in range(report.sweeps)]
    for name, colour in zip(_names(report), report.colours, strict=True):
        if colour >= 0:
            groups[colour].append(name)
    cells = []
    for colour, group in enumerate(groups):
        shown = ", ".join(map(out.signs.name, group[:LISTED]))
        more = f", {out.signs.ellipsis}" if len(group) > LISTED else ""
        cells.append((str(colour), str(len(group)), out.signs.formula(shown + more)))
    what = "formulas" if report.mode == "reverse" else "variables"
    return shortened(("colour", "how many", what), cells, (2,), out.rows)


def _saving(report: Sparse) -> str:
    """Say what the colours save."""
    count = len(_names(report))
    what = "formulas" if report.mode == "reverse" else "variables"
    pairs = "sweeps" if report.sweeps != 1 else "sweep"
    if _hessian(report):
        return (
            f"{report.sweeps} {pairs} for {count:,} {what}: each goes forward and back, and finds "
            "the Hessian times the sum of a colour's directions. Colours are such that each entry "
            "stands alone in one of its two rows (a star colouring)."
        )
    along = "rows" if report.mode == "reverse" else "columns"
    return (
        f"{report.sweeps} {pairs} of {report.mode} mode for {count:,} {what}: no two {along} of "
        f"one colour have an entry in the same {'column' if along == 'rows' else 'row'}."
    )


def payload(report: Sparse) -> dict[str, Any]:
    """Return `autodiff.hessian/1` or `autodiff.jacobian/1` of the pattern's entries alone."""
    matrix: dict[str, dict[str, Any]] = {row: {} for row in report.rows}
    symbolic: dict[str, dict[str, Any]] = {row: {} for row in report.rows}
    known = bool(report.entries)
    for entry in report.entries:
        row, column = entry.path
        matrix[row][column] = entry.value
        if entry.symbolic is None:
            known = False
        else:
            symbolic[row][column] = {
                "derivative": entry.symbolic.derivative, "value": entry.symbolic.value
            }  # fmt: skip
    sparse = {
        "coloured": "rows" if report.mode == "reverse" else "columns",
        "colours": dict(zip(_names(report), report.colours, strict=True)),
        "sweeps": report.sweeps,
        "entries": len(report.entries),
    }
    shared = {"verdict": report.verdict, "notes": notes_payload(report.notes), "sparse": sparse}
    if _hessian(report):
        return {
            "schema": "autodiff.hessian/1",
            "expression": report.expressions[0],
            "at": dict(report.at),
            "value": report.values[0],
            "gradient": dict(report.gradient),
            "hessian": matrix,
            "symbolic": symbolic if known else None,
            **shared,
        }
    return {
        "schema": "autodiff.jacobian/1",
        "expressions": list(report.expressions),
        "at": dict(report.at),
        "values": list(report.values),
        "jacobian": list(matrix.values()),
        "mode": report.mode,
        "reason": _saving(report),
        "symbolic": list(symbolic.values()) if known else None,
        **shared,
    }
