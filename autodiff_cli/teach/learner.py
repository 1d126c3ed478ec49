"""What a student has done: where they are, how each task went, which topics they missed.

A value that never changes, and its form as JSON; what reads it again trusts nothing in it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal, cast, get_args

SCHEMA = "autodiff.progress/1"

#: Tasks and topics of a file that are believed.
MOST = 10_000

Ending = Literal["solved", "shown", "skipped"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """How a task went: its end, the wrong answers before it, and the hints that were taken."""

    ending: Ending
    wrong: int = 0
    hints: int = 0

    @property
    def missed(self) -> bool:
        """Whether its topic should come back."""
        return self.ending != "solved" or self.wrong > 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Missed:
    """A topic that was missed: in which task, and the lesson after which it was last asked."""

    topic: str
    task: str
    lesson: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Learner:
    """A student.

    Attributes:
        lesson, place: the lesson at work, and the step in it; its last place is after its steps.
        results: `lesson/task` → how it went.
        missed: topics that come back, oldest first.
        back: tasks that have come back and wait, the first on the screen.
        wrong, hints: of the task on the screen.
        answered: whether that task is done, and only `next` is waited for.
    """

    lesson: str = ""
    place: int = 0
    results: Mapping[str, Result] = field(default_factory=dict)
    missed: tuple[Missed, ...] = ()
    back: tuple[str, ...] = ()
    wrong: int = 0
    hints: int = 0
    answered: bool = False


def payload(learner: Learner) -> dict[str, Any]:
    """Return a student as what JSON can hold."""
    return {
        "schema": SCHEMA,
        "lesson": learner.lesson,
        "place": learner.place,
        "back": list(learner.back),
        "wrong": learner.wrong,
        "hints": learner.hints,
        "answered": learner.answered,
        "results": {
            name: {"ending": one.ending, "wrong": one.wrong, "hints": one.hints}
            for name, one in learner.results.items()
        },
        "missed": [
            {"topic": one.topic, "task": one.task, "lesson": one.lesson} for one in learner.missed
        ],
    }


def learner(given: Any) -> Learner:
    """Return the student of a payload.

    Raises:
        ValueError: it is no payload of this version.
    """
    found = _Given(given)
    if found.text("schema") != SCHEMA:
        raise ValueError("another schema")
    results = found.mapping("results")
    return Learner(
        lesson=found.text("lesson"),
        place=found.count("place"),
        results={name: _result(_Given(one)) for name, one in results.items()},
        missed=tuple(
            Missed(topic=one.text("topic"), task=one.text("task"), lesson=one.text("lesson"))
            for one in map(_Given, found.several("missed"))
        ),
        back=tuple(found.texts("back")),
        wrong=found.count("wrong"),
        hints=found.count("hints"),
        answered=found.truth("answered"),
    )


def _result(found: _Given) -> Result:
    ending = found.text("ending")
    if ending not in get_args(Ending):
        raise ValueError("no ending")
    return Result(
        ending=cast(Ending, ending), wrong=found.count("wrong"), hints=found.count("hints")
    )


class _Given:
    """An object of JSON, whose fields are what they should be or an error."""

    def __init__(self, given: Any) -> None:
        if not isinstance(given, dict):
            raise ValueError("no object")
        self._given: dict[str, Any] = given

    def text(self, name: str) -> str:
        return cast(str, self._of(name, str))

    def truth(self, name: str) -> bool:
        return cast(bool, self._of(name, bool))

    def count(self, name: str) -> int:
        found = cast(int, self._of(name, int))
        if isinstance(found, bool) or not 0 <= found <= MOST:
            raise ValueError(f"{name} is no count")
        return found

    def several(self, name: str) -> list[Any]:
        found = cast(list[Any], self._of(name, list))
        if len(found) > MOST:
            raise ValueError(f"{name} is too long")
        return found

    def texts(self, name: str) -> list[str]:
        found = self.several(name)
        if not all(isinstance(one, str) for one in found):
            raise ValueError(f"{name} is not of texts")
        return found

    def mapping(self, name: str) -> dict[str, Any]:
        found = cast(dict[str, Any], self._of(name, dict))
        if len(found) > MOST:
            raise ValueError(f"{name} is too long")
        return found

    def _of(self, name: str, kind: type) -> object:
        found = self._given.get(name)
        if not isinstance(found, kind):
            raise ValueError(f"{name} is no {kind.__name__}")
        return found
