"""Differences over a sweep of steps: a large h cuts the series short, a small one cancels.

They are divided by h and 2h, as in a book, rather than by the distance of the two floats.

Nocedal & Wright, Numerical Optimization (2nd ed.), section 8.1.
"""

from __future__ import annotations

import math
import sys
from collections.abc import Callable, Sequence
from typing import Literal, NamedTuple

from autodiff_cli.graph.graph import Graph
from autodiff_cli.methods import differences as difference
from autodiff_cli.methods import float32 as single
from autodiff_cli.symbolic.verdict import subtract

#: Precision → (the exponent of the smallest step, machine epsilon). The steps are powers of ten,
#: times the power of ten that x is as large as; at smaller ones x + h is x.
PRECISIONS = {"float64": (15, sys.float_info.epsilon), "float32": (7, 2.0**-23)}

#: Errors up to so many times the rounding to expect are rounding.
SLACK = 16.0

#: How an error depends on the step: it falls and rises again; only falls; only rises; is 0
#: everywhere; hardly changes; or there is none.
Shape = Literal["valley", "falling", "rounding", "exact", "flat", "missing"]


class Step(NamedTuple):
    """One step and what both differences answer.

    Attributes:
        h: the step.
        forward, central: the differences; nan or infinite where a value is.
        forward_error, central_error: the same minus the derivative; None without a number.
    """

    h: float
    forward: float
    central: float
    forward_error: float | None
    central_error: float | None


class Curve(NamedTuple):
    """One difference's errors.

    Attributes:
        method: "forward" or "central".
        errors: one a step; None without a number.
        best: the step with the smallest error, the largest of several; None without errors.
        shape: how the error depends on the step.
    """

    method: str
    errors: tuple[float | None, ...]
    best: float | None
    shape: Shape


class Sweep(NamedTuple):
    """Both differences in one variable over falling steps.

    Attributes:
        precision: "float64" or "float32".
        epsilon: the distance from 1 to the next float of that precision.
        against: what the errors are measured against.
        steps: from the largest to the smallest.
        curves: the forward difference, then the central one.
    """

    precision: str
    epsilon: float
    against: str
    steps: tuple[Step, ...]
    curves: tuple[Curve, Curve]


def sweep(
    graph: Graph, at: dict[str, float], name: str, derivative: str, against: str, precision: str
) -> Sweep:
    """Return both differences for falling steps.

    Args:
        graph: the formula.
        at: one point.
        name: the variable.
        derivative: the number to measure against, as decimal text.
        against: where that is from.
        precision: "float64" or "float32", which the formula is computed in.
    """
    last, epsilon = PRECISIONS[precision]
    in_single = precision == "float32"
    evaluated = single.function(graph) if in_single else difference.many(graph)
    stored: Callable[[float], float] = single.rounded if in_single else float

    def function(moved: float) -> float:
        return float(evaluated(at | {name: moved}))

    x = stored(at[name])
    power = math.floor(math.log10(abs(x))) if 1 <= abs(x) < math.inf else 0
    here = function(x)
    steps = []
    for exponent in range(1, last + 1):
        h = float(f"1e{power - exponent}")
        above, below = function(stored(x + stored(h))), function(stored(x - stored(h)))
        forward = stored(stored(above - here) / stored(h))
        central = stored(stored(above - below) / stored(2 * h))
        errors = subtract(forward, derivative), subtract(central, derivative)
        steps.append(Step(h, forward, central, *errors))
    # What the rounding of two values of f may come to, before it is divided by h.
    noise = epsilon * (abs(here) + abs(x * float(derivative)))
    curves = (
        _curve("forward", steps, [step.forward_error for step in steps], noise),
        _curve("central", steps, [step.central_error for step in steps], noise),
    )
    return Sweep(precision, epsilon, against, tuple(steps), curves)


def _curve(
    method: str, steps: Sequence[Step], errors: Sequence[float | None], noise: float
) -> Curve:
    known = [
        (step.h, abs(error))
        for step, error in zip(steps, errors, strict=True)
        if error is not None and math.isfinite(error)
    ]
    if not known:
        return Curve(method, tuple(errors), None, "missing")
    best, least = min(known, key=lambda pair: pair[1])
    most = max(error for _, error in known)
    (first, first_error), (last, _) = known[0], known[-1]
    shape: Shape = "valley"
    if most == 0:
        shape = "exact"
    elif first_error <= SLACK * noise / first:
        shape = "rounding"
    elif most < 4 * least:
        shape = "flat"
    elif best == last:
        shape = "falling"
    return Curve(method, tuple(errors), best, shape)
