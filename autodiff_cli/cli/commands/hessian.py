"""`autodiff hessian`: all second derivatives, SymPy's beside them, and the verdict."""

from __future__ import annotations

from dataclasses import replace

import typer

from autodiff_cli.answers import higher as curvature
from autodiff_cli.answers.gradient import grad as differentiated
from autodiff_cli.cli import options
from autodiff_cli.cli.request import read_request
from autodiff_cli.cli.session import MISMATCH, Session
from autodiff_cli.limits import SYMPY_SECONDS
from autodiff_cli.views.head import write_head, write_notes


def hessian(
    context: typer.Context,
    expressions: options.Expressions = None,
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
    """Find all second derivatives: the gradient, written as a graph, is differentiated again.

    autodiff hessian "x^2*y + sin(y)" --x 1 --y 2
    autodiff hessian "a*x^2 + y^2" --x 1 --y 2 --const a=3
    autodiff hessian "x^3*y" --x 1,2,3 --y 2
    """
    session: Session = context.obj
    asked = read_request(
        expressions,
        at,
        const,
        wrt,
        seed=random_seed,
        share=not no_share,
        data=data,
        options=session.options,
    )
    result = differentiated(asked.reading, asked.values, wrt=asked.wrt)
    client = None if no_sympy else session.sympy()
    report = curvature.answer(
        asked.expression,
        result,
        asked.given,
        curvature.hessian_finder(result),
        client,
        sympy_seconds,
    )
    report = replace(report, notes=(*asked.notes, *report.notes))
    if strict and report.verdict != "match":
        session.status = MISMATCH
    if as_json:
        from autodiff_cli.formats import json

        session.write(json.dumps(json.hessian(report)), None)
        return
    from autodiff_cli.views.higher import write_hessian

    screen = session.screen()
    write_head(screen, report.graph, report.at)
    write_hessian(screen, report, rows)
    write_notes(screen, report.notes)
