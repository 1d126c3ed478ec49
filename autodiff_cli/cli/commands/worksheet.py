"""`autodiff worksheet`: exercises to be printed, or for a course, with or without the answers."""

from __future__ import annotations

from typing import Annotated

from autodiff_cli.cli.options import Exercises, Sheet, Written
from autodiff_cli.cli.output import chosen, show
from autodiff_cli.cli.parameters import Option
from autodiff_cli.cli.session import Session
from autodiff_cli.teach.exercises import VERSION, exercises, seed_of
from autodiff_cli.teach.question import Worksheet
from autodiff_cli.views import exercises as view

WithKey = Annotated[bool, Option("--key", help="Write the answers too, after the questions.")]
Title = Annotated[str | None, Option("--title", metavar="TEXT", help="What the sheet is called.")]


def worksheet(
    session: Session,
    asked: Exercises,
    sheet: Sheet,
    key: WithKey = False,
    title: Title = None,
) -> None:
    """Write exercises: the same seed gives the same sheet, on every machine.

    Formats: text, markdown, latex, html; for courses moodle (.xml), gift (.gift), qti, and canvas
    (.zip); json, which mark reads. Those for courses and json have the answers in them.

    autodiff worksheet --topic chain --level 2 --seed 7
    autodiff worksheet --seed 7 -o sheet.json
    autodiff worksheet --seed 7 --key -o key.tex
    autodiff worksheet --topic powers --count 20 -o quiz.xml
    """
    seed = seed_of("1" if asked.seed is None else asked.seed)
    questions = exercises(
        asked.topic, asked.level, seed, count=asked.many, kinds=tuple(asked.kind or ())
    )
    report = Worksheet(seed=f"{VERSION}:{seed}", questions=questions, key=key)
    if title is not None:
        report = Worksheet(seed=report.seed, questions=questions, key=key, title=title)
    shown = Written(format=sheet.format, as_json=sheet.as_json, output=sheet.output)
    latex = chosen(view, shown) == "latex"
    show(session, view, report, shown._replace(standalone=latex), title=report.title)
