"""SymPy set beside a value and its derivatives, point by point: one judging for every command."""

from __future__ import annotations

import math
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from autodiff_cli.answers.bench import Bench, SymbolicRow, column
from autodiff_cli.answers.forms import tidied_up
from autodiff_cli.answers.gradient import GradResult
from autodiff_cli.answers.paths import Path, said
from autodiff_cli.answers.reasons import beyond
from autodiff_cli.engine.brief import brief
from autodiff_cli.engine.linearise import Value
from autodiff_cli.engine.point import points
from autodiff_cli.notes.departures import marks
from autodiff_cli.notes.note import Note
from autodiff_cli.symbolic.question import Found, Symbolic, derive
from autodiff_cli.symbolic.verdict import Verdict, worst

if TYPE_CHECKING:
    from autodiff_cli.symbolic.client import Client

#: Points up to which SymPy is asked by default: each has its own verdict.
MOST_POINTS = 10_000

#: Derivatives of which each has a note on the digits that float64 loses.
MOST_NOTES = 4


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Judged:
    """What SymPy says of a value and its derivatives.

    Attributes:
        symbolic: SymPy's answer.
        value: its side of the value, or None where it was skipped.
        rows: its side of each derivative; empty where it was skipped.
        verdict: the worst of them all.
        notes: SymPy's remarks, which digits float64 lost, or why SymPy was skipped.
    """

    symbolic: Symbolic
    value: SymbolicRow | None
    rows: Mapping[Path, SymbolicRow]
    verdict: Verdict
    notes: tuple[Note, ...]

    __repr__ = brief


def judged(
    result: GradResult[Any],
    derivatives: Mapping[Path, Value],
    client: Client | None,
    seconds: float,
    *,
    direction: Mapping[str, float] | None = None,
    count: bool = False,
    exact: bool = False,
    labelled: bool = True,
    series: bool = False,
    broken: Mapping[Path, Sequence[bool]] | None = None,
) -> Judged:
    """Ask SymPy about a value and its derivatives, and judge each at each point.

    Args:
        result: autodiff's value, and what it was found by.
        derivatives: each derivative that autodiff found; a gradient's are paths of one name.
        client: SymPy's process; None where SymPy is not wanted.
        seconds: how long SymPy may think.
        direction: what the derivatives were further differentiated along, or None.
        count: ask for the number of operations in SymPy's derivatives too.
        exact: ask for 30 digits at very many points too.
        labelled: name nodes by their labels, and derivatives by their variables; else, beside
            other formulas, nodes by their text, and derivatives with their function.
        series: the derivatives were found by series, in order of their orders.
        broken: derivative → for each point whether it has two sides, though no node is at a kink.
    """
    at = points(result.at)
    reason = unasked(client, seconds, len(at))
    first = direction is None and all(len(path) == 1 for path in derivatives)
    symbolic = Symbolic({}, reason=reason)
    if not derivatives:
        verdict = without_derivatives(result)
        return Judged(symbolic=Symbolic({}), value=None, rows={}, verdict=verdict, notes=())
    if client is not None and not reason:
        numbers = {path: column(value, len(at)) for path, value in derivatives.items()}
        symbolic = derive(
            client, result.graph, at, [path[0] for path in derivatives] if first else (), seconds,
            count=count, exact=exact, direction=direction,
            repeated=() if first else tuple(derivatives), orders=series,
            found=Found(
                column(result.value, len(at)),
                {path[0]: row for path, row in numbers.items()} if first else {},
                () if first else tuple(numbers.values()),
            ),
        )  # fmt: skip
    notes = [Note(None, "symbolic", remark) for remark in symbolic.remarks]
    if symbolic.skipped:
        notes.append(Note(None, "skipped", f"symbolic side skipped: {symbolic.reason}"))
        return Judged(symbolic=symbolic, value=None, rows={}, verdict="skipped", notes=tuple(notes))
    of = "" if labelled else result.graph.called
    bench = Bench(result, at, symbolic.value, labelled=labelled)
    value = bench.row(result.value, symbolic.value, derivative=False)
    lost = bench.rounded(result.graph.called, result.value, symbolic.value, value)
    untold = bench.untold(result.graph.called, symbolic.value, value)
    missing = bench.missing(result.graph.called, result.value, symbolic.value, value)
    rows = {}
    for path, found in derivatives.items():
        formula = symbolic.derivatives[path[0]] if first else symbolic.repeated[path]
        torn = bench.broken((broken or {}).get(path, ()))
        rows[path] = torn.row(found, formula, derivative=True)
        what = said(path, direction, of)
        lost += bench.rounded(what, found, formula, rows[path])
        untold += bench.untold(what, formula, rows[path])
        missing += bench.missing(what, found, formula, rows[path])
    notes += missing[:1]
    notes += untold[:1]
    notes += lost[:MOST_NOTES]
    if len(lost) > MOST_NOTES:
        text = f"float64 loses digits of {len(lost) - MOST_NOTES} more derivatives likewise"
        notes.append(Note(None, "rounding", text))
    notes += beyond(rows, symbolic, result.notes, direction, of)
    verdict = worst([value.verdict, *[row.verdict for row in rows.values()]])
    texts = {path: row.derivative for path, row in rows.items()}
    forms = tidied_up(client, result.graph, texts, seconds, direction)
    rows |= {path: replace(rows[path], shorter=form) for path, form in forms.items()}
    return Judged(
        symbolic=symbolic, value=value, rows=rows, verdict=verdict, notes=tuple(notes)
    )  # fmt: skip


def without_derivatives(result: GradResult[Any]) -> Verdict:
    """Return the verdict on a value that has no derivatives; of many, the gravest."""
    values = column(result.value, 1)
    if all(map(math.isfinite, values)):
        return "match"
    _, overflow = marks(result.linearisation, result.adjoints)
    over = column(overflow, len(values))
    pairs = zip(values, over, strict=True)
    return worst("overflow" if o else "undefined" for v, o in pairs if not math.isfinite(v))


def unasked(client: Client | None, seconds: float, count: int = sys.maxsize) -> str:
    """Return why SymPy is not asked about `count` points, or ""; very many by default."""
    if client is None:
        return "SymPy was not asked (--no-sympy)"
    if not seconds:
        return "it was given no time (--sympy-seconds 0)"
    return f"there are more than {MOST_POINTS:,} points" if count > MOST_POINTS else ""
