"""`autodiff graph`: the computation graph as a tree, or for another program to draw."""

from __future__ import annotations

from dataclasses import replace
from typing import Annotated

from autodiff_cli.cli import output
from autodiff_cli.cli.drawing import drawing, gradient_drawing
from autodiff_cli.cli.inline import Inline, show_or_inline
from autodiff_cli.cli.options import Active, Formula, Shown, Values
from autodiff_cli.cli.parameters import Option
from autodiff_cli.cli.request import read_request, single_point
from autodiff_cli.cli.session import Session
from autodiff_cli.errors import AutodiffError, nearest, shortened
from autodiff_cli.views import graph as view

Gradient = Annotated[
    bool, Option("--gradient", help="The graph of the value and its partial derivatives.")
]

Show = Annotated[
    str | None,
    Option(
        "--show", metavar="PARTS", help="In a picture: value, partial, tangent, adjoint, or none."
    ),
]


def graph(
    session: Session,
    formula: Formula,
    values: Values,
    active: Active,
    shown: Shown,
    gradient: Gradient = False,
    show: Show = None,
    inline: Inline = False,
) -> None:
    """Show the computation graph, with values where a point is given.

    Besides the formats that all commands have, there are svg, png and pdf, which are pictures;
    tree and layered, which are text; dot and mermaid, for other programs.

    autodiff graph "x^3 + 2x^2 + 8x"
    autodiff graph "x^3 + 2x^2 + 8x" --x 4
    autodiff graph "x^3 + 2x^2 + 8x" --x 4 -o graph.svg --show value,partial,adjoint
    autodiff graph "x^3 + 2x^2 + 8x" --format layered
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
    report = replace(report, layers=shown.format == "layered")
    if show is not None:
        report = replace(report, parts=_parts(show))
        if not inline and output.chosen(view, shown) not in (*output.PICTURES, "html"):
            message = "--show says what a picture has"
            raise AutodiffError(message, mend="add --format svg, or -o graph.svg")
    show_or_inline(session, view, report, shown, inline=inline, title=asked.expression)


def _parts(text: str) -> tuple[str, ...]:
    """Read what a picture says: names of parts, or none."""
    names = [name.strip() for name in text.split(",") if name.strip()]
    for name in names:
        if name not in (*view.PARTS, "none"):
            close = nearest(name, view.PARTS)
            guess = f"did you mean {close}?" if close else f"write some of {','.join(view.PARTS)}"
            raise AutodiffError(f"--show has no '{shortened(name)}'", mend=guess)
    return tuple(name for name in names if name != "none")
