"""Derivatives beyond the first: orders, a Hessian, a product with one."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from autodiff_cli.answers.higher import Entry, Higher
from autodiff_cli.engine.linearise import Value
from autodiff_cli.formats.format import Format
from autodiff_cli.formats.grid import Grid
from autodiff_cli.formats.signs import Formula, Signs
from autodiff_cli.views.beside import Line, symbolic_row, write_lines
from autodiff_cli.views.head import called, notes_payload, point, value_of, write_head, write_notes

#: Variables up to which a Hessian is written as a matrix too.
BROADEST = 8


def write(out: Format, report: Higher) -> None:
    """Write a Hessian, or where there is a direction the product with it."""
    if report.direction is None:
        _write_hessian(out, report)
    else:
        _write_product(out, report)


def payload(report: Higher) -> dict[str, Any]:
    """Return `autodiff.hessian/1`, or `autodiff.hvp/1` where there is a direction."""
    return _hessian_payload(report) if report.direction is None else _product_payload(report)


def write_orders(out: Format, report: Higher) -> None:
    """Write f′, f″ … with SymPy's formulas beside them."""
    name = called(report.graph)
    several = len(report.gradient) > 1
    lines = [
        Line(
            _mixed(out.signs, name, entry.path)
            if several
            else out.signs.order(name, len(entry.path)),
            entry.value,
            entry.symbolic,
        )
        for entry in report.entries
    ]
    write_lines(out, report.at, report.value, lines, "derivative")
    out.line()
    out.line(f"verdict on the orders: {report.verdict}")


def _mixed(signs: Signs, name: str, path: Sequence[str]) -> Formula:
    """Return what a derivative in several variables is called: ∂f/∂x, ∂²f/∂x∂y, ∂³f/∂x²∂y."""
    if len(path) == 1:
        return signs.slope(name, path[0])
    return signs.second(name, *path) if len(path) == 2 else signs.mixed(name, path)


def _write_hessian(out: Format, report: Higher) -> None:
    """Write the matrix, then each second derivative with SymPy's; equal mirrored ones once."""
    write_head(out, report.graph, report.at)
    _value(out, report)
    names = list(report.gradient)
    single = isinstance(report.value, float)
    if single and names:
        _gradient(out, report)
    if single and 1 < len(names) <= BROADEST:
        out.table(_matrix(out, report))
        out.line()
    entries = {entry.path: entry for entry in report.entries}
    places = {name: place for place, name in enumerate(names)}
    shown = [
        entry
        for (x, y), entry in entries.items()
        if places[x] <= places[y] or _differs(entry, entries[y, x])
    ]
    name = called(report.graph)
    lines = [
        Line(out.signs.second(name, *entry.path), entry.value, entry.symbolic) for entry in shown
    ]
    write_lines(out, report.at, report.value, lines, "second derivative")
    if len(names) > 1:
        gap = asymmetry(report)
        out.line()
        out.paragraph(
            "symmetric: the order of differentiation does not matter"
            if gap == 0
            else f"symmetric but for {gap:.1e}"
        )
    _verdict(out, report)


def asymmetry(report: Higher) -> float:
    """Return the largest difference between mirrored second derivatives; nan equals nan."""
    entries = {entry.path: entry.value for entry in report.entries}
    gap = 0.0
    for (x, y), value in entries.items():
        mirrored = entries[y, x]
        if value is mirrored or (isinstance(value, float) and value == mirrored):
            continue
        for one, other in zip(_numbers(value), _numbers(mirrored), strict=True):
            if one != other and not (one != one and other != other):
                gap = max(gap, abs(one - other))
    return gap


def _write_product(out: Format, report: Higher) -> None:
    """Write the components of the Hessian times the direction."""
    write_head(out, report.graph, report.at)
    if report.direction:
        out.paragraph("direction v: ", point(dict(report.direction), out.signs))
    _value(out, report)
    if isinstance(report.value, float) and report.gradient:
        _gradient(out, report)
    lines = [
        Line(out.signs.component("(Hv)", entry.path[0]), entry.value, entry.symbolic)
        for entry in report.entries
    ]
    write_lines(out, report.at, report.value, lines, "Hessian times v")
    _verdict(out, report)


