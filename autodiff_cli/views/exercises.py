"""Exercises to be printed: each question with room for the answer, then the key."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import groupby
from typing import Any

from autodiff_cli.formats.format import Format
from autodiff_cli.formats.signs import Signs
from autodiff_cli.teach.prose import plain
from autodiff_cli.teach.question import Question, Table, Worksheet
from autodiff_cli.teach.sheet import SCHEMA
from autodiff_cli.views.graph import Drawing
from autodiff_cli.views.graph import write as write_graph
from autodiff_cli.views.key import write_key
from autodiff_cli.views.prose import grid, mathematics
from autodiff_cli.views.prose import write as write_prose
from autodiff_cli.views.spreadsheet import spreadsheet

#: Where an answer is written.
ROOM = "_" * 20

#: What each form of answer is to be, in a few words.
_WANTED = {"number": "answer", "formula": "answer", "choice": "answer (one letter)"}


def write(out: Format, report: Worksheet) -> None:
    """Write the questions, and the key where it is wanted."""
    out.paragraph(f"{report.title}: exercises of the seed {report.seed}")
    for number_of, questions in grouped(report.questions):
        out.gap()
        write_question(out, f"{number_of}. ", questions)
    if report.key:
        out.gap()
        out.paragraph("Answers")
        write_key(out, report.questions)


def grouped(questions: Sequence[Question]) -> Iterator[tuple[str, list[Question]]]:
    """Yield the number of each exercise with its questions: the blanks of one trace."""
    for digits, found in groupby(questions, key=lambda one: one.key.id.rstrip("abc")):
        yield digits, list(found)


def write_question(out: Format, before: str, questions: Sequence[Question]) -> None:
    """Write one exercise with room for its answers."""
    first = questions[0]
    write_asked(out, before, first, several=len(questions) > 1)
    if first.key.cell is None or len(questions) == 1:
        out.paragraph(f"{_WANTED[first.key.form]}: {ROOM}")
        return
    for one in questions:
        out.paragraph(f"({one.key.id[-1]}) ", *_asked_of(out, one), f": {ROOM}")


def write_asked(
    out: Format, before: str, question: Question, *, several: bool = False, again: bool = False
) -> None:
    """Write what is asked: words, program, graph, table and options.

    Args:
        out: where to.
        before: the number of the exercise.
        question: what is asked.
        several: leave the question of the blank out, because all of them follow.
        again: write that alone, because the trace has been written.
    """
    paragraphs = (
        question.words[:-1] if several else question.words[-1:] if again else question.words
    )
    for place, paragraph in enumerate(paragraphs):
        write_prose(out, paragraph, *([before] if not place else []), hanging=3)
    if question.code:
        out.figure(question.code)
    if question.drawn is not None:
        write_graph(out, Drawing(expression="", graph=question.drawn))
    if question.table is not None and not again:
        out.table(grid(question.table, out.signs))
    for letter, option in zip(question.key.options, question.options, strict=False):
        write_prose(out, option, f"({letter}) ", hanging=4)


def _asked_of(out: Format, question: Question) -> list[str]:
    """Return the name of what is blank: the adjoint of w2."""
    label = question.words[-1][1]
    assert question.key.cell is not None
    assert not isinstance(label, str)
    return [f"the {question.key.cell.column} ", mathematics(label, out.signs)]


def payload(report: Worksheet) -> dict[str, Any]:
    """Return `autodiff.worksheet/1`, which `mark` reads."""
    return {
        "schema": SCHEMA,
        "title": report.title,
        "seed": report.seed,
        "questions": [_payload(question) for question in report.questions],
    }


def _payload(question: Question) -> dict[str, Any]:
    key = question.key
    return {
        "id": key.id,
        "kind": key.kind,
        "topic": key.topic,
        "level": key.level,
        "prompt": question.prompt,
        "form": key.form,
        "expression": key.expression or None,
        "at": dict(key.at) or None,
        "by": key.by or None,
        "code": list(question.code),
        "table": _table(question.table),
        "options": dict(key.options),
        "answer": key.answer,
        "tolerance": key.tolerance,
        "slips": [
            {"id": wrong.id, "answer": wrong.answer, "feedback": wrong.text} for wrong in key.wrong
        ],
        "hints": [plain(hint) for hint in question.hints],
        "solution": "\n".join(map(plain, question.solution)),
        "cell": {"node": key.cell.label, "column": key.cell.column} if key.cell else None,
        "after": list(key.after),
    }


def _table(table: Table | None) -> dict[str, Any] | None:
    if table is None:
        return None
    return {
        "headings": [plain(heading) for heading in table.headings],
        "rows": [[plain(one) for one in row] for row in table.rows],
    }


def _rows(report: Worksheet, signs: Signs) -> str:
    """Return the questions as CSV, a row each; the answers too where they are wanted."""
    heads = ["question", "kind", "topic", "level", "prompt", "options"]
    rows: list[list[str | float]] = []
    for question in report.questions:
        key = question.key
        options = "; ".join(f"{letter}: {text}" for letter, text in key.options.items())
        code = ["\n".join(question.code)] if question.code else []
        prompt = "\n".join([*code, question.prompt])
        rows.append([key.id, key.kind, key.topic, key.level, prompt, options])
        rows[-1] += [key.answer] if report.key else []
    return spreadsheet([*heads, *(["answer"] if report.key else [])], rows)


def _page(report: Worksheet, signs: Signs) -> str:
    from autodiff_cli.views.practice import page

    return page(report, signs)


def _moodle(report: Worksheet, signs: Signs) -> str:
    from autodiff_cli.views.moodle import text

    return text(report, signs)


def _gift(report: Worksheet, signs: Signs) -> str:
    from autodiff_cli.views.gift import text

    return text(report, signs)


def _qti(report: Worksheet, signs: Signs) -> str:
    from autodiff_cli.views.qti import text

    return text(report, signs)


def _package(report: Worksheet, signs: Signs) -> bytes:
    from autodiff_cli.views.qti import package

    return package(report, signs)


#: Formats that only this view has: a page, rows for other programs, and files for courses. Each is
#: loaded when it is asked for.
DRAWN: Mapping[str, Callable[[Worksheet, Signs], str | bytes]] = {
    "html": _page, "csv": _rows, "moodle": _moodle, "gift": _gift, "qti": _qti, "canvas": _package,
}  # fmt: skip
