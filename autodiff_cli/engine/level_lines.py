"""Lines of equal value through a grid, by marching squares.

Lorensen & Cline (1987), Marching Cubes, in the plane.
"""

from __future__ import annotations

from typing import Any

#: A place in the plane, and an edge of the grid: 1 where it runs up, its row, its column.
Spot = tuple[float, float]
Edge = tuple[int, int, int]


def level_lines(
    across: Any, up: Any, values: Any, cells: Any, level: float
) -> tuple[tuple[Spot, ...], ...]:
    """Return the lines on which a function has one value, each as long as it goes.

    Args:
        across: the grid's places along one axis.
        up: the same along the other.
        values: the function there, a row for each of `up`.
        cells: which cells of the grid may have a line.
        level: the value.
    """
    import numpy as np

    above = values >= level
    corner = above[:-1, :-1] * 1 + above[:-1, 1:] * 2 + above[1:, 1:] * 4 + above[1:, :-1] * 8
    joined: dict[Edge, list[Edge]] = {}
    for row, column in np.argwhere(cells & (corner > 0) & (corner < 15)).tolist():
        centre = values[row : row + 2, column : column + 2].mean() >= level
        for one, other in _crossed(int(corner[row, column]), bool(centre)):
            ends = [_edge(side, row, column) for side in (one, other)]
            joined.setdefault(ends[0], []).append(ends[1])
            joined.setdefault(ends[1], []).append(ends[0])

    def spot(edge: Edge) -> Spot:
        upward, row, column = edge
        first, last = values[row, column], values[row + upward, column + 1 - upward]
        share = float((level - first) / (last - first))
        if upward:
            return float(across[column]), float(up[row] + share * (up[row + 1] - up[row]))
        return float(across[column] + share * (across[column + 1] - across[column])), float(up[row])

    return tuple(tuple(spot(edge) for edge in chain) for chain in _chains(joined))


#: Sides of a cell: 0 below, 1 right, 2 above, 3 left. Corners at or above the level → sides that
#: a line joins; the corners count 1, 2, 4, 8 from the lower left, anticlockwise.
_JOINS = {
    1: ((3, 0),), 2: ((0, 1),), 3: ((3, 1),), 4: ((1, 2),), 6: ((0, 2),), 7: ((3, 2),),
    8: ((2, 3),), 9: ((2, 0),), 11: ((2, 1),), 12: ((1, 3),), 13: ((1, 0),), 14: ((0, 3),),
}  # fmt: skip


def _crossed(corners: int, centre: bool) -> tuple[tuple[int, int], ...]:
    """Return the pairs of sides that lines join; at a saddle the middle decides."""
    if corners in (5, 10):
        return ((3, 2), (1, 0)) if centre == (corners == 5) else ((3, 0), (1, 2))
    return _JOINS[corners]


def _edge(side: int, row: int, column: int) -> Edge:
    """Return the grid's edge on one side of a cell: (1 where it runs up, row, column)."""
    return ((0, row, column), (1, row, column + 1), (0, row + 1, column), (1, row, column))[side]


def _chains(
    joined: dict[Edge, list[Edge]],
) -> list[list[Edge]]:
    """Return chains of neighbours: those with ends first, then the closed ones."""
    seen: set[Edge] = set()
    chains = []
    for start in [*[edge for edge, near in joined.items() if len(near) == 1], *joined]:
        if start in seen:
            continue
        chain, here = [start], start
        seen.add(start)
        while following := next((edge for edge in joined[here] if edge not in seen), None):
            chain.append(following)
            seen.add(following)
            here = following
        if len(chain) > 2 and start in joined[here]:
            chain.append(start)
        chains.append(chain)
    return chains
