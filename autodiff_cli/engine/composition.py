"""A formula put into itself: f, f(f(x)), f(f(f(x))), …, each on the graph of the one before.

A graph grows by its own length a step, because what is put in is a node; a text doubles.
"""

from __future__ import annotations

from collections.abc import Iterator

from autodiff_cli.graph.graph import Builder, Graph
from autodiff_cli.limits import exceeded, limit


def iterates(graph: Graph, name: str, times: int) -> Iterator[Graph]:
    """Yield f, f∘f, …: the graphs of 1 to `times` applications of a formula.

    Args:
        graph: the formula; its first output is taken.
        name: the variable that the result is put in for; the others stay what they are.
        times: applications of the last graph.

    Raises:
        LimitError: a graph has more nodes than the limit on operations.
    """
    builder = Builder(graph.variables)
    places = list(range(len(graph.variables)))
    put_in = graph.variables.index(name)
    for _ in range(times):
        for index in range(len(graph.variables), len(graph)):
            places.append(builder.copy(graph, index, places))
        result = places[graph.outputs[0]]
        if len(builder.operations) > limit("operations"):
            raise exceeded("operations")
        yield builder.graph([result])
        places = list(range(len(graph.variables)))
        places[put_in] = result
