"""A data set that is done: the answer as of one file, the columns of results, the files."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from autodiff_cli.batch.claimed import Held
from autodiff_cli.batch.manifest import manifest
from autodiff_cli.batch.results import Results
from autodiff_cli.batch.summary import Column, Extreme
from autodiff_cli.errors import named
from autodiff_cli.files.pieces import Piece
from autodiff_cli.formats.format import Format
from autodiff_cli.formats.grid import Grid
from autodiff_cli.formats.lines import counted
from autodiff_cli.formats.signs import Signs
from autodiff_cli.views import gradient
from autodiff_cli.views.head import called, write_head, write_notes

#: Columns of results that are shown; `--json` and the manifest have all.
COLUMNS = 12

#: Rows at which a claim is wrong that are shown.
WORST = 10


def write(out: Format, report: Results) -> None:
    """Write what one file would have, then the extremes of each column and where they stand."""
    if report.answer is not None:
        gradient.write(out, gradient.Gradient(answer=report.answer))
    else:
        write_head(out, report.graph, report.work["at"])
        out.line()
        for one in report.claims:
            _claim(out, one, report)
        out.line(f"verdict: {report.verdict}")
        write_notes(out, report.notes)
    out.line()
    pieces = [one.piece for one in report.files]
    columns = list(report.kept.columns.items())
    if columns:
        out.table(_columns(columns[:COLUMNS], pieces, out.signs))
    if len(columns) > COLUMNS:
        out.line(f"{len(columns) - COLUMNS:,} more columns: --json has all")
    files = counted(len(report.files), "file")
    rows = counted(report.kept.points, "row")
    where = f"are in {named(report.path)}" if report.path else "were read"
    out.paragraph(f"{files} with {rows} {where}")


def _claim(out: Format, one: Held, report: Results) -> None:
    """Write how a claim stands, and the worst of the rows at which it is wrong."""
    whose = "claim " if one.claim.mine else "SymPy's "
    slope = out.signs.slope(called(report.graph), one.claim.name)
    out.paragraph(whose, slope, f" = {one.claim.text}: ", _stands(one, report.kept.points))
    if one.wrong:
        headings = ("file", "row", *report.graph.variables, one.claim.header, "autodiff")
        rows = [
            (
                named(report.files[row.place.piece].piece.path),
                row.row,
                *map(out.signs.number, (*row.at, *row.numbers)),
            )
            for row in one.wrong[:WORST]
        ]
        out.table(Grid(headings, tuple(rows), frozenset((0, 1))))
    out.line()


def _stands(one: Held, rows: int) -> str:
    beyond, judged = one.beyond, one.judged
    if not beyond:
        return f"agrees with autodiff at all of {counted(rows, 'row')}"
    of = "" if judged == beyond else f"; of {judged:,} of them that were judged one by one"
    if one.outcome == "rounding":
        what = f"{of}, none is wrong" if of else ", by no more than rounding"
        return f"agrees with autodiff, but for {counted(beyond, 'row')} of {rows:,}{what}"
    wrong = f"{of}, {len(one.wrong):,}" if of else f"; {len(one.wrong):,} of them"
    return f"off at {counted(beyond, 'row')} of {rows:,}{wrong} WRONG, the worst:"


def _columns(columns: Sequence[tuple[str, Column]], pieces: Sequence[Piece], signs: Signs) -> Grid:
    """Return a row a column of results: its extremes, each with its place, and its mean."""
    cells = []
    for header, kept in columns:
        extremes: list[str] = []
        for found in (kept.least, kept.greatest):
            extremes += ("", "") if found is None else _placed(found, pieces, signs)
        mean = "" if kept.mean is None else signs.number(kept.mean)
        cells.append((header, *extremes, mean, f"{kept.finite:,}"))
    headings = ("column", "least", "at", "greatest", "at", "mean", "finite")
    return Grid(headings, tuple(cells), frozenset((0, 2, 4)))


def _placed(found: Extreme, pieces: Sequence[Piece], signs: Signs) -> tuple[str, str]:
    place = f"{named(pieces[found.place.piece].path)}, {found.row}"
    return signs.number(found.value), place


def payload(report: Results) -> dict[str, Any]:
    """Return `autodiff.manifest/1`, which stands beside the results as well."""
    return manifest(report)
