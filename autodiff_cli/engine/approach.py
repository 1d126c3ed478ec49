"""What a function and its derivative tend to on one side of a place, from values that come nearer.

Limits are extrapolated by Aitken's formula (Press et al., Numerical Recipes, section 5.3).
"""

from __future__ import annotations

import math
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

#: Each distance is this share of the one before; how many there are.
NEARER, COUNT = 1 / 16, 6

#: Changes that keep at least this share of the change before do not settle.
SETTLING = 0.98

#: Share of the values that counts as rounding, and as equal.
ROUNDING, EQUAL = 64 * sys.float_info.epsilon, 1e-7

#: Share of a slope that counts as no change.
STILL = 1e-7


@dataclass(frozen=True, slots=True, kw_only=True)
class Approach:
    """One side of a place.

    Attributes:
        value: what the function tends to: a number, ±inf where it grows without bound, nan where
            it has no value or settles nowhere.
        slope: the same of its derivative.
        defined: whether the nearest value is a number.
        doubt: how far the two limits are from the nearest values, and what rounding adds.
    """

    value: float
    slope: float
    defined: bool
    doubt: tuple[float, float]

    def meets(self, other: Approach) -> bool:
        """Tell whether both sides tend to the same value."""
        return abs(self.value - other.value) <= self.doubt[0] + other.doubt[0]

    def reaches(self, value: float) -> bool:
        """Tell whether a value is what this side tends to."""
        return abs(self.value - value) <= self.doubt[0]

    def runs_into(self, other: Approach) -> bool:
        """Tell whether both sides tend to the same slope; slopes that settle nowhere pass."""
        gap = abs(self.slope - other.slope)
        return math.isnan(gap) or gap <= self.doubt[1] + other.doubt[1]


def approach(function: Callable[[Any], tuple[Any, Any]], x: float, distance: float) -> Approach:
    """Return what a function of arrays (value, derivative) tends to at `x`.

    Args:
        function: places → (values, derivatives).
        x: the place, which is not evaluated.
        distance: of the farthest value; its sign is the side.
    """
    import numpy as np

    least = 256 * math.ulp(max(abs(x), abs(distance)))
    sizes = [abs(distance) * NEARER**k for k in range(COUNT)]
    sizes = [size for size in sizes if size > least] or sizes[:1]
    places = np.array([x + math.copysign(size, distance) for size in sizes])
    values, slopes = function(places)
    value, doubt = _limit(values.tolist())
    slope, uncertain = _steady(slopes.tolist())
    defined = math.isfinite(values[-1])
    return Approach(value=value, slope=slope, defined=defined, doubt=(doubt, uncertain))


def _steady(values: Sequence[float]) -> tuple[float, float]:
    """Return a limit, or where the values hardly change: nearer still, rounding may take over."""
    for before, value in pairwise(values[1:]):
        if abs(value - before) <= STILL * abs(value):
            return value, EQUAL * abs(value)
    return _limit(values)


def _limit(values: Sequence[float]) -> tuple[float, float]:
    """Return what a sequence tends to, and how far that may be wrong."""
    last = values[-1]
    finite = [value for value in values if math.isfinite(value)]
    if not finite:  # infinite all along is no growth: there is no value
        return math.nan, 0.0
    if not math.isfinite(last) or len(values) < 3:
        return last, EQUAL * abs(last)
    size = max(map(abs, finite))
    doubt = EQUAL * size
    if len(finite) < 3:
        return last, doubt
    before, change = finite[-2] - finite[-3], last - finite[-2]
    if abs(change) <= ROUNDING * size:
        return last, doubt
    if abs(change) < SETTLING * abs(before):
        rest = change * change / (before - change)
        return last + rest, doubt + abs(rest)
    changes = [later - earlier for earlier, later in pairwise(finite)]
    if all(step * last > 0 for step in changes[-4:]):
        return math.copysign(math.inf, last), doubt
    return math.nan, doubt
