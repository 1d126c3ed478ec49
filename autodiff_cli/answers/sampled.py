"""Every method at sampled points, with one question to SymPy about them all."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from autodiff_cli.answers.beside import Answer, answered
from autodiff_cli.answers.drawn import SEED
from autodiff_cli.answers.gradient import grad
from autodiff_cli.engine.brief import brief
from autodiff_cli.errors import VariableError
from autodiff_cli.graph.graph import Graph
from autodiff_cli.language.parser import Reading
from autodiff_cli.methods.at_points import Worst, worst
from autodiff_cli.methods.sampling import samples
from autodiff_cli.symbolic.question import Symbolic
from autodiff_cli.symbolic.verdict import Verdict, is_number

if TYPE_CHECKING:
    from autodiff_cli.symbolic.client import Client

#: Derivatives at sampled points up to which SymPy is asked for 30 digits of each.
EXACT = 400

#: What errors are measured against.
DIGITS, FLOATS, REVERSE = "SymPy's 30 digits", "SymPy in float64", "reverse mode"


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Question:
    """What is to be compared.

    Attributes:
        expression: the text as typed.
        reading: the formula.
        given: variable → number; every variable has one unless only `points` are wanted.
        wrt: the variables to differentiate with respect to.
        held: variables that are constants.
        steps: whether to compare differences over a sweep of steps.
        points: how many points to sample.
        float32: whether to ask for single precision too.
        seed: makes the sampled points others than the usual ones.
    """

    expression: str
    reading: Reading
    given: Mapping[str, float]
    wrt: tuple[str, ...]
    held: frozenset[str] = frozenset()
    steps: bool = False
    points: int = 0
    float32: bool = False
    seed: int | None = None

    __repr__ = brief

    @property
    def graph(self) -> Graph:
        """The formula's graph."""
        return self.reading.graph

    @property
    def at_a_point(self) -> bool:
        """Whether every variable has a value."""
        return self.given.keys() >= set(self.graph.variables)


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Points:
    """Every method at sampled points.

    Attributes:
        asked: how many points were asked for.
        at: those that were found.
        against: what the errors are measured against.
        reason: why that is not SymPy, or "".
        unmeasured: variable → at how many points there is no number to measure against.
        worst: variable → the largest error of each method.
        verdict: the verdict on autodiff and SymPy at the points.
    """

    asked: int
    at: Sequence[Mapping[str, float]]
    against: str
    reason: str
    unmeasured: Mapping[str, int]
    worst: Mapping[str, Sequence[Worst]]
    verdict: Verdict

    __repr__ = brief


def at_points(
    question: Question,
    client: Client | None,
    seconds: float,
    *,
    reason: str = "",
    count: bool = False,
) -> tuple[Points, Answer, Symbolic]:
    """Compare at sampled points, with one question to SymPy about them all.

    Args:
        question: what is to be compared.
        client: SymPy's process, or None.
        seconds: how long SymPy may think.
        reason: why SymPy is not asked, where that was known before.
        count: ask for the operations of SymPy's derivatives.
    """
    import numpy

    graph, wrt = question.graph, question.wrt
    kept = question.held & question.given.keys()
    found = samples(graph, question.given, question.seed, question.points, kept)
    if not found and not question.at_a_point:
        raise VariableError(
            "no point inside the domain and off the kinks was found",
            mend=f"give values near one: --{graph.variables[0]} 4",
        )
    at = {name: [point[name] for point in found] for name in graph.variables}
    result = grad(
        question.reading, {name: numpy.array(column) for name, column in at.items()}, wrt=wrt
    )
    exact = len(found) * len(wrt) <= EXACT
    answer, symbolic = answered(
        question.expression, result, at, "reverse", client if found else None, seconds,
        count=count, exact=exact, seed=question.seed or SEED,
    )  # fmt: skip
    against = DIGITS if exact else FLOATS
    wanted: dict[str, Sequence[str | None]] = {}
    if symbolic.skipped:
        against = REVERSE
        wanted = {name: list(map(decimal_text, s.tolist())) for name, s in result.gradient.items()}
        reason = reason or symbolic.reason
    for name, row in symbolic.derivatives.items():
        wanted[name] = row.values if exact else [
            decimal_text(float(text)) if text and is_number(text) else text for text in row.values
        ]  # fmt: skip
    points = Points(
        asked=question.points,
        at=found,
        against=against,
        reason=reason,
        unmeasured={name: sum(not is_number(text) for text in wanted[name]) for name in wrt},
        worst=worst(graph, found, wrt, wanted, float32=question.float32) if found else {},
        verdict=answer.verdict,
    )
    return points, answer, symbolic


def decimal_text(value: float) -> str:
    """Return a float in full: its shortest spelling is another number than it is."""
    from decimal import Decimal

    return str(Decimal(value))
