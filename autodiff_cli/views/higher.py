"""Derivatives beyond the first: orders, a Hessian, a product with one."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, overload

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
    lines = _Seconds(out.signs, called(report.graph), _shown(report))
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


def _shown(report: Higher) -> list[Entry]:
    """Return the second derivatives but those that only repeat the mirrored one."""
    entries, size = report.entries, len(report.gradient)
    shown: list[Entry] = []
    for row in range(size):
        start = row * size
        if entries[start].symbolic is not None:
            for column in range(row):
                entry = entries[start + column]
                if _differs(entry, entries[column * size + row]):
                    shown.append(entry)
        shown += entries[start + row : start + size]
    return shown


class _Seconds(Sequence[Line]):
    """Second derivatives as lines. Each is named when it is asked for: there may be very many."""

    def __init__(self, signs: Signs, of: str, entries: Sequence[Entry]) -> None:
        self.signs, self.of, self.entries = signs, of, entries

    def __len__(self) -> int:
        return len(self.entries)

    @overload
    def __getitem__(self, place: int) -> Line: ...
    @overload
    def __getitem__(self, place: slice) -> Sequence[Line]: ...
    def __getitem__(self, place: int | slice) -> Line | Sequence[Line]:
        if isinstance(place, slice):
            return _Seconds(self.signs, self.of, self.entries[place])
        path, value, symbolic = self.entries[place]
        return Line(self.signs.second(self.of, *path), value, symbolic)


def asymmetry(report: Higher) -> float:
    """Return the largest difference between mirrored second derivatives; nan equals nan."""
    values, size = [entry.value for entry in report.entries], len(report.gradient)
    single = isinstance(report.value, float)
    gap = 0.0
    for place in range(size):
        after = slice(place * size + place + 1, (place + 1) * size)
        below = slice((place + 1) * size + place, None, size)
        if single and values[after] == values[below]:
            continue
        for value, mirrored in zip(values[after], values[below], strict=True):
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
    rows = [
        report.entries[start : start + len(names)]
        for start in range(0, len(report.entries), len(names) or 1)
    ]
    matrix = {
        x: dict(zip(names, [entry.value for entry in row], strict=True))
        for x, row in zip(names, rows, strict=True)
    }
    symbolic = None
    if all(entry.symbolic is not None for entry in report.entries):
        symbolic = {
            x: dict(zip(names, map(_symbolic, row), strict=True))
            for x, row in zip(names, rows, strict=True)
        }
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
