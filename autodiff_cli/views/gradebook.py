"""A gradebook: how each student did, where the class went wrong, and every mark as rows."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from autodiff_cli.formats.format import Format
from autodiff_cli.formats.grid import Grid, shortened
from autodiff_cli.formats.lines import counted
from autodiff_cli.formats.signs import Signs
from autodiff_cli.graph.printer import number
from autodiff_cli.teach.gradebook import Gradebook
from autodiff_cli.teach.marking import Mark, Status
from autodiff_cli.views.spreadsheet import spreadsheet

#: Columns of a row for each answer.
LONG = ("student", "question", "answer", "score", "diagnosis", "carried forward")

#: Status other than right → what a column of their counts is called.
_STATES: Mapping[Status, str] = {
    "carried": "carried", "rounded": "rounded", "wrong": "wrong", "blank": "blank",
    "unreadable": "to be read",
}  # fmt: skip

#: Columns of a row for each student, after the scores.
SUMS = ("points", "of", "to be read")


def write(out: Format, report: Gradebook) -> None:
    """Write the points of each student, and the questions with what went wrong most."""
    out.paragraph(
        f"{counted(len(report.rows), 'student')}, {counted(len(report.questions), 'question')}"
    )
    if report.rows:
        out.line()
        out.table(_students(out, report))
        out.line()
        out.table(_questions(out, report))
    for note in report.notes:
        out.line()
        out.paragraph(f"note: {note}")


def _students(out: Format, report: Gradebook) -> Grid:
    rows = []
    for student, marks in report.rows.items():
        scores = [_score(marks[id]) for id in report.questions] if report.wide else []
        unread = report.unread(student)
        rows.append((student, *scores, number(report.total(student)), str(len(report.questions)),
                     str(unread) if unread else ""))  # fmt: skip
    ids = report.questions if report.wide else ()
    return shortened(("student", *ids, *SUMS), rows, (0,), out.rows)


def _score(mark: Mark) -> str:
    return "?" if mark.score is None else number(mark.score)


def _questions(out: Format, report: Gradebook) -> Grid:
    """Return a row a question: how many were right, and the slips that were made most."""
    rows = []
    for id in report.questions:
        marks = [own[id] for own in report.rows.values()]
        states = Counter(mark.status for mark in marks)
        told = Counter(mark.diagnosis for mark in marks if mark.status == "wrong")
        most = "\n".join(f"{count}: {text}" for text, count in told.most_common(2))
        counts = [str(states["right"]), *[str(states[name] or "") for name in _STATES]]
        rows.append((id, *counts, most))
    heads = ("question", "right", *_STATES.values(), "what went wrong most")
    return shortened(heads, rows, (0, 7), out.rows)


def payload(report: Gradebook) -> dict[str, Any]:
    """Return `autodiff.mark/1`."""
    return {
        "schema": "autodiff.mark/1",
        "questions": list(report.questions),
        "students": [
            {"student": student, "points": report.total(student), "of": len(report.questions),
             "to_be_read": report.unread(student)}
            for student in report.rows
        ],
        "marks": [
            {"student": student, "question": mark.question, "answer": mark.answer,
             "status": mark.status, "score": mark.score, "slips": list(mark.slips),
             "diagnosis": mark.diagnosis, "carried_forward": list(mark.carried)}
            for student, mark in _marks(report)
        ],
        "notes": list(report.notes),
    }  # fmt: skip


def _marks(report: Gradebook) -> Iterator[tuple[str, Mark]]:
    for student, own in report.rows.items():
        for id in report.questions:
            yield student, own[id]


def _rows(report: Gradebook, signs: Signs) -> str:
    """Return the gradebook as CSV: a row an answer, or a row a student."""
    if report.wide:
        return spreadsheet(
            ("student", *report.questions, *SUMS),
            (
                (student, *[own[id].score for id in report.questions], report.total(student),
                 float(len(report.questions)), float(report.unread(student)))
                for student, own in report.rows.items()
            ),
        )  # fmt: skip
    return spreadsheet(
        LONG,
        (
            (student, mark.question, mark.answer, mark.score, mark.diagnosis,
             " ".join(mark.carried))
            for student, mark in _marks(report)
        ),
    )  # fmt: skip


#: The rows of a gradebook are for other programs.
DRAWN: Mapping[str, Callable[[Gradebook, Signs], str]] = {"csv": _rows}
