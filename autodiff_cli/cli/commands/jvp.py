"""`autodiff jvp`: the Jacobian times a direction: how every output changes along it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated

import typer

from autodiff_cli.cli import options
from autodiff_cli.cli.commands.jacobian import computed, show
from autodiff_cli.cli.direction import named_components
from autodiff_cli.cli.request import read_request, single_point
from autodiff_cli.cli.session import Session
from autodiff_cli.cli.values import numbers
from autodiff_cli.errors import AutodiffError, VariableError, shortened

Direction = Annotated[
    str | None,
    typer.Option("--direction", metavar="NUMBERS", help="One a variable: 1,0; or x=1,y=0."),
]


def jvp(
    context: typer.Context,
    expressions: options.Several = None,
    at: options.At = None,
    const: options.Const = None,
    wrt: options.Wrt = None,
    direction: Direction = None,
    as_json: options.Json = False,
    no_share: options.NoShare = False,
    rows: options.Rows = options.DEFAULT_ROWS,
) -> None:
    """Show the Jacobian-vector product: how the outputs change when the point moves one way.

    autodiff jvp "x*y" "x+y" --x 4 --y 2 --direction 1,0
    """
    session: Session = context.obj
    asked = read_request(
        expressions, at, const, wrt, share=not no_share, options=session.options, several=True
    )
    single_point(asked, "jvp")
    report = computed("jvp", asked, _components(direction, asked.wrt))
    show(session, asked, report, as_json, rows)


def _components(text: str | None, names: Sequence[str]) -> tuple[float, ...]:
    """Return one number a variable, in their order; of those not named in x=1, 0."""
    shown = ", ".join(names[:8]) + (", …" if len(names) > 8 else "")
    example = ",".join(["1", *["0"] * (len(names) - 1)][:8])
    mend = f"write one number for each of {shown}: --direction {example}"
    if text is None:
        if not names:
            return ()
        raise AutodiffError("a direction is needed", mend=mend)
    if "=" in text:
        found = named_components(text)
        for name in found:
            if name not in names:
                raise VariableError(
                    f"the direction names '{shortened(name)}', which is not differentiated",
                    mend=f"the variables are {shown}",
                )
        return tuple(found.get(name, 0.0) for name in names)
    given = numbers("--direction", text)
    components = tuple(given) if isinstance(given, list) else (given,)
    if len(components) != len(names):
        message = f"the direction has {len(components)} numbers, for {len(names)} variables"
        raise AutodiffError(message, mend=mend)
    return components
