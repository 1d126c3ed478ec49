"""`autodiff descend`: gradient descent from one start or many, and why it ends where it does."""

from __future__ import annotations

from typing import Annotated

from autodiff_cli.answers.descend import descend as walked
from autodiff_cli.answers.stepping import Plan
from autodiff_cli.cli.inline import Inline, show_or_inline
from autodiff_cli.cli.options import Active, Formula, Shown, Table, Values
from autodiff_cli.cli.output import in_characters
from autodiff_cli.cli.parameters import Option
from autodiff_cli.cli.request import read_request
from autodiff_cli.cli.session import Session
from autodiff_cli.errors import VariableError
from autodiff_cli.limits import exceeded, limit
from autodiff_cli.views import descend as view

Rate = Annotated[float, Option("--rate", metavar="R", help="Factor of the gradient.")]
Steps = Annotated[int, Option("--steps", metavar="N", help="Steps at most.")]
Momentum = Annotated[
    float, Option("--momentum", metavar="M", help="Share of the last step that is kept.")
]
Adam = Annotated[bool, Option("--adam", help="Adam's steps in place of plain ones.")]
Tolerance = Annotated[
    float,
    Option("--tolerance", metavar="T", help="Length of a gradient that is flat."),
]
Ascii = Annotated[bool, Option("--ascii", help="Draw in the terminal without Braille.")]


def descend(
    session: Session,
    formula: Formula,
    values: Values,
    active: Active,
    table: Table,
    shown: Shown,
    rate: Rate = 0.01,
    steps: Steps = 100,
    momentum: Momentum = 0.0,
    adam: Adam = False,
    tolerance: Tolerance = 1e-6,
    ascii: Ascii = False,
    inline: Inline = False,
) -> None:
    """Follow the gradient downhill, step by step: what gradients are for.

    The updates are those of PyTorch's SGD and Adam. Several values, or the rows of --data, are
    several starts.

    autodiff descend "(1-x)^2 + 100(y-x^2)^2" --x -1.2 --y 1 --rate 0.001 --steps 50
    autodiff descend "x^2" --x 1 --rate 1.1
    autodiff descend "x^4 - 3x^2 + x" --x=-2,0.1,2 -o paths.svg
    autodiff descend "(x-3)^2 + 10y^2" --x 0 --y 1 --rate 0.05 --momentum 0.9
    """
    if ascii:
        in_characters(view, shown, "--ascii")
    asked = read_request(session, formula, values, active, table)
    lengths = {len(value) for value in asked.given.values() if isinstance(value, list)}
    count = max(lengths, default=1)
    if len(lengths) > 1:
        raise VariableError(
            f"the starts do not go together: lists of {' and '.join(map(str, sorted(lengths)))}",
            mend="give every variable one value, or the same number of values",
        )
    if count * max(steps, 1) > limit("steps"):
        raise exceeded("steps", "ask for fewer, or ")
    starts = [
        {
            name: value[k] if isinstance(value, list) else value
            for name, value in asked.given.items()
        }
        for k in range(count)
    ]
    plan = Plan(rate=rate, steps=steps, momentum=momentum, adam=adam, tolerance=tolerance)
    answer = walked(asked.expression, asked.graph, starts, plan, asked.wrt, asked.reading.remarks)
    show_or_inline(
        session,
        view,
        view.Descended(answer=answer, ascii=ascii),
        shown,
        inline=inline,
        title=asked.expression,
    )
