"""The labels of a graph's nodes: w1, w2 and so on."""

from __future__ import annotations

from autodiff_cli.graph.graph import Graph


def labelled(graph: Graph) -> dict[int, str]:
    """Return node → label for the nodes that have one."""
    return {index: label for index, label in enumerate(graph.labels()) if label}
