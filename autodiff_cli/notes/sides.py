"""The slopes of a function on both sides of a point, found by evaluating beside it.

A kink's slopes belong to the function, whatever rule the sweep uses there; so no rule is asked.
"""

from __future__ import annotations

import math
import sys
from collections.abc import Callable, Mapping
from typing import NamedTuple

from autodiff_cli.engine.linearise import linearise
from autodiff_cli.graph.graph import Graph

#: Distances from the point, each a quarter of the one before, for a point of size 1 or less.
STEPS = tuple(2.0**-power for power in range(12, 24, 2))

#: Successive slopes settle where their changes shrink at least to this share.
SETTLING = 0.9

#: A gap that keeps this share of itself while the distance is quartered does not close.
OPEN = 0.97

#: Share of the values that counts as rounding.
ROUNDING = 16 * sys.float_info.epsilon


class Side(NamedTuple):
    """One side of a point.

    Attributes:
        slope: the slope right beside the point: a number, ±inf where it grows without bound,
            nan where it settles nowhere, None where the function has no finite value.
        jump: True where the function's value at the point is not the one it tends to.
    """

    slope: float | None
    jump: bool = False

    def __str__(self) -> str:
        if self.slope is None:
            return "no finite value"
        if math.isnan(self.slope):
            return "no steady slope"
        if math.isinf(self.slope):
            return "a slope that grows without bound"
        text = f"{self.slope:.6g}".replace("-", "−")
        return f"slope {text}{' beside a jump' if self.jump else ''}"


def sides(graph: Graph, at: Mapping[str, float], name: str) -> tuple[Side, Side]:
    """Return the left and the right side of the graph's first output along one variable.

    Args:
        graph: the function; it is evaluated a dozen times.
        at: the point.
        name: the variable that moves.
    """

    def value(moved: float) -> float:
        return float(linearise(graph, {**at, name: moved}, ()).values[graph.outputs[0]])

    size = max(1.0, abs(at[name]))
    here = value(at[name])
    left, right = (
        _side(value, here, [at[name] + sign * size * step for step in STEPS]) for sign in (-1, 1)
    )
    return left, right


def _side(value: Callable[[float], float], here: float, places: list[float]) -> Side:
    """Return one side from the values at places that approach the point."""
    values = [value(place) for place in places]
    if not all(map(math.isfinite, values)):
        return Side(None)
    pairs = range(len(places) - 1)
    slopes = [(values[k] - values[k + 1]) / (places[k] - places[k + 1]) for k in pairs]
    noise = ROUNDING * max(map(abs, values)) / abs(places[-2] - places[-1])
    slope = _limit(slopes, noise)
    if abs(slope) <= noise:
        slope = 0.0
    before, last = (abs(there - here) for there in values[-2:])
    return Side(slope, last > OPEN * before and last > ROUNDING * abs(here))


def _limit(slopes: list[float], noise: float) -> float:
    """Return what slopes tend to: their limit by Aitken's formula, ±inf, or nan for neither."""
    first, second, last = (slopes[k + 1] - slopes[k] for k in range(-4, -1))
    if abs(last) <= noise:
        return slopes[-1]
    if abs(last) < SETTLING * abs(second):
        return slopes[-1] - last * last / (last - second)
    grows = min(first / last, second / last) > 0 and SETTLING * abs(first) <= abs(second)
    return math.copysign(math.inf, last) if grows else math.nan
