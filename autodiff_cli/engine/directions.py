"""Derivatives of any order, at a point or at many: in one variable, and mixed ones in several.

One propagation of series gives all orders along a direction, and series along a few directions
all derivatives in several variables (Griewank & Walther, Evaluating Derivatives, section 13.3).
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from functools import cache
from itertools import product
from typing import TYPE_CHECKING

from autodiff_cli.engine.linearise import Value
from autodiff_cli.engine.taylor import along, derivative, scale
from autodiff_cli.graph.graph import Graph

if TYPE_CHECKING:
    from fractions import Fraction


def coefficients(
    graph: Graph, at: Mapping[str, Value], direction: Mapping[str, float], order: int
) -> tuple[list[Value], Value]:
    """Return scaled coefficients along a direction, and the exponent of their scale.

    The step is a power of two, so that coefficients neither overflow nor vanish on the way where
    the derivatives are numbers of float64.

    Args:
        graph: the graph; its first output is expanded.
        at: a float, or an array of points, for every variable.
        direction: variable → component, for those that move.
        order: the highest order.

    Returns:
        Coefficients c and an exponent e: that of order k is c[k]·2^(−k·e).
    """
    if any(hasattr(value, "shape") for value in at.values()):
        from autodiff_cli.engine import many

        return many.coefficients(graph, at, direction, order)
    found = along(graph, at, direction, order)
    exponent = scale(found)
    if exponent:
        moved = {name: math.ldexp(component, exponent) for name, component in direction.items()}
        found = along(graph, at, moved, order)
    return found, exponent


def derivatives(
    graph: Graph, at: Mapping[str, Value], direction: Mapping[str, float], order: int
) -> tuple[Value, ...]:
    """Return the derivatives along a direction, from the first to the one of `order`."""
    found, exponent = coefficients(graph, at, direction, order)
    return tuple([derivative(found[k], k, exponent) for k in range(1, order + 1)])


#: How often a derivative is taken by each variable.
Index = tuple[int, ...]


def mixed(
    graph: Graph, at: Mapping[str, Value], names: Sequence[str], order: int
) -> dict[Index, Value]:
    """Return all derivatives up to an order in several variables, from series along directions.

    Griewank, Utke & Walther, Evaluating higher derivative tensors by forward propagation of
    univariate Taylor series (2000).

    Args:
        graph: the graph; its first output is differentiated.
        at: a float, or an array of points, for every variable.
        names: the variables.
        order: the highest order, of all variables together.
    """
    directions = indices(len(names), order)
    series = []
    for direction in directions:
        moving = {name: float(count) for name, count in zip(names, direction, strict=True) if count}
        series.append(derivatives(graph, at, moving, order))
    found = {}
    for total in range(1, order + 1):
        for index in indices(len(names), total):
            weights = interpolation(index, order)
            terms = [
                series[place][total - 1] * (float(weight) / math.factorial(total))
                for place, weight in weights
            ]
            found[index] = sum(terms[1:], terms[0])
    return found


def indices(count: int, total: int) -> list[Index]:
    """Return how `total` derivatives may be taken by `count` variables, first variables first."""
    ranges = [range(total, -1, -1)] * count
    return [index for index in product(*ranges) if sum(index) == total]


@cache
def interpolation(index: Index, order: int) -> tuple[tuple[int, Fraction], ...]:
    """Return how a derivative is a sum of Taylor coefficients along directions.

    Args:
        index: which derivative.
        order: the sum of each direction's components.

    Returns:
        Places of directions in `indices`, with the factor of the coefficient of order |index|.
    """
    from fractions import Fraction

    total = sum(index)
    inner = [k for k in product(*[range(count + 1) for count in index]) if any(k)]
    found = []
    for place, direction in enumerate(indices(len(index), order)):
        weight = Fraction(0)
        for k in inner:
            size = sum(k)
            term = Fraction((-1) ** (total - size)) * Fraction(size, order) ** total
            for count, chosen, component in zip(index, k, direction, strict=True):
                term *= math.comb(count, chosen)
                term *= _binomial(Fraction(order * chosen, size), component)
            weight += term
        if weight:
            found.append((place, weight))
    return tuple(found)


def _binomial(top: Fraction, below: int) -> Fraction:
    """Return a binomial coefficient whose upper number is a fraction."""
    result = top * 0 + 1
    for k in range(below):
        result *= (top - k) / (k + 1)
    return result
