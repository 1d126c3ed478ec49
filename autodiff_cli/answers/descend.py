"""What `descend` does: follow the gradient downhill, step by step, and say why it ended."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from autodiff_cli.answers.endings import Reason, told
from autodiff_cli.answers.stepping import Plan, Row, Walker, row_at
from autodiff_cli.engine import point
from autodiff_cli.engine.linearise import linearise
from autodiff_cli.errors import AutodiffError, VariableError
from autodiff_cli.graph.graph import Graph
from autodiff_cli.notes.departures import departures
from autodiff_cli.notes.note import Note

#: How many times its first size a value may grow before the descent counts as diverged.
GROWN = 1e12


@dataclass(frozen=True, slots=True, kw_only=True)
class Descent:
    """The way from one start.

    Attributes:
        rows: the start, then one a step.
        reason: why it ended: the ground is flat, all steps are made, the value grows without
            bound, a step no longer moves, or the function has no value there.
        said: the reason in words, with the numbers that show it.
    """

    rows: tuple[Row, ...]
    reason: Reason
    said: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Descend:
    """What `descend` found, from one start or several.

    Attributes:
        expression, graph: the formula.
        wrt: the variables that move; the others are held.
        plan: how.
        descents: one a start.
        notes: what a reader should know.
    """

    expression: str
    graph: Graph
    wrt: tuple[str, ...]
    plan: Plan
    descents: tuple[Descent, ...]
    notes: tuple[Note, ...] = ()


def descend(
    expression: str,
    graph: Graph,
    starts: Sequence[Mapping[str, float]],
    plan: Plan,
    wrt: Sequence[str] | None = None,
    remarks: Sequence[str] = (),
) -> Descend:
    """Follow the gradient downhill from each start.

    Args:
        expression: the text as typed.
        graph: the formula.
        starts: each a value for every variable.
        plan: rate, steps, momentum, when to stop.
        wrt: the variables that move; all by default.
        remarks: how the text was read.

    Raises:
        AutodiffError: there is no start, or no variable that moves.
    """
    names = graph.variables if wrt is None else tuple(wrt)
    point.check_wrt(graph.variables, names)
    if not names:
        raise VariableError("nothing moves: the formula has no variable", mend="write one with x")
    if not starts:
        raise AutodiffError("no start", mend="give each variable a value: --x 1")
    found = [_descent(graph, point.bind(graph, start), plan, names) for start in starts]
    notes = [Note(None, "reading", remark) for remark in remarks]
    if len(found) == 1:
        swept = linearise(graph, dict(found[0].rows[-1].at), names)
        notes += departures(swept)
    return Descend(
        expression=expression,
        graph=graph,
        wrt=names,
        plan=plan,
        descents=tuple(found),
        notes=tuple(dict.fromkeys(notes)),
    )


def _descent(
    graph: Graph, start: Mapping[str, float], plan: Plan, names: tuple[str, ...]
) -> Descent:
    walker = Walker(dict(start))
    rows = [row_at(graph, walker.at, names, 0)]
    reason = _ended(rows, plan)
    while reason is None:
        try:
            walker.step(rows[-1].gradient, plan, len(rows))
        except OverflowError:  # the square of a slope beyond float64
            reason = "diverged"
            break
        rows.append(row_at(graph, walker.at, names, len(rows)))
        reason = _ended(rows, plan)
    return Descent(rows=tuple(rows), reason=reason, said=told(reason, graph, rows, plan))


def _ended(rows: Sequence[Row], plan: Plan) -> Reason | None:
    """Return why the walk ends at the last row, or None where it goes on."""
    last = rows[-1]
    if math.isnan(last.value) or any(map(math.isnan, last.gradient.values())):
        return "undefined"
    size = max(1.0, abs(rows[0].value))
    if not math.isfinite(last.length) or abs(last.value) > GROWN * size:
        return "diverged" if len(rows) > 1 else "undefined"
    if last.length <= plan.tolerance:
        return "flat"
    if len(rows) > 1 and last.at == rows[-2].at:
        return "stuck"
    return "steps" if len(rows) > plan.steps else None
