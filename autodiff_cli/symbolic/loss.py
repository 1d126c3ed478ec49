"""Where float64 loses the digits of an output, and through which node it has no number."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction
from functools import cached_property
from typing import Any

from mpmath import mp

from autodiff_cli.engine.rounding import errors
from autodiff_cli.errors import shortened
from autodiff_cli.graph.graph import CONSTANT, VARIABLE, Graph
from autodiff_cli.graph.printer import expression
from autodiff_cli.ops import WHERE
from autodiff_cli.symbolic.arithmetic import Arithmetic
from autodiff_cli.symbolic.ball import is_infinite, is_real
from autodiff_cli.symbolic.recomputation import node_values

#: Errors up to so many times the bound's first order are rounding's.
SLACK = 4.0

#: Binary digits in which nodes are compared with float64's.
ENOUGH = 1200


def missing(
    graph: Graph, output: int, at: Mapping[str, float], formula: Graph
) -> tuple[int | None, str]:
    """Return the node through which an output has no number, as `Loss.place` does."""
    end = graph.outputs[output]
    exact = {name: Fraction(value) for name, value in at.items()}
    with mp.workprec(ENOUGH):
        walk = Arithmetic(ENOUGH, last=True)
        found = node_values(graph, sorted(graph.below([end])), exact, walk)
    if not _is_missing(found[end]):
        return None, ""
    through: int | None = end
    while through is not None:
        end = through
        through = next((k for k in _read(graph, end, found) if _is_missing(found[k])), None)
    node = identities(formula, graph).get(end)
    return node, "" if node is not None else shortened(expression(graph, end))


def _is_missing(ball: Any) -> bool:
    """Tell whether a node has no finite number, or none that is real."""
    if isinstance(ball, bool):
        return False
    return isinstance(ball, ArithmeticError) or is_infinite(ball) or not is_real(ball)


def taken(graph: Graph, end: int, exact: Mapping[int, Any]) -> Iterator[int]:
    """Yield the nodes below one that its value is made of: of branches the one that holds."""
    todo, met = [end], {end}
    while todo:
        index = todo.pop()
        yield index
        for operand in _read(graph, index, exact):
            if operand not in met:
                met.add(operand)
                todo.append(operand)


def _read(graph: Graph, index: int, exact: Mapping[int, Any]) -> Sequence[int]:
    """Return the operands that a node's value is read from."""
    operands = graph.operands[index]
    if graph.operations[index] is WHERE and not _is_missing(exact[operands[0]]):
        return operands[0], operands[1] if exact[operands[0]] else operands[2]
    return operands


class Loss:
    """Where float64 loses digits in a graph at a point.

    Args:
        graph: the formula, or derivatives of it.
        at: the point.
        formula: the formula.
    """

    def __init__(self, graph: Graph, at: Mapping[str, float], formula: Graph) -> None:
        self.graph, self.at, self.formula = graph, at, formula
        self.values, self.bounds = errors(graph, at)

    def by_rounding(self, number: float, reference: str, output: int) -> bool:
        """Tell whether float64's rounding explains how far a number is off.

        Args:
            number: what autodiff answered.
            reference: what it should be, as text.
            output: which of the graph's outputs it is.
        """
        place = self.graph.outputs[output]
        wanted, own = float(reference), self.values[place]
        if not math.isfinite(own):  # another road may have a finite number: as far off as that
            return self._made_by_rounding(place)
        if not math.isfinite(number):  # a sweep met what this graph leaves out: a branch not taken
            return False
        if math.isinf(wanted):  # no float is near: rounding explains it if it leaves no digit
            return not SLACK * self.bounds[place] < abs(own)
        allowed = SLACK * self.bounds[place]
        return not abs(number - wanted) > max(allowed, abs(own - wanted))

    def _made_by_rounding(self, place: int) -> bool:
        """Tell whether every node below one that has no finite float has a number all the same.

        A node whose operands have none already is not asked, nor a branch that is not taken.
        """
        for index in taken(self.graph, place, self._exactly):
            below = [self.values[operand] for operand in self.graph.operands[index]]
            if math.isfinite(self.values[index]) or not all(map(math.isfinite, below)):
                continue
            if _is_missing(self._exactly[index]):
                return False
        return True

    def place(self, output: int) -> tuple[int | None, str]:
        """Return where most digits of an output go.

        Returns:
            The node of the formula, or None where it is a node of the derivative alone; and then
            its text.
        """
        end = self.graph.outputs[output]
        best, where = 0.0, end
        for index in sorted(self.graph.below([end])):
            operands = self.graph.operands[index]
            if operands and self._lost[index] >= 1e-3 * self._lost[end]:
                before = max(self._lost[operand] for operand in operands)
                gain = self._lost[index] / max(before, 2.0**-53)
                if gain > 1.5 * best:
                    best, where = gain, index
        node = self._same.get(where)
        return node, "" if node is not None else shortened(expression(self.graph, where))

    @cached_property
    def _same(self) -> dict[int, int]:
        return identities(self.formula, self.graph)

    @cached_property
    def _lost(self) -> list[float]:
        """How far each node is off, as a share of its number."""
        with mp.workprec(ENOUGH):
            walk = Arithmetic(ENOUGH, last=True)
            found = self._exactly
            return [_share(value, found[k], walk) for k, value in enumerate(self.values)]

    @cached_property
    def _exactly(self) -> dict[int, Any]:
        """Each node in more digits."""
        exact = {name: Fraction(value) for name, value in self.at.items()}
        with mp.workprec(ENOUGH):
            walk = Arithmetic(ENOUGH, last=True)
            return node_values(self.graph, range(len(self.graph)), exact, walk)


def _share(value: Any, ball: Any, walk: Arithmetic) -> float:
    """Return how far a float is off, as a share of the number; of a condition, 1 if turned."""
    if isinstance(ball, ArithmeticError) or isinstance(value, bool) or isinstance(ball, bool):
        return float(isinstance(ball, bool) and bool(value) != ball)
    if not math.isfinite(value):
        return 1.0
    middle = ball.middle
    if isinstance(middle, Fraction):
        middle = walk.rounded(ball).middle
    if middle == 0:
        return 0.0 if value == 0 else 1.0
    return float(min(abs((value - middle) / middle), 1))


def identities(formula: Graph, graph: Graph) -> dict[int, int]:
    """Return node of a graph → the same computation in the formula, for those that are there."""
    keys: dict[Any, int] = {}

    def numbered(one: Graph) -> list[int]:
        found: list[int] = []
        for node, operation in enumerate(one.operations):
            key: Any = (operation.name, *[found[k] for k in one.operands[node]])
            if operation is VARIABLE:
                key = one.variables[node]
            elif operation is CONSTANT:
                key = one.constants[node].exact
            found.append(keys.setdefault(key, len(keys)))
        return found

    own = {number: node for node, number in reversed(list(enumerate(numbered(formula))))}
    return {k: own[number] for k, number in enumerate(numbered(graph)) if number in own}
