"""`autodiff graph`: the computation graph as a tree, or for another program to draw."""

from __future__ import annotations

from typing import Annotated

import typer

from autodiff_cli.cli.drawing import drawing, gradient_drawing
from autodiff_cli.cli.options import Active, Formula, Shown, Values
from autodiff_cli.cli.output import show
from autodiff_cli.cli.request import read_request, single_point
from autodiff_cli.cli.session import Session
from autodiff_cli.errors import AutodiffError
from autodiff_cli.views import graph as view

Gradient = Annotated[
    bool, typer.Option("--gradient", help="The graph of the value and its partial derivatives.")
]


def graph(
    session: Session,
    formula: Formula,
    values: Values,
    active: Active,
    shown: Shown,
    gradient: Gradient = False,
) -> None:
    """Show the computation graph, with values where a point is given.

    Besides the formats that all commands have, there are tree (as text), dot and mermaid.

    autodiff graph "x^3 + 2x^2 + 8x"
    autodiff graph "x^3 + 2x^2 + 8x" --x 4
    autodiff graph "sin(x)*y" --gradient
    autodiff graph "sin(x)*y" --format dot -o graph.dot
    """
    asked = read_request(session, formula, values, active, needs_point=False)
    single_point(asked, "graph")
    if gradient and formula.no_share:
        raise AutodiffError("a gradient graph shares equal nodes", mend="leave out --no-share")
    if not gradient and (active.wrt or any("=" not in text for text in active.const or ())):
        option = "--wrt" if active.wrt else "--const"
        message = f"{option} says what --gradient differentiates by"
        raise AutodiffError(message, mend="add --gradient")
    report = gradient_drawing(asked) if gradient else drawing(asked)
    show(session, view, report, shown, title=asked.expression)
