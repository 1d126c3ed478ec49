"""Why a library's numbers differ: by rounding, or by departures of its own, each one named.

Every explanation is a computation on the case: autodiff's own sweep with nothing but the named
departures, or other roundings, must give the library's numbers. What does not is unexplained.
"""

from __future__ import annotations

import math
import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from autodiff_cli.engine.gradient_graph import gradient_graph
from autodiff_cli.graph.graph import Graph
from tests.crosscheck import unfolded
from tests.crosscheck.departures import COMPOSED, DEPARTURES, FLUSHING, PASSES, SECOND
from tests.crosscheck.twin import NORMAL, Departure, Twin
from tests.crosscheck.unfolded import Passes

#: Relative difference up to which two numbers agree.
RELATIVE = 1e-9

#: Sweeps with other roundings, and how far beyond them a library's last digits may lie.
TRIALS, ALLOWED = 8, 8.0

ROUNDING = "rounding: other last digits on the way move the number as far"
BRANCH = "rounding: the last digit of a value decides which piece is taken"
UNFOLDED = "a slope that is a literal 0 is multiplied on and meets 0*inf; autodiff folds it"
OWN = (
    "has another formula, whose derivative meets 0*inf or overflow, or lacks a term, where "
    "autodiff's does not"
)
UNDERFLOW = "underflow: both are below 2.3e-308, where float64 loses its digits"
FLUSHED = "numbers below 2.3e-308 count as 0"

#: Formulas inside which rounding is asked for too.
INSIDE = {"gelu": "a/2*(1 + erf(a/sqrt(2)))"}


def close(a: float, b: float) -> bool:
    """Tell whether two numbers are the same to 1e-9 of their size, or both no number."""
    if not (math.isfinite(a) and math.isfinite(b)):
        return a == b or (a != a and b != b)
    return abs(a - b) <= RELATIVE * max(abs(a), abs(b))


@dataclass(frozen=True, slots=True)
class Question:
    """A case whose numbers differ.

    Attributes:
        graph, at: the case.
        second: True to sweep the gradient graph for the second derivatives.
        wanted: the library's numbers: the value and the gradient, or the second derivatives.
    """

    graph: Graph
    at: Mapping[str, float]
    second: bool
    wanted: Sequence[float]


@dataclass(frozen=True, slots=True)
class Ways:
    """What a sweep does differently."""

    departures: tuple[Departure, ...] = ()
    composed: tuple[str, ...] = ()
    flush: bool = False
    unfolded: bool = False
    passes: Passes = field(default_factory=dict)

    def names(self) -> tuple[str, ...]:
        """Return each difference in words."""
        found = dict.fromkeys(departure.says for departure in self.departures)
        found |= dict.fromkeys(f"{row} is composed of other functions" for row in self.composed)
        found |= {FLUSHED: None} if self.flush else {}
        found |= {UNFOLDED: None} if self.unfolded and not self.passes else {}
        found |= {f"{row}'s slope {OWN}": None for row, _ in self.passes}
        return tuple(found)


def explain(library: str, question: Question) -> tuple[str, ...]:
    """Return the names of what makes the difference; none where nothing known does."""
    here = _sweep(library, question, Ways())
    if _agree(here, question.wanted, floor=NORMAL):
        return (UNDERFLOW,)
    if _rounds(library, question, Ways()):
        return (ROUNDING,)
    candidates = _candidates(library, question)
    for agrees, said in ((_exactly, ()), (_rounds, (ROUNDING,))):
        for ways in candidates:
            if agrees(library, question, ways):
                least = _least(library, question, ways, agrees)
                return (*(f"{library}: {name}" for name in least.names()), *said)
    return (BRANCH,) if _branches(library, question, candidates[0]) else ()


def _candidates(library: str, question: Question) -> list[Ways]:
    """Return all that the library does in its own way, with and without what may not apply."""
    rows = {operation.name for operation in question.graph.operations}
    ways = Ways(
        DEPARTURES[library],
        tuple(row for row in COMPOSED[library] if row in rows),
        library in FLUSHING,
    )
    if not question.second:
        slopes = tuple(d for d in ways.departures if d.value is None)
        return [ways, replace(ways, flush=False), replace(ways, departures=slopes)]
    passes = {edge: text for edge, text in PASSES[library].items() if edge[0] not in ways.composed}
    ways = replace(ways, unfolded=True, passes=passes)
    more = DEPARTURES[library] + SECOND.get(library, ())
    return [ways, replace(ways, departures=more)]


