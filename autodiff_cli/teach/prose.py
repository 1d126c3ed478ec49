"""Sentences with mathematics in them, which every format writes in signs of its own.

A sentence is parts: words, formulas, and signs such as the adjoint of w3. `plain` is the sentence
as program text, for JSON and for who reads without a format.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from autodiff_cli.graph.graph import Graph
from autodiff_cli.graph.printer import PROGRAM, expression
from autodiff_cli.graph.printer import number as shortest


@dataclass(frozen=True, slots=True, kw_only=True)
class Written:
    """A node of a graph as a formula.

    Attributes:
        graph, node: what is written.
        labels: node → what is written in its place: a label, w3, or a number.
        standing: node → the variable by which, and the formula of which, a derivative stands there.
        several: whether such a derivative is one of several.
    """

    graph: Graph
    node: int
    labels: Mapping[int, str | float] = field(default_factory=dict)
    standing: Mapping[int, tuple[str, Written]] = field(default_factory=dict)
    several: bool = False

    @property
    def plain(self) -> str:
        """The formula as program text."""
        if self.node in self.standing:
            return self._stands(self.node)
        names = {node: self._stands(node) for node in self.standing}
        for node, label in self.labels.items():
            names[node] = label if isinstance(label, str) else shortest(label)
        return expression(self.graph, self.node, PROGRAM, names)

    def _stands(self, node: int) -> str:
        by, inside = self.standing[node]
        return f"d/d{by}[{inside.plain}]"


@dataclass(frozen=True, slots=True)
class Sign:
    """A sign for a number, a name or a derivative: a method of a format's signs, and its words.

    Attributes:
        kind: "label", "tangent", "adjoint", "local", "slope", "prime", "function", "name" or
            "number".
        of: what it is a sign of: a name, a label, or the number.
        by: the variable or node by which is differentiated, or "".
    """

    kind: str
    of: str | float
    by: str = ""

    @property
    def plain(self) -> str:
        """The sign in letters that every keyboard has."""
        if isinstance(self.of, float):
            return shortest(self.of)
        return _PLAIN[self.kind].format(of=self.of, by=self.by)


_PLAIN = {
    "label": "{of}", "name": "{of}", "tangent": "dot {of}", "adjoint": "bar {of}",
    "local": "d{of}/d{by}", "slope": "d{of}/d{by}", "prime": "{of}'({by})",
    "function": "{of}({by})",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Joined:
    """Mathematics side by side, with the same between each two: the sides of an equation."""

    parts: tuple[Mathematics, ...]
    between: str = " = "

    @property
    def plain(self) -> str:
        """The parts as program text."""
        return joined([part.plain for part in self.parts], self.between)


Mathematics = Written | Sign | Joined

#: Digits of a number that is computed, more than are asked for.
SEEN = 6

#: Prose and mathematics, to be read one after the other.
Prose = tuple[str | Mathematics, ...]


def joined(texts: Sequence[str], between: str) -> str:
    """Return texts side by side; after a sign of arithmetic what has a minus is bracketed."""
    if between.strip() in ("=", ","):
        return between.join(texts)
    rest = [f"({text})" if text.startswith("-") else text for text in texts[1:]]
    return between.join([*texts[:1], *rest])


def plain(prose: Prose) -> str:
    """Return a sentence as program text."""
    return "".join(part if isinstance(part, str) else part.plain for part in prose)


def number(value: float) -> Sign:
    """Return a number, with the digits that a student wants to see."""
    return Sign("number", seen(value))


def seen(value: float) -> float:
    """Return a number with those digits."""
    return float(f"{value:.{SEEN}g}")


def equals(*parts: Mathematics) -> Joined:
    """Return the sides of an equation."""
    return Joined(parts)


def whole(graph: Graph) -> Joined:
    """Return f(x, y) = its formula."""
    return equals(Sign("function", graph.called, ", ".join(graph.variables)), formula(graph))


def formula(graph: Graph) -> Written:
    """Return the formula of a graph."""
    return Written(graph=graph, node=graph.outputs[0])


def place(at: Mapping[str, float]) -> Joined:
    """Return x = 4, y = 2."""
    sides = [equals(Sign("name", name), number(value)) for name, value in at.items()]
    return Joined(tuple(sides), ", ")


def slope(graph: Graph, by: str) -> Sign:
    """Return f′(x), or of several variables ∂f/∂x."""
    kind = "prime" if len(graph.variables) == 1 else "slope"
    return Sign(kind, graph.called, by)
