"""Functions of signal processing."""

from __future__ import annotations

from autodiff_cli.ops.row import Loss, Operation


def _sinc(terms: int, square: str) -> str:
    """Return the first terms of the series of 3·(sin(a)/a - cos(a))/a².

    Term n of it is -a²/(2n(2n + 3)) times the one before.
    """
    text = "1"
    for n in range(terms, 0, -1):
        text = f"1 - {square}/{2 * n * (2 * n + 3)}*({text})"
    return text


ROWS = (
    Operation(
        # Near 0, where the quotient cancels, its series: a formula too, so that orders are right.
        name="sinc",
        rules=(f"where(abs(a) < 1/2, -a/3*({_sinc(7, 'where(abs(a) < 1/2, a, 0)^2')}), "
               "(cos(a) - y)/where(abs(a) < 1/2, 1, a))",),
        # Each order of the quotient loses as many digits as the order is larger than a.
        series=(f"where(abs(a) < 8, -a/3*({_sinc(75, 'a^2')}), (cos(a) - y)/a)",),
        law="derivative of sinc",
        summary="sin(a)/a, and 1 at 0",
        losses=(Loss(1, "", "the slopes cross 0 at every wave"),
                Loss(2, "16", "from 1/2 on the second slope is a difference")),
        definition="where(a == 0, 1, sin(a)/a)",
        intervals=((0.75, 2.0),),
    ),
)  # fmt: skip
