"""What passes the edges of a graph, and what a slip makes of it at one node, in either sweep."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import NamedTuple

from autodiff_cli.engine.folding import fold
from autodiff_cli.engine.gradient_graph import pass_edge
from autodiff_cli.engine.rules import written_over
from autodiff_cli.ops import ADD, MULTIPLY
from autodiff_cli.teach.calculus import outer
from autodiff_cli.teach.catalogue import SLIPS, Rewrite, Slip
from autodiff_cli.teach.rewriting import Differentiation, template

#: What an edge's rewrite may stand over.
NAMES = ("arriving", "partial", "own", "value", "tangent")


class Arc(NamedTuple):
    """An edge of the graph: the node that consumes, and which of its operands."""

    consumer: int
    position: int


class Wrong(NamedTuple):
    """What a slip makes of the adjoint, or of the tangent, of a node.

    Attributes:
        slip: which.
        arc: the edge on which it is made; None where it is of the sum.
        place: the wrong number, a node of the builder.
    """

    slip: Slip
    arc: Arc | None
    place: int


#: What passes an edge, in place of the right product.
Passing = Callable[[Arc, int], int]


class Arcs:
    """The edges of a formula.

    Args:
        work: the formula, in a builder.
    """

    def __init__(self, work: Differentiation) -> None:
        self.work, self.builder, self.graph = work, work.builder, work.graph

    def operand(self, arc: Arc) -> int:
        """Return the node of the formula that an edge leads to."""
        return self.graph.operands[arc.consumer][arc.position]

    def passing(self, arc: Arc, arriving: int) -> int:
        """Return what passes an edge as it should, in either sweep."""
        row, operands = self.graph.operations[arc.consumer], self._operands(arc)
        result = self.work.places[arc.consumer]
        return pass_edge(self.builder, arriving, row, arc.position, operands, result)

    def partial(self, arc: Arc) -> int:
        """Return the partial on an edge."""
        row, operands = self.graph.operations[arc.consumer], self._operands(arc)
        result = self.work.places[arc.consumer]
        return outer(self.builder, row, arc.position, operands, result)

    def _operands(self, arc: Arc) -> tuple[int, ...]:
        return tuple([self.work.places[k] for k in self.graph.operands[arc.consumer]])

    def total(self, terms: Sequence[int]) -> int:
        """Return a sum of nodes of the builder."""
        if not terms:
            return self.work.zero()
        return terms[0] if len(terms) == 1 else fold(self.builder, ADD, tuple(terms))

    def wrong(
        self, arriving: Sequence[tuple[Arc, int]], *, forward: bool = False
    ) -> Iterator[Wrong]:
        """Yield what slips make of a sum.

        Args:
            arriving: each edge, and the adjoint of its consumer; forward, the operand's tangent.
            forward: whether it is a tangent that is summed; else an adjoint.
        """
        terms = [self.passing(arc, place) for arc, place in arriving]
        for slip in SLIPS.values():
            for rewrite in slip.rewrites if slip.sweep else ():
                for k, (arc, place) in enumerate(arriving):
                    if self._fits(rewrite, arc, len(terms), forward=forward):
                        changed = self.rewritten(rewrite, forward=forward)(arc, place)
                        total = self.total([*terms[:k], changed, *terms[k + 1 :]])
                        yield Wrong(slip, arc, total)
        if not forward and len(terms) > 1:
            for k, term in enumerate(terms):
                yield Wrong(SLIPS["assigned-not-added"], None, term)
                if k:
                    early = self.total([*terms, *terms[:k]])
                    yield Wrong(SLIPS["passed-too-early"], None, early)

    def rewritten(self, rewrite: Rewrite, *, forward: bool = False) -> Passing:
        """Return what a rewrite makes of what passes an edge."""
        text = template(rewrite.wrong)

        def passing(arc: Arc, arriving: int) -> int:
            own = self.work.places[self.operand(arc)]
            value = own if forward else self.work.places[arc.consumer]
            names = {"arriving": arriving, "own": own, "value": value}
            if "partial" in text.variables:
                names["partial"] = self.partial(arc)
            if "tangent" in text.variables:
                names["tangent"] = self.work.tangents[arc.consumer]
            return written_over(self.builder, text, names)[text.outputs[0]]

        return passing

    def _fits(self, rewrite: Rewrite, arc: Arc, several: int, *, forward: bool) -> bool:
        """Tell whether a rewrite is of this edge; `several` edges end where it ends."""
        back = not forward and arc.consumer in self.work.tangents
        return (
            rewrite.of == "edge"
            or (rewrite.of == "edge back" and back)
            or (rewrite.of == "product edge" and self.graph.operations[arc.consumer] is MULTIPLY)
            or (rewrite.of == "one edge of several" and several > 2)
        )
