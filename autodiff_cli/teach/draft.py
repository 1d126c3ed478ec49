"""A question that is being made: its formula, its point and its numbers, and what is asked of them.

A point is refused where calculus and the machine part, and at the levels that are done by hand
where a number on the way has more than three digits.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace

from autodiff_cli.answers.trace import trace
from autodiff_cli.graph.graph import Graph
from autodiff_cli.language.parser import read
from autodiff_cli.teach.question import Cell, Form, Key, Wrong
from autodiff_cli.teach.random import SplitMix64
from autodiff_cli.teach.replay import Replay, replay
from autodiff_cli.teach.templates import BY_HAND, filled, point

#: Digits of a number that comes out by hand, and of an answer that takes a calculator.
FEW, ASKED = 3, 4

#: How far from the right answer a number may be, as a share of it: half a unit of four digits.
SHARE = 5e-4

#: Sizes that a number of a question has.
SMALLEST, LARGEST = 0.02, 5000.0

#: Notes of a point at a kink, and no worse.
CORNER = {"kink", "both-sides"}

#: Digits to which a computed number is kept: other machines round the rest otherwise.
KEPT = 9


def by_hand(number: float) -> bool:
    """Tell whether a number has three digits at most, those before the point counted too."""
    text = f"{abs(number):.9f}".rstrip("0").removesuffix(".")
    return sum(map(str.isdigit, text)) <= FEW and float(text) == abs(number)


def tolerance(answer: float) -> float:
    """Return how far a number may be from an answer."""
    return float(f"{(abs(answer) or 1.0) * SHARE:.2g}")


def apart(one: float, other: float) -> bool:
    """Tell whether two answers can be told apart when both are typed with four digits."""
    return abs(one - other) > 2 * (tolerance(one) + tolerance(other))


def kept(number: float) -> float:
    """Return a number with the digits that every machine finds."""
    return float(f"{number:.{KEPT}g}") + 0.0


@dataclass(slots=True, kw_only=True)
class Draft:
    """What a kind makes a question of.

    Attributes:
        id, kind, topic, level: of the question.
        graph, at, by: the formula, the point, and the variable to differentiate by.
        numbers: of both sweeps, by node.
        generator: for further choices.
    """

    id: str
    kind: str
    topic: str
    level: int
    graph: Graph
    at: Mapping[str, float]
    by: str
    numbers: Replay
    generator: SplitMix64 = field(repr=False)

    @property
    def answer(self) -> float:
        """The derivative at the point."""
        return kept(self.numbers.tangent[self.graph.outputs[0]])

    @property
    def hand(self) -> bool:
        """Whether the numbers come out by hand."""
        return self.level <= BY_HAND

    def labels(self) -> Mapping[int, str]:
        """Return node → label."""
        return self.graph.named()

    def key(
        self,
        answer: float | str,
        *,
        form: Form = "number",
        wrong: Iterable[Wrong] = (),
        options: Mapping[str, str] | None = None,
        cell: Cell | None = None,
        after: tuple[str, ...] = (),
        suffix: str = "",
        expression: str | None = None,
    ) -> Key:
        """Return how the question is marked; the rest of it is the draft's."""
        return Key(
            id=f"{self.id}{suffix}",
            kind=self.kind,
            topic=self.topic,
            level=self.level,
            form=form,
            expression=str(self.graph) if expression is None else expression,
            at=self.at,
            by=self.by,
            answer=answer,
            tolerance=tolerance(answer) if isinstance(answer, float) else 0.0,
            wrong=tuple(wrong),
            options=options or {},
            cell=cell,
            after=after,
        )


def begun(
    id: str, kind: str, topic: str, level: int, pattern: str, generator: SplitMix64
) -> Draft | None:
    """Return a draft with a formula and a point, or None where these do not suit each other.

    Args:
        id: of the question.
        kind: of question.
        topic: what is practised.
        level: from 1 to 5.
        pattern: the formula, with holes for numbers.
        generator: chooses the numbers and the point.
    """
    corner = kind == "kink"
    graph = replace(read([filled(pattern, generator)]).graph, names={})
    at = point(graph.variables, BY_HAND if corner else level, generator)
    by = generator.choice(graph.variables) if at else ""
    if not _suits(graph, at, corner=corner):
        return None
    draft = Draft(
        id=id,
        kind=kind,
        topic=topic,
        level=level,
        graph=graph,
        at=at,
        by=by,
        numbers=replay(graph, at, by),
        generator=generator,
    )
    return draft if not at or _handy(draft) else None


def _suits(graph: Graph, at: Mapping[str, float], *, corner: bool) -> bool:
    """Tell whether the machine and calculus agree at a point, or where it is to be, at a kink."""
    kinds = {note.kind for note in trace(graph, at).notes}
    return "kink" in kinds <= CORNER if corner else not kinds


def _handy(draft: Draft) -> bool:
    """Tell whether all numbers of both sweeps are of a size to be written down."""
    numbers = draft.numbers
    labelled = draft.labels()
    shown = [column[node] for column in (numbers.value, numbers.tangent, numbers.adjoint)
             for node in labelled]  # fmt: skip
    shown += [slope for node in labelled for slope in numbers.partials.get(node, ())]
    if not all(math.isfinite(number) and abs(number) < LARGEST for number in shown):
        return False
    if draft.hand:
        return all(map(by_hand, shown))
    return abs(draft.answer) > SMALLEST
