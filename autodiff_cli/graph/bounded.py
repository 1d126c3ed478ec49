"""A graph's text where it is short: it can be exponentially longer than the graph."""

from __future__ import annotations

from autodiff_cli.graph.graph import Graph
from autodiff_cli.graph.printer import expression

#: Characters of a formula that is still read in one go.
LONGEST = 400


def readable(graph: Graph, index: int, longest: int = LONGEST) -> str:
    """Return a node as program text, or "" where that has more than `longest` characters."""
    sizes: list[int] = []
    for node in range(index + 1):
        sizes.append(min(1 + sum([sizes[k] for k in graph.operands[node]]), longest + 1))
    text = expression(graph, index) if sizes[index] <= longest else ""
    return text if len(text) <= longest else ""
