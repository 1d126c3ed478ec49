"""A trace as a film: one frame for each node forward, then one for each term of an adjoint.

A frame is an index into the record: what is known when it is shown is looked up when it is asked
for, so that a film of a thousand nodes takes a thousand rows and not a million.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import takewhile
from typing import Generic, Literal, TypeVar

from autodiff_cli.answers.trace import Trace
from autodiff_cli.engine.record import Contribution, Step
from autodiff_cli.teach.sentences import Alphabet, Parts, Wording

T = TypeVar("T")

#: Variables whose tangents a sentence follows; the numbers of the others are there too.
FOLLOWED = 4


class Known(Mapping[str, T], Generic[T]):
    """What is known at a moment: label → the last number that it had until then.

    Args:
        history: label → (moment, number), in the order in which they came.
        moment: the frame that is looked at.
    """

    __slots__ = ("_history", "_moment")

    def __init__(self, history: Mapping[str, Sequence[tuple[int, T]]], moment: int) -> None:
        self._history, self._moment = history, moment

    def __getitem__(self, label: str) -> T:
        entries = self._history[label]
        place = bisect_right(entries, self._moment, key=lambda entry: entry[0])
        if not place:
            raise KeyError(label)
        return entries[place - 1][1]

    def __iter__(self) -> Iterator[str]:
        moment, history = self._moment, self._history
        return takewhile(lambda label: history[label][0][0] <= moment, history)

    def __len__(self) -> int:
        return sum(1 for _ in self)

    def __repr__(self) -> str:
        return repr(dict(self))


@dataclass(frozen=True, slots=True, kw_only=True, eq=False, repr=False)
class Sweep:
    """One sweep of a film, and what comes to be known in it.

    Attributes:
        report: the trace whose sweep it is.
        wording: says how its numbers come.
        values, tangents, adjoints, grads: label (of grads: variable) → (moment, number).
    """

    report: Trace
    wording: Wording
    values: dict[str, list[tuple[int, float]]]
    tangents: dict[str, list[tuple[int, Mapping[str, float]]]]
    adjoints: dict[str, list[tuple[int, float]]] = field(default_factory=dict)
    grads: dict[str, list[tuple[int, float]]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Frame:
    """One moment of a film.

    Attributes:
        sweep: "forward" or "reverse".
        number: which frame it is, from 0.
        step: the node that something is found out about, with its value, edges and terms.
        part: in reverse, what the node's adjoint gets in this frame; None for the seed, and where
            it gets nothing.
        consumer: the node that it gets it from; None without one.
        term: which of the adjoint's terms that is, from 1; 0 without one.
        of: the sweep, with the trace of the output that it is about.
    """

    sweep: Literal["forward", "reverse"]
    number: int
    step: Step = field(repr=False)
    part: Contribution | None = None
    consumer: Step | None = field(default=None, repr=False)
    term: int = 0
    of: Sweep = field(repr=False)

    @property
    def node(self) -> str:
        """The label of the node: w2."""
        return self.step.label

    @property
    def edge(self) -> tuple[str, str] | None:
        """The edge that a term runs along: from the consumer, to the node; or None."""
        return None if self.part is None else (self.part.consumer, self.node)

    @property
    def values(self) -> Mapping[str, float]:
        """Label → value, of the nodes that are computed."""
        return Known(self.of.values, self.number)

    @property
    def tangents(self) -> Mapping[str, Mapping[str, float]]:
        """Label → variable → tangent, of the nodes that are computed."""
        return Known(self.of.tangents, self.number)

    @property
    def adjoints(self) -> Mapping[str, float]:
        """Label → adjoint, of the nodes that anything has arrived at: the sum so far."""
        return Known(self.of.adjoints, self.number)

    @property
    def grads(self) -> Mapping[str, float]:
        """Variable → what its `.grad` holds; a variable whose adjoint is not whole has None yet."""
        return Known(self.of.grads, self.number)

    def terms(self, label: str) -> int:
        """Return how many terms of a node's adjoint have arrived; the seed is one."""
        arrived = self.of.adjoints.get(label, ())
        return bisect_right(arrived, self.number, key=lambda entry: entry[0])

    @property
    def before(self) -> float | None:
        """What the node's adjoint had before this frame, or None."""
        return Known(self.of.adjoints, self.number - 1).get(self.node)

    @property
    def whole(self) -> bool:
        """Whether the node's adjoint is all there after this frame."""
        return self.sweep == "reverse" and self.term == len(self.step.contributions)

    @property
    def ends_gradient(self) -> bool:
        """Whether what the `.grad` of a variable holds is known from this frame on."""
        return self.whole and self.step.node < len(self.of.report.graph.variables)

    def sentences(self, *, short: bool = False) -> list[Parts]:
        """Return what is said, one number a sentence, as prose and formulas to be joined.

        Args:
            short: whether tangents are said without what they are the sum of.
        """
        wording, step = self.of.wording, self.step
        if self.sweep == "forward":
            return [wording.value(step), *self._moves(short=short)]
        if self.part is None:
            said = [wording.adjoint(step)]
        else:
            said = [wording.term(step, self.part, self.before, self.term)]
        if self.ends_gradient:
            said.append(wording.held(step))
        return said

    @property
    def text(self) -> str:
        """What is said, in one line."""
        return "; ".join("".join(parts) for parts in self.sentences())

    def _moves(self, *, short: bool) -> Iterator[Parts]:
        """Yield how fast the node moves, for each variable that is followed."""
        wording, names = self.of.wording, tuple(self.step.tangents or ())
        for name in names[:FOLLOWED]:
            lead = ("for ", wording.signs.name(name), ": ") if len(names) > 1 else ()
            yield (*lead, *wording.tangent(self.step, name, short=short))
        if len(names) > FOLLOWED:
            yield (f"{len(names) - FOLLOWED:,} more variables move too",)


