"""SymPy set beside a value and its derivatives, point by point: one judging for every command.

Of very many points `inspection` judges a sample, each as here.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from autodiff_cli.answers.bench import Bench, SymbolicRow, column
from autodiff_cli.answers.drawn import Sample
from autodiff_cli.answers.forms import tidied_up
from autodiff_cli.answers.gradient import GradResult
from autodiff_cli.answers.paths import Path, said
from autodiff_cli.answers.reasons import Side, beyond, reasons
from autodiff_cli.engine.brief import brief
from autodiff_cli.engine.linearise import Value
from autodiff_cli.engine.point import points
from autodiff_cli.notes.departures import marks
from autodiff_cli.notes.note import Note
from autodiff_cli.symbolic.question import Found, Symbolic, derive
from autodiff_cli.symbolic.verdict import Verdict, worst

if TYPE_CHECKING:
    from autodiff_cli.symbolic.client import Client


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Judged:
    """What SymPy says of a value and its derivatives.

    Attributes:
        symbolic: SymPy's answer.
        value: its side of the value, or None where it was skipped.
        rows: its side of each derivative; empty where it was skipped.
        verdict: the worst of them all.
        notes: SymPy's remarks, which digits float64 lost, or why SymPy was skipped.
        sample: which points were judged of very many, and what came out; else None.
    """

    symbolic: Symbolic
    value: SymbolicRow | None
    rows: Mapping[Path, SymbolicRow]
    verdict: Verdict
    notes: tuple[Note, ...]
    sample: Sample | None = None

    __repr__ = brief


def judged_points(
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
    numbers: Sequence[int] = (),
    tidy: bool = True,
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
        numbers: the number of each point, for notes; from 1 on by default.
        tidy: give derivatives in a shorter form too.
    """
    if not derivatives:
        verdict = without_derivatives(result)
        return Judged(symbolic=Symbolic({}), value=None, rows={}, verdict=verdict, notes=())
    at = points(result.at)
    reason = unasked(client, seconds)
    symbolic = Symbolic({}, reason=reason)
    if client is not None and not reason:
        symbolic = _derived(
            client, seconds, result, at, derivatives, direction,
            count=count, exact=exact, series=series,
        )  # fmt: skip
    if symbolic.skipped:
        return _unjudged(symbolic)
    whole = Bench(result, at, symbolic.value, labelled=labelled)
    value = whole.row(result.value, symbolic.value, derivative=False)
    rows = {}
    for path, found in derivatives.items():
        bench = whole.broken((broken or {}).get(path, ()))
        rows[path] = bench.row(found, symbolic.derivative(path), derivative=True)
    of = "" if labelled else result.graph.called
    sides = [Side(result.graph.called, result.value, symbolic.value, value)] + [
        Side(said(path, direction, of), found, symbolic.derivative(path), rows[path])
        for path, found in derivatives.items()
    ]
    notes = [*_remarks(symbolic), *reasons(whole, sides, numbers)]
    notes += beyond(rows, symbolic, result.notes, direction, of)
    verdict = worst([value.verdict, *[row.verdict for row in rows.values()]])
    texts = {path: row.derivative for path, row in rows.items()}
    forms = tidied_up(client if tidy else None, result.graph, texts, seconds, direction)
    rows |= {path: replace(rows[path], shorter=form) for path, form in forms.items()}
    return Judged(
        symbolic=symbolic, value=value, rows=rows, verdict=verdict, notes=tuple(notes)
    )  # fmt: skip


def _derived(
    client: Client,
    seconds: float,
    result: GradResult[Any],
    at: Sequence[Mapping[str, float]],
    derivatives: Mapping[Path, Value],
    direction: Mapping[str, float] | None,
    *,
    count: bool,
    exact: bool,
    series: bool,
) -> Symbolic:
    """Ask SymPy for a gradient, or for derivatives of derivatives, with autodiff's beside them."""
    numbers = {path: column(value, len(at)) for path, value in derivatives.items()}
    first = direction is None and all(len(path) == 1 for path in derivatives)
    slopes = {path[0]: row for path, row in numbers.items()} if first else {}
    repeated = {} if first else numbers
    return derive(
        client, result.graph, at, tuple(slopes), seconds,
        count=count, exact=exact, direction=direction, repeated=tuple(repeated), orders=series,
        found=Found(column(result.value, len(at)), slopes, tuple(repeated.values())),
    )  # fmt: skip


def _unjudged(symbolic: Symbolic) -> Judged:
    """Return what there is where SymPy was not asked, or did not answer."""
    skipped = Note(None, "skipped", f"symbolic side skipped: {symbolic.reason}")
    notes = (*_remarks(symbolic), skipped)
    return Judged(symbolic=symbolic, value=None, rows={}, verdict="skipped", notes=notes)


def _remarks(symbolic: Symbolic) -> list[Note]:
    return [Note(None, "symbolic", remark) for remark in symbolic.remarks]


def without_derivatives(result: GradResult[Any]) -> Verdict:
    """Return the verdict on a value that has no derivatives; of many, the gravest."""
    values = column(result.value, 1)
    if all(map(math.isfinite, values)):
        return "match"
    _, overflow = marks(result.linearisation, result.adjoints)
    over = column(overflow, len(values))
    pairs = zip(values, over, strict=True)
    return worst("overflow" if o else "undefined" for v, o in pairs if not math.isfinite(v))


def unasked(client: Client | None, seconds: float) -> str:
    """Return why SymPy is not asked, or ""."""
    if client is None:
        return "SymPy was not asked (--no-sympy)"
    return "" if seconds else "it was given no time (--sympy-seconds 0)"
