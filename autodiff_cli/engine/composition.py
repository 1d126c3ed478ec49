"""A formula put into another: into itself, f, f(f(x)), f(f(f(x))), …, or for the names of steps.

A graph grows by its own length a step, because what is put in is a node; a text doubles.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from autodiff_cli.engine.rules import written_over
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


def standing(graph: Graph) -> dict[str, int]:
    """Return what may be named: the variables, the steps and, as f(1 - f) does, the result."""
    ends = dict(zip(graph.functions, graph.outputs, strict=True))
    steps = {name: node for node, name in graph.names.items()}
    return ends | steps | {name: node for node, name in enumerate(graph.variables)}


def over_variables(formula: Graph, graph: Graph, stand: Mapping[str, int]) -> Graph:
    """Return a formula over the nodes of a graph as one over the graph's variables alone.

    Args:
        formula: its variables are names of nodes.
        graph: has the nodes.
        stand: name → node, see `standing`.
    """
    builder = Builder(graph.variables)
    places = list(range(len(graph.variables)))
    for index in range(len(graph.variables), len(graph)):
        places.append(builder.copy(graph, index, places))
    names = {name: places[stand[name]] for name in formula.variables}
    ends = written_over(builder, formula, names, exact=True)
    return builder.graph([ends[output] for output in formula.outputs])
