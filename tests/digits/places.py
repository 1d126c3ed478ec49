"""Points over the whole range of float64 for each row of the operation table."""

from __future__ import annotations

import math
import random

from autodiff_cli.engine import rules
from autodiff_cli.ops.row import OPERANDS, Operation

#: The ends of float64, and powers of ten between them.
EXTREMES = (5e-324, 1e-310, 2.3e-308, 1.797e308, *(10.0**power for power in range(-300, 301)))

#: What a second operand is beside the first: ties, and numbers near them.
BESIDE = (1.0, -1.0, 1.5, 1 + 2.0**-50, 1e3, 1e-3, 1e8)


def points(row: Operation, count: int, seed: int = 0) -> list[tuple[float, ...]]:
    """Return points inside a row's domain and off its kinks, the same for the same seed."""
    choose = random.Random(f"{row.name}{row.arity} {seed}")
    found: list[tuple[float, ...]] = []
    while len(found) < count:
        point = tuple(_number(choose, *row.intervals[k]) for k in range(row.arity))
        if row.arity == 2 and choose.random() < 0.3:
            point = (point[0], point[0] * choose.choice(BESIDE))
        if all(map(math.isfinite, point)) and inside(row, point):
            found.append(point)
    return found


def inside(row: Operation, point: tuple[float, ...]) -> bool:
    """Tell whether a point is inside a row's domain and off its kinks."""
    padding = (0.0,) * (len(OPERANDS) - row.arity)
    arguments = (*point, *padding, rules.value(row)(*point))
    if row.domain and not rules.condition(row.domain)(*arguments):
        return False
    return not any(rules.condition(kink.condition)(*arguments) for kink in row.kinks)


def _number(choose: random.Random, low: float, high: float) -> float:
    sign = choose.choice((1, -1))
    draws = (
        lambda: sign * choose.choice(EXTREMES),
        lambda: sign * choose.choice(EXTREMES),
        lambda: sign * 10 ** choose.uniform(-12, 4),
        lambda: sign * (1 + choose.choice((1, -1)) * 2.0 ** -choose.randint(1, 52)),
        lambda: choose.uniform(-800, 800),
        lambda: choose.uniform(-45, 45),
        lambda: choose.uniform(low, high),
    )
    return choose.choice(draws)()
