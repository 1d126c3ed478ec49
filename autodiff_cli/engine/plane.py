"""A function of two variables over a grid, and the cells through which a pole or a jump passes.

Where to look, the conditions of the operation table say; a change of one is closed in on its edge.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from autodiff_cli.engine import point
from autodiff_cli.engine.conditions import conditions
from autodiff_cli.engine.linearise import linearise
from autodiff_cli.engine.reverse import gradient
from autodiff_cli.graph.graph import Graph

#: Halvings of an edge on which a condition changes, and the share of a gap that must stay.
HALVINGS, STAYS = 40, 0.5


class Plane:
    """A function of two variables, the others held.

    Args:
        graph: the function is its first output.
        names: the two variables.
        held: the values of the others.
    """

    def __init__(self, graph: Graph, names: tuple[str, str], held: Mapping[str, float]) -> None:
        self.graph, self.names, self.held = graph, names, held
        self.conditions = conditions(graph, names)

    def _at(self, columns: Any, rows: Any) -> dict[str, Any]:
        places = dict(zip(self.names, (columns.ravel(), rows.ravel()), strict=True))
        return point.bind(self.graph, {**self.held, **places})

    def values(self, columns: Any, rows: Any) -> Any:
        """Return the function at each place."""
        import numpy as np

        values = linearise(self.graph, self._at(columns, rows), ()).values
        found = np.broadcast_to(values[self.graph.outputs[0]], columns.size)
        return np.array(found, dtype=float).reshape(columns.shape)

    def gradient(self, columns: Any, rows: Any) -> tuple[Any, Any, Any]:
        """Return the function and its two partial derivatives at each place of two columns."""
        import numpy as np

        swept = linearise(self.graph, self._at(columns, rows), self.names)
        slopes = gradient(swept)
        found = [swept.values[self.graph.outputs[0]], *[slopes[name] for name in self.names]]
        value, across, up = (np.broadcast_to(column, columns.size) for column in found)
        return value, across, up

    def unbroken(self, columns: Any, rows: Any, values: Any) -> Any:
        """Return for each cell whether the function has a value in it, and no pole or jump."""
        import numpy as np

        states = self.conditions.states(self._at(columns, rows)).reshape(-1, *columns.shape)
        whole = np.isfinite(values)
        across = whole[:, :-1] & whole[:, 1:]
        up = whole[:-1] & whole[1:]
        sideways = (slice(None), slice(None, -1)), (slice(None), slice(1, None))
        upwards = (slice(None, -1), slice(None)), (slice(1, None), slice(None))
        for joined, (first, last) in ((across, sideways), (up, upwards)):
            differs = (states[(slice(None), *first)] != states[(slice(None), *last)]).any(axis=0)
            differs &= joined
            if differs.any():
                ends = [(grid[first][differs], grid[last][differs]) for grid in (columns, rows)]
                joined[differs] = ~self._torn(*ends)
        return across[:-1] & across[1:] & up[:, :-1] & up[:, 1:]

    def _torn(self, across: tuple[Any, Any], up: tuple[Any, Any]) -> Any:
        """Tell of each edge whether its ends stay apart in value while the edge shrinks."""
        import numpy as np

        start, end = np.zeros(across[0].shape), np.ones(across[0].shape)

        def place(share: Any) -> tuple[Any, Any]:
            x, y = (low + share * (high - low) for low, high in (across, up))
            return x, y

        first = self.conditions.states(self._at(*place(start)))
        gap = abs(self.values(*place(end)) - self.values(*place(start)))
        for _ in range(HALVINGS):
            middle = (start + end) / 2
            same = (self.conditions.states(self._at(*place(middle))) == first).all(axis=0)
            start, end = np.where(same, middle, start), np.where(same, end, middle)
        left = abs(self.values(*place(end)) - self.values(*place(start)))
        return ~(left <= STAYS * gap) & (gap > 0)
