"""The slopes of a function on both sides of a point: limits of its slopes beside the point.

Beside a kink the sweep's slope is calculus's, and no digit cancels in it; where it settles nowhere
or is nan, the differences to the value at the point are asked. So no kink's own rule is. Slopes are
followed where no condition turns between them and the point; where rounding hides on which side of
a condition the point itself is, they are told a little beside it.
"""

from __future__ import annotations

import math
import sys
from collections.abc import Callable, Mapping, Sequence
from itertools import pairwise
from typing import NamedTuple

from autodiff_cli.engine.gradient_graph import gradient_graph
from autodiff_cli.engine.linearise import value_at
from autodiff_cli.engine.rounding import errors
from autodiff_cli.engine.vicinity import Vicinity
from autodiff_cli.graph.graph import Graph

#: Distances at which differences to the value at the point are taken, as shares of its size or 1.
DIFFERENCES = tuple(2.0**-power for power in range(10, 31, 2))

#: A slope counts where rounding is proved to move it by no more than this share.
KNOWN, NOTHING = 1e-6, 1e-300

#: Rounding hides a slope where it is more than this share of what the value does.
HIDING = 0.1

#: Slopes have settled where they change by no more than this share.
SETTLED = 1e-7

#: Successive slopes settle where their changes shrink at least to this share.
SETTLING = 0.95

#: A gap that keeps this share of itself while the distance shrinks does not close.
OPEN = 0.98

#: Share of the values that counts as rounding.
ROUNDING = 16 * sys.float_info.epsilon


class Side(NamedTuple):
    """One side of a point.

    Attributes:
        slope: the slope right beside the point: a number, ±inf where it grows without bound,
            nan where it settles nowhere, None where the function has no finite value.
        jump: True where the function's value at the point is not the one it tends to.
        hidden: True where float64's rounding is as large as what the function does there.
        little: True where this holds a little beside the point, and nearer rounding hides it.
    """

    slope: float | None
    jump: bool = False
    hidden: bool = False
    little: bool = False

    def __str__(self) -> str:
        if self.hidden:
            return "a slope that rounding hides"
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
        graph: the function; it is swept a dozen times.
        at: the point.
        name: the variable that moves.
    """
    vicinity = Vicinity(graph, at, name)
    centre = at[name]
    here, known = vicinity.here()
    if not known:
        left, right = (_a_little_beside(vicinity, sign) for sign in (-1.0, 1.0))
        return left, right
    found = []
    for sign in (-1.0, 1.0):
        steps = vicinity.steps(sign)
        places = [centre + sign * step for step in steps]
        found.append(_side(graph, at, name, here, places) if places else HIDDEN)
    return found[0], found[1]


HIDDEN = Side(math.nan, hidden=True)


def _a_little_beside(vicinity: Vicinity, sign: float) -> Side:
    """Return a side as it is where rounding leaves every condition alone."""
    values = vicinity.told(sign)
    if not values:
        return HIDDEN
    if not all(map(math.isfinite, values.values())):
        return Side(None, little=True)
    slope = _limit(_slopes(vicinity.graph, vicinity.at, vicinity.name, [*values]))
    return Side(slope, little=True) if math.isfinite(slope) else HIDDEN


def _value(graph: Graph, at: Mapping[str, float], name: str, moved: float) -> float:
    return float(value_at(graph, {**at, name: moved}))


def _side(
    graph: Graph, at: Mapping[str, float], name: str, here: float, places: Sequence[float]
) -> Side:
    """Return one side, from places that approach the point."""
    values = [_value(graph, at, name, place) for place in places]
    if not all(map(math.isfinite, values)):
        return Side(None)
    before, last = (abs(there - here) for there in values[-2:])
    jump = last > OPEN * before and last > ROUNDING * abs(here)
    slope = _limit(_slopes(graph, at, name, places))
    if math.isnan(slope) and _hidden(graph, at, name, here, places[0]):
        return Side(math.nan, hidden=True)
    if math.isnan(slope):
        plain = math.isfinite(here) and not jump
        centre, beside = (at[name], here) if plain else (places[-1], values[-1])
        sign = math.copysign(1.0, places[0] - at[name])
        slope = _by_differences(lambda x: _value(graph, at, name, x), centre, beside, sign)
    return Side(slope, jump)


def _hidden(graph: Graph, at: Mapping[str, float], name: str, here: float, place: float) -> bool:
    """Tell whether rounding may move the value by more than a slope of 1 does at that distance."""
    values, bounds = errors(graph, {**at, name: place})
    bound, moved = bounds[graph.outputs[0]], abs(values[graph.outputs[0]] - here)
    return math.isfinite(bound) and bound > HIDING * max(moved, abs(place - at[name]))


def _slopes(
    graph: Graph, at: Mapping[str, float], name: str, places: Sequence[float]
) -> list[float]:
    """Return the slopes at the places, as far as rounding leaves them alone."""
    found: list[float] = []
    slope = gradient_graph(graph, (name,), exact=True).select((1,))
    for place in places:
        values, bounds = errors(slope, {**at, name: place})
        number, bound = values[slope.outputs[0]], bounds[slope.outputs[0]]
        if not bound <= max(KNOWN * abs(number), NOTHING):
            break
        found.append(float(number))
    return found


def _by_differences(
    value: Callable[[float], float], centre: float, here: float, sign: float
) -> float:
    """Return the limit of the differences to the value at the point, by its definition."""
    size = max(1.0, abs(centre))
    places = [centre + sign * size * step for step in DIFFERENCES]
    values = [value(place) for place in places]
    noise = ROUNDING * max(abs(here), *map(abs, values)) / (size * DIFFERENCES[-1])
    slopes = [
        (there - here) / (place - centre) for there, place in zip(values, places, strict=True)
    ]
    return _limit(slopes, noise)


def _limit(slopes: Sequence[float], noise: float = 0.0) -> float:
    """Return what slopes tend to: their limit by Aitken's formula, ±inf, or nan for neither."""
    if len(slopes) < 3 or not all(map(math.isfinite, slopes)):
        return math.nan
    changes = [after - before for before, after in pairwise(slopes)][-5:]
    sizes = [abs(change) for change in changes]
    limit = slopes[-1]
    if max(sizes[-2:]) > max(noise, SETTLED * abs(limit)):
        last, second = changes[-1], changes[-2]
        falls = all(after < SETTLING * before for before, after in pairwise(sizes))
        grows = all(after >= SETTLING * before for before, after in pairwise(sizes))
        if len(sizes) > 2 and falls:
            limit -= last * last / (last - second)
        elif len(sizes) > 3 and grows and abs(sum(changes)) == sum(sizes):
            return math.copysign(math.inf, last)
        else:
            return math.nan
    return 0.0 if abs(limit) <= max(noise, 1e-9 * max(map(abs, slopes))) else limit
