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
from itertools import zip_longest
from typing import Any, NamedTuple

from autodiff_cli.answers.gradient import GradResult
from autodiff_cli.answers.paths import Path
from autodiff_cli.answers.suspects import LAST, keys_of, least, nearest, sensitivity_of
from autodiff_cli.engine.linearise import Value
from autodiff_cli.notes.counting import Place
from autodiff_cli.symbolic.verdict import Verdict

#: The seed where none is given.
SEED = 0

#: Kind of a row → how many of it are kept at most; the first are those that are drawn.
MOST = {
    "drawn": 200, "not finite": 20, "near a kink or an edge": 20,
    "most sensitive": 10, "least sensitive": 10,
}  # fmt: skip
DRAWN, BROKEN, NEAR, HIGH, LOW = MOST


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
        return rows[-1][:2] if len(rows) == MOST[kind] else (math.inf, LAST)


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

    def said(self, of: str = "") -> str:
        """Say which points were judged, and what came out; beside others, of which function."""
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
            f"SymPy was asked{' about ' * bool(of)}{of} at {self.judged:,} of {self.points:,} "
            f"points: {', '.join(kept)}. "
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

    keys = keys_of(seed, start, len(result.value))
    finite = numpy.isfinite(result.value)
    for column in derivatives.values():
        finite &= numpy.isfinite(column)
    broken, near = numpy.flatnonzero(~finite), nearest(result)
    sensitivity = sensitivity_of(result)
    every = slice(None)
    # kind → rows that may be of it, and what they are kept by, the least first.
    measures = {
        DRAWN: (every, keys),
        BROKEN: (broken, keys[broken]),
        NEAR: near,
        HIGH: (every, -sensitivity),
        LOW: (every, sensitivity),
    }
    kinds = {}
    for kind, (rows, measure) in measures.items():
        edge, last = before.bar(kind) if before else (math.inf, LAST)
        few = numpy.flatnonzero(measure <= edge)
        rows, rank = few if rows is every else rows[few], measure[few].astype(float)
        counted = (rank < edge) | (keys[rows] < numpy.uint64(last))
        if kind in (HIGH, LOW):
            counted &= finite[rows]
        kept = least(rows[counted], rank[counted], keys, MOST[kind])
        kinds[kind] = tuple(_row(result, derivatives, start, keys, *one) for one in kept)
    found = {BROKEN: len(broken), NEAR: len(near[0])}
    return Draw(seed=seed, count=len(keys), kinds=kinds, found=found)


def _row(
    result: GradResult[Any],
    derivatives: Mapping[Path, Value],
    start: Place,
    keys: Any,
    k: int,
    rank: float,
) -> Row:
    """Return one row of a block as it is kept."""
    slopes: list[Any] = list(derivatives.values())
    return Row(
        rank=rank,
        key=int(keys[k]),
        place=Place(start.piece, start.row + k),
        at=tuple([float(column[k]) for column in result.at.values()]),
        value=float(result.value[k]),
        derivatives=tuple([float(slope[k]) for slope in slopes]),
    )
