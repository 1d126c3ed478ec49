"""What `grad` says: the value, the gradient, and SymPy beside it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from autodiff_cli.answers.gradient import GradResult
from autodiff_cli.answers.judging import SymbolicRow, judged, unasked, without_derivatives
from autodiff_cli.engine.linearise import Value
from autodiff_cli.engine.point import points
from autodiff_cli.graph.graph import Graph
from autodiff_cli.notes.note import Note
from autodiff_cli.symbolic.question import Symbolic, derive
from autodiff_cli.symbolic.verdict import Verdict, worst

if TYPE_CHECKING:
    from autodiff_cli.symbolic.client import Client


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
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


def answered(
    expression: str,
    result: GradResult,
    given: Mapping[str, Any],
    mode: str,
    client: Client | None,
    seconds: float,
    *,
    count: bool = False,
    exact: bool = False,
) -> tuple[Answer, Symbolic]:
    """Ask SymPy and set its derivatives beside those of an answer.

    Args:
        expression: the text as typed.
        result: autodiff's answer.
        given: the point as typed: variable → float or list.
        mode: the sweep that was used.
        client: SymPy's process; None where SymPy is not wanted.
        seconds: how long SymPy may think.
        count: ask for the number of operations in SymPy's derivatives too.
        exact: ask for 30 digits at several points too.
    """
    symbolic = _ask(result, points(result.at), client, seconds, count=count, exact=exact)

    def alone(point: Mapping[str, float]) -> Symbolic:
        return _ask(result, [point], client, seconds)

    rows, rounding = judged(result, symbolic, mode, alone)
    notes = [*result.notes, *rounding]
    notes += [Note(None, "symbolic", remark) for remark in symbolic.remarks]
    if symbolic.derivatives is None and result.gradient:
        notes.append(Note(None, "skipped", f"symbolic side skipped: {symbolic.reason}"))
    verdict = without_derivatives(result) if not result.gradient else "skipped"
    if rows:
        verdict = worst(row.verdict for row in rows.values())
    report = Answer(
        expression=expression,
        graph=result.graph,
        at=given,
        value=result.value,
        gradient=result.gradient,
        mode=mode,
        symbolic=rows,
        verdict=verdict,
        notes=tuple(notes),
    )
    return report, symbolic


def _ask(
    result: GradResult,
    at: Sequence[Mapping[str, float]],
    client: Client | None,
    seconds: float,
    *,
    count: bool = False,
    exact: bool = False,
) -> Symbolic:
    if not result.gradient:
        return Symbolic({})
    reason = unasked(client, seconds, len(at))
    if client is None or reason:
        return Symbolic(None, reason=reason)
    wrt = tuple(result.gradient)
    return derive(client, result.graph, at, wrt, seconds, count=count, exact=exact)
