"""Derivatives in a table with SymPy's beside them: one row a derivative, or one row a point."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from autodiff_cli.answers.bench import SymbolicRow
from autodiff_cli.engine.linearise import Value
from autodiff_cli.formats.format import Format
from autodiff_cli.formats.grid import Grid, ends
from autodiff_cli.formats.signs import Signs
from autodiff_cli.symbolic.question import Form
from autodiff_cli.symbolic.verdict import worst

#: Characters of SymPy's formula that are shown; a longer one is counted instead.
LONGEST = 2000

#: A difference from here on looks like one, beside a number that is larger still.
LARGE = 1e-6


class Line(NamedTuple):
    """One derivative: what it is called, its value or values, and SymPy's side where known."""

    label: str
    value: Value
    symbolic: SymbolicRow | None


def write_lines(
    out: Format,
    at: Mapping[str, float | list[float]],
    value: Value,
    lines: Sequence[Line],
    heading: str,
    function: str = "f",
    between: int = 0,
) -> None:
    """Write derivatives as a table: a row for each, or for each point where there are several.

    Args:
        out: where to.
        at: the point as given.
        value: the value of the formula, there too.
        lines: the derivatives.
        heading: what stands above autodiff's numbers.
        function: what the formula is called.
        between: points in the middle of them all that are not here.
    """
    if not isinstance(value, float):
        _points(out, at, value, lines, function, between)
    elif lines:
        _variables(out, lines, heading)


def _variables(out: Format, lines: Sequence[Line], heading: str) -> None:
    """Write one row for each derivative; SymPy's formulas above where they would part numbers."""
    grid = _grid(out, lines, heading)
    if lines[0].symbolic is not None and not out.fits(grid):
        for label, _, text, *_ in grid.rows:
            out.paragraph(label, " = ", text, " (SymPy)")
        out.line()
        numbers = [(*row[:2], *row[3:]) for row in grid.rows]
        headings = ("", heading, "SymPy", *grid.headings[4:])
        grid = Grid(headings, tuple(numbers), frozenset({0, 4}), grid.skipped, grid.columns)
    out.table(grid)
    if lines[0].symbolic is None:  # then none is there
        return
    word = _word(lines, out.signs)
    if word:
        out.paragraph("difference: ", *word)
    if any(line.symbolic and line.symbolic.shorter for line in lines):
        out.line()
    for label, _, symbolic in lines:
        write_shorter(out, label, None if symbolic is None else symbolic.shorter)


def write_shorter(out: Format, label: str, form: Form | None, lead: str = "tidied up: ") -> None:
    """Write SymPy's formula in a shorter form, with what its letter stands for; None is left out.

    Args:
        out: where to.
        label: what the derivative is called.
        form: the shorter form.
        lead: what stands before it.
    """
    if form is None:
        return
    signs, latex = out.signs, out.signs.notation.latex
    written = form.latex if latex else form.text.replace("**", "^")
    parts = [lead, label, " = ", signs.formula(written)]
    if form.letter:
        part = form.part_latex if latex else form.part.replace("**", "^")
        parts += [" with ", signs.formula(f"{form.letter} = {part}")]
    out.paragraph(*parts)


def _word(lines: Sequence[Line], signs: Signs) -> list[str]:
    """Return what a difference is beside numbers that read the same, or that is large and a match.

    Nothing where no such row is there.
    """
    large: list[tuple[float, float]] = []
    for line in lines:
        row, value = line.symbolic, float(line.value)
        if row is None or not isinstance(row.difference, float) or not row.difference:
            continue
        if signs.number(value) == _shown(row.value, signs):
            return ["taken with more digits than are shown"]
        if row.verdict == "match" and abs(row.difference) > LARGE:
            large.append((row.difference, value))
    if not large:
        return []
    difference, value = max(large, key=lambda pair: abs(pair[0]))
    share = signs.small(abs(difference / value))
    return [signs.small(difference), " is ", share, " of the number: rounding"]


