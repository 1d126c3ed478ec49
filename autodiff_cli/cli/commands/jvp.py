"""`autodiff jvp`: the Jacobian times a direction: how every output changes along it."""

from __future__ import annotations

from typing import Annotated

from autodiff_cli.answers.jacobian import judged as set_beside
from autodiff_cli.answers.jacobian import products
from autodiff_cli.cli.direction import read_direction
from autodiff_cli.cli.options import Active, Calculus, Judged, Several, Shown, Values
from autodiff_cli.cli.output import show
from autodiff_cli.cli.parameters import Option
from autodiff_cli.cli.request import read_request, single_point
from autodiff_cli.cli.session import Session
from autodiff_cli.views import jacobian as view

Direction = Annotated[
    str | None,
    Option("--direction", metavar="NUMBERS", help="One a variable: 1,0; or x=1,y=0."),
]


def jvp(
    session: Session,
    formula: Several,
    values: Values,
    active: Active,
    calculus: Calculus,
    judged: Judged,
    shown: Shown,
    direction: Direction = None,
) -> None:
    """Show the Jacobian-vector product: how the outputs change when the point moves one way.

    autodiff jvp "x*y" "x+y" --x 4 --y 2 --direction 1,0
    """
    asked = read_request(session, formula, values, active)
    single_point(asked, "jvp")
    along = tuple(read_direction(direction, asked.wrt).values())
    report = products(
        "jvp", asked.expressions, asked.graph, asked.values, asked.wrt, along, asked.readings
    )
    client = session.sympy(calculus)
    report = set_beside(report, asked.given, client, calculus.sympy_seconds)
    show(session, view, report, shown, strict=judged.strict, title=asked.expression)
