"""A lesson between the program and a student: shows a screen, runs its commands, reads an answer.

What happens is decided by `teach/course.py`; here are the commands, the answers and the file.
"""

from __future__ import annotations

import contextlib
import io
import os
import sys
from dataclasses import replace
from importlib.resources.abc import Traversable

from autodiff_cli.cli.answering import SIGN
from autodiff_cli.cli.board import Board, Left
from autodiff_cli.cli.remembered import remember
from autodiff_cli.cli.session import INTERRUPTED, Session
from autodiff_cli.errors import named, visible
from autodiff_cli.teach.course import Course, Screen, letters, screen
from autodiff_cli.teach.learner import Learner
from autodiff_cli.teach.task import KEYS, SPELLED, Command
from autodiff_cli.teach.turn import QUIT, at_lesson, given
from autodiff_cli.views import lessons as view

#: The key that is said nowhere else: which keys there are.
HELP = "?"


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
        self.board = Board(plain=plain)
        self.keeps = True

    def teach(self, student: Learner) -> None:
        """Teach until the student leaves, the input ends, or the course does."""
        shown = self._opening(student)
        try:
            while True:
                self._show(shown)
                self._keep(student)
                if shown.awaits == "end":
                    return
                typed = self._typed(shown, student)
                if typed is None:
                    break
                shown, student = self._after(shown, student, typed)
            self._show(Screen(pieces=(self.course.say("ended"),), awaits="end"))
        except KeyboardInterrupt:
            self._show(Screen(pieces=(self.course.say("quit"),), awaits="end"))
            raise
        except Left:
            self._show(Screen(pieces=(self.course.say("quit"),), awaits="end"))

    def _opening(self, student: Learner) -> Screen:
        """Return the first screen: where the student is, which keys there are, and the step."""
        shown = screen(self.course, student)
        index = self.course.index(student.lesson)
        title = self.course.lessons[index].title
        where = [self.course.say("welcome", number=index + 1, title=title)] if student.place else []
        return replace(shown, pieces=(*where, self.course.say("keys"), *shown.pieces))

    def _after(self, shown: Screen, student: Learner, typed: str) -> tuple[Screen, Learner]:
        if typed == HELP:
            return replace(shown, pieces=(self.course.say("keys"),)), student
        if shown.awaits != "lesson":
            return given(self.course, student, typed)
        if typed.isascii() and typed.isdecimal() and len(typed) < 5:
            number = int(typed)
            if 1 <= number <= len(self.course.lessons):
                student = at_lesson(self.course, student, number - 1)
        elif SPELLED.get(typed, typed) == QUIT:
            return given(self.course, student, typed)
        return screen(self.course, student), student

    def _show(self, shown: Screen) -> None:
        """Write a screen; its commands run where they stand."""
        more = visible(self.course.phrases["more"])
        before: object = None
        for piece in shown.pieces:
            with self.board.writing(more) as page:
                if not view.close(before, piece):
                    page.write("\n")
                view.write_piece(self.board.format(page), piece, plain=self.board.plain)
            if isinstance(piece, Command):
                with self.board.writing(more):
                    status = run(self.session, piece, self.folder)
                if status == INTERRUPTED:
                    raise KeyboardInterrupt
            before = piece

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

    def _typed(self, shown: Screen, student: Learner) -> str | None:
        """Return what the student typed, or None where the input has ended."""
        if shown.awaits == "next" and not self.board.listens:
            return ""  # who writes into a pipe waits for no key
        if not self.board.plain and shown.awaits in ("next", "letter"):
            sys.stdout.write(f"\n{visible(shown.prompt) or SIGN.strip()} ")
            sys.stdout.flush()
            key = self.board.key("".join((*KEYS, HELP, *letters(self.course, student))))
            sys.stdout.write(f"{key or ''}\n")
            return key
        sys.stdout.write("\n")
        if shown.prompt:
            sys.stdout.write(f"{visible(shown.prompt)}\n")
        return self.board.line()


def silently(session: Session, command: Command, folder: Traversable) -> int:
    """Run a command line of a lesson for its exit status alone."""
    told = [io.TextIOWrapper(io.BytesIO(), encoding="utf-8") for _ in range(2)]
    with contextlib.redirect_stdout(told[0]), contextlib.redirect_stderr(told[1]):
        return run(session, command, folder)


def run(session: Session, command: Command, folder: Traversable) -> int:
    """Run a command line of a lesson; it reads below the lessons' folder, and writes nothing."""
    before = session.command, session.options
    with session.within(os.path.join(str(folder), "lesson")):
        try:
            return session.run(list(command.words))
        finally:
            session.command, session.options = before
