"""The answers of exercises: each with how it is found, and the wrong ones with their names."""

from __future__ import annotations

from collections.abc import Iterable

from autodiff_cli.formats.format import Format
from autodiff_cli.language.parser import read
from autodiff_cli.teach.prose import formula
from autodiff_cli.teach.question import Key, Question
from autodiff_cli.views.prose import mathematics
from autodiff_cli.views.prose import write as write_prose


def write_key(out: Format, questions: Iterable[Question]) -> None:
    """Write the answers, one after the other."""
    for question in questions:
        out.gap()
        write_answer(out, question)


def write_answer(out: Format, question: Question) -> None:
    """Write the answer of a question, how it is found, and the wrong answers with their names."""
    key = question.key
    out.paragraph(f"{key.id}. ", answer(out, key))
    for line in question.solution:
        write_prose(out, line, "   ", hanging=3)
    for wrong in key.wrong:
        out.paragraph("   not ", _shown(out, key, wrong.answer), f": {wrong.text}", hanging=5)


def answer(out: Format, key: Key) -> str:
    """Return the right answer."""
    return _shown(out, key, key.answer)


def _shown(out: Format, key: Key, found: float | str) -> str:
    """Return an answer: a number or a formula in the signs of the format, or a letter."""
    if isinstance(found, float):
        return out.signs.number(float(f"{found:.6g}"))
    if key.form == "choice":
        return found
    return mathematics(formula(read([found], tuple(key.at)).graph), out.signs)
