"""The picture of a descent: the path over contours or a curve, and the value after each step."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence

from autodiff_cli.answers.contours import contours
from autodiff_cli.answers.curve import curve
from autodiff_cli.answers.descend import Descend, Descent
from autodiff_cli.answers.stepping import Row
from autodiff_cli.errors import visible
from autodiff_cli.views import plot
from autodiff_cli.views.captions import Number, formula
from autodiff_cli.views.figure import Axis, Figure, Panel, Spots, Trail, spread

#: Times the first value up to which a place is inside the picture, the room around the path, and
#: how many times longer than broad a path is a needle.
INSIDE, ROOM, NEEDLE = 100.0, 0.25, 30.0


#: A loss is drawn by powers of ten from this ratio of its largest to its smallest value.
BY_POWERS = 100.0


#: Steps of a way up to which each has a dot.
FEW = 60


#: Starts that are drawn.
DRAWN_STARTS = 40


def method(report: Descend) -> str:
    """Return the name of the method, with its numbers."""
    plan = report.plan
    extra = f" and momentum {plan.momentum:g}" if plan.momentum else ""
    name = "Adam" if plan.adam else "gradient descent"
    return f"{name} with rate {plan.rate:g}{extra}"


def figure(report: Descend, number: Number, every: int = 1) -> Figure:
    """Return the path, where there are one or two variables, over the loss by steps.

    Args:
        report: the descents.
        number: how numbers are written.
        every: draw every so manieth contour.
    """
    descents = report.descents[:DRAWN_STARTS]
    kept = [_near(descent) for descent in descents]
    panels = [*_path(report, kept, number, every), *_loss(kept, visible(report.graph.called))]
    return Figure(
        title=f"{visible(report.graph.called)} = {formula(report.graph)}",
        description="The way downhill and the value after each step.",
        panels=tuple(panels),
        captions=(method(report), *dict.fromkeys(descent.said for descent in descents[:3])),
    )


def _near(descent: Descent) -> list[Row]:
    """Return the rows until the values run away."""
    limit = INSIDE * (1 + abs(descent.rows[0].value))
    found = []
    for row in descent.rows:
        if not (math.isfinite(row.value) and abs(row.value) <= limit):
            break
        found.append(row)
    return found


def _path(
    report: Descend, kept: Sequence[Sequence[Row]], number: Number, every: int
) -> Iterator[Panel]:
    places_on = [row for way in kept for row in way]
    if len(report.wrt) > 2 or not places_on:
        return
    boxes = _around([[row.at[name] for row in places_on] for name in report.wrt])
    ground = report.graph
    held = dict(places_on[0].at)
    if len(report.wrt) == 1:
        name = report.wrt[0]
        under = plot.figure(curve(report.expression, ground, name, boxes[0], held), number).panels[
            0
        ]
        ways = [[(row.at[name], row.value) for row in way] for way in kept]
    else:
        x, y = report.wrt
        found = contours(report.expression, ground, (x, y), (boxes[0], boxes[1]), held)
        under = plot.figure(found, number, every).panels[0]
        ways = [[(row.at[x], row.at[y]) for row in way] for way in kept]
    yield Panel(
        across=under.across,
        up=under.up,
        trails=(
            *under.trails,
            *[
                Trail(points=tuple(way), style="path", name="" if k else "the steps")
                for k, way in enumerate(ways)
            ],
        ),
        spots=(
            *[Spots(points=tuple(way), style="end", radius=2.2) for way in ways if len(way) <= FEW],
            Spots(points=tuple(way[0] for way in ways if way), style="start", hollow=True,
                  name="start"),
            Spots(points=tuple(way[-1] for way in ways if way), style="end", name="end"),
        ),
        labels=under.labels,
        uprights=under.uprights,
        height=under.height if len(report.wrt) == 1 else 420.0,
    )  # fmt: skip


def _around(columns: Sequence[Sequence[float]]) -> list[tuple[float, float]]:
    """Return the ends of each axis around a path: alike, unless the path is a needle."""
    ranges = [(min(column), max(column)) for column in columns]
    broadest = max(high - low for low, high in ranges) or 1.0
    found = []
    for low, high in ranges:
        size = max(high - low, broadest / NEEDLE)
        size = broadest if size > broadest / NEEDLE else size
        middle = (low + high) / 2
        half = max(size * (0.5 + ROOM), abs(middle) * 1e-9)
        found.append((middle - half, middle + half))
    return found


def _loss(kept: Sequence[Sequence[Row]], called: str) -> Iterator[Panel]:
    """Yield the values by steps, by powers of ten where they span several."""
    values = [row.value for way in kept for row in way]
    most = max((len(way) for way in kept), default=0)
    if most < 2:
        return
    powers = min(values) > 0 and max(values) / min(values) >= BY_POWERS
    if powers:
        low = 10.0 ** math.floor(math.log10(min(values)))
        up = Axis(low=low, high=10.0 ** math.ceil(math.log10(max(values)) + 1e-9), log=True)
    else:
        low, high = spread(values, [1.0] * len(values), cut=False)
        up = Axis(low=low, high=high)
    yield Panel(
        across=Axis(low=0, high=most - 1, name="step"),
        up=up,
        trails=tuple(
            Trail(
                points=tuple((row.step, row.value) for row in way),
                style="path",
                name="" if k else f"{called} after each step",
            )
            for k, way in enumerate(kept)
        ),
        height=200.0,
    )
