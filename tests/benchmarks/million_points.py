"""A million points: the value and all partial derivatives, beside hand-written NumPy and peers."""

from __future__ import annotations

import warnings
from collections.abc import Callable
from importlib.util import find_spec
from typing import Any, NamedTuple

import numpy as np

import autodiff_cli
from tests.benchmarks.measure import OURS, Peak, Row, measured, timed

POINTS = 1_000_000
FIRST = 2
HAND = "NumPy by hand"
NUMPY = "autodiff by NumPy"


class Formula(NamedTuple):
    """A formula: its text, its value for a library's functions, its value and gradient by hand.

    Attributes:
        limits: who → the largest ratio to their time that is accepted.
        in_c: the same for `backend="c"`.
    """

    text: str
    value: Callable[..., Any]
    hand: Callable[..., Any]
    limits: dict[str, float]
    in_c: dict[str, float]


def _polynomial(x: Any) -> Any:
    return x**3 + 2 * x**2 + 8 * x, 3 * x**2 + 4 * x + 8


def _sines(x: Any, y: Any) -> Any:
    return np.sin(x) + np.sin(y), np.cos(x), np.cos(y)


def _tanh(x: Any) -> Any:
    share = 1 / np.cosh(x)  # 1 - y*y would have other digits: none beyond x = 19
    return np.tanh(x), share * share


def _mixed(x: Any, y: Any) -> Any:
    square, angle, bell = x * x, 3 * x * y, np.exp(-x * x)
    wave = bell * np.cos(angle)
    below, decay = 1 + square, np.exp(-y)
    logarithm, above = np.log(below), 1 + decay
    value = bell * np.sin(angle) + logarithm / above
    by_x = -2 * x * bell * np.sin(angle) + 3 * y * wave + 2 * x / below / above
    return value, by_x, 3 * x * wave + logarithm * decay / (above * above)


THIRD, SOME = 1 / 3, ("jax", "autograd", "sympy")
FORMULAS = (
    Formula("x^3 + 2x^2 + 8x", lambda np, x: x**3 + 2 * x**2 + 8 * x, _polynomial,
            {HAND: 0.7, "torch": 1.0, "autograd": 1.0, "sympy": 1.0, "jax": 3.0},
            {"jax": 1.1}),
    Formula("sin(x) + sin(y)", lambda np, x, y: np.sin(x) + np.sin(y), _sines,
            {HAND: 0.25, "torch": 1.0} | dict.fromkeys(SOME, THIRD),
            {"torch": 0.7, "jax": 0.35}),
    Formula("tanh(x)", lambda np, x: np.tanh(x), _tanh,
            {HAND: 0.9, "torch": 1.0, "autograd": 1.0, "sympy": 1.0, "jax": 3.0},
            {"torch": 1.0}),
    Formula("exp(-x^2)*sin(3x*y) + ln(1+x^2)/(1+exp(-y))",
            lambda np, x, y: np.exp(-x**2) * np.sin(3*x*y) + np.log(1 + x**2) / (1 + np.exp(-y)),
            _mixed, {HAND: 0.3, "torch": 1.0} | dict.fromkeys(SOME, THIRD),
            {"torch": 0.4, "jax": 0.4}),
)  # fmt: skip


def rows(repeats: int = 15) -> list[Row]:
    """Return the time of each formula, and the memory that it takes beyond its results."""
    warnings.simplefilter("ignore")
    found = []
    for formula in FORMULAS:
        count = formula.hand.__code__.co_argcount
        points = [np.random.default_rng(k).uniform(-3, 3, POINTS) for k in range(count)]
        compiled = autodiff_cli.compile(formula.text)
        runs = {
            OURS: timed(lambda f=compiled, p=points: f(*p), FIRST),
            HAND: timed(lambda f=formula.hand, p=points: f(*p), FIRST),
        }
        for name, make in PEERS.items():
            if find_spec(name) is not None:
                runs[name] = timed(make(formula, points), FIRST)
        found.append(measured(formula.text, "ms", runs, formula.limits, repeats, scale=1000))
        in_c = autodiff_cli.compile(formula.text, backend="c")
        if not in_c.notes:
            runs = {OURS: timed(lambda f=in_c, p=points: f(*p), FIRST), NUMPY: runs[OURS]} | {
                name: run for name, run in runs.items() if name in ("torch", "jax")
            }
            what = f"{formula.text}, by compiled C"
            found.append(measured(what, "ms", runs, formula.in_c, repeats, scale=1000))
        found.append(_memory(formula.text, compiled, points))
    return found


def _memory(text: str, compiled: Callable[..., Any], points: list[Any]) -> Row:
    with Peak() as peak:
        value, slopes = compiled(*points)
    beyond = (peak.bytes - value.nbytes * (1 + len(slopes))) / 2**20
    return Row(f"{text}, memory beyond the results", "MiB", {OURS: beyond, "limit": 64.0},
               {"limit": beyond / 64}, {"limit": 1.0}, {})  # fmt: skip


def _torch(formula: Formula, points: list[Any]) -> Callable[[], Any]:
    import torch

    def run() -> Any:
        given = [torch.from_numpy(point).requires_grad_() for point in points]
        value = formula.value(torch, *given)
        return value, torch.autograd.grad(value.sum(), given)

    return run


def _jax(formula: Formula, points: list[Any]) -> Callable[[], Any]:
    import jax

    jax.config.update("jax_enable_x64", True)
    places = tuple(range(len(points)))

    def one(*point: Any) -> Any:
        return formula.value(jax.numpy, *point)

    compiled = jax.jit(jax.vmap(jax.value_and_grad(one, places)))
    given = [jax.numpy.asarray(point) for point in points]
    return lambda: jax.block_until_ready(compiled(*given))


def _autograd(formula: Formula, points: list[Any]) -> Callable[[], Any]:
    import autograd

    def total(given: Any) -> Any:
        return autograd.numpy.sum(formula.value(autograd.numpy, *given))

    gradient = autograd.value_and_grad(total)
    return lambda: gradient(tuple(points))


def _sympy(formula: Formula, points: list[Any]) -> Callable[[], Any]:
    import sympy

    class Functions:
        sin, tanh, exp, log = sympy.sin, sympy.tanh, sympy.exp, sympy.log

    symbols = sympy.symbols("x y")[: len(points)]
    value = formula.value(Functions, *symbols)
    derivatives = [value.diff(symbol) for symbol in symbols]
    function = sympy.lambdify(symbols, [value, *derivatives], "numpy", cse=True)
    return lambda: function(*points)


PEERS = {"torch": _torch, "jax": _jax, "autograd": _autograd, "sympy": _sympy}
