"""Lessons as text files: prose and command lines as in `run`, and tasks with their answers.

One folder a language, one file a lesson, `NN-name.txt`; `words.txt` has what is said around them.
A line of a file is read once, and what is wrong with it is told with its number.
"""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator, Sequence
from typing import cast, get_args

from autodiff_cli.errors import AutodiffError, nearest, shortened
from autodiff_cli.teach.task import (
    KEYS,
    LETTERS,
    Command,
    Figure,
    Kind,
    Lesson,
    Paragraph,
    Piece,
    Step,
    Task,
    Wrong,
)

#: What separates a wrong answer from what is said of it, and what a usual slip begins with.
ARROW, SLIP = "=>", "slip "

#: A line of two parts, and the fields of a task: those given once, and those given several times.
_FIELD = re.compile(r"([a-z]+):(?:\s+(.*))?")
_ONCE = ("kind", "topic", "ask", "formula", "at", "find", "right", "solution", "show")
_SEVERAL = ("answer", "choice", "wrong", "hint")
_NAME = re.compile(r"[0-9]{2}-[a-z0-9-]+")


def lesson(name: str, text: str) -> Lesson:
    """Read one lesson.

    Args:
        name: of its file, without the ending.
        text: what the file says.

    Raises:
        AutodiffError: a line is no part of a lesson; the message names it.
    """
    if not _NAME.fullmatch(name):
        raise AutodiffError(
            f"'{shortened(name)}' is no name for a lesson", mend="write two digits: 03-graph.txt"
        )
    return _Reader(name).read(text)


def phrases(name: str, text: str) -> dict[str, str]:
    """Read what is said around the lessons: lines `name: text`, continued by indented lines.

    Raises:
        AutodiffError: a line is none of these.
    """
    found: dict[str, str] = {}
    last = ""
    for number, line in enumerate(_lines(text), 1):
        match = _FIELD.fullmatch(line.rstrip())
        if match:
            last = match[1]
            found[last] = match[2] or ""
        elif line[:1].isspace() and line.strip() and last:
            found[last] = f"{found[last]} {line.strip()}".strip()
        elif line.strip() and not line.startswith("#"):
            raise _fault(name, number, "a line is `name: text`")
    return found


