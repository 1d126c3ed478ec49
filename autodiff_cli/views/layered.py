"""The graph in the terminal as boxes in layers, joined by lines: the layout of the picture.

Lines between two layers run up, along a track of their own, and up again. Where two cross, the one
that runs along is interrupted; where they join, they belong to one source.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from autodiff_cli.errors import width
from autodiff_cli.formats.signs import Signs
from autodiff_cli.graph.graph import Graph
from autodiff_cli.graph.printer import expression, number
from autodiff_cli.views.channel import Net, channel
from autodiff_cli.views.layout import Layout, Link, layout
from autodiff_cli.views.positions import Size, Spacing

#: Columns between boxes, and beside a line that passes.
SPACING = Spacing(3.0, 2.0, 1.0)

#: Nodes up to which a picture of letters can be read.
MOST = 200


_PLAIN = str.maketrans("│─└┘┌┐├┤┴┬┼▲┃━┏┓┗┛┣┫┻┳╋▼", "|-+++++++++^" + "#=#########v")


def layered(
    graph: Graph,
    values: Sequence[float] | None,
    signs: Signs,
    titles: Sequence[str] = (),
) -> list[str] | None:
    """Return the lines of the picture, the result at the top; None where there are too many nodes.

    Args:
        graph: the graph.
        values: the value of every node, or None.
        signs: the signs to draw with.
        titles: the name of each output, or none.
    """
    names = graph.named()
    nodes = [*names, *[k for k in dict.fromkeys(graph.outputs) if k not in names]]
    if len(nodes) > MOST:
        return None
    texts = {node: _text(graph, node, names, values, signs, titles) for node in nodes}
    return sketched(graph, texts, signs).lines()


class Lit(NamedTuple):
    """What stands out in a picture.

    Attributes:
        node: a node of the graph.
        edges: (a node, one of its operands): the line between them.
        down: whether something runs along these from the node to the operand.
    """

    node: int
    edges: tuple[tuple[int, int], ...] = ()
    down: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Sketch:
    """A picture that is laid out, to be drawn again and again with something else that stands out.

    Attributes:
        places: node of the graph → its place in the layout.
        found, links: the layout.
        texts, broad: what stands in each box, and how many columns it takes.
        slim: whether a box is one line, without a frame.
        plain: whether only ASCII may be used.
    """

    places: Mapping[int, int]
    found: Layout
    links: tuple[Link, ...]
    texts: tuple[str, ...]
    broad: tuple[int, ...]
    slim: bool
    plain: bool

    def lines(self, lit: Lit | None = None) -> list[str]:
        """Return the lines of the picture, with what stands out in heavy lines."""
        return _drawn(self, lit)


def sketched(graph: Graph, texts: Mapping[int, str], signs: Signs, *, slim: bool = False) -> Sketch:
    """Lay a graph out as boxes in layers.

    Args:
        graph: the graph.
        texts: node → what stands in its box, for the nodes that have one.
        signs: the signs to draw with.
        slim: whether a box is one line, without a frame.
    """
    places = {node: place for place, node in enumerate(texts)}
    pairs = dict.fromkeys(
        (places[below], places[node])
        for node in places
        for operand in graph.operands[node]
        for below in ([operand] if operand in places else graph.operands[operand])
        if below in places
    )
    links = tuple(Link(low, high) for low, high in pairs)
    # An odd breadth has a middle column.
    broad = tuple((width(text) + (2 if slim else 4)) | 1 for text in texts.values())
    height = 1 if slim else 3
    found = layout([Size(columns, height) for columns in broad], links, SPACING)
    return Sketch(
        places=places,
        found=found,
        links=links,
        texts=tuple(texts.values()),
        broad=broad,
        slim=slim,
        plain=signs.plain,
    )


def _text(
    graph: Graph,
    node: int,
    names: dict[int, str],
    values: Sequence[float] | None,
    signs: Signs,
    titles: Sequence[str],
) -> str:
    """Return what stands in a box: its names, its operation, its value."""
    lead = [title for title, output in zip(titles, graph.outputs, strict=False) if output == node]
    step = graph.names.get(node, "")
    lead += [step] if step and step not in lead else []
    lead += [names[node]] if node in names else []
    text = signs.brief(expression(graph, node, signs.notation, names))
    value = [] if values is None else [number(values[node])]
    return " = ".join([*lead, text, *value])


def _drawn(sketch: Sketch, lit: Lit | None) -> list[str]:
    found, links = sketch.found, sketch.links
    middles = [round(place.x) for place in found.places]
    rank = {node: level for level, row in enumerate(found.layers) for node in row}
    columns = round(found.size.width) + 4
    shining = _shining(sketch, lit)
    lines: list[str] = []
    for level in reversed(range(len(found.layers))):
        passing: dict[int, bool] = {}
        for link, route in zip(links, found.routes, strict=True):
            if rank[link.source] < level < rank[link.target]:
                column = round(found.points[route.trunk[level - rank[link.source]]].x)
                passing[column] = passing.get(column, False) or link in shining
        node = None if lit is None else sketch.places.get(lit.node)
        lines += _boxes(sketch, found.layers[level], middles, passing, node)
        if level:
            nets = _nets(sketch, rank, middles, level, shining)
            down = lit is not None and lit.down
            lines += channel(nets, {*passing}, columns, down=down)
    shown = [line.rstrip() for line in lines]
    return [line.translate(_PLAIN) for line in shown] if sketch.plain else shown


def _shining(sketch: Sketch, lit: Lit | None) -> set[Link]:
    """Return the links that stand out."""
    places = sketch.places
    return (
        {Link(places.get(low, -1), places.get(high, -1)) for high, low in lit.edges}
        if lit
        else set()
    )


def _boxes(
    sketch: Sketch, row: Sequence[int], middles: Sequence[int], passing: Mapping[int, bool],
    lit: int | None,
) -> list[str]:  # fmt: skip
    """Return the lines of a layer's boxes, with the lines that pass between them."""
    height = 1 if sketch.slim else 3
    parts: list[tuple[int, list[str]]] = [
        (column, ["┃" if heavy else "│"] * height) for column, heavy in passing.items()
    ]
    for node in row:
        inner = sketch.broad[node] - 2
        text = sketch.texts[node]
        left = (inner - width(text)) // 2
        sides = " " * left, " " * (inner - left - width(text))
        start = middles[node] - sketch.broad[node] // 2
        parts.append((start, _box(text, sides, slim=sketch.slim, heavy=node == lit)))
    found = [""] * height
    for start, pieces in sorted(parts):
        found = [
            line + " " * (start - width(line)) + piece
            for line, piece in zip(found, pieces, strict=True)
        ]
    return found


