"""The value and the gradient of a formula."""

from __future__ import annotations

from typing import Literal, NotRequired, TypedDict

from autodiff_cli.schemas.parts import Found, NoteObject, Numbers, SymbolicObject, Verdict
from autodiff_cli.schemas.traces import GraphObject, TraceObject


class JudgedObject(TypedDict):
    """SymPy's value of a formula, and what it says of the machine's.

    Attributes:
        value: SymPy's value, or one for each point.
        verdict: what it says.
    """

    value: Found | list[Found] | None
    verdict: Verdict


class MixedObject(TypedDict):
    """A derivative by several variables.

    Attributes:
        by: the variables, one for each time that it is differentiated.
        value: the derivative.
        symbolic: SymPy's; null where SymPy was not asked.
    """

    by: list[str]
    value: Numbers
    symbolic: SymbolicObject | None


class SampleObject(TypedDict):
    """The points that SymPy was asked about, of very many.

    Attributes:
        points: how many there are.
        judged: how many have a verdict.
        seed: what they were drawn by.
        kinds: how many of those judged were drawn, are not finite, stand near a kink or an edge,
            are the most and the least sensitive.
        found: how many of all points are not finite, and stand near a kink or an edge.
        verdicts: verdict → at how many points it is the gravest.
        first: verdict → the number of the first such point, from 1; but of a match.
    """

    points: int
    judged: int
    seed: int
    kinds: dict[str, int]
    found: dict[str, int]
    verdicts: dict[str, int]
    first: dict[str, int]


class AnswerObject(TypedDict):
    """The value and the gradient of a formula.

    Attributes:
        expression: the formula as typed.
        at: variable → its value, or one for each point.
        value: the formula's value, or one for each point.
        gradient: variable → derivative, or one for each point.
        symbolic: variable → SymPy's derivative; null where SymPy was not asked, or about a sample.
        symbolic_value: SymPy's value, where it is not a plain match.
        sample: beyond 10,000 points, those that SymPy was asked about.
        notes: what departs from plain calculus.
    """

    expression: str
    at: dict[str, Numbers]
    value: Numbers
    gradient: dict[str, Numbers]
    symbolic: dict[str, SymbolicObject] | None
    symbolic_value: NotRequired[JudgedObject]
    sample: NotRequired[SampleObject]
    notes: list[NoteObject]


class GradObject(AnswerObject):
    """The value and the gradient of a formula, with what was asked for beside it.

    Attributes:
        schema: autodiff.grad/1.
        verdict: what SymPy's side says.
        orders: with --order, variable → its derivatives from the first on.
        symbolic_orders: with --order, the same by SymPy.
        mixed: with --order, the derivatives by several variables.
        trace: with --trace, every step.
        graph: with --graph, the computation graph.
    """

    schema: Literal["autodiff.grad/1"]
    verdict: Verdict
    orders: NotRequired[dict[str, list[Numbers]]]
    symbolic_orders: NotRequired[dict[str, list[SymbolicObject | None]]]
    mixed: NotRequired[list[MixedObject]]
    trace: NotRequired[TraceObject]
    graph: NotRequired[GraphObject]
