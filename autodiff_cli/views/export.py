"""Code in another language: as it is, or set in a text."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from autodiff_cli.formats.format import Format
from autodiff_cli.notes.note import Note
from autodiff_cli.views.head import notes_payload


@dataclass(frozen=True, slots=True, kw_only=True)
class Code:
    """A program that was written.

    Attributes:
        expression: the text as typed.
        to, mode: the language, and which derivative it computes.
        text: the program.
        notes: how the text was read, where that may surprise.
    """

    expression: str
    to: str
    mode: str
    text: str
    notes: Sequence[Note] = ()


def write(out: Format, report: Code) -> None:
    """Write the program."""
    out.figure(report.text.rstrip("\n").split("\n"))


def payload(report: Code) -> dict[str, Any]:
    """Return `autodiff.export/1`."""
    return {
        "schema": "autodiff.export/1",
        "expression": report.expression,
        "to": report.to,
        "mode": report.mode,
        "code": report.text,
        "notes": notes_payload(report.notes),
    }
