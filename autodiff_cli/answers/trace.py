"""What `trace` says: one step for each w_i, and SymPy's derivatives of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from autodiff_cli.engine.record import Step
from autodiff_cli.graph.graph import Graph
from autodiff_cli.graph.printer import PROGRAM, Notation, expression, latex_number, number
from autodiff_cli.notes.departures import Note


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
