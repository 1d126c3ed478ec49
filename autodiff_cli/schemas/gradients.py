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


class AnswerObject(TypedDict):
    """The value and the gradient of a formula.

    Attributes:
        expression: the formula as typed.
        at: variable → its value, or one for each point.
        value: the formula's value, or one for each point.
        gradient: variable → derivative, or one for each point.
        symbolic: variable → SymPy's derivative; null where SymPy was not asked.
        symbolic_value: SymPy's value, where it is not a plain match.
        notes: what departs from plain calculus.
    """

    expression: str
    at: dict[str, Numbers]
    value: Numbers
    gradient: dict[str, Numbers]
    symbolic: dict[str, SymbolicObject] | None
    symbolic_value: NotRequired[JudgedObject]
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
