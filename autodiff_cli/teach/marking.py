"""Answers marked, each with what went wrong: against the truth and a student's own earlier answers.

A named wrong answer of the question comes first, then the usual slips; an answer that cannot be
read is left to a person, and costs nothing.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Literal

from autodiff_cli.engine.linearise import quiet, value_at
from autodiff_cli.errors import AutodiffError
from autodiff_cli.graph.graph import Graph
from autodiff_cli.language.parser import read
from autodiff_cli.methods.sampling import samples
from autodiff_cli.teach.distractors import phrase
from autodiff_cli.teach.draft import ASKED, apart, tolerance
from autodiff_cli.teach.question import Key, Question, Wrong
from autodiff_cli.teach.replay import Column, replay
from autodiff_cli.teach.slips import Mistakes
from autodiff_cli.teach.typed import Typed, typed

Status = Literal["right", "carried", "rounded", "wrong", "unreadable", "blank"]

#: Status → the score; None is left to a person.
SCORES: Mapping[Status, float | None] = {
    "right": 1.0, "carried": 1.0, "rounded": 0.5, "wrong": 0.0, "unreadable": None, "blank": 0.0,
}  # fmt: skip

UNKNOWN = "none of the usual slips gives this"

#: Signs of an answer that is read.
LONGEST = 400

#: How near the numbers of two formulas are that are the same.
_NEAR = 1e-7

#: What may stand before an answer: f'(x) =, x = 4:, about.
_LEAD = re.compile(r"^.*[=≈:](?![=])")

#: A letter that chooses an option: B, b), (B).
_LETTER = re.compile(r"\(?([A-Za-z])[).:]?")


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    """What an answer is worth, and why.

    Attributes:
        question: the id of the question.
        answer: as it was typed.
        status: "right"; "carried": right given an earlier slip; "rounded" too early; "wrong";
            "unreadable"; "blank".
        score: from 0 to 1; None where a person has to read it.
        slips: the ids of slips that give it, the likeliest first.
        diagnosis: what to tell the student; "" where it is right.
        carried: the ids of the earlier answers from which it follows.
    """

    question: str
    answer: str
    status: Status
    score: float | None
    slips: tuple[str, ...] = ()
    diagnosis: str = ""
    carried: tuple[str, ...] = ()


def mark(
    question: Question | Key,
    answer: str | float,
    earlier: Sequence[tuple[Question | Key, str | float]] = (),
) -> Mark:
    """Mark an answer, and name what went wrong.

    Args:
        question: a question of `exercises`.
        answer: as it was typed: a number or what gives one, a formula, or the letter of an option.
        earlier: questions about the same trace that were answered before, with their answers.

    Raises:
        AutodiffError: the question is none.
    """
    before = [(Marker(_key(one)), str(typed_before)) for one, typed_before in earlier]
    return Marker(_key(question)).mark(str(answer), before)


def _key(question: Question | Key) -> Key:
    found = getattr(question, "key", question)
    if not isinstance(found, Key):
        message = f"a question is one of exercises(…), not {type(question).__name__}"
        raise AutodiffError(message)
    return found


class Marker:
    """Marks answers to one question; what that takes is made once.

    Args:
        key: how the question is marked.
    """

    def __init__(self, key: Key) -> None:
        self.key = key
        self._known: dict[str, Mark] = {}

    @cached_property
    def graph(self) -> Graph:
        """The formula."""
        return read([self.key.expression], tuple(self.key.at)).graph

    @cached_property
    def mistakes(self) -> Mistakes:
        """The usual slips of its derivative."""
        return Mistakes(self.graph, self.key.by)

    @cached_property
    def points(self) -> list[dict[str, float]]:
        """Where formulas are compared."""
        return samples(self.graph, self.key.at, None)

    def mark(self, answer: str, earlier: Sequence[tuple[Marker, str]] = ()) -> Mark:
        """Mark an answer; see `mark`."""
        text = answer.strip()
        if text not in self._known:
            self._known[text] = self._alone(text)
        found = self._known[text]
        if found.status in ("wrong", "rounded") and self.key.cell and earlier:
            found = self._carried(text, earlier) or found
        return found

    def number(self, answer: str) -> float | None:
        """Return the number that an answer stands for; None where it is none."""
        try:
            found = self._typed(answer)
        except AutodiffError:
            return None
        value = found.value if isinstance(found, Typed) else self._value(found)
        return value if math.isfinite(value) else None

    def _alone(self, text: str) -> Mark:
        if not text:
            return self._found(text, "blank", "no answer")
        if self.key.form == "choice":
            return self._choice(text)
        try:
            if len(text) > LONGEST:
                raise AutodiffError(f"no answer has more than {LONGEST} signs")
            found = self._typed(text)
            if self.key.form == "formula":
                return self._formula(text, found)
            return self._number(text, found)
        except AutodiffError as error:
            mend = f"; {error.mend}" if error.mend else ""
            return self._found(text, "unreadable", f"cannot be read: {error.message}{mend}")

    def _found(self, text: str, status: Status, diagnosis: str = "", *slips: str) -> Mark:
        return Mark(
            question=self.key.id,
            answer=text,
            status=status,
            score=SCORES[status],
            slips=slips,
            diagnosis=diagnosis,
        )

    def _wrong(self, text: str, wrong: Wrong) -> Mark:
        return self._found(text, "wrong", wrong.text, wrong.id)

    def _typed(self, text: str) -> Typed | Graph:
        """Return an answer as a number or a formula, without what it may have before it."""
        plain = _LEAD.sub("", text.strip()).strip().rstrip(".;").strip()
        return typed(plain or text, self.graph)

    def _choice(self, text: str) -> Mark:
        match = _LETTER.fullmatch(text)
        letter = match[1].upper() if match else ""
        for one, option in self.key.options.items():
            letter = one if option.casefold() == text.casefold() else letter
        if letter not in self.key.options:
            *most, last = self.key.options
            return self._found(text, "unreadable", f"write one letter: {', '.join(most)} or {last}")
        if letter == self.key.answer:
            return self._found(text, "right")
        named = next((wrong for wrong in self.key.wrong if wrong.answer == letter), None)
        return self._wrong(text, named) if named else self._found(text, "wrong", UNKNOWN)

    def _value(self, formula: Graph) -> float:
        at = {name: self.key.at[name] for name in formula.variables}
        return float(value_at(formula, at))

    def _number(self, text: str, found: Typed | Graph) -> Mark:
        number = found if isinstance(found, Typed) else Typed(value=self._value(found))
        right = float(self.key.answer)
        if not math.isfinite(number.value):
            raise AutodiffError("it is no finite number")
        if abs(number.value - right) <= self.key.tolerance:
            return self._found(text, "right")
        for wrong in self.key.wrong:
            near = tolerance(float(wrong.answer))
            if abs(number.value - float(wrong.answer)) <= near:
                return self._wrong(text, wrong)
        if number.digits and number.digits < ASKED and number.equals(right):
            return self._found(text, "rounded", f"rounded too early: write {ASKED} digits")
        if self.key.kind == "derivative":
            return self._diagnosed(text, [self.key.at], repr(number.value))
        return self._found(text, "wrong", UNKNOWN)

    def _formula(self, text: str, found: Typed | Graph) -> Mark:
        if isinstance(found, Typed):
            if not math.isfinite(found.value):
                raise AutodiffError("it is no finite number")
            found = read([repr(found.value)]).graph
        if self._same(found, read([str(self.key.answer)], self.graph.variables).graph):
            return self._found(text, "right")
        for wrong in self.key.wrong:
            if self._same(found, read([str(wrong.answer)], self.graph.variables).graph):
                return self._wrong(text, wrong)
        return self._diagnosed(text, [], found)

    def _diagnosed(
        self, text: str, points: Sequence[Mapping[str, float]], answer: str | Graph
    ) -> Mark:
        findings = self.mistakes.diagnose(points, answer)
        if not findings:
            return self._found(text, "wrong", UNKNOWN)
        ids = [one.slip.id for one in findings]
        whole = findings[0].node == self.graph.outputs[0]
        return self._found(text, "wrong", phrase(findings[0].said, whole=whole), *ids)

    def _same(self, one: Graph, other: Graph) -> bool:
        """Tell whether two formulas are the same function where both have a value."""
        import numpy

        columns = []
        for formula in (one, other):
            at = {n: numpy.array([point[n] for point in self.points]) for n in formula.variables}
            with quiet(*at.values()):
                values = value_at(formula, at)
            columns.append(numpy.broadcast_to(values, len(self.points)).astype(float))
        told = numpy.isfinite(columns[0]) & numpy.isfinite(columns[1])
        near = numpy.isclose(columns[0], columns[1], rtol=_NEAR, atol=1e-12)
        return bool(2 * told.sum() >= len(self.points) and near[told].all())

    def _carried(self, text: str, earlier: Sequence[tuple[Marker, str]]) -> Mark | None:
        """Return the mark of an answer that follows from earlier ones, or None."""
        given: dict[tuple[Column, int], float] = {}
        ids = []
        nodes = {label: node for node, label in self.graph.named().items()}
        for marker, answer in earlier:
            cell, number = marker.key.cell, marker.number(answer)
            wrong = marker.mark(answer).status in ("wrong", "rounded")
            if wrong and marker.key.id in self.key.after and cell and number is not None:
                given[cell.column, nodes[cell.label]] = number
                ids.append(marker.key.id)
        cell, number = self.key.cell, self.number(text)
        if not given or cell is None or number is None:
            return None
        numbers = replay(self.graph, self.key.at, self.key.by, given)
        column: Mapping[int, float] = getattr(numbers, cell.column)
        expected = column[nodes[cell.label]]
        if not apart(expected, float(self.key.answer)) or abs(number - expected) > tolerance(
            expected
        ):
            return None
        said = f"right given your answer to {' and '.join(ids)}"
        return Mark(
            question=self.key.id, answer=text, status="carried", score=SCORES["carried"],
            diagnosis=said, carried=tuple(ids),
        )  # fmt: skip