def _box(text: str, sides: tuple[str, str], *, slim: bool, heavy: bool) -> list[str]:
    """Return the lines of one box."""
    left, right = sides
    if slim:
        return [f"{left}[{text}]{right}" if heavy else f"{left} {text} {right}"]
    edge = ("━" if heavy else "─") * (len(left) + width(text) + len(right))
    if heavy:
        return [f"┏{edge}┓", f"┃{left}{text}{right}┃", f"┗{edge}┛"]
    return [f"┌{edge}┐", f"│{left}{text}{right}│", f"└{edge}┘"]


def _nets(
    sketch: Sketch, rank: dict[int, int], middles: Sequence[int], level: int, lit: set[Link]
) -> list[Net]:
    """Return the lines between a layer and the one below it, one net for each point below."""
    above: dict[tuple[int, int], set[int]] = {}
    heavy: dict[tuple[int, int], list[int]] = {}
    arriving: dict[int, list[tuple[int, tuple[int, int]]]] = {}
    points = sketch.found.points
    for link, route in zip(sketch.links, sketch.found.routes, strict=True):
        if not rank[link.source] < level <= rank[link.target]:
            continue
        step = level - rank[link.source]
        start = (link.source, round(points[route.trunk[step - 1]].x))
        above.setdefault(start, set())
        if rank[link.target] == level:
            arriving.setdefault(link.target, []).append((start[1], start))
        else:
            above[start].add(round(points[route.trunk[step]].x))
            if link in lit:
                heavy.setdefault(start, []).append(round(points[route.trunk[step]].x))
    for node, starts in arriving.items():
        inner = sketch.broad[node] - 2
        count = len(starts)
        gap = max(1, min(4, inner // count))
        first = middles[node] - (count - 1) * gap // 2
        for k, (_, start) in enumerate(sorted(starts)):
            above[start].add(first + k * gap)
            if Link(start[0], node) in lit:
                heavy.setdefault(start, []).append(first + k * gap)
    return [
        Net(source, low, tuple(sorted(highs)), tuple(heavy.get((source, low), ())))
        for (source, low), highs in sorted(above.items())
    ]
