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


class Route(NamedTuple):
    """Where an edge runs: along the trunk of its source, with others, and then on its own.

    The trunk is one object for all edges of a source, so that they take no room for each other.

    Attributes:
        trunk: points of the layout: the source, and the bends above it with what is between.
        shared: how many of them the edge takes.
        own: the points after those, the target last.
    """

    trunk: tuple[int, ...]
    shared: int
    own: tuple[int, ...]


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
        points: the centre of each node, then those of bends and labels.
        nodes: how many nodes there are.
        routes: for each link its points from source to target.
        labels: centre of each link's label, or None.
        layers: the nodes of each layer from left to right, the lowest layer first.
        crossings: how often two edges cross.
    """

    size: Size
    points: tuple[Place, ...]
    nodes: int
    routes: tuple[Route, ...]
    labels: tuple[Place | None, ...]
    layers: tuple[tuple[int, ...], ...]
    crossings: int

    @property
    def places(self) -> tuple[Place, ...]:
        """The centre of each node."""
        return self.points[: self.nodes]

    def way(self, route: Route, first: int = 0) -> list[Place]:
        """Return the bends of a route from one of them on, the centres of both nodes included."""
        return [self.points[k] for k in (*route.trunk[first : route.shared], *route.own)]


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
    trunks = []
    for chain in chains:
        trunk = [chain[0]]
        for low, high in pairwise(chain):
            trunk += [between[low, high], high] if labelled else [high]
        trunks.append(tuple(trunk))
    routes: list[Route] = []
    labels: list[Place | None] = []
    for link in links:
        span = ranks[link.target] - ranks[link.source]
        middle: tuple[int, ...] = (
            (between[chains[link.source][span - 1], link.target],) if labelled else ()
        )
        shared = 2 * span - 1 if labelled else span
        routes.append(Route(trunks[link.source], shared, (*middle, link.target)))
        labels.append(places[middle[0]] if link.label else None)
    return Layout(
        size=Size(right, height),
        points=tuple(places),
        nodes=len(sizes),
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
    highest = [_Highest(ranks, nodes) for nodes in above]
    for node in reversed(range(count)):
        if above[node]:
            # A line from each operand goes as far up anyway where another node takes it there.
            free = min(ranks[k] for k in above[node]) - 1
            for operand in below[node]:
                free = min(free, highest[operand].without(node, ranks[node]))
            if free > ranks[node]:
                ranks[node] = free
                for operand in below[node]:
                    highest[operand].rises(node, free)
    return ranks


class _Highest:
    """The two highest layers of the nodes that take an operand: there may be thousands of them."""

    __slots__ = ("_first", "_node", "_second")

    def __init__(self, ranks: Sequence[int], nodes: Sequence[int]) -> None:
        self._first = self._second = self._node = -1
        for node in nodes:
            self.rises(node, ranks[node])

    def rises(self, node: int, rank: int) -> None:
        """Note a node's layer, which is none below the one it had."""
        if node == self._node:
            self._first = rank
        elif rank > self._first:
            self._first, self._node, self._second = rank, node, self._first
        else:
            self._second = max(self._second, rank)

    def without(self, node: int, default: int) -> int:
        """Return the highest layer of the nodes but one; the default where there is no other."""
        found = self._second if node == self._node else self._first
        return default if found < 0 else found


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
