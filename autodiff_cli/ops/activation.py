"""Functions of neural networks, erf and erfc."""

from __future__ import annotations

import math

from autodiff_cli.ops.row import Kink, Loss, Operation

ROWS = (
    Operation(
        name="relu",
        rules=("where(a <= 0, 0, 1)",),
        law="derivative piece by piece",
        summary="rectifier, max(a, 0)",
        definition="max(a, 0)", computed="where(a < 0, 0, a)",
        kinks=(Kink("a == 0", "slope 0 on the left and 1 on the right; 0 is used",
                    others="PyTorch and JAX use 0 too, SymPy, as Max, 1/2"),),
        intervals=((0.25, 2.0),),
    ),
    Operation(
        name="sigmoid",
        # y·(1 - y) loses its digits where y is near 1, and its slope where y is near 1/2.
        rules=("where(a < -1/4, y*(1 - y), (sech(a/2)/2)^2)",),
        law="derivative of the sigmoid",
        summary="logistic function, 1/(1 + e^-a)",
        definition="1/(1 + exp(-a))",
        computed="where(a < 0, exp(-abs(a)), 1)/(1 + exp(-abs(a)))",
    ),
    Operation(
        name="softplus",
        rules=("sigmoid(a)",),
        law="derivative of softplus",
        summary="smooth rectifier, ln(1 + e^a) without overflow",
        definition="ln(1 + exp(a))", computed="max(a, 0) + log1p(exp(-abs(a)))",
    ),
    Operation(
        name="silu",
        rules=("sigmoid(a) + y*sigmoid(-a)",),
        law="derivative of silu",
        summary="a·sigmoid(a), also called swish",
        definition="a/(1 + exp(-a))",
        computed="a*where(a < 0, exp(-abs(a)), 1)/(1 + exp(-abs(a)))",
        losses=(Loss(0, "where(abs(a) > 708, abs(a), 0)",
                     "sigmoid(a) or sigmoid(-a) is below 2.3e-308"),
                Loss(1, "", "the slope crosses 0 at -1.28, the second slope at -2.4 and 2.4")),
    ),
    Operation(
        name="gelu",
        rules=("erfc(-(a/sqrt(2)))/2 + a*exp(-a^2/2)/sqrt(2*pi)",),
        law="derivative of gelu",
        summary="a times the normal distribution function, the exact one",
        definition="a/2*(1 + erf(a/sqrt(2)))", computed="a/2*erfc(-(a/sqrt(2)))",
        losses=(Loss(0, "", "in the tails: a^2/2 is rounded before it is an exponent"),
                Loss(0, "where(abs(a) < 37.5, 0, 1/0)", "e^(-a^2/2) lies below 2.3e-308")),
    ),
    Operation(
        name="erf",
        rules=("2*exp(-a^2)/sqrt(pi)",),
        law="derivative of the error function",
        summary="error function",
        value=math.erf, numpy="erf", sympy="erf",
        losses=(Loss(1, "", "in the tails: a^2 is rounded before it is an exponent"),
                Loss(2, "where(abs(a) < 26.5, 0, 1/0)", "e^(-a^2) lies below 2.3e-308")),
    ),
    Operation(
        name="erfc",
        rules=("-2*exp(-a^2)/sqrt(pi)",),
        law="derivative of the error function",
        summary="complementary error function, 1 - erf(a), exact far out",
        value=math.erfc, numpy="erfc", sympy="erfc",
        losses=(Loss(1, "", "in the tails: a^2 is rounded before it is an exponent"),
                Loss(2, "where(abs(a) < 26.5, 0, 1/0)", "e^(-a^2) lies below 2.3e-308")),
    ),
    Operation(
        name="leaky_relu",
        rules=("where(a > 0, 1, b)", "where(a > 0, 0, a)"),
        law="derivative piece by piece",
        summary="rectifier that lets b times what is below 0 through",
        definition="where(a > 0, a, b*a)",
        kinks=(Kink("where(a == 0, b, 1) != 1", "slope {b} on the left and 1 on the right; "
                    "{b} is used", operand=0, others="PyTorch uses it too",
                    text="a == 0 and b not 1"),),
        intervals=((0.25, 2.0), (0.01, 0.5)),
    ),
    Operation(
        name="elu",
        rules=("where(a > 0, 1, b*exp(where(a > 0, 0, a)))",
               "where(a > 0, 0, expm1(where(a > 0, 0, a)))"),
        law="derivative piece by piece",
        summary="exponential linear unit: a above 0, b*(e^a - 1) below",
        losses=(Loss(1, "where(a < -708, 1/0, 0)", "e^a is below 2.3e-308 there"),),
        definition="where(a > 0, a, b*(exp(a) - 1))", computed="where(a > 0, a, b*expm1(a))",
        kinks=(Kink("where(a == 0, b, 1) != 1", "slope {b} on the left and 1 on the right; "
                    "{b} is used", operand=0, others="PyTorch uses it too",
                    text="a == 0 and b not 1"),),
        intervals=((-2.0, -0.25), (0.5, 2.0)),
    ),
    Operation(
        name="mish",
        rules=("tanh(softplus(a)) + a*sigmoid(a)*sech(softplus(a))^2",),
        law="derivative of mish",
        summary="a times tanh of softplus(a)",
        definition="a*tanh(ln(1 + exp(a)))", computed="a*tanh(softplus(a))",
        losses=(Loss(0, "where(a < -708, abs(a), 0)", "sigmoid(a) is below 2.3e-308 there"),
                Loss(1, "", "the slope crosses 0 at -1.19, the second slope at -2.3 and 1.5")),
    ),
    Operation(
        name="softsign",
        rules=("(1/where(a < 0, 1 - a, 1 + a))^2",),
        law="derivative of softsign",
        summary="a/(1 + |a|)",
        definition="a/(1 + abs(a))",
        intervals=((0.25, 2.0),),
    ),
)  # fmt: skip
