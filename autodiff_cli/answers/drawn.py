"""The rows of very many that are judged: a draw by a seed, and those that look suspicious.

A row's key is made of the seed and its place alone, and the least keys are drawn: draws of
different rows add up to the draw of all, in any order and on any machine. Suspicious are the rows
that are not finite, the nearest to a kink, and the most and the least sensitive.
"""

from __future__ import annotations

import heapq
import math
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from itertools import zip_longest
from typing import Any, NamedTuple

from autodiff_cli.answers.gradient import GradResult
from autodiff_cli.answers.paths import Path
from autodiff_cli.compiled import COMPILED_TO
from autodiff_cli.engine.conditions import STEPS, conditions
from autodiff_cli.engine.linearise import Value, linearise
from autodiff_cli.graph.graph import Graph
from autodiff_cli.notes.counting import Place
from autodiff_cli.ops import POWER, WHERE
from autodiff_cli.symbolic.verdict import Verdict

#: The seed where none is given.
SEED = 0

#: Kind of a row → how many of it are kept at most; the first are those that are drawn.
MOST = {
    "drawn": 200, "not finite": 20, "near a kink or an edge": 20,
    "most sensitive": 10, "least sensitive": 10,
}  # fmt: skip
DRAWN, BROKEN, NEAR, HIGH, LOW = MOST

#: A row stands near a kink or an edge of the domain up to this distance, or share of a larger one.
NEARNESS = 1e-6

_LONG = (1 << 64) - 1


