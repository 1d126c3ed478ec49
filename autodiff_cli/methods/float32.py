"""The reverse sweep in float32, the precision that networks are trained in.

It is the gradient graph, with every elementary operation rounded to float32.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import cache, reduce
from typing import Any

from autodiff_cli.graph.graph import Graph
from autodiff_cli.methods.evaluate import completed, evaluate_all
from autodiff_cli.ops import OPERATIONS

#: How the rows of this method are headed.
METHOD = "reverse, float32"


def rounded(number: float) -> float:
    """Return the nearest float32 number; infinite beyond its range."""
    import numpy as np

    with np.errstate(all="ignore"):
        return float(np.float32(number))


def function(graph: Graph) -> Callable[[Mapping[str, float]], float]:
    """Return the first output of a graph as a function of one point, computed in float32."""
    return lambda at: float(_outputs(graph, at)[0][0])


def gradient(derived: Graph, at: Mapping[str, Any], wrt: Sequence[str]) -> dict[str, Any]:
    """Return the reverse-mode derivatives, computed in float32.

    Args:
        derived: the value and its partial derivatives, from `engine.gradient_graph`.
        at: a float, or an array of points, for every variable.
        wrt: the variables of the derivatives.

    Returns:
        Variable → a float, or an array with one number a point.
    """
    _, *slopes = _outputs(derived, at)
    if all(isinstance(number, float) for number in at.values()):
        return {name: float(slope[0]) for name, slope in zip(wrt, slopes, strict=True)}
    return dict(zip(wrt, slopes, strict=True))


def _outputs(graph: Graph, at: Mapping[str, Any]) -> list[Any]:
    """Return the outputs as float32 arrays, one number a point."""
    import numpy as np

    with np.errstate(all="ignore"):
        # Arrays of one number, not numbers: beside those, older NumPy computes in float64.
        point = {name: np.atleast_1d(np.float32(number)) for name, number in at.items()}
        shape = np.broadcast_shapes((1,), *[array.shape for array in point.values()])
        found = evaluate_all(graph, point, functions())
        return [np.broadcast_to(np.float32(output), shape) for output in found]


@cache
def functions() -> Mapping[str, Callable[..., Any]]:
    """Return name → function that takes its operands, and gives its result, in float32."""
    import numpy as np

    from autodiff_cli.engine.arrays import array_functions

    def single(function: Callable[..., Any]) -> Callable[..., Any]:
        return lambda *operands: np.float32(function(*[np.float32(x) for x in operands]))

    exact = array_functions()
    named = [row.name for row in OPERATIONS if row.numpy]
    found: dict[str, Callable[..., Any]] = {name: single(exact[name]) for name in named}
    sum_of_two = found["add"]
    found["add"] = lambda *terms: reduce(sum_of_two, terms)
    return completed(found)
