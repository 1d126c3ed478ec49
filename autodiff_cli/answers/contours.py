"""What `plot` shows of two variables: lines of equal value, and the gradient as arrows.

No line runs along a pole or a jump: the cells of the grid through which one passes are left out.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from autodiff_cli.answers.gradient import grad
from autodiff_cli.engine.level_lines import Spot, level_lines
from autodiff_cli.engine.plane import Plane
from autodiff_cli.errors import AutodiffError
from autodiff_cli.graph.graph import Graph
from autodiff_cli.notes.note import Note

#: Cells of the grid in each direction, lines at most, and arrows in each direction.
CELLS, LEVELS, ARROWS = 120, 11, 13

#: Share of the range of values by which a level may be rounded.
ROUND = 0.01


@dataclass(frozen=True, slots=True, kw_only=True)
class Level:
    """The lines on which the function has one value."""

    value: float
    lines: tuple[tuple[Spot, ...], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Arrow:
    """The value and the gradient at one place."""

    place: Spot
    value: float
    gradient: Spot


@dataclass(frozen=True, slots=True, kw_only=True)
class Contours:
    """A function of two variables over a rectangle.

    Attributes:
        expression: the text as typed.
        graph: the formula.
        names: the two variables, across and up.
        intervals: the ends of each.
        at: the values of the other variables.
        levels: from the lowest value up.
        arrows: the gradient over a coarse grid, where it is finite.
        marks: the gradient at the points asked for.
        points: the rows of a file.
        notes: what a reader should know.
    """

    expression: str
    graph: Graph
    names: tuple[str, str]
    intervals: tuple[tuple[float, float], tuple[float, float]]
    at: Mapping[str, float]
    levels: tuple[Level, ...]
    arrows: tuple[Arrow, ...]
    marks: tuple[Arrow, ...]
    points: tuple[Spot, ...]
    notes: tuple[Note, ...]


def contours(
    expression: str,
    graph: Graph,
    names: tuple[str, str],
    intervals: tuple[tuple[float, float], tuple[float, float]],
    at: Mapping[str, float],
    *,
    marks: Sequence[Spot] = (),
    points: Sequence[Spot] = (),
    remarks: Sequence[str] = (),
) -> Contours:
    """Return a function's lines of equal value over a rectangle, and its gradient.

    Args:
        expression: the text as typed.
        graph: the formula.
        names: the variable across, then the one up.
        intervals: where each runs from and to.
        at: the values of the other variables.
        marks: places whose gradient is wanted.
        points: the rows of a file.
        remarks: how the text was read.

    Raises:
        AutodiffError: an interval is empty or not finite.
    """
    import numpy as np

    for name, (low, high) in zip(names, intervals, strict=True):
        if not (math.isfinite(high - low) and low < high):
            raise AutodiffError(
                f"the interval of {name} runs from {low:g} to {high:g}",
                mend=f"write the smaller end first: --{name}=-2..2",
            )
    held = {key: value for key, value in at.items() if key not in names}
    plane = Plane(graph, names, held)
    across, up = (np.linspace(low, high, CELLS + 1) for low, high in intervals)
    columns, rows = np.meshgrid(across, up)
    values = plane.values(columns, rows)
    whole = plane.unbroken(columns, rows, values)
    wanted = _levels(values[np.isfinite(values)].tolist())
    levels = tuple(
        Level(value=level, lines=level_lines(across, up, values, whole, level)) for level in wanted
    )
    notes = [Note(None, "reading", remark) for remark in remarks]
    found = []
    for place in marks:
        answer = grad(graph, {**held, **dict(zip(names, place, strict=True))}, wrt=names)
        slopes = (answer.gradient[names[0]], answer.gradient[names[1]])
        found.append(Arrow(place=place, value=answer.value, gradient=slopes))
        notes += answer.notes
    return Contours(
        expression=expression,
        graph=graph,
        names=names,
        intervals=intervals,
        at=held,
        levels=levels,
        arrows=_arrows(plane, intervals),
        marks=tuple(found),
        points=tuple(points),
        notes=tuple(dict.fromkeys(notes)),
    )


def _arrows(plane: Plane, intervals: tuple[Spot, Spot]) -> tuple[Arrow, ...]:
    """Return the gradient over a coarse grid, half a step inside, where it is finite."""
    import numpy as np

    axes = []
    for low, high in intervals:
        step = (high - low) / ARROWS
        axes.append(low + step / 2 + step * np.arange(ARROWS))
    columns, rows = (axis.ravel() for axis in np.meshgrid(*axes))
    values, across, up = plane.gradient(columns, rows)
    good = np.isfinite(values) & np.isfinite(across) & np.isfinite(up)
    numbers = (column[good].tolist() for column in (columns, rows, values, across, up))
    return tuple(
        Arrow(place=(x, y), value=value, gradient=(right, above))
        for x, y, value, right, above in zip(*numbers, strict=True)
    )


def _levels(values: Sequence[float]) -> list[float]:
    """Return round values that divide those of the grid into parts of about the same size."""
    if not values:
        return []
    ordered = sorted(values)
    low, high = ordered[0], ordered[-1]
    found = []
    for k in range(LEVELS):
        level = ordered[int((k + 0.5) / LEVELS * (len(ordered) - 1))]
        near = [float(f"{level:.{digits}g}") for digits in (1, 2, 3)]
        near = [number for number in near if abs(number - level) <= ROUND * (high - low)]
        found.append(near[0] if near else level)
    return sorted({level for level in found if low < level < high})
