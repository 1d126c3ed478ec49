"""What a lesson is made of: steps of prose, figures and command lines, each with its question."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

Kind = Literal["number", "formula", "choice", "word"]

#: Keys that are no answers: hint, list, solution, next, quit.
KEYS = ("h", "l", "s", "n", "q")

#: Words that are taken for keys.
SPELLED = {
    "hint": "h", "list": "l", "solution": "s", "next": "n", "skip": "n", "quit": "q", "exit": "q",
}  # fmt: skip

#: Letters of choices: none of them is a key.
LETTERS = "abcdefg"


@dataclass(frozen=True, slots=True, kw_only=True)
class Paragraph:
    """Prose that is wrapped to the width of the screen."""

    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """Indented lines, shown as they are, and where in the file the last of them stands."""

    lines: tuple[str, ...]
    number: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Command:
    """A command line, run when it is shown.

    Attributes:
        words: after `autodiff`.
        line: the same as written.
        number: of the line in the file.
    """

    words: tuple[str, ...]
    line: str
    number: int


Piece = Paragraph | Figure | Command


@dataclass(frozen=True, slots=True, kw_only=True)
class Wrong:
    """A wrong answer that is expected, and what must be said of it: a usual slip, or a reply."""

    answer: str
    slip: str = ""
    reply: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Task:
    """A question.

    Attributes:
        name: what it is called in its lesson.
        line: where it begins in the lesson's file.
        kind: what an answer is.
        topic: what it is about; a topic that was missed comes back.
        ask: the question.
        answers: right answers, the first of which is shown; of a number or a formula, one.
        choices: of a choice, its texts; the answer is a letter.
        formula, at, find: what is asked about which formula where: `derivative x`, `value`,
            `tangent w4 x`, `adjoint w2`, `partial w3 w1`; "" where it is not asked of the machine.
        wrongs: wrong answers, and what is said of them.
        hints: shown one by one.
        right: what is said of the right answer.
        solution: how one gets there.
        show: a command line that shows it.
    """

    name: str
    line: int
    kind: Kind
    topic: str
    ask: str
    answers: tuple[str, ...]
    choices: tuple[str, ...] = ()
    formula: str = ""
    at: Mapping[str, str] = field(default_factory=dict)
    find: tuple[str, ...] = ()
    wrongs: tuple[Wrong, ...] = ()
    hints: tuple[str, ...] = ()
    right: str = ""
    solution: str = ""
    show: Command | None = None

    @property
    def letters(self) -> tuple[str, ...]:
        """The letters of the choices."""
        return tuple(LETTERS[: len(self.choices)])


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """What is shown at once, and the question that ends it, if any."""

    pieces: tuple[Piece, ...]
    task: Task | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Lesson:
    """A lesson.

    Attributes:
        name: of its file, without the ending: `03-graph`.
        title, idea: what it is called, and what it teaches, in a sentence.
        steps: what it shows and asks, in order.
        again: questions for those who missed their topic.
    """

    name: str
    title: str
    idea: str
    steps: tuple[Step, ...]
    again: tuple[Task, ...] = ()

    @property
    def tasks(self) -> tuple[Task, ...]:
        """The questions that everybody is asked."""
        return tuple(step.task for step in self.steps if step.task is not None)
