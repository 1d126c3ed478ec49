"""GIFT: questions as plain text, which Moodle and other courses read.

Moodle's documentation: GIFT format. What it takes for its own signs is escaped; a blank line would
end a question.
"""

from __future__ import annotations

import re

from autodiff_cli.formats.signs import Signs
from autodiff_cli.graph.printer import number
from autodiff_cli.teach.draft import tolerance
from autodiff_cli.teach.marking import UNKNOWN
from autodiff_cli.teach.question import Question, Worksheet
from autodiff_cli.views import course

_SIGNS = re.compile(r"([~=#{}:\\])")


def text(report: Worksheet, signs: Signs) -> str:
    """Return a worksheet as GIFT.

    Args:
        report: the questions.
        signs: those of the screen, of which a course has no use.
    """
    title = _SIGNS.sub(" ", course.title(report)).replace("/", "//")
    blocks = [f"$CATEGORY: $course$/{title}", *map(_question, report.questions)]
    return "\n\n".join(blocks) + "\n"


def _question(question: Question) -> str:
    answers = _numerical(question) if question.key.form == "number" else _choice(question)
    lines = [
        f"::{escaped(course.name(question))}::[html]{escaped(course.asked(question))}{answers[0]}",
        *answers[1:],
        f"####{escaped(course.solved(question))}",
        "}",
    ]
    return "\n".join(lines)


def _numerical(question: Question) -> list[str]:
    key = question.key
    right = f"={number(float(key.answer))}:{number(key.tolerance)}"
    wrong = [
        f"=%0%{number(float(one.answer))}:{number(tolerance(float(one.answer)))}#{escaped(one.text)}"
        for one in key.wrong
    ]
    return ["{#", right, *wrong, f"~#{escaped(UNKNOWN)}"]


def _choice(question: Question) -> list[str]:
    return [
        "{",
        *[
            f"{'=' if one.right else '~'}{escaped(one.text)}#{escaped(one.told)}"
            for one in course.choices(question)
        ],
    ]


def escaped(text: str) -> str:
    r"""Return text that GIFT shows as it is, in one line: a line's end is written \n."""
    return _SIGNS.sub(r"\\\1", text).replace("\n", r"\n")
