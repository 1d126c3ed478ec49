"""The sweep again as another library would run it, or as another rounding would.

A difference between autodiff and a library counts as explained when a sweep with that library's
named departures, and nothing else changed, gives that library's numbers.
"""

from __future__ import annotations

import math
import random
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from autodiff_cli.engine import rules
from autodiff_cli.engine.linearise import scalar_rules
from autodiff_cli.engine.reverse import sweep
from autodiff_cli.graph.graph import CONSTANT, Graph
from autodiff_cli.ops import OPERATIONS
from autodiff_cli.ops.row import COMPARISON, OPERANDS, Operation

#: Below this, float64 loses digits one by one.
NORMAL = 2.0**-1022

#: Rows whose slope is chosen by a comparison.
PIECEWISE = tuple(
    row
    for row in OPERATIONS
    if row.name in ("abs", "sign", "floor", "ceil") or any("where" in rule for rule in row.rules)
)


#: Rows that are exact on whole numbers. Without this b - 1 would leave the whole exponents, and
#: the power of a negative base would have no value.
EXACT = ("add", "subtract", "negate", "multiply")


def _rounded(operation: Operation, arguments: Sequence[float], value: float) -> bool:
    """Tell whether a value may carry a rounding."""
    if not value or not math.isfinite(value):
        return False
    whole = operation.name in EXACT and all(map(float.is_integer, map(float, arguments)))
    return not (whole and abs(value) < 2**53)


def anywhere(a: float, b: float, y: float) -> bool:
    """Hold at every point."""
    return True


@dataclass(frozen=True)
class Departure:
    """One thing that a library does in its own way.

    Attributes:
        says: what it does, a phrase.
        row: name of the row of the operation table.
        passes: (adjoint, a, b, y) → what reaches the operand, as the library computes it; None
            is an edge that passes nothing at all, not even a 0.
        operand: position of the operand, None for all.
        holds: (a, b, y) → whether the library departs there.
        value: the library's value of the row; None where only the slope departs.
    """

    says: str
    row: str
    passes: Callable[[float, float, float, float], float] | None = None
    operand: int | None = None
    holds: Callable[[float, float, float], bool] = anywhere
    value: Callable[..., float] | None = None


@dataclass(frozen=True, slots=True)
class Edge:
    """What an adjoint is multiplied by on an edge that departs."""

    passes: Callable[[float, float, float, float], float]
    at: tuple[float, float, float]

    def __rmul__(self, adjoint: float) -> float:
        return self.passes(adjoint, *self.at)


@dataclass
class Twin:
    """A graph at a point, swept with departures and roundings.

    Attributes:
        graph: the graph.
        at: variable → value.
        departures: what is done differently.
        flush: True where numbers below the normal range count as 0.
        generator: source of roundings: each value is off by its last digit; None for none.
        held: values that comparisons and the rows with pieces use to choose, one a node.
    """

    graph: Graph
    at: Mapping[str, float]
    departures: Collection[Departure] = ()
    flush: bool = False
    generator: random.Random | None = None
    held: Sequence[float] | None = None

    def __post_init__(self) -> None:
        self.values: list[Any] = [self._number(self.at[name]) for name in self.graph.variables]
        self.partials: list[tuple[Any, ...]] = [()] * len(self.values)
        for index in range(len(self.values), len(self.graph)):
            self._node(index)

    def gradient(self, output: int) -> list[float]:
        """Return the gradient of a node, in the order of the variables."""
        graph = self.graph
        adjoints: list[Any] = [None] * len(graph)
        if graph.dependent[output]:
            adjoints[output] = 1.0
            sweep(graph.operands, self.partials, adjoints, output, len(graph.variables))
        found = [adjoints[place] for place in range(len(graph.variables))]
        return [0.0 if number is None else self._number(number) for number in found]

    def _number(self, number: Any) -> Any:
        return 0.0 * number if self.flush and abs(number) < NORMAL else number

    def _node(self, index: int) -> None:
        operation, operands = self.graph.operations[index], self.graph.operands[index]
        if operation is CONSTANT:
            self.values.append(self.graph.constants[index].value)
            self.partials.append(())
            return
        arguments = [self.values[operand] for operand in operands]
        if operation.precedence == COMPARISON and self.held is not None:
            arguments = [self.held[operand] for operand in operands]
        value = self._value(operation, arguments)
        self.values.append(value)
        if not self.graph.dependent[index]:
            self.partials.append(())
            return
        if self.held is not None and operation in PIECEWISE:
            arguments, value = [self.held[operand] for operand in operands], self.held[index]
        self.partials.append(
            tuple(
                self._edge(operation, position, arguments, value)
                if self.graph.dependent[operand] and operation.rule(position)
                else None
                for position, operand in enumerate(operands)
            )
        )

    def _value(self, operation: Operation, arguments: list[float]) -> Any:
        own = next((d.value for d in self._departures(operation, None, arguments, 0.0)), None)
        value = (own or rules.value(operation))(*arguments)
        if operation.precedence == COMPARISON:
            return value
        if self.generator is not None and _rounded(operation, arguments, value):
            value += self.generator.choice((-1, 1)) * math.ulp(value)
        return self._number(value)

    def _edge(
        self, operation: Operation, position: int, arguments: list[float], value: float
    ) -> Any:
        padded = (*arguments, 0.0, 0.0, 0.0)[:2]
        for departure in self._departures(operation, position, arguments, value):
            if departure.passes is None:
                return None
            return Edge(departure.passes, (*padded, value))
        plan = scalar_rules(operation)[0 if operation.variadic else position]
        if not callable(plan):
            return plan
        partial = plan(*(*arguments, 0.0, 0.0, 0.0)[: len(OPERANDS)], value)
        if partial is rules.BLOCKED:
            return partial
        if self.generator is not None and abs(partial) != 1 and math.isfinite(partial):
            partial += self.generator.choice((-1, 0, 1)) * math.ulp(partial) * bool(partial)
        return self._number(partial)

    def _departures(
        self, operation: Operation, position: int | None, arguments: list[float], value: float
    ) -> list[Departure]:
        if not self.departures:
            return []
        a, b = (*arguments, 0.0)[:2]
        return [
            departure
            for departure in self.departures
            if departure.row == operation.name
            and (departure.value is None) is (position is not None)
            and departure.operand in (None, position)
            and departure.holds(a, b, value)
        ]
