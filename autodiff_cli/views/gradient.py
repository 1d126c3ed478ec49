"""Derivatives on the screen, SymPy's beside them: one row a derivative, or one row a point."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from autodiff_cli.answers.beside import Answer
from autodiff_cli.answers.judging import SymbolicRow
from autodiff_cli.engine.linearise import Value
from autodiff_cli.formats.grid import Grid, shortened
from autodiff_cli.formats.screen import Screen
from autodiff_cli.graph.printer import number
from autodiff_cli.notes.note import AT_A_KINK


class Line(NamedTuple):
    """One derivative: what it is called, its value or values, and SymPy's side where known."""

    label: str
    value: Value
    symbolic: SymbolicRow | None


def write(screen: Screen, report: Answer, rows: int) -> None:
    """Write the value, the derivatives with SymPy's beside them, and the verdict."""
    write_numbers(
        screen, report.at, report.value, report.gradient, report.symbolic or {}, report.mode, rows,
        report.between,
    )  # fmt: skip
    screen.line()
    screen.line(f"verdict: {report.verdict}{_reason(report)}")


def write_numbers(
    screen: Screen,
    at: Mapping[str, float | list[float]],
    value: Value,
    gradient: Mapping[str, Value],
    symbolic: Mapping[str, SymbolicRow],
    mode: str,
    rows: int,
    between: int = 0,
) -> None:
    """Write the value and the derivatives, with SymPy's beside them where they are known."""
    lines = [
        Line(screen.alphabet.slope("f", name), slope, symbolic.get(name))
        for name, slope in gradient.items()
    ]
    if isinstance(value, float):
        screen.line(f"f = {number(value)}")
        if lines:
            screen.line()
    write_lines(screen, at, value, lines, f"{mode} mode", rows, between=between)


#: Verdict → the kinds of notes that are its reason.
REASONS = {
    "kink": AT_A_KINK,
    "overflow": {"overflow", "domain"},
    "undefined": {"domain"},
    "symbolic-complex": {"domain"},
}


def _reason(report: Answer) -> str:
    """Return the kinds of departures behind a verdict, each with its first node."""
    first: dict[str, str] = {}
    for note in report.notes:
        if note.kind in REASONS.get(report.verdict, ()) and note.node is not None:
            kind = "" if note.kind == report.verdict else note.kind.replace("-", " ") + " "
            first.setdefault(note.kind, f"{kind}at {note.node}")
    return f" ({', '.join(first.values())})" if first else ""


def write_lines(
    screen: Screen,
    at: Mapping[str, float | list[float]],
    value: Value,
    lines: Sequence[Line],
    heading: str,
    rows: int,
    function: str = "f",
    between: int = 0,
) -> None:
    """Write derivatives as a table: a row for each, or for each point where there are several.

    Args:
        screen: where to.
        at: the point as given.
        value: the value of the formula, there too.
        lines: the derivatives.
        heading: what stands above autodiff's numbers.
        rows: rows shown at most; 0 shows all.
        function: what the formula is called.
        between: points in the middle of them all that are not here, see `report.Answer`.
    """
    if not isinstance(value, float):
        _points(screen, at, value, lines, rows, function, between)
    elif lines:
        screen.table(_variables(lines, heading, rows))


def _variables(lines: Sequence[Line], heading: str, rows: int) -> Grid:
    """Return one row for each derivative."""
    headings = ["", heading, "SymPy", "its value", "difference", "verdict"]
    cells = []
    for label, value, symbolic in lines:
        row = [label, number(value)]
        if symbolic is not None:
            row += [
                program_text(symbolic.derivative),
                _shown(symbolic.value),
                _difference(symbolic.difference),
                symbolic.verdict,
            ]
        cells.append(tuple(row))
    if lines[0].symbolic is None:
        headings = headings[:2]
    return shortened(headings, cells, (0, 2, 5), rows)


def _points(
    screen: Screen,
    at: Mapping[str, float | list[float]],
    value: Value,
    lines: Sequence[Line],
    rows: int,
    function: str,
    between: int,
) -> None:
    """Write one row for each point, and SymPy's formulas above."""
    for label, _, row in lines:
        if row is not None:
            screen.paragraph(f"{label} = {program_text(row.derivative)} (SymPy)")
    many = [name for name, given in at.items() if isinstance(given, list)]
    headings = [*many, function, *[line.label for line in lines]]
    symbolic = [line.symbolic for line in lines if line.symbolic is not None]
    if symbolic:
        headings += ["difference", "verdict"]
    count = len(value)
    columns = [at[name] for name in many]
    cells = []
    for k in _kept(count, rows):
        texts = [number(c[k if len(c) > 1 else 0]) for c in columns if isinstance(c, list)]
        texts += [number(float(value[k]))]
        texts += [number(float(line.value[k])) for line in lines]
        if symbolic:
            texts += _worst(symbolic, k)
        cells.append(tuple(texts))
    left = (len(headings) - 1,) if symbolic else ()
    left_out = count - len(cells) + between
    skipped = (rows - rows // 3, left_out) if left_out else None
    screen.line()
    screen.table(Grid(tuple(headings), tuple(cells), frozenset(left), skipped))


def _kept(count: int, rows: int) -> list[int]:
    """Return the points that are shown: the first and the last ones."""
    if not rows or count <= rows:
        return list(range(count))
    head = rows - rows // 3
    return [*range(head), *range(count - (rows - head), count)]


def _worst(symbolic: list[SymbolicRow], k: int) -> list[str]:
    """Return the largest difference and the worst verdict of one point."""
    from autodiff_cli.symbolic.verdict import worst

    differences = [row.difference[k] for row in symbolic if isinstance(row.difference, list)]
    known = [d for d in differences if d is not None]
    largest = _difference(max(known, key=abs)) if known else ""
    return [largest, worst([row.verdicts[k] for row in symbolic])]


#: Characters of SymPy's formula on the screen; a longer one is counted instead.
LONGEST = 2000


def program_text(derivative: str) -> str:
    """Return SymPy's formula in the language of the program: ^ for **."""
    if len(derivative) > LONGEST:
        return f"a formula of {len(derivative):,} characters (--json has it)"
    return derivative.replace("**", "^")


def _shown(value: float | str | list[float | str]) -> str:
    return number(value) if isinstance(value, float) else str(value)


def _difference(difference: float | list[float | None] | None) -> str:
    return (
        f"{difference:.1e}"
        if isinstance(difference, float) and difference
        else ("0" if difference == 0 else "")
    )
