"""Where the boxes of a graph stand: layers, few crossings, straight lines; the same every time.

Layers by longest path; long edges run through dummies, which the edges of one source share; orders
by barycentre and transposition; positions by least squares that keep the order. Sugiyama, Tagawa &
Toda (1981), Methods for Visual Understanding of Hierarchical System Structures.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import NamedTuple

from autodiff_cli.views.order import ordered
from autodiff_cli.views.positions import Place, Size, Spacing, heights, positions


class Link(NamedTuple):
    """An edge from an operand, upwards, to the node that takes it; `label` is what it carries."""

    source: int
    target: int
    label: Size | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Layout:
    """A drawing's geometry.

    Attributes:
        size: of the whole.
        places: centre of each node.
        routes: for each link its bends from source to target, both centres included.
        labels: centre of each link's label, or None.
        layers: the nodes of each layer from left to right, the lowest layer first.
        crossings: how often two edges cross.
    """

    size: Size
    places: tuple[Place, ...]
    routes: tuple[tuple[Place, ...], ...]
    labels: tuple[Place | None, ...]
    layers: tuple[tuple[int, ...], ...]
    crossings: int


def layout(sizes: Sequence[Size], links: Sequence[Link], spacing: Spacing) -> Layout:
    """Lay a graph out in layers, operands below what takes them.

    Args:
        sizes: one for each node.
        links: the edges; the source's number is smaller than the target's, no edge stands twice.
        spacing: the least distances.
    """
    ranks = layers(len(sizes), links)
    chains, rank_of = _chains(ranks, links)
    segments = _segments(ranks, chains, links)
    rows, crossings = ordered(rank_of, [(low, high) for low, high, _ in segments])
    labelled = any(link.label for link in links)
    column = {vertex: place for row in rows for place, vertex in enumerate(row)}
    shapes = [*sizes, *[Size(0, 0)] * (len(rank_of) - len(sizes))]
    halves: list[list[int]] = [[] for _ in rows]
    lines: list[tuple[int, int]] = []
    between: dict[tuple[int, int], int] = {}
    if labelled:
        # Labels stand in a row of their own, in the order of what they lead to: no new crossing.
        for low, high, end in sorted(segments, key=lambda s: (column[s[1]], column[s[0]])):
            between[low, high] = len(shapes)
            halves[rank_of[low]].append(len(shapes))
            lines += [(low, len(shapes)), (len(shapes), high)]
            shapes.append((links[end].label if end >= 0 else None) or Size(0, 0))
        rows = [row for pair in zip(rows, halves, strict=True) for row in pair if row]
    else:
        lines = [(low, high) for low, high, _ in segments]
    across = positions(rows, shapes, lines, spacing, len(sizes))
    down, height = heights(rows, shapes, spacing)
    left = min((x - shape.width / 2 for x, shape in zip(across, shapes, strict=True)), default=0.0)
    places = [Place(round(x - left, 1), y) for x, y in zip(across, down, strict=True)]
    right = max((p.x + s.width / 2 for p, s in zip(places, shapes, strict=True)), default=0.0)
    routes, labels = [], []
    for link in links:
        chain = [*chains[link.source][: ranks[link.target] - ranks[link.source]], link.target]
        route = [chain[0]]
        for low, high in pairwise(chain):
            route += [between[low, high], high] if labelled else [high]
        routes.append(tuple(places[vertex] for vertex in route))
        labels.append(places[route[-2]] if link.label else None)
    return Layout(
        size=Size(right, height),
        places=tuple(places[: len(sizes)]),
        routes=tuple(routes),
        labels=tuple(labels),
        layers=tuple(
            real for row in rows if (real := tuple(vertex for vertex in row if vertex < len(sizes)))
        ),
        crossings=crossings,
    )


def layers(count: int, links: Sequence[Link]) -> list[int]:
    """Return the layer of each node: the longest path to it, or higher where that costs nothing."""
    below: list[list[int]] = [[] for _ in range(count)]
    above: list[list[int]] = [[] for _ in range(count)]
    for link in links:
        below[link.target].append(link.source)
        above[link.source].append(link.target)
    ranks = [0] * count
    for node in range(count):
        ranks[node] = max((ranks[k] + 1 for k in below[node]), default=0)
    for node in reversed(range(count)):
        if above[node]:
            highest = min(ranks[k] for k in above[node]) - 1
            # A line from each operand goes as far up anyway where another node takes it there.
            free = highest
            for operand in below[node]:
                others = [ranks[k] for k in above[operand] if k != node]
                free = min(free, max(others, default=ranks[node]))
            ranks[node] = max(ranks[node], free)
    return ranks


def _chains(ranks: Sequence[int], links: Sequence[Link]) -> tuple[list[list[int]], list[int]]:
    """Return for each node itself and the dummies above it, and the layer of all of them."""
    farthest = list(ranks)
    for link in links:
        farthest[link.source] = max(farthest[link.source], ranks[link.target] - 1)
    rank_of, chains = list(ranks), []
    for node, rank in enumerate(ranks):
        chain = [node]
        for higher in range(rank + 1, farthest[node] + 1):
            chain.append(len(rank_of))
            rank_of.append(higher)
        chains.append(chain)
    return chains, rank_of


def _segments(
    ranks: Sequence[int], chains: Sequence[Sequence[int]], links: Sequence[Link]
) -> list[tuple[int, int, int]]:
    """Return (lower, upper, link that ends here or −1) for each line between two layers."""
    found = [(low, high, -1) for chain in chains for low, high in pairwise(chain)]
    for place, link in enumerate(links):
        last = chains[link.source][ranks[link.target] - ranks[link.source] - 1]
        found.append((last, link.target, place))
    return found
