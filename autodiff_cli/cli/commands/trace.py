"""`autodiff trace`: one row for every w_i, and how each adjoint was summed."""

from __future__ import annotations

from typing import Annotated, Literal

import typer

from autodiff_cli.answers.trace import Trace
from autodiff_cli.answers.trace import trace as traced
from autodiff_cli.cli import options
from autodiff_cli.cli.request import read_request, single_point
from autodiff_cli.cli.session import Session
from autodiff_cli.formats import grid
from autodiff_cli.limits import SYMPY_SECONDS
from autodiff_cli.views import trace as rendering
from autodiff_cli.views.head import formula, function_name, write_notes
from autodiff_cli.views.point import point_text

Format = Annotated[
    Literal["table", "markdown", "latex", "csv", "json"],
    typer.Option("--format", help="table, or markdown, latex, csv or json for a handout."),
]
Mode = Annotated[
    Literal["forward", "reverse", "both"],
    typer.Option("--mode", help="Which sweep to show."),
]
Symbolic = Annotated[
    bool, typer.Option("--symbolic", help="SymPy's derivative of each w_i and its value.")
]

#: Below a table with marked rows.
MARKED = "! marks a node where the answer departs from plain calculus: see the notes"


def trace(
    context: typer.Context,
    expressions: options.Expressions = None,
    at: options.At = None,
    const: options.Const = None,
    wrt: options.Wrt = None,
    mode: Mode = "both",
    symbolic: Symbolic = False,
    format: Format = "table",
    as_json: options.Json = False,
    output: options.Output = None,
    no_share: options.NoShare = False,
    rows: options.Rows = options.DEFAULT_ROWS,
    sympy_seconds: options.SympySeconds = SYMPY_SECONDS,
) -> None:
    """Show every step: operation, value, local partials, tangents and adjoint.

    autodiff trace "x^3 + 2x^2 + 8x" --x 4
    autodiff trace "sin(x)*y" --x 1 --y 2 --wrt x --mode forward
    autodiff trace "x^3 + 2x^2 + 8x" --x 4 --format latex -o table.tex
    """
    session: Session = context.obj
    asked = read_request(expressions, at, const, wrt, share=not no_share, options=session.options)
    single_point(asked, "trace")
    report = traced(asked.reading, asked.values, mode=mode, wrt=asked.wrt)
    if symbolic:
        from autodiff_cli.answers.trace import symbolic_nodes

        report = symbolic_nodes(session.sympy(), report, sympy_seconds)
    if as_json or format == "json":
        from autodiff_cli.formats import json

        session.write(json.dumps(json.trace(report, asked.expression)), output)
    elif format == "table":
        show(session, report, rows, output)
    else:
        session.write(_formatted(report, format), output)


def _formatted(report: Trace, format: str) -> str:
    if format == "latex":
        return grid.latex(rendering.latex_grid(report))
    if format == "csv":
        return grid.csv(rendering.program_grid(report))
    from autodiff_cli.formats.signs import UNICODE

    below = rendering.sums(report, UNICODE)
    if rendering.faulty(report):
        below += [MARKED, *(note.text for note in report.notes)]
    return grid.markdown(rendering.grid(report, UNICODE)) + "".join(f"\n{t}\n" for t in below)


def show(session: Session, report: Trace, rows: int, output: str | None = None) -> None:
    """Write the trace as a table with the sums and the notes below, or into a file."""
    import io

    from autodiff_cli.formats.screen import Screen

    screen = session.screen()
    text = io.StringIO()
    if output is not None:
        screen = Screen(text, screen.columns)
        from autodiff_cli.formats.signs import UNICODE

        screen.alphabet = UNICODE
    screen.paragraph(f"{function_name(report.graph)} = {formula(report.graph, screen)}")
    if report.at:
        screen.paragraph(f"at {point_text(report.at)}")
    screen.line()
    screen.table(rendering.grid(report, screen.alphabet, rows))
    sums = rendering.sums(report, screen.alphabet)
    if sums:
        screen.line()
    for line in sums[: rows or None]:
        screen.paragraph(line)
    if rows and len(sums) > rows:
        screen.line(f"{len(sums) - rows:,} more sums are not shown; --rows 0 shows all")
    if rendering.faulty(report):
        screen.line()
        screen.paragraph(MARKED)
    write_notes(screen, report.notes)
    if output is not None:
        session.write(text.getvalue(), output)
