"""A figure as a picture: frames, grids, ticks, curves, marks and a legend above each panel."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence

from autodiff_cli.graph.printer import number
from autodiff_cli.views.figure import Axis, Figure, Panel, Spot, inside
from autodiff_cli.views.shapes import (
    STYLES,
    Anchor,
    Box,
    Path,
    Picture,
    Shape,
    Text,
    circle,
    polygon,
    polyline,
    text_width,
    wrapped,
)

#: Pixels: the picture, its margins, the legend above a panel, the labels below, and a tick.
WIDTH, LEFT, RIGHT, TOP = 720.0, 66.0, 24.0, 44.0
LEGEND, BELOW, TICK = 24.0, 46.0, 5.0

#: Ticks at most: across, and for so many pixels of height one.
ACROSS, PER_TICK = 9, 44.0

#: Pixels by which a curve may be drawn beside itself.
SEEN = 0.07

#: The longest arrow, in pixels, and the shortest that is drawn with a head.
ARROW, SHORTEST = 26.0, 3.0


def drawn(figure: Figure) -> Picture:
    """Return the picture of a figure."""
    shapes: list[Shape] = [Text(x=LEFT, y=28, text=figure.title, style="heading")]
    top = TOP
    for panel in figure.panels:
        frame = Box(
            x=LEFT, y=top + LEGEND, width=WIDTH - LEFT - RIGHT, height=panel.height, style="frame"
        )
        shapes += [*_legend(panel, frame), *_panel(panel, frame)]
        top += LEGEND + panel.height + BELOW
    step = STYLES["small"].size + 6
    lines = [line for text in figure.captions for line in wrapped(text, WIDTH - LEFT - RIGHT)]
    for line in lines:
        shapes.append(Text(x=LEFT, y=top + 6, text=line, style="small"))
        top += step
    return Picture(
        width=WIDTH, height=top + (12 if lines else 0), title=figure.title,
        description=figure.description, shapes=tuple(shapes),
    )  # fmt: skip


def _pixel(frame: Box, share: Spot) -> Spot:
    return frame.x + share[0] * frame.width, frame.y + (1 - share[1]) * frame.height


def _panel(panel: Panel, frame: Box) -> Iterator[Shape]:
    yield from _grid(panel, frame)
    for place in panel.uprights:
        share = panel.across.share(place)
        if 0 <= share <= 1:
            x, _ = _pixel(frame, (share, 0))
            yield polyline(((x, frame.y), (x, frame.y + frame.height)), "pole")
    for trail in panel.trails:
        for part in inside(panel, trail.points):
            yield polyline(_thinned([_pixel(frame, share) for share in part]), trail.style)
    yield from _arrows(panel, frame)
    for (x, y), text in panel.labels:
        for part in inside(panel, [(x, y)]):
            across, up = _pixel(frame, part[0])
            broad = text_width(text, "small") + 4
            ground = Box(x=across - broad / 2, y=up - 8, width=broad, height=15, style="label")
            if frame.x < ground.x and ground.x + broad < frame.x + frame.width:
                yield ground
                yield Text(x=across, y=up + 4, text=text, style="small", anchor="middle")
    yield frame
    for spots in panel.spots:
        for point in spots.points:
            for part in inside(panel, [point]):
                yield circle(*_pixel(frame, part[0]), spots.radius, spots.style)


def _grid(panel: Panel, frame: Box) -> Iterator[Shape]:
    """Yield the lines of the grid, the axes through 0, the ticks' numbers and the names."""
    foot, right = frame.y + frame.height, frame.x + frame.width
    up = panel.up.ticks(max(2, int(frame.height / PER_TICK)))
    texts: list[Shape] = []
    for tick in panel.across.ticks(ACROSS):
        x, _ = _pixel(frame, (panel.across.share(tick), 0))
        yield polyline(((x, frame.y), (x, foot)), _ruler(panel.across, tick))
        texts.append(_tick(x, foot + 16, panel.across, tick, "middle"))
    for tick in up:
        _, y = _pixel(frame, (0, panel.up.share(tick)))
        yield polyline(((frame.x, y), (right, y)), _ruler(panel.up, tick))
        texts.append(_tick(frame.x - 7, y + 4, panel.up, tick, "end"))
    yield from texts
    middle = frame.x + frame.width / 2
    yield Text(x=middle, y=foot + 33, text=panel.across.name, style="small", anchor="middle")


