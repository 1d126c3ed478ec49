"""What `compare` says: every method beside SymPy, the operations counted, and claims checked."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from autodiff_cli.answers.beside import Answer
from autodiff_cli.graph.graph import Graph
from autodiff_cli.language.parser import Reading
from autodiff_cli.methods.at_a_point import Opinion
from autodiff_cli.methods.at_points import Worst
from autodiff_cli.methods.claim import Claim
from autodiff_cli.methods.step_sizes import Sweep
from autodiff_cli.symbolic.verdict import Verdict


class Operations(NamedTuple):
    """Arithmetic operations; None where they were not counted.

    Attributes:
        value: of the value.
        reverse, forward: of the value and the gradient by each mode.
        symbolic: of SymPy's derivatives, as written and with common parts shared.
    """

    value: int
    reverse: int | None
    forward: int | None
    symbolic: tuple[int, int] | None


class Question(NamedTuple):
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

    @property
    def graph(self) -> Graph:
        """The formula's graph."""
        return self.reading.graph

    @property
    def at_a_point(self) -> bool:
        """Whether every variable has a value."""
        return self.given.keys() >= set(self.graph.variables)


class Points(NamedTuple):
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


class Comparison(NamedTuple):
    """Every method beside each other.

    Attributes:
        question: what was asked.
        answer: autodiff's answer with SymPy beside it: at the point, or at the sampled points
            where no point was given. Then what holds at a point is empty.
        digits: variable → SymPy's derivative to 30 digits, or a word; empty where it was skipped.
        methods: variable → what each method answers.
        errors: variable → each of those minus SymPy's; None without both.
        operations: the cost, counted.
        claims: the user's derivatives, checked.
        sweeps: variable → differences over falling steps, one sweep a precision.
        points: every method at sampled points, or None.
    """

    question: Question
    answer: Answer
    digits: Mapping[str, str | None]
    methods: Mapping[str, Sequence[Opinion]]
    errors: Mapping[str, Sequence[float | None]]
    operations: Operations
    claims: tuple[Claim, ...]
    sweeps: Mapping[str, Sequence[Sweep]]
    points: Points | None

    @property
    def verdict(self) -> Verdict:
        """The verdict on autodiff and SymPy; a sampled point can only contradict."""
        if self.points is not None and self.points.verdict == "MISMATCH":
            return "MISMATCH"
        return self.answer.verdict

    @property
    def agrees(self) -> bool:
        """Whether autodiff and SymPy do not contradict each other, and no claim is wrong."""
        return self.verdict != "MISMATCH" and all(one.disagreement is None for one in self.claims)
