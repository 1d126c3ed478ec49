"""`--order N`, which several commands have: derivatives of derivatives."""

from __future__ import annotations

from typing import Annotated

from autodiff_cli.cli.parameters import Option
from autodiff_cli.errors import AutodiffError, shortened
from autodiff_cli.limits import exceeded, limit

Order = Annotated[
    int | None,
    Option("--order", metavar="N", help="Add f', f'' … up to order N."),
]


def check_order(order: int | None, wrt: tuple[str, ...], *, several: bool = False) -> None:
    """Refuse an order that is none, or of a formula with several variables unless they may be."""
    if order is None:
        return
    if order < 1:
        raise AutodiffError(f"there is no order {order} here", mend="ask for order 1 or more")
    if order > limit("orders"):
        raise exceeded("orders")
    if len(wrt) > 1 and not several:
        shown = ", ".join(map(shortened, wrt[:8])) + (", …" if len(wrt) > 8 else "")
        raise AutodiffError(
            f"--order is for one variable, and this formula has {shown}",
            mend=f"choose one with --wrt {shortened(wrt[0])}; all second derivatives: "
            "autodiff hessian",
        )
