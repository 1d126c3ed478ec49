"""What a prime is the derivative by, where a formula has several variables: (a x^2)' is 2 a x."""

from __future__ import annotations

from collections.abc import Mapping

from autodiff_cli.graph.graph import Graph
from autodiff_cli.teach.begun import Begun, is_number
from autodiff_cli.teach.naming import Names
from autodiff_cli.teach.neighbourhood import points_to_tell
from autodiff_cli.teach.quantity import BACK, DIRECTION
from autodiff_cli.teach.reckoning import Reckoning

#: Variables that a function is usually one of; others are rather its parameters.
USUAL = ("x", "t")

#: How variables begin that are no parameters beside them: of x^2 + y^2, f' may be along both.
OTHERS = ("x", "y", "z", "t", "u", "v", "w")

#: Variables by which f' may be the derivative, where nothing says it.
MOST_TRIED = 4

#: Lines by which that is told.
MOST_LINES = 40


def differentiated_by(begun: Begun, graph: Graph, at: Mapping[str, float]) -> int:
    """Return what f' is the derivative by: a variable, or a direction in which all move.

    Said is it by f(x) = … before the formula, or by dx = 1. Beside parameters it is x; else it is
    what makes most lines right.

    Args:
        begun: the sheet.
        graph: its formula.
        at: the point; empty where there is none.
    """
    names = Names(graph)
    if _backward(begun, graph, at):
        return BACK
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
    primed = any("'" in one.left for one in about)
    usual = [k for k, name in enumerate(graph.variables) if name in USUAL]
    if usual and primed:
        if not any(name.startswith(OTHERS) for name in graph.variables if name not in USUAL):
            return usual[0]
        tried = [usual[0], DIRECTION]
    else:
        tried = [DIRECTION, *range(len(graph.variables))[:MOST_TRIED]]
    points = points_to_tell(graph, at)
    right: dict[int, int] = {}
    for by in tried:
        reckoning = Reckoning(graph, points, given=bool(at))
        reckoning.names.by = by
        statuses = [reckoning.judged(one).status for one in begun.rest[:MOST_LINES] if not one.at]
        right[by] = statuses.count("right")
    return max(tried, key=right.__getitem__)


def _backward(begun: Begun, graph: Graph, at: Mapping[str, float]) -> bool:
    """Tell whether primes are adjoints: that of the result is 1, and other lines are right then."""
    names = Names(graph)
    seeds = [
        one for one in begun.rest
        if one.sides[-1].strip() in ("1", "1.0") and (left := names.target(one.left)) is not None
        and left.by == ""
    ]  # fmt: skip
    if not seeds:
        return False
    points = points_to_tell(graph, at)
    counts = []
    for by in (names.by, BACK):
        reckoning = Reckoning(graph, points, given=bool(at))
        reckoning.names.by = by
        judged = [(one, reckoning.judged(one)) for one in begun.rest[:MOST_LINES] if not one.at]
        good = [one for one, found in judged if found.status in ("right", "follows")]
        counts.append(sum(one not in seeds for one in good))
        if by != BACK and not any(
            found.quantity is not None
            and found.quantity.of == names.result
            and float(reckoning.truth.quantity(found.quantity)[0]) != 1.0
            for one, found in judged
            if one in seeds
        ):
            return False
    return counts[1] > counts[0]