class Row(NamedTuple):
    """A row that is kept. Of its kind those of the least rank are, of equal ones the least key.

    Attributes:
        rank: what it is kept by.
        key: a hash of the seed and the place.
        place: where it stands.
        at: the value of every variable.
        value: autodiff's value.
        derivatives: autodiff's derivatives.
    """

    rank: float
    key: int
    place: Place
    at: tuple[float, ...]
    value: float
    derivatives: tuple[float, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Draw:
    """The rows that are kept of some to be judged.

    Attributes:
        seed: what the keys are made of.
        count: how many rows there are.
        kinds: kind → the rows kept of it, the first to keep first.
        found: kind → how many rows are of a kind that has an edge: not finite, near a kink.
    """

    seed: int
    count: int
    kinds: Mapping[str, tuple[Row, ...]]
    found: Mapping[str, int]

    def __add__(self, other: Draw) -> Draw:
        """Return the draw of the rows of both, each of them in one of the two."""
        return Draw(
            seed=self.seed,
            count=self.count + other.count,
            kinds={
                kind: tuple(heapq.nsmallest(most, (*self.kinds[kind], *other.kinds[kind])))
                for kind, most in MOST.items()
            },
            found={kind: count + other.found[kind] for kind, count in self.found.items()},
        )

    def rows(self) -> list[Row]:
        """Return the rows kept, each once, those to ask about first at the front: some of each."""
        kinds = zip_longest(*[self.kinds[kind] for kind in (BROKEN, NEAR, HIGH, LOW, DRAWN)])
        rows = [row for some in kinds for row in some if row is not None]
        return list({row.place: row for row in rows}.values())

    def bar(self, kind: str) -> tuple[float, int]:
        """Return the rank and the key from which on no further row of a kind is kept."""
        rows = self.kinds[kind]
        return rows[-1][:2] if len(rows) == MOST[kind] else (math.inf, _LONG)


@dataclass(frozen=True, slots=True, kw_only=True)
class Sample:
    """What came out at the points that were judged of very many.

    Attributes:
        points: how many there are.
        judged: at how many of them every number has its verdict.
        seed: what they were drawn by.
        kinds: kind → how many of those judged were kept as one of it.
        found: kind → how many of all are of a kind that has an edge.
        verdicts: verdict → at how many points it is the gravest.
        first: verdict → the number of the first such point, from 1; but of a match.
    """

    points: int
    judged: int
    seed: int
    kinds: Mapping[str, int]
    found: Mapping[str, int]
    verdicts: Mapping[Verdict, int]
    first: Mapping[Verdict, int]

    def said(self) -> str:
        """Say which points were judged, and what came out."""
        kept = [f"{self.kinds[DRAWN]:,} drawn by the seed {self.seed}"]
        for kind in (BROKEN, NEAR):
            if self.found[kind]:
                all_of = "all" if self.kinds[kind] == self.found[kind] else f"{self.kinds[kind]} of"
                kept.append(f"{all_of} {self.found[kind]:,} {kind}")
        kept += [f"the {self.kinds[kind]} {kind}" for kind in (HIGH, LOW) if self.kinds[kind]]
        out = [
            f"{count:,} {verdict}" + (f" (first the point number {self.first[verdict]:,})"
            if verdict in self.first else "")
            for verdict, count in self.verdicts.items()
        ]  # fmt: skip
        return (
            f"SymPy was asked at {self.judged:,} of {self.points:,} points: {', '.join(kept)}. "
            f"Their verdicts: {', '.join(out) or 'none'}"
        )


def drawn(
    result: GradResult[Any],
    derivatives: Mapping[Path, Value],
    seed: int,
    start: Place,
    before: Draw | None = None,
) -> Draw:
    """Return the draw of the rows of one block.

    Args:
        result: the answer there, columns of one dimension.
        derivatives: the derivatives to judge; their columns.
        seed: what the keys are made of.
        start: where the first row stands.
        before: a draw that this one is to be added to: what it rules out is not collected.
    """
    import numpy

    columns = [*result.at.values(), result.value, *derivatives.values()]
    size = len(result.value)
    keys = _keys(seed, start, size)
    finite = numpy.isfinite(result.value)
    for column in derivatives.values():
        finite &= numpy.isfinite(column)
    broken, near = numpy.flatnonzero(~finite), _nearness(result)
    sensitivity = _sensitivity(result)
    # kind → rows that may be of it, and what they are kept by, the least first.
    measures = {
        DRAWN: (slice(None), keys),
        BROKEN: (broken, keys[broken]),
        NEAR: near,
        HIGH: (slice(None), -sensitivity),
        LOW: (slice(None), sensitivity),
    }
    kinds = {}
    for kind, (rows, measure) in measures.items():
        edge, last = before.bar(kind) if before else (math.inf, _LONG)
        few = numpy.flatnonzero(measure <= edge)
        rows, rank = few if isinstance(rows, slice) else rows[few], measure[few].astype(float)
        counted = (rank < edge) | (keys[rows] < numpy.uint64(last))
        if kind in (HIGH, LOW):
            counted &= finite[rows]
        kept = _least(rows[counted], rank[counted], keys, MOST[kind])
        kinds[kind] = tuple(
            Row(
                rank=float(rank), key=int(keys[k]), place=Place(start.piece, start.row + k),
                at=tuple([float(column[k]) for column in columns[: len(result.at)]]),
                value=float(result.value[k]),
                derivatives=tuple([float(c[k]) for c in columns[len(result.at) + 1 :]]),
            )
            for k, rank in kept
        )  # fmt: skip
    found = {BROKEN: len(broken), NEAR: len(near[0])}
    return Draw(seed=seed, count=size, kinds=kinds, found=found)


def _least(rows: Any, rank: Any, keys: Any, most: int) -> list[tuple[int, float]]:
    """Return of some rows those of the least rank, with it; of equal ranks those of least keys."""
    import numpy

    if len(rows) > most:
        edge = numpy.partition(rank, most - 1)[most - 1]
        below, level = numpy.flatnonzero(rank < edge), numpy.flatnonzero(rank == edge)
        left = most - len(below)
        if left < len(level):
            level = level[numpy.argpartition(keys[rows[level]], left - 1)[:left]]
        chosen = numpy.concatenate((below, level))
        rows, rank = rows[chosen], rank[chosen]
    order = numpy.lexsort((keys[rows], rank))
    return list(zip(rows[order].tolist(), rank[order].tolist(), strict=True))


def _keys(seed: int, start: Place, size: int) -> Any:
    """Return a hash of the seed and the place of each row (SplitMix64, Steele et al., 2014)."""
    import numpy

    stream = _mixed(_mixed(seed) ^ start.piece)
    keys = numpy.arange(start.row, start.row + size, dtype=numpy.uint64) ^ numpy.uint64(stream)
    for shift, factor in ((30, 0xBF58476D1CE4E5B9), (27, 0x94D049BB133111EB)):
        keys ^= keys >> numpy.uint64(shift)
        keys *= numpy.uint64(factor)
    return keys ^ (keys >> numpy.uint64(31))


def _mixed(number: int) -> int:
    """Return a hash of a whole number, as `_keys` makes it."""
    found = (number * 0x9E3779B97F4A7C15 + 0x9E3779B97F4A7C15) & _LONG
    for shift, factor in ((30, 0xBF58476D1CE4E5B9), (27, 0x94D049BB133111EB)):
        found = ((found ^ (found >> shift)) * factor) & _LONG
    return found ^ (found >> 31)


def _sensitivity(result: GradResult[Any]) -> Any:
    """Return by how many times its own share a share of the variables moves the value.

    The condition number of the formula in the sum's norm, Σ |x_i ∂f/∂x_i| / |f|; nan where 0/0 is.
    """
    import numpy

    with numpy.errstate(all="ignore"):
        moved = sum(abs(result.at[name] * slope) for name, slope in result.gradient.items())
        return moved / abs(result.value)


def _nearness(result: GradResult[Any]) -> tuple[Any, Any]:
    """Return the rows that stand near a kink, a jump or an edge of a domain, and how near."""
    import numpy

    sides, terms = _sides(result.graph)
    if not terms:
        return numpy.zeros(0, dtype=int), numpy.zeros(0)
    found = numpy.full(len(result.value), numpy.inf)
    values = linearise(sides, result.at, ()).values
    with numpy.errstate(all="ignore"):
        for one, other in terms:
            first = values[one]
            second = numpy.rint(first) if other is None else values[other]
            largest = numpy.maximum(1.0, numpy.maximum(abs(first), abs(second)))
            numpy.fmin(found, abs(first - second) / largest, out=found)
    rows = numpy.flatnonzero(found <= NEARNESS)
    return rows, found[rows]


@lru_cache(maxsize=4)
def _sides(graph: Graph) -> tuple[Graph, tuple[tuple[int, int | None], ...]]:
    """Return a graph, and pairs of its nodes that meet where the formula breaks.

    The second is None where a node breaks at whole numbers.
    """
    if len(graph) > COMPILED_TO:
        return graph, ()
    found = conditions(graph, graph.variables)
    sides = found.graph
    terms: list[tuple[int, int | None]] = []
    for output, stepped, owners in zip(sides.outputs[1:], found.stepped, found.owners, strict=True):
        operands = sides.operands[output]
        whole = all(_whole_power(graph, owner) for owner in owners)
        made = {sides.operations[operand] for operand in operands}
        if whole or WHERE in made or STEPS & made:
            continue
        if not stepped:
            terms.append((operands[0], operands[1]))
        elif sides.operations[output].name != "sign":  # which has a condition of its own
            terms.append((operands[0], None))
    return sides, tuple(terms)


def _whole_power(graph: Graph, node: int) -> bool:
    """Tell whether a node is x², x³, …, which break nowhere."""
    if graph.operations[node] is not POWER:
        return False
    exponent = graph.constants.get(graph.operands[node][1])
    return exponent is not None and exponent.value >= 1 and exponent.value.is_integer()
