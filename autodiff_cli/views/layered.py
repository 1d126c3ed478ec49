"""The graph in the terminal as boxes in layers, joined by lines: the layout of the picture.

Lines between two layers run up, along a track of their own, and up again. Where two cross, the one
that runs along is interrupted; where they join, they belong to one source.
"""

from __future__ import annotations

from collections.abc import Sequence

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


_PLAIN = str.maketrans("│─└┘┌┐├┤┴┬┼▲", "|-++++++++" + "+^")


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
    places = {node: place for place, node in enumerate(nodes)}
    texts = [_text(graph, node, names, values, signs, titles) for node in nodes]
    pairs = dict.fromkeys(
        (places[below], places[node])
        for node in names
        for operand in graph.operands[node]
        for below in ([operand] if operand in names else graph.operands[operand])
        if below in names
    )
    links = [Link(low, high) for low, high in pairs]
    # An odd breadth has a middle column.
    broad = [(width(text) + 4) | 1 for text in texts]
    found = layout([Size(columns, 3) for columns in broad], links, SPACING)
    return _drawn(found, links, texts, broad, signs)


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


def _drawn(
    found: Layout, links: Sequence[Link], texts: Sequence[str], broad: Sequence[int],
    signs: Signs,
) -> list[str]:  # fmt: skip
    middles = [round(place.x) for place in found.places]
    rank = {node: level for level, row in enumerate(found.layers) for node in row}
    columns = round(found.size.width) + 4
    lines: list[str] = []
    for level in reversed(range(len(found.layers))):
        passing = sorted(
            {round(route[level - rank[link.source]].x)
             for link, route in zip(links, found.routes, strict=True)
             if rank[link.source] < level < rank[link.target]}
        )  # fmt: skip
        lines += _boxes(found.layers[level], texts, broad, middles, passing, columns)
        if level:
            nets = _nets(found, links, rank, broad, middles, level)
            lines += channel(nets, {*passing}, columns)
    shown = [line.rstrip() for line in lines]
    return [line.translate(_PLAIN) for line in shown] if signs.plain else shown


def _boxes(
    row: Sequence[int], texts: Sequence[str], broad: Sequence[int], middles: Sequence[int],
    passing: Sequence[int], columns: int,
) -> list[str]:  # fmt: skip
    """Return the three lines of a layer's boxes, with the lines that pass between them."""
    parts: list[tuple[int, str, str, str]] = [(column, "│", "│", "│") for column in passing]
    for node in row:
        inner = broad[node] - 2
        text = texts[node]
        left = (inner - width(text)) // 2
        padded = " " * left + text + " " * (inner - left - width(text))
        edge = "─" * inner
        start = middles[node] - broad[node] // 2
        parts.append((start, f"┌{edge}┐", f"│{padded}│", f"└{edge}┘"))
    found = ["", "", ""]
    for start, *pieces in sorted(parts):
        found = [
            line + " " * (start - width(line)) + piece
            for line, piece in zip(found, pieces, strict=True)
        ]
    return found


def _nets(
    found: Layout, links: Sequence[Link], rank: dict[int, int], broad: Sequence[int],
    middles: Sequence[int], level: int,
) -> list[Net]:  # fmt: skip
    """Return the lines between a layer and the one below it, one net for each point below."""
    above: dict[tuple[int, int], set[int]] = {}
    arriving: dict[int, list[tuple[int, tuple[int, int]]]] = {}
    for link, route in zip(links, found.routes, strict=True):
        if not rank[link.source] < level <= rank[link.target]:
            continue
        step = level - rank[link.source]
        start = (link.source, round(route[step - 1].x))
        above.setdefault(start, set())
        if rank[link.target] == level:
            arriving.setdefault(link.target, []).append((start[1], start))
        else:
            above[start].add(round(route[step].x))
    for node, starts in arriving.items():
        inner = broad[node] - 2
        count = len(starts)
        gap = max(1, min(4, inner // count))
        first = middles[node] - (count - 1) * gap // 2
        for k, (_, start) in enumerate(sorted(starts)):
            above[start].add(first + k * gap)
    return [
        Net(source, low, tuple(sorted(highs))) for (source, low), highs in sorted(above.items())
    ]
