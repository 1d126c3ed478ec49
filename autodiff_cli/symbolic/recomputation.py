"""The graph itself in more digits: its value and its derivatives by the table's own rules.

Where autodiff's number is not calculus's, this tells why. If the same graph with the same rules
gives calculus's number once digits suffice, float64 was not enough, and a node lost them; if it
does not, the graph's rules, or the engine, are at fault.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from fractions import Fraction
from types import MappingProxyType
from typing import Any

import sympy

from autodiff_cli.engine import rules
from autodiff_cli.engine.gradient_graph import derive_forward, gradient_graph
from autodiff_cli.graph.constant import Constant
from autodiff_cli.graph.graph import CONSTANT, VARIABLE, Graph
from autodiff_cli.ops import SQRT, WHERE
from autodiff_cli.ops.row import OPERANDS, Operation
from autodiff_cli.symbolic.arithmetic import Arithmetic
from autodiff_cli.symbolic.ball import HALF, Ball, Number, Undefined
from autodiff_cli.symbolic.evaluation import Settled, settled
from autodiff_cli.symbolic.functions import ATOMS, COMPOSED, FUNCTIONS, HEADS, function

#: Variables that a derivative is taken by, one after the other; () is the value.
Path = tuple[str, ...]


class Derived:
    """Graphs of a value and of derivatives: those of one path but its end share a graph.

    Args:
        graph: the formula.
        direction: what every derivative is then taken along, or None.
    """

    def __init__(self, graph: Graph, direction: Mapping[str, float] | None = None) -> None:
        self.graph, self.direction = graph, direction
        self._made: dict[Path, Graph] = {(): graph}

    def of(self, path: Path) -> tuple[Graph, int]:
        """Return a graph, and which of its outputs is the derivative along a path."""
        if self.direction is not None:
            return self._along(path[:-1]), self._place(path)
        if not path:
            return self.graph, 0
        return self._gradient(path[:-1]), self._place(path)

    def _gradient(self, path: Path) -> Graph:
        """Return the value and the gradient of a derivative."""
        key = (*path, "")
        if key not in self._made:
            self._made[key] = gradient_graph(self._single(path), exact=True)
        return self._made[key]

    def _single(self, path: Path) -> Graph:
        if path not in self._made:
            self._made[path] = self._gradient(path[:-1]).select((self._place(path),))
        return self._made[path]

    def _place(self, path: Path) -> int:
        return 1 + self.graph.variables.index(path[-1]) if path else 0

    def _along(self, path: Path) -> Graph:
        """Return the tangents of a derivative's value and gradient along the direction."""
        key = (*path, "", "")
        if key not in self._made:
            derivation = derive_forward(self._gradient(path))
            source = self._gradient(path)
            zero = derivation.builder.constant(rules.formula("0").constants[0])
            ends = [derivation.derivatives[output] for output in source.outputs]
            self._made[key] = derivation.builder.graph([zero if e is None else e for e in ends])
        return self._made[key]

    def point(self, graph: Graph, at: Mapping[str, Any], zero: Any, number: Any) -> dict[str, Any]:
        """Return the point of one of the graphs: a direction's components are variables of it."""
        found = dict(at)
        seeds = graph.variables[len(self.graph.variables) :]
        for name, seed in zip(self.graph.variables, seeds, strict=False):
            component = (self.direction or {}).get(name, 0.0)
            found[seed] = number(component) if component else zero
        return found


def digits(graph: Graph, output: int, at: Mapping[str, float]) -> Settled:
    """Return an output of a graph at a point, in the words of `evaluation.evaluate`."""
    needed = sorted(graph.below([graph.outputs[output]]))
    exact = {name: Fraction(value) for name, value in at.items()}
    return settled(lambda arithmetic: _value(graph, needed, exact, output, arithmetic))


def _value(
    graph: Graph, needed: Sequence[int], at: Mapping[str, Fraction], output: int, walk: Arithmetic
) -> Ball:
    found = node_values(graph, needed, at, walk)[graph.outputs[output]]
    if isinstance(found, ArithmeticError):
        raise found
    ball: Ball = found
    return ball


def node_values(
    graph: Graph,
    needed: Sequence[int],
    at: Mapping[str, Fraction],
    walk: Arithmetic,
    held: Mapping[int, Any] = MappingProxyType({}),
) -> dict[int, Any]:
    """Return the value of the nodes that are needed, or the error that one met.

    An error in a branch that is not taken does no harm, so it travels as a value does.

    Args:
        graph: the graph.
        needed: nodes, each after its operands.
        at: the point.
        walk: the arithmetic.
        held: node → the value that it is given.
    """
    values: dict[int, Any] = {}
    for index in needed:
        operation = graph.operations[index]
        if index in held:
            values[index] = held[index]
        elif operation is VARIABLE:
            values[index] = Ball(at[graph.variables[index]])
        elif operation is CONSTANT:
            values[index] = _constant(graph.constants[index], walk)
        else:
            values[index] = _attempt(operation, [values[k] for k in graph.operands[index]], walk)
    return values


def _attempt(operation: Operation, operands: list[Any], walk: Arithmetic) -> Any:
    if operation is WHERE:
        if isinstance(operands[0], ArithmeticError):
            return operands[0]
        return operands[1] if operands[0] else operands[2]
    for operand in operands:
        if isinstance(operand, ArithmeticError):
            return operand
    try:
        return apply(operation, operands, walk)
    except ArithmeticError as error:
        return error


def apply(operation: Operation, operands: Sequence[Number], walk: Arithmetic) -> Number:
    """Return what one row of the table computes."""
    if operation is SQRT:
        return walk.power(operands[0], HALF)
    if not operation.sympy:
        formula = rules.formula(operation.definition)
        at = dict(zip(OPERANDS, operands, strict=False))
        found = defined(formula, at, walk)
        if isinstance(found, ArithmeticError):
            raise found
        return found
    head = getattr(sympy, operation.sympy)
    if head in HEADS:
        return HEADS[head](walk, *operands)
    if head in FUNCTIONS or head in COMPOSED:
        return function(walk, head, *operands)
    raise Undefined


def defined(formula: Graph, at: Mapping[str, Number], walk: Arithmetic) -> Any:
    """Return a text of the table on given operands, or the error that it meets."""
    values: list[Any] = [at.get(name) for name in formula.variables]
    for index in range(len(values), len(formula)):
        if formula.operations[index] is CONSTANT:
            values.append(_constant(formula.constants[index], walk))
            continue
        operands = [values[k] for k in formula.operands[index]]
        values.append(_attempt(formula.operations[index], operands, walk))
    return values[formula.outputs[0]]


def _constant(constant: Constant, walk: Arithmetic) -> Ball:
    sign, written, exponent = constant.exact
    if sign == "name":
        atom: Callable[[Arithmetic], Ball] = ATOMS[sympy.E if written == "e" else sympy.pi]
        return atom(walk)
    return walk.ball(Fraction(int(sign + written)) * Fraction(10) ** exponent)
