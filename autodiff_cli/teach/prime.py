"""What a prime is the derivative by, where a formula has several variables: (a x^2)' is 2 a x."""

from __future__ import annotations

from collections.abc import Mapping

from autodiff_cli.graph.graph import Graph
from autodiff_cli.teach.begun import Begun, is_number
from autodiff_cli.teach.naming import Names
from autodiff_cli.teach.neighbourhood import points_to_tell
from autodiff_cli.teach.quantity import DIRECTION
from autodiff_cli.teach.reckoning import Reckoning

#: Variables that a function is usually one of; others are rather its parameters.
USUAL = ("x", "t")

#: Variables by which f' may be the derivative, where nothing says it.
MOST_TRIED = 4


def differentiated_by(begun: Begun, graph: Graph, at: Mapping[str, float]) -> int:
    """Return what f' is the derivative by: a variable, or a direction in which all move.

    Said is it by f(x) = … before the formula, or by dx = 1. Else it is what makes most lines right.

    Args:
        begun: the sheet.
        graph: its formula.
        at: the point; empty where there is none.
    """
    names = Names(graph)
    if names.by != DIRECTION:
        return names.by
    if begun.by:
        return graph.variables.index(begun.by)
    about = []
    for one in begun.rest:
        written = names.target(one.left)
        if written is not None and written.by == "":
            about.append(one)
            node = names.node(written.of)
            if node is not None and node < len(graph.variables) and is_number(one.sides[-1]):
                return DIRECTION
    if not about:
        return DIRECTION
    order = sorted(range(len(graph.variables)), key=lambda k: graph.variables[k] not in USUAL)
    tried = [DIRECTION, *order[:MOST_TRIED]]
    if graph.variables[order[0]] in USUAL and any("'" in one.left for one in about):
        tried = [order[0], DIRECTION, *order[1:MOST_TRIED]]
    points = points_to_tell(graph, at)
    right: dict[int, int] = {}
    for by in tried:
        reckoning = Reckoning(graph, points, given=bool(at))
        reckoning.names.by = by
        statuses = [reckoning.judged(one).status for one in begun.rest if not one.at]
        right[by] = statuses.count("right")
    return max(tried, key=right.__getitem__)
