"""`autodiff graph`: the computation graph as a tree, or for another program to draw."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, Literal

import typer

from autodiff_cli.answers.gradient import linearised
from autodiff_cli.cli import options
from autodiff_cli.cli.request import Request, read_request, single_point
from autodiff_cli.cli.session import Session
from autodiff_cli.errors import AutodiffError
from autodiff_cli.formats.signs import UNICODE
from autodiff_cli.views.tree import legend, tree

Format = Annotated[
    Literal["tree", "dot", "mermaid", "json"],
    typer.Option("--format", help="tree, or dot, mermaid or json for another program."),
]

Gradient = Annotated[
    bool, typer.Option("--gradient", help="The graph of the value and its partial derivatives.")
]


def graph(
    context: typer.Context,
    expressions: options.Expressions = None,
    at: options.At = None,
    gradient: Gradient = False,
    wrt: options.Wrt = None,
    format: Format = "tree",
    as_json: options.Json = False,
    output: options.Output = None,
    no_share: options.NoShare = False,
    rows: options.Rows = 200,
) -> None:
    """Show the computation graph, with values where a point is given.

    autodiff graph "x^3 + 2x^2 + 8x"
    autodiff graph "x^3 + 2x^2 + 8x" --x 4
    autodiff graph "sin(x)*y" --gradient
    autodiff graph "sin(x)*y" --format dot -o graph.dot
    """
    session: Session = context.obj
    asked = read_request(
        expressions,
        at,
        None,
        wrt,
        share=not no_share,
        needs_point=False,
        options=session.options,
    )
    single_point(asked, "graph")
    titles: tuple[str, ...] = ()
    if gradient:
        if no_share:
            mend = "leave out --no-share"
            raise AutodiffError("a gradient graph shares equal nodes", mend=mend)
        asked, titles = gradient_of(asked)
    elif wrt:
        raise AutodiffError("--wrt says what --gradient differentiates by", mend="add --gradient")
    if as_json or format == "json":
        from autodiff_cli.formats import json

        found = json.graph(asked.graph, _values(asked), asked.expression, titles)
        session.write(json.dumps(found), output)
    elif format == "tree":
        show(session, asked, rows, output, titles)
    else:
        from autodiff_cli.views import diagram

        draw = diagram.dot if format == "dot" else diagram.mermaid
        session.write(draw(asked.graph, _values(asked), titles), output)


def gradient_of(asked: Request) -> tuple[Request, tuple[str, ...]]:
    """Return the request with the gradient graph in place of the formula's, and its outputs."""
    from autodiff_cli.engine.gradient_graph import gradient_graph

    reading = asked.reading._replace(graph=gradient_graph(asked.graph, asked.wrt))
    return asked._replace(reading=reading), ("f", *[f"∂f/∂{name}" for name in asked.wrt])


def _values(asked: Request) -> Sequence[float] | None:
    """Return the value of every node where there is one point."""
    if asked.graph.variables and not asked.values:
        return None
    if any(isinstance(value, list) for value in asked.given.values()):
        return None
    return linearised(asked.graph, asked.values, ()).values


def show(
    session: Session,
    asked: Request,
    rows: int,
    output: str | None = None,
    titles: Sequence[str] = (),
) -> None:
    """Write the graph as a tree, to the screen or into a file."""
    screen = session.screen()
    signs = screen.alphabet if output is None else UNICODE
    titles = [signs.text(title) for title in titles]
    lines = tree(asked.graph, _values(asked), signs, screen.columns, rows, titles)
    said = legend(lines, signs)
    if output is not None:
        session.write("".join(f"{line}\n" for line in [*lines, *said]), output)
        return
    screen.lines(lines)
    for line in said:
        screen.paragraph(line)
    for remark in asked.reading.remarks:
        screen.paragraph(f"note (reading): {remark}")
