"""Words broken into lines that fit a width, and the width of a stream."""

from __future__ import annotations

import os
from typing import TextIO

from autodiff_cli.errors import width

#: Columns where nothing is known of the reader's screen.
COLUMNS = 80


def columns_of(stream: TextIO) -> int:
    """Return the width of a stream: its own, or COLUMNS, or the terminal's, or 80."""
    own: int | None = getattr(stream, "columns", None)
    if own is not None:
        return own
    setting = os.environ.get("COLUMNS", "")
    if setting.isascii() and setting.isdigit() and 0 < int(setting) < 100_000:
        return int(setting)
    try:
        if stream.isatty():
            import shutil

            return shutil.get_terminal_size((COLUMNS, 24)).columns
    except ValueError:
        pass
    return COLUMNS


def wrapped(text: str, columns: int, hanging: int) -> list[str]:
    """Break a text at spaces into lines of at most `columns`; a longer word stays whole."""
    indent = len(text) - len(text.lstrip(" "))
    lines: list[str] = []
    line = ""
    for word in text.strip(" ").split(" "):
        longer = f"{line} {word}" if line.strip() else f"{line}{word}"
        if line.strip() and width(longer) > columns - (0 if lines else indent):
            lines.append(line)
            line = " " * (indent + hanging) + word
        else:
            line = longer
    return [" " * indent + lines[0], *lines[1:], line] if lines else [" " * indent + line]


def counted(count: int, noun: str) -> str:
    """Return a number of things: 1 row, 2 rows."""
    return f"{count:,} {noun}{'' if count == 1 else 's'}"


def not_shown(count: int, noun: str, which: str = "") -> str:
    """Say how many things --rows leaves out."""
    verb = "is" if count == 1 else "are"
    return f"{counted(count, noun)}{which} {verb} not shown; --rows 0 shows all"
