"""What is drawn of a request: its graph with the values at the point, or its gradient graph."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from autodiff_cli.cli.request import Request
from autodiff_cli.graph.graph import Graph
from autodiff_cli.views.graph import Drawing


def drawing(asked: Request) -> Drawing:
    """Return the graph of a formula, with values where there is one point."""
    values = _values(asked, asked.graph)
    return Drawing(
        expression=asked.expression, graph=asked.graph, values=values,
        notes=tuple(asked.readings), at={} if values is None else asked.values,
    )  # fmt: skip


def gradient_drawing(asked: Request) -> Drawing:
    """Return the graph of a formula's value and partial derivatives."""
    from autodiff_cli.engine.gradient_graph import derive_reverse

    graph = asked.graph
    derivation = derive_reverse(graph, asked.wrt)
    for node, name in graph.names.items():
        if graph.dependent[node] and node not in graph.outputs:  # an output's name is its title
            derivation.builder.names.setdefault(derivation.values[node], name)
    derived = replace(derivation.graph(), chosen=graph.letter)
    values = _values(asked, derived)
    return Drawing(
        expression=asked.expression, graph=derived, values=values,
        titles=(graph.called, *[f"∂{graph.called}/∂{name}" for name in asked.wrt]),
        notes=tuple(asked.readings), at={} if values is None else asked.values,
    )  # fmt: skip


def _values(asked: Request, graph: Graph) -> Sequence[float] | None:
    """Return the value of every node where there is one point."""
    if graph.variables and not asked.values:
        return None
    if any(isinstance(value, list) for value in asked.given.values()):
        return None
    from autodiff_cli.engine.linearise import linearise

    return linearise(graph, asked.values, ()).values
