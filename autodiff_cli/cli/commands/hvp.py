"""`autodiff hvp`: the Hessian times a direction, without the Hessian."""

from __future__ import annotations

from typing import Annotated

from autodiff_cli.answers.higher import product_finder
from autodiff_cli.cli.dataset import check_alone, into_folder, is_folder, numbers, read
from autodiff_cli.cli.direction import read_direction
from autodiff_cli.cli.options import Active, Calculus, Formula, Judged, Many, Shown, Table, Values
from autodiff_cli.cli.output import show
from autodiff_cli.cli.parameters import Option
from autodiff_cli.cli.request import read_request
from autodiff_cli.cli.second import beside
from autodiff_cli.cli.session import Session
from autodiff_cli.views import higher as view

Direction = Annotated[
    str | None,
    Option("--direction", metavar="NUMBERS", help="The direction: 1,0 in order, or x=1,y=0."),
]


def hvp(
    session: Session,
    formula: Formula,
    values: Values,
    table: Table,
    active: Active,
    calculus: Calculus,
    judged: Judged,
    shown: Shown,
    many: Many,
    direction: Direction = None,
) -> None:
    """Multiply the Hessian by a direction: forward mode over the gradient of reverse mode.

    autodiff hvp "x^2*y + sin(y)" --x 1 --y 2 --direction 1,0
    autodiff hvp "x^2*y + sin(y)" --x 1 --y 2 --direction x=1,y=-0.5
    """
    if is_folder(shown, many):
        from autodiff_cli.batch.further import Further

        asked = read(session, formula, values, active, table)
        along = read_direction(direction, asked.wrt)
        work = Further(
            command="hvp", reading=asked.reading, at=numbers(asked), wrt=asked.wrt, direction=along
        )
        told = {"expression": asked.expression, "direction": along}
        into_folder(
            session, asked, work, told, shown, many, skip=table.na == "skip", strict=judged.strict
        )
        return
    check_alone(many)
    asked = read_request(session, formula, values, active, table)
    along = read_direction(direction, asked.wrt)
    report = beside(session, asked, calculus, lambda result: product_finder(result, along))
    show(session, view, report, shown, strict=judged.strict, title=asked.expression)
