"""Taylor arithmetic: the series of every node along a line, in one propagation order by order.

Sums, products and quotients are series arithmetic. Every other row follows from its own rule,
y' = rule(a, y)·a', integrated: the rule is written into the graph, and its rows follow likewise.
Griewank & Walther, Evaluating Derivatives (2nd ed.), chapter 13.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from autodiff_cli.engine import rules
from autodiff_cli.engine.folding import fold, is_zero
from autodiff_cli.engine.series import (
    Number,
    Numbers,
    Recurrence,
    Series,
    integral,
    linear,
    product,
    quotient,
    same,
)
from autodiff_cli.graph.graph import CONSTANT, VARIABLE, Builder, Graph
from autodiff_cli.graph.printer import constant_text
from autodiff_cli.limits import exceeded, limit
from autodiff_cli.ops import (
    ADD,
    COMPARISONS,
    DIVIDE,
    MULTIPLY,
    NEGATE,
    POWER,
    SUBTRACT,
    WHERE,
)
from autodiff_cli.ops.row import OPERANDS, Operation

#: Whole powers up to this are products: then x^50 ends with its fiftieth coefficient.
MOST_FACTORS = 64

_EQUAL = COMPARISONS["=="]


class Propagation:
    """The series of the nodes of a graph along a line through a point.

    Args:
        graph: the graph.
        at: the value of every variable.
        direction: variable → how fast it moves; the others stand still.
        order: the highest order that is wanted.
        numbers: what coefficients are made of.

    Attributes:
        outputs: for each output its coefficients, up to the last that is not absent.

    Raises:
        LimitError: the rules of the nodes, written out, have more nodes than the limit.
    """

    def __init__(
        self,
        graph: Graph,
        at: Mapping[str, Number],
        direction: Mapping[str, Number],
        order: int,
        numbers: Numbers,
    ) -> None:
        self._numbers = numbers
        self._builder = Builder(graph.variables)
        self._values: list[Any] = [at[name] for name in graph.variables]
        self._moves: list[bool] = [name in direction for name in graph.variables]
        self._series: dict[int, Series] = {
            place: Series(at[name], direction[name])
            for place, name in enumerate(graph.variables)
            if name in direction
        }
        places = list(range(len(graph.variables)))
        for index in range(len(places), len(graph)):
            places.append(self._builder.copy(graph, index, places))
            self._compute()
        ends = [places[output] for output in graph.outputs]
        self._sweep(self._expanded(ends, order), order)
        self.outputs: list[list[Number]] = [self._of(end).terms for end in ends]

    def _compute(self) -> None:
        """Compute the value of each node that the builder has got since."""
        builder = self._builder
        for index in range(len(self._values), len(builder.operations)):
            self._values.append(self._value(index))
            self._moves.append(any(self._moves[operand] for operand in builder.operands[index]))

    def _value(self, index: int) -> Any:
        """Return the value of a node whose operands have theirs."""
        operation = self._builder.operations[index]
        if operation is CONSTANT:
            return self._numbers.constant(self._builder.constants[index])
        below = [self._values[operand] for operand in self._builder.operands[index]]
        return self._numbers.value(operation, below)

    def _of(self, node: int) -> Series:
        """Return the series of a node, as far as it is known."""
        known = self._series.get(node)
        if known is None:
            known = self._series[node] = Series(self._values[node])
        return known

    def _expanded(self, ends: Sequence[int], order: int) -> list[tuple[int, int, Recurrence]]:
        """Return the nodes that move, each with the highest order that is needed of it.

        A rule is needed up to one order less than its row is. Equal nodes are shared, so that the
        sine and the cosine of a node are each other's rule, and the expansion ends.
        """
        needed: dict[int, int] = {}
        below: dict[int, tuple[list[int], list[int]]] = {}
        found: dict[int, Recurrence] = {}
        todo = [(end, order) for end in ends]
        while todo:
            node, wanted = todo.pop()
            variable = node < len(self._builder.variables)
            if variable or not self._moves[node] or wanted <= needed.get(node, 0):
                continue
            needed[node] = wanted
            if node not in found:
                found[node], *parts = self._recurrence(node)
                below[node] = parts[0], parts[1]
                if len(self._values) > 8 * limit("operations"):
                    raise exceeded("operations", "ask for fewer orders, or ")
            operands, written = below[node]
            todo += [(operand, wanted) for operand in operands]
            todo += [(rule, wanted - 1) for rule in written]
        there = {node: parts for node, (parts, _) in below.items()}
        return [(node, needed[node], found[node]) for node in _operands_first(there)]

    def _sweep(self, nodes: Sequence[tuple[int, int, Recurrence]], order: int) -> None:
        """Find order after order: operands come first, and rules are known one order below."""
        zero = self._numbers.zero
        for current in range(1, order + 1):
            for node, needed, recurrence in nodes:
                if current <= needed:
                    term = recurrence(current)
                    if term is not None:
                        self._series[node].append(current, term, zero)

    def _recurrence(self, node: int) -> tuple[Recurrence, list[int], list[int]]:
        """Return what finds a node's coefficients, the nodes it takes, and the rules it takes."""
        operation, operands = self._builder.operations[node], self._builder.operands[node]
        series = [self._of(operand) for operand in operands]
        own, below = self._of(node), list(operands)
        if operation is ADD:
            return linear([(one, 1.0) for one in series]), below, []
        if operation is SUBTRACT:
            return linear([(series[0], 1.0), (series[1], -1.0)]), below, []
        if operation is NEGATE:
            return linear([(series[0], -1.0)]), below, []
        if operation is MULTIPLY:
            return product(series[0], series[1], self._numbers.zero), below, []
        if operation is DIVIDE:
            return quotient(series[0], series[1], own, self._numbers), below, []
        if operation is POWER:
            factors = self._factors(*operands)
            if factors is not None:
                return same(self._of(factors)), [factors], []
        moving = [place for place, operand in enumerate(operands) if self._moves[operand]]
        written = [
            (self._rule(node, place), operands[place]) for place in moving if operation.rule(place)
        ]
        edges = [
            (None if rule is None else self._of(rule), self._of(operand))
            for rule, operand in written
        ]
        rules_of = [rule for rule, _ in written if rule is not None]
        return integral(edges, self._numbers), below, rules_of

    def _factors(self, base: int, exponent: int) -> int | None:
        """Return a whole power as products, by repeated squares; None for any other."""
        constant = self._builder.constants.get(exponent)
        if constant is None or not 2 <= constant.value <= MOST_FACTORS:
            return None
        if not constant.value.is_integer():
            return None
        left, square, found = int(constant.value), base, None
        while True:
            if left % 2:
                found = square if found is None else self._apply(MULTIPLY, (found, square))
            left //= 2
            if not left:
                return found
            square = self._apply(MULTIPLY, (square, square))

    def _apply(self, operation: Operation, operands: tuple[int, ...]) -> int:
        node = self._builder.apply(operation, operands)
        self._compute()
        return node

    def _rule(self, node: int, position: int) -> int | None:
        """Write the rule of an operand, and return its node; None where a literal 0 blocks it.

        Each `where` is the branch that holds at the point.
        """
        operation, operands = self._builder.operations[node], self._builder.operands[node]
        text = rules.formula((operation.series or operation.rules)[position])
        stand = dict(zip(OPERANDS, operands, strict=False)) | {"y": node}
        places: list[int] = []
        blocks: list[bool] = []
        for index, row in enumerate(text.operations):
            below = tuple([places[k] for k in text.operands[index]])
            block = False
            if row is VARIABLE:
                place = stand[text.variables[index]]
            elif row is CONSTANT:
                constant = text.constants[index]
                place = self._builder.constant(constant, constant_text(text, index))
                block = is_zero(text, index)
            elif row is WHERE:
                branch = self._branch(text, index, places, blocks)
                place, block = places[branch], blocks[branch]
            elif row is POWER and operation is POWER and below[0] == operands[0]:
                place = self._lower(node, below[0], below[1])
            else:
                place = fold(self._builder, row, below, exact=True)
            self._compute()
            places.append(place)
            blocks.append(block)
        end = text.outputs[0]
        return None if blocks[end] else places[end]

    def _branch(
        self, text: Graph, index: int, places: Sequence[int], blocks: Sequence[bool]
    ) -> int:
        """Return the branch of a rule's `where` that holds at the point.

        An equality selects a point of a formula that holds around it: its 0 is that formula where
        that has the value 0 too, and moves with it (a^b by a, where b passes 0).
        """
        condition, first, second = text.operands[index]
        if not self._numbers.holds(self._values[places[condition]]):
            return second
        equal = text.operations[condition] is _EQUAL and self._moves[places[condition]]
        if equal and blocks[first] and self._is_zero(places[second]):
            return second
        return first

    def _is_zero(self, node: int) -> bool:
        zero = self._numbers.zero
        return self._numbers.holds(self._numbers.value(_EQUAL, (self._values[node], zero)))

    def _is_finite(self, node: int) -> bool:
        """Tell whether a value less itself is 0."""
        value, numbers = self._values[node], self._numbers
        gap = numbers.value(SUBTRACT, (value, value))
        return numbers.holds(numbers.value(_EQUAL, (gap, numbers.zero)))

    def _lower(self, node: int, base: int, exponent: int) -> int:
        """Return a^(b − 1), which the rule of a power y asks for: y/a, where that is a number."""
        regular = not self._is_zero(base) and not self._is_zero(node)
        if not (regular and self._is_finite(node) and self._is_finite(base)):
            return fold(self._builder, POWER, (base, exponent), exact=True)
        return fold(self._builder, DIVIDE, (node, base), exact=True)


def _operands_first(below: Mapping[int, Sequence[int]]) -> list[int]:
    """Return the nodes that have entries, each after those of the nodes that it names."""
    found: dict[int, None] = {}
    for start in below:
        stack = [start]
        while stack:
            waiting = [node for node in below[stack[-1]] if node in below and node not in found]
            if waiting:
                stack += waiting
            else:
                found[stack.pop()] = None
    return list(found)
