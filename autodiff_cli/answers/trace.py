"""What `trace` says: one step for each w_i, with its edges and contributions."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache
from typing import NamedTuple

from autodiff_cli.graph.graph import Graph
from autodiff_cli.graph.printer import PROGRAM, Notation, expression, latex_number, number
from autodiff_cli.notes.departures import Note


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

    @property
    def formula_graph(self) -> Graph | None:
        """The rule with the labels of the nodes as its variables, or None."""
        return None if self.rule is None else _made(self.rule)

    def formula(self, notation: Notation = PROGRAM) -> str:
        """Return the rule over the labels: `3*w1^2`."""
        graph = self.formula_graph
        return "" if graph is None else expression(graph, graph.outputs[0], notation)

    def substituted(self, notation: Notation = PROGRAM) -> str:
        """Return the rule with the values of the nodes in place of their labels: `3*4^2`."""
        graph = self.formula_graph
        if graph is None:
            return ""
        if graph.outputs[0] < len(graph.variables):
            return notation.number(self.values[graph.variables[graph.outputs[0]]])
        names = {k: notation.number(self.values[name]) for k, name in enumerate(graph.variables)}
        return expression(graph, graph.outputs[0], notation, names)


@lru_cache(maxsize=1)  # of one edge, the formula and then the substituted one are asked for
def _made(rule: Callable[[], Graph]) -> Graph:
    return rule()


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


class SymbolicNodes(NamedTuple):
    """SymPy's derivative of each w_i and its value, beside the tangents.

    Attributes:
        wrt: the variables.
        found: label → (derivative, its value, derivative in LaTeX) for each variable.
    """

    wrt: tuple[str, ...]
    found: Mapping[str, Mapping[str, tuple[str, float | str, str]]]

    def node(self, label: str) -> dict[str, dict[str, float | str]]:
        """Return variable → derivative and value of one node."""
        rows = self.found.get(label, {})
        return {name: {"derivative": row[0], "value": row[1]} for name, row in rows.items()}

    def cells(self, label: str, *, latex: bool = False) -> list[str]:
        """Return the derivatives of one node, then their values, as text."""
        rows = [self.found.get(label, {}).get(name, ("", "", "")) for name in self.wrt]
        if not latex:
            values = [number(v) if isinstance(v, float) else v for _, v, _ in rows]
            return [text.replace("**", "^") for text, _, _ in rows] + values
        values = [latex_number(v) if isinstance(v, float) else word(v) for _, v, _ in rows]
        return [text for _, _, text in rows] + values


def word(text: str) -> str:
    """Return a word in LaTeX, upright; nothing stays nothing."""
    return rf"\text{{{text}}}" if text else ""


class Trace(NamedTuple):
    """The record of both sweeps at one point.

    Attributes:
        graph, at: the formula and the point.
        wrt: the variables differentiated with respect to.
        value, gradient: the answer.
        steps: one for each w_i.
        notes: departures from plain calculus.
    """

    graph: Graph
    at: Mapping[str, float]
    wrt: tuple[str, ...]
    value: float
    gradient: Mapping[str, float]
    steps: tuple[Step, ...]
    notes: tuple[Note, ...]
    symbolic: SymbolicNodes | None = None

    def operations(
        self, notation: Notation = PROGRAM, steps: Sequence[Step] | None = None
    ) -> tuple[str, ...]:
        """Return the operation of each step, or of some, over its operands' labels: `2*w3`."""
        names = {index: notation.name(label) for index, label in self.graph.named().items()}
        chosen = self.steps if steps is None else steps
        return tuple(expression(self.graph, step.node, notation, names) for step in chosen)
