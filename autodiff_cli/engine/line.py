"""A function along one variable, the others held: its values, and what its conditions see."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from autodiff_cli.engine import point
from autodiff_cli.engine.conditions import Conditions, conditions
from autodiff_cli.engine.forward import forward
from autodiff_cli.engine.linearise import linearise, quiet
from autodiff_cli.graph.graph import Graph


class Line:
    """A function along one variable, the others held.

    Args:
        graph: the function is its first output.
        at: the values of the other variables.
        name: the variable that moves.
    """

    def __init__(self, graph: Graph, at: Mapping[str, float], name: str) -> None:
        self.graph, self.name = graph, name
        self.held = {key: value for key, value in at.items() if key != name}
        self.conditions: Conditions = conditions(graph, [name])

    def at(self, xs: Any) -> dict[str, Any]:
        """Return the points at some places."""
        import numpy as np

        return point.bind(self.graph, {**self.held, self.name: np.asarray(xs, dtype=float)})

    def states(self, xs: Any) -> Any:
        """Return the state of each condition at some places."""
        return self.conditions.states(self.at(xs))

    def function(self, xs: Any) -> tuple[Any, Any]:
        """Return the function and its derivative at some places."""
        values, slopes = self._swept(self.graph, xs)
        return values[0], slopes[0]

    def sides(self, xs: Any) -> tuple[Any, Any]:
        """Return the sides of the conditions and their derivatives, a row for each."""
        values, slopes = self._swept(self.conditions.graph, xs)
        return values[1:], slopes[1:]

    def twice(self, xs: Any) -> Any:
        """Tell of each two neighbouring places whether a side may come to 0 and back in between.

        Its slope carries it to 0 from the left, and the one on the right came from there.
        """
        import numpy as np

        ways, far = self._heading(xs)
        return ((ways[:, :-1] < 0) & (ways[:, 1:] > 0) & np.logical_and(*far)).any(axis=0)

    def torn(self, xs: Any) -> Any:
        """Tell of each two neighbouring places whether a condition changes between, or might."""
        import numpy as np

        states = self.states(xs)
        _, far = self._heading(xs)
        return (states[:, 1:] != states[:, :-1]).any(axis=0) | np.logical_or(*far).any(axis=0)

    def _heading(self, xs: Any) -> tuple[Any, tuple[Any, Any]]:
        """Return whether each side heads for 0 (−1) or away (1), and whether a step would do.

        The step is the one to the right, and the one to the left, of two neighbours.
        """
        import numpy as np

        values, slopes = self.sides(xs)
        signed = np.array([not stepped for stepped in self.conditions.stepped], dtype=bool)
        values, slopes = values[signed], slopes[signed]
        with quiet(values):
            reach = np.diff(xs)
            far = (
                abs(values[:, :-1]) < abs(slopes[:, :-1]) * reach,
                abs(values[:, 1:]) < abs(slopes[:, 1:]) * reach,
            )
        return np.sign(values) * np.sign(slopes), far

    def _swept(self, graph: Graph, xs: Any) -> tuple[Any, Any]:
        import numpy as np

        at = self.at(xs)
        shape = at[self.name].shape
        swept = linearise(graph, at, (self.name,))
        tangents = forward(swept, {self.name: np.ones(shape)})
        found = [(swept.values[k], tangents[k]) for k in graph.outputs]
        values = [np.broadcast_to(value, shape) for value, _ in found]
        slopes = [np.broadcast_to(0.0 if slope is None else slope, shape) for _, slope in found]
        return np.array(values, dtype=float), np.array(slopes, dtype=float)
