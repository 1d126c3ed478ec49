"""What `quiz` says in the terminal: the question, the marks, help, and how it went."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from autodiff_cli.formats.format import Format
from autodiff_cli.formats.lines import counted
from autodiff_cli.teach.attempt import Attempt
from autodiff_cli.teach.catalogue import SLIPS
from autodiff_cli.teach.marking import Mark
from autodiff_cli.teach.prose import Prose
from autodiff_cli.teach.question import Question
from autodiff_cli.views.exercises import write_asked
from autodiff_cli.views.key import answer
from autodiff_cli.views.prose import write as write_prose

#: What may be typed in place of an answer.
WORDS = "hint, skip or quit"

#: How an answer of each form looks.
_FORMS = {
    "number": "a number, or what gives one: 3/4, 2*cos(4)",
    "formula": "a formula: 2x*cos(x^2)",
    "choice": "a letter",
}


def begin(out: Format, count: int, seed: str) -> None:
    """Write what is coming."""
    out.paragraph(f"{counted(count, 'question')} of the seed {seed}. Type an answer, or {WORDS}.")


def ask(out: Format, number: int, of: int, question: Question) -> None:
    """Write a question."""
    key = question.key
    out.line()
    out.paragraph(f"Question {number} of {of} ({key.topic}, level {key.level})")
    again = bool(key.after)
    write_asked(out, "", question, again=again)


def wanted(out: Format, question: Question) -> None:
    """Write what an answer is, to who typed none."""
    out.paragraph(f"Type {_FORMS[question.key.form]}; or {WORDS}.")


def told(out: Format, mark: Mark) -> None:
    """Write what a mark says."""
    if mark.status == "right":
        out.paragraph("Right.")
    elif mark.status == "wrong":
        out.paragraph(f"No: {_sentence(mark.diagnosis, capital=False)}")
    else:
        out.paragraph(_sentence(mark.diagnosis))


def _sentence(text: str, *, capital: bool = True) -> str:
    if capital:
        text = text[:1].upper() + text[1:]
    return text if text.endswith((".", "?", "!")) else f"{text}."


def help(out: Format, attempt: Attempt, words: Sequence[Prose]) -> None:
    """Write a hint, or the solution with the answer."""
    if attempt.outcome is None:
        for prose in words:
            write_prose(out, prose, f"Hint {attempt.helped}: ")
        return
    out.paragraph("The answer is ", answer(out, attempt.question.key), ":")
    for prose in words:
        write_prose(out, prose, "   ", hanging=3)


def skipped(out: Format, question: Question) -> None:
    """Write the answer of a question that was skipped."""
    out.paragraph("Skipped. The answer is ", answer(out, question.key), ".")


def end(out: Format, attempts: Sequence[Attempt], of: int, again: str) -> None:
    """Write how it went, which slips were made, and how to have the same questions again."""
    states = Counter(one.outcome for one in attempts)
    right = states["first"] + states["right"]
    out.line()
    first = f", {states['first']} of them at the first try" if right else ""
    out.paragraph(f"{right} of {of} right{first}.")
    slips = Counter(slip for one in attempts for slip in one.slips)
    for id, count in slips.most_common():
        name = SLIPS[id].name if id in SLIPS else id.replace("-", " ")
        out.paragraph(f"   {name}: {count} times" if count > 1 else f"   {name}: once")
    out.paragraph(f"The same questions again: {again}")
