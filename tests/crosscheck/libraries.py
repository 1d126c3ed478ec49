"""Value, gradient and second derivatives of a graph as another library answers them.

The functions are those of `autodiff compare`, but where a library has one of its own for a row
that is built from a definition there.
"""

from __future__ import annotations

import warnings
from collections.abc import Callable, Mapping
from functools import cache
from importlib.util import find_spec
from typing import Any, NamedTuple

import numpy as np

from autodiff_cli.graph.graph import Graph
from autodiff_cli.methods import frameworks
from autodiff_cli.methods.evaluate import evaluate

Point = Mapping[str, float]


class Numbers(NamedTuple):
    """The value, the gradient, and the Hessian row by row, in the order of the variables."""

    value: tuple[float, ...]
    gradient: tuple[float, ...]
    second: tuple[float, ...] = ()


@cache
def torch_functions() -> Mapping[str, Callable[..., Any]]:
    import torch

    def softplus(a: Any) -> Any:
        return torch.nn.functional.softplus(torch.as_tensor(a, dtype=torch.float64))

    return {**frameworks.torch_functions(), "softplus": softplus}


def in_torch(graph: Graph, at: Point, second: bool = False) -> Numbers:
    import torch

    points = [torch.tensor(x, dtype=torch.float64, requires_grad=True) for x in at.values()]
    value = evaluate(graph, dict(zip(at, points, strict=True)), torch_functions())

    def slopes(result: Any, again: bool) -> list[Any]:
        if not result.requires_grad:
            return [torch.zeros((), dtype=torch.float64) for _ in points]
        return list(
            torch.autograd.grad(
                result, points, create_graph=again, retain_graph=True, materialize_grads=True
            )
        )

    first = slopes(value, second)
    rows = [slopes(slope, False) for slope in first] if second else []
    return Numbers(
        (float(value.detach()),),
        tuple(float(slope.detach()) for slope in first),
        tuple(float(number) for row in rows for number in row),
    )


def in_jax(graph: Graph, at: Point, second: bool = False) -> Numbers:
    import jax

    with jax.enable_x64(True):
        functions = frameworks.jax_functions()

        def value(*point: Any) -> Any:
            parts = dict(zip(at, point, strict=True))
            return jax.numpy.asarray(evaluate(graph, parts, functions), dtype=float)

        points = tuple(jax.numpy.asarray(x, dtype=float) for x in at.values())
        places = tuple(range(len(points)))
        found, first = jax.value_and_grad(value, places)(*points)
        matrix = jax.hessian(value, places)(*points) if second else ()
        return Numbers((float(found),), _floats(first), _floats(matrix))


def in_autograd(graph: Graph, at: Point, second: bool = False) -> Numbers:
    import autograd

    functions = frameworks.autograd_functions()

    def value(point: Any) -> Any:
        parts = {name: point[place] for place, name in enumerate(at)}
        return evaluate(graph, parts, functions)

    point = np.array(list(at.values()))
    with warnings.catch_warnings(), np.errstate(all="ignore"):
        warnings.simplefilter("ignore")
        first = autograd.grad(value)
        matrix = autograd.jacobian(first)(point) if second else ()
        return Numbers((float(value(point)),), _floats(first(point)), _floats(matrix))


def _floats(found: Any) -> tuple[float, ...]:
    return tuple(float(x) for x in np.asarray(found).ravel())


LIBRARIES: Mapping[str, Callable[..., Numbers]] = {
    "torch": in_torch, "jax": in_jax, "autograd": in_autograd
}  # fmt: skip


def installed() -> list[str]:
    return [name for name in LIBRARIES if find_spec(name) is not None]
