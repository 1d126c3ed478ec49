"""What PyTorch, JAX and HIPS autograd answer for the same graph, where they are installed."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cache, partial, reduce
from importlib.util import find_spec
from typing import Any

from autodiff_cli.graph.graph import Graph
from autodiff_cli.methods.evaluate import Unavailable, completed, evaluate

#: The libraries, each by the name that it is imported by.
LIBRARIES = ("torch", "jax", "autograd")

#: Names in the operation table that all of them spell as NumPy does.
_SAME = (
    "sin cos tan asin:arcsin acos:arccos atan:arctan atan2:arctan2 sinh cosh tanh asinh:arcsinh "
    "acosh:arccosh atanh:arctanh exp expm1 sqrt ln:log log2 log10 log1p abs sign floor ceil "
    "max:maximum min:minimum hypot subtract negate:negative multiply divide "
    "less less_equal greater greater_equal not_equal where"
)


def installed() -> tuple[str, ...]:
    """Return which of the libraries are installed, without importing them."""
    return tuple(name for name in LIBRARIES if find_spec(name) is not None)


def gradient(library: str, graph: Graph, at: Mapping[str, Any]) -> dict[str, Any]:
    """Return the library's own reverse-mode derivative for each variable of the graph.

    Args:
        library: one of LIBRARIES.
        graph: the graph.
        at: a float, or an array of points, for every variable.

    Returns:
        Variable → a float, or an array with one number a point.

    A point does not depend on the others, so the slope of the sum over all points has, at each
    of them, the slope there.
    """
    answer = {"torch": _torch, "jax": _jax, "autograd": _autograd}[library]
    found = answer(graph, at)
    if all(isinstance(value, float) for value in at.values()):
        return {name: float(slope) for name, slope in found.items()}
    return found


def _torch(graph: Graph, at: Mapping[str, Any]) -> dict[str, Any]:
    import torch

    variables = {
        name: torch.tensor(value, dtype=torch.float64, requires_grad=True)
        for name, value in at.items()
    }
    result = evaluate(graph, variables, torch_functions())
    if not isinstance(result, torch.Tensor) or result.grad_fn is None:
        return {name: x.detach().numpy() * 0 + (result is x) for name, x in variables.items()}
    result.sum().backward()
    return {
        name: (torch.zeros_like(x) if x.grad is None else x.grad).numpy()
        for name, x in variables.items()
    }


@cache
def torch_functions() -> Mapping[str, Callable[..., Any]]:
    """Return name → function on tensors; plain numbers in a formula become tensors."""
    import torch

    def constant(number: Any) -> Any:
        kind = torch.bool if isinstance(number, bool) else torch.float64
        return torch.tensor(number, dtype=kind)

    def tensors(function: Callable[..., Any]) -> Callable[..., Any]:
        def apply(*operands: Any) -> Any:
            return function(*[x if isinstance(x, torch.Tensor) else constant(x) for x in operands])

        return apply

    functions = {name: tensors(getattr(torch, other)) for name, other in _pairs()}
    functions["power"] = tensors(torch.pow)
    functions["equal"] = tensors(torch.eq)
    functions["erf"], functions["erfc"] = tensors(torch.erf), tensors(torch.erfc)
    functions["cbrt"] = tensors(lambda a: torch.sign(a) * torch.pow(torch.abs(a), 1 / 3))
    functions["relu"] = tensors(torch.relu)
    functions["sigmoid"] = tensors(torch.sigmoid)
    functions["silu"] = tensors(torch.nn.functional.silu)
    functions["gelu"] = tensors(torch.nn.functional.gelu)
    functions["fmod"], functions["mod"] = tensors(torch.fmod), tensors(torch.remainder)
    functions["add"] = tensors(lambda *terms: reduce(torch.add, terms))
    return completed(functions)


def _jax(graph: Graph, at: Mapping[str, Any]) -> dict[str, Any]:
    import jax
    import numpy

    with jax.enable_x64(True):
        functions = jax_functions()

        def value(variables: Mapping[str, Any]) -> Any:
            return jax.numpy.asarray(evaluate(graph, variables, functions), dtype=float).sum()

        found = jax.grad(value)({name: jax.numpy.asarray(at[name], dtype=float) for name in at})
        return {name: numpy.asarray(slope) for name, slope in found.items()}


@cache
def jax_functions() -> Mapping[str, Callable[..., Any]]:
    """Return name → function on JAX arrays."""
    import jax

    functions = {name: getattr(jax.numpy, other) for name, other in _pairs()}
    functions["power"] = jax.numpy.power
    functions["equal"] = jax.numpy.equal
    functions |= {name: getattr(jax.scipy.special, name) for name in ("erf", "erfc")}
    functions |= {name: getattr(jax.nn, name) for name in ("relu", "sigmoid", "softplus", "silu")}
    functions["gelu"] = partial(jax.nn.gelu, approximate=False)
    functions["fmod"], functions["mod"] = jax.numpy.fmod, jax.numpy.mod
    functions["cbrt"] = jax.numpy.cbrt
    functions["add"] = lambda *terms: reduce(jax.numpy.add, terms)
    return completed(functions)


def _autograd(graph: Graph, at: Mapping[str, Any]) -> dict[str, Any]:
    import warnings

    import autograd
    import numpy

    functions = autograd_functions()
    names = tuple(at)

    def value(points: Any) -> Any:
        found = evaluate(graph, dict(zip(names, points, strict=True)), functions)
        return autograd.numpy.sum(found)

    points = tuple(numpy.asarray(at[name], dtype=float) for name in names)
    with warnings.catch_warnings(), numpy.errstate(all="ignore"):
        warnings.simplefilter("ignore")  # that a derivative is 0 everywhere
        return dict(zip(names, autograd.grad(value)(points), strict=True))


@cache
def autograd_functions() -> Mapping[str, Callable[..., Any]]:
    """Return name → function on autograd's arrays; what it has no rule for, by a formula."""
    import autograd.numpy as np

    functions = {name: getattr(np, other) for name, other in _pairs()}
    functions["power"] = np.power
    functions["equal"] = np.equal
    functions |= {name: partial(_autograd_special, name) for name in ("erf", "erfc")}
    functions["sigmoid"] = lambda a: 1 / (1 + np.exp(-a))
    functions["hypot"] = lambda a, b: np.sqrt(a * a + b * b)
    functions["mod"] = np.mod
    functions["cbrt"] = lambda a: np.sign(a) * np.abs(a) ** (1 / 3)
    functions["add"] = lambda *terms: reduce(np.add, terms)
    return completed(functions)


def _autograd_special(name: str, a: Any) -> Any:
    if find_spec("scipy") is None:
        raise Unavailable(f"{name} needs SciPy, which is not installed")
    from autograd.scipy import special

    return getattr(special, name)(a)


def _pairs() -> list[tuple[str, str]]:
    words = [word.partition(":") for word in _SAME.split()]
    return [(name, other or name) for name, _, other in words]
