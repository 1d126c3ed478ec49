"""Values and derivatives of a graph to sixty digits by mpmath, without a derivative rule.

What each row computes is written here once more, for mpmath alone; a derivative is a central
difference whose step is far below the sixty digits' reach.
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Mapping
from typing import Any

from mpmath import mp

from autodiff_cli.graph.constant import Constant
from autodiff_cli.graph.graph import CONSTANT, Graph
from autodiff_cli.ops import WHERE
from autodiff_cli.ops.row import Operation

#: Digits, and the step as a share of the point. A difference is off by about the step's square,
#: and by NOISE of the value.
DIGITS, STEP, NOISE = 60, "1e-20", 1e-35


#: Binary digits before the point beyond which float64 has ended, and mpmath takes its time.
LARGEST = 1100


class NoRealValue(ArithmeticError):
    """A function was asked outside its real domain, or its value is beyond float64."""


#: What each row computes; rows that mpmath has under the same name are not listed.
VALUES: Mapping[str, Callable[..., Any]] = {
    "add": lambda *terms: mp.fsum(terms),
    "subtract": operator.sub,
    "negate": operator.neg,
    "multiply": operator.mul,
    "divide": operator.truediv,
    "power": operator.pow,
    "cbrt": lambda a: mp.sign(a) * mp.cbrt(abs(a)),
    "ln": mp.log,
    "log2": lambda a: mp.log(a) / mp.log(2),
    "log10": lambda a: mp.log(a) / mp.log(10),
    "log1p": lambda a: mp.log(1 + a),
    "expm1": lambda a: mp.exp(a) - 1,
    "log": lambda a, b: mp.log(a) / mp.log(b),
    "less": operator.lt,
    "less_equal": operator.le,
    "greater": operator.gt,
    "greater_equal": operator.ge,
    "equal": operator.eq,
    "not_equal": operator.ne,
    "abs": abs,
    "sign": mp.sign,
    "max": max,
    "min": min,
    "relu": lambda a: max(a, mp.zero),
    "sigmoid": lambda a: 1 / (1 + mp.exp(-a)),
    "softplus": lambda a: mp.log1p(mp.exp(a)),
    "silu": lambda a: a / (1 + mp.exp(-a)),
    "gelu": lambda a: a * mp.ncdf(a),
    "leaky_relu": lambda a, b: a if a > 0 else b * a,
    "elu": lambda a, b: a if a > 0 else b * mp.expm1(a),
    "mish": lambda a: a * mp.tanh(mp.log1p(mp.exp(a))),
    "softsign": lambda a: a / (1 + abs(a)),
    "logit": lambda a: mp.log(a / (1 - a)),
    "sinc": lambda a: mp.sinc(a),
    "clamp": lambda a, b, c: min(max(a, b), c),
    "mod": lambda a, b: a - b * mp.floor(a / b),
    "fmod": lambda a, b: a - b * mp.sign(a / b) * mp.floor(abs(a / b)),
    "acot": lambda a: mp.pi / 2 - mp.atan(a),
    "atan2": lambda a, b: mp.zero if a == 0 == b else mp.atan2(a, b),
}


def value(graph: Graph, at: Mapping[str, Any], *, typed: bool = False) -> Any:
    """Return the first output at a point, or raise NoRealValue where it has none.

    Args:
        graph: the formula.
        at: variable → number.
        typed: take constants as they were typed, π for pi; else as float64 has them.
    """
    values: list[Any] = [mp.mpf(at[name]) for name in graph.variables]
    for index in range(len(values), len(graph)):
        if graph.operations[index] is CONSTANT:
            constant = graph.constants[index]
            values.append(_typed(constant) if typed else mp.mpf(constant.value))
        else:
            operands = [values[operand] for operand in graph.operands[index]]
            values.append(_apply(graph.operations[index], operands))
    found = values[graph.outputs[0]]
    if found is None:
        raise NoRealValue
    return found


def _typed(constant: Constant) -> Any:
    sign, digits, exponent = constant.exact
    if sign == "name":
        return +getattr(mp, digits)
    return mp.mpf(sign + digits) * mp.mpf(10) ** exponent


def _apply(operation: Operation, operands: list[Any]) -> Any:
    """Return an operation's value, None where there is none; a branch not taken may have none."""
    if operation is WHERE and operands[0] is not None:
        return operands[1] if operands[0] else operands[2]
    if None in operands:
        return None
    function = VALUES.get(operation.name) or getattr(mp, operation.name)
    try:
        found = function(*operands)
    except (ZeroDivisionError, ValueError, OverflowError):
        return None
    if isinstance(found, bool):
        return found
    real = not isinstance(found, mp.mpc) and mp.isfinite(found)
    return found if real and mp.mag(found) <= LARGEST else None


def derivative(graph: Graph, at: Mapping[str, float], name: str) -> Any:
    """Return the derivative by one variable, from values on both sides.

    Raises:
        NoRealValue: there is no value on one of the sides.
    """
    point = {other: mp.mpf(number) for other, number in at.items()}
    step = mp.mpf(STEP) * max(abs(point[name]), mp.mpf("1e-3"))
    high, low = (value(graph, {**point, name: point[name] + k * step}) for k in (1, -1))
    return (high - low) / (2 * step)
