"""What `compare` says: every method beside SymPy, the operations counted, and claims checked."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from autodiff_cli.answers.beside import Answer, answered
from autodiff_cli.answers.gradient import grad
from autodiff_cli.answers.sampled import DIGITS, REVERSE, Points, Question, at_points, decimal_text
from autodiff_cli.engine.brief import brief
from autodiff_cli.engine.cost import counts, operations
from autodiff_cli.graph.graph import Graph
from autodiff_cli.limits import SYMPY_SECONDS
from autodiff_cli.methods.at_a_point import Opinion, opinions
from autodiff_cli.methods.claim import Claim, held_against
from autodiff_cli.methods.step_sizes import PRECISIONS, Sweep, sweep
from autodiff_cli.symbolic.question import Symbolic
from autodiff_cli.symbolic.verdict import Verdict, is_number, subtract

if TYPE_CHECKING:
    from autodiff_cli.symbolic.client import Client

#: Nodes up to which the operations of a gradient are counted.
COUNTED = 20_000


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Operations:
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

    __repr__ = brief


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Comparison:
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

    __repr__ = brief

    @property
    def calculus(self) -> Verdict:
        """The verdict on autodiff and SymPy; a sampled point can only contradict."""
        if self.points is not None and self.points.verdict == "MISMATCH":
            return "MISMATCH"
        return self.answer.verdict

    @property
    def verdict(self) -> Verdict | Literal["WRONG", "undecided"]:
        """The verdict on all that was asked: a claim, where there is one, then on SymPy's side."""
        outcomes = {claim.outcome for claim in self.claims}
        if self.calculus == "MISMATCH":
            return "MISMATCH"
        if "WRONG" in outcomes:
            return "WRONG"
        return "undecided" if "undecided" in outcomes else self.calculus

    @property
    def agrees(self) -> bool:
        """Whether autodiff and SymPy do not contradict each other, and no claim is wrong."""
        return self.verdict not in ("MISMATCH", "WRONG")


def comparison(
    question: Question,
    claims: Sequence[Claim] = (),
    client: Client | None = None,
    seconds: float = SYMPY_SECONDS,
) -> Comparison:
    """Ask every method there is.

    Args:
        question: what is to be compared.
        claims: the user's derivatives, checked against autodiff already.
        client: SymPy's process; None where SymPy is not wanted.
        seconds: how long SymPy may think about the point, and about all sampled points.

    Raises:
        VariableError: there is neither a point nor one that could be sampled.
    """
    graph, wrt, given = question.graph, question.wrt, question.given
    if not question.at_a_point:
        sampled, answer, symbolic = at_points(question, client, seconds, count=True)
        return Comparison(
            question=question,
            answer=answer,
            digits={},
            methods={},
            errors={},
            operations=_counted(graph, wrt, symbolic),
            claims=tuple(claims),
            sweeps={},
            points=sampled,
        )
    result = grad(question.reading, given, wrt=wrt)
    answer, symbolic = answered(
        question.expression, result, given, "reverse", client, seconds, count=True
    )
    digits = {name: row.values[0] for name, row in symbolic.derivatives.items()}
    methods = opinions(graph, given, wrt, float32=question.float32)
    errors = {
        name: [None if row.value is None else subtract(row.value, digits.get(name)) for row in rows]
        for name, rows in methods.items()
    }
    sweeps = _sweeps(question, digits, result.gradient) if question.steps else {}
    points: Points | None = None
    if question.points and wrt:
        asked = client if symbolic.derivatives else None  # what it gave up once, it would again
        points, _, _ = at_points(question, asked, seconds, reason=symbolic.reason)
    return Comparison(
        question=question,
        answer=answer,
        digits=digits,
        methods=methods,
        errors=errors,
        operations=_counted(graph, wrt, symbolic),
        claims=tuple(_judged(claim, answer, digits) for claim in claims),
        sweeps=sweeps,
        points=points,
    )


def _judged(claim: Claim, answer: Answer, digits: Mapping[str, str | None]) -> Claim:
    """Return a claim held against SymPy's number where float64 has lost autodiff's."""
    row, known = (answer.symbolic or {}).get(claim.name), digits.get(claim.name)
    if row is None or row.verdict != "rounding" or known is None or not is_number(known):
        return claim
    return held_against(claim, known)


def _sweeps(
    question: Question, digits: Mapping[str, str | None], gradient: Mapping[str, float]
) -> dict[str, list[Sweep]]:
    """Return the sweeps of each variable, against SymPy's number where there is one."""
    found: dict[str, list[Sweep]] = {}
    for name in question.wrt:
        known = digits.get(name)
        derivative, against = (known, DIGITS) if is_number(known) else (None, REVERSE)
        measured = derivative or decimal_text(gradient[name])
        found[name] = [
            sweep(question.graph, dict(question.given), name, measured, against, precision)
            for precision in PRECISIONS
            if precision == "float64" or question.float32
        ]
    return found


def _counted(graph: Graph, wrt: tuple[str, ...], symbolic: Symbolic) -> Operations:
    """Count operations; of a gradient only where writing it down is quick."""
    if len(graph) > COUNTED:
        return Operations(
            value=operations(graph),
            reverse=None,
            forward=None,
            symbolic=symbolic.operations,
        )
    found = counts(graph, wrt)
    return Operations(
        value=found.value,
        reverse=found.reverse,
        forward=found.forward,
        symbolic=symbolic.operations,
    )
