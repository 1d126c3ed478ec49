"""What the files for courses share: a question as HTML, and as a choice between its answers.

A course has no algebra: a formula is asked for as a choice between the derivative and what usual
slips make of it.
"""

from __future__ import annotations

import io
from collections.abc import Callable
from dataclasses import dataclass

from autodiff_cli.errors import visible
from autodiff_cli.formats.html import Html
from autodiff_cli.formats.signs import UNICODE
from autodiff_cli.language.parser import read
from autodiff_cli.teach.prose import Prose, formula
from autodiff_cli.teach.prose import number as prose_number
from autodiff_cli.teach.question import LETTERS, Key, Question, Worksheet
from autodiff_cli.teach.random import SplitMix64
from autodiff_cli.views.graph import Drawing
from autodiff_cli.views.graph import write as write_graph
from autodiff_cli.views.prose import grid, written

#: Answers of a choice that is made of a number or a formula.
CHOICES = 5


class Inside(Html):
    """HTML for the inside of another page, where scripts and pictures may be taken out."""

    PICTURES = False


def html(write: Callable[[Html], None], kind: type[Html] = Inside) -> str:
    """Return what is written as HTML, without a page around it."""
    stream = io.StringIO()
    write(kind(stream))
    return stream.getvalue().rstrip("\n")


def asked(question: Question, kind: type[Html] = Inside, *, again: bool = False) -> str:
    """Return what is asked, as HTML: words, program, graph and table.

    Args:
        question: what is asked.
        kind: the format that writes it.
        again: leave out what stands above another blank of the same trace.
    """
    *above, last = question.words
    if question.key.form == "formula":
        last = ("Which of these is ", last[1], "?")

    def written_out(out: Html) -> None:
        for paragraph in [last] if again else [*above, last]:
            out.paragraph(*written(paragraph, out.signs))
        if question.code:
            out.figure(question.code)
        if question.drawn is not None:
            write_graph(out, Drawing(expression="", graph=question.drawn))
        if question.table is not None and not again:
            out.table(grid(question.table, out.signs))

    return html(written_out, kind)


def solved(question: Question, kind: type[Html] = Inside) -> str:
    """Return how the answer is found, as HTML."""

    def written_out(out: Html) -> None:
        for line in question.solution:
            out.paragraph(*written(line, out.signs))

    return html(written_out, kind)


def hints(question: Question, kind: type[Html] = Inside) -> tuple[str, str]:
    """Return both hints, as HTML."""
    first, second = question.hints
    return said(first, kind), said(second, kind)


def said(prose: Prose, kind: type[Html] = Inside) -> str:
    """Return a sentence as HTML."""
    return html(lambda out: out.paragraph(*written(prose, out.signs)), kind)


def told(text: str) -> str:
    """Return plain words as HTML."""
    return said((text,)) if text else ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """One answer to choose.

    Attributes:
        letter: A, B, …
        text: the answer as HTML.
        right: whether it is the right one.
        words: what to say of a wrong one.
    """

    letter: str
    text: str
    right: bool
    words: str = ""

    @property
    def told(self) -> str:
        """What to say, as HTML."""
        return told(self.words)


def choices(question: Question, kind: type[Html] = Inside) -> list[Choice]:
    """Return the answers to choose from: the options, or the right answer among wrong ones."""
    key = question.key
    if key.form == "choice":
        texts = {wrong.answer: wrong.text for wrong in key.wrong}
        return [
            Choice(letter=letter, text=said(option, kind), right=letter == key.answer,
                   words=texts.get(letter, ""))
            for letter, option in zip(key.options, question.options, strict=True)
        ]  # fmt: skip
    answers = {_text(key, key.answer): (key.answer, "")}
    for wrong in key.wrong:
        if len(answers) < CHOICES:
            answers.setdefault(_text(key, wrong.answer), (wrong.answer, wrong.text))
    mixed = SplitMix64(f"{key.id} {key.expression} {key.answer}").shuffled(list(answers.values()))
    return [
        Choice(letter=letter, text=said(_shown(key, one), kind), right=not text, words=text)
        for letter, (one, text) in zip(LETTERS, mixed, strict=False)
    ]


def _shown(key: Key, found: float | str) -> Prose:
    """Return a number or a formula to choose."""
    if isinstance(found, float):
        return (prose_number(found),)
    return (formula(read([found], tuple(key.at)).graph),)


def _text(key: Key, found: float | str) -> str:
    """Return the same as text, to tell answers apart."""
    return "".join(written(_shown(key, found), UNICODE))


def title(report: Worksheet) -> str:
    """Return what a sheet is called in a course, in signs that a file of text can have."""
    return visible(f"{report.title} {report.seed}")


def name(question: Question) -> str:
    """Return what a question is called in a list: its number, its kind and its formula."""
    key = question.key
    return " ".join([f"{key.id.rjust(4, '0')} {key.kind}", *filter(None, [key.expression])])
