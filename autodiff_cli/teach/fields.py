"""The fields of a task in a lesson's file: what they say, and what is wrong with them."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator, Sequence
from typing import cast, get_args

from autodiff_cli.errors import AutodiffError, nearest, shortened
from autodiff_cli.teach.task import KEYS, LETTERS, Command, Kind, Task, Wrong

#: What separates a wrong answer from what is said of it, and what a usual slip begins with.
ARROW, SLIP = "=>", "slip "

#: The fields of a task: those given once, and those given several times.
_ONCE = ("kind", "topic", "ask", "formula", "at", "find", "right", "solution", "show")
_SEVERAL = ("answer", "choice", "wrong", "hint")


def task_of_fields(lesson: str, fields: Sequence[tuple[int, str, str]]) -> Task:
    """Make a task of its fields, the first of which names it.

    Args:
        lesson: the name of the lesson.
        fields: the number of the line, the name and the text of each.

    Raises:
        AutodiffError: a field is none, or the task cannot be asked.
    """
    (number, _, name), *rest = fields
    once: dict[str, str] = {}
    several: dict[str, list[str]] = {which: [] for which in _SEVERAL}
    wrongs = []
    for place, which, text in rest:
        if which not in (*_ONCE, *_SEVERAL):
            close = nearest(which, (*_ONCE, *_SEVERAL))
            mend = f"did you mean {close}:?" if close else f"use {', '.join((*_ONCE, *_SEVERAL))}"
            raise fault(lesson, place, f"a task has no {which}:", mend)
        if not text:
            raise fault(lesson, place, f"{which}: says nothing")
        if which == "wrong":
            wrongs.append(_wrong(lesson, place, text))
        elif which in several:
            several[which].append(text)
        elif which in once:
            raise fault(lesson, place, f"{which}: is there twice")
        else:
            once[which] = text
    for which in ("kind", "topic", "ask", "solution"):
        if which not in once:
            raise fault(lesson, number, f"the task {name} has no {which}:")
    task = Task(
        name=name,
        line=number,
        kind=cast(Kind, once["kind"]),
        topic=once["topic"],
        ask=once["ask"],
        answers=tuple(several["answer"]),
        choices=tuple(several["choice"]),
        formula=once.get("formula", ""),
        at=dict(_values(lesson, number, once.get("at", ""))),
        find=tuple(once.get("find", "").split()),
        wrongs=tuple(wrongs),
        hints=tuple(several["hint"]),
        right=once.get("right", ""),
        solution=once["solution"],
        show=command(lesson, number, once["show"]) if "show" in once else None,
    )
    _check(lesson, task)
    return task


def _check(lesson: str, task: Task) -> None:
    """Refuse a task that cannot be asked."""
    found = ""
    letters = task.letters
    if not re.fullmatch(r"[a-z0-9-]+", task.name):
        found = "its name is not of small letters, digits and -"
    elif task.kind not in get_args(Kind):
        found = f"its kind is none of {', '.join(get_args(Kind))}"
    elif not task.answers:
        found = "it has no answer:"
    elif not task.hints:
        found = "it has no hint:"
    elif task.kind in ("number", "formula") and len(task.answers) > 1:
        found = f"a {task.kind} has one answer"
    elif (task.kind == "choice") != bool(task.choices):
        found = "a choice, and only that, has lines choice:"
    elif len(task.choices) > len(LETTERS):
        found = f"it has more than {len(LETTERS)} lines choice:"
    elif task.kind == "choice" and not set(task.answers) <= set(letters):
        found = f"its answer is none of {', '.join(letters)}"
    elif set(task.answers) & set(KEYS) or set(letters) & set(KEYS):
        found = f"an answer cannot be one of the keys {', '.join(KEYS)}"
    elif bool(task.find) > bool(task.formula):
        found = "find: needs a formula:"
    if found:
        raise fault(lesson, task.line, f"the task {shortened(task.name)}: {found}")


def _wrong(lesson: str, number: int, text: str) -> Wrong:
    answer, arrow, said = (part.strip() for part in text.partition(ARROW))
    if not (answer and arrow and said):
        mend = f"write wrong: 48 {ARROW} what is said of it, or {ARROW} {SLIP}NAME"
        raise fault(lesson, number, "a wrong answer has nothing that is said of it", mend)
    if said.startswith(SLIP):
        return Wrong(answer=answer, slip=said.removeprefix(SLIP).strip())
    return Wrong(answer=answer, reply=said)


def _values(lesson: str, number: int, text: str) -> Iterator[tuple[str, str]]:
    """Yield the variables of `x=4, y=2` with their values."""
    for part in text.split(",") if text else ():
        name, equals, value = (word.strip() for word in part.partition("="))
        if not (name and equals and value):
            raise fault(lesson, number, f"at: {shortened(text)} is no point", "write x=4, y=2")
        yield name, value


def command(lesson: str, number: int, line: str) -> Command:
    """Read a command line.

    Args:
        lesson: the name of the lesson.
        number: of the line in its file.
        line: as written.

    Raises:
        AutodiffError: it is none.
    """
    try:
        words = shlex.split(line)
    except ValueError:
        raise fault(lesson, number, "a quotation mark is not closed") from None
    if words[0] != "autodiff" or not words[1:]:
        mend = "prose begins with #, a command line with autodiff, a field with its name and :"
        raise fault(lesson, number, f"'{shortened(line)}' is no line of a lesson", mend)
    if words[1] in ("run", "learn"):
        raise fault(lesson, number, f"a lesson cannot {words[1]}", "name another command")
    shown = line.removeprefix("autodiff").strip()
    return Command(words=tuple(words[1:]), line=shown, number=number)


def fault(lesson: str, number: int, message: str, mend: str = "") -> AutodiffError:
    """Return the error for a line of a lesson's file."""
    return AutodiffError(f"{lesson}.txt, line {number}: {message}", mend=mend)
