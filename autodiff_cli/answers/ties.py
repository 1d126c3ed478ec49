"""Derivatives beyond the first at a tie, where two branches meet: those on both of its sides.

Branches that agree in value and slope are no kink of the function, and may be one of its slope.
So each derivative that is asked for is taken on both sides, along each variable that it is by.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from autodiff_cli.answers.gradient import GradResult
from autodiff_cli.answers.paths import Path, said
from autodiff_cli.engine import higher
from autodiff_cli.engine.branches import piecewise, tied
from autodiff_cli.engine.gradient_graph import gradient_graph
from autodiff_cli.engine.one_side import both_sides
from autodiff_cli.engine.point import points
from autodiff_cli.graph.graph import Graph
from autodiff_cli.notes.departures import marks
from autodiff_cli.notes.explanations import LARGEST, MOST_VARIABLES
from autodiff_cli.notes.note import AT_A_KINK, Note

#: Numbers on both sides are one number up to this share of them, and of the largest on the way.
SHARE, LEAST = 1e-9, 1e-13

#: Derivatives, each at a point, of which both sides are asked; of more it is not known.
MOST_ASKED = 2000


class Break(NamedTuple):
    """A derivative that has two sides: along what, and its number on each."""

    along: str
    left: float
    right: float


UNKNOWN = Break("", math.nan, math.nan)


class Ties(NamedTuple):
    """Where derivatives have two sides.

    Attributes:
        broken: derivative → for each point whether it has, where no node is at a kink of its own;
            only those that have at one.
        notes: what is said of them.
    """

    broken: Mapping[Path, Sequence[bool]]
    notes: tuple[Note, ...]


def ties(
    result: GradResult[Any], paths: Sequence[Path], direction: Mapping[str, float] | None
) -> Ties:
    """Return which of the derivatives beyond the first have two sides, point by point.

    Args:
        result: the value and the gradient, with what they were found by.
        paths: the variables that each derivative is by.
        direction: what they were further taken along, or None.
    """
    at = points(result.at)
    marked = _list(marks(result.linearisation, result.adjoints)[0], len(at))
    single = isinstance(result.value, float)
    shown = single and {note.kind for note in result.notes} & AT_A_KINK == {"kink"}
    suspected = _suspected(result, len(at))
    asked = [path for path in paths if len(path) > 1 or direction is not None]
    broken: dict[Path, list[bool]] = {}
    notes: list[Note] = []
    known: dict[tuple[Path, tuple[float, ...]], Break | None] = {}
    for k, place in enumerate(at):
        if not suspected[k] and not (shown and marked[k]):
            continue
        for path in asked:
            if marked[k] and len(path) == 2:
                continue  # said with the kink itself
            key = path, tuple(place.values())
            if key not in known:
                few = len(known) < MOST_ASKED and len(result.graph) <= LARGEST
                known[key] = _broken(result.graph, place, path, direction) if few else UNKNOWN
            found = known[key]
            if not marked[k] and (found is not None or _beyond(path, broken, k)):
                broken.setdefault(path, [False] * len(at))[k] = True
            if found is not None and len(notes) < MOST_VARIABLES:
                notes.append(_note(path, direction, found, k if len(at) > 1 else None))
    return Ties(broken, tuple(notes))


def _beyond(path: Path, broken: Mapping[Path, Sequence[bool]], k: int) -> bool:
    """Tell whether a derivative is a further one of one that jumps at the point: it is none."""
    return len(path) > 2 and any(
        there[k] and not Counter(one) - Counter(path) for one, there in broken.items()
    )


def _note(
    path: Path, direction: Mapping[str, float] | None, found: Break, place: int | None
) -> Note:
    where = "" if place is None else f" (at the point number {place + 1})"
    if math.isnan(found.left) or math.isnan(found.right):
        text = f"{said(path, direction)} may differ on both sides of a tie{where}: it is not known"
        return Note(None, "both-sides", text)
    left, right = (f"{number:.6g}".replace("-", "−") for number in (found.left, found.right))
    text = (
        f"along {found.along}, {said(path, direction)} is {left} on the left and {right} on the "
        f"right{where}: two branches meet there, and one of them is used"
    )
    return Note(None, "both-sides", text)


def _list(value: Any, count: int) -> list[Any]:
    """Return one value for each of the points."""
    return list(value.ravel().tolist()) if getattr(value, "shape", ()) else [value] * count


def _suspected(result: GradResult[Any], count: int) -> list[bool]:
    """Tell at which points a row's rule stands between two of its branches."""
    found = [False] * count
    graph, linearisation = result.graph, result.linearisation
    for index in range(len(graph.variables), len(graph)):
        operation, operands = graph.operations[index], graph.operands[index]
        if not linearisation.active[index]:
            continue
        asked = [
            k for k in range(len(operands))
            if linearisation.active[operands[k]] and operation.rule(k) and piecewise(operation, k)
        ]  # fmt: skip
        if not asked:
            continue
        below = [_list(linearisation.values[k], count) for k in (*operands, index)]
        for k, (*point, value) in enumerate(zip(*below, strict=True)):
            found[k] |= any(tied(operation, position, point, value) for position in asked)
    return found


def _broken(
    graph: Graph, at: Mapping[str, float], path: Path, direction: Mapping[str, float] | None
) -> Break | None:
    """Return the sides of a derivative along the first variable where they are two, or None."""
    for found in _along(graph, at, path, direction):
        size = max(abs(found.left), abs(found.right))
        if not abs(found.left - found.right) <= SHARE * size:
            return found
    return None


def _along(
    graph: Graph, at: Mapping[str, float], path: Path, direction: Mapping[str, float] | None
) -> Iterator[Break]:
    """Yield the sides of a derivative along each variable that it is by."""
    if direction is None:
        for name in dict.fromkeys(path):
            count = path.count(name)
            slope = graph.select((0,))
            for other in path:
                slope = slope if other == name else higher.derivative(slope, other)
            yield _sides(slope, at, {name: 1.0}, count, name, [1.0])
        return
    moving = {name: step for name, step in direction.items() if step}
    if not moving:
        return
    for name in path:
        yield _sides(higher.derivative(graph, name), at, moving, 1, "the direction", [1.0])
        slopes = gradient_graph(graph, tuple(moving), exact=True, again=True)
        slopes = slopes.select(range(1, 1 + len(moving)))
        yield _sides(slopes, at, {name: 1.0}, 1, name, [*moving.values()])


def _sides(
    graph: Graph,
    at: Mapping[str, float],
    direction: Mapping[str, float],
    order: int,
    along: str,
    weights: Sequence[float],
) -> Break:
    """Return the weighted sum of the outputs' derivatives of an order, on both sides.

    Numbers that rounding alone sets apart are one number.
    """
    left = right = scale = 0.0
    factorial = math.factorial(order)
    for weight, sides in zip(weights, both_sides(graph, at, direction, order), strict=True):
        left, right = (
            total + weight * factorial * terms[order]
            for total, terms in zip((left, right), sides, strict=True)
        )
        scale += abs(weight) * factorial * max(abs(c) for terms in sides for c in terms)
    if abs(left - right) <= LEAST * scale:
        right = left
    return Break(along, left + 0.0, right + 0.0)
