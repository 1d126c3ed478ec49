"""Lessons on the screen: prose, figures, questions, and the list of what has been done."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from autodiff_cli.errors import width
from autodiff_cli.formats.format import Format
from autodiff_cli.formats.grid import Grid
from autodiff_cli.formats.lines import wrapped
from autodiff_cli.teach.course import Heading, Listing
from autodiff_cli.teach.task import Command, Figure, Paragraph, Piece

#: Columns by which the further lines of a choice are indented, and those of a command line.
CHOICE, LINE = 3, 4


def write(out: Format, report: Listing) -> None:
    """Write the list of lessons."""
    rows = tuple(
        (str(row.number), row.title, f"{row.done}/{row.tasks}", row.word) for row in report.rows
    )
    out.table(Grid(("", "lesson", "tasks", ""), rows, frozenset((1, 3))))


def payload(report: Listing) -> dict[str, Any]:
    """Return the list of lessons as an object of JSON."""
    return {
        "schema": "autodiff.learn/1",
        "lessons": [
            {"number": row.number, "title": row.title, "tasks": row.tasks, "done": row.done}
            for row in report.rows
        ],
    }


def write_piece(out: Format, piece: Piece | Heading | Listing, *, plain: bool) -> None:
    """Write one piece of a lesson; of a command, its line: whoever runs it does so after.

    Args:
        out: where to.
        piece: what is shown.
        plain: draw no lines.
    """
    match piece:
        case Heading(text=text):
            out.paragraph(text, hanging=0)
            if not plain:
                out.line("─" * min(width(text), out.columns))
        case Paragraph(text=text):
            out.paragraph(text, hanging=CHOICE if text.startswith(" ") else 0)
        case Figure(lines=lines):
            out.figure(lines)
        case Listing():
            write(out, piece)
        case Command(line=line):
            out.figure(list(_continued(wrapped(f"$ autodiff {line}", out.columns - 2, LINE))))


def close(one: object, other: object) -> bool:
    """Tell whether two pieces stand together without a gap: choices do."""
    return all(isinstance(each, Paragraph) and each.text.startswith(" ") for each in (one, other))


def _continued(lines: Iterable[str]) -> Iterable[str]:
    """Yield the lines of one command as a shell reads them, in quotes or not."""
    *most, last = lines
    yield from (f"{line} \\" for line in most)
    yield last
