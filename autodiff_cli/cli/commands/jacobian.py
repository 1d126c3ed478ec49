"""`autodiff jacobian`: several formulas, all their first derivatives, and the cheaper mode."""

from __future__ import annotations

from dataclasses import replace

from autodiff_cli.answers.jacobian import judged as set_beside
from autodiff_cli.answers.jacobian import products
from autodiff_cli.cli.dataset import check_alone, into_folder, is_folder, numbers, read
from autodiff_cli.cli.options import Active, Calculus, Judged, Many, Several, Shown, Table, Values
from autodiff_cli.cli.output import show
from autodiff_cli.cli.request import read_request
from autodiff_cli.cli.session import Session
from autodiff_cli.cli.sparse import Sparse
from autodiff_cli.views import jacobian as view


def jacobian(
    session: Session,
    formula: Several,
    values: Values,
    table: Table,
    active: Active,
    calculus: Calculus,
    judged: Judged,
    shown: Shown,
    many: Many,
    sparse: Sparse = False,
) -> None:
    """Show the matrix of first derivatives: one row a formula, one column a variable.

    autodiff jacobian "x*y" "x+y" --x 4 --y 2
    autodiff jacobian "r*cos(t)" "r*sin(t)" --r 2 --t pi/6
    autodiff jacobian "x*y" "x+y" --x 1,2,3 --y 2
    autodiff jacobian "a*b" "b^2" "sin(c)" --a 1 --b 2 --c 3 --sparse
    """
    if is_folder(shown, many):
        from autodiff_cli.batch.further import Further

        asked = read(session, formula, values, active, table)
        work = Further(command="jacobian", reading=asked.reading, at=numbers(asked), wrt=asked.wrt)
        told = {"expression": asked.expression, "expressions": list(asked.expressions)}
        into_folder(
            session, asked, work, told, shown, many, skip=table.na == "skip", strict=judged.strict
        )
        return
    check_alone(many)
    asked = read_request(session, formula, values, active, table)
    if sparse:
        from autodiff_cli.answers.sparse import sparse_jacobian
        from autodiff_cli.views import sparse as entries

        few = sparse_jacobian(
            asked.expressions, asked.graph, asked.graph.functions, asked.values, asked.wrt,
            session.sympy(calculus), calculus.sympy_seconds,
        )  # fmt: skip
        few = replace(few, notes=(*asked.notes, *few.notes))
        show(session, entries, few, shown, strict=judged.strict, title=asked.expression)
        return
    found = products(
        "jacobian", asked.expressions, asked.graph, asked.values, asked.wrt, (), asked.readings
    )
    client = session.sympy(calculus)
    report = set_beside(found, asked.given, client, calculus.sympy_seconds)
    report = replace(report, notes=(*asked.notes, *report.notes))
    show(session, view, report, shown, strict=judged.strict, title=asked.expression)
