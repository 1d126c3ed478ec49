"""Slips of the reverse sweep over a graph: one node passes something wrong on.

As in `rewriting`, each is the right sweep with something else at one place.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from autodiff_cli.engine.folding import fold
from autodiff_cli.graph.constant import Constant, literal
from autodiff_cli.ops import MULTIPLY, SUBTRACT
from autodiff_cli.teach.arcs import Arc, Arcs, Wrong
from autodiff_cli.teach.catalogue import SLIPS
from autodiff_cli.teach.rewriting import MOST, Application, Differentiation


class Backpropagation:
    """The reverse sweep of one formula, right and wrong.

    Args:
        work: the formula and its forward sweep by one variable, in a builder.

    Attributes:
        arriving: node → each edge that leads to it, and the right adjoint at its other end.
        adjoints: node → its right adjoint.
    """

    def __init__(self, work: Differentiation) -> None:
        self.work, self.builder, self.graph = work, work.builder, work.graph
        self.arcs = Arcs(work)
        self.arriving: dict[int, list[tuple[Arc, int]]] = {}
        self.adjoints = self._swept({}, self.arriving)

    def _swept(
        self,
        wrong: Mapping[int, int],
        arriving: dict[int, list[tuple[Arc, int]]] | None = None,
        passing: Mapping[Arc, int] | None = None,
    ) -> dict[int, int]:
        """Return the adjoint of every node that moves, with something else at some places.

        Args:
            wrong: node → what it passes on in place of its adjoint.
            arriving: where to keep what arrives at which node.
            passing: edge → what its adjoint is multiplied by, in place of the partial.
        """
        arriving = {} if arriving is None else arriving
        adjoints: dict[int, int] = {}
        start = self.graph.outputs[0]
        for index in range(start, -1, -1):
            terms = []
            for arc, adjoint in arriving.get(index, ()):
                if arc in (passing or {}):
                    terms.append(fold(self.builder, MULTIPLY, (adjoint, (passing or {})[arc])))
                else:
                    terms.append(self.arcs.passing(arc, adjoint))
            if index == start:
                terms = [self.builder.constant(literal("1"))]
            if not terms:
                continue
            adjoints[index] = wrong.get(index, -1)
            if adjoints[index] < 0:
                adjoints[index] = self.arcs.total(terms)
            for position, operand in enumerate(self.graph.operands[index]):
                if operand in self.work.tangents and self.graph.operations[index].rule(position):
                    sent = (Arc(index, position), adjoints[index])
                    arriving.setdefault(operand, []).append(sent)
        return adjoints

    def at(self, node: int) -> Iterator[Wrong]:
        """Yield what slips make of the adjoint of one node, all else being right."""
        yield from self.arcs.wrong(self.arriving.get(node, ()))

    def applications(self, rate: Constant | None = None) -> Iterator[Application]:
        """Yield every slip of the reverse sweep at every place, as the derivative it gives.

        Args:
            rate: how far weights move, for the slip of weights that move too early.
        """
        variable, graph = self.work.variable, self.graph

        def made(
            name: str, node: int | None, arc: Arc | None, adjoints: Mapping[int, int]
        ) -> Application:
            place = adjoints.get(variable)
            return Application(
                slip=SLIPS[name],
                node=node,
                place=self.work.zero() if place is None else place,
                consumer=None if arc is None else arc.consumer,
            )

        for node in sorted(self.arriving, reverse=True):
            for slip, arc, place in self.at(node):
                yield made(slip.id, node, arc, self._swept({node: place}))
                if len(self.builder.operations) > MOST:
                    return
        start = graph.outputs[0]
        yield made("wrong-seed", None, None, self._swept({start: self.work.places[start]}))
        twice = self.arcs.total([self.adjoints.get(variable, self.work.zero())] * 2)
        yield made("not-zeroed", None, None, {variable: twice})
        if rate is not None:
            for arc, weight in self._weights():
                passing = {arc: self._moved(weight, rate)}
                yield made("updated-weight", weight, arc, self._swept({}, None, passing))

    def _weights(self) -> Iterator[tuple[Arc, int]]:
        """Yield the edges whose partial is a variable, a weight, with that variable."""
        for arriving in self.arriving.values():
            for arc, _ in arriving:
                operands = self.graph.operands[arc.consumer]
                product = self.graph.operations[arc.consumer] is MULTIPLY
                if product and operands[1 - arc.position] < len(self.graph.variables):
                    yield arc, operands[1 - arc.position]

    def _moved(self, weight: int, rate: Constant) -> int:
        """Return a weight that has made its step downhill already."""
        name = self.graph.variables[weight]
        own = Backpropagation(Differentiation(self.builder, self.graph, self.work.places, name))
        slope = own.adjoints.get(weight, self.work.zero())
        step = fold(self.builder, MULTIPLY, (self.builder.constant(rate), slope))
        return fold(self.builder, SUBTRACT, (self.work.places[weight], step))
