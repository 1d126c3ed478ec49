"""A page of the manual on a terminal: its Markdown read by a library, drawn by a format."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from autodiff_cli.formats.format import Format
from autodiff_cli.formats.grid import Grid

if TYPE_CHECKING:
    from markdown_it.token import Token

#: Columns by which code is indented.
INDENT = "  "


def write(out: Format, text: str) -> None:
    """Write Markdown: headings, paragraphs, lists, tables and blocks of code."""
    from markdown_it import MarkdownIt  # Rich's own reader

    tokens = iter(MarkdownIt("commonmark").enable("table").parse(text))
    bullet = ""
    for token in tokens:
        if token.type == "heading_open":
            out.line()
            heading = _inline(next(tokens))
            out.line(heading.upper() if token.tag == "h1" else heading)
            if token.tag != "h1":
                out.line("-" * min(len(heading), out.columns))
        elif token.type == "list_item_open":
            bullet = f"{token.info}{token.markup} " if token.info else "- "
            out.line()
        elif token.type == "inline":
            if not bullet:
                out.line()
            out.paragraph(f"{bullet}{_inline(token)}", hanging=len(bullet))
            bullet = ""
        elif token.type in ("fence", "code_block"):
            out.line()
            out.figure([f"{INDENT}{line}".rstrip() for line in token.content.splitlines()])
        elif token.type == "table_open":
            out.line()
            out.table(_grid(tokens))
    out.line()


def _inline(token: Token) -> str:
    """Return the words of a paragraph, with `code` as it is typed and links by their text."""
    return "".join(
        " " if child.type in ("softbreak", "hardbreak") else child.content
        for child in token.children or ()
    )


def _grid(tokens: Iterator[Token]) -> Grid:
    """Return the table whose opening has been read."""
    rows: list[list[str]] = []
    for token in tokens:
        if token.type == "table_close":
            break
        if token.type == "tr_open":
            rows.append([])
        elif token.type == "inline":
            rows[-1].append(_inline(token))
    head, *body = map(tuple, rows)
    return Grid(headings=head, rows=tuple(body), left=frozenset(range(len(head))))
