"""The Jacobian on the screen, a product beside it, and what a seed of ones means for it."""

from __future__ import annotations

from collections.abc import Sequence

from autodiff_cli.answers.jacobian import Products
from autodiff_cli.formats.grid import Grid, shortened
from autodiff_cli.formats.screen import Screen
from autodiff_cli.graph.printer import number
from autodiff_cli.views.gradient import Line, write_lines
from autodiff_cli.views.trace import bracketed, elided

#: Sums that are written out.
MOST_SUMS = 12


def write(screen: Screen, report: Products, rows: int) -> None:
    """Write the matrix with its product, how the product was summed, and what to learn from it."""
    if report.kind == "jacobian":
        _jacobian(screen, report, rows)
        return
    screen.line()
    screen.table(_grid(screen, report, rows))
    screen.line()
    for line in _sums(screen, report):
        screen.paragraph(line)
    screen.line()
    for line in _sense(report):
        screen.paragraph(line, 0)


def _jacobian(screen: Screen, report: Products, rows: int) -> None:
    """Write the matrix, SymPy beside its entries, and why it was found in this mode."""
    single = all(isinstance(value, float) for value in report.values)
    if single:
        screen.line()
        screen.table(_grid(screen, report, rows))
        lines = [
            Line(screen.alphabet.slope(name, variable), slope, (one.symbolic or {}).get(variable))
            for name, one in zip(function_names(report), report.answers, strict=False)
            for variable, slope in one.gradient.items()
        ]
        if any(line.symbolic is not None for line in lines):
            screen.line()
            write_lines(screen, {}, 0.0, lines, f"{report.mode} mode", rows)
    else:
        for name, one in zip(function_names(report), report.answers, strict=True):
            symbolic = one.symbolic or {}
            lines = [
                Line(screen.alphabet.slope(name, variable), slope, symbolic.get(variable))
                for variable, slope in one.gradient.items()
            ]
            screen.line()
            write_lines(screen, one.at, one.value, lines, "", rows, name)
    screen.line()
    tie = " (either would do)" if len(report.values) == len(report.wrt) else ""
    screen.paragraph(f"Computed in {report.mode} mode{tie}; {report.reason}.")
    screen.line(f"verdict: {report.verdict}")


def function_names(report: Products) -> list[str]:
    """Return the names of the outputs: f, or f1, f2 and so on."""
    count = len(report.expressions)
    return ["f"] if count == 1 else [f"f{k}" for k in range(1, count + 1)]


def _grid(screen: Screen, report: Products, rows: int) -> Grid:
    """Return one row a formula; the seed is a column and its product the last row."""
    sign = screen.alphabet
    matrix = report.rows
    if matrix is None:
        return _without_matrix(screen, report, rows)
    seeded, directed = report.kind == "vjp", report.kind == "jvp"
    headings = ["", *(["seed"] if seeded else []), "value"]
    headings += [f"{sign.partial}/{sign.partial}{name}" for name in report.wrt]
    headings += [_directed(screen)] if directed else []
    cells = []
    if directed:
        cells.append(("direction", "", *map(number, report.given), ""))
    for k, (name, value, row) in enumerate(
        zip(function_names(report), report.values, matrix, strict=True)
    ):
        weight = [number(report.given[k])] if seeded else []
        moved = [number(report.product[k])] if directed else []
        slopes = [number(row[variable]) for variable in report.wrt]
        cells.append((name, *weight, number(value), *slopes, *moved))
    if seeded:
        cells.append((f"seed{sign.times}J", "", "", *map(number, report.product)))
    return shortened(headings, cells, (0,), rows)


def _without_matrix(screen: Screen, report: Products, rows: int) -> Grid:
    if report.kind == "vjp":
        cells = [(n, number(p)) for n, p in zip(report.wrt, report.product, strict=True)]
        return shortened(("", f"seed{screen.alphabet.times}J"), cells, (0,), rows)
    names = function_names(report)
    found = zip(names, report.values, report.product, strict=True)
    return shortened(
        ("", "value", _directed(screen)), [(n, number(v), number(p)) for n, v, p in found],
        (0,), rows,
    )  # fmt: skip


def _directed(screen: Screen) -> str:
    return f"J{screen.alphabet.times}direction"


def _sums(screen: Screen, report: Products) -> list[str]:
    """Return how each number of the product is a sum: `x: 1·2 + 1·1 = 3`."""
    if report.rows is None:
        return []
    times = screen.alphabet.times
    if report.kind == "vjp":
        columns = [[row[name] for row in report.rows] for name in report.wrt]
        names: Sequence[str] = report.wrt
    else:
        columns = [[row[name] for name in report.wrt] for row in report.rows]
        names = function_names(report)
    lines = []
    for name, slopes, total in zip(names, columns, report.product, strict=True):
        terms = [
            f"{bracketed(weight)}{times}{bracketed(slope)}"
            for weight, slope in zip(report.given, slopes, strict=True)
        ]
        body = " + ".join(elided(terms, screen.alphabet))
        lines.append(f"{name}: {body} = {number(total)}" if terms else f"{name}: {number(total)}")
    return lines[:MOST_SUMS]


def _sense(report: Products) -> list[str]:
    """Say what the product means; for a seed, when ones give the derivatives unchanged."""
    if report.kind == "jvp":
        return [
            "J·direction says how fast each output changes when the point moves that way. One "
            "forward sweep finds it without the Jacobian J, the columns of slopes shown here."
        ]
    said = [
        "seed·J is the rows of the Jacobian J, weighted by the seed and added up. Reverse sweeps "
        "find it without J."
    ]
    if report.rows is None or len(report.rows) < 2:
        return said
    shared = [name for name in report.wrt if sum(row[name] != 0 for row in report.rows) > 1]
    if shared:
        count = sum(row[shared[0]] != 0 for row in report.rows)
        said.append(
            f"{shared[0]} moves {count} of the outputs, so a seed of ones adds {count} derivatives "
            "into one number. Ones give each derivative unchanged only where every output has "
            "inputs of its own, as in sin over the rows of a list: there each column of J has one "
            "entry that is not 0."
        )
    else:
        said.append(
            "Each column of J has at most one entry that is not 0: every output has inputs of its "
            "own, so a seed of ones gives the derivatives unchanged. Where outputs share an input, "
            "as in x*y and x+y, ones add theirs up."
        )
    return said
