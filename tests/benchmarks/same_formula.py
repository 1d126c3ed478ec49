"""The same formula again, one point at a time: the compiled function beside Python by hand."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import autodiff_cli
from tests.benchmarks.measure import OURS, Row, measured, timed

HAND = "Python by hand"
CALLS = 20_000


def _polynomial(x: float) -> Any:
    square = x * x
    return square * x + 2 * square + 8 * x, (3 * square + 4 * x + 8,)


def _sines(x: float, y: float) -> Any:
    return math.sin(x) + math.sin(y), (math.cos(x), math.cos(y))


def _tanh(x: float) -> Any:
    share = 1 / math.cosh(x)  # 1 - y*y would have other digits: none beyond x = 19
    return math.tanh(x), (share * share,)


def _mixed(x: float, y: float) -> Any:
    square = x * x
    angle, bell = 3 * x * y, math.exp(-square)
    sine, below, decay = math.sin(angle), 1 + square, math.exp(-y)
    wave, logarithm, above = 3 * bell * math.cos(angle), math.log(below), 1 + decay
    by_x = -2 * x * bell * sine + y * wave + 2 * x / below / above
    by_y = x * wave + logarithm * decay / (above * above)
    return bell * sine + logarithm / above, (by_x, by_y)


FORMULAS = {
    "x^3 + 2x^2 + 8x": _polynomial,
    "sin(x) + sin(y)": _sines,
    "tanh(x)": _tanh,
    "exp(-x^2)*sin(3x*y) + ln(1+x^2)/(1+exp(-y))": _mixed,
}


def rows(repeats: int = 25) -> list[Row]:
    """Return the time of one call for each formula."""
    found = []
    for text, hand in FORMULAS.items():
        point = (0.7, 1.3)[: hand.__code__.co_argcount]
        runs = {
            OURS: timed(_repeated(autodiff_cli.compile(text), point)),
            HAND: timed(_repeated(hand, point)),
        }
        scale = 1e9 / CALLS
        found.append(measured(text, "ns a call", runs, {HAND: 1.2}, repeats, scale=scale))
    return found


def _repeated(function: Callable[..., Any], point: tuple[float, ...]) -> Callable[[], None]:
    def run() -> None:
        for _ in range(CALLS):
            function(*point)

    return run
