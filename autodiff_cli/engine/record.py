"""The record of the sweeps: from values, partials, tangents and adjoints to the trace's rows."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache
from functools import partial as prepared
from typing import NamedTuple

from autodiff_cli.engine.branches import holding, simplified
from autodiff_cli.engine.folding import fold
from autodiff_cli.engine.linearise import Linearisation, Value, linearise
from autodiff_cli.engine.rules import BLOCKED, constant_rule, formula, instantiate, written
from autodiff_cli.graph.graph import Builder, Graph
from autodiff_cli.graph.printer import PROGRAM, Notation, expression
from autodiff_cli.ops import ADD, POWER


class Edge(NamedTuple):
    """One operand of a node, and the partial derivative on the way to it.

    Attributes:
        operand: label of the operand.
        partial: the number (0 where blocked); None where nothing is differentiated.
        rule: makes `formula_graph` when it is asked for; None where there is none.
        values: label → value of the node, for the substituted formula.
    """

    operand: str
    partial: float | None
    rule: Callable[[], Graph] | None
    values: Mapping[str, float]

    def __repr__(self) -> str:
        return f"Edge(operand={self.operand!r}, partial={self.partial}, formula={self.formula()!r})"

    @property
    def formula_graph(self) -> Graph | None:
        """The rule with the labels of the nodes as its variables, or None."""
        return None if self.rule is None else _made(self.rule)

    def formula(self, notation: Notation = PROGRAM) -> str:
        """Return the rule over the labels: `3*w1^2`."""
        graph = self.formula_graph
        return "" if graph is None else expression(graph, graph.outputs[0], _of_labels(notation))

    def substituted(self, notation: Notation = PROGRAM) -> str:
        """Return the rule with the values of the nodes in place of their labels: `3*4^2`."""
        graph = self.formula_graph
        if graph is None:
            return ""
        if graph.outputs[0] < len(graph.variables):
            return notation.number(self.values[graph.variables[graph.outputs[0]]])
        names = {k: notation.number(self.values[name]) for k, name in enumerate(graph.variables)}
        return expression(
            graph, graph.outputs[0], _of_labels(notation), names | self._exponents(graph, notation)
        )

    def _exponents(self, graph: Graph, notation: Notation) -> dict[int, str]:
        """Return the exponents that are computed: 3 - 1 is the 2 that a book writes."""
        found = {
            graph.operands[index][1] for index, row in enumerate(graph.operations) if row is POWER
        }
        computed = [k for k in found if graph.dependent[k] and k >= len(graph.variables)]
        if not computed:
            return {}
        values = linearise(graph, {name: self.values[name] for name in graph.variables}, ()).values
        return {k: notation.number(float(values[k])) for k in computed}


@lru_cache(maxsize=1)  # of one edge, the formula and then the substituted one are asked for
def _made(rule: Callable[[], Graph]) -> Graph:
    return rule()


def _of_labels(notation: Notation) -> Notation:
    """Return the notation for a graph whose variables are labels of nodes."""
    return notation._replace(name=notation.label)


class Contribution(NamedTuple):
    """What one consumer added to an adjoint: its own adjoint times the partial on the edge."""

    consumer: str
    adjoint: float
    partial: float
    product: float


class Step(NamedTuple):
    """One row of the trace: the node w_i.

    Attributes:
        label: `w2`.
        node: its position in the graph.
        value: its value.
        edges: one for each distinct operand that has a label, in order.
        tangents: variable → tangent, 0 where inactive; None if forward mode was not asked for.
        adjoint: None if not differentiated, or if reverse mode was not asked for.
        contributions: how the adjoint was summed, one for each edge that led here.
    """

    label: str
    node: int
    value: float
    edges: tuple[Edge, ...]
    tangents: Mapping[str, float] | None
    adjoint: float | None
    contributions: tuple[Contribution, ...]


def steps(
    linearisation: Linearisation,
    tangents: Mapping[str, Sequence[Value | None]] | None,
    adjoints: Sequence[Value | None] | None,
) -> tuple[Step, ...]:
    """Return the trace's rows from the sweeps at one point.

    Args:
        linearisation: values and partials.
        tangents: variable → tangent of every node, or None.
        adjoints: adjoint of every node, or None.
    """
    graph, active = linearisation.graph, linearisation.active
    named = graph.named()
    received = _contributions(linearisation, adjoints, named)
    found = []
    for index, label in named.items():
        adjoint = None
        if adjoints is not None and active[index]:
            adjoint = adjoints[index]
            adjoint = 0.0 if adjoint is None else adjoint
        moved = None
        if tangents is not None:
            moved = {name: sweep[index] or 0.0 for name, sweep in tangents.items()}
        found.append(
            Step(
                label=label,
                node=index,
                value=linearisation.values[index],
                edges=_edges(linearisation, index, named),
                tangents=moved,
                adjoint=adjoint,
                contributions=tuple(received.get(index, ())),
            )
        )
    return tuple(found)


def _contributions(
    linearisation: Linearisation, adjoints: Sequence[Value | None] | None, named: dict[int, str]
) -> dict[int, list[Contribution]]:
    received: dict[int, list[Contribution]] = {}
    if adjoints is None:
        return received
    for index, partials in enumerate(linearisation.partials):
        adjoint = adjoints[index]
        if adjoint is None:
            continue
        for operand, partial in zip(linearisation.graph.operands[index], partials, strict=False):
            if partial is None:
                continue
            slope, product = (0.0, 0.0) if partial is BLOCKED else (partial, adjoint * partial)
            contribution = Contribution(named[index], adjoint, slope, product)
            received.setdefault(operand, []).append(contribution)
    return received


def _positions(graph: Graph, index: int, named: dict[int, str]) -> dict[int, list[int]]:
    """Return each labelled operand of a node → where it stands; nowhere, inside a comparison."""
    positions: dict[int, list[int]] = {}
    for position, operand in enumerate(graph.operands[index]):
        if operand in named:
            positions.setdefault(operand, []).append(position)
            continue
        for node in graph.operands[operand]:  # a comparison stands inside its where
            if node in named:
                positions.setdefault(node, [])
    return positions


def formulas(
    graph: Graph, index: int, named: dict[int, str]
) -> dict[int, Callable[[], Graph] | None]:
    """Return each labelled operand of a node → what makes the rule of its edge, without a point.

    Args:
        graph: the graph.
        index: the node.
        named: node → label, for the nodes that have one.

    Returns:
        None for an operand that stands only in a condition.
    """
    return {
        node: prepared(_formula, graph, index, places, named, None) if places else None
        for node, places in _positions(graph, index, named).items()
    }


def _edges(linearisation: Linearisation, index: int, named: dict[int, str]) -> tuple[Edge, ...]:
    """Return the edges of a node to its distinct labelled operands, those of conditions too."""
    graph, values = linearisation.graph, linearisation.values
    partials = linearisation.partials[index] or (None,) * len(graph.operands[index])
    positions = _positions(graph, index, named)
    shown = {named[node]: values[node] for node in (*positions, index)}
    edges = []
    for node, places in positions.items():
        slopes: list[Value] = [0.0 if partials[k] is BLOCKED else partials[k] for k in places]
        active = linearisation.active[node]
        # Most rows of a long trace are not shown: the formula waits until somebody reads it.
        rule = None
        if places and active:
            rule = prepared(_formula, graph, index, places, named, values)
        partial = float(sum(slopes[1:], slopes[0] if slopes else 0.0)) if active else None
        edges.append(Edge(named[node], partial, rule, shown))
    return tuple(edges)


def _formula(
    graph: Graph,
    index: int,
    positions: list[int],
    named: dict[int, str],
    values: Sequence[Value] | None,
) -> Graph:
    """Return the rules of one operand, summed, over the labels of the nodes.

    With the values of a point, as they hold there: only the branch that is taken.
    """
    operation = graph.operations[index]
    if all(constant_rule(operation.rule(k)) is not None for k in positions):
        builder = Builder()  # no operand is named: a sum of many terms need not be written out
        return _summed(builder, [instantiate(builder, operation, k, (), 0) for k in positions])
    nodes = sorted(graph.below([index], stop=named))
    labelled = [node for node in nodes if node in named]
    builder = Builder([named[node] for node in labelled])
    places = {node: place for place, node in enumerate(labelled)}
    for node in nodes:
        if node not in named:
            places[node] = builder.copy(graph, node, places)
    operands = graph.operands[index]
    arguments = tuple(places[operand] for operand in operands)
    terms = []
    for k in positions:
        text = formula(operation.rule(k))
        if values is not None:
            text = holding(operation, k, [values[operand] for operand in operands], values[index])
        terms.append(written(builder, text, arguments, places[index])[text.outputs[0]])
    return _summed(builder, terms)


def _summed(builder: Builder, terms: list[int]) -> Graph:
    total = terms[0] if len(terms) == 1 else fold(builder, ADD, tuple(terms))
    return simplified(builder.graph([total]))
