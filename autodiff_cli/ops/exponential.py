"""Exponentials and logarithms. `log` is the natural one, as in every book of analysis."""

from __future__ import annotations

from autodiff_cli.ops import ieee
from autodiff_cli.ops.row import Loss, Operation

CARRIED_ON = "PyTorch, JAX and SymPy use the slope's formula too, value or not"

ROWS = (
    Operation(
        name="exp", latex=r"\mathrm{{e}}^{{{a}}}",
        rules=("y",),
        law="natural exponential",
        summary="exponential, e^a",
        value=ieee.exp, numpy="exp", sympy="exp",
    ),
    Operation(
        name="expm1",
        rules=("exp(a)",),
        law="natural exponential",
        summary="e^a - 1, exact near 0",
        value=ieee.expm1, numpy="expm1", definition="exp(a) - 1",
    ),
    Operation(
        name="ln", aliases=("log",), latex=r"\ln",
        rules=("1/a",),
        law="natural logarithm",
        summary="natural logarithm; log(a) is the same",
        value=ieee.ln, numpy="log", sympy="log",
        domain="a > 0", outside=CARRIED_ON, intervals=((0.25, 4.0),),
    ),
    Operation(
        name="log2", aliases=("log_2",), latex=r"\log_2",
        rules=("1/ln(2)/a",),
        law="general logarithm",
        summary="logarithm to base 2",
        value=ieee.log2, numpy="log2", definition="ln(a)/ln(2)",
        domain="a > 0", outside=CARRIED_ON, intervals=((0.25, 4.0),),
    ),
    Operation(
        name="log10", aliases=("log_10",), latex=r"\log_{10}",
        rules=("1/ln(10)/a",),
        law="general logarithm",
        summary="logarithm to base 10",
        value=ieee.log10, numpy="log10", definition="ln(a)/ln(10)",
        domain="a > 0", outside=CARRIED_ON, intervals=((0.25, 4.0),),
    ),
    Operation(
        name="log1p",
        rules=("1/(1 + a)",),
        law="natural logarithm",
        summary="ln(1 + a), exact near 0",
        value=ieee.log1p, numpy="log1p", definition="ln(1 + a)",
        domain="a > -1", outside=CARRIED_ON, intervals=((-0.5, 2.0),),
    ),
    Operation(
        name="log", latex=r"\log_{{{b}}}\left({a}\right)",
        rules=("1/ln(b)/a", "-y/ln(b)/b"),
        law="general logarithm",
        summary="logarithm of a to base b",
        definition="ln(a)/ln(b)",
        domain="where(a > 0, where(b > 0, where(b == 1, 0, 1), 0), 0) == 1",
        domain_text="a > 0 and b > 0 and b != 1",
        intervals=((0.25, 4.0), (1.5, 4.0)),
        losses=(Loss(2, "", "the second slope by b crosses 0 at e^-2"),
                Loss(2, "where(min(a, b) < 5.7e-309, 1/0, where(a/4e307*abs(ln(b)) < 1, 0, 1/0))",
                     "1/a, 1/b or the slope by a leaves float64")),
    ),
    Operation(
        name="logit",
        rules=("1/a/(1 - a)",),
        law="derivative of the log odds",
        summary="logarithm of the odds, ln(a/(1 - a)), the inverse of sigmoid",
        definition="ln(a/(1 - a))",
        computed="where(abs(a - 1/2) < 1/4, 2*atanh(2*a - 1), ln(a) - log1p(-a))",
        domain="where(a > 0, where(a < 1, 1, 0), 0) == 1", domain_text="0 < a < 1",
        losses=(Loss(2, "", "the second slope crosses 0 at 1/2"),),
        outside=CARRIED_ON, intervals=((0.1, 0.9),),
    ),
)  # fmt: skip
