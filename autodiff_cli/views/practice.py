"""A worksheet as a page to practise in: answers are marked as they are typed, with hints.

Where no script runs, and on paper, it is a sheet with room for the answers. Below a question that
is about one formula at one point stands its film, whose numbers are to be found too.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from html import escape
from typing import Any

from autodiff_cli.answers.trace import traces
from autodiff_cli.errors import visible
from autodiff_cli.formats.grid import Grid
from autodiff_cli.formats.html import Mathematical
from autodiff_cli.formats.mathml import mathml
from autodiff_cli.formats.signs import Formula, Signs
from autodiff_cli.language.parser import read
from autodiff_cli.teach.draft import ASKED, tolerance
from autodiff_cli.teach.marking import UNKNOWN
from autodiff_cli.teach.question import Question, Worksheet
from autodiff_cli.views import course
from autodiff_cli.views.film import PARTS, Film
from autodiff_cli.views.fragment import fragment
from autodiff_cli.views.key import write_key
from autodiff_cli.views.page import document

#: Kinds of questions about the numbers of one trace.
FILMED = ("derivative", "trace", "adjoint")


class Drawn(Mathematical):
    """HTML with formulas as MathML, in tables too, and graphs as pictures."""

    DRAWS = True
    PICTURES = True

    def table(self, grid: Grid) -> None:
        """Write a table."""

        def row(cells: Sequence[str], tag: str) -> str:
            sides = ["left" if k in grid.left else "right" for k in range(len(cells))]
            shown = [mathml(c) if isinstance(c, Formula) else _text(c) for c in cells]
            written = [
                f'<{tag} style="text-align: {side}">{text}</{tag}>'
                for side, text in zip(sides, shown, strict=True)
            ]
            return f"<tr>{''.join(written)}</tr>"

        head, body = row(grid.headings, "th"), "".join(row(cells, "td") for cells in grid.rows)
        self.stream.write(
            f'<div class="t"><table><thead>{head}</thead><tbody>{body}</tbody></table></div>\n'
        )


def page(report: Worksheet, signs: Signs) -> str:
    """Return the file.

    Args:
        report: the questions.
        signs: those of the screen, of which a page has no use.
    """
    films: dict[str, Any] = {}
    body = [f"<h1>{_text(report.title)}</h1>\n<p>Exercises of the seed {report.seed}.</p>\n"]
    for question in report.questions:
        body.append(_section(question, films))
    body.append('<p class="score" role="status"></p>\n')
    if report.key:
        body.append(f'<section class="key"><h2>Answers</h2>\n{_key(report.questions)}</section>\n')
    read_by = {f"q{one.key.id}": _data(one) for one in report.questions}
    return document(report.title, "en", "".join(body), films, read_by)


def _key(questions: Iterable[Question]) -> str:
    return course.html(lambda out: write_key(out, questions), Drawn)


def _section(question: Question, films: dict[str, Any]) -> str:
    """Return one exercise; its film is added to those of the page."""
    id = f"q{question.key.id}"
    asked = course.asked(question, Drawn, again=bool(question.key.after))
    return (
        f'<section class="autodiff-exercise" id="{id}" aria-labelledby="{id}-number">\n'
        f'<h2 id="{id}-number">{question.key.id}</h2>\n{asked}\n'
        f'<form autocomplete="off">{_field(question, id)}\n'
        '<p class="mark" role="status"></p></form>\n<div class="help"></div>\n'
        f"{_film(question, films)}</section>\n"
    )


_BUTTONS = (
    '<button class="check live" hidden>Check</button>'
    '<button type="button" class="hint-please live" hidden>Hint</button>'
)


def _field(question: Question, id: str) -> str:
    """Return where the answer goes: a field, or what there is to choose from."""
    if question.key.form == "number":
        return (
            f'<div class="answer-to"><label for="{id}-answer">Answer</label>'
            f'<input type="text" id="{id}-answer" autocapitalize="off" spellcheck="false">'
            f"{_BUTTONS}</div>"
        )
    options = "\n".join(
        f'<label><input type="radio" name="{id}" value="{one.letter}">{one.text}</label>'
        for one in course.choices(question, Drawn)
    )
    return (
        f"<fieldset><legend>Choose one</legend>\n{options}\n</fieldset>"
        f'<div class="answer-to">{_BUTTONS}</div>'
    )


def _data(question: Question) -> dict[str, Any]:
    """Return what the script reads: the answer, wrong ones with what is told, and help."""
    key = question.key
    found: dict[str, Any] = {
        "hints": list(course.hints(question, Drawn)), "solution": course.solved(question, Drawn)
    }  # fmt: skip
    if key.form == "number":
        wrong = [[one.answer, tolerance(float(one.answer)), one.text] for one in key.wrong]
        return found | {
            "answer": key.answer, "tolerance": key.tolerance, "wrong": wrong, "unknown": UNKNOWN,
            "few": ASKED,
        }  # fmt: skip
    choices = course.choices(question, Drawn)
    return found | {
        "right": next(one.letter for one in choices if one.right),
        "told": {one.letter: one.words for one in choices if not one.right},
    }


def _film(question: Question, films: dict[str, Any]) -> str:
    """Return the film of the formula in practice, folded; nothing where it is not about one."""
    key = question.key
    if key.kind not in FILMED or key.after:
        return ""
    graph = read([key.expression], tuple(key.at)).graph
    name = f"film-{key.id}"
    film = Film(
        graph=graph,
        reports=traces(graph, key.at, wrt=(key.by,)),
        expression=key.expression,
        practice=True,
        hidden=PARTS,
    )
    shown, films[name] = fragment(film, name)
    return (
        '<details class="live" hidden><summary>Find every number of this trace</summary>\n'
        f"{shown}</details>\n"
    )


def _text(text: str) -> str:
    return escape(visible(text))
