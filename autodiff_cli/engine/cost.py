"""Cost, counted: arithmetic operations of the value, of a forward and of a reverse sweep.

Griewank & Walther, section 3.3: a gradient in reverse costs a small multiple of the value,
whatever the number of variables; in forward mode it costs a sweep for each of them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from autodiff_cli.engine.gradient_graph import derive_reverse, tangent_graph
from autodiff_cli.graph.graph import CONSTANT, VARIABLE, Graph


@dataclass(frozen=True, slots=True)
class Counts:
    """Arithmetic operations; a sum of k terms counts k − 1, a product with 1 or 0 none.

    Attributes:
        variables: how many there are to differentiate with respect to.
        value: operations of the value.
        sweep: further operations of one forward sweep in a general direction, partials included.
        reverse: operations of the value and the whole gradient in reverse mode.
        nodes: nodes of the graph.
        gradient_nodes: nodes of the gradient graph.
    """

    variables: int
    value: int
    sweep: int
    reverse: int
    nodes: int
    gradient_nodes: int

    @property
    def forward(self) -> int:
        """Operations of the value and the whole gradient in forward mode, a sweep a variable."""
        return self.value + self.variables * self.sweep


def counts(graph: Graph, wrt: Sequence[str] | None = None) -> Counts:
    """Count on the graph, its tangent graph and its gradient graph.

    Args:
        graph: the graph; its first output is differentiated.
        wrt: variables to differentiate with respect to; all by default.
    """
    graph = graph.select((0,))
    value = operations(graph)
    tangent = tangent_graph(graph, wrt)
    derivation = derive_reverse(graph, wrt)
    gradient = derivation.graph()
    return Counts(
        variables=len(derivation.wrt),
        value=value,
        sweep=operations(tangent) - value,
        reverse=operations(gradient),
        nodes=len(graph),
        gradient_nodes=len(gradient),
    )


def operations(graph: Graph) -> int:
    """Return the number of operations that evaluating a graph takes."""
    return sum(
        max(1, len(operands) - 1) if operation.variadic else 1
        for operation, operands in zip(graph.operations, graph.operands, strict=True)
        if operation is not VARIABLE and operation is not CONSTANT
    )
