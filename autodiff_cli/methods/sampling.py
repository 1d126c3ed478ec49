"""Points at which a formula departs nowhere from plain calculus: inside its domain, off kinks."""

from __future__ import annotations

import math
import random
from collections.abc import Collection, Iterator, Mapping, Sequence
from itertools import islice
from typing import Any

from autodiff_cli.engine import reverse, rules
from autodiff_cli.engine.linearise import linearise
from autodiff_cli.graph.graph import Graph
from autodiff_cli.graph.printer import expression
from autodiff_cli.notes.departures import findings
from autodiff_cli.ops import COMPARISONS, WHERE
from autodiff_cli.ops.row import COMPARISON, OPERANDS

#: Points sampled unless more are asked for, and how many are tried for each.
SAMPLES, TRIES = 20, 100

#: The points tried come in this many rounds, each nearer to the point given.
ROUNDS = 10

#: Half the span that a variable without a value is tried in, by round.
SPANS = (5.0, 5.0, 0.5, 50.0, 0.05, 500.0, 5.0, 5e3, 5e4, 5e5)

#: Decimals, counted from the size of the span: such a point can be typed again.
DECIMALS = 4

#: Points tried to reach other sides, constants of the formula near which they lie, and their size.
POOL, MOST, LARGEST = 600, 20, 1e15

#: Powers of ten, both ways from 1, that points around 0 reach.
FAR = 9

#: Comparisons both of whose sides a point may be sampled on.
ORDERS = tuple(row for symbol, row in COMPARISONS.items() if symbol not in ("==", "!="))

#: Numbers held at once while points are tried, one a node and point.
HELD = 2_000_000


def samples(
    graph: Graph,
    at: Mapping[str, float],
    seed: int | None,
    count: int = SAMPLES,
    held: Collection[str] = (),
    *,
    scales: bool = False,
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
        scales: reach very small and very large values too.
    """
    if not set(graph.variables) - set(held):
        return []
    candidates = _candidates(graph, at, random.Random(seed or 0), count, held)
    size = max(1, min(2 * count, HELD // len(graph)))
    found: list[dict[str, float]] = []
    while len(found) < count and (batch := list(islice(candidates, size))):
        ordinary = _ordinary(graph, batch)
        found += [point for point, fine in zip(batch, ordinary, strict=True) if fine]
    found = found[:count]
    if not found:
        return found
    further = _further(graph, at, random.Random(seed or 0), held, found, scales)
    kept = further[: count // 2]
    return [*found[: count - len(kept)], *kept]


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


def _further(
    graph: Graph,
    at: Mapping[str, float],
    generator: random.Random,
    held: Collection[str],
    found: list[dict[str, float]],
    scales: bool,
) -> list[dict[str, float]]:
    """Return points on sides that those found do not reach: of a condition, a kink or a scale."""
    wanted = [name for name in graph.variables if name not in held]
    if not scales and not any(True for _ in _conditions(graph)):
        return []
    places = [c.value for c in graph.constants.values() if abs(c.value) < LARGEST][:MOST]
    pool = []
    for number in range(min(POOL, HELD // len(graph))):
        point = dict(generator.choice(found))
        for name in wanted if number % 2 else [generator.choice(wanted)]:
            near = generator.choice([*places, *at.values(), 0.0])
            reach = FAR if scales and not near else 4
            span = max(1.0, abs(near)) * 10.0 ** generator.randint(-reach, reach if scales else 1)
            point[name] = _short(near + generator.choice((-1, 1)) * span, span)
        pool.append({**point, **{name: at[name] for name in held if name in at}})
    pool = [
        point for point, fine in zip(pool, _ordinary(graph, pool), strict=True) if fine
    ]  # fmt: skip
    if not pool:
        return []
    met: set[object] = set()
    for sides in _sides(graph, found, scales):
        met |= sides
    further = []
    for point, sides in zip(pool, _sides(graph, pool, scales), strict=True):
        if not sides <= met:
            further.append(point)
            met |= sides
    return further


def unreached(graph: Graph, points: list[dict[str, float]]) -> tuple[str, ...]:
    """Return the conditions of a formula that hold, or fail, at none of the points, as text.

    A condition counts where its branch is taken. Of a kink, both sides of the node are wanted.
    """
    met: set[object] = set()
    for sides in _sides(graph, points, scales=False):
        met |= sides
    text = []
    for node, condition in _conditions(graph):
        shown = expression(graph, node)
        if condition is not None:
            missing = not {((node, "kink"), -1.0), ((node, "kink"), 1.0)} <= met
            text += [f"the other side of {shown}"] * missing
        elif graph.operations[node] in ORDERS:
            text += [shown] * ((node, True) not in met)
            text += [f"not {shown}"] * ((node, False) not in met)
    return tuple(text)


def _taken(graph: Graph, values: Sequence[Any]) -> list[Any]:
    """Return for each node at which points it counts: in no branch that is not taken."""
    taken: list[Any] = [False] * len(graph)
    for output in graph.outputs:
        taken[output] = True
    for node in reversed(range(len(graph))):
        operands = graph.operands[node]
        if graph.operations[node] is WHERE:
            condition, first, second = operands
            holds = values[condition] != 0
            taken[condition] = taken[condition] | taken[node]
            taken[first] = taken[first] | taken[node] & holds
            taken[second] = taken[second] | taken[node] & (holds == False)  # noqa: E712  # arrays
        else:
            for operand in operands:
                taken[operand] = taken[operand] | taken[node]
    return taken


def _conditions(graph: Graph) -> Iterator[tuple[int, Graph | None]]:
    """Yield each comparison, and each node with a kink where two sides meet with its condition."""
    for node, row in enumerate(graph.operations):
        if not graph.dependent[node]:
            continue
        if row.precedence == COMPARISON:
            yield node, None
        for kink in row.kinks:
            condition = rules.formula(f"where({kink.condition}, 1, 0)")
            if condition.operations.count(WHERE) == 1:
                yield node, condition


def _sides(graph: Graph, points: list[dict[str, float]], scales: bool) -> list[set[object]]:
    """Return for each point the sides that it is on: of conditions, kinks and scales."""
    import numpy

    at = {name: numpy.array([point[name] for point in points]) for name in graph.variables}
    values = linearise(graph, at, ()).values
    found: list[set[object]] = [set() for _ in points]

    taken = _taken(graph, values)

    def note(key: object, tests: Any, counts: Any = True) -> None:
        here, there = (
            numpy.broadcast_to(array, len(points)).tolist() for array in (tests, counts)
        )  # fmt: skip
        for sides, test, count in zip(found, here, there, strict=True):
            if count:
                sides.add((key, test))

    with numpy.errstate(all="ignore"):
        for node, condition in _conditions(graph):
            if condition is None:
                note(node, values[node], taken[node])
                continue
            operands = [values[k] for k in graph.operands[node]]
            stands = dict(zip(OPERANDS, operands, strict=False)) | {"y": values[node]}
            inside = linearise(condition, {n: stands[n] + 0.0 * at[graph.variables[0]]
                                           for n in condition.variables}, ()).values  # fmt: skip
            left, right = condition.operands[condition.operands[condition.outputs[0]][0]]
            note((node, "kink"), numpy.sign(inside[left] - inside[right]), taken[node])
        for name in graph.variables if scales else ():
            note(name, numpy.sign(at[name]) * numpy.digitize(abs(at[name]), (1e-2, 1e2)))
    return found


def _short(number: float, span: float) -> float:
    """Return a number with few decimals for its span."""
    if not (abs(number) < 1e300 and math.isfinite(span)):  # rounding could leave float64
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
