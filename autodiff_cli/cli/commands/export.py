"""`autodiff export`: the value and its derivative as code in another language."""

from __future__ import annotations

import sys
from typing import Annotated, Literal

import typer

from autodiff_cli.cli import options
from autodiff_cli.cli.request import read_request
from autodiff_cli.cli.session import Session
from autodiff_cli.errors import visible
from autodiff_cli.export import export as exported

To = Annotated[
    Literal["python", "numpy", "torch", "jax", "c", "javascript", "sympy", "latex"],
    typer.Option("--to", help="The language to write."),
]
Mode = Annotated[
    Literal["reverse", "forward"],
    typer.Option("--mode", help="reverse writes the gradient, forward a tangent."),
]


def export(
    context: typer.Context,
    expressions: options.Expressions = None,
    to: To = "python",
    mode: Mode = "reverse",
    wrt: options.Wrt = None,
    output: options.Output = None,
    no_share: options.NoShare = False,
) -> None:
    """Write the value and its derivative as code: one assignment a node, the rules in comments.

    autodiff export "x^3 + 2x^2 + 8x"
    autodiff export "sin(x)*y" --to c -o slope.c
    autodiff export "sin(x)*y" --to numpy --mode forward --wrt x
    """
    session: Session = context.obj
    asked = read_request(
        expressions, None, None, wrt, share=not no_share, needs_point=False,
        options=session.options,
    )  # fmt: skip
    session.write(exported(asked.graph, to, mode=mode, wrt=asked.wrt), output)
    for remark in asked.reading.remarks:
        sys.stderr.write(f"note (reading): {visible(remark)}\n")
