"""`autodiff hessian`: all second derivatives, SymPy's beside them, and the verdict."""

from __future__ import annotations

from dataclasses import replace

from autodiff_cli.answers.higher import hessian_finder
from autodiff_cli.cli.dataset import check_alone, into_folder, is_folder, numbers, read
from autodiff_cli.cli.options import Active, Calculus, Formula, Judged, Many, Shown, Table, Values
from autodiff_cli.cli.output import show
from autodiff_cli.cli.request import read_request
from autodiff_cli.cli.second import beside
from autodiff_cli.cli.session import Session
from autodiff_cli.cli.sparse import Sparse
from autodiff_cli.views import higher as view


def hessian(
    session: Session,
    formula: Formula,
    values: Values,
    table: Table,
    active: Active,
    calculus: Calculus,
    judged: Judged,
    shown: Shown,
    many: Many,
    sparse: Sparse = False,
) -> None:
    """Find all second derivatives: the gradient, written as a graph, is differentiated again.

    autodiff hessian "x^2*y + sin(y)" --x 1 --y 2
    autodiff hessian "a*x^2 + y^2" --x 1 --y 2 --const a=3
    autodiff hessian "x^3*y" --x 1,2,3 --y 2
    autodiff hessian "sum(i, 1, 4, x_i*x_{i+1})" --at x_1=1,x_2=2,x_3=3,x_4=4,x_5=5 --sparse
    """
    if is_folder(shown, many):
        from autodiff_cli.batch.further import Further

        asked = read(session, formula, values, active, table)
        work = Further(command="hessian", reading=asked.reading, at=numbers(asked), wrt=asked.wrt)
        told = {"expression": asked.expression}
        into_folder(
            session, asked, work, told, shown, many, skip=table.na == "skip", strict=judged.strict
        )
        return
    check_alone(many)
    asked = read_request(session, formula, values, active, table)
    if sparse:
        from autodiff_cli.answers.sparse import sparse_hessian
        from autodiff_cli.views import sparse as entries

        few = sparse_hessian(
            asked.expression, asked.reading, asked.values, asked.wrt, session.sympy(calculus),
            calculus.sympy_seconds,
        )  # fmt: skip
        few = replace(few, notes=(*asked.notes, *few.notes))
        show(session, entries, few, shown, strict=judged.strict, title=asked.expression)
        return
    report = beside(session, asked, calculus, hessian_finder)
    show(session, view, report, shown, strict=judged.strict, title=asked.expression)
