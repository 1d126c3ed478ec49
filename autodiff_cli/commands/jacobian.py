"""`autodiff jacobian`: several formulas, all their first derivatives, and the cheaper mode."""

from __future__ import annotations

import typer

from autodiff_cli.commands import options
from autodiff_cli.commands.request import Request, read_request, single_point
from autodiff_cli.commands.words import formula, function_name, point_text, write_notes
from autodiff_cli.engine.departures import Note
from autodiff_cli.products import products
from autodiff_cli.report import Products
from autodiff_cli.session import Session


def jacobian(
    context: typer.Context,
    expressions: options.Several = None,
    at: options.At = None,
    const: options.Const = None,
    wrt: options.Wrt = None,
    as_json: options.Json = False,
    no_share: options.NoShare = False,
    rows: options.Rows = options.DEFAULT_ROWS,
) -> None:
    """Show the matrix of first derivatives: one row a formula, one column a variable.

    autodiff jacobian "x*y" "x+y" --x 4 --y 2
    autodiff jacobian "r*cos(t)" "r*sin(t)" --r 2 --t pi/6
    """
    session: Session = context.obj
    asked = read_request(
        expressions, at, const, wrt, share=not no_share, options=session.options, several=True
    )
    single_point(asked, "jacobian")
    answer(session, "jacobian", asked, (), as_json, rows)


def answer(
    session: Session,
    kind: str,
    asked: Request,
    given: tuple[float, ...],
    as_json: bool,
    rows: int,
) -> None:
    """Compute and show what `jacobian`, `vjp` or `jvp` says."""
    readings = [Note(None, "reading", remark) for remark in asked.reading.remarks]
    report = products(
        kind, asked.expressions, asked.graph, asked.values, asked.wrt, given, readings
    )
    if as_json:
        from autodiff_cli.render import json

        session.write(json.dumps(json.products(report)), None)
        return
    _show(session, report, rows)


def _show(session: Session, report: Products, rows: int) -> None:
    from autodiff_cli.render import products as rendering

    screen = session.screen()
    arguments = function_name(report.graph)[1:]
    for place, name in list(enumerate(rendering.function_names(report)))[: rows or None]:
        screen.paragraph(f"{name}{arguments} = {formula(report.graph, screen, place)}")
    if report.at:
        screen.paragraph(f"at {point_text(report.at)}")
    rendering.write(screen, report, rows)
    write_notes(screen, report.notes)
