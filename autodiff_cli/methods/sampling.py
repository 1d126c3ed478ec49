"""Points at which a formula departs nowhere from plain calculus: inside its domain, off kinks."""

from __future__ import annotations

import random
from collections.abc import Collection, Iterator, Mapping, Sequence
from itertools import islice

from autodiff_cli.graph.graph import Graph
from autodiff_cli.methods.ordinary import ordinary, short
from autodiff_cli.methods.reaching import HELD, further

#: Points sampled unless more are asked for, and how many are tried for each.
SAMPLES, TRIES = 20, 100

#: The points tried come in this many rounds, each nearer to the point given.
ROUNDS = 10

#: Half the span that a variable without a value is tried in, by round.
SPANS = (5.0, 5.0, 0.5, 50.0, 0.05, 500.0, 5.0, 5e3, 5e4, 5e5)


def samples(
    graph: Graph,
    at: Mapping[str, float],
    seed: int | None,
    count: int = SAMPLES,
    held: Collection[str] = (),
    *,
    scales: bool = False,
    also: Sequence[Graph] = (),
) -> list[dict[str, float]]:
    """Return up to `count` points, fewer where no more are found.

    Half are near the values given, nearer where few are found; half lie between −5 and 5.
    Variables without a value lie between −5 and 5, and in other spans where that finds few. Up to
    half of them give way to points on sides of conditions and kinks that no other reaches.

    Args:
        graph: the formula.
        at: values of variables; any may be missing.
        seed: makes the points others than the usual ones.
        count: how many points are wanted.
        held: variables of `at` that keep their values.
        scales: reach very small and very large values too, and all sides of conditions, be they
            more than `count` has room for.
        also: other formulas over the same variables whose conditions count.
    """
    if not set(graph.variables) - set(held):
        return []
    candidates = _candidates(graph, at, random.Random(seed or 0), count, held)
    size = max(1, min(2 * count, HELD // len(graph)))
    found: list[dict[str, float]] = []
    while len(found) < count and (batch := list(islice(candidates, size))):
        fine = ordinary(graph, batch)
        found += [point for point, good in zip(batch, fine, strict=True) if good]
    found = found[:count]
    if not found:
        return found
    drawn = random.Random(seed or 0)
    reached, sizes = further(graph, at, drawn, found, held, scales=scales, also=also)
    most = max(count // 2, len(reached)) if scales else count // 2
    kept = [*reached, *sizes][:most]
    return [*found[: max(count - len(kept), count // 2)], *kept]


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
            point[name] = at[name] if name in held else short(drawn, span)
        yield point
