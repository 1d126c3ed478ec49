"""Moodle XML: every named wrong answer is an answer of its own, with feedback and tolerance.

Moodle tries the answers of a numerical question in their order, so the right one comes first and
`*`, which is any other, last. Moodle's documentation: Moodle XML format.
"""

from __future__ import annotations

from html import escape

from autodiff_cli.formats.signs import Signs
from autodiff_cli.graph.printer import number
from autodiff_cli.teach.draft import tolerance
from autodiff_cli.teach.marking import UNKNOWN
from autodiff_cli.teach.question import Question, Worksheet
from autodiff_cli.views import course

#: Share of the points that a wrong try costs, where a question may be tried again.
PENALTY = "0.3333333"


def text(report: Worksheet, signs: Signs) -> str:
    """Return a worksheet for Moodle's question bank.

    Args:
        report: the questions.
        signs: those of the screen, of which a course has no use.
    """
    named = course.title(report).replace("/", "//")  # a single one begins a category below
    category = f"$course$/{named}"
    blocks = [_element("question", [_texted("category", category)], type="category")]
    blocks += [_question(question) for question in report.questions]
    body = "\n".join(blocks)
    return f'<?xml version="1.0" encoding="UTF-8"?>\n<quiz>\n{body}\n</quiz>\n'


def _question(question: Question) -> str:
    numerical = question.key.form == "number"
    parts = [
        _texted("name", course.name(question)),
        _html("questiontext", course.asked(question)),
        _html("generalfeedback", course.solved(question)),
        _plain("defaultgrade", "1.0000000"),
        _plain("penalty", PENALTY),
        _plain("hidden", "0"),
        *(_numerical(question) if numerical else _choice(question)),
        *[_html("hint", hint) for hint in course.hints(question)],
    ]
    return _element("question", parts, type="numerical" if numerical else "multichoice")


def _numerical(question: Question) -> list[str]:
    key = question.key
    answers = [_answer("100", float(key.answer), key.tolerance, "")]
    answers += [
        _answer("0", float(wrong.answer), tolerance(float(wrong.answer)), wrong.text)
        for wrong in key.wrong
    ]
    rest = _element(
        "answer",
        [_plain("text", "*"), _html("feedback", course.told(UNKNOWN)), _plain("tolerance", "0")],
        fraction="0", format="moodle_auto_format",
    )  # fmt: skip
    units = [("unitgradingtype", "0"), ("unitpenalty", "0.1000000"), ("showunits", "3"),
             ("unitsleft", "0")]  # fmt: skip
    return [*answers, rest, *[_plain(tag, value) for tag, value in units]]


def _answer(fraction: str, value: float, near: float, feedback: str) -> str:
    return _element(
        "answer",
        [_plain("text", number(value)), _html("feedback", course.told(feedback)),
         _plain("tolerance", number(near))],
        fraction=fraction, format="moodle_auto_format",
    )  # fmt: skip


def _choice(question: Question) -> list[str]:
    answers = [
        _element(
            "answer",
            [_plain("text", one.text), _html("feedback", one.told)],
            fraction="100" if one.right else "0", format="html",
        )
        for one in course.choices(question)
    ]  # fmt: skip
    return [
        _plain("single", "true"),
        _plain("shuffleanswers", "true" if question.key.form == "formula" else "false"),
        _plain("answernumbering", "ABCD"),
        _html("correctfeedback", ""),
        _html("partiallycorrectfeedback", ""),
        _html("incorrectfeedback", ""),
        *answers,
    ]


def _plain(tag: str, value: str) -> str:
    return f"<{tag}>{escape(value, quote=False)}</{tag}>"


def _texted(tag: str, value: str) -> str:
    return f"<{tag}>{_plain('text', value)}</{tag}>"


def _html(tag: str, value: str) -> str:
    return f'<{tag} format="html">{_plain("text", value)}</{tag}>'


def _element(tag: str, parts: list[str], **attributes: str) -> str:
    given = "".join(f' {name}="{escape(value)}"' for name, value in attributes.items())
    inner = "\n".join(parts)
    return f"<{tag}{given}>\n{inner}\n</{tag}>"
