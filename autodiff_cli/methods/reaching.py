"""Points on sides of conditions, kinks and scales that samples miss: drawn, then led to."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Collection, Mapping, Sequence

from autodiff_cli.engine.linearise import linearise
from autodiff_cli.graph.graph import Graph
from autodiff_cli.methods.borders import MOST_VARIABLES, STARTS, Margins
from autodiff_cli.methods.branches_met import conditions_of, sides_at, taken_at
from autodiff_cli.methods.ordinary import ordinary, short

#: Points tried to reach other sides, constants of the formula near which they lie, and their size.
POOL, MOST, LARGEST = 600, 20, 1e15

#: Powers of ten, both ways from 1, that points around 0 reach; and those beyond, that tell on which
#: side of a border the way leads.
FAR, VERY_FAR = 9, (-300, -150, -50, -20, 20, 50, 150, 300)

#: Conditions inside one another that samples are led into, and points for their sides.
NESTED, MOST_REACHED = 4, 100

#: Numbers held at once while points are tried, one a node and point.
HELD = 2_000_000

#: Nodes that are evaluated at most, to cross the borders of a formula once; numbers held of the
#: points beyond, and points kept of each border in any case.
WORK, CROSSED, LEAST = 400_000, 400_000, 4

Points = list[dict[str, float]]


def further(
    graph: Graph,
    at: Mapping[str, float],
    generator: random.Random,
    found: Points,
    held: Collection[str] = (),
    *,
    scales: bool = False,
    also: Sequence[Graph] = (),
) -> tuple[Points, Points]:
    """Return points on sides that those found do not reach.

    Args:
        graph: the formula; the points are ordinary ones of it.
        at: values of variables, near which points are tried too.
        generator: draws the points that are tried.
        found: the points that there are, one at least.
        held: variables of `at` that keep their values.
        scales: reach very small and very large values too.
        also: other formulas over the same variables whose conditions count.

    Returns:
        Points on sides of conditions and kinks, then points of other sizes.
    """
    wanted = [name for name in graph.variables if name not in held]
    graphs = (graph, *also)
    if not scales and not any(True for one in graphs for _ in conditions_of(one)):
        return [], []
    constants = [c.value for one in graphs for c in one.constants.values()]
    places = [value for value in constants if abs(value) < LARGEST][:MOST]
    pool = []
    for number in range(min(POOL, HELD // len(graph))):
        point = dict(generator.choice(found))
        for name in wanted if number % 2 else [generator.choice(wanted)]:
            near = generator.choice([*places, *at.values(), 0.0])
            reach = FAR if scales and not near else 4
            span = max(1.0, abs(near)) * 10.0 ** generator.randint(-reach, reach if scales else 1)
            point[name] = short(near + generator.choice((-1, 1)) * span, span)
        pool.append({**point, **{name: at[name] for name in held if name in at}})
    # At 0 formulas agree that differ elsewhere.
    usable = _fine([point for point in pool if not scales or 0 not in point.values()], graph)
    reached: Points = []
    for one in graphs:
        known = _fine([*found, *reached], one)
        if known:
            reached += _reaching(graph, one, _fine(usable, one), pool, known, wanted, 1 + scales)
    sizes = []
    if scales:
        met = _met(graph, [*found, *reached], scales=True)
        sizes = _new(graph, usable, met, scales=True)
    return reached[:MOST_REACHED], sizes


def _fine(points: Points, *graphs: Graph) -> Points:
    """Return the points that are ordinary ones of all the graphs."""
    for graph in graphs:
        if points:
            fine = ordinary(graph, points)
            points = [point for point, good in zip(points, fine, strict=True) if good]
    return points


def _reaching(
    graph: Graph,
    one: Graph,
    usable: Points,
    pool: Points,
    found: Points,
    names: list[str],
    times: int,
) -> Points:
    """Return ordinary points of a graph on sides of another's conditions, so many on each."""
    met = _met(one, found)
    reached = _new(one, usable, met, times)
    for _ in range(NESTED):  # a condition in a branch counts once the branch is reached
        crossed = _fine(_crossed(one, [*found, *reached], pool, names), graph, one)
        more = _new(one, crossed, met, times)
        reached += more
        if not more:
            break
    return reached


def _met(graph: Graph, points: Points, *, scales: bool = False) -> Counter[object]:
    """Return on which sides points are, and how many on each."""
    met: Counter[object] = Counter()
    for sides in sides_at(graph, points, scales=scales):
        met.update(sides)
    return met


def _new(
    graph: Graph, pool: Points, met: Counter[object], times: int = 1, *, scales: bool = False
) -> Points:
    """Return the points of a pool on sides that fewer than so many are on, and count them there."""
    if not pool:
        return []
    chosen = []
    for point, sides in zip(pool, sides_at(graph, pool, scales=scales), strict=True):
        if any(met[side] < times for side in sides):
            chosen.append(point)
            met.update(sides)
    return chosen


def _crossed(graph: Graph, reached: Points, pool: Points, names: list[str]) -> Points:
    """Return points beyond the borders of conditions of which `reached` has one side alone."""
    import numpy

    pool = [*pool, *_far(reached[0], names)]
    margins = Margins(graph, [*conditions_of(graph)])
    at = {name: numpy.array([point[name] for point in reached]) for name in graph.variables}
    taken = taken_at(graph, linearise(graph, at, ()).values)
    here, there = margins.values(reached), margins.values(pool)
    wanted = []
    for margin in margins.margins:
        counts = numpy.broadcast_to(numpy.asarray(taken[margin.node], dtype=bool), len(reached))
        if counts.any():
            sizes = numpy.where(counts, abs(here[margin.output]), numpy.inf)
            order = numpy.argsort(sizes, kind="stable")
            near = [reached[k] for k in order[:STARTS].tolist() if counts[k]]
            for sign in (1.0, -1.0):
                if not (counts & (here[margin.output] * sign > 0)).any():
                    wanted.append((margin.output, sign, near))
    most = max(LEAST, CROSSED // (len(graph) * len(wanted))) if wanted else 0
    found: Points = []
    left = WORK
    for output, sign, near in wanted:
        border = margins.border(output, names)
        left -= border.work
        if left < 0:
            break
        over = numpy.flatnonzero(there[output] * sign > 0)
        known, half = numpy.isfinite(there[output][over]), STARTS // 2
        beyond = [pool[k] for k in [*over[known][:half], *over[~known][:half]]]
        found += border.crossing(sign, near, beyond)[:most]
    return found


def _far(point: dict[str, float], names: list[str]) -> Points:
    """Return points at which variables are as large and as small as they can be."""
    sizes = [side * 10.0**power for power in VERY_FAR for side in (1, -1)]
    one = [{**point, name: size} for name in names[:MOST_VARIABLES] for size in sizes]
    return one + [{**point, **dict.fromkeys(names, size)} for size in sizes]
