"""`autodiff trace`: one row for every w_i, and how each adjoint was summed."""

from __future__ import annotations

from dataclasses import replace
from typing import Annotated, Literal

from autodiff_cli.cli.options import Active, Calculus, Formula, Shown, Values
from autodiff_cli.cli.output import show
from autodiff_cli.cli.parameters import Option
from autodiff_cli.cli.request import read_request, single_point
from autodiff_cli.cli.session import Session
from autodiff_cli.errors import AutodiffError
from autodiff_cli.views import trace as view

Mode = Annotated[
    Literal["forward", "reverse", "both"], Option("--mode", help="Which sweep to show.")
]
Symbolic = Annotated[
    bool, Option("--symbolic", help="SymPy's derivative of each w_i and its value.")
]
Why = Annotated[bool, Option("--why", help="Say for each tangent and adjoint how it came.")]


def trace(
    session: Session,
    formula: Formula,
    values: Values,
    active: Active,
    calculus: Calculus,
    shown: Shown,
    mode: Mode = "both",
    symbolic: Symbolic = False,
    why: Why = False,
) -> None:
    """Show every step: operation, value, local partials, tangents and adjoint.

    autodiff trace "x^3 + 2x^2 + 8x" --x 4
    autodiff trace "x^3 + 2x^2 + 8x" --x 4 --why
    autodiff trace "sin(x)*y" --x 1 --y 2 --wrt x --mode forward
    autodiff trace "x^3 + 2x^2 + 8x" --x 4 --format latex -o table.tex
    """
    from autodiff_cli.answers.trace import trace as traced

    asked = read_request(session, formula, values, active)
    single_point(asked, "trace")
    report = replace(
        traced(asked.reading, asked.values, mode=mode, wrt=asked.wrt), expression=asked.expression
    )
    if calculus.simplify is not None and not symbolic:
        raise AutodiffError("--simplify is for SymPy's derivative", mend="add --symbolic")
    if symbolic:
        from autodiff_cli.answers.trace import symbolic_nodes

        client = session.sympy(calculus)
        if client is None:
            raise AutodiffError("--symbolic and --no-sympy together", mend="give one of them")
        report = symbolic_nodes(client, report, calculus.sympy_seconds)
    if why:
        from autodiff_cli.views import why as reasons

        show(session, reasons, report, shown, title=asked.expression)
        return
    show(session, view, report, shown, title=asked.expression)
