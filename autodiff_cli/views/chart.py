"""Two curves against one axis as lines of text, both axes logarithmic.

What is drawn is found elsewhere: a mark for every error, joined by dots, and 0 below the axis.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from itertools import pairwise

from autodiff_cli.errors import width
from autodiff_cli.formats.signs import Signs

#: Rows of a chart at most, and columns of the labels on its left.
ROWS, LABEL = 12, 6

#: Columns between two marks, from the broadest chart to the narrowest.
SPACINGS = (4, 3, 2, 1)

#: One curve: for each place its size, 0, or None where there is nothing to draw.
Curve = Sequence[float | None]


def chart(
    steps: Sequence[float], curves: tuple[Curve, Curve], signs: Signs, columns: int
) -> list[str]:
    """Return the lines of a chart; none where there is nothing to draw but zeros.

    Args:
        steps: powers of ten, falling; they are drawn growing to the right.
        curves: sizes of 0 or more, one a step.
        signs: the signs to draw with.
        columns: the width of the screen.
    """
    exponents = [math.log10(size) for curve in curves for size in curve if size]
    if not exponents:
        return []
    spacing = next(
        (gap for gap in SPACINGS if LABEL + 1 + gap * len(steps) + 2 <= columns), SPACINGS[-1]
    )
    scale = max(1, math.ceil((max(exponents) - min(exponents) + 1) / ROWS))
    top, bottom = round(max(exponents) / scale), round(min(exponents) / scale)
    zeros = any(size == 0 for curve in curves for size in curve)
    depth = top - bottom + 1 + zeros
    field = [[" "] * (spacing * len(steps)) for _ in range(depth)]
    for curve, mark in zip(curves, signs.marks, strict=False):
        spots = [
            None if size is None
            else (depth - 1 if size == 0 else top - round(math.log10(size) / scale),
                  _column(place, len(steps), spacing))
            for place, size in enumerate(curve)
        ]  # fmt: skip
        _draw(field, spots, mark, signs)
    labels = [f"1e{scale * (top - row):+03d}" for row in range(depth)]
    if zeros:
        labels[-1] = "0"
    lines = [
        f"{label:>{LABEL}}{signs.axes[0]}{''.join(row)}".rstrip()
        for label, row in zip(labels, field, strict=True)
    ]
    return [*lines, *_axis(steps, spacing, signs)]


def _column(place: int, count: int, spacing: int) -> int:
    """Return the column of a step: they fall, and the axis grows to the right."""
    return (count - 1 - place) * spacing + spacing // 2


def _draw(
    field: list[list[str]], spots: Sequence[tuple[int, int] | None], mark: str, signs: Signs
) -> None:
    """Draw a curve: dots between neighbours, then a mark at each spot."""
    for first, second in pairwise(spots):
        if first is None or second is None:
            continue
        (high, right), (low, left) = first, second
        for column in range(left + 1, right):
            row = round(low + (high - low) * (column - left) / (right - left))
            if field[row][column] == " ":
                field[row][column] = signs.trail
    for spot in spots:
        if spot is not None:
            row, column = spot
            free = field[row][column] in (" ", signs.trail)
            field[row][column] = mark if free else signs.marks[-1]


def _axis(steps: Sequence[float], spacing: int, signs: Signs) -> list[str]:
    """Return the line below a chart with a tick at some steps, and their labels."""
    count = len(steps)
    ticks = {_column(place, count, spacing): steps[place] for place in (0, count // 2, count - 1)}
    _, floor, corner, tick = signs.axes
    line = [floor] * (spacing * count)
    below = [" "] * (LABEL + 1 + spacing * count + LABEL)
    for column, step in ticks.items():
        line[column] = tick
        text = f"{step:.0e}"
        start = LABEL + 1 + column - width(text) // 2
        below[start : start + len(text)] = text
    return [f"{'h':>{LABEL}}{corner}{''.join(line)}", "".join(below).rstrip()]
