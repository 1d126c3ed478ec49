"""Errors of differences against the step size, both by powers of ten: the picture of the V."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence

from autodiff_cli.errors import visible
from autodiff_cli.formats.signs import UNICODE
from autodiff_cli.methods.step_sizes import Sweep
from autodiff_cli.views.figure import Axis, Figure, Panel, Spot, Spots, Trail

#: Method → styles of its curve and its marks, and the power of h by which its error falls.
METHODS = {"forward": ("curve", "dot", 1), "central": ("slope", "slopedot", 2)}


def figure(title: str, sweeps: Mapping[str, Sequence[Sweep]], function: str) -> Figure:
    """Return one panel for each variable and precision."""
    return Figure(
        title=f"errors of differences: {function} = {title}",
        description="The error of forward and central differences against the step h.",
        panels=tuple(
            _panel(name, sweep)
            for name, several in sweeps.items()
            for sweep in several
            if any(_points(sweep, k) for k in (0, 1))
        ),
        captions=tuple(_captions(sweeps, function)),
    )


def _captions(sweeps: Mapping[str, Sequence[Sweep]], function: str) -> Iterator[str]:
    yield (
        "On the right the rest of the Taylor series is cut off: the error falls with h (slope 1) "
        "or h² (slope 2). On the left rounding, about ε·|f|, is divided by h and grows."
    )
    for name, several in sweeps.items():
        for sweep in several:
            best = [f"{c.method} {c.best:.0e}" for c in sweep.curves if c.best is not None]
            if best:
                slope = UNICODE.slope(function, name)
                yield f"{slope} in {sweep.precision}, best h: {', '.join(best)}"


def _points(sweep: Sweep, curve: int) -> list[tuple[float, float]]:
    """Return (h, error) where the error is a number above 0, from the largest step down."""
    pairs = zip(sweep.steps, sweep.curves[curve].errors, strict=True)
    return [(step.h, abs(e)) for step, e in pairs if e and math.isfinite(e)]


def _panel(name: str, sweep: Sweep) -> Panel:
    curves = [_points(sweep, k) for k in (0, 1)]
    errors = [error for points in curves for _, error in points]
    steps = [step.h for step in sweep.steps]
    across = Axis(low=steps[-1], high=steps[0], name="h", log=True)
    low = 10.0 ** math.floor(math.log10(min(errors)))
    high = 10.0 ** (math.floor(math.log10(max(errors))) + 1)
    trails, spots, labels = [], [], []
    for curve, points in zip(sweep.curves, curves, strict=True):
        style, mark, power = METHODS[curve.method]
        trails.append(Trail(points=tuple(points), style=style, name=curve.method))
        spots.append(Spots(points=tuple(points), style=mark, radius=3.0))
        for ends, said in _guides(points, power, steps) if curve.shape == "valley" else ():
            trails.append(Trail(points=ends, style="guide"))
            labels.append((_middle(ends, low), said))
    precision = "" if sweep.precision == "float64" else f" in {sweep.precision}"
    name = f"error of {UNICODE.slope('f', visible(name))}{precision}"
    return Panel(
        across=across,
        up=Axis(low=low, high=high, name=name, log=True),
        trails=tuple(trails),
        spots=tuple(spots),
        labels=tuple(labels),
        height=300.0,
    )


def _middle(ends: tuple[Spot, ...], low: float) -> Spot:
    """Return a place on a guide in the lower part of the panel, where no curve runs."""
    (h, error), (other, _) = ends
    # A straight line between powers of ten: its slope, and where it is a decade above the floor.
    (x, y), target = (math.log10(h), math.log10(error)), math.log10(low) + 1
    slope = (math.log10(ends[1][1]) - y) / (math.log10(other) - x)
    return 10.0 ** (x + (target - y) / slope), 10.0**target


def _guides(
    points: Sequence[Spot], power: int, steps: Sequence[float]
) -> Iterator[tuple[tuple[Spot, ...], str]]:
    """Yield lines with the slope by which the error falls, and by which rounding grows."""
    if not points:
        return
    h, error = points[0]
    ends = tuple((step, error * (step / h) ** power) for step in (steps[0], steps[-1]))
    yield ends, f"slope {power}"
    if power == 1:
        h, error = points[-1]
        yield tuple((step, error * h / step) for step in (steps[-1], steps[0])), "ε/h"