def _ruler(axis: Axis, tick: float) -> str:
    return "axis" if tick == 0 and not axis.log else "grid"


def _tick(x: float, y: float, axis: Axis, tick: float, anchor: Anchor) -> Text:
    text = f"{tick:.0e}" if axis.log else number(tick)
    return Text(x=x, y=y, text=text, style="small", anchor=anchor)


def _legend(panel: Panel, frame: Box) -> Iterator[Shape]:
    """Yield a stroke or a mark and a name for each part that has one, above the frame."""
    x, y = frame.x, frame.y - 8
    if panel.up.name:
        yield Text(x=x, y=y, text=panel.up.name, style="small")
        x += text_width(panel.up.name, "small") + 18
    for trail in panel.trails:
        if trail.name:
            yield polyline(((x, y - 4), (x + 22, y - 4)), trail.style)
            yield Text(x=x + 27, y=y, text=trail.name, style="text")
            x += 27 + text_width(trail.name) + 20
    for spots in panel.spots:
        if spots.name:
            yield circle(x + 5, y - 4, spots.radius, spots.style)
            yield Text(x=x + 14, y=y, text=spots.name, style="text")
            x += 14 + text_width(spots.name) + 20


def _arrows(panel: Panel, frame: Box) -> Iterator[Path]:
    """Yield the arrows: their lengths grow with the square root, so that small ones are seen."""
    pixels = []
    for arrow in panel.arrows:
        share = (panel.across.share(arrow.place[0]), panel.up.share(arrow.place[1]))
        towards = (
            arrow.towards[0] / (panel.across.high - panel.across.low) * frame.width,
            -arrow.towards[1] / (panel.up.high - panel.up.low) * frame.height,
        )
        pixels.append((_pixel(frame, share), towards))
    longest = max((math.hypot(*towards) for _, towards in pixels), default=0.0)
    if not (longest and math.isfinite(longest)):
        return
    for (x, y), (right, down) in pixels:
        length = math.hypot(right, down)
        shown = ARROW * math.sqrt(length / longest)
        if length == 0 or shown < SHORTEST:
            continue
        cos, sin = right / length, down / length
        tip = (x + shown / 2 * cos, y + shown / 2 * sin)
        head = min(6.0, shown / 2)
        base = (tip[0] - head * cos, tip[1] - head * sin)
        yield polyline(((x - shown / 2 * cos, y - shown / 2 * sin), base), "arrows")
        side = head * 0.45
        yield polygon(
            (tip, (base[0] - side * sin, base[1] + side * cos),
             (base[0] + side * sin, base[1] - side * cos)), "arrows",
        )  # fmt: skip


def _thinned(points: Sequence[Spot]) -> list[Spot]:
    """Return a line without points that change it by less than `SEEN` (Douglas & Peucker 1973)."""
    kept = {0, len(points) - 1}
    todo = [(0, len(points) - 1)]
    while todo:
        first, last = todo.pop()
        (x, y), (to_x, to_y) = points[first], points[last]
        length = math.hypot(to_x - x, to_y - y)
        farthest, worst = first, SEEN
        for k in range(first + 1, last):
            right, down = points[k][0] - x, points[k][1] - y
            away = math.hypot(right, down)
            if length:
                away = abs((to_x - x) * down - (to_y - y) * right) / length
            if away > worst:
                farthest, worst = k, away
        if farthest != first:
            kept.add(farthest)
            todo += [(first, farthest), (farthest, last)]
    return [points[k] for k in sorted(kept)]
