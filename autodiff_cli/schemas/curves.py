"""The objects of curves and of descents along them."""

from __future__ import annotations

from typing import Any, Literal, NotRequired, TypedDict

from autodiff_cli.schemas.parts import NoteObject, Number


class RowObject(TypedDict):
    """A step of a descent.

    Attributes:
        step: its number.
        at: the point.
        value: the formula's value.
        gradient: variable → derivative.
    """

    step: int
    at: dict[str, Number]
    value: Number
    gradient: dict[str, Number]


class PathObject(TypedDict):
    """A descent from one start.

    Attributes:
        reason: why it ended, for programs.
        text: why it ended.
        rows: its steps.
    """

    reason: str
    text: str
    rows: list[RowObject]


class DescendObject(TypedDict):
    """Gradient descent.

    Attributes:
        schema: autodiff.descend/1.
        expression: the formula as typed.
        wrt: the variables that move.
        method: such as plain, momentum, adam.
        rate: the factor of the gradient.
        momentum: the share of the last step that is kept.
        steps: steps at most.
        tolerance: the length of a gradient that is flat.
        descents: one for each start.
        notes: what departs from plain calculus.
    """

    schema: Literal["autodiff.descend/1"]
    expression: str
    wrt: list[str]
    method: str
    rate: float
    momentum: float | None
    steps: int
    tolerance: float
    descents: list[PathObject]
    notes: list[NoteObject]


class SideObject(TypedDict):
    """A curve on one side of a place.

    Attributes:
        value: its limit.
        slope: the limit of its slope.
    """

    value: Number | None
    slope: Number | None


class BreakObject(TypedDict):
    """A place where a curve breaks.

    Attributes:
        at: the place.
        kind: such as pole, jump, kink, edge.
        left: the curve before it.
        right: the curve after it.
        value: the value there, where it has one.
        nodes: the ids of the steps that cause it.
    """

    at: Number
    kind: str
    left: SideObject
    right: SideObject
    value: Number | None
    nodes: list[str]


class TangentObject(TypedDict):
    """A tangent of a curve.

    Attributes:
        at: where it touches.
        value: the value there.
        slope: its slope.
    """

    at: Number
    value: Number
    slope: Number


class LevelObject(TypedDict):
    """Where a formula of two variables has one value.

    Attributes:
        value: the value.
        lines: the lines, as lists of points.
    """

    value: Number
    lines: list[list[list[Number]]]


class ArrowObject(TypedDict):
    """A gradient at a place.

    Attributes:
        at: the place.
        gradient: variable → derivative.
    """

    at: dict[str, Number]
    gradient: dict[str, Number]


class PlotObject(TypedDict):
    """A curve over its derivative, or contours with gradients.

    Attributes:
        schema: autodiff.plot/1.
        expression: the formula as typed.
        at: the variables that are held.
        intervals: variable → its ends.
        pieces: of a curve, the parts between its breaks: places, values and slopes.
        breaks: of a curve, where it breaks.
        tangents: of a curve, those asked for.
        levels: of contours, the lines of one value.
        arrows: of contours, gradients over the plane.
        marks: of contours, gradients at the places asked for.
        points: places of a table.
        notes: what departs from plain calculus.
    """

    schema: Literal["autodiff.plot/1"]
    expression: str
    at: dict[str, Number]
    intervals: dict[str, list[Number]]
    pieces: NotRequired[list[dict[str, list[Number]]]]
    breaks: NotRequired[list[BreakObject]]
    tangents: NotRequired[list[TangentObject]]
    levels: NotRequired[list[LevelObject]]
    arrows: NotRequired[list[ArrowObject]]
    marks: NotRequired[list[ArrowObject]]
    points: list[Any]
    notes: list[NoteObject]
