"""Derivatives of any order beside mpmath's: how far they are off, and whether a bound says so."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import NamedTuple

from mpmath import mp

from autodiff_cli.engine import uncertain
from autodiff_cli.engine.directions import derivatives
from autodiff_cli.graph.graph import Builder, Graph
from autodiff_cli.ops import WHERE
from autodiff_cli.ops.row import OPERANDS, Operation
from tests import exact
from tests.expressions import graph as build
from tests.expressions import seeded

#: Relative difference up to which derivatives are one, digits of mpmath's, and slack of bounds.
SAME, DIGITS, SLACK = 1e-8, 40, 4.0

#: What is below this lies near the end of float64, with few digits.
LEAST = 1e-290


class Judged(NamedTuple):
    """Orders of one formula in one variable beside mpmath's.

    Attributes:
        compared: how many orders were.
        worst: the largest relative difference of those that no bound excuses.
        lost: orders that are off by more than SAME, and by no more than their bound.
        faults: those that are off by more.
    """

    compared: int
    worst: float
    lost: tuple[int, ...]
    faults: tuple[str, ...]


def alone(row: Operation) -> Graph:
    """Return the graph of a row on its operands."""
    names = OPERANDS[: row.arity]
    builder = Builder(names)
    return builder.graph([builder.apply(row, tuple(range(len(names))))])


def truth(graph: Graph, at: Mapping[str, float], name: str, order: int) -> list[float]:
    """Return mpmath's derivatives in one variable, from the first on.

    Raises:
        NoRealValue: the function has no value beside the point.
    """
    with mp.workdps(DIGITS):
        terms = mp.taylor(lambda x: exact.value(graph, {**at, name: x}), mp.mpf(at[name]), order)
        return [float(term * mp.factorial(k)) for k, term in enumerate(terms)][1:]


def judged(graph: Graph, at: Mapping[str, float], name: str, order: int) -> Judged:
    """Compare all orders up to one."""
    found = derivatives(graph, at, {name: 1.0}, order)
    bounds: tuple[float, ...] = ()
    worst, lost, faults = 0.0, [], []
    wanted = truth(graph, at, name, order)
    for k, (number, right) in enumerate(zip(found, wanted, strict=True), 1):
        gap = abs(number - right)
        share = gap / abs(right) if right else gap
        if number == right or share <= SAME or max(abs(number), abs(right)) < LEAST:
            worst = max(worst, 0.0 if number == right else share)
            continue
        bounds = bounds or uncertain.derivatives(graph, at, name, order).bounds
        if gap <= SLACK * bounds[k]:
            lost.append(k)
        else:
            faults.append(f"order {k} of {graph} at {dict(at)} by {name}: {number}, not {right}")
    return Judged(len(wanted), worst, tuple(lost), tuple(faults))


def point(row: Operation) -> dict[str, float]:
    """Return a point inside the intervals that a row declares; no two operands are equal."""
    shares = (0.37, 0.61, 0.45)
    return {
        name: low + share * (high - low)
        for name, (low, high), share in zip(OPERANDS, row.intervals, shares, strict=False)
    }


def operands(row: Operation) -> tuple[str, ...]:
    """Return the operands that a row is differentiated by."""
    return OPERANDS[1 if row is WHERE else 0 : row.arity]


def formula(seed: int) -> tuple[Graph, dict[str, float], str] | None:
    """Return a random formula with a point and a variable; None where it has no variable."""
    import random

    graph, choose = build(seeded(seed, 1 + seed % 6)), random.Random(seed)
    if not graph.variables:
        return None
    at = {name: choose.uniform(0.3, 1.7) for name in graph.variables}
    return graph, at, choose.choice(graph.variables)


def finite(graph: Graph, at: Mapping[str, float], name: str, order: int) -> bool:
    """Tell whether every order is a number."""
    return all(map(math.isfinite, derivatives(graph, at, {name: 1.0}, order)))
