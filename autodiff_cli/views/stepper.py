"""The steps of both sweeps as sentences, for a pipe, a file and a screen reader; and as data."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from autodiff_cli.answers.trace import Trace
from autodiff_cli.engine.brief import brief
from autodiff_cli.errors import AutodiffError
from autodiff_cli.formats.format import Format
from autodiff_cli.formats.lines import not_shown
from autodiff_cli.formats.signs import PLAIN, UNICODE, Signs
from autodiff_cli.teach.frames import Frame, frames
from autodiff_cli.views import trace
from autodiff_cli.views.head import (
    equation,
    notes_payload,
    point,
    write_notes,
    write_steps,
)

#: As a trace has them.
DIGITS = trace.DIGITS

#: Numbers in all frames of an object: each frame has all that is known by then.
MOST_NUMBERS = 2_000_000


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Film:
    """The steps of both sweeps.

    Attributes:
        expressions: the texts as typed.
        traces: the record, one for each output.
        plain: whether signs are spelled in words, for a voice to read.
    """

    expressions: tuple[str, ...]
    traces: tuple[Trace, ...]
    plain: bool = False

    __repr__ = brief


def write(out: Format, report: Film) -> None:
    """Write a sentence or two a step, with a heading for each sweep."""
    first = report.traces[0]
    write_top(out, report)
    signs = signs_of(out, report)
    film = frames(report.traces, signs)
    if not film:
        out.line()
        out.paragraph("There is no variable, so there are no steps.")
    shown = film[: out.rows or None]
    for heading, group in groupby(shown, heading_of):
        out.line()
        out.line(heading)
        for frame in group:
            out.paragraph(f"{frame.number + 1}. ", *sentence(frame, signs))
    if len(shown) < len(film):
        out.line(not_shown(len(film) - len(shown), "more step"))
    write_notes(out, first.notes)


def signs_of(out: Format, report: Film) -> Signs:
    """Return the signs of the sentences: those of the format, or words."""
    return PLAIN.rounding(out.rounding) if report.plain else out.signs


def write_top(out: Format, report: Film) -> None:
    """Write the formulas and the point."""
    first, signs = report.traces[0], signs_of(out, report)
    write_steps(out, first.graph)
    for one in report.traces:
        out.paragraph(*equation(one.graph, signs, one.graph.called))
    if first.at:
        out.paragraph("at ", point(first.at, signs))


def heading_of(frame: Frame) -> str:
    """Return what a frame's sweep finds out."""
    if frame.sweep == "reverse":
        return f"reverse sweep from {frame.of.report.graph.called}: adjoints"
    return "forward sweep: values and tangents" if frame.tangents else "forward sweep: values"


def sentence(frame: Frame, signs: Signs) -> Iterator[str]:
    """Yield the parts of what is said of a frame, in one line, the local partials with it."""
    for place, parts in enumerate(frame.sentences()):
        yield from ("; ", *parts) if place else parts
        if frame.sweep == "forward" and not place:
            for text in trace.partials(frame.step, signs, signs.brief):
                yield from ("; ", signs.formula(text))


def payload(report: Film) -> dict[str, Any]:
    """Return `autodiff.frames/1`: each frame with all that is known when it is shown.

    Raises:
        AutodiffError: that would be very many numbers.
    """
    film = frames(report.traces, UNICODE)
    first = report.traces[0]
    numbers = len(film) * len(first.steps)
    if numbers > MOST_NUMBERS:
        raise AutodiffError(
            f"{len(film):,} frames of {len(first.steps):,} nodes each are too many for one object",
            mend="trace --json has every number once",
        )
    several = len(report.traces) > 1
    return {
        "schema": "autodiff.frames/1",
        "expression": report.expressions[0] if not several else list(report.expressions),
        "at": dict(first.at),
        "wrt": list(first.wrt),
        "frames": [_frame(frame, several=several) for frame in film],
        "notes": notes_payload(first.notes),
    }


def _frame(frame: Frame, *, several: bool) -> dict[str, Any]:
    return {
        "sweep": frame.sweep,
        **({"output": frame.of.report.graph.called} if several else {}),
        "node": frame.node,
        "text": frame.text,
        "values": dict(frame.values),
        "tangents": {label: dict(row) for label, row in frame.tangents.items()},
        "adjoints": dict(frame.adjoints),
        "grad": {name: frame.grads.get(name) for name in frame.of.report.wrt},
        "edge": None if frame.edge is None else list(frame.edge),
    }
