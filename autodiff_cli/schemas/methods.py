"""Methods beside each other, claims, and what derivatives cost."""

from __future__ import annotations

from typing import Literal, TypedDict

from autodiff_cli.schemas.gradients import AnswerObject
from autodiff_cli.schemas.parts import Number, SlipObject, Verdict


class MethodObject(TypedDict):
    """A derivative by one method.

    Attributes:
        method: its name.
        value: the derivative; null where the method gave none.
        error: the value minus SymPy's.
        seconds: how long it took.
        reason: why there is no value.
    """

    method: str
    value: Number | None
    error: Number | None
    seconds: float | None
    reason: str | None


class OperationsObject(TypedDict):
    """Arithmetic operations; null where they were not counted.

    Attributes:
        value: of the value.
        reverse: of value and gradient by reverse mode.
        forward: of value and gradient by forward mode.
        symbolic: of SymPy's derivatives, as written and with common parts shared.
    """

    value: int
    reverse: int | None
    forward: int | None
    symbolic: list[int] | None


class DisagreementObject(TypedDict):
    """A point at which a claim is wrong.

    Attributes:
        at: the point.
        claimed: what the claim says there.
        found: what the derivative is.
    """

    at: dict[str, Number]
    claimed: Number
    found: Number


class ClaimObject(TypedDict):
    """A derivative that was claimed.

    Attributes:
        variable: by which it is the derivative.
        claim: as typed.
        points: at how many points it was tried.
        outcome: what became of it.
        agrees: whether it is right; null where that cannot be decided.
        side: the side of a kink on which it is right.
        unreached: conditions whose other branch no point reached.
        disagreement: where it is wrong.
        slips: the usual slips that give it.
    """

    variable: str
    claim: str
    points: int
    outcome: Literal["agrees", "one-sided", "undecided", "WRONG"]
    agrees: bool | None
    side: str | None
    unreached: list[str]
    disagreement: DisagreementObject | None
    slips: list[SlipObject]


class StepObject(TypedDict):
    """Differences with one step.

    Attributes:
        h: the step.
        forward: the forward difference.
        central: the central one.
        forward_error: the forward difference minus the derivative.
        central_error: the central one minus the derivative.
    """

    h: float
    forward: Number
    central: Number
    forward_error: Number | None
    central_error: Number | None


class SweepObject(TypedDict):
    """Differences over falling steps.

    Attributes:
        precision: float64 or float32.
        against: what the errors are measured against.
        best: method → its best step.
        shape: method → why its errors fall and rise.
        rows: from the largest step to the smallest.
    """

    precision: str
    against: str
    best: dict[str, Number | None]
    shape: dict[str, str]
    rows: list[StepObject]


class WorstObject(TypedDict):
    """The point at which a method is furthest off.

    Attributes:
        method: its name.
        error: its number minus the derivative there.
        derivative: the derivative there.
        at: the point.
        missing: at how many points it gives no finite number.
        reason: why there is no answer.
    """

    method: str
    error: Number | None
    derivative: Number | None
    at: dict[str, Number]
    missing: int
    reason: str | None


class PointsObject(TypedDict):
    """Methods at many points.

    Attributes:
        asked: how many points were asked for.
        found: how many have a derivative.
        at: variable → its values.
        against: what the errors are measured against.
        reason: why fewer points were found.
        unmeasured: variable → at how many points there was nothing to measure against.
        verdict: what SymPy's side says.
        worst: variable → the worst point of each method.
    """

    asked: int
    found: int
    at: dict[str, list[Number]]
    against: str
    reason: str | None
    unmeasured: dict[str, int]
    verdict: Verdict
    worst: dict[str, list[WorstObject]]


class CompareObject(AnswerObject):
    """Every method beside each other, and claims.

    Attributes:
        schema: autodiff.compare/1.
        verdict: on the claims, where there is one that is not right, then on SymPy's side.
        digits: variable → SymPy's derivative to 30 digits.
        methods: variable → what each method says.
        operations: what value and gradient cost.
        claims: what was claimed.
        steps: with --steps, variable → differences over falling steps.
        points: with --points, the methods at many points.
    """

    schema: Literal["autodiff.compare/1"]
    verdict: Verdict | Literal["WRONG", "undecided"]
    digits: dict[str, str | None]
    methods: dict[str, list[MethodObject]]
    operations: OperationsObject
    claims: list[ClaimObject]
    steps: dict[str, list[SweepObject]] | None
    points: PointsObject | None


class CountedObject(TypedDict):
    """What a formula costs.

    Attributes:
        expression: the formula.
        times: how often it was put into itself.
        value: operations of the value.
        forward: of value and gradient by forward mode.
        reverse: of value and gradient by reverse mode.
        symbolic: of SymPy's derivatives, as written and with common parts shared.
        reason: why SymPy's were not counted.
    """

    expression: str
    times: int
    value: int
    forward: int
    reverse: int
    symbolic: list[int] | None
    reason: str | None


class CountObject(TypedDict):
    """What formulas cost.

    Attributes:
        schema: autodiff.count/1.
        iterated: the formula that was put into itself, with --iterate.
        rows: a formula each.
    """

    schema: Literal["autodiff.count/1"]
    iterated: str | None
    rows: list[CountedObject]
