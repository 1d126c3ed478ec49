"""`autodiff step`: walk through both sweeps, one number after the other."""

from __future__ import annotations

import sys
from dataclasses import replace
from typing import Annotated

from autodiff_cli.answers.trace import Trace, trace, traces
from autodiff_cli.cli.options import Active, Several, Shown, Values
from autodiff_cli.cli.output import opened, show
from autodiff_cli.cli.parameters import Option
from autodiff_cli.cli.request import Request, read_request, single_point
from autodiff_cli.cli.session import Session
from autodiff_cli.errors import AutodiffError
from autodiff_cli.views import stepper as view
from autodiff_cli.views.stepper import Film

Predict = Annotated[bool, Option("--predict", help="Ask for each number before it is shown.")]
Plain = Annotated[bool, Option("--plain", help="A sentence a step, in words: for a screen reader.")]


def step(
    session: Session,
    formula: Several,
    values: Values,
    active: Active,
    shown: Shown,
    predict: Predict = False,
    plain: Plain = False,
) -> None:
    """Walk through both sweeps: forward node by node, then back edge by edge.

    In a terminal keys move: the right arrow or space to the next step, the left arrow back, ? says
    what else. In a pipe, and with --plain, each step is a sentence.

    autodiff step "x^3 + 2x^2 + 8x" --x 4
    autodiff step "h = x*y; h*sin(h)" --x 1 --y 2 --predict
    autodiff step "x^3 + 2x^2 + 8x" --x 4 --plain
    """
    asked = read_request(session, formula, values, active)
    single_point(asked, "step")
    report = Film(expressions=asked.expressions, traces=_traces(asked), plain=plain)
    file = shown.format or shown.as_json or shown.output
    if file and predict:
        raise AutodiffError("--predict asks in the terminal", mend="leave --format and -o out")
    from autodiff_cli.cli.terminal import interactive

    keys = interactive() and not plain
    if plain:
        session.pages = False  # a pager would redraw the screen
    if not report.traces[0].steps or file or not (predict or keys):
        show(session, view, report, shown, title=", ".join(asked.expressions))
        return
    from autodiff_cli.cli import cinema

    if not keys:
        cinema.ask(opened(sys.stdout, "text", view, shown), report)
        return
    cinema.play(
        report.traces, view.DIGITS if shown.digits is None else shown.digits, predict=predict
    )


def _traces(asked: Request) -> tuple[Trace, ...]:
    if len(asked.graph.outputs) == 1:
        only = trace(asked.reading, asked.values, wrt=asked.wrt)
        return (replace(only, expression=asked.expression),)
    first, *others = traces(asked.graph, asked.values, wrt=asked.wrt)
    return (replace(first, notes=(*asked.readings, *first.notes)), *others)
