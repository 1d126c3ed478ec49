"""Derivatives with one rule written wrong: every rewrite of the catalogue at every node it fits.

The right derivative is one forward sweep over the table's rules, in a builder; a wrong one is the
same sweep with another formula at one node, or at all nodes where a student would do the same.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache

from autodiff_cli.engine.folding import fold
from autodiff_cli.engine.gradient_graph import is_zero_node, pass_edge
from autodiff_cli.engine.rules import written_over
from autodiff_cli.graph.constant import literal, named
from autodiff_cli.graph.graph import CONSTANT, VARIABLE, Builder, Graph
from autodiff_cli.language.parser import read
from autodiff_cli.ops import ADD, DIVIDE, MULTIPLY, NEGATE, POWER, SUBTRACT, find
from autodiff_cli.ops.row import ATOM, Operation
from autodiff_cli.teach.calculus import PIECES, outer
from autodiff_cli.teach.catalogue import SLIPS, Rewrite, Slip

#: Names that a rewrite may use.
NAMES = ("u", "v", "du", "dv", "c", "y", "x", "right", "slope", "slope_at_x", "slope_at_du")

#: Nodes that the wrong derivatives of one formula may have, all together.
MOST = 60_000

_LINEAR = (ADD, SUBTRACT, NEGATE, MULTIPLY)
_EXP, _LOGARITHMS = find("exp", 1), (find("log", 2), find("log2", 1), find("log10", 1))


#: What stands for the derivative of a node: made from the node and the derivatives so far.
Wrong = Callable[[int, Mapping[int, int]], int]


@cache
def template(text: str) -> Graph:
    """Return a rewrite of the catalogue as a graph."""
    return read([text], NAMES).graph


@dataclass(frozen=True, slots=True, kw_only=True)
class Application:
    """A slip made once.

    Attributes:
        slip: which.
        node: the node of the formula where; None where it is of the whole answer.
        place: the wrong derivative of the whole, a node of the builder.
        everywhere: whether it is made at all nodes alike; `node` is the first.
        consumer: of a slip on an edge, the node at its other end, else None.
    """

    slip: Slip
    node: int | None
    place: int
    everywhere: bool = False
    consumer: int | None = None


class Differentiation:
    """One formula's derivative by one variable, right and wrong, in one builder.

    Args:
        builder: has the variables of the graph first.
        graph: the formula.
        places: node of the formula → its node in the builder.
        name: the variable.
        tangents: where they are given, the derivatives of the operands of the node in question.

    Attributes:
        tangents: node of the formula → its right derivative, where it has one.
    """

    def __init__(
        self,
        builder: Builder,
        graph: Graph,
        places: Mapping[int, int] | Sequence[int],
        name: str,
        tangents: Mapping[int, int] | None = None,
    ) -> None:
        self.builder, self.graph, self.places, self.name = builder, graph, places, name
        self.variable = graph.variables.index(name)
        self.tangents = dict(tangents or {})
        if tangents is None:
            self.tangents = self.swept({})

    def zero(self) -> int:
        """Return the node of the number 0."""
        return self.builder.constant(literal("0"))

    def derivative(self, tangents: Mapping[int, int]) -> int:
        """Return the derivative of the result."""
        found = tangents.get(self.graph.outputs[0])
        return self.zero() if found is None else found

    def right(self, index: int, tangents: Mapping[int, int]) -> int | None:
        """Return the derivative of a node from those of its operands; None if it has none."""
        row, operands = self.graph.operations[index], self.graph.operands[index]
        if row is VARIABLE:
            return self.builder.constant(literal("1")) if index == self.variable else None
        here = tuple([self.places[operand] for operand in operands])
        terms = [
            pass_edge(self.builder, tangents[operand], row, k, here, self.places[index])
            for k, operand in enumerate(operands)
            if operand in tangents and row.rule(k)
        ]
        moving = [term for term in terms if not is_zero_node(self.builder, term)] or terms[:1]
        if len(moving) < 2:
            return moving[0] if moving else None
        return fold(self.builder, ADD, tuple(moving))

    def swept(self, wrong: Mapping[int, Wrong]) -> dict[int, int]:
        """Return the derivative of every node, with something else at some of them."""
        tangents, changed = dict(self.tangents), set[int]()
        for index in range(min(wrong, default=0), len(self.graph)):
            found: int | None = None
            if index in wrong:
                found = wrong[index](index, tangents)
            elif not self.tangents or not changed.isdisjoint(self.graph.operands[index]):
                found = self.right(index, tangents)
            if found is not None:
                tangents[index] = found
                changed.add(index)
        return tangents

    def rewritten(self, rewrite: Rewrite) -> Wrong:
        """Return what a rewrite makes of the derivative of a node."""
        text = template(rewrite.wrong)

        def wrong(index: int, tangents: Mapping[int, int]) -> int:
            stand = self._names(index, tangents, text.variables)
            return written_over(self.builder, text, stand)[text.outputs[0]]

        return wrong

    def without(self, operand: int) -> Wrong:
        """Return what is left of the derivative of a sum without that of one term."""

        def wrong(index: int, tangents: Mapping[int, int]) -> int:
            fewer = {node: place for node, place in tangents.items() if node != operand}
            found = self.right(index, fewer)
            return self.zero() if found is None else found

        return wrong

    def _names(
        self, index: int, tangents: Mapping[int, int], wanted: Sequence[str]
    ) -> dict[str, int]:
        """Return what the names of a rewrite stand for at a node, those that are wanted."""
        builder, row = self.builder, self.graph.operations[index]
        operands = self.graph.operands[index]
        moving = [k for k, operand in enumerate(operands) if operand in tangents and row.rule(k)]
        first, second = (1, 0) if moving == [1] and row is not DIVIDE else (0, 1)
        if row is ADD and moving:
            first, second = moving[0], moving[-1]
        found = {"y": self.places[index], "x": self.places[self.variable]}
        for name, k in (("u", first), ("v", second)):
            if k < len(operands):
                found[name] = self.places[operands[k]]
                found[f"d{name}"] = tangents.get(operands[k], -1)
        if len(moving) == 1 and len(operands) == 2:
            found["c"] = self.places[operands[1 - moving[0]]]
        if row is _EXP:
            found["v"] = builder.constant(named("e"))
        if "right" in wanted:
            right = self.right(index, tangents)
            found["right"] = self.zero() if right is None else right
        for name, at in (("slope", None), ("slope_at_x", found["x"]), ("slope_at_du", None)):
            if name in wanted:
                at = tangents[operands[moving[0]]] if name == "slope_at_du" else at
                found[name] = self.slope(index, moving[0], at)
        return {k: self.zero() if n == -1 else n for k, n in found.items()}

    def slope(self, index: int, position: int, at: int | None = None) -> int:
        """Return the slope of a node by one operand, at another place if one is given."""
        row = self.graph.operations[index]
        here = [self.places[operand] for operand in self.graph.operands[index]]
        if at is None:
            return outer(self.builder, row, position, tuple(here), self.places[index])
        here[position] = at
        result = self.builder.apply(row, tuple(here))
        return outer(self.builder, row, position, tuple(here), result)

    def kinds(self, index: int) -> Iterator[str]:
        """Yield the kinds of node that one is, as the catalogue calls them."""
        graph, row, operands = self.graph, self.graph.operations[index], self.graph.operands[index]
        if row is VARIABLE:
            if index != self.variable:
                yield "other variable"
            return
        moving = [k for k, n in enumerate(operands) if n in self.tangents and row.rule(k)]
        if not moving:
            return
        if row.precedence == ATOM:
            yield row.name
        fixed = [n for k, n in enumerate(operands) if k not in moving]
        if row in _LINEAR or row is DIVIDE:
            yield from _arithmetic(row, moving)
            if row in (ADD, SUBTRACT) and any(graph.operations[n] is CONSTANT for n in fixed):
                yield "constant term"
                taken = row is SUBTRACT and moving == [0]
                yield "constant subtracted" if taken else "constant added"
            if row is MULTIPLY and fixed and graph.operations[fixed[0]] is CONSTANT:
                yield "constant factor"
        elif row is POWER and len(moving) > 1:
            yield "general power"
        elif row is POWER or row is _EXP:
            yield "raised" if moving == [0] and row is POWER else "exponential"
        elif row in _LOGARITHMS and moving == [0]:
            yield "logarithm"
        inner = operands[moving[0]]
        plain = row in _LINEAR or row.law == PIECES or (row is DIVIDE and moving == [0])
        if len(moving) == 1 and not plain and inner >= len(graph.variables):
            yield "composite"

    def applications(self) -> Iterator[Application]:
        """Yield every slip of calculus at every node where it can be made, then everywhere."""
        sites: dict[str, list[int]] = {}
        for index in range(len(self.graph)):
            for kind in self.kinds(index):
                sites.setdefault(kind, []).append(index)
        for slip in SLIPS.values():
            for rewrite in slip.rewrites:
                nodes, wrong = sites.get(rewrite.of, []), self.rewritten(rewrite)
                for chosen in [[node] for node in nodes] + [nodes] * (len(nodes) > 1):
                    yield self._made(slip, dict.fromkeys(chosen, wrong))
        for index in sites.get("sum", []):
            for operand in self.graph.operands[index]:
                yield self._made(SLIPS["term-left-out"], {index: self.without(operand)})

    def _made(self, slip: Slip, wrong: Mapping[int, Wrong]) -> Application:
        """Return a slip made at some nodes, or the right derivative where there are too many."""
        tangents = self.tangents
        if len(self.builder.operations) <= MOST:
            tangents = self.swept(wrong)
        return Application(
            slip=slip,
            node=min(wrong),
            place=self.derivative(tangents),
            everywhere=len(wrong) > 1,
        )


def _arithmetic(row: Operation, moving: Sequence[int]) -> Iterator[str]:
    """Yield the kinds of a sum, a difference, a product or a quotient."""
    if row in (ADD, SUBTRACT) and len(moving) > 1:
        yield "sum"
    if row is SUBTRACT and 1 in moving:
        yield "difference"
    elif row is NEGATE:
        yield "opposite"
    elif row is MULTIPLY:
        yield "product" if len(moving) > 1 else "multiple"
    elif row is DIVIDE:
        if 1 not in moving:
            yield "divisor"
            return
        yield "quotient"
        yield "fraction" if len(moving) > 1 else "reciprocal"
