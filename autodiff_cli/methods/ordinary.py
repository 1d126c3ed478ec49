"""Which points are ordinary: inside a formula's domain, off every kink."""

from __future__ import annotations

import math
from typing import Any

from autodiff_cli.engine import reverse
from autodiff_cli.engine.linearise import linearise
from autodiff_cli.graph.graph import Graph
from autodiff_cli.notes.departures import findings

#: Decimals, counted from the size of the span: such a point can be typed again.
DECIMALS = 4


def ordinary(graph: Graph, points: list[dict[str, float]]) -> list[bool]:
    """Tell for each point whether no node departs from plain calculus there."""
    import numpy

    at = {name: numpy.array([point[name] for point in points]) for name in graph.variables}
    linearisation = linearise(graph, at)
    departing: Any = ~numpy.isfinite(numpy.array(list(at.values()))).all(axis=0)
    for _, (_, test, _) in findings(linearisation, reverse.reverse(linearisation)):
        departing = departing | test
    return [not departs for departs in departing.tolist()]


def short(number: float, span: float) -> float:
    """Return a number with few decimals for its span."""
    if not (abs(number) < 1e300 and math.isfinite(span)):  # rounding could leave float64
        return number
    return round(number, DECIMALS - math.floor(math.log10(span)))
