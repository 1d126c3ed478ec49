"""What `grad` says: the value, the gradient, and SymPy beside it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, NamedTuple

from autodiff_cli.engine.linearise import Value
from autodiff_cli.graph.graph import Graph
from autodiff_cli.notes.departures import Note

if TYPE_CHECKING:
    from autodiff_cli.symbolic.verdict import Verdict


class SymbolicRow(NamedTuple):
    """SymPy beside the derivative in one variable; lists where there are several points.

    Attributes:
        derivative: SymPy's formula, as SymPy prints it.
        value: its value: a float, or a word such as "complex" where there is no real number.
        difference: autodiff's number minus SymPy's, from 30 digits; None where one is missing.
        verdict: the worst of the verdicts at the points.
        verdicts: one for each point.
    """

    derivative: str
    value: float | str | list[float | str]
    difference: float | list[float | None] | None
    verdict: Verdict
    verdicts: tuple[Verdict, ...]


class Answer(NamedTuple):
    """What `grad` says: the value, the gradient, SymPy beside it, and the verdict.

    Attributes:
        expression: the text as typed.
        graph: the formula as read.
        at: the point as given: a float, or a list where there are several points.
        value, gradient: floats, or arrays with one number for each point.
        mode: the sweep that was used.
        symbolic: variable → SymPy's side, or None where it was skipped.
        verdict: the worst verdict.
        notes: departures from plain calculus, readings, and why SymPy was skipped.
        between: points that were written to a file and are not here, from the middle of them all.
    """

    expression: str
    graph: Graph
    at: Mapping[str, float | list[float]]
    value: Value
    gradient: Mapping[str, Value]
    mode: str
    symbolic: Mapping[str, SymbolicRow] | None
    verdict: Verdict
    notes: tuple[Note, ...]
    between: int = 0
