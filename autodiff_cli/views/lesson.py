"""A text of prose and commands as one page: each answer as given, and alive where it can move."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from html import escape
from typing import Any

from autodiff_cli.errors import visible
from autodiff_cli.views.fragment import fragment
from autodiff_cli.views.page import Page, document


@dataclass(frozen=True, slots=True, kw_only=True)
class Prose:
    """One paragraph; `level` is 0, or that of a heading."""

    text: str
    level: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """A command line, and what it answered.

    Attributes:
        line: the command line.
        html: what it wrote as HTML, "" where that is the film.
        text: what it wrote as plain text.
        page: the film of what it is about; None where that does not move.
    """

    line: str
    html: str = ""
    text: str = ""
    page: Page | None = None


def lesson(title: str, parts: Sequence[Prose | Answer]) -> str:
    """Return the file: a page of all parts in their order."""
    films: dict[str, dict[str, Any]] = {}
    body = "\n".join(_part(part, films) for part in parts)
    article = f'<article class="autodiff-lesson">\n{body}\n</article>\n'
    return document(title, "en", article, films, sheets=("film", "lesson"))


def paragraphs(lines: Sequence[str]) -> Iterator[Prose]:
    """Yield the paragraphs and headings of lines of prose that stand together.

    Args:
        lines: without the signs of a comment; an empty one ends a paragraph.
    """
    found: list[str] = []
    for line in [*lines, ""]:
        heading = re.match(r"(#+) +(.+)", line)
        if found and (heading or not line.strip()):
            yield Prose(text=" ".join(found))
            found = []
        if heading:
            yield Prose(text=heading[2], level=min(1 + len(heading[1]), 6))
        elif line.strip():
            found.append(line.strip())


def _part(part: Prose | Answer, films: dict[str, dict[str, Any]]) -> str:
    if isinstance(part, Prose):
        tag = f"h{part.level}" if part.level else "p"
        return f"<{tag}>{_text(part.text)}</{tag}>"
    shown = f'<p class="command"><code>$ autodiff {_text(part.line)}</code></p>\n{part.html}'
    if part.text:
        shown += f"<pre>{_lines(part.text)}</pre>"
    if part.page is not None:
        name = f"film-{len(films) + 1}"
        film = part.page.film
        address = f"{len(films) + 1}."
        drawn, films[name] = fragment(film, name, part.page.explanations, address=address)
        if part.html or part.text:
            drawn = f"<details><summary>Move it, and step through it</summary>\n{drawn}</details>"
        shown += drawn
    return f'<div class="answered">\n{shown}\n</div>'


def _lines(text: str) -> str:
    return "\n".join(_text(line) for line in text.rstrip("\n").split("\n"))


def _text(text: str) -> str:
    return escape(visible(text))
