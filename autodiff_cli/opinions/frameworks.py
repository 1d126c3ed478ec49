"""What PyTorch and JAX answer for the same graph, where they are installed."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cache, reduce
from importlib.util import find_spec
from typing import Any

from autodiff_cli.graph import Graph
from autodiff_cli.opinions import completed, evaluate

#: Names in the operation table that both libraries spell as NumPy does.
_SAME = (
    "sin cos tan asin:arcsin acos:arccos atan:arctan atan2:arctan2 sinh cosh tanh asinh:arcsinh "
    "acosh:arccosh atanh:arctanh exp expm1 sqrt ln:log log2 log10 log1p abs sign floor ceil "
    "max:maximum min:minimum hypot subtract negate:negative multiply divide "
    "less less_equal greater greater_equal not_equal where"
)


def installed() -> tuple[str, ...]:
    """Return which of the libraries are installed, without importing them."""
    return tuple(name for name in ("torch", "jax") if find_spec(name) is not None)


def gradient(library: str, graph: Graph, at: Mapping[str, float]) -> dict[str, float]:
    """Return the library's own reverse-mode derivative for each variable of the graph.

    Args:
        library: "torch" or "jax".
        graph: the graph.
        at: the point.
    """
    return (_torch if library == "torch" else _jax)(graph, at)


def _torch(graph: Graph, at: Mapping[str, float]) -> dict[str, float]:
    import torch

    variables = {
        name: torch.tensor(value, dtype=torch.float64, requires_grad=True)
        for name, value in at.items()
    }
    result = evaluate(graph, variables, torch_functions())
    if not isinstance(result, torch.Tensor) or result.grad_fn is None:
        return {name: float(result is variables[name]) for name in at}
    result.backward()
    return {
        name: 0.0 if variable.grad is None else float(variable.grad)
        for name, variable in variables.items()
    }


@cache
def torch_functions() -> Mapping[str, Callable[..., Any]]:
    """Return name → function on tensors; plain numbers in a formula become tensors."""
    import torch

    def tensors(function: Callable[..., Any]) -> Callable[..., Any]:
        def apply(*operands: Any) -> Any:
            return function(
                *[
                    x if isinstance(x, torch.Tensor) else torch.tensor(x, dtype=torch.float64)
                    for x in operands
                ]
            )

        return apply

    functions = {name: tensors(getattr(torch, other)) for name, other in _pairs()}
    functions["power"] = tensors(torch.pow)
    functions["equal"] = tensors(torch.eq)
    functions["erf"] = tensors(torch.erf)
    functions["cbrt"] = tensors(lambda a: torch.sign(a) * torch.pow(torch.abs(a), 1 / 3))
    functions["relu"] = tensors(torch.relu)
    functions["sigmoid"] = tensors(torch.sigmoid)
    functions["add"] = tensors(lambda *terms: reduce(torch.add, terms))
    return completed(functions)


def _jax(graph: Graph, at: Mapping[str, float]) -> dict[str, float]:
    import jax

    with jax.enable_x64(True):
        functions = jax_functions()

        def value(variables: Mapping[str, Any]) -> Any:
            return jax.numpy.asarray(evaluate(graph, variables, functions), dtype=float)

        found = jax.grad(value)({name: jax.numpy.asarray(at[name], dtype=float) for name in at})
        return {name: float(slope) for name, slope in found.items()}


@cache
def jax_functions() -> Mapping[str, Callable[..., Any]]:
    """Return name → function on JAX arrays."""
    import jax

    functions = {name: getattr(jax.numpy, other) for name, other in _pairs()}
    functions["power"] = jax.numpy.power
    functions["equal"] = jax.numpy.equal
    functions["erf"] = jax.scipy.special.erf
    functions["relu"] = jax.nn.relu
    functions["cbrt"] = jax.numpy.cbrt
    functions["add"] = lambda *terms: reduce(jax.numpy.add, terms)
    return completed(functions)


def _pairs() -> list[tuple[str, str]]:
    words = [word.partition(":") for word in _SAME.split()]
    return [(name, other or name) for name, _, other in words]
