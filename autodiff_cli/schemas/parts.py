"""What several objects have: numbers, notes, SymPy's side."""

from __future__ import annotations

from typing import Literal, NotRequired, TypedDict

#: A number as JSON has it: where none can stand, its name.
Number = float | Literal["nan", "inf", "-inf"]

#: What SymPy finds: a number, or why there is none (`zoo` is infinite, of no one sign).
Found = float | Literal["nan", "inf", "-inf", "zoo", "complex", "huge"]

#: A number, or one for each of several points.
Numbers = Number | list[Number]

#: What SymPy's side says of a number.
Verdict = Literal[
    "match", "rounding", "skipped", "overflow", "undefined", "kink", "symbolic-complex", "MISMATCH"
]


class NoteObject(TypedDict):
    """What departs from plain calculus, or what was meant by a text.

    Attributes:
        node: the id of the node it is about, or null where it is about the whole.
        kind: such as kink, overflow, domain, reading.
        text: the sentence that is shown.
    """

    node: str | None
    kind: str
    text: str


class SymbolicObject(TypedDict):
    """A derivative by SymPy.

    Attributes:
        derivative: its formula, in Python's notation; null where SymPy gave none.
        simplified: the formula in a shorter form, where one was found.
        value: the formula's value at the point, or at each.
    """

    derivative: str | None
    simplified: NotRequired[str]
    value: Found | list[Found] | None


class SlipObject(TypedDict):
    """A usual slip that gives a wrong answer.

    Attributes:
        id: its name for programs.
        name: its name.
        text: what to tell the student.
    """

    id: str
    name: str
    text: str
