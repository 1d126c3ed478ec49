"""`autodiff hvp`: the Hessian times a direction, without the Hessian."""

from __future__ import annotations

from dataclasses import replace
from typing import Annotated

import typer

from autodiff_cli.answers import higher as curvature
from autodiff_cli.answers.gradient import grad as differentiated
from autodiff_cli.cli import options
from autodiff_cli.cli.direction import named_components
from autodiff_cli.cli.request import read_request
from autodiff_cli.cli.session import MISMATCH, Session
from autodiff_cli.cli.values import number, split
from autodiff_cli.engine.point import components
from autodiff_cli.errors import AutodiffError
from autodiff_cli.limits import SYMPY_SECONDS
from autodiff_cli.views.head import write_head, write_notes
from autodiff_cli.views.point import point_text

Direction = Annotated[
    str | None,
    typer.Option("--direction", metavar="NUMBERS", help="The direction: 1,0 in order, or x=1,y=0."),
]


def hvp(
    context: typer.Context,
    expressions: options.Expressions = None,
    at: options.At = None,
    data: options.DataFile = None,
    direction: Direction = None,
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
    """Multiply the Hessian by a direction: forward mode over the gradient of reverse mode.

    autodiff hvp "x^2*y + sin(y)" --x 1 --y 2 --direction 1,0
    autodiff hvp "x^2*y + sin(y)" --x 1 --y 2 --direction x=1,y=-0.5
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
    along = read_direction(direction, asked.wrt)
    result = differentiated(asked.reading, asked.values, wrt=asked.wrt)
    client = None if no_sympy else session.sympy()
    finder = curvature.product_finder(result, along)
    report = curvature.answer(asked.expression, result, asked.given, finder, client, sympy_seconds)
    report = replace(report, notes=(*asked.notes, *report.notes))
    if strict and report.verdict != "match":
        session.status = MISMATCH
    if as_json:
        from autodiff_cli.formats import json

        session.write(json.dumps(json.product(report)), None)
        return
    from autodiff_cli.views.higher import write_product

    screen = session.screen()
    write_head(screen, report.graph, report.at)
    if along:
        screen.paragraph(f"direction v: {point_text(along)}")
    write_product(screen, report, rows)
    write_notes(screen, report.notes)


def read_direction(text: str | None, variables: tuple[str, ...]) -> dict[str, float]:
    """Read `1,0` in the order of the variables, or `x=1,y=0` with 0 for those left out.

    Raises:
        AutodiffError: there is none, or a name or a number of it is wrong.
    """
    example = ",".join(["1", *["0"] * (min(len(variables), 8) - 1)])
    if text is None and not variables:
        return {}
    if text is None:
        raise AutodiffError("no direction", mend=f"write --direction {example}")
    if "=" not in text:
        parts = split(text) if text.strip() else []
        numbers = [number("the direction", part) for part in parts]
        return components(variables, numbers)
    return components(variables, named_components(text))
