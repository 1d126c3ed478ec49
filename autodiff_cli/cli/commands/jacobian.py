"""`autodiff jacobian`: several formulas, all their first derivatives, and the cheaper mode."""

from __future__ import annotations

from dataclasses import replace

import typer

from autodiff_cli.answers.jacobian import Products, judged, products
from autodiff_cli.cli import options
from autodiff_cli.cli.request import Request, read_request
from autodiff_cli.cli.session import MISMATCH, Session
from autodiff_cli.limits import SYMPY_SECONDS
from autodiff_cli.notes.note import Note
from autodiff_cli.views.head import formula, function_name, write_notes
from autodiff_cli.views.point import point_text


def jacobian(
    context: typer.Context,
    expressions: options.Several = None,
    at: options.At = None,
    data: options.DataFile = None,
    const: options.Const = None,
    wrt: options.Wrt = None,
    as_json: options.Json = False,
    strict: options.Strict = False,
    no_share: options.NoShare = False,
    rows: options.Rows = options.DEFAULT_ROWS,
    random_seed: options.Seed = None,
    no_sympy: options.NoSympy = False,
    sympy_seconds: options.SympySeconds = SYMPY_SECONDS,
) -> None:
    """Show the matrix of first derivatives: one row a formula, one column a variable.

    autodiff jacobian "x*y" "x+y" --x 4 --y 2
    autodiff jacobian "r*cos(t)" "r*sin(t)" --r 2 --t pi/6
    autodiff jacobian "x*y" "x+y" --x 1,2,3 --y 2
    """
    session: Session = context.obj
    asked = read_request(
        expressions, at, const, wrt, seed=random_seed, share=not no_share, data=data,
        options=session.options, several=True,
    )  # fmt: skip
    client = None if no_sympy else session.sympy()
    report = judged(computed("jacobian", asked, ()), asked.given, client, sympy_seconds)
    report = replace(report, notes=(*asked.notes, *report.notes))
    if strict and report.verdict != "match":
        session.status = MISMATCH
    show(session, asked, report, as_json, rows)


def computed(kind: str, asked: Request, given: tuple[float, ...]) -> Products:
    """Return what `jacobian`, `vjp` or `jvp` computes."""
    readings = [Note(None, "reading", remark) for remark in asked.reading.remarks]
    return products(kind, asked.expressions, asked.graph, asked.values, asked.wrt, given, readings)


def show(session: Session, asked: Request, report: Products, as_json: bool, rows: int) -> None:
    """Show what `jacobian`, `vjp` or `jvp` says."""
    if as_json:
        from autodiff_cli.formats import json

        session.write(json.dumps(json.products(report)), None)
        return
    from autodiff_cli.views import jacobian as rendering

    screen = session.screen()
    arguments = function_name(report.graph)[1:]
    for place, name in list(enumerate(rendering.function_names(report)))[: rows or None]:
        screen.paragraph(f"{name}{arguments} = {formula(report.graph, screen, place)}")
    if asked.given:
        screen.paragraph(f"at {point_text(asked.given)}")
    rendering.write(screen, report, rows)
    write_notes(screen, report.notes)
