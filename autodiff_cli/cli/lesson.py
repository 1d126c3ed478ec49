"""A lesson between the program and a student: shows a screen, runs its commands, reads an answer.

What happens is decided by `teach/course.py`; here are only the streams, the keys and the file.
"""

from __future__ import annotations

import contextlib
import io
import os
import sys
from dataclasses import replace
from importlib.resources.abc import Traversable

from autodiff_cli.cli.options import Written
from autodiff_cli.cli.output import opened
from autodiff_cli.cli.remembered import remember
from autodiff_cli.cli.session import INTERRUPTED, Session
from autodiff_cli.errors import named, visible
from autodiff_cli.formats.plain import HANDLER
from autodiff_cli.teach.course import Course, Screen, at_lesson, given, screen
from autodiff_cli.teach.learner import Learner
from autodiff_cli.teach.task import Command
from autodiff_cli.views import lessons as view

#: What stands before what a student types.
SIGN = "> "


class Lectern:
    """Teaches a course.

    Args:
        session: the run of the program.
        course: the lessons.
        folder: where their files are; what their commands read lies below it.
        path: the file of what is remembered.
        plain: draw nothing and wait for lines, not keys.
    """

    def __init__(
        self, session: Session, course: Course, folder: Traversable, path: str, *, plain: bool
    ) -> None:
        self.session, self.course, self.folder, self.path = session, course, folder, path
        self.listens = sys.stdin.isatty()
        screens = sys.stdout.isatty() and os.environ.get("TERM") != "dumb"
        self.plain = plain or not (self.listens and screens)
        self.keeps = True

    def teach(self, student: Learner) -> None:
        """Teach until the student leaves, the input ends, or the course does."""
        index = self.course.index(student.lesson)
        shown = screen(self.course, student)
        if student.place:
            title = self.course.lessons[index].title
            welcome = self.course.say("welcome", number=index + 1, title=title)
            shown = replace(shown, pieces=(welcome, *shown.pieces))
        while True:
            self._show(shown)
            self._keep(student)
            if shown.awaits == "end":
                return
            typed = self._typed(shown)
            if typed is None:
                self._show(Screen(pieces=(self.course.say("ended"),), awaits="end"))
                return
            shown, student = self._after(shown, student, typed)

    def _after(self, shown: Screen, student: Learner, typed: str) -> tuple[Screen, Learner]:
        if shown.awaits != "lesson":
            return given(self.course, student, typed)
        if typed.isascii() and typed.isdecimal() and len(typed) < 5:
            number = int(typed)
            if 1 <= number <= len(self.course.lessons):
                student = at_lesson(self.course, student, number - 1)
        elif typed == "q":
            return given(self.course, student, typed)
        return screen(self.course, student), student

    def _show(self, shown: Screen) -> None:
        """Write a screen; its commands run where they stand."""
        before: object = None
        for piece in shown.pieces:
            if not view.close(before, piece):
                sys.stdout.write("\n")
            out = opened(sys.stdout, "text", view, Written())  # of the width that there is now
            view.write_piece(out, piece, plain=self.plain)
            if isinstance(piece, Command):
                self._run(piece)
            before = piece
        sys.stdout.flush()

    def _run(self, command: Command) -> None:
        sys.stdout.flush()
        if not self.plain:
            status = _run(self.session, command, self.folder)
        else:
            told = io.TextIOWrapper(io.BytesIO(), encoding="ascii", errors=HANDLER, newline="\n")
            with contextlib.redirect_stdout(told):
                status = _run(self.session, command, self.folder)
            told.flush()
            sys.stdout.write(told.buffer.getvalue().decode())
        if status == INTERRUPTED:
            raise KeyboardInterrupt

    def _keep(self, student: Learner) -> None:
        """Remember the student; where that cannot be, say so once and teach on."""
        if not self.keeps:
            return
        try:
            remember(self.session, self.path, student)
        except OSError as error:
            self.keeps = False
            reason = error.strerror or str(error)
            sys.stderr.write(f"note: your progress is not kept: {named(self.path)}: {reason}\n")

    def _typed(self, shown: Screen) -> str | None:
        """Return what the student typed, or None where the input has ended."""
        if shown.awaits == "next" and not self.listens:
            return ""  # who writes into a pipe waits for no key
        sys.stdout.write("\n")
        if shown.prompt:
            opened(sys.stdout, "text", view, Written()).paragraph(shown.prompt, hanging=0)
        sys.stdout.write(SIGN)
        sys.stdout.flush()
        line = sys.stdin.readline()
        if not self.listens:
            sys.stdout.write(f"{visible(line.rstrip())}\n")  # as a terminal would show it
        return line.strip() if line else None


def silently(session: Session, command: Command, folder: Traversable) -> int:
    """Run a command line of a lesson for its exit status alone."""
    told = [io.TextIOWrapper(io.BytesIO(), encoding="utf-8") for _ in range(2)]
    with contextlib.redirect_stdout(told[0]), contextlib.redirect_stderr(told[1]):
        return _run(session, command, folder)


def _run(session: Session, command: Command, folder: Traversable) -> int:
    """Run a command line of a lesson; it reads below the lessons' folder, and writes nothing."""
    before = session.command, session.options
    with session.within(os.path.join(str(folder), "lesson")):
        try:
            return session.run(list(command.words))
        finally:
            session.command, session.options = before
