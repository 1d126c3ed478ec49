"""What `grad` says: the value, the gradient, and SymPy beside it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from autodiff_cli.answers.bench import SymbolicRow
from autodiff_cli.answers.drawn import SEED, Sample
from autodiff_cli.answers.gradient import GradResult
from autodiff_cli.answers.inspection import judged
from autodiff_cli.answers.paths import Path
from autodiff_cli.answers.reasons import not_finite
from autodiff_cli.engine.brief import brief
from autodiff_cli.engine.linearise import Value
from autodiff_cli.graph.graph import Graph
from autodiff_cli.notes.nearest import nearest
from autodiff_cli.notes.note import Note
from autodiff_cli.symbolic.question import Symbolic
from autodiff_cli.symbolic.verdict import Verdict

if TYPE_CHECKING:
    from autodiff_cli.symbolic.client import Client


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
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
        symbolic_value: SymPy's side of the value, or None where it was skipped.
        sample: which points were judged of very many, and what came out; else None.
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
    symbolic_value: SymbolicRow | None = None
    sample: Sample | None = None

    __repr__ = brief


def answered(
    expression: str,
    result: GradResult[Any],
    given: Mapping[str, Any],
    mode: str,
    client: Client | None,
    seconds: float,
    *,
    count: bool = False,
    exact: bool = False,
    labelled: bool = True,
    seed: int = SEED,
) -> tuple[Answer, Symbolic]:
    """Ask SymPy and set its value and its derivatives beside those of an answer.

    Args:
        expression: the text as typed.
        result: autodiff's answer.
        given: the point as typed: variable → float or list.
        mode: the sweep that was used.
        client: SymPy's process; None where SymPy is not wanted.
        seconds: how long SymPy may think.
        count: ask for the number of operations in SymPy's derivatives too.
        exact: ask for 30 digits at very many points too.
        labelled: see `judged`.
        seed: what the points that are judged of very many are drawn by.
    """
    slopes: dict[Path, Value] = {(name,): slope for name, slope in result.gradient.items()}
    found = judged(
        result, slopes, client, seconds, count=count, exact=exact, labelled=labelled, seed=seed
    )
    skipped = found.symbolic.skipped
    close = found.verdict == "match" and not skipped
    rounded = nearest(result.graph.called, given, result.value, result.gradient) if close else ()
    of = "" if labelled else result.graph.called
    report = Answer(
        expression=expression,
        graph=result.graph,
        at=given,
        value=result.value,
        gradient=result.gradient,
        mode=mode,
        symbolic=None if skipped else {path[0]: row for path, row in found.rows.items()},
        verdict=found.verdict,
        notes=(
            *result.notes,
            *not_finite(slopes, result.notes, found.rows, of=of),
            *found.notes,
            *rounded,
        ),
        symbolic_value=found.value,
        sample=found.sample,
    )
    return report, found.symbolic
