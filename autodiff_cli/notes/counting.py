"""Departures from plain calculus over many blocks of points, counted in memory that stays small."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from autodiff_cli.engine import rules
from autodiff_cli.engine.linearise import Linearisation, Value, quiet
from autodiff_cli.graph.graph import CONSTANT
from autodiff_cli.notes.departures import at_points, findings, found_at, holds, note
from autodiff_cli.notes.note import Note
from autodiff_cli.ops import WHERE
from autodiff_cli.ops.row import COMPARISON, OPERANDS


class Place(NamedTuple):
    """Where a point of a data set stands: they are ordered as its rows are.

    Attributes:
        piece: the number of its piece, from 0.
        row: its number among the points of the piece, from 0.
    """

    piece: int
    row: int


class Departure(NamedTuple):
    """One departure of a formula, counted.

    Attributes:
        said: what is said of it, but not at how many points it holds.
        points: how many those are; 0 where it is a property of the formula.
        first: the first of them, or None.
    """

    said: Note
    points: int
    first: Place | None

    def __add__(self, other: object) -> Departure:
        """Return the same departure at the points of both."""
        assert isinstance(other, Departure)
        places = [place for place in (self.first, other.first) if place is not None]
        return Departure(self.said, self.points + other.points, min(places, default=None))


@dataclass(frozen=True, slots=True, kw_only=True)
class Count:
    """The departures of one formula at some points of a data set.

    Counts of different points add up to the count of all, in any order.

    Attributes:
        points: piece → how many of its points were looked at.
        found: (node, which of its findings) → the departure.
    """

    points: Mapping[int, int]
    found: Mapping[tuple[int, int], Departure]

    def __add__(self, other: Count) -> Count:
        """Return the count at the points of both."""
        points = {
            piece: self.points.get(piece, 0) + other.points.get(piece, 0)
            for piece in {**self.points, **other.points}
        }
        found = dict(self.found)
        for key, departure in other.found.items():
            found[key] = found[key] + departure if key in found else departure
        return Count(points=points, found=found)

    @property
    def total(self) -> int:
        """How many points were looked at."""
        return sum(self.points.values())

    def number(self, place: Place) -> int:
        """Return how many points stand before one, when all have been looked at."""
        before = sum(count for piece, count in self.points.items() if piece < place.piece)
        return before + place.row

    def notes(self) -> tuple[Note, ...]:
        """Return what `departures` says of all the points at once."""
        return tuple(
            said._replace(text=said.text + at_points(count, self.total, self.number(first)))
            if first is not None
            else said
            for _, (said, count, first) in sorted(self.found.items(), key=lambda item: item[0])
        )


def counted(
    linearisation: Linearisation,
    adjoints: Sequence[Value | None] | None,
    size: int,
    start: Place = Place(0, 0),  # noqa: B008
) -> Count:
    """Count the departures at the points of one block.

    Args:
        linearisation: the formula there.
        adjoints: of a reverse sweep there, to find 0·inf.
        size: how many points.
        start: where the first of them stands.
    """
    names: dict[int, str] = {}
    found: dict[tuple[int, int], Departure] = {}
    before, which = -1, 0
    for index, finding in findings(linearisation, adjoints):
        before, which = index, which + 1 if index == before else 0
        where = found_at(finding[1])
        if where is None:
            continue
        count, points, first = where
        names = names or linearisation.graph.named()
        said = note(linearisation.graph, names, index, finding)
        place = Place(start.piece, start.row + first) if points else None
        found[index, which] = Departure(said, count, place)
    return Count(points={start.piece: size}, found=found)


def calm(linearisation: Linearisation, gradient: Mapping[str, Value]) -> bool:
    """Tell from little work that no point has a departure; False where more work must tell.

    Where no edge is blocked, a partial or an adjoint that is not finite reaches a variable, since
    no product or sum makes it finite again. So finite derivatives leave only the values, which no
    function has outside its domain, and the kinks to look at.

    Args:
        linearisation: a graph at many points.
        gradient: its derivatives by reverse mode there.
    """
    graph, values = linearisation.graph, linearisation.values
    with quiet(*values):
        if not all(map(_finite, (*gradient.values(), *values))):
            return False
        for index in range(len(graph.variables), len(graph)):
            operation = graph.operations[index]
            if operation is WHERE or operation.precedence == COMPARISON:
                return False
            if operation is not CONSTANT and not _regular(linearisation, index):
                return False
    return True


def _regular(linearisation: Linearisation, index: int) -> bool:
    """Tell whether a node is off its kinks and blocks no edge."""
    graph, values, active = linearisation.graph, linearisation.values, linearisation.active
    if not active[index]:
        return True
    if any(map(_blocks, linearisation.partials[index])):
        return False
    operands = graph.operands[index]
    point = [*[values[k] for k in operands], 0.0, 0.0, 0.0][: len(OPERANDS)]
    point.append(values[index])
    return not any(
        _any(holds(kink.condition, point))
        for kink in graph.operations[index].kinks
        if kink.operand is None or active[operands[kink.operand]]
    )


def _finite(value: Value) -> bool:
    """Tell whether no number is infinite or nan: then their sum is not, unless it overflows."""
    return math.isfinite(value.sum() if hasattr(value, "shape") else value)


def _blocks(partial: Any) -> bool:
    return partial is rules.BLOCKED or _any(getattr(partial, "mask", False))


def _any(test: Any) -> bool:
    return bool(test.any() if hasattr(test, "shape") else test)