class _Reader:
    """Reads one lesson line by line."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.head: dict[str, str] = {}
        self.steps: list[Step] = []
        self.again: list[Task] = []
        self.names: set[str] = set()
        self.pieces: list[Piece] = []
        self.prose: list[str] = []
        self.number = 0  # of the last line of prose
        self.fields: list[tuple[int, str, str]] = []  # of the head, or of a task: line, name, text

    def read(self, text: str) -> Lesson:
        """Return the lesson of a text."""
        number = 0
        for number, line in enumerate(_lines(text), 1):
            self._line(number, line.rstrip())
        self._close()
        self._stop()
        for name in ("title", "idea"):
            if not self.head.get(name):
                raise _fault(self.name, 1, f"the lesson has no {name}", f"begin with {name}: …")
        if not any(step.task for step in self.steps):
            raise _fault(self.name, number, "the lesson asks nothing", "give it a task: …")
        return Lesson(
            name=self.name,
            title=self.head["title"],
            idea=self.head["idea"],
            steps=tuple(self.steps),
            again=tuple(self.again),
        )

    def _line(self, number: int, line: str) -> None:
        match = _FIELD.fullmatch(line)
        if line[:1].isspace() and self.fields:
            place, name, before = self.fields[-1]
            self.fields[-1] = (place, name, f"{before} {line.strip()}".strip())
        elif match and (match[1] in ("task", "again", "title", "idea") or self.fields):
            if match[1] in ("task", "again"):
                self._close()
            self._paragraph()
            self.fields.append((number, match[1], match[2] or ""))
        elif match:
            mend = "begin one with task: NAME"
            raise _fault(self.name, number, f"{match[1]}: belongs to a task", mend)
        elif line.startswith("#"):
            self._close()
            self._prose(number, line[1:].removeprefix(" "))
        else:
            self._close()
            self._paragraph()
            if line == "---":
                self._stop()
            elif line:
                self.pieces.append(_command(self.name, number, line))

    def _prose(self, number: int, text: str) -> None:
        """Take a line of prose: an indented one stays as it is, others make a paragraph."""
        if not text or (self.prose and text[:1].isspace() != self.prose[-1][:1].isspace()):
            self._paragraph()
        if text:
            self.prose.append(text)
            self.number = number

    def _paragraph(self) -> None:
        if self.prose and self.prose[0][:1].isspace():
            self.pieces.append(Figure(lines=tuple(self.prose), number=self.number))
        elif self.prose:
            self.pieces.append(Paragraph(text=" ".join(self.prose)))
        self.prose = []

    def _stop(self) -> None:
        """End what is shown at once."""
        self._paragraph()
        if self.pieces:
            self.steps.append(Step(pieces=tuple(self.pieces)))
        self.pieces = []

    def _close(self) -> None:
        """End the head of the lesson, or a task."""
        if not self.fields:
            return
        fields, self.fields = self.fields, []
        number, what, _ = fields[0]
        if what in ("title", "idea"):
            for place, name, text in fields:
                if name not in ("title", "idea") or name in self.head:
                    raise _fault(self.name, place, f"{name}: is not of the head, or is there twice")
                self.head[name] = text
            return
        task = _task(self.name, fields)
        if task.name in self.names:
            raise _fault(self.name, number, f"there are two tasks {task.name}")
        self.names.add(task.name)
        if what == "again":
            self.again.append(task)
            return
        self.steps.append(Step(pieces=tuple(self.pieces), task=task))
        self.pieces = []


def _task(lesson: str, fields: Sequence[tuple[int, str, str]]) -> Task:
    """Make a task of its fields, the first of which names it."""
    (number, _, name), *rest = fields
    once: dict[str, str] = {}
    several: dict[str, list[str]] = {which: [] for which in _SEVERAL}
    wrongs = []
    for place, which, text in rest:
        if which not in (*_ONCE, *_SEVERAL):
            close = nearest(which, (*_ONCE, *_SEVERAL))
            mend = f"did you mean {close}:?" if close else f"use {', '.join((*_ONCE, *_SEVERAL))}"
            raise _fault(lesson, place, f"a task has no {which}:", mend)
        if not text:
            raise _fault(lesson, place, f"{which}: says nothing")
        if which == "wrong":
            wrongs.append(_wrong(lesson, place, text))
        elif which in several:
            several[which].append(text)
        elif which in once:
            raise _fault(lesson, place, f"{which}: is there twice")
        else:
            once[which] = text
    for which in ("kind", "topic", "ask", "solution"):
        if which not in once:
            raise _fault(lesson, number, f"the task {name} has no {which}:")
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
        show=_command(lesson, number, once["show"]) if "show" in once else None,
    )
    _check(lesson, task)
    return task


def _check(lesson: str, task: Task) -> None:
    """Refuse a task that cannot be asked."""
    fault = ""
    letters = task.letters
    if not re.fullmatch(r"[a-z0-9-]+", task.name):
        fault = "its name is not of small letters, digits and -"
    elif task.kind not in get_args(Kind):
        fault = f"its kind is none of {', '.join(get_args(Kind))}"
    elif not task.answers:
        fault = "it has no answer:"
    elif not task.hints:
        fault = "it has no hint:"
    elif task.kind in ("number", "formula") and len(task.answers) > 1:
        fault = f"a {task.kind} has one answer"
    elif (task.kind == "choice") != bool(task.choices):
        fault = "a choice, and only that, has lines choice:"
    elif len(task.choices) > len(LETTERS):
        fault = f"it has more than {len(LETTERS)} lines choice:"
    elif task.kind == "choice" and not set(task.answers) <= set(letters):
        fault = f"its answer is none of {', '.join(letters)}"
    elif set(task.answers) & set(KEYS) or set(letters) & set(KEYS):
        fault = f"an answer cannot be one of the keys {', '.join(KEYS)}"
    elif bool(task.find) > bool(task.formula):
        fault = "find: needs a formula:"
    if fault:
        raise _fault(lesson, task.line, f"the task {shortened(task.name)}: {fault}")


def _wrong(lesson: str, number: int, text: str) -> Wrong:
    answer, arrow, said = (part.strip() for part in text.partition(ARROW))
    if not (answer and arrow and said):
        mend = f"write wrong: 48 {ARROW} what is said of it, or {ARROW} {SLIP}NAME"
        raise _fault(lesson, number, "a wrong answer has nothing that is said of it", mend)
    if said.startswith(SLIP):
        return Wrong(answer=answer, slip=said.removeprefix(SLIP).strip())
    return Wrong(answer=answer, reply=said)


def _values(lesson: str, number: int, text: str) -> Iterator[tuple[str, str]]:
    """Yield the variables of `x=4, y=2` with their values."""
    for part in text.split(",") if text else ():
        name, equals, value = (word.strip() for word in part.partition("="))
        if not (name and equals and value):
            raise _fault(lesson, number, f"at: {shortened(text)} is no point", "write x=4, y=2")
        yield name, value


def _command(lesson: str, number: int, line: str) -> Command:
    try:
        words = shlex.split(line)
    except ValueError:
        raise _fault(lesson, number, "a quotation mark is not closed") from None
    if words[0] != "autodiff" or not words[1:]:
        mend = "prose begins with #, a command line with autodiff, a field with its name and :"
        raise _fault(lesson, number, f"'{shortened(line)}' is no line of a lesson", mend)
    if words[1] in ("run", "learn"):
        raise _fault(lesson, number, f"a lesson cannot {words[1]}", "name another command")
    shown = line.removeprefix("autodiff").strip()
    return Command(words=tuple(words[1:]), line=shown, number=number)


def _lines(text: str) -> list[str]:
    # Only what an editor counts as a line: `splitlines` would break at form feeds too.
    return text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n").split("\n")


def _fault(lesson: str, number: int, message: str, mend: str = "") -> AutodiffError:
    return AutodiffError(f"{lesson}.txt, line {number}: {message}", mend=mend)