def _value(out: Format, report: Higher) -> None:
    if isinstance(report.value, float):
        out.line(value_of(report.graph, report.value, out.signs))
        if report.entries:
            out.line()


def _verdict(out: Format, report: Higher) -> None:
    out.line()
    out.line(f"verdict: {report.verdict}")
    write_notes(out, report.notes)


def _gradient(out: Format, report: Higher) -> None:
    lines = [
        Line(out.signs.slope(called(report.graph), name), slope, None)
        for name, slope in report.gradient.items()
    ]
    write_lines(out, report.at, report.value, lines, "gradient")
    out.line()


def _matrix(out: Format, report: Higher) -> Grid:
    """Return the matrix: row x, column y holds ∂²f/∂x∂y."""
    names = list(report.gradient)
    values = {entry.path: entry.value for entry in report.entries}
    signs = out.signs
    rows = [
        (signs.slope(called(report.graph), x), *[signs.number(float(values[x, y])) for y in names])
        for x in names
    ]
    return Grid(("Hessian", *map(signs.operator, names)), tuple(rows), frozenset((0,)))


def _differs(entry: Entry, mirrored: Entry) -> bool:
    """Tell whether a derivative deserves a row beside the mirrored one."""
    if entry.symbolic is None or mirrored.symbolic is None:
        return False
    return entry.symbolic.verdict != mirrored.symbolic.verdict


def _numbers(value: Value) -> list[float]:
    return [float(value)] if isinstance(value, float) else value.ravel().tolist()


def _hessian_payload(report: Higher) -> dict[str, Any]:
    """Return `autodiff.hessian/1`: rows and columns by variable."""
    names = list(report.gradient)
    entries = {entry.path: entry for entry in report.entries}
    matrix = {x: {y: entries[x, y].value for y in names} for x in names}
    symbolic = None
    if all(entry.symbolic is not None for entry in report.entries):
        symbolic = {x: {y: _symbolic(entries[x, y]) for y in names} for x in names}
    return _higher(report, "autodiff.hessian/1", {"hessian": matrix, "symbolic": symbolic})


def _product_payload(report: Higher) -> dict[str, Any]:
    """Return `autodiff.hvp/1`: the components of the Hessian times the direction."""
    found = {entry.path[0]: entry.value for entry in report.entries}
    symbolic = None
    if all(entry.symbolic is not None for entry in report.entries):
        symbolic = {entry.path[0]: _symbolic(entry) for entry in report.entries}
    direction = dict(report.direction or {})
    return _higher(
        report, "autodiff.hvp/1", {"direction": direction, "hvp": found, "symbolic": symbolic}
    )


def orders(report: Higher) -> dict[str, Any]:
    """Return what `--order` adds to `autodiff.grad/1`; verdict and notes are those of both."""
    found: dict[str, list[Any]] = {name: [] for name in report.gradient}
    symbolic: dict[str, list[Any]] = {name: [] for name in report.gradient}
    mixed = []
    for entry in report.entries:
        if len(set(entry.path)) > 1:
            mixed.append(
                {"by": list(entry.path), "value": entry.value, "symbolic": _symbolic(entry)}
            )
            continue
        found[entry.path[0]].append(entry.value)
        symbolic[entry.path[0]].append(_symbolic(entry))
    return {
        "orders": found,
        "symbolic_orders": symbolic,
        **({"mixed": mixed} if len(report.gradient) > 1 else {}),
        "verdict": report.verdict,
        "notes": notes_payload(report.notes),
    }


def _higher(report: Higher, schema: str, found: dict[str, Any]) -> dict[str, Any]:
    return {
        "schema": schema,
        "expression": report.expression,
        "at": dict(report.at),
        "value": report.value,
        "gradient": dict(report.gradient),
        **found,
        "verdict": report.verdict,
        "notes": notes_payload(report.notes),
    }


def _symbolic(entry: Entry) -> dict[str, Any] | None:
    row = entry.symbolic
    return None if row is None else symbolic_row(row)
