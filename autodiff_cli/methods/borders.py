"""Points on sides of conditions that samples miss: the border is solved for, and crossed.

A side may be as thin as abs(x - 20) < 1e-3. Newton's steps along the gradient of what a condition
compares lead to its border, and so do halvings between two points on different sides.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

from autodiff_cli.engine import reverse, rules
from autodiff_cli.engine.linearise import linearise, value_at
from autodiff_cli.graph.graph import Builder, Graph
from autodiff_cli.ops import SUBTRACT

#: Points that a border is looked for from, Newton's steps, and halvings between two points.
STARTS, STEPS, HALVINGS = 12, 48, 80

#: How far beyond a border is tried, as shares of a variable's size or 1; how many points that far
#: are kept, and along how many variables they lie.
BEYOND, MOST, MOST_VARIABLES = tuple(10.0**-power for power in range(16)), 2, 4

#: Digits to which a point is rounded where it stays on its side.
SHORTEST = (2, 3, 4, 6, 8, 10, 12, 14)

#: Evaluations of a condition that finding points beyond its border takes.
EVALUATIONS = 2 * STEPS + HALVINGS + len(BEYOND) * (1 + MOST)

Points = Sequence[dict[str, float]]


class Margin(NamedTuple):
    """What a condition compares.

    Attributes:
        node: the node that the condition belongs to.
        output: which of the outputs of the margins' graph is the difference of its sides.
    """

    node: int
    output: int


class Margins:
    """The differences of the sides of conditions, as a graph.

    Args:
        graph: the formula.
        conditions: nodes that are comparisons, with None; or that have a kink, with its condition
            as a `where` of the operation table's names.
    """

    def __init__(self, graph: Graph, conditions: Sequence[tuple[int, Graph | None]]) -> None:
        builder = Builder(graph.variables)
        places = list(range(len(graph.variables)))
        for index in range(len(places), len(graph)):
            places.append(builder.copy(graph, index, places))
        outputs = []
        for node, condition in conditions:
            operands = tuple(places[operand] for operand in graph.operands[node])
            if condition is None:
                sides = operands
            else:
                written = rules.written(builder, condition, operands, places[node], exact=True)
                test = condition.operands[condition.outputs[0]][0]
                sides = tuple(written[operand] for operand in condition.operands[test])
            outputs.append(builder.apply(SUBTRACT, sides))
        self.graph = builder.graph([*dict.fromkeys(outputs)])
        order = {place: k for k, place in enumerate(dict.fromkeys(outputs))}
        self.margins = [
            Margin(node, order[place]) for (node, _), place in zip(conditions, outputs, strict=True)
        ]

    def values(self, points: Points) -> Any:
        """Return a row for each output: its numbers at the points."""
        import numpy

        at = {
            name: numpy.array([point[name] for point in points], dtype=float)
            for name in self.graph.variables
        }
        with numpy.errstate(all="ignore"):
            found = linearise(self.graph, at, ()).values
        rows = [numpy.broadcast_to(found[k], len(points)) for k in self.graph.outputs]
        return numpy.array(rows, dtype=float).reshape(len(rows), len(points))

    def border(self, output: int, names: Sequence[str]) -> Border:
        """Return the border of one difference, as variables move."""
        return Border(self.graph.select((output,)), names)


class Border:
    """Where one difference is 0.

    Args:
        graph: the difference.
        names: the variables that may move.
    """

    def __init__(self, graph: Graph, names: Sequence[str]) -> None:
        below = set(graph.below(graph.outputs))
        used = [name for k, name in enumerate(graph.variables) if k in below]
        self.graph, self.used = graph, used
        self.names = [name for name in used if name in names]

    @property
    def work(self) -> int:
        """Nodes that are evaluated to find points beyond it."""
        return EVALUATIONS * (len(self.graph) - len(self.graph.variables) + len(self.used))

    def crossing(self, sign: float, near: Points, beyond: Points) -> list[dict[str, float]]:
        """Return points at which the difference has a sign, those far from the border first.

        Args:
            sign: 1.0 or -1.0.
            near: points at which it has another sign, the border is looked for from them.
            beyond: points at which it has the sign.
        """
        borders = self._halved(sign, near, beyond)
        borders += self._solved(near)
        short: list[dict[str, float]] = []
        others: list[dict[str, float]] = []
        for share in BEYOND if borders else ():
            tried = [
                {**border, name: border[name] + side * share * size}
                for border in borders
                for name in self.names[:MOST_VARIABLES]
                for size in (max(1.0, abs(border[name])), abs(border[name]))
                for side in (1, -1)
            ]
            for point in self._over(tried, sign)[:MOST]:
                first, *longer = self._shorter(point, sign)
                short.append(first)
                others += longer
        # 0 is where formulas agree that differ elsewhere.
        return sorted([*short, *others], key=lambda point: 0 in point.values())

    def _columns(self, points: Points) -> dict[str, Any]:
        """Return an array for each variable; of those that do not matter, the same zeros."""
        import numpy

        at = dict.fromkeys(self.graph.variables, numpy.zeros(len(points)))
        for name in self.used:
            at[name] = numpy.array([point[name] for point in points], dtype=float)
        return at

    def _values(self, at: dict[str, Any]) -> Any:
        import numpy

        with numpy.errstate(all="ignore"):
            return value_at(self.graph, at)

    def _solved(self, near: Points) -> list[dict[str, float]]:
        """Return where Newton's steps along the gradient end, from each of the points."""
        import numpy

        if not near:
            return []
        at, output = self._columns(near), self.graph.outputs[0]
        with numpy.errstate(all="ignore"):
            for _ in range(STEPS):
                swept = linearise(self.graph, at, self.names)
                slopes = reverse.gradient(swept)
                total = sum(slope * slope for slope in slopes.values())
                step = swept.values[output] / numpy.where(total > 0, total, numpy.nan)
                for name, slope in slopes.items():
                    moved = at[name] - step * slope
                    at[name] = numpy.where(numpy.isfinite(moved), moved, at[name])
        return self._points(near, at)

    def _halved(self, sign: float, near: Points, beyond: Points) -> list[dict[str, float]]:
        """Return points beside the border, on the way from points beyond it to others."""
        import numpy

        count = min(len(near), len(beyond))
        if not count:
            return []
        low, high = self._columns(near[:count]), self._columns(beyond[:count])
        for _ in range(HALVINGS):
            middle = low | {name: _middle(low[name], high[name]) for name in self.used}
            over = self._values(middle) * sign > 0
            for name in self.used:
                low[name] = numpy.where(over, low[name], middle[name])
                high[name] = numpy.where(over, middle[name], high[name])
        return self._points(beyond[:count], high)

    def _points(self, points: Points, at: dict[str, Any]) -> list[dict[str, float]]:
        """Return points with the columns of the variables that matter."""
        columns = {name: at[name].tolist() for name in self.used}
        return [
            {**point, **{name: column[k] for name, column in columns.items()}}
            for k, point in enumerate(points)
        ]

    def _shorter(self, point: dict[str, float], sign: float) -> list[dict[str, float]]:
        """Return a point with as few digits as its side allows, then with more, then as it is."""
        shorter = [
            {**point, **{name: float(f"{point[name]:.{digits}g}") for name in self.names}}
            for digits in SHORTEST
        ]
        return [*self._over(shorter, sign), point]

    def _over(self, points: list[dict[str, float]], sign: float) -> list[dict[str, float]]:
        """Return those of some points at which the difference is a number of a sign."""
        import numpy

        found = numpy.broadcast_to(self._values(self._columns(points)) * sign, len(points))
        right = ((found > 0) & numpy.isfinite(found)).tolist()
        return [point for point, fine in zip(points, right, strict=True) if fine]


def _middle(one: Any, other: Any) -> Any:
    """Return what halves an interval: of numbers of very different sizes, their geometric mean."""
    import numpy

    with numpy.errstate(all="ignore"):
        mean = numpy.sqrt(abs(one)) * numpy.sqrt(abs(other))
        ratio = abs(one) / abs(other)
    apart = (one * numpy.sign(other) > 0) & ((ratio > 4) | (ratio < 0.25))
    return numpy.where(apart, numpy.sign(one) * mean, one / 2 + other / 2)
