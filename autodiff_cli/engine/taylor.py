"""Taylor coefficients along a direction at one point, and the derivatives that they stand for.

Griewank & Walther, Evaluating Derivatives (2nd ed.), chapter 13.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

from autodiff_cli.engine import rules
from autodiff_cli.engine.linearise import Value
from autodiff_cli.engine.propagation import Propagation
from autodiff_cli.engine.series import Number, Numbers
from autodiff_cli.graph.constant import Constant
from autodiff_cli.graph.graph import Graph
from autodiff_cli.ops import DIVIDE
from autodiff_cli.ops.row import Operation

#: Binary digits of size that coefficients may have before they are scaled: float64 has 1022.
SPREAD = 900.0


class Floats:
    """Coefficients that are floats."""

    zero = 0.0

    def constant(self, constant: Constant) -> float:
        """Return a constant of the language."""
        return constant.value

    def value(self, operation: Operation, operands: Sequence[Any]) -> Any:
        """Return what a row computes."""
        return rules.value(operation)(*operands)

    def divide(self, a: float, b: float) -> float:
        """Return a/b by IEEE 754."""
        if b:
            return a / b
        quotient: float = rules.value(DIVIDE)(a, b)
        return quotient

    def holds(self, condition: Any) -> bool:
        """Tell whether a comparison holds."""
        return bool(condition)

    def blocked(self, coefficient: float) -> float | None:
        """Return None, or nan for what is not finite."""
        return None if math.isfinite(coefficient) else math.nan


FLOATS = Floats()


def along(
    graph: Graph,
    at: Mapping[str, Number],
    direction: Mapping[str, Number],
    order: int,
    numbers: Numbers = FLOATS,
) -> list[Number]:
    """Return the Taylor coefficients of the first output along a direction, one for each order.

    Args:
        graph: the graph.
        at: a number for every variable.
        direction: variable → component, for those that move.
        order: the highest order.
        numbers: what the coefficients are made of.
    """
    found = Propagation(graph, at, direction, order, numbers).outputs[0]
    return [*found, *[numbers.zero] * (order + 1 - len(found))]


def scale(found: Sequence[float]) -> int:
    """Return the exponent of a step by which the coefficients are of one size; 0 if they are."""
    sizes = [(k, math.log2(abs(c))) for k, c in enumerate(found[1:], 1) if c and math.isfinite(c)]
    sizes = [(k, size) for k, size in sizes if size > -1000]
    if len(sizes) < 2:
        return 0
    (first, low), (last, high) = sizes[0], sizes[-1]
    growth = (high - low) / (last - first)
    return -round(growth) if abs(growth) * len(found) > SPREAD else 0


def derivative(coefficient: Value, order: int, exponent: Value) -> Value:
    """Return a derivative from its Taylor coefficient: k! times it, scaled back."""
    factorial = math.factorial(order)
    bits = factorial.bit_length()
    number = coefficient * (factorial / (1 << bits))
    if hasattr(number, "shape") or hasattr(exponent, "shape"):
        import numpy as np

        with np.errstate(all="ignore"):
            return np.ldexp(number, bits - order * exponent)
    try:
        return math.ldexp(number, bits - order * exponent)
    except OverflowError:
        return math.copysign(math.inf, number)
