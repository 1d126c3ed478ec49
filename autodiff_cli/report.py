"""Frozen results: what the engine found, as renderers, `--json` and the Python API read it.

Nothing here is text of a format: formulas are printed on demand in the renderer's notation.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache
from typing import TYPE_CHECKING, Any, NamedTuple

from autodiff_cli.engine.departures import Note
from autodiff_cli.engine.linearise import Value
from autodiff_cli.graph import Graph
from autodiff_cli.language.printer import PROGRAM, Notation, expression, latex_number, number

if TYPE_CHECKING:
    from autodiff_cli.verdicts import Verdict


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


class SymbolicRow(NamedTuple):
    """SymPy beside the derivative in one variable; lists where there are several points.

    Attributes:
        derivative: SymPy's formula, as SymPy prints it.
        value: its value: a float, or a word such as "complex" where there is no real number.
        difference: autodiff's number minus SymPy's, from 30 digits; None where one is missing.
        verdict: the worst of the verdicts at the points.
        verdicts: one for each point.
    """

    derivative: str
    value: float | str | list[float | str]
    difference: float | list[float | None] | None
    verdict: Verdict
    verdicts: tuple[Verdict, ...]


class Answer(NamedTuple):
    """What `grad` says: the value, the gradient, SymPy beside it, and the verdict.

    Attributes:
        expression: the text as typed.
        graph: the formula as read.
        at: the point as given: a float, or a list where there are several points.
        value, gradient: floats, or arrays with one number for each point.
        mode: the sweep that was used.
        symbolic: variable → SymPy's side, or None where it was skipped.
        verdict: the worst verdict.
        notes: departures from plain calculus, readings, and why SymPy was skipped.
        between: points that were written to a file and are not here, from the middle of them all.
    """

    expression: str
    graph: Graph
    at: Mapping[str, float | list[float]]
    value: Value
    gradient: Mapping[str, Value]
    mode: str
    symbolic: Mapping[str, SymbolicRow] | None
    verdict: Verdict
    notes: tuple[Note, ...]
    between: int = 0


class Entry(NamedTuple):
    """One derivative beyond the first, or one component of a product with the Hessian.

    Attributes:
        path: the variables that it is taken by, one after the other.
        value: a float, or an array with one number for each point.
        symbolic: SymPy's side, or None where it was skipped.
    """

    path: tuple[str, ...]
    value: Value
    symbolic: SymbolicRow | None


class Higher(NamedTuple):
    """What `hessian`, `hvp` and `grad --order` say.

    Attributes:
        expression, graph, at, value, gradient: as in an `Answer`.
        entries: the derivatives, row by row.
        direction: variable → component of the direction of a product, or None.
        verdict: the worst verdict.
        notes: departures from plain calculus, and why SymPy was skipped.
    """

    expression: str
    graph: Graph
    at: Mapping[str, float | list[float]]
    value: Value
    gradient: Mapping[str, Value]
    entries: tuple[Entry, ...]
    direction: Mapping[str, float] | None
    verdict: Verdict
    notes: tuple[Note, ...]


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
        names = {index: notation.name(label) for index, label in labelled(self.graph).items()}
        chosen = self.steps if steps is None else steps
        return tuple(expression(self.graph, step.node, notation, names) for step in chosen)

    def _repr_html_(self) -> str:
        from autodiff_cli.render.html import trace

        return trace(self)

    def _repr_latex_(self) -> str:
        from autodiff_cli.render.html import trace_latex

        return trace_latex(self)


class Saved(NamedTuple):
    """A value kept for backward: the label of its node, None for a constant, and the number(s)."""

    name: str | None
    value: float | list[float]


class Recorded(NamedTuple):
    """One operation that was recorded.

    Attributes:
        label: `w2`.
        node: its position in the graph.
        value: its number, or one a row.
        grad_fn: PyTorch's name for it.
        saved: what its derivative rules will need.
    """

    label: str
    node: int
    value: float | list[float]
    grad_fn: str
    saved: tuple[Saved, ...]


class Pass(NamedTuple):
    """One backward pass; gradients are numbers, lists of one a row, or None before the first.

    Attributes:
        number: from 1 up.
        seed: the weights given; None where none were.
        retained: whether the saved values were to be kept.
        zeroed: whether the gradients were set to 0 before.
        before, after: variable → gradient.
        added: variable → what the pass found; empty where it failed.
        freed: labels of the operations whose saved values this pass freed.
        error: why it failed, or None.
    """

    number: int
    seed: float | list[float] | None
    retained: bool
    zeroed: bool
    before: Mapping[str, Any]
    added: Mapping[str, Any]
    after: Mapping[str, Any]
    freed: tuple[str, ...]
    error: str | None


class Passes(NamedTuple):
    """What `backward` says.

    Attributes:
        expression, graph, at: the formula and the point.
        value: the result: a number, or one a row.
        shape: its shape, () for a number.
        grad_fn: PyTorch's name for the operation that made it, or None.
        recorded: what each operation saved, before the first pass.
        passes: those that were run; the first that fails is the last.
        times: how many were asked for.
        notes: departures from plain calculus, readings.
    """

    expression: str
    graph: Graph
    at: Mapping[str, float | list[float]]
    value: float | list[float]
    shape: tuple[int, ...]
    grad_fn: str | None
    recorded: tuple[Recorded, ...]
    passes: tuple[Pass, ...]
    times: int
    notes: tuple[Note, ...]


class Products(NamedTuple):
    """What `jacobian`, `vjp` and `jvp` say.

    Attributes:
        kind: the command.
        expressions, graph, at: the formulas and the point.
        wrt: the columns.
        values: one for each expression; arrays where there are several points, as in `rows`.
        rows: the Jacobian: for each expression variable → partial derivative; None if too large.
        mode, reason: the mode of the cheaper sweeps, and why, for the matrix.
        given: the seed (one weight an expression) or the direction (one number a variable).
        product: seed · J, one a variable, or J · direction, one an expression.
        notes: departures from plain calculus, readings.
        answers: for a Jacobian, each expression with SymPy beside it; () where it was not asked.
        verdict: of a Jacobian, the worst.
    """

    kind: str
    expressions: tuple[str, ...]
    graph: Graph
    at: Mapping[str, Value]
    wrt: tuple[str, ...]
    values: tuple[Value, ...]
    rows: tuple[Mapping[str, Value], ...] | None
    mode: str
    reason: str
    given: tuple[float, ...]
    product: tuple[float, ...]
    notes: tuple[Note, ...]
    answers: tuple[Answer, ...] = ()
    verdict: Verdict = "match"


def labelled(graph: Graph) -> dict[int, str]:
    """Return node → label for the nodes that have one."""
    return {index: label for index, label in enumerate(graph.labels()) if label}
