"""Every method at sampled points on the screen: the largest error of each, and where it is."""

from __future__ import annotations

from collections.abc import Sequence

from autodiff_cli.answers.compare import Comparison
from autodiff_cli.answers.sampled import Points
from autodiff_cli.formats.grid import Grid
from autodiff_cli.formats.screen import Screen
from autodiff_cli.methods.at_points import Worst
from autodiff_cli.views.gradient import program_text
from autodiff_cli.views.point import point_text


def write(screen: Screen, report: Comparison, points: Points) -> None:
    """Write how the points were found, then a table for each variable."""
    screen.line()
    for text in _found(report, points):
        screen.paragraph(text)
    for name, rows in points.worst.items():
        screen.line()
        slope = screen.alphabet.slope("f", name)
        symbolic = (report.answer.symbolic or {}).get(name)
        if symbolic is not None and not report.question.at_a_point:
            screen.paragraph(f"{slope} = {program_text(symbolic.derivative)} (SymPy)")
        screen.table(_table(slope, rows))
        for row in rows:
            if row.error is None:
                screen.paragraph(f"{row.method}: {row.reason}")
        if points.unmeasured[name]:
            screen.paragraph(
                f"{points.unmeasured[name]:,} of the points are left out: {points.against} "
                "has no real number there"
            )


def _found(report: Comparison, points: Points) -> list[str]:
    """Return how many points there are, near what, and what the errors are measured against."""
    given, held = report.question.given, report.question.held
    near = {name: value for name, value in given.items() if name not in held}
    kept = {name: value for name, value in given.items() if name in held}
    places = "inside the domain, off the kinks"
    if near:
        places += f", half of them near {point_text(near)}"
    if kept:
        places += f", with {point_text(kept)}"
    count = len(points.at)
    if not count:
        return [f"no point was found {places}"]
    said = [f"{count:,} {'point' if count == 1 else 'points'} sampled {places}"]
    if count < points.asked:
        said.append(f"no more were found: {points.asked:,} were asked for")
    why = f", since SymPy's side was skipped: {points.reason}" if points.reason else ""
    return [*said, f"largest errors against {points.against}{why}"]


def _table(slope: str, rows: Sequence[Worst]) -> Grid:
    """Return a row a method; how often it has no number only where one has none."""
    answered = [row for row in rows if row.error is not None and row.derivative is not None]
    missing = any(row.missing for row in answered)
    headings = (slope, "error", *(["no number"] if missing else []), "derivative there", "at")
    cells = [
        (
            row.method,
            shown(row.error),
            *([f"{row.missing:,}" if row.missing else ""] if missing else []),
            f"{row.derivative:.6g}",
            point_text(dict(row.at)),
        )
        for row in answered
    ]
    return Grid(headings, tuple(cells), frozenset((0, len(headings) - 1)))


def shown(error: float | None) -> str:
    """Return an error with two digits, 0 where there is none."""
    return "" if error is None else "0" if error == 0 else f"{error:.1e}"
