"""A text of prose and commands, one screen at a time: each command runs when it is reached.

What a command has said is kept, so that going back shows it again and runs nothing twice.
"""

from __future__ import annotations

import contextlib
import io
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from itertools import groupby

from autodiff_cli.cli.collected import Collected
from autodiff_cli.cli.terminal import Terminal
from autodiff_cli.errors import width
from autodiff_cli.formats.plain import spelled
from autodiff_cli.views.stage import broken, clipped, fitting


@dataclass(slots=True)
class Slide:
    """A piece of the text: prose, and the command that ends it.

    Attributes:
        prose: lines to be read.
        run: runs the command and returns its exit status; None where there is none.
        said: what it said, once it has run.
    """

    prose: list[str] = field(default_factory=list)
    run: Callable[[], int] | None = None
    said: list[str] | None = None


class Lecture:
    """Shows slides one after the other, as keys ask for them.

    Args:
        slides: the pieces of the text, one at least.
        arrows: the signs of the keys that go on and back.

    Attributes:
        place: which slide is shown.
        done: whether the reader has left.
        worst: the largest exit status until now.
    """

    def __init__(self, slides: Sequence[Slide], arrows: tuple[str, str]) -> None:
        self.slides, self.arrows = slides, arrows
        self.place, self.done, self.worst = 0, False, 0
        self._page, self._typed = 0, ""
        self._pages = 1
        self._counted: dict[int, int] = {}  # slide → its pages, when it was last shown

    @property
    def slide(self) -> Slide:
        """The slide that is shown."""
        return self.slides[self.place]

    def go_on(self, columns: int) -> None:
        """Run the command of the slide, if it has not run."""
        slide = self.slide
        if slide.run is None or slide.said is not None:
            return
        stream = Collected(sys.stdout, columns=columns, plain=True)
        before, sys.stdin = sys.stdin, io.StringIO()  # the keys are the lecture's
        try:
            with contextlib.redirect_stdout(stream), contextlib.redirect_stderr(stream):
                self.worst = max(self.worst, slide.run())
        finally:
            sys.stdin = before
        slide.said = stream.getvalue().rstrip("\n").split("\n")

    def lines(self, columns: int, height: int, encoding: str = "utf-8") -> list[str]:
        """Return what a screen of this size shows: a page of the slide, and the keys."""
        text = _paragraphs([spelled(line, encoding) for line in self.slide.prose], columns)
        for line in self.slide.said or []:
            text += _fitted(spelled(line, encoding), columns)
        room = max(1, height - 2)
        self._pages = max(1, -(-len(text) // room))
        self._counted[self.place] = self._pages
        self._page = min(self._page, self._pages - 1)
        shown = text[self._page * room : (self._page + 1) * room]
        shown += [""] * (height - 1 - len(shown))
        return [*shown[: height - 1], self._last(columns)]

    def _last(self, columns: int) -> str:
        right, left = self.arrows
        where = f"{self.place + 1} of {len(self.slides)}"
        if self._pages > 1:
            where += f", page {self._page + 1} of {self._pages}"
        if self._typed:
            return clipped(f"go to: {self._typed}_", columns)
        at_end = self.place + 1 == len(self.slides) and self._page + 1 == self._pages
        on = "the end" if at_end else f"{right} space: on"
        return fitting([where, on, f"{left} back", "q quit", "3 Enter: go to 3"], columns)

    def press(self, key: str) -> None:
        """Take a key by its name."""
        if key in ("resize", "redraw"):
            return
        if key in ("q", "Q", "end of input"):
            self.done = True
        elif key.isascii() and key.isdigit() and len(self._typed) < len(str(len(self.slides))):
            self._typed += key
        elif key == "enter" and self._typed:
            place, self._typed = int(self._typed) - 1, ""
            self._turn(max(0, min(place, len(self.slides) - 1)))
        elif key == "backspace" and self._typed:
            self._typed = self._typed[:-1]
        else:
            self._typed = ""
            self._move(key)

    def _move(self, key: str) -> None:
        if key in ("right", "down", " ", "enter", "page down"):
            if self._page + 1 < self._pages:
                self._page += 1
            elif self.place + 1 < len(self.slides):
                self._turn(self.place + 1)
        elif key in ("left", "up", "backspace", "page up"):
            if self._page:
                self._page -= 1
            elif self.place:
                self._turn(self.place - 1)
                self._page = self._pages - 1
        elif key == "home":
            self._turn(0)
        elif key == "end":
            self._turn(len(self.slides) - 1)

    def _turn(self, place: int) -> None:
        self.place, self._page, self._pages = place, 0, self._counted.get(place, 1)


def _paragraphs(lines: Sequence[str], columns: int) -> list[str]:
    """Return prose as it is, or where a line of a paragraph is too broad, with other line ends."""
    found: list[str] = []
    for prose, group in groupby(
        lines, lambda line: bool(line) and not line.startswith((" ", "$ "))
    ):
        part = list(group)
        if prose and max(map(width, part)) > columns:
            found += broken(" ".join(part), columns, hanging=0)
        else:
            found += [piece for line in part for piece in _fitted(line, columns)]
    return found


def _fitted(text: str, columns: int) -> list[str]:
    return [text] if width(text) <= columns else broken(text, columns)


def give(slides: Sequence[Slide], arrows: tuple[str, str]) -> int:
    """Show slides on a screen of their own until the reader leaves.

    Args:
        slides: the pieces of the text, one at least.
        arrows: the signs of the keys that go on and back.

    Returns:
        The largest exit status of the commands that were reached.
    """
    lecture, encoding = Lecture(slides, arrows), sys.stdout.encoding
    with Terminal() as terminal:
        while not lecture.done:
            columns, height = terminal.size()
            terminal.show(lecture.lines(columns, height, encoding))
            lecture.go_on(columns)
            terminal.show(lecture.lines(columns, height, encoding))
            for key in terminal.pressed():
                lecture.press(key)
    return lecture.worst
