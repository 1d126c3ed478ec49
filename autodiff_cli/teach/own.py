"""Both sweeps over a formula with somebody's own numbers, and own lines, in place of some nodes.

With none it is the truth. All numbers are arrays: the point that was asked about comes first, then
points by which functions are told apart.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from autodiff_cli.engine import arrays
from autodiff_cli.engine.rules import BLOCKED
from autodiff_cli.graph.graph import CONSTANT, VARIABLE, Graph
from autodiff_cli.ops.row import OPERANDS
from autodiff_cli.teach.quantity import DIRECTION, Expression, Quantity

#: Node → each node that it is made from, with the partial on the way.
Edges = Mapping[int, Sequence[tuple[int, Any]]]


class Sweeps:
    """Values and derivatives of all nodes, from what somebody wrote where it differs.

    Args:
        graph: the formula.
        at: variable → an array, one number a point.

    Attributes:
        lines: node → the expression from which it is made here; nodes beyond those of the graph
            are somebody's own.
        numbers: quantity → the array that stands in its place.
        direction: variable → its tangent, where all move along a direction.
    """

    def __init__(self, graph: Graph, at: Mapping[str, Any]) -> None:
        self.graph, self.at = graph, at
        self.lines: dict[int, Expression] = {}
        self.numbers: dict[Quantity, Any] = {}
        self.direction: dict[int, float] = {}
        self._values: dict[int, Any] | None = None
        self._edges: dict[int, list[tuple[int, Any]]] = {}
        self._tangents: dict[int, dict[int, Any]] = {}
        self._adjoints: dict[int, dict[int, Any]] = {}

    def change(self) -> None:
        """Forget what was computed: a line or a number has changed."""
        self._values = None
        self._tangents, self._adjoints = {}, {}

    def nodes(self) -> list[int]:
        """Return all nodes, each after those that it is made from."""
        count = len(self.graph)
        found: dict[int, None] = {}
        waiting: set[int] = set()
        todo = list(reversed([*range(count), *[k for k in self.lines if k >= count]]))
        while todo:
            node = todo[-1]
            needed = [k for k in self._operands(node) if k not in found]
            if node in found or not needed or node in waiting:
                found.setdefault(todo.pop())
            else:
                waiting.add(node)
                todo += needed
        return list(found)

    def reached(self, nodes: Iterable[int]) -> set[int]:
        """Return nodes and all that they are made from."""
        found, todo = set[int](), list(nodes)
        while todo:
            node = todo.pop()
            if node not in found:
                found.add(node)
                todo += self._operands(node)
        return found

    def _operands(self, node: int) -> Sequence[int]:
        if node in self.lines:
            return [quantity.of for quantity in self.lines[node].quantities.values()]
        return self.graph.operands[node]

    def values(self) -> dict[int, Any]:
        """Return the value of every node."""
        if self._values is None:
            self._values, self._edges = {}, {}
            with arrays.quiet():
                for node in self.nodes():
                    self._take(node, self._values)
        return self._values

    def _take(self, node: int, values: dict[int, Any]) -> None:
        """Compute a node and the partials to what it is made from."""
        import numpy

        graph, line = self.graph, self.lines.get(node)
        own = self.numbers.get(Quantity(node))
        if line is not None:
            given = {q: values.get(q.of, numpy.nan) for q in line.quantities.values()}
            value = line.evaluated(given)
            slopes = {q.of: slope for q, slope in line.partials(given).items()}
            self._edges[node] = list(slopes.items())
            values[node] = value if own is None else own
            return
        row = graph.operations[node]
        if row is VARIABLE:
            value = self.at[graph.variables[node]]
        elif row is CONSTANT:
            value = graph.constants[node].value
        else:
            here = [values[k] for k in graph.operands[node]]
            value = arrays.value(row)(*here)
        values[node] = value if own is None else own
        edges: list[tuple[int, Any]] = []
        if graph.dependent[node] and row is not VARIABLE:
            plan = arrays.array_rules(row) * (len(here) if row.variadic else 1)
            padding = [0.0] * (len(OPERANDS) - len(here))
            for operand, rule in zip(graph.operands[node], plan, strict=True):
                if rule is not None and graph.dependent[operand]:
                    slope = rule(*here, *padding, values[node]) if callable(rule) else rule
                    edges.append((operand, 0.0 if slope is BLOCKED else 1.0 * slope))
        self._edges[node] = edges

    def edges(self) -> Edges:
        """Return each node's edges to what it is made from, with the partials."""
        self.values()
        return self._edges

    def tangents(self, by: int) -> dict[int, Any]:
        """Return the derivative of every node by one node, or along the direction."""
        if by not in self._tangents:
            found = self._tangents[by] = dict[int, Any]()
            for node in self.nodes():
                own = self.numbers.get(Quantity(node, by))
                found[node] = self._tangent(node, by, found) if own is None else own
        return self._tangents[by]

    def _tangent(self, node: int, by: int, tangents: Mapping[int, Any]) -> Any:
        if by == DIRECTION and node < len(self.graph.variables):
            return self.direction.get(node, 1.0)
        if node == by:
            return 1.0
        with arrays.quiet():
            terms = [p * tangents.get(k, 0.0) for k, p in self.edges()[node]]
        return sum(terms[1:], terms[0]) if terms else 0.0

    def adjoints(self, of: int) -> dict[int, Any]:
        """Return the derivative of one node by every node."""
        if of not in self._adjoints:
            found = self._adjoints[of] = dict[int, Any]()
            sums: dict[int, Any] = {of: 1.0}
            for node in reversed(self.nodes()):
                own = self.numbers.get(Quantity(of, node))
                found[node] = sums.get(node, 0.0) if own is None else own
                with arrays.quiet():
                    for operand, partial in self.edges()[node]:
                        sums[operand] = sums.get(operand, 0.0) + found[node] * partial
        return self._adjoints[of]

    def quantity(self, one: Quantity) -> Any:
        """Return a value or a derivative as an array, the own one where there is one."""
        import numpy

        found: Any
        if one.by is None:
            found = self.values()[one.of]
        else:
            own = self.numbers.get(Quantity(one.of, one.by))
            found = self.expected(one)[0] if own is None else own
        return numpy.broadcast_to(found, self.count).astype(float)

    @property
    def count(self) -> int:
        """How many points there are."""
        return len(next(iter(self.at.values()), ())) or 1

    def expected(self, one: Quantity) -> list[Any]:
        """Return what the right rule gives for a quantity, from what it is made of.

        Of a derivative there are two: by what it is made from, and by what is made from it.
        """
        import numpy

        if one.by is None:
            kept = self.numbers.pop(Quantity(one.of), None)
            line = self.lines.pop(one.of, None) if one.of < len(self.graph) else None
            self.change()
            found = [self.values()[one.of]]
            if kept is not None:
                self.numbers[Quantity(one.of)] = kept
            if line is not None:
                self.lines[one.of] = line
            self.change()
        else:
            kept = self.numbers.pop(Quantity(one.of, one.by), None)
            if kept is not None:
                self.change()
            forward = self.tangents(one.by)[one.of]
            found = [forward]
            if one.by != DIRECTION:
                reverse = self.adjoints(one.of)[one.by]
                found = [reverse, forward] if one.back else [forward, reverse]
            if kept is not None:
                self.numbers[Quantity(one.of, one.by)] = kept
                self.change()
        return [numpy.broadcast_to(each, self.count).astype(float) for each in found]

    def evaluated(self, expression: Expression) -> Any:
        """Return an expression's numbers with what stands here for its quantities."""
        import numpy

        given = {q: self.quantity(q) for q in expression.quantities.values()}
        found = expression.evaluated(given)
        return numpy.broadcast_to(found, self.count).astype(float)
