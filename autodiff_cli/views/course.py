"""What the files for courses share: a question as HTML, and as a choice between its answers.

A course has no algebra: a formula is asked for as a choice between the derivative and what usual
slips make of it.
"""

from __future__ import annotations

import io
from collections.abc import Callable
from dataclasses import dataclass

from autodiff_cli.formats.html import Html
from autodiff_cli.formats.signs import UNICODE
from autodiff_cli.graph.printer import number
from autodiff_cli.language.parser import read
from autodiff_cli.teach.prose import Prose, formula
from autodiff_cli.teach.question import LETTERS, Key, Question
from autodiff_cli.teach.random import SplitMix64
from autodiff_cli.views.graph import Drawing
from autodiff_cli.views.graph import write as write_graph
from autodiff_cli.views.prose import grid, mathematics, written

#: Answers of a choice that is made of a number or a formula.
CHOICES = 5


class Inside(Html):
    """HTML for the inside of another page, where scripts and pictures may be taken out."""

    PICTURES = False


def html(write: Callable[[Inside], None]) -> str:
    """Return what is written as HTML, without a page around it."""
    stream = io.StringIO()
    write(Inside(stream))
    return stream.getvalue().rstrip("\n")


def asked(question: Question) -> str:
    """Return what is asked, as HTML: words, program, graph and table."""

    def written_out(out: Inside) -> None:
        for paragraph in question.words:
            out.paragraph(*written(paragraph, out.signs))
        if question.code:
            out.figure(question.code)
        if question.drawn is not None:
            write_graph(out, Drawing(expression="", graph=question.drawn))
        if question.table is not None:
            out.table(grid(question.table, out.signs))

    return html(written_out)


def solved(question: Question) -> str:
    """Return how the answer is found, as HTML."""

    def written_out(out: Inside) -> None:
        for line in question.solution:
            out.paragraph(*written(line, out.signs))

    return html(written_out)


def hints(question: Question) -> tuple[str, str]:
    """Return both hints, as HTML."""
    first, second = question.hints
    return said(first), said(second)


def said(prose: Prose) -> str:
    """Return a sentence as HTML."""
    return html(lambda out: out.paragraph(*written(prose, out.signs)))


def told(text: str) -> str:
    """Return plain words as HTML."""
    return said((text,)) if text else ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """One answer to choose: its letter, its text as HTML, whether it is right, what is said."""

    letter: str
    text: str
    right: bool
    told: str


def choices(question: Question) -> list[Choice]:
    """Return the answers to choose from: the options, or the right answer among wrong ones."""
    key = question.key
    if key.form == "choice":
        texts = {wrong.answer: wrong.text for wrong in key.wrong}
        return [
            Choice(letter=letter, text=said(option), right=letter == key.answer,
                   told=told(texts.get(letter, "")))
            for letter, option in zip(key.options, question.options, strict=True)
        ]  # fmt: skip
    answers = [(key.answer, "")]
    for wrong in key.wrong:
        if len(answers) < CHOICES and _text(key, wrong.answer) not in [
            _text(key, one) for one, _ in answers
        ]:
            answers.append((wrong.answer, wrong.text))
    mixed = SplitMix64(f"{key.id} {key.expression} {key.answer}").shuffled(answers)
    return [
        Choice(letter=letter, text=told(_text(key, one)), right=one == key.answer, told=told(text))
        for letter, (one, text) in zip(LETTERS, mixed, strict=False)
    ]


def _text(key: Key, found: float | str) -> str:
    """Return an answer as it is shown: with as many digits as tell it from the others."""
    if isinstance(found, float):
        return number(float(f"{found:.6g}"))
    return mathematics(formula(read([found], tuple(key.at)).graph), UNICODE)


def name(question: Question) -> str:
    """Return what a question is called in a list: its number, its kind and its formula."""
    key = question.key
    return " ".join([f"{key.id.rjust(4, '0')} {key.kind}", *filter(None, [key.expression])])
