"""Every method at many points: the largest error of each, and where it is."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any, NamedTuple

from autodiff_cli.engine import forward, reverse
from autodiff_cli.engine.cost import operations
from autodiff_cli.engine.gradient_graph import gradient_graph
from autodiff_cli.engine.linearise import linearise
from autodiff_cli.graph.graph import Graph
from autodiff_cli.methods import differences as difference
from autodiff_cli.methods import float32 as single
from autodiff_cli.methods import frameworks
from autodiff_cli.methods.at_a_point import failure
from autodiff_cli.methods.evaluate import bounded
from autodiff_cli.symbolic.verdict import subtract

Point = Mapping[str, float]

#: Variable → one derivative a point.
Slopes = Mapping[str, Sequence[float]]


class Worst(NamedTuple):
    """The point at which one method is furthest off.

    Attributes:
        method: its name.
        error: its number minus the derivative, where that is largest; None without an answer.
        derivative: the derivative there; None without an answer.
        at: the point; {} without an answer.
        missing: at how many points it gives no finite number.
        reason: why there is no answer, or "".
    """

    method: str
    error: float | None
    derivative: float | None
    at: Point
    missing: int
    reason: str = ""


def worst(
    graph: Graph,
    points: Sequence[Point],
    wrt: tuple[str, ...],
    derivatives: Mapping[str, Sequence[str | None]],
    *,
    float32: bool = False,
) -> dict[str, list[Worst]]:
    """Return variable → the largest error of each method.

    Args:
        graph: the formula.
        points: where to compare; at least one.
        wrt: the variables to differentiate with respect to.
        derivatives: variable → the number to measure against at each point, as decimal text; a
            point where it is no number is not measured at.
        float32: ask for the reverse sweep in single precision too.
    """
    found: dict[str, list[Worst]] = {name: [] for name in wrt}
    for method, compute in _methods(graph, points, wrt, float32):
        try:
            slopes = compute()
        except Exception as error:  # another library's failure must not be ours
            for name in wrt:
                found[name].append(Worst(method, None, None, {}, 0, failure(method, error)))
            continue
        for name in wrt:
            found[name].append(_furthest(method, slopes[name], derivatives[name], points))
    return found


def _methods(
    graph: Graph, points: Sequence[Point], wrt: tuple[str, ...], float32: bool
) -> list[tuple[str, Callable[[], Slopes]]]:
    """Return each method's name, and what computes its answers."""
    import numpy

    at: dict[str, Any] = {
        name: numpy.array([point[name] for point in points]) for name in graph.variables
    }

    def spread(slopes: Mapping[str, Any]) -> Slopes:
        return {
            name: numpy.broadcast_to(slope, len(points)).tolist() for name, slope in slopes.items()
        }

    def swept(sweep: Callable[..., Mapping[str, Any]]) -> Callable[[], Slopes]:
        return lambda: spread(sweep(linearise(graph, at, wrt)))

    def each(slope: Callable[..., Any], given: Any) -> Callable[[], Slopes]:
        return lambda: spread({name: slope(given, at, name) for name in wrt})

    def library(name: str) -> Callable[[], Slopes]:
        return bounded("libraries", count, lambda: frameworks.gradient(name, graph, at))

    function, count = difference.many(graph), operations(graph)
    anew = partial(bounded, "sweeps", count * len(wrt))
    found = [
        ("reverse mode", swept(reverse.gradient)),
        ("forward mode", anew(swept(forward.gradient))),
        ("forward difference", anew(each(difference.forward, function))),
        ("central difference", anew(each(difference.central, function))),
        ("complex step", anew(each(difference.complex_step, graph))),
        *[(name, library(name)) for name in frameworks.installed()],
    ]
    if float32:
        found.insert(
            2, (single.METHOD, lambda: single.gradient(gradient_graph(graph, wrt), at, wrt))
        )
    return found


def _furthest(
    method: str, slopes: Sequence[float], derivatives: Sequence[str | None], points: Sequence[Point]
) -> Worst:
    missing = sum(not math.isfinite(slope) for slope in slopes)
    known = [
        (abs(error), place, error)
        for place, (slope, derivative) in enumerate(zip(slopes, derivatives, strict=True))
        if (error := subtract(float(slope), derivative)) is not None and math.isfinite(error)
    ]
    if not known:
        return Worst(method, None, None, {}, missing, "no finite number at any of the points")
    _, place, error = max(known, key=lambda one: (one[0], -one[1]))
    return Worst(method, error, float(derivatives[place] or ""), points[place], missing)
