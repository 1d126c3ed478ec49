"""What `descend` says: its steps, why it ended, path and loss, and the same in PyTorch's words."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from autodiff_cli.answers.descend import Descend
from autodiff_cli.files.rows import Rows, rows
from autodiff_cli.formats.format import Format
from autodiff_cli.formats.grid import Grid, shortened
from autodiff_cli.formats.signs import PLAIN, UNICODE, Rounding
from autodiff_cli.views.axes import drawn
from autodiff_cli.views.braille import lines
from autodiff_cli.views.downhill import figure, method
from autodiff_cli.views.head import notes_payload, write_head, write_notes
from autodiff_cli.views.shapes import Picture
from autodiff_cli.views.svg import svg
from autodiff_cli.views.tikz import tikz

#: Digits of numbers, unless more are asked for.
DIGITS = 6

#: Rows of the table on the screen.
ROWS = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Descended:
    """A descent to be shown, in the terminal with ASCII alone where that is asked for."""

    answer: Descend
    ascii: bool = False


def write(out: Format, report: Descended) -> None:
    """Write the steps, how they ended, the pictures, and the same in PyTorch."""
    answer, signs = report.answer, PLAIN if report.ascii else out.signs
    write_head(out, answer.graph, {})
    out.paragraph(method(answer))
    out.line()
    single = len(answer.descents) == 1
    out.table(_steps(out, answer) if single else _starts(out, answer))
    out.line()
    out.paragraph(answer.descents[0].said if single else _ends(answer))
    if out.PICTURES:
        out.image(svg(picture(report, out.rounding.digits)))
    elif out.TIKZ:
        out.tikz(tikz(picture(report, out.rounding.digits)))
    elif out.DRAWS:
        for panel in figure(answer, signs.number, every=3).panels:
            out.line()
            out.figure(lines(panel, signs, out.columns))
    out.line()
    out.paragraph("The same in PyTorch: backward() finds the gradient, the optimizer steps.")
    out.figure([f"  {line}" for line in _pytorch(answer)])
    write_notes(out, answer.notes)


def _steps(out: Format, report: Descend) -> Grid:
    signs = out.signs
    rows = [
        (
            str(row.step),
            *[signs.number(row.at[name]) for name in report.wrt],
            signs.number(row.value),
            signs.number(row.length),
        )
        for row in report.descents[0].rows
    ]
    names = map(signs.name, (*report.wrt, report.graph.called))
    headings = ["step", *names, "length of the gradient"]
    return shortened(headings, rows, (), out.rows)


def _starts(out: Format, report: Descend) -> Grid:
    signs = out.signs
    rows = []
    for descent in report.descents:
        first, last = descent.rows[0], descent.rows[-1]
        rows.append(
            (
                *[signs.number(first.at[name]) for name in report.wrt],
                str(last.step),
                *[signs.number(last.at[name]) for name in report.wrt],
                signs.number(last.value),
                descent.reason,
            )
        )
    names = [signs.name(name) for name in report.wrt]
    called = signs.name(report.graph.called)
    headings = [*[f"start {name}" for name in names], "steps", *names, called, "ended"]
    return shortened(headings, rows, (len(headings) - 1,), out.rows)


def _ends(report: Descend) -> str:
    """Say of several starts where they led."""
    reasons = [descent.reason for descent in report.descents]
    words = {
        "flat": "at flat ground", "steps": "out of steps", "diverged": "diverged",
        "stuck": "stuck", "undefined": "outside of the domain",
    }  # fmt: skip
    counts = [f"{reasons.count(reason)} {words[reason]}" for reason in dict.fromkeys(reasons)]
    flat = [descent.rows[-1] for descent in report.descents if descent.reason == "flat"]
    places = {tuple(round(number, 4) for number in row.at.values()) for row in flat}
    several = f"; they reached {len(places)} different places" if len(places) > 1 else ""
    return f"{len(reasons)} starts: {', '.join(counts)}{several}"


def _pytorch(report: Descend) -> Iterator[str]:
    """Yield the program that takes the same steps."""
    plan = report.plan
    names = [f"x{k}" if not name.isidentifier() else name for k, name in enumerate(report.wrt)]
    start = report.descents[0].rows[0].at
    yield "import torch"
    for name, spelled in zip(report.wrt, names, strict=True):
        value = repr(start[name])
        yield f"{spelled} = torch.tensor({value}, dtype=torch.float64, requires_grad=True)"
    kind = "Adam" if plan.adam else "SGD"
    momentum = f", momentum={plan.momentum:g}" if plan.momentum else ""
    yield f"optimizer = torch.optim.{kind}([{', '.join(names)}], lr={plan.rate:g}{momentum})"
    yield f"for step in range({plan.steps}):"
    yield "    optimizer.zero_grad()       # else .grad adds up"
    yield f"    loss = f({', '.join(names)})"
    yield "    loss.backward()             # reverse mode fills .grad"
    yield "    optimizer.step()            # moves against .grad"


def picture(report: Descended, digits: int | None = None) -> Picture:
    """Return the picture, numbers rounded to so many digits, 0 not at all."""
    rounding = Rounding(DIGITS if digits is None else digits)
    return drawn(figure(report.answer, UNICODE.rounding(rounding).number))


def table(report: Descended) -> Rows:
    """Return every step as rows of data: place, value, gradient; of several starts, which it is."""
    answer = report.answer
    found = [row for descent in answer.descents for row in descent.rows]
    starts = [
        float(place) for place, descent in enumerate(answer.descents, 1) for _ in descent.rows
    ]
    at = {name: [row.at[name] for row in found] for name in answer.graph.variables}
    slopes = {name: [row.gradient[name] for row in found] for name in answer.wrt}
    made = rows(at, [row.value for row in found], slopes, None)
    if len(answer.descents) == 1:
        return made
    # No variable has a bracket in its name.
    ahead = {"start()": starts, "step()": [float(row.step) for row in found]}
    return made._replace(numbers={**ahead, **made.numbers})


def payload(descended: Descended) -> dict[str, Any]:
    """Return the JSON object of an answer, schema `autodiff.descend/1`."""
    report = descended.answer
    plan = report.plan
    return {
        "schema": "autodiff.descend/1",
        "expression": report.expression,
        "wrt": list(report.wrt),
        "method": plan.method,
        "rate": plan.rate,
        "momentum": plan.momentum,
        "steps": plan.steps,
        "tolerance": plan.tolerance,
        "descents": [
            {
                "reason": descent.reason,
                "text": descent.said,
                "rows": [
                    {
                        "step": row.step,
                        "at": dict(row.at),
                        "value": row.value,
                        "gradient": dict(row.gradient),
                    }
                    for row in descent.rows
                ],
            }
            for descent in report.descents
        ],
        "notes": notes_payload(report.notes),
    }
