"""Colours for sparse matrices: columns, or rows, that one sweep can find together.

Gebremedhin, Manne & Pothen, What color is your Jacobian? (SIAM Review 47, 2005); that columns
without a row in common are found together is from Curtis, Powell & Reid (1974).
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from itertools import count


def columns(rows: Sequence[Collection[int]], width: int) -> list[int]:
    """Colour columns so that no row has two of one colour.

    Args:
        rows: the places of each row's entries.
        width: how many columns there are.

    Returns:
        The colour of each column; −1 for one without entries.
    """
    at: list[list[int]] = [[] for _ in range(width)]
    for place, entries in enumerate(rows):
        for column in entries:
            at[column].append(place)
    taken: list[set[int]] = [set() for _ in rows]
    colours = [-1] * width
    fullest = [max((len(rows[row]) for row in places), default=0) for places in at]
    for column in sorted(range(width), key=lambda column: -fullest[column]):
        if at[column]:
            forbidden = set().union(*[taken[row] for row in at[column]])
            colour = next(colour for colour in count() if colour not in forbidden)
            colours[column] = colour
            for row in at[column]:
                taken[row].add(colour)
    return colours


def transposed(rows: Sequence[Collection[int]], width: int) -> list[list[int]]:
    """Return the rows of the transposed pattern."""
    found: list[list[int]] = [[] for _ in range(width)]
    for place, row in enumerate(rows):
        for column in row:
            found[column].append(place)
    return found


def star(meeting: Sequence[Collection[int]]) -> list[int]:
    """Colour the variables of a symmetric matrix as a star: no path of four has two colours.

    Each entry then stands alone in the product of the matrix with one colour, in one of the two
    rows that it is in.

    Args:
        meeting: for each variable those that it has an entry with; it may be among them.

    Returns:
        The colour of each variable; −1 for one without entries.
    """
    total = len(meeting)
    colours = [-1] * total
    first: list[dict[int, int]] = [{} for _ in range(total)]  # colour → a neighbour of it
    hubs: list[set[int]] = [set() for _ in range(total)]
    for variable in sorted(range(total), key=lambda variable: -len(meeting[variable])):
        neighbours = [other for other in meeting[variable] if other != variable]
        if not meeting[variable]:
            continue
        forbidden: set[int] = set()
        for other in neighbours:
            if colours[other] < 0:
                forbidden.update(first[other])  # two of its neighbours may not be alike
            else:
                forbidden.add(colours[other])
                forbidden |= hubs[other]
        colour = next(colour for colour in count() if colour not in forbidden)
        colours[variable] = colour
        for other in neighbours:
            known = first[other].setdefault(colour, variable)
            if known != variable:  # the neighbour is the hub of a star of two colours
                hubs[known].add(colours[other])
                hubs[variable].add(colours[other])
    return colours
