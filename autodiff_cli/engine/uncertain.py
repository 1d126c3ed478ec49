"""Floats with a running bound on their error: how far rounding may have put a Taylor coefficient.

Each operation adds the rounding of its own result to what its operands' errors become (Higham,
Accuracy and Stability, section 3.3). The same numbers always have the same bound.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from autodiff_cli.engine import rules
from autodiff_cli.engine.rounding import UNIT, bound
from autodiff_cli.engine.taylor import along, derivative, scale
from autodiff_cli.graph.constant import Constant
from autodiff_cli.graph.graph import Graph
from autodiff_cli.ops import ADD, DIVIDE
from autodiff_cli.ops.row import COMPARISON, Operation

#: Share of a sum or product that its rounding may be.
HALF = 2.0**-53


class Uncertain:
    """A float, and how far it may be off.

    Attributes:
        value: the float.
        error: the bound; inf where none is known.
    """

    __slots__ = ("error", "value")

    def __init__(self, value: float, error: float = 0.0) -> None:
        self.value = value
        self.error = error

    def __neg__(self) -> Uncertain:
        return Uncertain(-self.value, self.error)

    def __add__(self, other: Uncertain) -> Uncertain:
        value = self.value + other.value
        return Uncertain(value, self.error + other.error + HALF * abs(value))

    def __sub__(self, other: Uncertain) -> Uncertain:
        value = self.value - other.value
        return Uncertain(value, self.error + other.error + HALF * abs(value))

    def __mul__(self, other: Uncertain | float) -> Uncertain:
        if not isinstance(other, Uncertain):
            other = Uncertain(other)
        value = self.value * other.value
        error = abs(self.value) * other.error + (abs(other.value) + other.error) * self.error
        return Uncertain(value, error + HALF * abs(value))


class Bounds:
    """Coefficients that are uncertain floats.

    Attributes:
        turned: whether rounding may have turned a condition that was met.
    """

    zero = Uncertain(0.0)

    def __init__(self) -> None:
        self.turned = False

    def constant(self, constant: Constant) -> Uncertain:
        """Return a constant of the language; a short whole number is exact."""
        value = constant.value
        short = value.is_integer() and abs(value) < 2.0**53
        return Uncertain(value, 0.0 if short else HALF * abs(value))

    def value(self, operation: Operation, operands: Sequence[Any]) -> Uncertain:
        """Return what a row computes; of a comparison whether it holds, as 1 or 0."""
        below = [operand.value for operand in operands]
        known = [operand.error for operand in operands]
        if operation is ADD or operation.precedence == COMPARISON:
            value = rules.value(operation)(*below)
            slopes: tuple[Any, ...] = (1.0,) * len(below)
        else:
            value, slopes = rules.step(operation, *[1] * len(below))(*below)
        return Uncertain(float(value), bound(operation, below, known, value, slopes))

    def divide(self, a: Uncertain, b: Uncertain | float) -> Uncertain:
        """Return a/b by IEEE 754."""
        if not isinstance(b, Uncertain):
            b = Uncertain(b)
        value = rules.value(DIVIDE)(a.value, b.value)
        least = abs(b.value) - b.error
        if not least > 0:
            return Uncertain(value, math.inf)
        return Uncertain(value, (a.error + abs(value) * b.error) / least + UNIT * abs(value))

    def holds(self, condition: Uncertain) -> bool:
        """Tell whether a comparison holds; one that rounding may turn is taken as it stands."""
        self.turned = self.turned or condition.error > 0
        return bool(condition.value)

    def blocked(self, coefficient: Uncertain) -> Uncertain | None:
        """Return None, or nan for what is not finite."""
        finite = math.isfinite(coefficient.value)
        return None if finite else Uncertain(math.nan, math.inf)


class Digits(NamedTuple):
    """Derivatives with bounds on how far rounding moved them, in the order of their orders."""

    values: tuple[float, ...]
    bounds: tuple[float, ...]


def derivatives(graph: Graph, at: Mapping[str, float], name: str, order: int) -> Digits:
    """Return the derivatives in one variable, from the value itself on, with their bounds.

    Args:
        graph: the graph; its first output is differentiated.
        at: a float for every variable.
        name: the variable.
        order: the highest order.
    """
    point = {variable: Uncertain(value) for variable, value in at.items()}
    exponent = 0
    found = along(graph, point, {name: Uncertain(1.0)}, order, Bounds())
    exponent = scale([term.value for term in found])
    if exponent:
        step = Uncertain(math.ldexp(1.0, exponent))
        found = along(graph, point, {name: step}, order, Bounds())
    return Digits(
        tuple([derivative(term.value, k, exponent) for k, term in enumerate(found)]),
        tuple(
            [
                derivative(term.error + 4 * HALF * abs(term.value), k, exponent)
                for k, term in enumerate(found)
            ]
        ),
    )
