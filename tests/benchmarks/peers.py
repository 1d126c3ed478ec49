"""The same formulas built from other libraries' objects, value and gradient: what peers take."""

from __future__ import annotations

import math
import sys
from collections.abc import Callable
from importlib.metadata import PackageNotFoundError, version
from typing import Any

#: Import names → distributions, in the order of the columns.
LIBRARIES = {"torch": "torch", "jax": "jax", "autograd": "autograd", "micrograd": "micrograd",
             "casadi": "casadi"}  # fmt: skip

POINT = 0.9

#: A formula over library objects: (n, variables, sin) → result.
Build = Callable[[int, list[Any], Callable[[Any], Any]], Any]


def versions() -> dict[str, str | None]:
    """Return each peer's version, None where it is not installed."""
    return {name: _version(distribution) for name, distribution in LIBRARIES.items()}


def _version(distribution: str) -> str | None:
    try:
        return version(distribution)
    except PackageNotFoundError:
        return None


def sum_of_sines(n: int, variables: list[Any], sin: Callable[[Any], Any]) -> Any:
    """Return Σ sin(i·x)·y for i = 1 … n."""
    x, y = variables
    total = sin(1 * x) * y
    for i in range(2, n + 1):
        total = total + sin(i * x) * y
    return total


def chain(n: int, variables: list[Any], sin: Callable[[Any], Any]) -> Any:
    """Return sin(sin(…x…)), n deep."""
    (result,) = variables
    for _ in range(n):
        result = sin(result)
    return result


def product(n: int, variables: list[Any], sin: Callable[[Any], Any]) -> Any:
    """Return x1·x2·…·xn."""
    result = variables[0]
    for variable in variables[1:]:
        result = result * variable
    return result


def in_torch(build: Build, n: int, count: int) -> None:
    import torch

    at = [torch.tensor(POINT, dtype=torch.float64, requires_grad=True) for _ in range(count)]
    build(n, at, torch.sin).backward()


def in_jax(build: Build, n: int, count: int) -> None:
    import jax

    with jax.enable_x64(True):
        jax.value_and_grad(lambda at: build(n, list(at), jax.numpy.sin))((POINT,) * count)


def in_autograd(build: Build, n: int, count: int) -> None:
    import autograd

    autograd.value_and_grad(lambda at: build(n, list(at), autograd.numpy.sin))((POINT,) * count)


def in_micrograd(build: Build, n: int, count: int) -> None:
    from micrograd.engine import Value

    sys.setrecursionlimit(max(sys.getrecursionlimit(), 20_000))  # it recurses over the graph

    def sin(a: Any) -> Any:  # it has none: written as its own operations are
        out = Value(math.sin(a.data), (a,), "sin")

        def backward() -> None:
            a.grad += math.cos(a.data) * out.grad

        out._backward = backward
        return out

    build(n, [Value(POINT) for _ in range(count)], sin).backward()


def in_casadi(build: Build, n: int, count: int) -> None:
    import casadi

    variables = [casadi.SX.sym(f"x{k}") for k in range(count)]
    result = build(n, variables, casadi.sin)
    joined = casadi.vertcat(*variables)
    casadi.Function("f", [joined], [result, casadi.gradient(result, joined)])([POINT] * count)


RUNS = {"torch": in_torch, "jax": in_jax, "autograd": in_autograd, "micrograd": in_micrograd,
        "casadi": in_casadi}  # fmt: skip
