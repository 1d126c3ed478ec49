"""What `plot` shows of one variable: the function and its derivative in smooth pieces, and between
them what happens; the tangent at a point.

Pieces end where the graph's domains and kinks say, so nothing is joined across a pole or a jump.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from autodiff_cli.answers.gradient import grad
from autodiff_cli.engine.breaks import Break, breaks
from autodiff_cli.engine.line import Line
from autodiff_cli.errors import AutodiffError
from autodiff_cli.graph.graph import Graph
from autodiff_cli.notes.note import Note

#: Places evenly spread over the interval, and places ever nearer to the ends of a piece.
PLACES, NEARER = 900, 30


@dataclass(frozen=True, slots=True, kw_only=True)
class Piece:
    """A part of the interval in which the function is smooth: places, values, derivatives."""

    places: tuple[float, ...]
    values: tuple[float, ...]
    slopes: tuple[float, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Tangent:
    """The tangent at one place: the value and the derivative there."""

    place: float
    value: float
    slope: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Curve:
    """A function of one variable over an interval.

    Attributes:
        expression: the text as typed.
        graph: the formula.
        name: the variable that moves.
        interval: its two ends.
        at: the values of the other variables.
        pieces: from left to right.
        breaks: the places between the pieces, from left to right.
        tangents: at the places asked for.
        points: (place, value) of the rows of a file.
        notes: what a reader should know.
    """

    expression: str
    graph: Graph
    name: str
    interval: tuple[float, float]
    at: Mapping[str, float]
    pieces: tuple[Piece, ...]
    breaks: tuple[Break, ...]
    tangents: tuple[Tangent, ...]
    points: tuple[tuple[float, float], ...]
    notes: tuple[Note, ...]


def curve(
    expression: str,
    graph: Graph,
    name: str,
    interval: tuple[float, float],
    at: Mapping[str, float],
    *,
    tangents: Sequence[float] = (),
    points: Sequence[float] = (),
    remarks: Sequence[str] = (),
) -> Curve:
    """Return a function and its derivative over an interval, piece by piece.

    Args:
        expression: the text as typed.
        graph: the formula.
        name: the variable that moves.
        interval: where from and where to.
        at: the values of the other variables.
        tangents: places at which the tangent is wanted.
        points: places whose values are wanted as points.
        remarks: how the text was read.

    Raises:
        AutodiffError: the interval is empty or not finite.
    """
    low, high = interval
    if not (math.isfinite(low) and math.isfinite(high) and low < high):
        raise AutodiffError(
            f"the interval of {name} runs from {low:g} to {high:g}",
            mend=f"write the smaller end first: --{name}=-2..2",
        )
    if math.isinf(high - low):
        raise AutodiffError(f"the interval of {name} is too long", mend="choose a shorter one")
    line = Line(graph, at, name)
    found, crowded = breaks(line, low, high)
    notes = [Note(None, "reading", remark) for remark in remarks]
    if crowded:
        notes.append(Note(None, "crowded", CROWDED))
    touching = []
    for place in tangents:
        answer = grad(graph, {**at, name: place}, wrt=[name])
        touching.append(Tangent(place=place, value=answer.value, slope=answer.gradient[name]))
        notes += answer.notes
    return Curve(
        expression=expression,
        graph=graph,
        name=name,
        interval=interval,
        at=at,
        pieces=_pieces(line, low, high, found, crowded),
        breaks=found,
        tangents=tuple(touching),
        points=_valued(line, points),
        notes=tuple(dict.fromkeys(notes)),
    )


CROWDED = (
    "more poles, jumps or kinks than are looked for one by one: they are gaps without a mark; "
    "choose a shorter interval to see them"
)


def _valued(line: Line, places: Sequence[float]) -> tuple[tuple[float, float], ...]:
    if not places:
        return ()
    return tuple(zip(places, line.function(places)[0].tolist(), strict=True))


def _pieces(
    line: Line, low: float, high: float, found: Sequence[Break], crowded: bool
) -> tuple[Piece, ...]:
    """Return the smooth parts between the breaks; each begins and ends with its limit there."""
    ends = [low, *[place.x for place in found], high]
    pieces: list[Piece] = []
    for k in range(len(ends) - 1):
        if ends[k] < ends[k + 1]:
            before = found[k - 1] if k else None
            after = found[k] if k < len(found) else None
            pieces += _piece(line, (ends[k], ends[k + 1]), (before, after), high - low, crowded)
    return tuple(pieces)


def _piece(
    line: Line,
    ends: tuple[float, float],
    sides: tuple[Break | None, Break | None],
    whole: float,
    crowded: bool,
) -> list[Piece]:
    """Return one piece, or several where it has no value in between or conditions change."""
    import numpy as np

    (left, right), (before, after) = ends, sides
    count = max(24, math.ceil(PLACES * (right - left) / whole))
    nearer = (right - left) / 2.0 ** np.arange(1, NEARER)
    even = np.linspace(left, right, count + 1)
    xs = np.unique(np.concatenate([even, left + nearer, right - nearer]))
    xs = xs[(xs > left) | (before is None)]
    xs = xs[(xs < right) | (after is None)]
    values, slopes = line.function(xs)
    good = np.isfinite(values)
    cut = ~(good[1:] & good[:-1])
    if crowded:
        cut |= line.torn(xs)
    cuts = np.flatnonzero(cut) + 1
    pieces = []
    for part in np.split(np.arange(len(xs)), cuts):
        if part.size < 2 or not good[part].all():
            continue
        rows = [(float(xs[k]), float(values[k]), float(slopes[k])) for k in part.tolist()]
        if before and part[0] == 0 and math.isfinite(before.right.value):
            rows.insert(0, (before.x, before.right.value, before.right.slope))
        if after and part[-1] == len(xs) - 1 and math.isfinite(after.left.value):
            rows.append((after.x, after.left.value, after.left.slope))
        columns = tuple(zip(*rows, strict=True))
        pieces.append(Piece(places=columns[0], values=columns[1], slopes=columns[2]))
    return pieces
