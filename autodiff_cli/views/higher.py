"""Derivatives beyond the first on the screen: orders, a Hessian, a product with one."""

from __future__ import annotations

from autodiff_cli.answers.higher import Entry, Higher
from autodiff_cli.engine.linearise import Value
from autodiff_cli.formats.grid import Grid
from autodiff_cli.formats.screen import Screen
from autodiff_cli.graph.printer import number
from autodiff_cli.views.gradient import Line, write_lines

#: Variables up to which a Hessian is written as a matrix too.
BROADEST = 8

_RAISED = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")


def write_orders(screen: Screen, report: Higher, rows: int) -> None:
    """Write f′, f″ … with SymPy's formulas beside them."""
    plain = screen.alphabet.plain
    lines = [
        Line(order_label(len(entry.path), plain=plain), entry.value, entry.symbolic)
        for entry in report.entries
    ]
    write_lines(screen, report.at, report.value, lines, "derivative", rows)
    screen.line()
    screen.line(f"verdict on the orders: {report.verdict}")


def order_label(order: int, *, plain: bool) -> str:
    """Return f′, f″, f‴, f⁽⁴⁾ … as a book writes them."""
    if plain:
        return f"f{chr(39) * order}" if order < 4 else f"f^({order})"
    return f"f{'′″‴'[order - 1]}" if order < 4 else f"f⁽{str(order).translate(_RAISED)}⁾"


def write_hessian(screen: Screen, report: Higher, rows: int) -> None:
    """Write the matrix, then each second derivative with SymPy's; equal mirrored ones once."""
    _value(screen, report)
    names = list(report.gradient)
    single = isinstance(report.value, float)
    if single and names:
        _gradient(screen, report, rows)
    if single and 1 < len(names) <= BROADEST:
        screen.table(_matrix(screen, report))
        screen.line()
    entries = {entry.path: entry for entry in report.entries}
    shown = [
        entry
        for (x, y), entry in entries.items()
        if names.index(x) <= names.index(y) or _differs(entry, entries[y, x])
    ]
    lines = [Line(second(screen, *entry.path), entry.value, entry.symbolic) for entry in shown]
    write_lines(screen, report.at, report.value, lines, "second derivative", rows)
    if len(names) > 1:
        gap = asymmetry(report)
        screen.line()
        screen.paragraph(
            "symmetric: the order of differentiation does not matter"
            if gap == 0
            else f"symmetric but for {gap:.1e}"
        )
    _verdict(screen, report)


def asymmetry(report: Higher) -> float:
    """Return the largest difference between mirrored second derivatives; nan equals nan."""
    entries = {entry.path: entry.value for entry in report.entries}
    gaps = [0.0]
    for (x, y), value in entries.items():
        for one, other in zip(_numbers(value), _numbers(entries[y, x]), strict=True):
            if one != other and not (one != one and other != other):
                gaps.append(abs(one - other))
    return max(gaps)


def second(screen: Screen, x: str, y: str) -> str:
    """Return the name of a second derivative: ∂²f/∂x² or ∂²f/∂x∂y."""
    sign = screen.alphabet.partial
    below = f"{sign}{x}²" if x == y else f"{sign}{x}{sign}{y}"
    return f"{sign}²f/{below}"


def write_product(screen: Screen, report: Higher, rows: int) -> None:
    """Write the components of the Hessian times the direction."""
    _value(screen, report)
    if isinstance(report.value, float) and report.gradient:
        _gradient(screen, report, rows)
    lines = [Line(f"(Hv)_{entry.path[0]}", entry.value, entry.symbolic) for entry in report.entries]
    write_lines(screen, report.at, report.value, lines, "Hessian times v", rows)
    _verdict(screen, report)


def _value(screen: Screen, report: Higher) -> None:
    if isinstance(report.value, float):
        screen.line(f"f = {number(report.value)}")
        if report.entries:
            screen.line()


def _verdict(screen: Screen, report: Higher) -> None:
    screen.line()
    screen.line(f"verdict: {report.verdict}")


def _gradient(screen: Screen, report: Higher, rows: int) -> None:
    lines = [
        Line(screen.alphabet.slope("f", name), slope, None)
        for name, slope in report.gradient.items()
    ]
    write_lines(screen, report.at, report.value, lines, "gradient", rows)
    screen.line()


def _matrix(screen: Screen, report: Higher) -> Grid:
    """Return the matrix: row x, column y holds ∂²f/∂x∂y."""
    names = list(report.gradient)
    values = {entry.path: entry.value for entry in report.entries}
    sign = screen.alphabet.partial
    rows = [
        (screen.alphabet.slope("f", x), *[number(float(values[x, y])) for y in names])
        for x in names
    ]
    return Grid(("Hessian", *[f"{sign}/{sign}{y}" for y in names]), tuple(rows), frozenset((0,)))


def _differs(entry: Entry, mirrored: Entry) -> bool:
    """Tell whether a derivative deserves a row beside the mirrored one."""
    if entry.symbolic is None or mirrored.symbolic is None:
        return False
    return entry.symbolic.verdict != mirrored.symbolic.verdict


def _numbers(value: Value) -> list[float]:
    return [float(value)] if isinstance(value, float) else value.ravel().tolist()
