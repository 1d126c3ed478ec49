"""What is kept of answers at very many points, in memory that does not grow with them.

Both ends, the departures' counts, the extremes with their places, sums, the verdict. Summaries of
different points add up, in any order, to the one of all points.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from autodiff_cli.answers.drawn import Draw
from autodiff_cli.answers.gradient import GradResult
from autodiff_cli.answers.judging import without_derivatives
from autodiff_cli.batch.exact import rounded, units
from autodiff_cli.batch.ordinary import ordinary
from autodiff_cli.engine import reverse
from autodiff_cli.files.table import Data
from autodiff_cli.notes.counting import Count, Place, calm, counted
from autodiff_cli.symbolic.verdict import Verdict, worst

#: Points that are kept to be shown, if the screen does not show more.
LEAST = 12


@dataclass(frozen=True, slots=True, kw_only=True)
class Ends:
    """The first and the last of some points, as columns: variables, value, derivatives.

    Attributes:
        most: how many are kept; a third of them from the end.
        head, tail: the columns at the first and at the last points.
        first, last: where those points stand, two rows: their pieces, their rows.
    """

    most: int
    head: Any
    tail: Any
    first: Any
    last: Any

    def __add__(self, other: Ends) -> Ends:
        """Return the ends of the points of both."""
        head, first = _joined(self.head, other.head, self.first, other.first)
        tail, last = _joined(self.tail, other.tail, self.last, other.last)
        leading = self.most - self.most // 3
        start = max(0, last.shape[1] - self.most // 3)
        return Ends(
            most=self.most,
            head=head[:, :leading],
            tail=tail[:, start:],
            first=first[:, :leading],
            last=last[:, start:],
        )

    def columns(self) -> list[Any]:
        """Return the columns at the points kept, in the order of their places."""
        import numpy

        return list(numpy.hstack((self.head, self.tail[:, self._apart() :])))

    def shown(self) -> int:
        """Return how many points are kept."""
        return int(self.head.shape[1] + self.tail.shape[1] - self._apart())

    def _apart(self) -> int:
        """Return how many of the last points are among the first."""
        if not self.first.shape[1]:
            return 0
        *_, edge = zip(*self.first.tolist(), strict=True)
        return sum(place <= edge for place in zip(*self.last.tolist(), strict=True))


def _joined(left: Any, right: Any, places: Any, others: Any) -> tuple[Any, Any]:
    """Return the columns of both in the order of their places, and the places."""
    import numpy

    both, where = numpy.hstack((left, right)), numpy.hstack((places, others))
    order = numpy.lexsort((where[1], where[0]))
    return both[:, order], where[:, order]


def ends(columns: Sequence[Any], start: Place, most: int) -> Ends:
    """Return the ends of the points of one block.

    Args:
        columns: the numbers there.
        start: where the first point stands.
        most: how many points are kept.
    """
    import numpy

    size = len(columns[0])
    lead = most - most // 3
    after = max(0, size - most // 3)
    return Ends(
        most=most,
        head=numpy.array([column[:lead] for column in columns]),
        tail=numpy.array([column[after:] for column in columns]),
        first=_places(start, 0, min(lead, size)),
        last=_places(start, after, size),
    )


def _places(start: Place, begin: int, end: int) -> Any:
    import numpy

    rows = numpy.arange(start.row + begin, start.row + end)
    return numpy.vstack((numpy.full(end - begin, start.piece), rows))


class Extreme(NamedTuple):
    """The least or the greatest of some numbers.

    Attributes:
        key: the number, or its negative for the greatest: the extreme has the least; of equal
            ones it is the first.
        place: where it stands.
        value: the number.
        row: where that is in its file, in words: `line 12`.
    """

    key: float
    place: Place
    value: float
    row: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """What is kept of one column of numbers.

    Attributes:
        finite: how many of the numbers are finite; the rest is of those.
        least, greatest: the extremes, or None where no number is finite.
        total: the sum as a multiple of 2⁻¹⁰⁷⁴.
    """

    finite: int
    least: Extreme | None
    greatest: Extreme | None
    total: int

    def __add__(self, other: Column) -> Column:
        """Return what is kept of the numbers of both."""
        return Column(
            finite=self.finite + other.finite,
            least=_earlier(self.least, other.least),
            greatest=_earlier(self.greatest, other.greatest),
            total=self.total + other.total,
        )

    @property
    def mean(self) -> float | None:
        """The mean, rounded once; None of no number."""
        return rounded(self.total, self.finite) if self.finite else None


def _earlier(left: Extreme | None, right: Extreme | None) -> Extreme | None:
    return min(filter(None, (left, right)), default=None)


def described(numbers: Any, start: Place, data: Data) -> Column:
    """Return what is kept of the numbers of one block.

    Args:
        numbers: a NumPy array of one dimension.
        start: where the first stands.
        data: the block that they stand beside.
    """
    import numpy

    at: Any = None
    ends = _ends(numbers)
    if ends is None:  # a nan is both the least and the greatest to NumPy
        at = numpy.flatnonzero(numpy.isfinite(numbers))
        numbers = numbers[at]
        ends = _ends(numbers)
    if ends is None:
        return Column(finite=0, least=None, greatest=None, total=0)
    low, high = ends

    def extreme(index: int, sign: int) -> Extreme:
        row = index if at is None else int(at[index])
        value = float(numbers[index])
        place = Place(start.piece, start.row + row)
        return Extreme(sign * value, place, value, data.where(row))

    return Column(
        finite=int(numbers.size),
        least=extreme(low, 1),
        greatest=extreme(high, -1),
        total=units(numbers, max(float(numbers[high]), -float(numbers[low]))),
    )


def _ends(numbers: Any) -> tuple[int, int] | None:
    """Return where the least and the greatest stand; None if one is not finite, or of none."""
    if not numbers.size:
        return None
    low, high = int(numbers.argmin()), int(numbers.argmax())
    finite = math.isfinite(numbers[low]) and math.isfinite(numbers[high])
    return (low, high) if finite else None


class Left(NamedTuple):
    """Rows that were left out, for want of a number.

    Attributes:
        rows: how many.
        first: where the first of them stands, or None where there is none.
        row: the same in words: `line 12`.
    """

    rows: int
    first: Place | None
    row: str

    def __add__(self, other: object) -> Left:
        """Return the rows of both."""
        assert isinstance(other, Left)
        if other.first is None or (self.first is not None and self.first < other.first):
            return Left(self.rows + other.rows, self.first, self.row)
        return Left(self.rows + other.rows, other.first, other.row)


NONE_LEFT = Left(0, None, "")


class Row(NamedTuple):
    """A row that two derivatives of are far apart at.

    Attributes:
        key: how far, as a share, negative: the worst row has the least.
        place: where it stands.
        row: where that is in its file, in words: `line 12`.
        at: the numbers of the variables, in their order.
        numbers: the two derivatives.
    """

    key: float
    place: Place
    row: str
    at: tuple[float, ...]
    numbers: tuple[float, float]


@dataclass(frozen=True, slots=True, kw_only=True)
class Worst:
    """The rows at which two derivatives are further apart than a tolerance.

    Attributes:
        most: how many are kept.
        beyond: how many there are.
        rows: the worst of them; of equal ones the first.
    """

    most: int
    beyond: int
    rows: tuple[Row, ...]

    def __add__(self, other: Worst) -> Worst:
        """Return those of the rows of both."""
        rows = sorted((*self.rows, *other.rows))[: self.most]
        return Worst(most=self.most, beyond=self.beyond + other.beyond, rows=tuple(rows))


@dataclass(frozen=True, slots=True, kw_only=True)
class Summary:
    """What is kept of the answer at some points.

    Attributes:
        ends: the first and the last points.
        departures: from plain calculus, counted.
        columns: header → what is kept of that column of results; empty where nobody asked.
        verdict: without SymPy, which is not asked at so many points.
        draw: the points that SymPy is to be asked about, or None.
        left: the rows that were left out.
        worst: header → the rows at which that derivative is off.
    """

    ends: Ends
    departures: Count
    columns: Mapping[str, Column]
    verdict: Verdict
    draw: Draw | None = None
    left: Left = NONE_LEFT
    worst: Mapping[str, Worst] = field(default_factory=dict)

    def __add__(self, other: Summary) -> Summary:
        """Return what is kept of the points of both, each of them in one of the two."""
        return Summary(
            ends=self.ends + other.ends,
            departures=self.departures + other.departures,
            columns={name: kept + other.columns[name] for name, kept in self.columns.items()},
            verdict=worst((self.verdict, other.verdict)),
            draw=self.draw + other.draw if self.draw and other.draw else None,
            left=self.left + other.left,
            worst={name: rows + other.worst[name] for name, rows in self.worst.items()},
        )

    @property
    def points(self) -> int:
        """How many points there are."""
        return self.departures.total

    @property
    def between(self) -> int:
        """How many points stand between the first and the last ones."""
        return self.points - self.ends.shown()


def summarised(
    result: GradResult[Any],
    mode: str,
    most: int,
    start: Place,
    columns: Mapping[str, Column] | None = None,
    draw: Draw | None = None,
) -> Summary:
    """Return what is kept of the answer at the points of one block.

    Args:
        result: the answer.
        mode: the sweep that it is from.
        most: points that the screen shows.
        start: where the first of them stands.
        columns: what is kept of its columns of results.
        draw: those that SymPy is to be asked about.
    """
    numbers = [*result.at.values(), result.value, *result.gradient.values()]
    return Summary(
        ends=ends(numbers, start, max(most, LEAST)),
        departures=_departures(result, mode, start),
        columns=columns or {},
        verdict="skipped" if result.gradient else without_derivatives(result),
        draw=draw,
    )


def _departures(result: GradResult[Any], mode: str, start: Place) -> Count:
    """Count the departures, with little work where there are none."""
    size = len(result.value)
    if mode == "reverse" and ordinary(result.graph, result.at, result.gradient):
        return Count(points={start.piece: size}, found={})
    linearisation = result.linearisation
    gradient = result.gradient if mode == "reverse" else reverse.gradient(linearisation)
    if calm(linearisation, gradient):
        return Count(points={start.piece: size}, found={})
    return counted(linearisation, result.adjoints, size, start)
