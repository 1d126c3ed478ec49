"""Derivatives of any order, at a point or at many: in one variable, and mixed ones in several.

One propagation of series gives all orders along a direction, and series along a few directions
all derivatives in several variables (Griewank & Walther, Evaluating Derivatives, section 13.3).
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import cache
from itertools import combinations, combinations_with_replacement
from typing import TYPE_CHECKING

from autodiff_cli.engine.linearise import Value
from autodiff_cli.engine.pattern import degree, hessian_pattern
from autodiff_cli.engine.series import Number
from autodiff_cli.engine.taylor import along, derivative, scale
from autodiff_cli.errors import AutodiffError, LimitError, shortened
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


#: Derivatives in several variables that are found together: their weights are exact fractions.
MOST = 250

#: How often a derivative is taken by each variable.
Index = tuple[int, ...]


def mixed(
    names: Sequence[str],
    order: int,
    derived: Callable[[Mapping[str, float], int], Sequence[Number]],
    weighed: Callable[[Number, Fraction], Number],
) -> dict[Index, Number]:
    """Return all derivatives up to an order in several variables, from series along directions.

    Args:
        names: the variables.
        order: the highest order, of all variables together.
        derived: a direction and an order → the derivative of that order along it is the last.
        weighed: multiplies a derivative by a fraction.

    Raises:
        AutodiffError: there are more than MOST derivatives.
    """
    count = math.comb(len(names) + order, order) - 1
    if count > MOST:
        raise AutodiffError(
            f"order {order} in {len(names)} variables is {count:,} derivatives, more than {MOST}",
            mend=f"ask for a lower order, or choose one variable with --wrt {shortened(names[0])}",
        )
    found: dict[Index, Number] = {}
    for total in range(1, order + 1):
        for direction, weights in interpolation(len(names), total):
            steps = zip(names, direction, strict=True)
            moving = {name: float(step) for name, step in steps if step}
            slope = derived(moving, total)[-1]
            for index, weight in weights:
                term = weighed(slope, weight)
                found[index] = found[index] + term if index in found else term
    return {index: found[index] for k in range(1, order + 1) for index in indices(len(names), k)}


def mixed_at(
    graph: Graph, at: Mapping[str, Value], names: Sequence[str], order: int
) -> dict[Index, Value]:
    """Return all derivatives up to an order in several variables; see `mixed`.

    Args:
        graph: the graph; its first output is differentiated.
        at: a float, or an array of points, for every variable.
        names: the variables.
        order: the highest order, of all variables together.
    """
    found = mixed(
        names,
        order,
        lambda direction, count: derivatives(graph, at, direction, count),
        lambda slope, weight: slope * float(weight),
    )
    return found | dict.fromkeys(_absent(graph, names, found), 0.0)


def _absent(graph: Graph, names: Sequence[str], found: Iterable[Index]) -> Iterator[Index]:
    """Yield the derivatives that are 0 by the graph, which weighted sums have rounding for."""
    graph = graph.select((0,))
    try:
        meeting = hessian_pattern(graph, names)
    except LimitError:
        return
    order = {name: place for place, name in enumerate(graph.variables)}
    places = [order[name] for name in names]
    degrees = [degree(graph, name) for name in names]
    for index in found:
        there = [k for k, count in enumerate(index) if count]
        apart = any(places[b] not in meeting[places[a]] for a, b in combinations(there, 2))
        if apart or any(index[k] > degrees[k] for k in there):
            yield index


def indices(count: int, total: int) -> list[Index]:
    """Return how `total` derivatives may be taken by `count` variables, first variables first."""
    found = []
    for chosen in combinations_with_replacement(range(count), total):
        index = [0] * count
        for place in chosen:
            index[place] += 1
        found.append(tuple(index))
    return found


@cache
def interpolation(
    count: int, total: int
) -> tuple[tuple[Index, tuple[tuple[Index, Fraction], ...]], ...]:
    """Return directions, each with its share in the derivatives of one order.

    The derivatives of order k along directions are a homogeneous polynomial of the direction,
    whose coefficients are the mixed derivatives. Lagrange's polynomial of a direction j with whole
    components that add up to k is Π (x_l − m·s/k), m below j_l, over Π j_l!, where s = Σ x_l.

    Args:
        count: how many variables there are.
        total: the order.
    """
    from fractions import Fraction

    found = []
    for direction in indices(count, total):
        terms = {(0,) * count: 1}
        for place, step in enumerate(direction):
            for m in range(step):
                factor = [-m] * count
                factor[place] += total
                terms = _times(terms, factor)
        under = math.factorial(total) * total**total * math.prod(map(math.factorial, direction))
        weights = [
            (index, Fraction(term * math.prod(map(math.factorial, index)), under))
            for index, term in terms.items()
            if term
        ]
        found.append((direction, tuple(weights)))
    return tuple(found)


def _times(terms: Mapping[Index, int], factor: Sequence[int]) -> dict[Index, int]:
    """Return a polynomial times a linear form."""
    found: dict[Index, int] = {}
    for index, term in terms.items():
        for place, coefficient in enumerate(factor):
            if coefficient:
                raised = (*index[:place], index[place] + 1, *index[place + 1 :])
                found[raised] = found.get(raised, 0) + term * coefficient
    return found
