"""Functions of signal processing."""

from __future__ import annotations

from autodiff_cli.ops.row import Loss, Operation

#: The series of 3·(sin(a)/a - cos(a))/a², term n of which is -a²/(2n(2n + 3)) times the one before.
SINC = "1"
for _n in range(7, 0, -1):
    SINC = f"1 - where(abs(a) < 1/2, a, 0)^2/{2 * _n * (2 * _n + 3)}*({SINC})"

ROWS = (
    Operation(
        # Near 0, where the quotient cancels, its series: a formula too, so that orders are right.
        name="sinc",
        rules=(f"where(abs(a) < 1/2, -a/3*({SINC}), (cos(a) - y)/where(abs(a) < 1/2, 1, a))",),
        law="derivative of sinc",
        summary="sin(a)/a, and 1 at 0",
        losses=(Loss(1, "", "the slopes cross 0 at every wave"),
                Loss(2, "16", "from 1/2 on the second slope is a difference")),
        definition="where(a == 0, 1, sin(a)/a)",
        intervals=((0.75, 2.0),),
    ),
)  # fmt: skip
