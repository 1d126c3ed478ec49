"""`autodiff taylor`: Taylor's polynomial at a point, and its remainder at a second one."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import TYPE_CHECKING, Annotated

from autodiff_cli.answers.gradient import grad
from autodiff_cli.answers.taylor import Development, development
from autodiff_cli.cli.inline import Inline, show_or_inline
from autodiff_cli.cli.options import Active, Calculus, Formula, Judged, Shown, Table, Values
from autodiff_cli.cli.order import check_order
from autodiff_cli.cli.output import PICTURES, chosen, in_characters
from autodiff_cli.cli.parameters import Option
from autodiff_cli.cli.request import read_request, single_point
from autodiff_cli.cli.session import MISMATCH, Session
from autodiff_cli.cli.values import number
from autodiff_cli.errors import AutodiffError
from autodiff_cli.views import taylor as view

if TYPE_CHECKING:
    from autodiff_cli.answers.curve import Curve

Order = Annotated[int, Option("--order", metavar="N", help="The degree of the polynomial.")]
To = Annotated[
    str | None,
    Option("--to", metavar="NUMBER", help="A second point, for the remainder; 1 further on."),
]
Plot = Annotated[bool, Option("--plot", help="Draw it against the function, here too.")]
Ascii = Annotated[bool, Option("--ascii", help="Draw in the terminal without Braille.")]

#: How far the picture reaches beyond the second point, on both sides of the first.
BEYOND = 1.5


def taylor(
    session: Session,
    formula: Formula,
    values: Values,
    table: Table,
    active: Active,
    calculus: Calculus,
    judged: Judged,
    shown: Shown,
    order: Order = 5,
    to: To = None,
    plot: Plot = False,
    ascii: Ascii = False,
    inline: Inline = False,
) -> None:
    """Develop a formula at a point: all derivatives by one propagation of Taylor series.

    Each row of the table gives its own recurrence, from its rule. SymPy's derivatives stand beside
    them. Besides the formats that all commands have, there are svg, and png and pdf with the extra
    'plot'.

    autodiff taylor "sin(x)" --x 0 --order 9
    autodiff taylor "exp(x)" --x 0 --order 4 --to 0.5 --plot
    autodiff taylor "x*ln(y)" --x 2 --y 1 --wrt y --order 6 -o ln.svg
    """
    if ascii:
        in_characters(view, shown, "--ascii")
    asked = read_request(session, formula, values, active, table)
    single_point(asked, "taylor")
    check_order(order, asked.wrt)
    if not asked.wrt:
        raise AutodiffError("there is no variable to develop in", mend='write one: "sin(x)"')
    second = None if to is None else number("--to", to)
    result = grad(asked.reading, asked.values, wrt=asked.wrt)
    answer = development(
        asked.expression, result, asked.given, order, second, session.sympy(calculus),
        calculus.sympy_seconds,
    )  # fmt: skip
    answer = replace(answer, notes=(*asked.notes, *answer.notes))
    plot = plot or ascii
    drawn = plot or inline or chosen(view, shown) in ("html", *PICTURES)
    report = view.Developed(
        answer=answer, curve=_around(answer) if drawn else None, plot=plot, ascii=ascii
    )
    show_or_inline(session, view, report, shown, inline=inline, title=asked.expression)
    if judged.strict and answer.verdict != "match":
        session.status = MISMATCH


def _around(answer: Development) -> Curve | None:
    """Return the function on both sides of the point, as far as the second one and beyond."""
    from autodiff_cli.answers.curve import curve

    found = answer.found
    reach = BEYOND * abs(answer.to - found.centre) or 1.0
    low, high = found.centre - reach, found.centre + reach
    if not (low < high and math.isfinite(high - low)):
        return None
    held = {name: value for name, value in found.at.items() if name != found.name}
    return curve(answer.expression, found.graph, found.name, (low, high), held)
