"""Every method at sampled points: the largest error of each, and where it is."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from autodiff_cli.answers.compare import Comparison
from autodiff_cli.answers.sampled import Points
from autodiff_cli.formats.format import Format
from autodiff_cli.formats.grid import Grid
from autodiff_cli.formats.signs import Signs
from autodiff_cli.methods.at_points import Worst
from autodiff_cli.views.beside import error, symbolic_text, write_shorter
from autodiff_cli.views.head import called, point


def write(out: Format, report: Comparison, points: Points) -> None:
    """Write how the points were found, then a table for each variable."""
    out.line()
    for parts in _found(report, points, out.signs):
        out.paragraph(*parts)
    for name, rows in points.worst.items():
        out.line()
        slope = out.signs.slope(called(report.question.graph), name)
        symbolic = (report.answer.symbolic or {}).get(name)
        if symbolic is not None and not report.question.at_a_point:
            text = symbolic_text(symbolic, out.signs)
            out.paragraph(slope, " = ", text, " (SymPy)")
            write_shorter(out, slope, symbolic.shorter)
        out.table(_table(slope, rows, out.signs))
        for row in rows:
            if row.error is None:
                out.paragraph(f"{row.method}: {row.reason}")
        if points.unmeasured[name]:
            out.paragraph(
                f"{points.unmeasured[name]:,} of the points are left out: {points.against} "
                "has no real number there"
            )


def _found(report: Comparison, points: Points, signs: Signs) -> Iterator[tuple[str, ...]]:
    """Yield how many points there are, near what, and what the errors are measured against."""
    given, held = report.question.given, report.question.held
    near = {name: value for name, value in given.items() if name not in held}
    kept = {name: value for name, value in given.items() if name in held}
    places = ["inside the domain, off the kinks"]
    if near:
        places += [", half of them near ", point(near, signs)]
    if kept:
        places += [", with ", point(kept, signs)]
    count = len(points.at)
    if not count:
        yield "no point was found ", *places
        return
    yield f"{count:,} {'point' if count == 1 else 'points'} sampled ", *places
    if count < points.asked:
        yield (f"no more were found: {points.asked:,} were asked for",)
    why = f", since SymPy's side was skipped: {points.reason}" if points.reason else ""
    yield (f"largest errors against {points.against}{why}",)


def _table(slope: str, rows: Sequence[Worst], signs: Signs) -> Grid:
    """Return a row a method; how often it has no number only where one has none."""
    answered = [row for row in rows if row.error is not None and row.derivative is not None]
    missing = any(row.missing for row in answered)
    headings = (slope, "error", *(["no number"] if missing else []), "derivative there", "at")
    cells = [
        (
            row.method,
            error(row.error, signs),
            *([f"{row.missing:,}" if row.missing else ""] if missing else []),
            f"{row.derivative:.6g}",
            point(dict(row.at), signs),
        )
        for row in answered
    ]
    return Grid(headings, tuple(cells), frozenset((0, len(headings) - 1)))