def _grid(out: Format, lines: Sequence[Line], heading: str) -> Grid:
    """Return one row for each derivative."""
    headings = ["", heading, "SymPy", "its value", "difference", "verdict"]
    cells = []
    kept, skipped = ends(lines, out.rows)
    for label, value, symbolic in kept:
        row: list[str] = [label, out.signs.number(float(value))]
        if symbolic is not None:
            row += [
                symbolic_text(symbolic, out.signs),
                _shown(symbolic.value, out.signs),
                _difference(symbolic.difference, out.signs),
                symbolic.verdict,
            ]
        cells.append(tuple(row))
    if lines[0].symbolic is None:
        headings = headings[:2]
    return Grid(tuple(headings), tuple(cells), frozenset((0, 2, 5)), skipped)


def _points(
    out: Format,
    at: Mapping[str, float | list[float]],
    value: Value,
    lines: Sequence[Line],
    function: str,
    between: int,
) -> None:
    """Write one row for each point, and SymPy's formulas above."""
    for label, _, row in lines:
        if row is not None:
            out.paragraph(label, " = ", symbolic_text(row, out.signs), " (SymPy)")
            write_shorter(out, label, row.shorter)
    many = [name for name, given in at.items() if isinstance(given, list)]
    signs = out.signs
    headings = [*map(signs.name, many), signs.name(function), *[line.label for line in lines]]
    symbolic = [line.symbolic for line in lines if line.symbolic is not None]
    if symbolic:
        headings += ["difference", "verdict"]
    count, rows = len(value), out.rows
    columns = [at[name] for name in many]
    cells = []
    for k in _kept(count, rows):
        texts: list[str] = [
            signs.number(c[k if len(c) > 1 else 0]) for c in columns if isinstance(c, list)
        ]
        texts += [signs.number(float(value[k]))]
        texts += [signs.number(float(line.value[k])) for line in lines]
        if symbolic:
            texts += _worst(symbolic, k, signs)
        cells.append(tuple(texts))
    left = (len(headings) - 1,) if symbolic else ()
    left_out = count - len(cells) + between
    skipped = (rows - rows // 3, left_out) if left_out else None
    out.line()
    out.table(Grid(tuple(headings), tuple(cells), frozenset(left), skipped))


def _kept(count: int, rows: int) -> Sequence[int]:
    """Return the points that are shown: the first and the last ones."""
    if not rows or count <= rows:
        return range(count)
    head = rows - rows // 3
    return [*range(head), *range(count - (rows - head), count)]


def _worst(symbolic: list[SymbolicRow], k: int, signs: Signs) -> list[str]:
    """Return the largest difference and the worst verdict of one point."""
    differences = [row.difference[k] for row in symbolic if isinstance(row.difference, list)]
    known = [d for d in differences if d is not None]
    largest = _difference(max(known, key=abs), signs) if known else ""
    return [largest, worst([row.verdicts[k] for row in symbolic])]


def symbolic_text(row: SymbolicRow, signs: Signs) -> str:
    """Return SymPy's formula: in LaTeX where that is spoken, else in the program's language."""
    if len(row.derivative) > LONGEST:
        return f"a formula of {len(row.derivative):,} characters (--json has it)"
    if signs.notation.latex and row.latex:
        return signs.formula(row.latex)
    return row.derivative.replace("**", "^")


def _shown(value: float | str | list[float | str], signs: Signs) -> str:
    return signs.number(value) if isinstance(value, float) else str(value)


def _difference(difference: float | list[float | None] | None, signs: Signs) -> str:
    if not isinstance(difference, float):
        return ""
    return error(difference, signs)


def error(difference: float | None, signs: Signs) -> str:
    """Return an error with two digits, 0 where there is none."""
    if difference is None:
        return ""
    return signs.small(difference)


def symbolic_row(row: SymbolicRow) -> dict[str, Any]:
    """Return SymPy's derivative with its value, and the shorter form where it has one."""
    return {"derivative": row.derivative, "value": row.value, **form_payload(row.shorter)}


def form_payload(form: Form | None) -> dict[str, str]:
    """Return a shorter form as program text; nothing where there is none."""
    if form is None:
        return {}
    part = f"{form.letter} = {form.part}; " if form.letter else ""
    return {"simplified": part + form.text}
