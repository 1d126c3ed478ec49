"""What a question is: what is asked, the answer, and the wrong answers that have a name.

The `Key` is what marking needs, and all of it that is kept in a worksheet's file.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from autodiff_cli.engine.brief import brief
from autodiff_cli.graph.graph import Graph
from autodiff_cli.teach.prose import Prose, plain

#: What an answer is: a number, a formula, or the letter of an option.
Form = Literal["number", "formula", "choice"]

#: Letters of options, and of blanks.
LETTERS = "ABCDEFGH"


@dataclass(frozen=True, slots=True, kw_only=True)
class Wrong:
    """A wrong answer that has a name.

    Attributes:
        id: of the slip that leads to it.
        answer: the number, the formula as program text, or the letter.
        text: what to tell who gives it.
    """

    id: str
    answer: float | str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """A place in a trace that is left blank: the value, tangent or adjoint of a node."""

    column: Literal["value", "tangent", "adjoint"]
    label: str


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Key:
    """How answers to a question are marked.

    Attributes:
        id: of the question: 3, or 3b where it is a blank of the third exercise.
        kind, topic, level: what is practised.
        form: what an answer is.
        expression: the formula as program text; "" where there is none.
        at: the point; empty where there is none.
        by: the variable to differentiate by, or "".
        answer: the right one.
        tolerance: how far a number may be from it.
        wrong: wrong answers with names.
        options: the letters to choose from, each with its text.
        cell: the place in the trace, of a blank.
        after: the ids of blanks of the same trace that come before.
    """

    id: str
    kind: str
    topic: str
    level: int
    form: Form
    expression: str
    at: Mapping[str, float]
    by: str
    answer: float | str
    tolerance: float
    wrong: tuple[Wrong, ...]
    options: Mapping[str, str]
    cell: Cell | None = None
    after: tuple[str, ...] = ()

    __repr__ = brief


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """A table in a question; a cell is words.

    Attributes:
        headings: of the columns.
        rows: of cells.
    """

    headings: tuple[Prose, ...]
    rows: tuple[tuple[Prose, ...], ...]


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Question:
    """A question of a quiz or a worksheet.

    Attributes:
        key: how it is marked.
        words: what is asked, a paragraph each.
        code: lines of a program that are asked about.
        drawn: the graph that is asked about, or None.
        table: the trace that is asked about, or None.
        options: what there is to choose from, in the order of their letters.
        hints: which rule it takes; and that rule, written for this formula.
        solution: how the answer is found, a paragraph each.
    """

    key: Key
    words: tuple[Prose, ...]
    hints: tuple[Prose, Prose]
    solution: tuple[Prose, ...]
    code: tuple[str, ...] = ()
    drawn: Graph | None = None
    table: Table | None = None
    options: tuple[Prose, ...] = ()

    __repr__ = brief

    @property
    def answer(self) -> float | str:
        """The right answer: a number, a formula as program text, or the letter of an option."""
        return self.key.answer

    @property
    def prompt(self) -> str:
        """What is asked, as plain text."""
        return "\n".join([plain(paragraph) for paragraph in self.words])


@dataclass(frozen=True, slots=True, kw_only=True)
class Worksheet:
    """Questions that were made from one seed.

    Attributes:
        seed: the generator's version and the seed: `1:7`.
        questions: in order.
        key: whether the answers are written too.
        title: what the sheet is called.
    """

    seed: str
    questions: tuple[Question, ...]
    key: bool = False
    title: str = "Automatic differentiation"
