"""Lessons as text files: prose and command lines as in `run`, and tasks with their answers.

One folder a language, one file a lesson, `NN-name.txt`; `words.txt` has what is said around them.
A line of a file is read once, and what is wrong with it is told with its number.
"""

from __future__ import annotations

import re

from autodiff_cli.errors import AutodiffError, shortened
from autodiff_cli.teach.fields import command, fault, task_of_fields
from autodiff_cli.teach.task import Figure, Lesson, Paragraph, Piece, Step, Task

#: A line of two parts.
_FIELD = re.compile(r"([a-z]+):(?:\s+(.*))?")
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
            raise fault(name, number, "a line is `name: text`")
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
                raise fault(self.name, 1, f"the lesson has no {name}", f"begin with {name}: …")
        if not any(step.task for step in self.steps):
            raise fault(self.name, number, "the lesson asks nothing", "give it a task: …")
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
            raise fault(self.name, number, f"{match[1]}: belongs to a task", mend)
        elif line.startswith("#"):
            self._close()
            self._prose(number, line[1:].removeprefix(" "))
        else:
            self._close()
            self._paragraph()
            if line == "---":
                self._stop()
            elif line:
                self.pieces.append(command(self.name, number, line))

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
                    raise fault(self.name, place, f"{name}: is not of the head, or is there twice")
                self.head[name] = text
            return
        task = task_of_fields(self.name, fields)
        if task.name in self.names:
            raise fault(self.name, number, f"there are two tasks {task.name}")
        self.names.add(task.name)
        if what == "again":
            self.again.append(task)
            return
        self.steps.append(Step(pieces=tuple(self.pieces), task=task))
        self.pieces = []


def _lines(text: str) -> list[str]:
    # Only what an editor counts as a line: `splitlines` would break at form feeds too.
    return text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n").split("\n")
