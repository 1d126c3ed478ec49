"""`autodiff count`: what a derivative costs, and how it swells when it is written out."""

from __future__ import annotations

from typing import Annotated

from autodiff_cli.answers import count as tally
from autodiff_cli.cli.options import Active, Counted, Counting, Written
from autodiff_cli.cli.output import show
from autodiff_cli.cli.parameters import Option
from autodiff_cli.cli.request import Request, read_request
from autodiff_cli.cli.session import Session
from autodiff_cli.errors import AutodiffError, VariableError
from autodiff_cli.graph.graph import Graph
from autodiff_cli.limits import exceeded, limit
from autodiff_cli.views import count as view

Iterate = Annotated[
    int | None,
    Option("--iterate", metavar="N", help="Put the formula into itself, up to N times."),
]


def count(
    session: Session,
    formula: Counting,
    active: Active,
    calculus: Counted,
    shown: Written,
    iterate: Iterate = None,
) -> None:
    """Count the operations of formulas, of their gradients, and of SymPy's derivatives.

    No values are needed. With --iterate, row n is the formula put into itself n − 1 times.

    autodiff count "x1*x2" "x1*x2*x3" "x1*x2*x3*x4"
    autodiff count "4x(1-x)" --iterate 9
    """
    asked = read_request(session, formula, active=active, needs_point=False, partly=True)
    client, seconds = session.sympy(calculus), calculus.sympy_seconds
    if iterate is None:
        report = tally.of_formulas(_formulas(asked), client, seconds)
    else:
        name = _iterated(asked, iterate)
        report = tally.of_iterates(asked.expression, asked.graph, name, iterate, client, seconds)
    show(session, view, report, shown, title=asked.expression)


def _formulas(asked: Request) -> list[tuple[str, Graph, tuple[str, ...]]]:
    """Return each formula alone, with the variables of its own to differentiate by."""
    found = []
    for place, text in enumerate(asked.expressions):
        graph = asked.graph.select((place,))
        used = {index for operands in graph.operands for index in operands} | set(graph.outputs)
        own = [name for index, name in enumerate(graph.variables) if index in used]
        found.append((text, graph, tuple(name for name in asked.wrt if name in own)))
    return found


def _iterated(asked: Request, times: int) -> str:
    """Return the variable that the formula is put in for."""
    if times < 1:
        raise AutodiffError(f"--iterate is {times}", mend="write how often, --iterate 9")
    if times > limit("iterations"):
        raise exceeded("iterations")
    if len(asked.expressions) > 1:
        raise AutodiffError("--iterate takes one formula", mend="leave the others out")
    if len(asked.wrt) != 1:
        names = ", ".join(asked.wrt) or "none"
        raise VariableError(
            f"--iterate puts the formula in for one variable, and here they are: {names}",
            mend=f"choose one: --wrt {asked.wrt[0]}" if asked.wrt else "write one with a variable",
        )
    return asked.wrt[0]
