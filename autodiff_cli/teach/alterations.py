"""An expression with its angles in degrees, or with one sign in it turned."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from autodiff_cli.graph.graph import Builder, Graph
from autodiff_cli.ops import ADD, NEGATE, SUBTRACT
from autodiff_cli.teach.own import Sweeps
from autodiff_cli.teach.quantity import Expression
from autodiff_cli.teach.whole import in_degrees


def turned(graph: Graph) -> Graph | None:
    """Return a formula with its angles in degrees; None where it has none."""
    builder = Builder(graph.variables)
    places = list(range(len(graph.variables)))
    for index in range(len(places), len(graph)):
        places.append(builder.copy(graph, index, places))
    end = places[graph.outputs[0]]
    other = in_degrees(builder, end)
    return None if other == end else builder.graph([other])


def signs(truth: Sweeps, side: Expression) -> Iterator[Any]:
    """Yield the numbers of an expression with one sign in it turned: of the whole, or of a term."""
    assert side.graph is not None
    graph = side.graph
    yield -truth.evaluated(side)
    for place, row in enumerate(graph.operations):
        for position, _ in enumerate(graph.operands[place] if row in (ADD, SUBTRACT) else ()):
            builder = Builder(graph.variables)
            places = list(range(len(graph.variables)))
            for index in range(len(places), len(graph)):
                operands = [places[k] for k in graph.operands[index]]
                if index == place:
                    operands[position] = builder.apply(NEGATE, (operands[position],))
                    places.append(builder.apply(row, tuple(operands)))
                else:
                    places.append(builder.copy(graph, index, places))
            made = builder.graph([places[graph.outputs[0]]])
            changed = Expression(text=side.text, graph=made, quantities=side.quantities)
            yield truth.evaluated(changed)
