"""Hyperbolic functions and their inverses."""

from __future__ import annotations

import math

from autodiff_cli.ops import ieee
from autodiff_cli.ops.row import Kink, Loss, Operation
from autodiff_cli.ops.trigonometric import CIRCLE

ROWS = (
    Operation(
        name="sinh", latex=r"\sinh",
        rules=("cosh(a)",),
        law="hyperbolic functions",
        summary="hyperbolic sine",
        value=ieee.sinh, numpy="sinh", sympy="sinh",
    ),
    Operation(
        name="cosh", latex=r"\cosh",
        rules=("sinh(a)",),
        law="hyperbolic functions",
        summary="hyperbolic cosine",
        value=ieee.cosh, numpy="cosh", sympy="cosh",
    ),
    Operation(
        name="tanh", latex=r"\tanh",
        rules=("sech(a)^2",),  # 1 - y^2 has no digit left where y is nearly 1
        law="hyperbolic functions",
        summary="hyperbolic tangent",
        value=math.tanh, numpy="tanh", sympy="tanh",
    ),
    Operation(
        name="sech",
        rules=("-y*tanh(a)",),
        law="hyperbolic functions",
        summary="hyperbolic secant, 1/cosh(a)",
        definition="1/cosh(a)",
        losses=(Loss(0, "where(abs(a) < 710, 0, 1/0)",
                     "0 is answered where cosh(a) leaves float64"),
                Loss(2, "", "the second slope crosses 0 where tanh(a)^2 is 1/2")),
    ),
    Operation(
        name="asinh", aliases=("arcsinh", "arsinh"),
        rules=("1/where(abs(a) < 1e50, sqrt(a^2 + 1), abs(a))",),
        law="inverse functions",
        summary="inverse hyperbolic sine",
        value=math.asinh, numpy="arcsinh", sympy="asinh",
        losses=(Loss(2, "where(abs(a) < 8e307, 0, 1/0)", "2·a leaves float64"),),
    ),
    Operation(
        name="acosh", aliases=("arccosh", "arcosh"),
        rules=("1/where(a < 1e50, sqrt((a - 1)*(a + 1)), a)",),
        law="inverse functions",
        summary="inverse hyperbolic cosine",
        value=ieee.acosh, numpy="arccosh", sympy="acosh",
        domain="a >= 1", outside="PyTorch and JAX have nan; SymPy goes on with complex numbers",
        kinks=(Kink("a == 1", "the curve starts upright", "infinite-slope",
                    others="PyTorch and JAX have inf too; SymPy has zoo"),),
        intervals=((1.25, 4.0),),
    ),
    Operation(
        name="atanh", aliases=("arctanh", "artanh"),
        rules=(f"1/{CIRCLE}",),
        law="inverse functions",
        summary="inverse hyperbolic tangent",
        value=ieee.atanh, numpy="arctanh", sympy="atanh",
        domain="abs(a) < 1",
        outside="PyTorch and JAX use the slope's formula too, value or not",
        intervals=((-0.75, 0.75),),
    ),
)  # fmt: skip
