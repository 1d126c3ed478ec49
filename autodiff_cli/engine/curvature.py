"""The largest curvature of a function at a point: the largest eigenvalue of its Hessian.

By powers of the Hessian on one direction; each product is one forward sweep of the gradient graph
(Golub & Van Loan, Matrix Computations, section 8.2).
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence

from autodiff_cli.engine.forward import forward
from autodiff_cli.engine.gradient_graph import gradient_graph
from autodiff_cli.engine.linearise import linearise
from autodiff_cli.graph.graph import Graph

#: Products at most, and the relative change of the answer that ends them.
PRODUCTS, SETTLED = 400, 1e-10

#: Nodes of a formula up to which its curvature is looked for.
LARGEST = 20_000


def largest(graph: Graph, at: Mapping[str, float], wrt: Sequence[str]) -> float | None:
    """Return the largest eigenvalue of the Hessian, or None where it is no finite number.

    Args:
        graph: its first output is the function.
        at: the point.
        wrt: the variables.
    """
    if len(graph) > LARGEST:
        return None
    names = tuple(wrt)
    swept = linearise(gradient_graph(graph, names), at, names)

    def times(direction: Sequence[float]) -> list[float]:
        tangents = forward(swept, dict(zip(names, direction, strict=True)))
        return [float(tangents[k] or 0.0) for k in swept.graph.outputs[1:]]

    size = _power(times, len(names), 0.0)
    # Moved up by the size of the largest, no eigenvalue is negative: the largest dominates.
    moved = None if size is None else _power(times, len(names), size)
    return None if size is None or moved is None else moved - size


def _power(
    times: Callable[[Sequence[float]], list[float]], count: int, shift: float
) -> float | None:
    """Return the size of the eigenvalue of H + shift that is largest in size."""
    # No symmetry of a formula has these components, so no eigenvector is met at a right angle.
    direction = [1.0 + ((k + 1) * 0.6180339887498949) % 1.0 for k in range(count)]
    value = 0.0
    for _ in range(PRODUCTS):
        length = math.hypot(*direction)
        direction = [component / length for component in direction]
        pairs = zip(times(direction), direction, strict=True)
        product = [component + shift * old for component, old in pairs]
        before, value = value, math.hypot(*product)
        if not math.isfinite(value):
            return None
        if abs(value - before) <= SETTLED * value:
            return value
        direction = product
    return value
