"""The edges of a graph's picture: where they leave and enter boxes, curves and words."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from itertools import pairwise

from autodiff_cli.views.layout import Layout, Link
from autodiff_cli.views.positions import Place, Size
from autodiff_cli.views.shapes import LINE, Box, Group, Move, Path, Shape, Text, polygon, text_width


def label_shapes(text: str, place: Place) -> list[Shape]:
    """Return what an edge says, on a ground that covers the line."""
    broad = text_width(text, "number") + 6
    ground = Box(
        x=place.x - broad / 2, y=place.y - LINE / 2, width=broad, height=LINE, radius=4,
        style="label",
    )  # fmt: skip
    return [ground, Text(x=place.x, y=place.y + 4.5, text=text, style="number", anchor="middle")]


def ports(links: Sequence[Link], found: Layout, sizes: Sequence[Size]) -> list[tuple[Place, Place]]:
    """Return where each edge leaves its source and enters its target: in order, side by side."""
    points, places = found.points, found.places
    bends = []
    for route in found.routes:
        ends = (*route.trunk[1 : min(2, route.shared)], *route.own)
        before = (*route.trunk[route.shared - 1 : route.shared], *route.own)[-2]
        bends.append((points[ends[0]].x, points[before].x))
    leaving: dict[int, list[tuple[float, int]]] = {}
    entering: dict[int, list[tuple[float, int]]] = {}
    for k, (link, (first, last)) in enumerate(zip(links, bends, strict=True)):
        # Edges that leave for the same bend are one line until they part; none arrive as one.
        leaving.setdefault(link.source, []).append((first, 0))
        entering.setdefault(link.target, []).append((last, k))
    starts = {
        node: _spread(set(wishes), places[node], sizes[node]) for node, wishes in leaving.items()
    }
    entries = {
        node: _spread(set(wishes), places[node], sizes[node]) for node, wishes in entering.items()
    }
    at = []
    for k, (link, (first, last)) in enumerate(zip(links, bends, strict=True)):
        source, target = link.source, link.target
        out = Place(starts[source][first, 0], places[source].y - sizes[source].height / 2)
        arrival = Place(entries[target][last, k], places[target].y + sizes[target].height / 2)
        at.append((out, arrival))
    return at


def _spread(
    wishes: Collection[tuple[float, int]], centre: Place, size: Size
) -> dict[tuple[float, int], float]:
    """Return for each wish a place near it on the side of a box: in order, and apart."""
    half = size.width / 2 - 14
    room = min(14.0, 2 * half / len(wishes))
    order = sorted(wishes)
    found: list[float] = []
    for x, _ in order:
        least = found[-1] + room if found else centre.x - half
        found.append(max(min(x, centre.x + half), least))
    most = centre.x + half
    for k in reversed(range(len(found))):
        found[k] = min(found[k], most)
        most = found[k] - room
    return dict(zip(order, found, strict=True))


def edge_shapes(
    bends: Sequence[Place], end: Place, title: str, *, idle: bool = False, of: str = ""
) -> Group:
    """Return an edge as a curve through its bends, upright at each, with a head of an arrow."""
    points = [*bends, Place(end.x, end.y + 7)]
    moves: list[Move] = [("M", points[0])]
    for (x, y), (to_x, to_y) in pairwise(points):
        if abs(x - to_x) < 0.5:
            moves.append(("L", (to_x, to_y)))
        else:
            middle = (y + to_y) / 2
            moves.append(("C", (x, middle, to_x, middle, to_x, to_y)))
    head = polygon(((end.x, end.y + 1), (end.x - 4, end.y + 9), (end.x + 4, end.y + 9)), "arrow")
    line = Path(moves=tuple(moves), style="idle" if idle else "edge")
    return Group(title=title, shapes=(line, head), of=of)
