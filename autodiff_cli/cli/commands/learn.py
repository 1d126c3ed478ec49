"""`autodiff learn`: lessons in the terminal, which go on where they were left."""

from __future__ import annotations

import sys
from dataclasses import replace
from importlib.resources.abc import Traversable
from typing import Annotated

from autodiff_cli.cli.lesson import Lectern
from autodiff_cli.cli.options import Written
from autodiff_cli.cli.output import show
from autodiff_cli.cli.parameters import Argument, Option
from autodiff_cli.cli.remembered import put_away, recall, usual_place
from autodiff_cli.cli.session import MISMATCH, Session
from autodiff_cli.errors import AutodiffError, nearest, shortened, visible
from autodiff_cli.teach.course import Course, Listing, rows
from autodiff_cli.teach.learner import Learner
from autodiff_cli.teach.syllabus import ENGLISH, course, home, own
from autodiff_cli.teach.turn import at_lesson, following

Which = Annotated[
    list[str] | None, Argument(metavar="LESSON", help="Its number or name; else go on.")
]
List = Annotated[bool, Option("--list", help="List the lessons, and what is done.")]
Check = Annotated[bool, Option("--check", help="Try out all lessons: for who writes them.")]
Reset = Annotated[bool, Option("--reset", help="Begin anew; the old progress is put away.")]
State = Annotated[
    str | None, Option("--state", metavar="FILE", help="Keep the progress in this file.")
]
Language = Annotated[str, Option("--language", metavar="CODE", help="The language of the lessons.")]
Lessons = Annotated[str | None, Option("--lessons", metavar="FOLDER", help="Lessons of your own.")]
Plain = Annotated[
    bool, Option("--plain", help="Lines of words only: for a screen reader or a pipe.")
]


def learn(
    session: Session,
    shown: Written,
    lesson: Which = None,
    list: List = False,
    check: Check = False,
    reset: Reset = False,
    state: State = None,
    language: Language = ENGLISH,
    lessons: Lessons = None,
    plain: Plain = False,
) -> None:
    """Learn how derivatives are computed: short lessons with tasks, from a variable to PyTorch.

    Each answer is marked, and a wrong one is told which slip it looks like. h is a hint, s the
    solution, n next, l the list, q quits; the next start goes on there. No network is used.

    autodiff learn
    autodiff learn 5
    autodiff learn --list
    autodiff learn --reset
    autodiff learn --check --lessons my-lessons
    """
    if list + check + reset > 1 or (lesson and (list or check or reset)):
        raise AutodiffError("one thing at a time", mend="give a LESSON, --list, --check or --reset")
    written = (shown.format, shown.as_json or None, shown.output, shown.standalone or None)
    if not (list or check) and written != (None,) * 4:
        raise AutodiffError("lessons are for the screen", mend="--list and --check have formats")
    bound = session.reach.folder is not None
    if bound and lessons is not None:
        raise AutodiffError("a text that is run reads no lessons", mend="autodiff learn, by itself")
    path = usual_place(lessons) if state is None else state
    if reset:
        _reset(session, path)
        return
    folder = home(language) if lessons is None else own(lessons)
    read = course(folder)
    if check:
        _check(session, read, folder, shown)
        return
    if bound and not list:
        raise AutodiffError("a text that is run cannot teach", mend="autodiff learn, by itself")
    student = Learner() if bound and state is None else recall(session, path)
    if list:
        from autodiff_cli.views import lessons as view

        show(session, view, Listing(rows=rows(read, student)), shown, title="lessons")
        return
    Lectern(session, read, folder, path, plain=plain).teach(_begun(read, student, lesson))


def _reset(session: Session, path: str) -> None:
    away = put_away(session, path)
    said = "there is no progress yet" if away is None else f"put away as {visible(away)}"
    sys.stdout.write(f"{said}; begin with: autodiff learn\n")


def _check(session: Session, read: Course, folder: Traversable, shown: Written) -> None:
    from autodiff_cli.cli.lesson import silently
    from autodiff_cli.teach.rehearsal import rehearse
    from autodiff_cli.views import rehearsal as view

    report = rehearse(read, lambda command: silently(session, command, folder))
    show(session, view, report, shown, title="lessons")
    if report.flaws:
        session.status = MISMATCH


def _begun(read: Course, student: Learner, lesson: list[str] | None) -> Learner:
    """Return the student where a session begins: at a lesson asked for, or where they were."""
    if lesson:
        return at_lesson(read, student, _index(read, lesson))
    if student.answered:  # the last answer was right, and then they left
        return following(read, student)
    return replace(student, lesson=read.lessons[read.index(student.lesson)].name)


def _index(read: Course, words: list[str]) -> int:
    """Return the place of the lesson that is meant."""
    name = " ".join(words)
    count = len(read.lessons)
    if name.isascii() and name.isdecimal() and len(name) < 5:
        if not 1 <= int(name) <= count:
            raise AutodiffError(f"there is no lesson {name}", mend=f"there are 1 to {count}")
        return int(name) - 1
    names = [one.name for one in read.lessons]
    fitting = [k for k, one in enumerate(names) if name in (one, one[3:])]
    if not fitting:
        close = nearest(name, [one[3:] for one in names])
        mend = f"did you mean {close}?" if close else "autodiff learn --list shows them"
        raise AutodiffError(f"there is no lesson '{shortened(name)}'", mend=mend)
    return fitting[0]
