"""Sums of float64 without any rounding: so they are the same however the numbers are split.

A float is a whole multiple of 2⁻¹⁰⁷⁴. A sum is kept as that whole number, and rounded once.
"""

from __future__ import annotations

import math
from typing import Any

#: Binary places of the smallest positive float64.
PLACES = 1074

#: Numbers from 2^LARGE on are taken 2^SHIFT smaller, so that nothing on the way overflows.
LARGE, SHIFT = 960, 200


def units(numbers: Any, most: float) -> int:
    """Return the sum of finite numbers as a multiple of 2⁻¹⁰⁷⁴, without rounding.

    The leading bits of all numbers are cut off by adding and subtracting one power of two, which
    is so large that their sum is exact; then those of what is left. Rump, Ogita & Oishi, Accurate
    floating-point summation (2008), algorithm 3.3.

    Args:
        numbers: a NumPy array of one dimension.
        most: the largest of their magnitudes.
    """
    import numpy

    if most >= 2.0**LARGE:
        large = numpy.abs(numbers) >= 2.0**LARGE
        rest = numpy.where(large, 0.0, numbers)
        return units(rest, _most(rest)) + (
            units(numbers[large] * 2.0**-SHIFT, most * 2.0**-SHIFT) << SHIFT
        )
    total, room = 0, numbers.size.bit_length()
    rest, leading = numbers.copy(), numpy.empty_like(numbers)
    while most:
        edge = 2.0 ** max(math.frexp(most)[1] + room, 52 - PLACES)
        numpy.add(rest, edge, out=leading)
        leading -= edge
        total += whole(float(leading.sum()))
        rest -= leading
        most = _most(rest)
    return total


def _most(numbers: Any) -> float:
    return max(float(numbers.max()), -float(numbers.min()))


def whole(number: float) -> int:
    """Return a finite float as a multiple of 2⁻¹⁰⁷⁴."""
    above, below = number.as_integer_ratio()
    return above * ((1 << PLACES) // below)


def rounded(total: int, count: int = 1) -> float:
    """Return a sum, or the mean of so many numbers, as the nearest float64."""
    try:
        return total / (count << PLACES)
    except OverflowError:
        return math.inf if total > 0 else -math.inf
