"""Very many points: a sample of them is judged, each as `judging` judges it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from autodiff_cli.answers.bench import SymbolicRow
from autodiff_cli.answers.drawn import SEED, Draw, Row, Sample, drawn
from autodiff_cli.answers.gradient import GradResult
from autodiff_cli.answers.judging import Judged, judged_points
from autodiff_cli.answers.paths import Path
from autodiff_cli.engine.linearise import Value
from autodiff_cli.graph.graph import Graph
from autodiff_cli.notes.counting import Place
from autodiff_cli.notes.note import Note
from autodiff_cli.symbolic.question import Derivative, Symbolic, Values
from autodiff_cli.symbolic.verdict import GRAVITY, Verdict, worst

if TYPE_CHECKING:
    from autodiff_cli.symbolic.client import Client

#: Points up to which each is judged.
MOST_POINTS = 10_000

#: Points that are asked about first, to learn how long one takes, if these are not more numbers
#: than the second; and the share of the time left that the others are counted to fit in.
FIRST, NUMBERS, SHARE = 16, 100, 0.6


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
    seed: int = SEED,
) -> Judged:
    """Judge a value and its derivatives at every point, or at a sample of very many.

    Args:
        result: autodiff's value, and what it was found by.
        derivatives: each derivative that autodiff found.
        client: SymPy's process; None where SymPy is not wanted.
        seconds: how long SymPy may think.
        direction: what the derivatives were further differentiated along, or None.
        count: ask for the number of operations too, where every point is judged.
        exact: ask for 30 digits at each of many points, too; of a sample they are.
        labelled: see `judged_points`.
        series: the derivatives were found by series, at one point.
        broken: derivative → for each point whether it has two sides, though no node is at a kink.
        seed: what a sample is drawn by.
    """
    points = getattr(result.value, "size", 1)
    if client is None or not seconds or not derivatives or points <= MOST_POINTS:
        return judged_points(
            result, derivatives, client, seconds, direction=direction, count=count, exact=exact,
            labelled=labelled, series=series, broken=broken,
        )  # fmt: skip
    draw = drawn(result, derivatives, seed, Place(0, 0))
    return inspected(
        draw, result.graph, tuple(result.gradient), client, seconds, paths=tuple(derivatives),
        direction=direction, labelled=labelled, broken=broken,
    )  # fmt: skip


def inspected(
    draw: Draw,
    graph: Graph,
    wrt: Sequence[str],
    client: Client,
    seconds: float,
    *,
    paths: Sequence[Path] = (),
    direction: Mapping[str, float] | None = None,
    labelled: bool = True,
    broken: Mapping[Path, Sequence[bool]] | None = None,
    number: Callable[[Place], int] = lambda place: place.row,
) -> Judged:
    """Judge the rows of a draw, as many as the time allows.

    Args:
        draw: the rows.
        graph: the formula.
        wrt: the variables that it was differentiated by.
        client: SymPy's process.
        seconds: how long SymPy may think.
        paths: the derivatives of the rows, in their order; those by each variable by default.
        direction: what they were further differentiated along, or None.
        labelled: see `judged_points`.
        broken: derivative → for each of all points whether it has two sides.
        number: how many points stand before one.
    """
    paths = paths or [(name,) for name in wrt]

    def judge(rows: Sequence[Row], seconds: float) -> Judged:
        result, derivatives = _at(rows, graph, wrt, paths)
        there = {
            path: [tests[number(row.place)] for row in rows]
            for path, tests in (broken or {}).items()
        }
        return judged_points(
            result, derivatives, client, seconds, direction=direction, exact=True, tidy=False,
            labelled=labelled, broken=there, numbers=[number(row.place) + 1 for row in rows],
        )  # fmt: skip

    rows = draw.rows()
    first = min(FIRST, max(1, NUMBERS // (1 + len(paths))))
    begun = client.spent
    asked = sorted(rows[:first], key=lambda row: row.place)
    found = judge(asked, seconds)
    spent = max(client.spent - begun, 1e-6)
    fitting = min(len(rows), int(first * SHARE * (seconds - spent) / spent))
    if not found.symbolic.skipped and fitting > first:
        more = sorted(rows[:fitting], key=lambda row: row.place)
        further = judge(more, seconds - spent)
        if not further.symbolic.skipped:
            asked, found = more, further
    if found.symbolic.skipped:
        return found
    sample, verdict = _sample(draw, asked, found, number)
    told = sample.said("" if labelled else graph.called)
    notes = (Note(None, "sample", told), *found.notes)
    reason = f"of {draw.count:,} points {sample.judged:,} were judged"
    return Judged(
        symbolic=Symbolic({}, reason=reason), value=None, rows={}, verdict=verdict, notes=notes,
        sample=sample,
    )  # fmt: skip


def _at(
    rows: Sequence[Row], graph: Graph, wrt: Sequence[str], paths: Sequence[Path]
) -> tuple[GradResult[Any], dict[Path, Value]]:
    """Return autodiff's answer at some rows, as it was found among all."""
    import numpy

    columns = numpy.array([row.at for row in rows]).T
    at = {
        name: numpy.ascontiguousarray(c) for name, c in zip(graph.variables, columns, strict=True)
    }
    slopes = numpy.array([row.derivatives for row in rows]).T
    value = numpy.array([row.value for row in rows])
    result = GradResult(
        graph=graph, at=at, value=value, gradient=dict.fromkeys(wrt, value), swept=None
    )
    return result, dict(zip(paths, slopes, strict=True))


def _sample(
    draw: Draw, rows: Sequence[Row], found: Judged, number: Callable[[Place], int]
) -> tuple[Sample, Verdict]:
    """Return what came out at the rows of which every number was judged."""
    assert found.value is not None
    sides: list[tuple[SymbolicRow, Values | Derivative]] = [(found.value, found.symbolic.value)]
    sides += [(row, found.symbolic.derivative(path)) for path, row in found.rows.items()]
    verdicts: dict[Place, Verdict] = {
        row.place: worst(side.verdicts[k] for side, _ in sides)
        for k, row in enumerate(rows)
        if all(formula.values[k] is not None for _, formula in sides)
    }
    counts = Counter(verdicts.values())
    first: dict[Verdict, int] = {}
    for place, verdict in verdicts.items():
        if verdict != "match":
            first.setdefault(verdict, number(place) + 1)
    kinds = {kind: sum(row.place in verdicts for row in kept) for kind, kept in draw.kinds.items()}
    sample = Sample(
        points=draw.count,
        judged=len(verdicts),
        seed=draw.seed,
        kinds=kinds,
        found=draw.found,
        verdicts={verdict: counts[verdict] for verdict in GRAVITY if counts[verdict]},
        first=first,
    )
    return sample, worst(verdicts.values()) if verdicts else "skipped"
