"""The objects of exercises: worksheets, and marks."""

from __future__ import annotations

from typing import Literal, TypedDict

from autodiff_cli.schemas.parts import Number, SlipObject


class WrongObject(TypedDict):
    """A wrong answer that has a name.

    Attributes:
        id: of the slip that leads to it.
        answer: the number, the formula as program text, or the letter.
        feedback: what to tell who gives it.
    """

    id: str
    answer: Number | str
    feedback: str


class TableObject(TypedDict):
    """A table in a question.

    Attributes:
        headings: of the columns.
        rows: of cells.
    """

    headings: list[str]
    rows: list[list[str]]


class CellObject(TypedDict):
    """A blank of a trace.

    Attributes:
        node: the id of the step.
        column: value, tangent or adjoint.
    """

    node: str
    column: Literal["value", "tangent", "adjoint"]


class QuestionObject(TypedDict):
    """A question, and how its answers are marked.

    Attributes:
        id: 3, or 3b where it is a blank of the third exercise.
        kind: what is asked.
        topic: what is practised.
        level: from 1 to 5.
        prompt: the question in words.
        form: what an answer is.
        expression: the formula as program text; null where there is none.
        at: the point; null where there is none.
        by: the variable to differentiate by; null where there is none.
        code: lines of a program that are asked about.
        table: the trace that is asked about.
        options: the letters to choose from, each with its text.
        answer: the right one: a number, a formula as program text, or a letter.
        tolerance: how far a number may be from it.
        slips: wrong answers that have a name.
        hints: which rule it takes, then that rule written for this formula.
        solution: how the answer is found.
        cell: of a blank, its place in the trace.
        after: of a blank, the ids of those before it.
    """

    id: str
    kind: str
    topic: str
    level: int
    prompt: str
    form: Literal["number", "formula", "choice"]
    expression: str | None
    at: dict[str, Number] | None
    by: str | None
    code: list[str]
    table: TableObject | None
    options: dict[str, str]
    answer: Number | str
    tolerance: Number
    slips: list[WrongObject]
    hints: list[str]
    solution: str
    cell: CellObject | None
    after: list[str]


class WorksheetObject(TypedDict):
    """Questions from one seed; `mark` reads it.

    Attributes:
        schema: autodiff.worksheet/1.
        title: its title.
        seed: the generator's version and the seed.
        questions: in order.
    """

    schema: Literal["autodiff.worksheet/1"]
    title: str
    seed: str
    questions: list[QuestionObject]


class StudentObject(TypedDict):
    """A student's points.

    Attributes:
        student: the name.
        points: the sum of the scores.
        of: the points that there are.
        to_be_read: how many answers a person has to read.
    """

    student: str
    points: float
    of: int
    to_be_read: int


class MarkedObject(TypedDict):
    """A marked answer.

    Attributes:
        student: the name.
        question: its id.
        answer: as typed.
        status: what became of it; carried is right given an earlier slip.
        score: from 0 to 1; null where a person has to read it.
        slips: the ids of slips that give it, the likeliest first.
        diagnosis: what to tell the student.
        carried_forward: the ids of the earlier answers from which it follows.
    """

    student: str
    question: str
    answer: str
    status: Literal["right", "carried", "rounded", "wrong", "unreadable", "blank"]
    score: float | None
    slips: list[str]
    diagnosis: str
    carried_forward: list[str]


class MarkObject(TypedDict):
    """A class's answers, marked.

    Attributes:
        schema: autodiff.mark/1.
        questions: the ids.
        students: a row each.
        marks: an answer each.
        notes: what was odd in the answers' file.
    """

    schema: Literal["autodiff.mark/1"]
    questions: list[str]
    students: list[StudentObject]
    marks: list[MarkedObject]
    notes: list[str]


class LineObject(TypedDict):
    """A line of a hand-written trace or derivation.

    Attributes:
        line: its number in the file, from 1.
        text: the line.
        status: what is to be said of it; follows is right given an earlier slip.
        right: what should stand there; null where that is not known.
        off: how far a number that was rounded too early is off; null elsewhere.
        slips: the usual slips that give it.
    """

    line: int
    text: str
    status: Literal["right", "follows", "wrong", "rounded", "unreadable"]
    right: Number | str | None
    off: Number | None
    slips: list[SlipObject]


class AccidentObject(TypedDict):
    """An end that is right at the point alone.

    Attributes:
        at: a second point.
        yours: what the lines give there.
        right: what is right there.
    """

    at: dict[str, Number]
    yours: Number
    right: Number


class CheckObject(TypedDict):
    """A hand-written trace or derivation, marked line by line.

    Attributes:
        schema: autodiff.check/1.
        expression: the formula.
        at: the point.
        lines: a line each that was marked.
        first_wrong: the number of the first wrong line; null where none is.
        accidental: where the end is right by accident, a point that shows it.
    """

    schema: Literal["autodiff.check/1"]
    expression: str
    at: dict[str, Number]
    lines: list[LineObject]
    first_wrong: int | None
    accidental: AccidentObject | None
