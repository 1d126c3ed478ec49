"""`autodiff explain`: the derivation by the rules of calculus, the machine's numbers beside it."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import Annotated

from autodiff_cli.cli.options import Active, Calculus, Formula, Shown, Values
from autodiff_cli.cli.order import Order, check_order
from autodiff_cli.cli.output import show
from autodiff_cli.cli.parameters import Option
from autodiff_cli.cli.request import read_request, single_point
from autodiff_cli.cli.session import Session
from autodiff_cli.errors import AutodiffError
from autodiff_cli.teach.explain import explain as explained
from autodiff_cli.views import explain as view

Hint = Annotated[bool, Option("--hint", help="Say only which rule comes next.")]
Steps = Annotated[int | None, Option("--steps", metavar="N", help="Show the first N lines only.")]
Every = Annotated[bool, Option("--every", help="Give x' = 1 and c' = 0 their own lines.")]


def explain(
    session: Session,
    formula: Formula,
    values: Values,
    active: Active,
    calculus: Calculus,
    shown: Shown,
    hint: Hint = False,
    steps: Steps = None,
    every: Every = False,
    order: Order = None,
) -> None:
    """Derive a derivative by the rules of calculus: one rule a line, each with its name.

    No values are needed. With a point, the machine's numbers stand beside each line.

    autodiff explain "x^3 + 2x^2 + 8x" --x 4
    autodiff explain "sin(x^2)"
    autodiff explain "x^2*y" --wrt x --format latex
    autodiff explain "sin(x^2)" --steps 1 --hint
    autodiff explain "x*exp(-x)" --order 2
    """
    if steps is not None and steps < 0:
        raise AutodiffError(f"--steps is {steps}", mend="write how many lines, --steps 3")
    asked = read_request(session, formula, values, active, needs_point=False)
    single_point(asked, "explain")
    check_order(order, asked.wrt)
    found = explained(asked.reading, asked.values, wrt=asked.wrt, every=every)
    if order is not None and found.derivations:
        from autodiff_cli.teach.further import further

        found = further(found, asked.values, order, every=every)
    report = replace(
        found,
        expression=asked.expression,
        most=0 if hint and steps is None else steps,
        hint=hint,
    )
    client = None if report.most is not None else session.sympy(calculus)
    if client is not None:
        from autodiff_cli.teach.equal import beside

        ask = partial(beside, report, client, calculus.sympy_seconds)
        report = replace(report, beside=ask)
    show(session, view, report, shown, title=asked.expression)
