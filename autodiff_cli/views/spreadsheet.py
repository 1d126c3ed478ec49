"""Rows of text and numbers for a spreadsheet, as CSV."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence

from autodiff_cli.files.csv import plain


def spreadsheet(headings: Sequence[str], rows: Iterable[Sequence[str | float | None]]) -> str:
    """Return rows as CSV; text that a spreadsheet would compute stays text, None is empty."""
    stream = io.StringIO()
    writer = csv.writer(stream, lineterminator="\n")
    writer.writerow(list(map(plain, headings)))
    writer.writerows([plain(one) if isinstance(one, str) else _short(one) for one in row]
                     for row in rows)  # fmt: skip
    return stream.getvalue()


def _short(number: float | None) -> str:
    return "" if number is None else f"{number:g}" if number == round(number, 5) else repr(number)
