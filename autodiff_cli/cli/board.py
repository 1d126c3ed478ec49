"""Where a lesson is written and answered: page by page on a terminal, line by line elsewhere."""

from __future__ import annotations

import contextlib
import io
import os
import re
import sys
from collections.abc import Iterator

from autodiff_cli.cli.answering import read_line
from autodiff_cli.cli.collected import Collected
from autodiff_cli.cli.terminal import interactive, keyboard
from autodiff_cli.errors import width
from autodiff_cli.formats.format import Format
from autodiff_cli.formats.lines import columns_of
from autodiff_cli.formats.screen import Screen

#: Lines of a page that stay free: for what is waited for, and for what was read last.
FREE = 2

#: Lines of boxes, and dots, in characters that every reader has a word for.
_PLAIN = str.maketrans(
    {"─": "-", "│": "|", "┌": "+", "┐": "+", "└": "+", "┘": "+", "├": "|", "┤": "|", "┬": "+",
     "┴": "+", "┼": "+"}
    | {chr(dots): "*" if dots & 0xFF else " " for dots in range(0x2800, 0x2900)}
)  # fmt: skip

#: What sets a colour.
_COLOUR = re.compile("\x1b\\[[0-9;]*m")

#: Keys that go on, as answers.
_ONWARDS = {"enter": "", " ": "", "right": "", "down": "", "page down": ""}


class Left(Exception):
    """The student has left in the middle of a page."""


class Board:
    """Writes what is taught, and reads what is answered.

    Args:
        plain: draw nothing, and read lines only.
    """

    def __init__(self, *, plain: bool) -> None:
        self.listens = sys.stdin.isatty()
        self.plain = plain or not interactive()
        self._row = 0

    def format(self, stream: io.TextIOBase) -> Format:
        """Return the format of what stands on the board."""
        return Screen(stream)  # type: ignore[arg-type]

    @contextlib.contextmanager
    def writing(self, more: str) -> Iterator[io.TextIOBase]:
        """Collect what is written, by whomever, and show it at the end.

        Args:
            more: what is said where a page is full.
        """
        page = Collected(sys.stdout)
        try:
            with contextlib.redirect_stdout(page), contextlib.redirect_stderr(page):
                yield page
        finally:
            self._show(page.getvalue(), more)

    def _show(self, text: str, more: str) -> None:
        """Write a text; on a terminal wait before what would push unread lines out of sight."""
        if self.plain:
            text = _COLOUR.sub("", text).replace("└── ", "`-- ")  # of a tree, not of a chart
            sys.stdout.write(text.translate(_PLAIN))
            sys.stdout.flush()
            return
        columns = columns_of(sys.stdout)
        for line in text.splitlines(keepends=True):
            rows = max(1, -(-width(_COLOUR.sub("", line.rstrip("\n"))) // columns))
            if self._row and self._row + rows > _height() - FREE:
                self._turn(more)
            sys.stdout.write(line)
            self._row += rows
        sys.stdout.flush()

    def _turn(self, more: str) -> None:
        """Wait for a key before the page goes on."""
        sys.stdout.write(more)
        sys.stdout.flush()
        key = self.key("")
        sys.stdout.write("\r\x1b[K")
        if key is None or key == "q":
            raise Left
        self._row = 0

    def key(self, letters: str) -> str | None:
        """Wait for one key: a letter, or one that goes on, which is ""; None where input ends.

        Args:
            letters: those that are waited for; none where any will do.
        """
        self._row = 0
        source = keyboard()
        source.start()
        try:
            while True:
                for key in source.pressed():
                    if key == "end of input":
                        return None
                    if key in _ONWARDS:
                        return _ONWARDS[key]
                    if len(key) == 1 and (not letters or key.lower() in letters):
                        return key.lower()
        finally:
            source.stop()

    def line(self) -> str | None:
        """Read a line; None where the input has ended."""
        self._row = 0
        return read_line(plain=self.plain)


def _height() -> int:
    """Return the lines of the screen."""
    try:
        return max(os.get_terminal_size(sys.__stdout__.fileno()).lines, 2 * FREE)  # type: ignore[union-attr]
    except (OSError, ValueError, AttributeError):
        return 24
