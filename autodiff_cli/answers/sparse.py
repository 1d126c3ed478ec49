"""Sparse Hessians and Jacobians, with SymPy beside each entry where there are few."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from autodiff_cli.answers.bench import SymbolicRow
from autodiff_cli.answers.gradient import GradResult, grad
from autodiff_cli.answers.higher import Entry
from autodiff_cli.answers.inspection import judged
from autodiff_cli.answers.paths import Path
from autodiff_cli.answers.reasons import not_finite
from autodiff_cli.answers.shares import shares
from autodiff_cli.answers.ties import ties
from autodiff_cli.engine import point, sparse
from autodiff_cli.engine.brief import brief
from autodiff_cli.engine.linearise import Value
from autodiff_cli.graph.graph import Graph
from autodiff_cli.language.parser import Reading
from autodiff_cli.limits import SYMPY_OPERATIONS, limit
from autodiff_cli.notes.note import Note
from autodiff_cli.symbolic.verdict import Verdict, worst

if TYPE_CHECKING:
    from autodiff_cli.symbolic.client import Client


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Sparse:
    """What `hessian --sparse` and `jacobian --sparse` say.

    Attributes:
        expressions: the texts as typed.
        graph: the graph of them.
        at: the point.
        values: one for each expression.
        gradient: variable → derivative, of a Hessian; empty for a Jacobian.
        rows: names of the rows: variables, or what the formulas are called.
        columns: the variables.
        entries: those of the pattern, row by row; a path is the row and the column.
        mode: how they were found.
        colours: of each row where the mode is reverse, else of each column; −1 has no entry.
        sweeps: one for each colour.
        verdict: the worst verdict.
        notes: departures from plain calculus, and why SymPy was skipped.
    """

    expressions: tuple[str, ...]
    graph: Graph
    at: Mapping[str, Any]
    values: tuple[float, ...]
    gradient: Mapping[str, float]
    rows: tuple[str, ...]
    columns: tuple[str, ...]
    entries: tuple[Entry, ...]
    mode: str
    colours: tuple[int, ...]
    sweeps: int
    verdict: Verdict
    notes: tuple[Note, ...]

    __repr__ = brief


def sparse_hessian(
    expression: str,
    reading: Reading,
    at: Mapping[str, Value],
    wrt: Sequence[str],
    client: Client | None,
    seconds: float,
) -> Sparse:
    """Return a sparse Hessian with SymPy's entries beside it.

    Args:
        expression: the text as typed.
        reading: the formula.
        at: the point.
        wrt: the variables to differentiate with respect to.
        client: SymPy's process; None where SymPy is not wanted.
        seconds: how long SymPy may think.
    """
    here = point.alone(at)
    result = grad(reading, here, wrt=wrt)
    found = sparse.hessian(reading.graph, here, tuple(wrt))
    derivatives: dict[Path, Value] = {
        (x, y): value for x, row in found.matrix.items() for y, value in row.items()
    }
    rows: Mapping[Path, SymbolicRow] = {}
    verdict: Verdict = "skipped"
    notes: list[Note] = []
    if len(derivatives) > SYMPY_OPERATIONS:
        notes.append(_too_many(client, SYMPY_OPERATIONS))
    else:
        broken, told = ties(result, tuple(derivatives), None)
        beside = judged(result, derivatives, client, seconds, broken=broken)
        rows, verdict = beside.rows, beside.verdict
        notes += (*told, *beside.notes)
    notes[:0] = [*result.notes, *not_finite(derivatives, result.notes, rows)]
    return Sparse(
        expressions=(expression,),
        graph=result.graph,
        at=here,
        values=(found.value,),
        gradient=found.gradient,
        rows=tuple(wrt),
        columns=tuple(wrt),
        entries=tuple(
            [
                Entry(path=path, value=value, symbolic=rows.get(path))
                for path, value in derivatives.items()
            ]
        ),
        mode="forward over reverse",
        colours=tuple(found.colours.values()),
        sweeps=found.sweeps,
        verdict=verdict,
        notes=tuple(notes),
    )


def sparse_jacobian(
    expressions: Sequence[str],
    graph: Graph,
    names: Sequence[str],
    at: Mapping[str, Value],
    wrt: Sequence[str],
    client: Client | None,
    seconds: float,
) -> Sparse:
    """Return a sparse Jacobian with SymPy's entries beside it.

    Args:
        expressions: the texts as typed.
        graph: the formulas.
        names: what they are called.
        at: the point.
        wrt: the variables to differentiate with respect to.
        client: SymPy's process; None where SymPy is not wanted.
        seconds: how long SymPy may think about one formula; when all together have taken as long,
            the others get little.
    """
    here = point.alone(at)
    found = sparse.jacobian(graph, here, tuple(wrt))
    entries: list[Entry] = []
    notes: dict[Note, None] = {}
    verdicts: list[Verdict] = []
    many = len(found.rows) > limit("formulas")
    asked = shares(client, seconds)
    for place, (name, row) in enumerate(zip(names, found.rows, strict=True)):
        rows: Mapping[Path, SymbolicRow] = {}
        if not many and row:
            result = GradResult(
                graph=graph.function(place), at=here, value=found.values[place],
                gradient=row, swept=None,
            )  # fmt: skip
            slopes: dict[Path, float] = {(x,): slope for x, slope in row.items()}
            one = judged(result, slopes, client, next(asked), labelled=False)
            rows = one.rows
            verdicts.append(one.verdict)
            notes |= dict.fromkeys((*result.notes, *one.notes))
        entries += [
            Entry(path=(name, x), value=slope, symbolic=rows.get((x,))) for x, slope in row.items()
        ]
    if many:
        verdicts = ["skipped"]
        notes[_too_many(client, limit("formulas"), "formulas")] = None
    return Sparse(
        expressions=tuple(expressions),
        graph=graph,
        at=here,
        values=found.values,
        gradient={},
        rows=tuple(names),
        columns=tuple(wrt),
        entries=tuple(entries),
        mode=found.mode,
        colours=found.colours,
        sweeps=found.sweeps,
        verdict=worst(verdicts),
        notes=tuple(notes),
    )


def _too_many(client: Client | None, most: int, what: str = "entries") -> Note:
    reason = f"there are more than {most:,} {what}"
    if client is None:
        reason = "SymPy was not asked (--no-sympy)"
    return Note(None, "skipped", f"symbolic side skipped: {reason}")
