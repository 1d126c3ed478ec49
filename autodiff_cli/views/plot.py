"""What `plot` says: a function over its derivative with what happens between, or contours."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from autodiff_cli.answers.contours import Contours
from autodiff_cli.answers.curve import Curve
from autodiff_cli.errors import visible
from autodiff_cli.files.rows import Rows, rows
from autodiff_cli.formats.format import Format
from autodiff_cli.formats.signs import PLAIN, UNICODE, Rounding, Signs
from autodiff_cli.views.axes import drawn
from autodiff_cli.views.braille import lines
from autodiff_cli.views.captions import TOLD, Number, captions, held_values, limit, title
from autodiff_cli.views.curve_panels import curve_figure
from autodiff_cli.views.figure import Arrow, Axis, Figure, Panel, Spots, Trail
from autodiff_cli.views.head import notes_payload, write_head, write_notes
from autodiff_cli.views.shapes import Picture
from autodiff_cli.views.svg import svg
from autodiff_cli.views.tikz import tikz

#: Digits of numbers, and breaks that are told on the screen, unless more are asked for.
DIGITS, ROWS = 6, TOLD


@dataclass(frozen=True, slots=True, kw_only=True)
class Plot:
    """A function to be shown, in the terminal with ASCII alone where that is asked for."""

    answer: Curve | Contours
    ascii: bool = False


def write(out: Format, report: Plot) -> None:
    """Write the formula, the picture, and what happens in it."""
    answer, signs = report.answer, PLAIN if report.ascii else out.signs
    shown = figure(answer, out.signs.number)
    write_head(out, answer.graph, dict(held_values(answer)))
    out.line()
    if out.PICTURES:
        out.image(svg(drawn(shown)))
    elif out.TIKZ:
        out.tikz(tikz(drawn(figure(answer, UNICODE.rounding(out.rounding).number))))
    elif out.DRAWS:
        out.figure(_text(answer, signs, out.columns))
        out.line()
    for caption in captions(answer, signs.number, out.rows):
        out.paragraph(signs.text(caption))
    write_notes(out, answer.notes)


def _text(answer: Curve | Contours, signs: Signs, columns: int) -> list[str]:
    """Return the panels in characters; fewer contours than pixels can show."""
    found: list[str] = []
    for panel in figure(answer, signs.number, every=3).panels:
        found += [""] * bool(found) + lines(panel, signs, columns)
    return found


def figure(report: Curve | Contours, number: Number, every: int = 1) -> Figure:
    """Return the figure of an answer, with every so manieth contour."""
    if isinstance(report, Curve):
        return curve_figure(report, number)
    return _contours(report, number, every)


def _contours(report: Contours, number: Number, every: int) -> Figure:
    (left, right), (bottom, top) = report.intervals
    across = Axis(low=left, high=right, name=report.names[0])
    up = Axis(low=bottom, high=top, name=report.names[1])
    trails, labels = [], []
    for level in report.levels[every // 2 :: every]:
        for line in level.lines:
            trails.append(Trail(points=line, style="contour"))
        longest = max(level.lines, key=len, default=())
        if len(longest) > 12:
            labels.append((longest[len(longest) // 3], limit(level.value, number)))
    spots = [Spots(points=report.points, style="end", name="rows of the file")] * bool(
        report.points
    )
    spots += [Spots(points=tuple(a.place for a in report.marks), style="point")] * bool(
        report.marks
    )
    panel = Panel(
        across=across,
        up=up,
        trails=tuple(trails),
        spots=tuple(spots),
        arrows=tuple(
            Arrow(place=arrow.place, towards=arrow.gradient)
            for arrow in (*report.arrows, *report.marks)
        ),
        labels=tuple(labels),
        height=520.0,
    )
    return Figure(
        title=title(report, number),
        description=f"Contours over {report.names[0]} and {report.names[1]} with the gradient.",
        panels=(panel,),
        captions=(*captions(report, number), *[visible(note.text) for note in report.notes]),
    )


def payload(plotted: Plot) -> dict[str, Any]:
    """Return the JSON object of an answer, schema `autodiff.plot/1`."""
    report = plotted.answer
    shared: dict[str, Any] = {
        "schema": "autodiff.plot/1",
        "expression": report.expression,
        "at": dict(held_values(report)),
    }
    notes = notes_payload(report.notes)
    if isinstance(report, Contours):
        return {
            **shared,
            "intervals": dict(zip(report.names, map(list, report.intervals), strict=True)),
            "levels": [{"value": level.value, "lines": level.lines} for level in report.levels],
            "arrows": [_arrow(report, arrow) for arrow in report.arrows],
            "marks": [_arrow(report, arrow) for arrow in report.marks],
            "points": report.points,
            "notes": notes,
        }
    names = report.graph.named()
    return {
        **shared,
        "intervals": {report.name: list(report.interval)},
        "pieces": [
            {report.name: piece.places, "value": piece.values, "slope": piece.slopes}
            for piece in report.pieces
        ],
        "breaks": [
            {
                "at": place.x,
                "kind": place.kind,
                "left": {"value": place.left.value, "slope": place.left.slope},
                "right": {"value": place.right.value, "slope": place.right.slope},
                "value": place.value,
                "nodes": [names[node] for node in place.nodes if node in names],
            }
            for place in report.breaks
        ],
        "tangents": [{"at": t.place, "value": t.value, "slope": t.slope} for t in report.tangents],
        "points": report.points,
        "notes": notes,
    }


def _arrow(report: Contours, arrow: Any) -> dict[str, Any]:
    return {
        "at": dict(zip(report.names, arrow.place, strict=True)),
        "gradient": dict(zip(report.names, arrow.gradient, strict=True)),
    }


def table(report: Plot) -> Rows:
    """Return the places of a curve, or of the arrows, as rows of data: value and derivatives."""
    answer = report.answer
    if isinstance(answer, Contours):
        names: tuple[str, ...] = answer.names
        found: list[tuple[float, ...]] = [
            (*arrow.place, arrow.value, *arrow.gradient) for arrow in answer.arrows
        ]
    else:
        names = (answer.name,)
        found = [
            row
            for piece in answer.pieces
            for row in zip(piece.places, piece.values, piece.slopes, strict=True)
        ]
    count = len(names)
    columns = [[row[k] for row in found] for k in range(2 * count + 1)]
    at = dict(zip(names, columns, strict=False)) | dict(held_values(answer))
    return rows(at, columns[count], dict(zip(names, columns[count + 1 :], strict=True)), None)


def picture(report: Plot, digits: int | None = None) -> Picture:
    """Return the picture, numbers rounded to so many digits, 0 not at all."""
    rounding = Rounding(DIGITS if digits is None else digits)
    return drawn(figure(report.answer, UNICODE.rounding(rounding).number))
