"""The graph itself in more digits: its value and its derivatives by the table's own rules.

Where autodiff's number is not calculus's, this tells why. If the same graph with the same rules
gives calculus's number once digits suffice, float64 was not enough, and a node lost them; if it
does not, the graph's rules, or the engine, are at fault.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from fractions import Fraction
from functools import cached_property
from typing import Any

import sympy
from mpmath import mp

from autodiff_cli.engine import rules
from autodiff_cli.engine.gradient_graph import derive_forward, gradient_graph
from autodiff_cli.engine.rounding import errors
from autodiff_cli.errors import shortened
from autodiff_cli.graph.constant import Constant
from autodiff_cli.graph.graph import CONSTANT, VARIABLE, Graph
from autodiff_cli.graph.printer import expression
from autodiff_cli.ops import SQRT, WHERE
from autodiff_cli.ops.row import OPERANDS, Operation
from autodiff_cli.symbolic.arithmetic import Arithmetic
from autodiff_cli.symbolic.ball import HALF, Ball, Number, Undefined, is_infinite
from autodiff_cli.symbolic.evaluation import Settled, settled
from autodiff_cli.symbolic.functions import ATOMS, COMPOSED, FUNCTIONS, HEADS, function

#: Variables that a derivative is taken by, one after the other; () is the value.
Path = tuple[str, ...]

#: Errors up to so many times the bound's first order are rounding's.
SLACK = 4.0

#: Binary digits in which nodes are compared with float64's.
ENOUGH = 1200


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
    graph: Graph, needed: Sequence[int], at: Mapping[str, Fraction], walk: Arithmetic
) -> dict[int, Any]:
    """Return the value of the nodes that are needed, or the error that one met.

    An error in a branch that is not taken does no harm, so it travels as a value does.
    """
    values: dict[int, Any] = {}
    for index in needed:
        operation = graph.operations[index]
        if operation is VARIABLE:
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
        found = _defined(formula, at, walk)
        if isinstance(found, ArithmeticError):
            raise found
        return found
    head = getattr(sympy, operation.sympy)
    if head in HEADS:
        return HEADS[head](walk, *operands)
    if head in FUNCTIONS or head in COMPOSED:
        return function(walk, head, *operands)
    raise Undefined


def _defined(formula: Graph, at: Mapping[str, Number], walk: Arithmetic) -> Any:
    """Return a definition of the table on given operands."""
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
        end, operands = through, graph.operands[through]
        if graph.operations[end] is WHERE and not _is_missing(found[operands[0]]):
            operands = operands[1:2] if found[operands[0]] else operands[2:]
        through = next((operand for operand in operands if _is_missing(found[operand])), None)
    node = _identities(formula, graph).get(end)
    return node, "" if node is not None else shortened(expression(graph, end))


def _is_missing(ball: Any) -> bool:
    """Tell whether a node has no finite number."""
    if isinstance(ball, bool):
        return False
    return isinstance(ball, ArithmeticError) or is_infinite(ball)


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
        if not math.isfinite(own):
            return not math.isfinite(number) and self._made_by_rounding(place)
        if not math.isfinite(number):  # a sweep met what this graph leaves out: a branch not taken
            return False
        if math.isinf(wanted):  # no float is near: rounding explains it if it leaves no digit
            return not SLACK * self.bounds[place] < abs(own)
        allowed = SLACK * self.bounds[place]
        return not abs(number - wanted) > max(allowed, abs(own - wanted))

    def _made_by_rounding(self, place: int) -> bool:
        """Tell whether every node below one that has no finite float has a number all the same.

        A node whose operands have none already is not asked.
        """
        for index in self.graph.below([place]):
            below = [self.values[operand] for operand in self.graph.operands[index]]
            if math.isfinite(self.values[index]) or not all(map(math.isfinite, below)):
                continue
            ball = self._exactly[index]
            if _is_missing(ball) or (isinstance(ball, Ball) and isinstance(ball.middle, mp.mpc)):
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
        node = self._identities.get(where)
        return node, "" if node is not None else shortened(expression(self.graph, where))

    @cached_property
    def _identities(self) -> dict[int, int]:
        return _identities(self.formula, self.graph)

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


def _identities(formula: Graph, graph: Graph) -> dict[int, int]:
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
