"""The options that several commands share."""

from __future__ import annotations

import math
from typing import Annotated

import typer

from autodiff_cli.errors import AutodiffError
from autodiff_cli.limits import ROWS_SHOWN, ROWS_SHOWN_VARIABLE

Expressions = Annotated[
    list[str] | None,
    typer.Argument(metavar="EXPRESSION", help="The formula, in quotes; - reads it from stdin."),
]
At = Annotated[
    list[str] | None,
    typer.Option("--at", metavar="NAME=VALUE", help="Values of variables: x=4,y=2."),
]
Several = Annotated[
    list[str] | None,
    typer.Argument(
        metavar="EXPRESSION...", help="One or several; - reads them from stdin, one a line."
    ),
]
DataFile = Annotated[
    str | None,
    typer.Option(
        "--data", metavar="FILE", help="Columns of values, by their header: .csv or .parquet."
    ),
]
Const = Annotated[
    list[str] | None,
    typer.Option("--const", metavar="NAME=VALUE", help="Constants: not differentiated."),
]
Wrt = Annotated[
    list[str] | None,
    typer.Option("--wrt", metavar="NAMES", help="Differentiate with respect to these only."),
]
Seed = Annotated[
    int | None, typer.Option("--random-seed", metavar="N", help="Makes uniform(a,b,n) repeatable.")
]
NoShare = Annotated[
    bool, typer.Option("--no-share", help="Keep equal subexpressions apart: a tree.")
]
Json = Annotated[bool, typer.Option("--json", help="Print one JSON object.")]


def _rows(value: int) -> int:
    """Refuse less than no rows."""
    if value < 0:
        raise AutodiffError(f"--rows is {value}", mend="write a number of rows, 0 for all")
    return value


Rows = Annotated[
    int,
    typer.Option(
        "--rows",
        metavar="N",
        callback=_rows,
        envvar=ROWS_SHOWN_VARIABLE,
        show_envvar=False,
        help="Rows shown at most; 0 shows all.",
    ),
]
Output = Annotated[
    str | None, typer.Option("-o", "--output", metavar="FILE", help="Write to a file.")
]
Strict = Annotated[bool, typer.Option("--strict", help="Exit 3 unless the verdict is match.")]
NoSympy = Annotated[bool, typer.Option("--no-sympy", help="Do not ask SymPy.")]


def _seconds(value: float) -> float:
    """Refuse less than none, and nan and inf, which float() reads."""
    if not (math.isfinite(value) and value >= 0):
        raise AutodiffError(f"--sympy-seconds is {value}", mend="write a number of seconds, 10")
    return value


SympySeconds = Annotated[
    float,
    typer.Option(
        "--sympy-seconds", metavar="S", callback=_seconds, help="How long SymPy may think."
    ),
]

#: Rows of a table on the screen, unless `--rows` says otherwise.
DEFAULT_ROWS = ROWS_SHOWN
