"""Every step of a formula: the objects of traces and graphs."""

from __future__ import annotations

from typing import Literal, NotRequired, TypedDict

from autodiff_cli.schemas.parts import NoteObject, Number, SymbolicObject, Verdict


class NodeObject(TypedDict):
    """A step of a formula.

    Attributes:
        id: such as w3.
        name: its name in the formula, where it has one.
        operation: what it computes, as text over the ids, which parses back.
        args: the ids of its distinct operands.
        value: what it computed; null where there is no point.
    """

    id: str
    name: NotRequired[str]
    operation: str
    args: list[str]
    value: Number | None


class TracedObject(NodeObject):
    """A step of a formula with what both sweeps know of it.

    Attributes:
        partials: operand → the derivative of this step by it; of a repeated one, the sum.
        tangent: variable → how fast this step moves with it; null where forward mode did not run.
        adjoint: how fast the formula moves with this step; null where reverse mode did not run.
        symbolic: variable → SymPy's derivative of this step; null where SymPy has none.
    """

    partials: dict[str, Number]
    tangent: dict[str, Number] | None
    adjoint: Number | None
    symbolic: NotRequired[dict[str, SymbolicObject] | None]


class TraceObject(TypedDict):
    """Every step of a formula at a point.

    Attributes:
        schema: autodiff.trace/1.
        expression: the formula as typed.
        at: the point.
        value: the formula's value.
        gradient: variable → derivative.
        nodes: the steps, operands first.
        verdict: what SymPy's side says of all of them, where it was asked.
        notes: what departs from plain calculus.
    """

    schema: Literal["autodiff.trace/1"]
    expression: str
    at: dict[str, Number]
    value: Number
    gradient: dict[str, Number]
    nodes: list[TracedObject]
    verdict: NotRequired[Verdict]
    notes: list[NoteObject]


class GraphObject(TypedDict):
    """A computation graph.

    Attributes:
        schema: autodiff.graph/1.
        expression: the formula as typed.
        nodes: the steps, operands first.
        outputs: the ids of the results.
        names: what the results are called, where they have names.
    """

    schema: Literal["autodiff.graph/1"]
    expression: str
    nodes: list[NodeObject]
    outputs: list[str]
    names: NotRequired[list[str]]
