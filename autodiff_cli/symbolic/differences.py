"""Derivatives of any order from values alone: central differences in thousands of digits.

With steps of 2^−60 of the size in which the function changes, a difference of order n is off by
about 2^−120 of it (Fornberg, Generation of finite difference formulas, 1988).
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from fractions import Fraction
from typing import Any

from mpmath import mp

from autodiff_cli.engine.directions import coefficients
from autodiff_cli.graph.graph import Graph
from autodiff_cli.symbolic.arithmetic import Arithmetic
from autodiff_cli.symbolic.ball import Ball, size
from autodiff_cli.symbolic.evaluation import DIGITS, TARGET
from autodiff_cli.symbolic.recomputation import node_values

#: Binary digits of one step: its square is what a central difference is off by.
STEP = 60

#: A coefficient that is smaller than its neighbours by this, in binary digits, is 0.
VANISHES = 70


def differences(
    graph: Graph, at: Mapping[str, float], name: str, order: int, over: Callable[[], bool]
) -> list[str | None]:
    """Return the derivatives in one variable as text, from the first to the one of `order`.

    Args:
        graph: the formula.
        at: a finite number for every variable.
        name: the variable.
        order: the highest order.
        over: tells whether the time is up.

    Returns:
        Decimal text; None where the time, or the function, ends before it.
    """
    _, exponent = coefficients(graph, at, {name: 1.0}, order)
    bits = STEP * order + 2 * TARGET
    with mp.workprec(bits):
        step = Fraction(2) ** (exponent - STEP)
        values = _values(graph, at, name, step, order, Arithmetic(bits, last=True), over)
        reach = min(2 * max(values, default=-1), order)
        scaled = [_central(values, n) for n in range(reach + 1)]
        texts = _texts(scaled, exponent)
    return [*texts[1:], *[None] * order][:order]


def _values(
    graph: Graph,
    at: Mapping[str, float],
    name: str,
    step: Fraction,
    order: int,
    walk: Arithmetic,
    over: Callable[[], bool],
) -> dict[int, Any]:
    """Return the value at steps from the point, outwards, as far as there is time."""
    exact = {variable: Fraction(value) for variable, value in at.items()}
    needed = sorted(graph.below(graph.outputs))
    values: dict[int, Any] = {}
    for distance in range(order // 2 + 2):
        if over():
            break
        there = {}
        for place in {distance, -distance}:
            moved = exact | {name: exact[name] + place * step}
            ball = node_values(graph, needed, moved, walk)[graph.outputs[0]]
            if not isinstance(ball, Ball):
                return values
            ball = walk.rounded(ball)
            lost = ball.error - max(size(ball.middle), -walk.precision)
            if isinstance(ball.middle, mp.mpc) or not lost < TARGET - walk.precision:
                return values
            there[place] = ball.middle
        values |= there
    return values


def _central(values: Mapping[int, Any], order: int) -> Any:
    """Return a central difference over the power of its step, 2^−STEP, and over order!.

    That of an odd order is the mean of the two on either side of the middle.
    """
    starts = [-(order // 2) - shift for shift in range(1 + order % 2)]
    if starts[-1] not in values or starts[0] + order not in values:
        return None
    total = mp.fsum(
        (-1) ** (order - k) * math.comb(order, k) * values[start + k]
        for start in starts
        for k in range(order + 1)
    )
    return mp.ldexp(total / len(starts), STEP * order) / math.factorial(order)


def _texts(scaled: Sequence[Any], exponent: int) -> list[str | None]:
    """Return derivatives as text from scaled coefficients; None where there is none."""
    texts: list[str | None] = []
    for order, term in enumerate(scaled):
        if term is None:
            texts.append(None)
            continue
        around = [abs(t) for t in scaled[max(0, order - 2) : order + 3] if t is not None]
        if abs(term) <= mp.ldexp(max(around), -VANISHES):
            texts.append("0")
            continue
        number = mp.ldexp(term * math.factorial(order), -order * exponent)
        written = mp.nstr(number, DIGITS, min_fixed=-5, max_fixed=DIGITS)
        texts.append(str(written).removesuffix(".0"))
    return texts
