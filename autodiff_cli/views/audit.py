"""A sheet, marked: each line with how it stands, what is right where it is wrong, and the slip."""

from __future__ import annotations

import io
from typing import Any

from autodiff_cli.errors import visible
from autodiff_cli.files.csv import plain
from autodiff_cli.formats.csv import Csv
from autodiff_cli.formats.format import Format
from autodiff_cli.formats.grid import Grid, shortened
from autodiff_cli.formats.lines import counted
from autodiff_cli.formats.signs import Signs
from autodiff_cli.graph.printer import expression
from autodiff_cli.teach.audit import Audit, Line
from autodiff_cli.views import slip
from autodiff_cli.views.head import point, write_head

#: Digits of the numbers that are right, as a trace has them.
DIGITS = 6

#: How a status is called.
STATUSES = {
    "right": "right", "follows": "follows", "wrong": "WRONG", "rounded": "rounded too early",
    "unreadable": "not read",
}  # fmt: skip

#: What is said below the table of lines that have these statuses.
_MEANING = {
    "follows": "follows: right, given an earlier slip",
    "unreadable": "not read: no equation about the formula; it costs nothing",
}


def write(out: Format, report: Audit) -> None:
    """Write the lines with how they stand, the slips, and what comes of it."""
    write_head(out, report.graph, dict(report.at))
    out.line()
    rows = [
        (str(one.line), one.text, STATUSES[one.status], _right(one, out.signs))
        for one in report.lines
    ]
    if rows:
        out.table(shortened(("line", "yours", "", "right"), rows, (1, 2, 3), out.rows))
    for one in report.lines:
        if one.slips or one.status == "wrong":
            out.line()
            out.paragraph(f"line {one.line}: ", out.signs.text(STATUSES[one.status]))
            if one.slips or not one.tainted:
                slip.write(out, one.slips)
            else:
                out.paragraph("  look at it again once the lines before it are mended", hanging=4)
    out.line()
    for status, said in _MEANING.items():
        if any(one.status == status for one in report.lines):
            out.paragraph(said)
    _accident(out, report)
    out.paragraph(_verdict(report))


def _right(one: Line, signs: Signs) -> str:
    """Return what is right where a line is not."""
    if one.right is None:
        return ""
    if isinstance(one.right, float):
        return signs.number(one.right)
    if isinstance(one.right, str):
        return one.right
    return signs.formula(expression(one.right, one.right.outputs[0], signs.notation))


def _accident(out: Format, report: Audit) -> None:
    """Say that the end is right by accident, and show it where it is not."""
    one = report.accidental
    if one is None:
        return
    signs = out.signs
    out.paragraph(
        "the end is right by accident: at ", point(dict(one.at), signs), " these lines give ",
        signs.number(one.yours), ", and ", signs.number(one.right), " is right",
    )  # fmt: skip


def _verdict(report: Audit) -> str:
    wrong = [one for one in report.lines if one.status in ("wrong", "rounded")]
    read = [one for one in report.lines if one.status != "unreadable"]
    if not read:
        return "verdict: no line states anything of the formula"
    if not wrong:
        return f"verdict: {counted(len(read), 'line')}, all right"
    first = report.first_wrong
    return f"verdict: {len(wrong)} of {counted(len(read), 'line')} WRONG, first in line {first}"


def payload(report: Audit) -> dict[str, Any]:
    """Return `autodiff.check/1`."""
    accident = report.accidental
    return {
        "schema": "autodiff.check/1",
        "expression": report.expression,
        "at": dict(report.at),
        "lines": [
            {
                "line": one.line,
                "text": one.text,
                "status": one.status,
                "right": _plain(one),
                "off": one.off,
                "slips": slip.payload(one.slips),
            }
            for one in report.lines
        ],
        "first_wrong": report.first_wrong,
        "accidental": None
        if accident is None
        else {"at": dict(accident.at), "yours": accident.yours, "right": accident.right},
    }


def _plain(one: Line) -> str | float | None:
    if one.right is None or isinstance(one.right, (str, float)):
        return one.right
    return expression(one.right, one.right.outputs[0])


def table(report: Audit, signs: Signs) -> str:
    """Return the lines as CSV.

    Args:
        report: the sheet.
        signs: those of the screen, of which a table for other programs has no use.
    """
    heads = ("line", "text", "status", "right", "slips")
    rows = []
    for one in report.lines:
        right = _plain(one)
        names = "; ".join(found.slip.name for found in one.slips)
        rows.append(
            (
                str(one.line),
                plain(visible(one.text)),
                one.status,
                "" if right is None else str(right),
                names,
            )
        )
    stream = io.StringIO()
    Csv(stream).table(Grid(heads, tuple(rows)))
    return stream.getvalue()


#: Formats of its own: as a table the lines are for other programs, which take no sentences.
DRAWN = {"csv": table}
