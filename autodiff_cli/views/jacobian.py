"""The Jacobian, a product beside it, and what a seed of ones means for it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from autodiff_cli.answers.jacobian import Products
from autodiff_cli.formats.format import Format
from autodiff_cli.formats.grid import Grid, shortened
from autodiff_cli.teach.sentences import bracketed, elided
from autodiff_cli.views.beside import Line, write_lines
from autodiff_cli.views.gradient import symbolic_payload
from autodiff_cli.views.head import (
    equation,
    notes_payload,
    point,
    write_notes,
    write_steps,
)

#: Sums that are written out.
MOST_SUMS = 12


def write(out: Format, report: Products) -> None:
    """Write the matrix with its product, how the product was summed, and what to learn from it."""
    write_steps(out, report.graph)
    for place, name in list(enumerate(report.graph.functions))[: out.rows or None]:
        out.paragraph(*equation(report.graph, out.signs, name, place))
    if report.at:
        out.paragraph("at ", point(report.at, out.signs))
    if report.kind == "jacobian":
        _jacobian(out, report)
    else:
        _product(out, report)
    write_notes(out, report.notes)


def _product(out: Format, report: Products) -> None:
    out.line()
    out.table(_grid(out, report))
    out.line()
    for parts in _sums(out, report):
        out.paragraph(*parts)
    out.line()
    for line in _sense(report):
        out.paragraph(line, hanging=0)
    out.line()
    if report.symbolic:
        seeded = report.kind == "vjp"
        names = report.wrt if seeded else report.graph.functions
        lines = [
            Line(out.signs.name(name), value, row)
            for name, value, row in zip(names, report.product, report.symbolic, strict=True)
        ]
        write_lines(out, {}, 0.0, lines, _seeded(out) if seeded else _directed(out))
        out.line()
    out.line(f"verdict: {report.verdict}")


def _jacobian(out: Format, report: Products) -> None:
    """Write the matrix, SymPy beside its entries, and why it was found in this mode."""
    single = all(isinstance(value, float) for value in report.values)
    if single:
        out.line()
        out.table(_grid(out, report))
        lines = [
            Line(out.signs.slope(name, variable), slope, (one.symbolic or {}).get(variable))
            for name, one in zip(report.graph.functions, report.answers, strict=False)
            for variable, slope in one.gradient.items()
        ]
        if any(line.symbolic is not None for line in lines):
            out.line()
            write_lines(out, {}, 0.0, lines, f"{report.mode} mode")
    else:
        for name, one in zip(report.graph.functions, report.answers, strict=True):
            symbolic = one.symbolic or {}
            lines = [
                Line(out.signs.slope(name, variable), slope, symbolic.get(variable))
                for variable, slope in one.gradient.items()
            ]
            out.line()
            write_lines(out, one.at, one.value, lines, "", name)
    out.line()
    tie = " (either would do)" if len(report.values) == len(report.wrt) else ""
    out.paragraph(f"Computed in {report.mode} mode{tie}; {report.reason}.")
    out.line(f"verdict: {report.verdict}")


def _grid(out: Format, report: Products) -> Grid:
    """Return one row a formula; the seed is a column and its product the last row."""
    signs = out.signs
    number = signs.number
    matrix = report.rows
    if matrix is None:
        return _without_matrix(out, report)
    seeded, directed = report.kind == "vjp", report.kind == "jvp"
    headings = ["", *(["seed"] if seeded else []), "value"]
    headings += map(signs.operator, report.wrt)
    headings += [_directed(out)] if directed else []
    cells = []
    if directed:
        cells.append(("direction", "", *map(number, report.given), ""))
    for k, (name, value, row) in enumerate(
        zip(report.graph.functions, report.values, matrix, strict=True)
    ):
        weight = [number(report.given[k])] if seeded else []
        moved = [number(report.product[k])] if directed else []
        slopes = [number(row[variable]) for variable in report.wrt]
        cells.append((name, *weight, number(value), *slopes, *moved))
    if seeded:
        cells.append((_seeded(out), "", "", *map(number, report.product)))
    return shortened(headings, cells, (0,), out.rows)


def _without_matrix(out: Format, report: Products) -> Grid:
    number = out.signs.number
    if report.kind == "vjp":
        cells = [(n, number(p)) for n, p in zip(report.wrt, report.product, strict=True)]
        return shortened(("", _seeded(out)), cells, (0,), out.rows)
    names = report.graph.functions
    found = zip(names, report.values, report.product, strict=True)
    return shortened(
        ("", "value", _directed(out)), [(n, number(v), number(p)) for n, v, p in found],
        (0,), out.rows,
    )  # fmt: skip


def _directed(out: Format) -> str:
    return out.signs.product("J", "direction")


def _seeded(out: Format) -> str:
    return out.signs.product("seed", "J")


def _sums(out: Format, report: Products) -> list[tuple[str, ...]]:
    """Return how each number of the product is a sum: `x: 1·2 + 1·1 = 3`."""
    if report.rows is None:
        return []
    signs = out.signs
    times = signs.times
    if report.kind == "vjp":
        columns = [[row[name] for row in report.rows] for name in report.wrt]
        names: Sequence[str] = report.wrt
    else:
        columns = [[row[name] for name in report.wrt] for row in report.rows]
        names = report.graph.functions
    lines: list[tuple[str, ...]] = []
    for name, slopes, total in zip(names, columns, report.product, strict=True):
        terms = [
            f"{bracketed(weight, signs)}{times}{bracketed(slope, signs)}"
            for weight, slope in zip(report.given, slopes, strict=True)
        ]
        body = " + ".join(elided(terms, signs))
        total_text = signs.number(total)
        sum_text = signs.formula(f"{body} = {total_text}") if terms else total_text
        lines.append((signs.name(name), ": ", sum_text))
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


def payload(report: Products) -> dict[str, Any]:
    """Return `autodiff.jacobian/1`, `autodiff.vjp/1` or `autodiff.jvp/1`."""
    found: dict[str, Any] = {
        "schema": f"autodiff.{report.kind}/1",
        "expressions": list(report.expressions),
        "at": dict(report.at),
        "values": list(report.values),
        "jacobian": None if report.rows is None else [dict(row) for row in report.rows],
    }
    if report.kind == "jacobian":
        symbolic = [symbolic_payload(one.symbolic) for one in report.answers]
        found |= {
            "mode": report.mode,
            "reason": report.reason,
            "symbolic": symbolic or None,
            "verdict": report.verdict,
        }
    elif report.kind == "vjp":
        found |= {
            "seed": list(report.given),
            "product": dict(zip(report.wrt, report.product, strict=True)),
        }
    else:
        found |= {
            "direction": dict(zip(report.wrt, report.given, strict=True)),
            "product": list(report.product),
        }
    if report.kind != "jacobian":
        names = report.wrt if report.kind == "vjp" else report.graph.functions
        rows = zip(names, report.symbolic, strict=False)
        found |= {"symbolic": symbolic_payload(dict(rows) or None), "verdict": report.verdict}
    return found | {"notes": notes_payload(report.notes)}
