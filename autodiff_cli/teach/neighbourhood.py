"""Points beside the one that was asked about, on its side of every kink of a formula.

There relu(x) is x, or 0: who works at a point needs no other branch.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

from autodiff_cli.errors import AutodiffError
from autodiff_cli.graph.graph import Graph
from autodiff_cli.methods.branches_met import conditions_of, sides_at
from autodiff_cli.methods.sampling import samples

#: How far from the point some others are, where the formula has kinks, in tenths of its values.
STEPS = (0.1, -0.1, 0.3, -0.3, 0.6, -0.6, 1.0, -1.0)

#: Points on the same side of all kinks, with the one asked about, by which functions are told.
FEWEST = 4


def _nearby(graph: Graph, at: Mapping[str, float]) -> list[dict[str, float]]:
    """Return points beside one, each variable another way; none where a formula has no kinks."""
    if not at or not any(conditions_of(graph)):
        return []
    found = []
    for step in STEPS:
        sizes = {name: 0.1 * abs(value) + 0.01 for name, value in at.items()}
        turns = {name: math.cos(place * step) for place, name in enumerate(at, 1)}
        found.append({name: at[name] + step * sizes[name] * turns[name] for name in at})
    return found


def points_to_tell(graph: Graph, at: Mapping[str, float]) -> dict[str, Any]:
    """Return the point first, then some near it that can be told, then sampled ones, as arrays."""
    import numpy

    steps: list[dict[str, float]] = []
    for step in (-1.0, 1.0, 2.0, -2.0) if at else ():
        steps.append({name: value + step for name, value in at.items()})
    if not graph.variables:
        raise AutodiffError("the formula has no variable", mend='write one such as "x^2"')
    found = [dict(at), *steps] if at else []
    found += _nearby(graph, at)
    found += samples(graph, at, None)
    if not found:
        raise AutodiffError("no point inside the formula's domain was found", mend="give one")
    return {name: numpy.array([one[name] for one in found], float) for name in graph.variables}


def alike(graph: Graph, at: Mapping[str, Any], *, given: bool) -> Any:
    """Return which points are on the same side of every kink as the first.

    Args:
        graph: the formula.
        at: variable → an array, one number a point.
        given: whether the first point was asked about; else all are alike.

    Returns:
        One truth value a point; all true where the first is on a kink itself.
    """
    import numpy

    count = len(next(iter(at.values()), ())) or 1
    everywhere = numpy.ones(count, bool)
    if not given or not at:
        return everywhere
    points = [{name: float(row[place]) for name, row in at.items()} for place in range(count)]
    met = sides_at(graph, points)
    found = numpy.array([sides == met[0] for sides in met])
    return found if found.sum() >= FEWEST else everywhere
