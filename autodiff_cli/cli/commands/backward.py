"""`autodiff backward`: what a user of PyTorch sees, pass by pass: .grad, seeds, freed values."""

from __future__ import annotations

from typing import Annotated

from autodiff_cli.answers.gradient import grad as differentiated
from autodiff_cli.cli.options import Active, Formula, Shown, Table, Values
from autodiff_cli.cli.output import show
from autodiff_cli.cli.parameters import Option
from autodiff_cli.cli.request import Request, read_request
from autodiff_cli.cli.session import Session
from autodiff_cli.cli.values import numbers
from autodiff_cli.engine.point import Numbers
from autodiff_cli.errors import AutodiffError
from autodiff_cli.limits import exceeded, limit
from autodiff_cli.notes.note import Note
from autodiff_cli.views import backward as view


def _times(value: int) -> int:
    """Refuse more passes than the limit."""
    if value > limit("passes"):
        raise exceeded("passes")
    return value


Times = Annotated[
    int, Option("--times", metavar="N", min=1, callback=_times, help="Passes to run.")
]
Retain = Annotated[bool, Option("--retain-graph", help="Every pass keeps the saved values.")]
RetainFirst = Annotated[
    int,
    Option("--retain-first", metavar="N", min=0, help="Only the first N passes keep them."),
]
ZeroGrad = Annotated[bool, Option("--zero-grad", help="Set .grad to 0 between passes.")]
Weights = Annotated[
    str | None,
    Option("--seed", metavar="WEIGHTS", help="0.5, or 1,1,… one a row, or the word ones."),
]


def backward(
    session: Session,
    formula: Formula,
    values: Values,
    table: Table,
    active: Active,
    shown: Shown,
    times: Times = 1,
    retain_graph: Retain = False,
    retain_first: RetainFirst = 0,
    zero_grad: ZeroGrad = False,
    seed: Weights = None,
) -> None:
    """Show what PyTorch's backward does, pass by pass: .grad, the seed, what is freed.

    A pass that fails is part of the answer, with the error's text, and the exit status is 0.

    autodiff backward "x^3 + 2x^2 + 8x" --x 4 --times 3 --retain-graph
    autodiff backward "x^3 + 2x^2 + 8x" --x 4 --times 2
    autodiff backward "sin(x)" --x 1,2,3 --seed ones
    """
    asked = read_request(session, formula, values, active, table)
    if retain_graph and retain_first:
        raise AutodiffError("--retain-graph and --retain-first together", mend="give one of them")
    weights = _weights(seed, values.random_seed)
    from autodiff_cli.answers.backward import passes

    result = differentiated(asked.reading, asked.values, wrt=asked.wrt)
    report = passes(
        asked.expression, asked.graph, asked.given, asked.wrt,
        times=times, retained=times if retain_graph else retain_first, zero_grad=zero_grad,
        seed=weights, notes=(*asked.notes, *_summed(asked), *result.notes),
    )  # fmt: skip
    show(session, view, report, shown, title=asked.expression)


def _weights(text: str | None, random_seed: int | None) -> Numbers | str | None:
    if text is None or text.strip() == "ones":
        return None if text is None else "ones"
    return numbers("--seed", text, random_seed)


def _summed(asked: Request) -> list[Note]:
    """Say whose gradient is a sum over the rows: one number met many."""
    if not any(isinstance(value, list) for value in asked.given.values()):
        return []
    single = [name for name in asked.wrt if not isinstance(asked.given[name], list)]
    return [
        Note(None, "sum", f"{name} is one number for all rows, so {name}.grad is the sum over them")
        for name in single
    ]
