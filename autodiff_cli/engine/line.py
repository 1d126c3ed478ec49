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

    def restless(self, xs: Any) -> Any:
        """Tell of each two neighbouring places whether a side swings more than its ends tell.

        It does where a step along its slope would carry it to 0, and its mean slope is not between
        those at the ends: the slope has turned in between.
        """
        import numpy as np

        values, slopes, far = self._steps(xs)
        with quiet(values):
            mean = np.diff(values) / np.diff(xs)
            first, last = slopes[:, :-1], slopes[:, 1:]
            rounding = 1e-9 * (abs(first) + abs(last))
            within = (np.minimum(first, last) - rounding <= mean) & (
                mean <= np.maximum(first, last) + rounding
            )
        return (far & ~within & np.isfinite(mean)).any(axis=0)

    def torn(self, xs: Any) -> Any:
        """Tell of each two neighbouring places whether a condition changes between, or might."""
        states = self.states(xs)
        *_, far = self._steps(xs)
        return (states[:, 1:] != states[:, :-1]).any(axis=0) | far.any(axis=0)

    def _steps(self, xs: Any) -> tuple[Any, Any, Any]:
        """Return the sides that count by their sign, their slopes, and what a step would do.

        A step along the slope at either of two neighbours carries the side to 0, or it does not.
        """
        import numpy as np

        values, slopes = self.sides(xs)
        signed = np.array([not stepped for stepped in self.conditions.stepped], dtype=bool)
        values, slopes = values[signed], slopes[signed]
        with quiet(values):
            reach = abs(slopes)
            far = (abs(values[:, :-1]) < reach[:, :-1] * np.diff(xs)) | (
                abs(values[:, 1:]) < reach[:, 1:] * np.diff(xs)
            )
        return values, slopes, far

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