def _least(library: str, question: Question, ways: Ways, agrees: Any) -> Ways:
    """Return ways without those that are not needed for the numbers."""
    for name in dict.fromkeys(d.says for d in ways.departures):
        fewer = replace(ways, departures=tuple(d for d in ways.departures if d.says != name))
        ways = fewer if agrees(library, question, fewer) else ways
    for row in ways.composed:
        fewer = replace(ways, composed=tuple(other for other in ways.composed if other != row))
        ways = fewer if agrees(library, question, fewer) else ways
    for edge in ways.passes:
        rest = {other: text for other, text in ways.passes.items() if other != edge}
        fewer = replace(ways, passes=rest)
        ways = fewer if agrees(library, question, fewer) else ways
    for change in ({"flush": False}, {"unfolded": False, "passes": {}}):
        fewer = replace(ways, **change)
        ways = fewer if agrees(library, question, fewer) else ways
    return ways


def _exactly(library: str, question: Question, ways: Ways) -> bool:
    return _agree(_sweep(library, question, ways), question.wanted)


def _rounds(library: str, question: Question, ways: Ways) -> bool:
    """Tell whether other roundings move each number as far as the library's lies from here."""
    graph, plain = _fine(library, question, ways)
    here = _numbers(question, plain)
    trials = _trials(question, graph, ways, plain.values)
    return _agree(here, question.wanted, _swing(here, trials))


def _branches(library: str, question: Question, ways: Ways) -> bool:
    """Tell whether a rounding that takes another piece gives the library's numbers."""
    graph, plain = _fine(library, question, ways)
    swing = _swing(_numbers(question, plain), _trials(question, graph, ways, plain.values))
    trials = _trials(question, graph, ways, None, 4 * TRIALS)
    return any(_agree(trial, question.wanted, swing) for trial in trials)


def _fine(library: str, question: Question, ways: Ways) -> tuple[Graph, Twin]:
    """Return the graph whose roundings are tried, and the sweep without them."""
    own = {departure.row for departure in ways.departures}
    inside = {row: text for row, text in INSIDE.items() if row not in own}
    graph = _graph(library, question, ways, inside)
    return graph, _twin(question, graph, ways)


def _trials(
    question: Question,
    graph: Graph,
    ways: Ways,
    held: Sequence[float] | None,
    count: int = TRIALS,
) -> list[list[float]]:
    return [
        _numbers(question, _twin(question, graph, ways, random.Random(trial), held))
        for trial in range(count)
    ]


def _swing(here: Sequence[float], trials: Sequence[Sequence[float]]) -> list[float]:
    """Return how far each number moves in the trials; 0 where one of them is not finite."""
    return [
        ALLOWED
        * max((abs(a - b) for b in row if math.isfinite(a) and math.isfinite(b)), default=0.0)
        for a, row in zip(here, zip(*trials, strict=True), strict=True)
    ]


def _agree(
    found: Sequence[float],
    wanted: Sequence[float],
    within: Sequence[float] | None = None,
    floor: float = 0.0,
) -> bool:
    slack = within or [0.0] * len(found)
    return all(
        close(a, b) or abs(a - b) <= swing or (abs(a) < floor and abs(b) < floor)
        for a, b, swing in zip(found, wanted, slack, strict=True)
    )


def _sweep(library: str, question: Question, ways: Ways) -> list[float]:
    return _numbers(question, _twin(question, _graph(library, question, ways), ways))


def _twin(
    question: Question,
    graph: Graph,
    ways: Ways,
    generator: random.Random | None = None,
    held: Sequence[float] | None = None,
) -> Twin:
    return Twin(graph, question.at, ways.departures, ways.flush, generator, held)


def _numbers(question: Question, twin: Twin) -> list[float]:
    outputs = twin.graph.outputs
    if question.second:
        return [number for output in outputs[1:] for number in twin.gradient(output)]
    return [float(twin.values[outputs[0]]), *twin.gradient(outputs[0])]


def _graph(
    library: str, question: Question, ways: Ways, inside: Mapping[str, str] | None = None
) -> Graph:
    texts = {row: COMPOSED[library][row] for row in ways.composed} | dict(inside or {})
    graph = unfolded.composed(question.graph, texts)
    if not question.second:
        return graph
    return unfolded.gradient_graph(graph, ways.passes) if ways.unfolded else gradient_graph(graph)
