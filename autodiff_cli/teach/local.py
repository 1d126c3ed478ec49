"""Slips at one node: what may become of its tangent, or its adjoint, from what it is made of.

What it is made of stands in it as names, so that the numbers may be right ones, or somebody's own.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from typing import Any

from autodiff_cli.engine.linearise import linearise, quiet
from autodiff_cli.graph.constant import literal
from autodiff_cli.graph.graph import VARIABLE, Builder, Graph
from autodiff_cli.teach.arcs import Arc, Arcs
from autodiff_cli.teach.catalogue import SLIPS
from autodiff_cli.teach.rewriting import Application, Differentiation
from autodiff_cli.teach.saying import words
from autodiff_cli.teach.slips import Finding


class Local:
    """The tangent or the adjoint of one node, right and wrong, over names.

    Args:
        graph: the formula.
        node: the node.
        sources: the nodes that move: a variable, several, or an inner node.
        forward: whether it is the tangent; else the adjoint.
        called: node → what somebody calls it, where that is another name than ours.

    Attributes:
        values: node → the name of its value.
        arriving: node → the name of its tangent, or its adjoint.
        applications: the slips that can be made; their places are those of the builder.
    """

    def __init__(
        self,
        graph: Graph,
        node: int,
        sources: Collection[int],
        *,
        forward: bool,
        called: Mapping[int, str] | None = None,
    ) -> None:
        self.graph, self.node, self.forward = graph, node, forward
        first = min(sources)
        name = graph.variables[first if first < len(graph.variables) else 0]
        self.values = {
            k: graph.variables[k] if graph.operations[k] is VARIABLE else label
            for k, label in graph.named().items()
        } | dict(called or {})
        taken = frozenset(self.values.values())
        self.arriving = {
            k: _free(f"d{name}" if forward else f"{name}_bar", taken)
            for k, name in self.values.items()
        }
        builder = Builder([*self.values.values(), *self.arriving.values()])
        places = {k: place for place, k in enumerate(self.values)}
        for k in range(len(graph)):
            if k not in places:
                places[k] = builder.copy(graph, k, places)
        sent = {k: place for place, k in enumerate(self.arriving, start=len(self.values))}
        active = set(sources)
        for k in range(len(graph)):
            if not active.isdisjoint(graph.operands[k]):
                active.add(k)
        moving = {k: sent[k] for k in sent if k in active}
        tangents = {k: moving[k] for k in moving if k < node} if forward else {}
        self.work = Differentiation(builder, graph, places, name, tangents)
        self.arcs = Arcs(self.work)
        made = self._forward(tangents) if forward else self._reverse(moving)
        right = made[0].place
        self.applications = [one for one in made[1:] if one.place != right]
        self.book = builder.graph([right, *[one.place for one in self.applications]])

    def _forward(self, tangents: Mapping[int, int]) -> list[Application]:
        """Return the right tangent, then those that slips give: of calculus first."""
        work, node, found = self.work, self.node, list[Application]()
        right = work.right(node, tangents)
        place = work.zero() if right is None else right
        kinds = set(work.kinds(node))
        for slip in SLIPS.values():
            for rewrite in slip.rewrites:
                if rewrite.of in kinds:
                    wrong = work.rewritten(rewrite)(node, tangents)
                    found.append(Application(slip=slip, node=node, place=wrong))
        arriving = [
            (Arc(node, k), tangents[operand])
            for k, operand in enumerate(self.graph.operands[node])
            if operand in tangents and self.graph.operations[node].rule(k)
        ]
        found += [
            Application(slip=slip, node=self.arcs.operand(arc), place=wrong, consumer=node)
            for slip, arc, wrong in self.arcs.wrong(arriving, forward=True)
            if arc is not None
        ]
        if right is not None:
            work.tangents[node] = right
        return [Application(slip=SLIPS["negated"], node=node, place=place), *found]

    def _reverse(self, moving: Mapping[int, int]) -> list[Application]:
        """Return the right adjoint, then those that slips give."""
        graph, node = self.graph, self.node
        if node == graph.outputs[0]:
            one = graph.outputs[0]
            return [self._seed(), Application(
                slip=SLIPS["wrong-seed"], node=one, place=self.work.places[one]
            )]  # fmt: skip
        arriving = [
            (Arc(consumer, k), moving[consumer])
            for consumer in range(len(graph) - 1, node, -1)
            for k, operand in enumerate(graph.operands[consumer])
            if operand == node and consumer in moving and graph.operations[consumer].rule(k)
        ]
        terms = [self.arcs.passing(arc, adjoint) for arc, adjoint in arriving]
        right = Application(slip=SLIPS["negated"], node=node, place=self.arcs.total(terms))
        found = [
            Application(
                slip=slip, node=node, place=wrong, consumer=None if arc is None else arc.consumer
            )
            for slip, arc, wrong in self.arcs.wrong(arriving)
        ]
        consumers = {arc.consumer for arc, _ in arriving}
        for other, adjoint in moving.items():
            if other not in consumers and other > node:
                found += [
                    Application(slip=SLIPS["extra-edge"], node=node, place=wrong, consumer=other)
                    for wrong in self._extra(right.place, other, adjoint)
                ]
        return [right, *found]

    def _seed(self) -> Application:
        one = self.work.builder.constant(literal("1"))
        return Application(slip=SLIPS["negated"], node=self.node, place=one)

    def _extra(self, right: int, other: int, adjoint: int) -> Iterator[int]:
        """Yield the sum with a term from a node that does not lead here."""
        yield self.arcs.total([right, adjoint])
        for k, _ in enumerate(self.graph.operands[other]):
            if self.graph.operations[other].rule(k):
                yield self.arcs.total([right, self.arcs.passing(Arc(other, k), adjoint)])

    def numbers(self, given: Mapping[str, Any]) -> list[Any]:
        """Return the right number, then that of each slip, from numbers or arrays for the names."""
        at = {name: given[name] for name in self.book.variables}
        with quiet(*at.values()):
            values = linearise(self.book, at, ()).values
        return [values[k] for k in self.book.outputs]

    def findings(self, fits: list[bool]) -> tuple[Finding, ...]:
        """Return the slips that fit, each once, the commonest first."""
        found: dict[str, Finding] = {}
        for one, fit in zip(self.applications, fits, strict=True):
            if fit and one.slip.id not in found:
                right, said = words(self.work, one, self.values.__getitem__)
                found[one.slip.id] = Finding(
                    slip=one.slip, node=one.node, everywhere=False, right=right, said=said
                )
        return tuple(found.values())


def _free(name: str, taken: frozenset[str]) -> str:
    """Return a name that nothing has."""
    while name in taken:
        name += "_"
    return name
