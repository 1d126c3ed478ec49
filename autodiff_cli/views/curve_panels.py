"""A function over its derivative as two panels, with marks where it breaks."""

from __future__ import annotations

import math
from collections.abc import Iterator

from autodiff_cli.answers.curve import Curve
from autodiff_cli.errors import visible
from autodiff_cli.graph.printer import number as short
from autodiff_cli.views.captions import Number, captions, title
from autodiff_cli.views.figure import Axis, Figure, Panel, Spot, Spots, Trail, spread

#: Kinds beside which values have no bound, or slopes.
UNBOUNDED = frozenset({"pole", "overflow"})


STEEP = UNBOUNDED | {"vertical", "end", "unsettled"}


#: Room between a mark and the end of the axis, as a share of the axis.
EDGE = 0.03


def curve_figure(report: Curve, number: Number) -> Figure:
    """Return the figure of a function of one variable.

    Args:
        report: the pieces of the curve, and what is between them.
        number: how numbers are written.
    """
    breaks = report.breaks
    kinds = {place.kind for place in breaks}
    spans: list[float] = []
    values: list[float] = []
    slopes: list[tuple[float, float]] = []
    for piece in report.pieces:
        for k in range(len(piece.places)):
            before, after = max(0, k - 1), min(len(piece.places) - 1, k + 1)
            span = piece.places[after] - piece.places[before]
            values.append(piece.values[k])
            spans.append(span)
            if math.isfinite(piece.slopes[k]):
                slopes.append((piece.slopes[k], span))
    across = Axis(low=report.interval[0], high=report.interval[1], name=report.name)
    low, high = spread(values, spans, bool(kinds & UNBOUNDED))
    reached = [tangent.value for tangent in report.tangents]
    reached += [place.value for place in breaks if place.kind not in UNBOUNDED]
    reached += [value for _, value in report.points]
    for value in filter(math.isfinite, reached):
        low, high = min(low, value - EDGE * (high - low)), max(high, value + EDGE * (high - low))
    up = Axis(low=low, high=high)
    steep = bool(kinds & STEEP)
    bottom, top = spread([s for s, _ in slopes], [w for _, w in slopes], steep)
    uprights = tuple(place.x for place in breaks if place.kind == "pole")
    first = Panel(
        across=across,
        up=up,
        trails=tuple(_trails(report, up)),
        spots=tuple(_spots(report)),
        uprights=uprights,
        height=290.0,
    )
    second = Panel(
        across=across,
        up=Axis(low=bottom, high=top),
        trails=tuple(
            Trail(points=tuple(zip(piece.places, piece.slopes, strict=True)), style="slope",
                  name="" if k else f"{report.graph.called}′({report.name})")
            for k, piece in enumerate(report.pieces)
        ),
        spots=tuple(_slope_spots(report)),
        uprights=tuple(place.x for place in breaks if place.kind in ("pole", "vertical")),
        height=200.0,
    )  # fmt: skip
    return Figure(
        title=title(report, number),
        description=f"The function over its derivative, for {report.name} from "
        f"{short(across.low)} to {short(across.high)}.",
        panels=(first, second),
        captions=(*captions(report, number), *[visible(note.text) for note in report.notes]),
    )


def _trails(report: Curve, up: Axis) -> Iterator[Trail]:
    for k, piece in enumerate(report.pieces):
        points = tuple(zip(piece.places, piece.values, strict=True))
        yield Trail(
            points=points, style="curve", name="" if k else f"{report.graph.called}({report.name})"
        )
    low, high = report.interval
    for k, tangent in enumerate(report.tangents):
        if math.isfinite(tangent.value) and math.isfinite(tangent.slope):
            ends = tuple(
                (x, tangent.value + tangent.slope * (x - tangent.place)) for x in (low, high)
            )
            yield Trail(points=ends, style="tangent", name="" if k else "tangent")


def _spots(report: Curve) -> Iterator[Spots]:
    """Yield the ends of pieces, open where the value is elsewhere, kinks, and what was asked."""
    hollow: list[Spot] = []
    filled: list[Spot] = []
    for place in report.breaks:
        ends = [side.value for side in (place.left, place.right) if math.isfinite(side.value)]
        if place.kind in ("jump", "hole", "end"):
            hollow += [(place.x, end) for end in dict.fromkeys(ends)]
        if math.isfinite(place.value) and place.kind not in UNBOUNDED:
            filled.append((place.x, place.value))
    yield Spots(points=tuple(hollow), style="hollow", hollow=True)
    yield Spots(points=tuple(filled), style="dot")
    yield Spots(
        points=tuple(p for p in report.points if math.isfinite(p[1])), style="end",
        name="rows of the file" if report.points else "",
    )  # fmt: skip
    touched = tuple((t.place, t.value) for t in report.tangents if math.isfinite(t.value))
    yield Spots(points=touched, style="point")


def _slope_spots(report: Curve) -> Iterator[Spots]:
    hollow = [
        (place.x, side.slope)
        for place in report.breaks
        if place.kind in ("jump", "kink", "vertical", "end", "hole")
        for side in (place.left, place.right)
        if side.defined and math.isfinite(side.slope)
    ]
    yield Spots(points=tuple(dict.fromkeys(hollow)), style="slopehollow", hollow=True)
    touched = tuple((t.place, t.slope) for t in report.tangents if math.isfinite(t.slope))
    yield Spots(points=touched, style="point")
