"""A figure before it is drawn: panels with axes, trails, spots and arrows in their own units.

The terminal, SVG and the image library draw the same figure; what is outside of the axes is cut
here.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

Spot = tuple[float, float]


@dataclass(frozen=True, slots=True, kw_only=True)
class Axis:
    """One axis: its ends, its name, and whether it counts powers of ten."""

    low: float
    high: float
    name: str = ""
    log: bool = False

    def share(self, number: float) -> float:
        """Return where a number is between the ends: 0 at the low one, 1 at the high one."""
        if self.log:
            low, high = math.log10(self.low), math.log10(self.high)
            return (math.log10(number) - low) / (high - low) if number > 0 else -math.inf
        # Halves, because the distance of two large numbers may be beyond float64.
        return (number / 2 - self.low / 2) / (self.high / 2 - self.low / 2)

    def ticks(self, most: int) -> list[float]:
        """Return at most so many round numbers between the ends."""
        if self.log:
            lowest = math.ceil(math.log10(self.low) - 1e-9)
            highest = math.floor(math.log10(self.high) + 1e-9)
            gap = max(1, math.ceil((highest - lowest + 1) / most))
            return [float(f"1e{power}") for power in range(lowest, highest + 1, gap)]
        raw = (self.high / most - self.low / most) or math.ulp(self.high)
        power = 10.0 ** math.floor(math.log10(raw))
        step = next(power * factor for factor in (1, 2, 5, 10) if power * factor >= raw * 0.999)
        first, last = math.ceil(self.low / step - 1e-9), math.floor(self.high / step + 1e-9)
        return [float(f"{k * step:.12g}") for k in range(first, last + 1)]


@dataclass(frozen=True, slots=True, kw_only=True)
class Trail:
    """A line from point to point, in a style of the table; `name` stands in the legend."""

    points: tuple[Spot, ...]
    style: str
    name: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Spots:
    """Marks in a style of the table, filled or hollow, so many pixels in radius."""

    points: tuple[Spot, ...]
    style: str
    hollow: bool = False
    name: str = ""
    radius: float = 4.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Arrow:
    """A direction at a place: the gradient there, to be scaled by whoever draws."""

    place: Spot
    towards: Spot


@dataclass(frozen=True, slots=True, kw_only=True)
class Panel:
    """One pair of axes and what is drawn between them.

    Attributes:
        across, up: the axes.
        trails, spots, arrows: what is drawn, in this order.
        uprights: places across at which a dashed line stands.
        labels: (place, text) beside the lines.
        height: in pixels, in SVG.
    """

    across: Axis
    up: Axis
    trails: tuple[Trail, ...] = ()
    spots: tuple[Spots, ...] = ()
    arrows: tuple[Arrow, ...] = ()
    uprights: tuple[float, ...] = ()
    labels: tuple[tuple[Spot, str], ...] = ()
    height: float = 260.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """Panels one below the other, and the lines of text below them."""

    title: str
    description: str
    panels: tuple[Panel, ...]
    captions: tuple[str, ...] = ()


def inside(panel: Panel, points: Sequence[Spot]) -> Iterator[list[Spot]]:
    """Yield the parts of a line between the axes, as shares of them, from the lower left corner.

    Points that are not finite cut the line.
    """
    part: list[Spot] = []
    shares = [
        (panel.across.share(x), panel.up.share(y))
        if math.isfinite(x) and math.isfinite(y)
        else None
        for x, y in points
    ]
    if len(shares) == 1:
        shares *= 2
    for first, last in pairwise(shares):
        cut = None if first is None or last is None else _cut(first, last)
        if cut is None:
            if part:
                yield part
            part = []
            continue
        start, end = cut
        if part and part[-1] != start:
            yield part
            part = []
        part = part or [start]
        part.append(end)
    if part:
        yield part


def _cut(first: Spot, last: Spot) -> tuple[Spot, Spot] | None:
    """Return the part of a straight line inside the unit square (Liang & Barsky 1984)."""
    low, high = 0.0, 1.0
    for start, end in zip(first, last, strict=True):
        if not (math.isfinite(start) and math.isfinite(end)):
            return None
        length = end - start
        for distance, direction in ((start, -length), (1 - start, length)):
            if direction == 0:
                if distance < 0:
                    return None
            elif direction < 0:
                low = max(low, distance / direction)
            else:
                high = min(high, distance / direction)
    if low > high:
        return None

    def spot(share: float) -> Spot:
        if share in (0.0, 1.0):
            return last if share else first
        return tuple(a + share * (b - a) for a, b in zip(first, last, strict=True))  # type: ignore[return-value]

    return spot(low), spot(high)


def spread(values: Sequence[float], weights: Sequence[float], cut: bool) -> tuple[float, float]:
    """Return the ends of an axis for values: all of them with some room, or where most of them are.

    Args:
        values: finite numbers.
        weights: how much of the other axis each stands for.
        cut: some values grow without bound, and only the bulk is shown.
    """
    if not values:
        return -1.0, 1.0
    pairs = sorted(zip(values, weights, strict=True))
    low, high = pairs[0][0], pairs[-1][0]
    if cut:
        whole, reached, bulk = math.fsum(weights), 0.0, []
        for value, weight in pairs:
            reached += weight
            if BULK * whole <= reached <= (1 - BULK) * whole:
                bulk.append(value)
        if bulk:
            low, high = bulk[0], bulk[-1]
            beyond = 0.3 * (high - low)
            low, high = max(pairs[0][0], low - beyond), min(pairs[-1][0], high + beyond)
    room = 0.06 * (high / 2 - low / 2) * 2
    if not room > 1e-12 * max(abs(low), abs(high)):
        room = max(1.0, 0.1 * abs(high)) if high else 1.0
    edge = 1.7e308
    return max(low - room, -edge), min(high + room, edge)


#: Share of the other axis whose values are left out at both ends where some have no bound.
BULK = 0.1
