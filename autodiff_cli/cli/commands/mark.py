"""`autodiff mark`: a class's answers to a worksheet, marked, each with what went wrong."""

from __future__ import annotations

from dataclasses import replace
from typing import Annotated

from autodiff_cli.cli.options import Shown
from autodiff_cli.cli.output import show
from autodiff_cli.cli.parameters import Argument, Option
from autodiff_cli.cli.session import Session
from autodiff_cli.errors import AutodiffError
from autodiff_cli.teach.gradebook import answers_of, marked
from autodiff_cli.teach.sheet import keys_of
from autodiff_cli.views import gradebook as view

Files = Annotated[
    list[str] | None,
    Argument(metavar="SHEET ANSWERS", help="The worksheet as JSON, and the answers as CSV."),
]
Wide = Annotated[bool, Option("--wide", help="One row a student, with a column for each question.")]


def mark(session: Session, shown: Shown, files: Files = None, wide: Wide = False) -> None:
    """Mark a class: each answer gets a score, and what went wrong.

    SHEET is what worksheet wrote as JSON. ANSWERS has a header and one row a student,
    student,1,2,3a, or one row an answer, student,question,answer. An answer that cannot be read
    costs nothing: it is left for you to read.

    autodiff mark sheet.json answers.csv
    autodiff mark sheet.json answers.csv -o marks.csv
    autodiff mark sheet.json answers.csv --wide -o gradebook.csv
    """
    if not files or len(files) != 2:
        mend = "autodiff mark sheet.json answers.csv"
        raise AutodiffError("a worksheet and a file of answers are expected", mend=mend)
    sheet, answers = files
    keys = keys_of(session.read(sheet), sheet)
    given = answers_of(session.read(answers), answers, keys)
    show(session, view, replace(marked(keys, given), wide=wide), shown, title="Gradebook")