def frames(report: Trace | Sequence[Trace], signs: Alphabet) -> tuple[Frame, ...]:
    """Return a trace as frames: forward node by node, then back term by term.

    Args:
        report: the record of the sweeps; of several outputs one each, from `traces`. There is one
            sweep forward, and one back from each output, which begins with nothing in `.grad`.
        signs: how the sentences are written.

    Returns:
        The frames of the sweeps that were recorded, in the order in which a machine works. The last
        one of a sweep knows every number of the trace.
    """
    reports = (report,) if isinstance(report, Trace) else tuple(report)
    if not reports:
        return ()
    forward = Sweep(report=reports[0], wording=Wording(reports[0], signs), values={}, tangents={})
    found = list(_forward(forward))
    for one in reports:
        back = Sweep(
            report=one,
            wording=Wording(one, signs),
            values=forward.values,
            tangents=forward.tangents,
        )
        found += _reverse(back, len(found))
    return tuple(found)


def _forward(sweep: Sweep) -> Iterator[Frame]:
    """Yield a frame for each node: operands come before what is computed from them."""
    for number, step in enumerate(sweep.report.steps):
        sweep.values[step.label] = [(number, step.value)]
        if step.tangents is not None:
            sweep.tangents[step.label] = [(number, step.tangents)]
        yield Frame(sweep="forward", number=number, step=step, of=sweep)


def _reverse(sweep: Sweep, first: int) -> Iterator[Frame]:
    """Yield the seed, and for each node that has its adjoint what it gives to its operands.

    The sums are those of the engine, in its order: nodes from the last to the first.
    """
    steps = sweep.report.steps
    given = _given(steps)
    number = first
    for step in reversed(steps):
        if step.adjoint is None:
            continue
        if not step.contributions:
            _arrived(sweep, step, number, step.adjoint, whole=True)
            yield Frame(sweep="reverse", number=number, step=step, of=sweep)
            number += 1
        for target, part in given.get(step.label, ()):
            before = sweep.adjoints.get(target.label, ())
            total = before[-1][1] + part.product if before else part.product
            term = len(before) + 1
            _arrived(sweep, target, number, total, whole=term == len(target.contributions))
            yield Frame(
                sweep="reverse",
                number=number,
                step=target,
                part=part,
                consumer=step,
                term=term,
                of=sweep,
            )
            number += 1


def _given(steps: Sequence[Step]) -> dict[str, list[tuple[Step, Contribution]]]:
    """Return consumer → what it gives to whom, in the order of its operands."""
    found: dict[str, list[tuple[Step, Contribution]]] = {}
    for step in steps:
        for part in step.contributions:
            found.setdefault(part.consumer, []).append((step, part))
    for step in steps:
        places = {edge.operand: place for place, edge in enumerate(step.edges)}
        found.get(step.label, []).sort(key=lambda pair: places[pair[0].label])
    return found


def _arrived(sweep: Sweep, step: Step, number: int, total: float, *, whole: bool) -> None:
    """Note the sum so far of an adjoint, and `.grad` once the adjoint of a variable is whole."""
    sweep.adjoints.setdefault(step.label, []).append((number, total))
    variables = sweep.report.graph.variables
    if whole and step.node < len(variables):
        sweep.grads[variables[step.node]] = [(number, total)]
