"""Hyperbolic functions and their inverses."""

from __future__ import annotations

import math

from autodiff_cli.ops import ieee
from autodiff_cli.ops.row import Kink, Operation

ROWS = (
    Operation(
        name="sinh", latex=r"\sinh",
        rules=("cosh(a)",),
        summary="hyperbolic sine",
        value=ieee.sinh, numpy="sinh", sympy="sinh",
    ),
    Operation(
        name="cosh", latex=r"\cosh",
        rules=("sinh(a)",),
        summary="hyperbolic cosine",
        value=ieee.cosh, numpy="cosh", sympy="cosh",
    ),
    Operation(
        name="tanh", latex=r"\tanh",
        rules=("1 - y^2",),
        summary="hyperbolic tangent",
        value=math.tanh, numpy="tanh", sympy="tanh",
    ),
    Operation(
        name="asinh", aliases=("arcsinh", "arsinh"),
        rules=("1/sqrt(a^2 + 1)",),
        summary="inverse hyperbolic sine",
        value=math.asinh, numpy="arcsinh", sympy="asinh",
    ),
    Operation(
        name="acosh", aliases=("arccosh", "arcosh"),
        rules=("1/sqrt(a^2 - 1)",),
        summary="inverse hyperbolic cosine",
        value=ieee.acosh, numpy="arccosh", sympy="acosh",
        domain="a >= 1", outside="PyTorch and JAX have nan; SymPy goes on with complex numbers",
        kinks=(Kink("a == 1", "the curve starts upright", "infinite-slope",
                    others="PyTorch and JAX have inf too; SymPy has zoo"),),
        intervals=((1.25, 4.0),),
    ),
    Operation(
        name="atanh", aliases=("arctanh", "artanh"),
        rules=("1/(1 - a^2)",),
        summary="inverse hyperbolic tangent",
        value=ieee.atanh, numpy="arctanh", sympy="atanh",
        domain="abs(a) < 1",
        outside="PyTorch and JAX use the slope's formula too, value or not",
        intervals=((-0.75, 0.75),),
    ),
)  # fmt: skip
