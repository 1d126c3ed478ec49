"""One file that a student opens at home: films of formulas, their style and script, nothing else.

It asks for nothing: no library, no font, no request; its Content-Security-Policy forbids them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from html import escape
from typing import Any

from autodiff_cli.errors import visible
from autodiff_cli.teach.derivation import Explanation
from autodiff_cli.views.film import Film
from autodiff_cli.views.fragment import fragment
from autodiff_cli.views.packed import script, sheet

POLICY = (
    "default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'; img-src data:; "
    "base-uri 'none'; form-action 'none'"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """A page of one formula.

    Attributes:
        film: the formula at its first point.
        explanations: the derivation of each output; none where they are too long.
        title: of the page; "" is the formula.
        language: of the title, as a tag of a language.
    """

    film: Film
    explanations: tuple[Explanation, ...] = ()
    title: str = ""
    language: str = "en"


def page(report: Page) -> str:
    """Return the file."""
    name = report.title or f"Trace of {report.film.expression}"
    unseen = "" if report.title else ' class="unseen"'
    heading = f'<h1 lang="{escape(report.language)}"{unseen}>{_text(name)}</h1>\n'
    body, read = fragment(report.film, "film", report.explanations, address="")
    title = report.title or report.film.expression
    return document(title, report.language, heading + body, {"film": read})


def document(
    title: str,
    language: str,
    body: str,
    films: Mapping[str, Mapping[str, Any]],
    questions: Mapping[str, Mapping[str, Any]] | None = None,
    sheets: Sequence[str] = ("film",),
) -> str:
    """Return a page around films.

    Args:
        title: plain text.
        language: of the title; what the program says is in English.
        body: HTML.
        films: name of an element → the data of its film.
        questions: name of an exercise → how its answer is marked.
        sheets: the style sheets.
    """
    style = "".join(map(sheet, [*sheets, *(["questions"] if questions else [])]))
    alive = f"<script>\n{script(films, questions)}\n</script>\n" if films or questions else ""
    return (
        f'<!DOCTYPE html>\n<html lang="{escape(language)}">\n<head>\n<meta charset="utf-8">\n'
        f'<meta http-equiv="Content-Security-Policy" content="{escape(POLICY)}">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>{_text(title)}</title>\n<style>{style}</style>\n</head>\n"
        f'<body class="autodiff-page">\n<main lang="en">\n{body}</main>\n{alive}</body>\n</html>\n'
    )


def _text(text: str) -> str:
    return escape(visible(text))
