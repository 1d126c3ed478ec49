"""Slips of the sweeps over a graph: what passes one edge, or what one node passes on, is wrong.

As in `rewriting`, each is the right sweep with something else at one place. What a node has
received is kept edge by edge, so that a term can be left out, counted twice or taken alone.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import NamedTuple

from autodiff_cli.engine.folding import fold
from autodiff_cli.engine.gradient_graph import pass_edge
from autodiff_cli.engine.rules import written_over
from autodiff_cli.graph.constant import Constant, literal
from autodiff_cli.ops import ADD, MULTIPLY, SUBTRACT
from autodiff_cli.teach.calculus import outer
from autodiff_cli.teach.catalogue import SLIPS, Rewrite, Slip
from autodiff_cli.teach.rewriting import MOST, Application, Differentiation, template

#: What an edge's rewrite may stand over.
NAMES = ("arriving", "partial", "own", "value", "tangent")


class Arc(NamedTuple):
    """An edge of the graph: the node that consumes, and which of its operands."""

    consumer: int
    position: int


#: What passes an edge, in place of the right product.
Passing = Callable[[Arc, int], int]

#: What a node passes on, in place of the sum of what it has received.
Summing = Callable[[list[int]], int]


class Backpropagation:
    """The reverse sweep of one formula, right and wrong.

    Args:
        work: the formula and its forward sweep by one variable, in a builder.

    Attributes:
        received: node → what each edge sends it, in the order of the sweep.
        adjoints: node → its right adjoint.
    """

    def __init__(self, work: Differentiation) -> None:
        self.work, self.builder, self.graph = work, work.builder, work.graph
        self.received: dict[int, list[tuple[Arc, int]]] = {}
        self.adjoints = self._swept(received=self.received)

    def _swept(
        self,
        edges: Mapping[Arc, Passing] | None = None,
        nodes: Mapping[int, Summing] | None = None,
        seed: int | None = None,
        received: dict[int, list[tuple[Arc, int]]] | None = None,
    ) -> dict[int, int]:
        """Return the adjoint of every node that moves, with something else at some places."""
        edges, nodes = edges or {}, nodes or {}
        received = {} if received is None else received
        adjoints: dict[int, int] = {}
        start = self.graph.outputs[0]
        for index in range(start, -1, -1):
            terms = [place for _, place in received.get(index, ())]
            if index == start:
                terms = [self.builder.constant(literal("1")) if seed is None else seed]
            if not terms:
                continue
            adjoints[index] = nodes.get(index, self.total)(terms)
            for position, operand in enumerate(self.graph.operands[index]):
                edge = Arc(index, position)
                if operand in self.work.tangents and self.graph.operations[index].rule(position):
                    passing = edges.get(edge, self.passing)
                    sent = passing(edge, adjoints[index])
                    received.setdefault(operand, []).append((edge, sent))
        return adjoints

    def total(self, terms: list[int]) -> int:
        """Return a sum of nodes."""
        if not terms:
            return self.work.zero()
        return terms[0] if len(terms) == 1 else fold(self.builder, ADD, tuple(terms))

    def passing(self, edge: Arc, adjoint: int) -> int:
        """Return what passes an edge as it should."""
        row, operands = self.graph.operations[edge.consumer], self._operands(edge)
        result = self.work.places[edge.consumer]
        return pass_edge(self.builder, adjoint, row, edge.position, operands, result)

    def partial(self, edge: Arc) -> int:
        """Return the partial on an edge."""
        row, operands = self.graph.operations[edge.consumer], self._operands(edge)
        return outer(
            self.builder, row, edge.position, operands, self.work.places[edge.consumer]
        )  # fmt: skip

    def _operands(self, edge: Arc) -> tuple[int, ...]:
        return tuple([self.work.places[k] for k in self.graph.operands[edge.consumer]])

    def operand(self, edge: Arc) -> int:
        """Return the node of the formula that an edge leads to."""
        return self.graph.operands[edge.consumer][edge.position]

    def rewritten(self, rewrite: Rewrite, *, forward: bool = False) -> Passing:
        """Return what a rewrite makes of what passes an edge, in either sweep."""
        text = template(rewrite.wrong)

        def passing(edge: Arc, arriving: int) -> int:
            own = self.work.places[self.operand(edge)]
            value = own if forward else self.work.places[edge.consumer]
            names = {"arriving": arriving, "own": own, "value": value}
            if "partial" in text.variables:
                names["partial"] = self.partial(edge)
            if "tangent" in text.variables:
                names["tangent"] = self.work.tangents[edge.consumer]
            return written_over(self.builder, text, names)[text.outputs[0]]

        return passing

    def fits(self, rewrite: Rewrite, edge: Arc, several: int, *, forward: bool = False) -> bool:
        """Tell whether a rewrite is of this edge; `several` edges end where it ends."""
        product = self.graph.operations[edge.consumer] is MULTIPLY
        return (
            rewrite.of == "edge"
            or (rewrite.of == "edge back" and not forward)
            or (rewrite.of == "product edge" and product)
            or (rewrite.of == "one edge of several" and several > 2)
        )

    def at(self, node: int) -> Iterator[tuple[Slip, Arc | None, dict[int, int]]]:
        """Yield the slips made where the adjoint of one node is summed, with all adjoints."""
        received = self.received.get(node, [])
        for slip in SLIPS.values():
            for rewrite in slip.rewrites if slip.sweep else ():
                for edge, _ in received:
                    if self.fits(rewrite, edge, len(received)):
                        yield slip, edge, self._swept({edge: self.rewritten(rewrite)})
        for place in range(len(received) if len(received) > 1 else 0):
            for name, summing in _wrong_sums(self, place):
                yield SLIPS[name], None, self._swept(nodes={node: summing})

    def applications(self, rate: Constant | None = None) -> Iterator[Application]:
        """Yield every slip of the reverse sweep at every place, as the derivative it gives.

        Args:
            rate: how far weights move, for the slip of weights that move too early.
        """
        variable = self.work.variable

        def made(
            slip: Slip, node: int | None, edge: Arc | None, found: Mapping[int, int]
        ) -> Application:
            place = found.get(variable)
            return Application(
                slip=slip,
                node=node,
                place=self.work.zero() if place is None else place,
                consumer=None if edge is None else edge.consumer,
            )

        for node in sorted(self.received, reverse=True):
            for slip, edge, found in self.at(node):
                yield made(slip, node, edge, found)
                if len(self.builder.operations) > MOST:
                    return
        start = self.work.places[self.graph.outputs[0]]
        yield made(SLIPS["wrong-seed"], None, None, self._swept(seed=start))
        twice = {variable: lambda terms: self.total([*terms, *terms])}
        yield made(SLIPS["not-zeroed"], None, None, self._swept(nodes=twice))
        if rate is not None:
            for edge, weight in self._weights():
                found = self._swept({edge: self._moved(weight, rate)})
                yield made(SLIPS["updated-weight"], weight, edge, found)

    def _weights(self) -> Iterator[tuple[Arc, int]]:
        """Yield the edges whose partial is a variable, a weight, with that variable."""
        for received in self.received.values():
            for edge, _ in received:
                operands = self.graph.operands[edge.consumer]
                product = self.graph.operations[edge.consumer] is MULTIPLY
                if product and operands[1 - edge.position] < len(self.graph.variables):
                    yield edge, operands[1 - edge.position]

    def _moved(self, weight: int, rate: Constant) -> Passing:
        """Return what passes an edge whose weight has made its step downhill already."""
        name = self.graph.variables[weight]
        own = Backpropagation(Differentiation(self.builder, self.graph, self.work.places, name))
        slope = own.adjoints.get(weight, self.work.zero())
        step = fold(self.builder, MULTIPLY, (self.builder.constant(rate), slope))
        moved = fold(self.builder, SUBTRACT, (self.work.places[weight], step))
        return lambda edge, arriving: fold(self.builder, MULTIPLY, (arriving, moved))


def _wrong_sums(sweeping: Backpropagation, place: int) -> Iterator[tuple[str, Summing]]:
    """Yield what is passed on in place of a sum, for the term at one place."""
    yield "assigned-not-added", lambda terms: terms[place]
    if place:
        yield "passed-too-early", lambda terms: sweeping.total([*terms, *terms[:place]])
