"""`autodiff vjp`: a seed times the Jacobian, which is what backward computes."""

from __future__ import annotations

from typing import Annotated

from autodiff_cli.answers.jacobian import judged as set_beside
from autodiff_cli.answers.jacobian import products
from autodiff_cli.cli.options import Active, Calculus, Judged, Several, Shown, Values
from autodiff_cli.cli.output import show
from autodiff_cli.cli.parameters import Option
from autodiff_cli.cli.request import read_request, single_point
from autodiff_cli.cli.session import Session
from autodiff_cli.cli.values import numbers
from autodiff_cli.errors import AutodiffError
from autodiff_cli.views import jacobian as view

Weights = Annotated[
    str | None,
    Option("--seed", metavar="WEIGHTS", help="One weight a formula: 1,1 or the word ones."),
]


def vjp(
    session: Session,
    formula: Several,
    values: Values,
    active: Active,
    calculus: Calculus,
    judged: Judged,
    shown: Shown,
    seed: Weights = None,
) -> None:
    """Show the vector-Jacobian product: the rows of the matrix, weighted and added up.

    autodiff vjp "x*y" "x+y" --x 4 --y 2 --seed 1,1
    """
    asked = read_request(session, formula, values, active)
    single_point(asked, "vjp")
    weights = _weights(seed, len(asked.expressions))
    report = products(
        "vjp", asked.expressions, asked.graph, asked.values, asked.wrt, weights, asked.readings
    )
    client = session.sympy(calculus)
    report = set_beside(report, asked.given, client, calculus.sympy_seconds)
    show(session, view, report, shown, strict=judged.strict, title=asked.expression)


def _weights(text: str | None, count: int) -> tuple[float, ...]:
    """Return one weight a formula; a single formula needs none."""
    ones = ",".join(["1"] * count) if count <= 8 else "ones"
    if text is None and count > 1:
        raise AutodiffError(
            f"{count} formulas need a seed of {count} weights: there is no single derivative of "
            "several numbers",
            mend=f"write --seed {ones}",
        )
    if text is None or text.strip() == "ones":
        return (1.0,) * count
    found = numbers("--seed", text)
    weights = tuple(found) if isinstance(found, list) else (found,)
    if len(weights) != count:
        raise AutodiffError(
            f"the seed has {len(weights)} weights, and there are {count} formulas",
            mend=f"write one for each: --seed {ones}",
        )
    return weights
