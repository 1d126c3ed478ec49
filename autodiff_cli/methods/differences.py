"""Numerical differentiation: forward and central differences, and the complex step.

Nocedal & Wright, Numerical Optimization (2nd ed.), section 8.1; Squire & Trapp, SIAM Review
40 (1998), Using complex variables to estimate derivatives of real functions.
"""

from __future__ import annotations

import math
import sys
from collections.abc import Callable, Mapping
from functools import cache
from typing import Any

from autodiff_cli.compiled import COMPILED_TO
from autodiff_cli.engine.linearise import value_at
from autodiff_cli.graph.graph import Graph
from autodiff_cli.methods.evaluate import Unavailable, completed, evaluate

#: The steps that balance truncation (h, and h²) against rounding (ε/h).
FORWARD = sys.float_info.epsilon ** (1 / 2)
CENTRAL = sys.float_info.epsilon ** (1 / 3)

#: No difference is taken, so nothing cancels and the step can be as small as floats go.
COMPLEX = 1e-200


#: A formula's value at a point: variable → a float, or an array with one number a point.
Function = Callable[[Mapping[str, Any]], Any]


def forward(function: Function, at: Mapping[str, Any], name: str) -> Any:
    """Return (f(x + h) − f(x)) / h for the variable `name`, at one point or at each of many."""
    return _quotient(function, at, name, FORWARD, 0.0)


def central(function: Function, at: Mapping[str, Any], name: str) -> Any:
    """Return (f(x + h) − f(x − h)) / 2h for the variable `name`, at one point or each of many."""
    return _quotient(function, at, name, CENTRAL, CENTRAL)


def _quotient(
    function: Function, at: Mapping[str, Any], name: str, ahead: float, behind: float
) -> Any:
    """Return the slope between two points; both steps are counted in the size of x."""
    import numpy

    with numpy.errstate(all="ignore"):
        size = numpy.maximum(1.0, numpy.abs(at[name]))
        above, below = at[name] + ahead * size, at[name] - behind * size
        change = function({**at, name: above}) - function({**at, name: below})
        return change / (above - below)  # not by h, which is rounded on the way into x + h


def few(graph: Graph) -> Function:
    """Return a graph's value as a function for a few evaluations."""
    return lambda at: value_at(graph, at)


def many(graph: Graph) -> Function:
    """Return a graph's value as a function for many evaluations, or points: compiled if short."""
    if len(graph) > COMPILED_TO:
        return few(graph)
    from autodiff_cli.compiled.function import Compiled

    function = Compiled(graph, (), "libm")
    return lambda at: function(*[at[name] for name in graph.variables])[0]


def complex_step(graph: Graph, at: Mapping[str, Any], name: str) -> Any:
    """Return Im f(x + ih) / h for the variable `name`, at one point or at each of many.

    Raises:
        Unavailable: a function of the formula has no complex version; it names the function.
    """
    for operation in set(graph.operations):
        if operation.name not in complex_functions() and operation.rules:
            raise Unavailable(f"{operation.name} has no complex version here")
    import numpy

    moved = {}
    for other, numbers in at.items():
        moved[other] = numpy.empty(numpy.shape(numbers), complex)
        moved[other].real = numbers  # a sum with ih would lose the sign of −0
        moved[other].imag = COMPLEX if other == name else 0.0
    with numpy.errstate(all="ignore"):
        return numpy.imag(evaluate(graph, moved, complex_functions())) / COMPLEX


@cache
def complex_functions() -> Mapping[str, Callable[..., Any]]:
    """Return the functions that continue a row's real function into the complex plane.

    What decides (a comparison, a maximum, a sign) decides by the real part.
    """
    import numpy as np

    def real(function: Callable[..., Any]) -> Callable[..., Any]:
        return lambda *operands: function(*[np.real(operand) for operand in operands])

    def root(a: Any) -> Any:
        return np.where(np.real(a) < 0, -((-a) ** (1 / 3)), a ** (1 / 3))

    def angle(a: Any, b: Any) -> Any:
        # arctan of the smaller quotient; the constant that completes the angle is real.
        shift = np.arctan2(np.real(a), np.real(b))
        flat = abs(np.real(b)) >= abs(np.real(a))
        turned = np.where(flat, np.arctan(a / b), -np.arctan(b / a))
        return turned + (shift - np.real(turned))

    names = (
        "sin cos tan asin:arcsin acos:arccos atan:arctan sinh cosh tanh asinh:arcsinh "
        "acosh:arccosh atanh:arctanh exp expm1 sqrt ln:log log2 log10 log1p "
        "subtract negate:negative multiply divide power"
    )
    functions: dict[str, Callable[..., Any]] = {}
    for word in names.split():
        name, _, other = word.partition(":")
        functions[name] = getattr(np, other or name)
    for name in ("less", "less_equal", "greater", "greater_equal", "equal", "not_equal"):
        functions[name] = real(getattr(np, name))
    for name in ("sign", "floor", "ceil"):
        functions[name] = real(getattr(np, name))
    functions |= {
        "add": lambda *terms: sum(terms[1:], terms[0]),
        "where": np.where,
        "abs": lambda a: np.where(np.real(a) < 0, -a, a),
        "max": lambda a, b: np.where(np.real(a) > np.real(b), a, b),
        "min": lambda a, b: np.where(np.real(a) < np.real(b), a, b),
        "cbrt": root,
        "hypot": lambda a, b: np.sqrt(a * a + b * b),
        "atan2": angle,
    }
    only_real = {"erf": math.erf, "erfc": math.erfc}  # taken out again, with gelu
    whole = completed(functions | only_real)
    return {name: whole[name] for name in whole if name not in (*only_real, "gelu")}
