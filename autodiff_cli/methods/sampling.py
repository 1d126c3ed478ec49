"""Points at which a formula departs nowhere from plain calculus: inside its domain, off kinks."""

from __future__ import annotations

import math
import random
from collections.abc import Collection, Iterator, Mapping
from itertools import islice
from typing import Any

from autodiff_cli.engine import reverse
from autodiff_cli.engine.linearise import linearise
from autodiff_cli.graph.graph import Graph
from autodiff_cli.notes.departures import findings

#: Points sampled unless more are asked for, and how many are tried for each.
SAMPLES, TRIES = 20, 100

#: The points tried come in this many rounds, each nearer to the point given.
ROUNDS = 10

#: Half the span that a variable without a value is tried in, by round.
SPANS = (5.0, 5.0, 0.5, 50.0, 0.05, 500.0, 5.0, 5e3, 5e4, 5e5)

#: Decimals, counted from the size of the span: such a point can be typed again.
DECIMALS = 4

#: Numbers held at once while points are tried, one a node and point.
HELD = 2_000_000


def samples(
    graph: Graph,
    at: Mapping[str, float],
    seed: int | None,
    count: int = SAMPLES,
    held: Collection[str] = (),
) -> list[dict[str, float]]:
    """Return up to `count` points, fewer where no more are found.

    Half are near the values given, nearer where few are found; half lie between −5 and 5.
    Variables without a value lie between −5 and 5, and in other spans where that finds few.

    Args:
        graph: the formula.
        at: values of variables; any may be missing.
        seed: makes the points others than the usual ones.
        count: how many points are wanted.
        held: variables of `at` that keep their values.
    """
    if not set(graph.variables) - set(held):
        return []
    candidates = _candidates(graph, at, random.Random(seed or 0), count, held)
    size = max(1, min(2 * count, HELD // len(graph)))
    found: list[dict[str, float]] = []
    while len(found) < count and (batch := list(islice(candidates, size))):
        ordinary = _ordinary(graph, batch)
        found += [point for point, fine in zip(batch, ordinary, strict=True) if fine]
    return found[:count]


def _candidates(
    graph: Graph,
    at: Mapping[str, float],
    generator: random.Random,
    count: int,
    held: Collection[str],
) -> Iterator[dict[str, float]]:
    for number in range(TRIES * count):
        part = number // (TRIES * count // ROUNDS)
        point: dict[str, float] = {}
        for name in graph.variables:
            centre, span = 0.0, SPANS[part]
            if name in at:
                near = number % 2
                centre = at[name] if near else 0.0
                span = max(1.0, abs(centre)) * 0.5**part if near else SPANS[0]
            drawn = centre + generator.uniform(-1, 1) * span
            point[name] = at[name] if name in held else _short(drawn, span)
        yield point


def _short(number: float, span: float) -> float:
    """Return a number with few decimals for its span."""
    if not math.isfinite(number):
        return number
    return round(number, DECIMALS - math.floor(math.log10(span)))


def _ordinary(graph: Graph, points: list[dict[str, float]]) -> list[bool]:
    """Tell for each point whether no node departs from plain calculus there."""
    import numpy

    at = {name: numpy.array([point[name] for point in points]) for name in graph.variables}
    linearisation = linearise(graph, at)
    departing: Any = ~numpy.isfinite(numpy.array(list(at.values()))).all(axis=0)
    for _, (_, test, _) in findings(linearisation, reverse.reverse(linearisation)):
        departing = departing | test
    return [not departs for departs in departing.tolist()]
