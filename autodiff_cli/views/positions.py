"""Where the points of a layered drawing stand: by least squares that keep the order."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import NamedTuple

#: Work for the positions, in visits of one point: sweeps over a big graph are fewer.
VISITS, MOST_SWEEPS = 120_000, 60


class Size(NamedTuple):
    """Width and height of a box or a label."""

    width: float
    height: float


class Place(NamedTuple):
    """The centre of a box or a label, or a bend of an edge; y grows downwards."""

    x: float
    y: float


class Spacing(NamedTuple):
    """Distances: between boxes of a row, beside a line that passes, and between rows."""

    boxes: float
    lines: float
    rows: float


def positions(
    rows: Sequence[Sequence[int]],
    shapes: Sequence[Size],
    lines: Sequence[tuple[int, int]],
    spacing: Spacing,
    real: int,
) -> list[float]:
    """Return the x of each point: row by row the least squares to its neighbours, in order."""
    pulls: list[list[tuple[int, float]]] = [[] for _ in shapes]
    for low, high in lines:
        weight = 1.0 + 7.0 * (low >= real and high >= real)
        pulls[low].append((high, weight))
        pulls[high].append((low, weight))
    gaps = [_gaps(row, shapes, spacing) for row in rows]
    across = [0.0] * len(shapes)
    for row, gap in zip(rows, gaps, strict=True):
        middle = gap[-1] / 2 if gap else 0.0
        for vertex, offset in zip(row, gap, strict=True):
            across[vertex] = offset - middle
    sweeps = max(2, min(MOST_SWEEPS, VISITS // max(1, len(lines))))
    for sweep in range(sweeps):
        order = range(len(rows)) if sweep % 2 else range(len(rows) - 1, -1, -1)
        moved = 0.0
        for place in order:
            moved = max(moved, _settle(rows[place], gaps[place], pulls, across))
        if moved < 0.05:
            break
    _straighten(rows, gaps, _trunks(shapes, lines, real), across)
    return across


def _trunks(shapes: Sequence[Size], lines: Sequence[tuple[int, int]], real: int) -> list[list[int]]:
    """Return the points of each long line between its ends, from below."""
    above: dict[int, list[int]] = {}
    for low, high in lines:
        if low >= real and high >= real and not shapes[low].width and not shapes[high].width:
            above.setdefault(low, []).append(high)
    reached = {high for highs in above.values() for high in highs}
    trunks = []
    for start in above:
        if start not in reached:
            trunk = [start]
            while len(following := above.get(trunk[-1], [])) == 1:
                trunk += following
            trunks.append(trunk)
    return trunks


def _straighten(
    rows: Sequence[Sequence[int]],
    gaps: Sequence[Sequence[float]],
    trunks: Sequence[Sequence[int]],
    across: list[float],
) -> None:
    """Set the points of each long line upright, as far as their neighbours in the rows let it."""
    at = {
        vertex: (row, k) for row, vertices in enumerate(rows) for k, vertex in enumerate(vertices)
    }
    for trunk in trunks:
        group: list[int] = []
        least, most = -math.inf, math.inf
        for vertex in [*trunk, -1]:
            low, high = math.inf, -math.inf
            if vertex >= 0:
                row, k = at[vertex]
                vertices, gap = rows[row], gaps[row]
                low, high = -math.inf, math.inf
                if k:
                    low = across[vertices[k - 1]] + gap[k] - gap[k - 1]
                if k + 1 < len(vertices):
                    high = across[vertices[k + 1]] - (gap[k + 1] - gap[k])
            if max(least, low) > min(most, high):
                if group:
                    middle = across[group[len(group) // 2]]
                    for member in group:
                        across[member] = min(max(middle, least), most)
                group, least, most = [], -math.inf, math.inf
            group.append(vertex)
            least, most = max(least, low), min(most, high)


def _gaps(row: Sequence[int], shapes: Sequence[Size], spacing: Spacing) -> list[float]:
    """Return how far each point of a row is from the first at least."""
    found, offset = [], 0.0
    for place, vertex in enumerate(row):
        if place:
            before = shapes[row[place - 1]]
            both = before.width and shapes[vertex].width
            gap = spacing.boxes if both else spacing.lines
            offset += (before.width + shapes[vertex].width) / 2 + gap
        found.append(offset)
    return found


def _settle(
    row: Sequence[int],
    gaps: Sequence[float],
    pulls: Sequence[Sequence[tuple[int, float]]],
    across: list[float],
) -> float:
    """Move one row to where its neighbours want it, by pooling adjacent violators."""
    #: Pools of points that touch: weighted wish, weight, how many. Built-in `sum` of floats differs
    #: between versions of Python, so sums are loops here.
    pools: list[tuple[float, float, int]] = []
    for vertex, gap in zip(row, gaps, strict=True):
        wish = weight = 0.0
        for other, strength in pulls[vertex]:
            wish += across[other] * strength
            weight += strength
        if not weight:
            wish, weight = across[vertex] * 0.01, 0.01
        pool = (wish - gap * weight, weight, 1)
        while pools and pools[-1][0] * pool[1] > pool[0] * pools[-1][1]:
            before = pools.pop()
            pool = (before[0] + pool[0], before[1] + pool[1], before[2] + pool[2])
        pools.append(pool)
    place, moved = 0, 0.0
    for wish, weight, count in pools:
        start = wish / weight
        for _ in range(count):
            x = start + gaps[place]
            moved = max(moved, abs(across[row[place]] - x))
            across[row[place]] = x
            place += 1
    return moved


def heights(
    rows: Sequence[Sequence[int]], shapes: Sequence[Size], spacing: Spacing
) -> tuple[list[float], float]:
    """Return the y of each point, the last row at the top, and the height of all."""
    down, top = [0.0] * len(shapes), 0.0
    for place, row in enumerate(reversed(rows)):
        tallest = max(shapes[vertex].height for vertex in row)
        top += spacing.rows if place else 0.0
        for vertex in row:
            down[vertex] = top + tallest / 2
        top += tallest
    return down, top
