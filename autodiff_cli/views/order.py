"""The order of points in each layer of a drawing, so that few lines cross.

Barycentres of the layer below and above in turn, with transposition of neighbours, from several
starts; the best is kept. Nothing is random.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from itertools import pairwise

#: Work, in visits of one line, and the most starts and sweeps of one start.
VISITS, MOST_STARTS, MOST_SWEEPS = 60_000, 12, 12

Rows = list[list[int]]


def ordered(ranks: Sequence[int], lines: Sequence[tuple[int, int]]) -> tuple[Rows, int]:
    """Return the points of each layer from left to right, and how often lines cross.

    Args:
        ranks: the layer of each point.
        lines: (lower, upper) in neighbouring layers.
    """
    search = _Search(ranks, lines)
    work = max(1, VISITS // max(1, len(lines)))
    starts, sweeps = min(MOST_STARTS, max(1, work // 6)), min(MOST_SWEEPS, max(2, work // 2))
    best = search.start(0)
    least = crossings(best, search.up)
    for start in range(starts):
        rows = search.start(start)
        for sweep in range(sweeps):
            if not least:
                return best, 0
            search.sweep(rows, upwards=bool((sweep + start) % 2))
            found = crossings(rows, search.up)
            if found < least:
                best, least = [list(row) for row in rows], found
    return best, least


def crossings(rows: Sequence[Sequence[int]], up: Sequence[Sequence[int]]) -> int:
    """Return how often lines cross, layer by layer, by inversions counted in a tree.

    Barth, Jünger & Mutzel (2002), Simple and Efficient Bilayer Cross Counting.
    """
    total = 0
    for row, above in pairwise(rows):
        column = {vertex: place for place, vertex in enumerate(above)}
        size = 1
        while size < len(above):
            size *= 2
        tree = [0] * (2 * size)
        for vertex in row:
            for place in sorted([column[k] for k in up[vertex]]):
                index = place + size
                tree[index] += 1
                while index > 1:
                    if index % 2 == 0:
                        total += tree[index + 1]
                    index //= 2
                    tree[index] += 1
    return total


class _Search:
    """The layers and their lines, and the moves of the search."""

    def __init__(self, ranks: Sequence[int], lines: Sequence[tuple[int, int]]) -> None:
        self.ranks = ranks
        self.up: list[list[int]] = [[] for _ in ranks]
        self.down: list[list[int]] = [[] for _ in ranks]
        for low, high in lines:
            self.up[low].append(high)
            self.down[high].append(low)
        self.column = [0] * len(ranks)

    def start(self, number: int) -> Rows:
        """Return an order to start from: of a walk from the roots or from the leaves, or mixed."""
        down, up = (self.down, self.up) if number % 2 == 0 else (self.up, self.down)
        roots = [vertex for vertex in range(len(self.ranks)) if not up[vertex]]
        if number >= 2:
            roots.sort(key=lambda vertex: _scrambled(vertex, number))
        seen = bytearray(len(self.ranks))
        rows: Rows = [[] for _ in range(max(self.ranks, default=-1) + 1)]
        todo = roots[::-1]
        while todo:
            vertex = todo.pop()
            if seen[vertex]:
                continue
            seen[vertex] = 1
            rows[self.ranks[vertex]].append(vertex)
            below = down[vertex]
            if number >= 2:
                below = sorted(below, key=lambda vertex: _scrambled(vertex, number))
            todo += [other for other in reversed(below) if not seen[other]]
        self._number(rows)
        return rows

    def _number(self, rows: Rows) -> None:
        for row in rows:
            for place, vertex in enumerate(row):
                self.column[vertex] = place

    def sweep(self, rows: Rows, *, upwards: bool) -> None:
        """Order each layer by its neighbours in the one before, then swap where that helps."""
        self._number(rows)
        column = self.column
        fixed = self.down if upwards else self.up
        for row in rows if upwards else reversed(rows):
            keys = {
                vertex: sum([column[k] for k in fixed[vertex]]) / len(fixed[vertex])
                if fixed[vertex]
                else column[vertex]
                for vertex in row
            }
            row.sort(key=keys.__getitem__)
            for place, vertex in enumerate(row):
                column[vertex] = place
        for _ in range(3):
            if not sum([self._transpose(row) for row in rows]):
                break

    def _transpose(self, row: list[int]) -> bool:
        """Swap neighbours of a layer where fewer lines cross then."""
        column, better = self.column, False
        for place in range(len(row) - 1):
            first, second = row[place], row[place + 1]
            now = then = 0
            for near in (self.up, self.down):
                ones = sorted([column[k] for k in near[first]])
                others = sorted([column[k] for k in near[second]])
                for other in others:
                    now += len(ones) - bisect_right(ones, other)
                    then += bisect_left(ones, other)
            if then < now:
                row[place], row[place + 1] = second, first
                column[first], column[second] = place + 1, place
                better = True
        return better


def _scrambled(vertex: int, number: int) -> int:
    """Return a key that looks random and is the same everywhere."""
    return (vertex + 1) * 2654435761 * (2 * number + 1) % 4294967291
