"""Taylor series at many points at once: coefficients are arrays.

Where points take different sides of a comparison, they are propagated apart.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from autodiff_cli.engine import arrays
from autodiff_cli.engine.propagation import Propagation
from autodiff_cli.engine.taylor import scale
from autodiff_cli.graph.constant import Constant
from autodiff_cli.graph.graph import Graph
from autodiff_cli.ops.row import Operation

Array = arrays.Array


class Apart(Exception):
    """Some points take one side of a comparison, and some the other.

    Args:
        first: true for those that take the first.
    """

    def __init__(self, first: Any) -> None:
        super().__init__()
        self.first = first


class Arrays:
    """Coefficients that are arrays, with a number for each point."""

    zero = 0.0

    def constant(self, constant: Constant) -> float:
        """Return a constant of the language."""
        return constant.value

    def value(self, operation: Operation, operands: Sequence[Any]) -> Any:
        """Return what a row computes."""
        return arrays.value(operation)(*operands)

    def divide(self, a: Any, b: Any) -> Any:
        """Return a/b by IEEE 754."""
        return np.divide(a, b)

    def holds(self, condition: Any) -> bool:
        """Tell whether a comparison holds at every point, or at none.

        Raises:
            Apart: it does at some.
        """
        if np.ndim(condition) == 0:
            return bool(condition)
        if condition.any() and not condition.all():
            raise Apart(condition)
        return bool(condition.all())

    def blocked(self, coefficient: Any) -> Any:
        """Return None, or nan at the points where a coefficient is not finite."""
        finite = np.isfinite(coefficient)
        return None if finite.all() else np.where(finite, 0.0, np.nan)


def coefficients(
    graph: Graph, at: Mapping[str, Any], direction: Mapping[str, float], order: int
) -> tuple[list[Array], Any]:
    """Return scaled coefficients and the exponents of their scales; see `taylor.coefficients`."""
    shape = np.broadcast_shapes(*[np.shape(value) for value in at.values()])
    columns = {name: np.broadcast_to(value, shape).ravel() for name, value in at.items()}
    count = int(np.prod(shape))
    with arrays.quiet():
        found = _table(graph, columns, direction, order, count)
        exponents = np.array([scale(column) for column in found.T.tolist()], dtype=int)
        moved = np.flatnonzero(exponents)
        if len(moved):
            there = {name: column[moved] for name, column in columns.items()}
            steps = {
                name: np.ldexp(component, exponents[moved]) for name, component in direction.items()
            }
            found[:, moved] = _table(graph, there, steps, order, len(moved))
    return [row.reshape(shape) for row in found], exponents.reshape(shape)


def _table(
    graph: Graph, columns: Mapping[str, Array], direction: Mapping[str, Any], order: int, count: int
) -> Array:
    """Return one row an order and one column a point."""
    found = np.zeros((order + 1, count))
    todo = [np.arange(count)] if count else []
    while todo:
        places = todo.pop()
        at = {name: column[places] for name, column in columns.items()}
        moving = {
            name: component[places] if np.ndim(component) else component
            for name, component in direction.items()
        }
        try:
            terms = Propagation(graph, at, moving, order, Arrays()).outputs[0]
        except Apart as apart:
            todo += [places[apart.first], places[~apart.first]]
            continue
        for k, term in enumerate(terms):
            found[k, places] = term
    return found
