"""`autodiff functions`: the operation table as a student would read it."""

from __future__ import annotations

from typing import Annotated

from autodiff_cli.cli.options import Written
from autodiff_cli.cli.output import show
from autodiff_cli.cli.parameters import Argument
from autodiff_cli.cli.session import Session
from autodiff_cli.errors import AutodiffError, nearest, shortened
from autodiff_cli.ops import FAMILIES, FUNCTIONS
from autodiff_cli.ops.row import Operation
from autodiff_cli.views import functions as view

Name = Annotated[list[str] | None, Argument(metavar="[NAME]", help="One function, in full.")]


def functions(session: Session, shown: Written, names: Name = None) -> None:
    """List every function and operator: what it is, its derivative rule, its domain, its kinks.

    autodiff functions
    autodiff functions tanh
    """
    rows = [row for family in FAMILIES.values() for row in family]
    if names:
        rows = [row for name in names for row in _named(name)]
    report = view.Catalogue(rows=rows, full=bool(names))
    show(session, view, report, shown, title="functions")


def _named(name: str) -> list[Operation]:
    symbols = [r for rows in FAMILIES.values() for r in rows if name in (r.symbol, r.name)]
    found = [*FUNCTIONS.get(name, ())] or symbols
    if not found:
        close = nearest(name, list(FUNCTIONS))
        mend = f"did you mean {close}?" if close else "autodiff functions lists them"
        raise AutodiffError(f"there is no function '{shortened(name)}'", mend=mend)
    return found
