"""A point that is rounded, where its last digit decides the value: tan at the float64 near pi/2."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from typing import Any

from autodiff_cli.notes.note import Note

#: A number with a denominator from here on was rounded, or has many digits: 0.1, pi/2, and not 2.5.
ROUNDED = 2**30

#: Share of the value that half a last digit of the point changes it by.
SHARE = 0.5


def nearest(
    called: str, at: Mapping[str, Any], value: Any, gradient: Mapping[str, Any]
) -> Iterator[Note]:
    """Say of which variable the last digit decides the value, at one point.

    Args:
        called: the name of the function.
        at: variable → number.
        value: the value there.
        gradient: variable → derivative there.
    """
    if not isinstance(value, float) or not value or not math.isfinite(value):
        return
    for name, slope in gradient.items():
        number = at[name]
        if not isinstance(number, float) or not math.isfinite(number):
            continue
        if number.as_integer_ratio()[1] < ROUNDED or not math.isfinite(slope):
            continue
        if abs(slope) * math.ulp(number) / 2 >= SHARE * abs(value):
            text = (
                f"the match is at {name} = {number!r} exactly, which is rounded to float64: its "
                f"last digit decides what {called} is here"
            )
            yield Note(None, "point", text)
