"""Circular functions and their inverses, in radians."""

from __future__ import annotations

import math

from autodiff_cli.ops import ieee
from autodiff_cli.ops.row import Kink, Loss, Operation

VERTICAL = (
    Kink("abs(a) == 1", "the curve ends upright", "infinite-slope",
         others="PyTorch and JAX are infinite too; SymPy has zoo, infinity without a sign"),
)  # fmt: skip
NO_REAL = "PyTorch and JAX have nan; SymPy goes on with complex numbers"

#: 1 - a^2, which cancels near ±1, where (1 - a)·(1 + a) does not.
CIRCLE = "where(abs(a) < 1/2, 1 - a^2, (1 - a)*(1 + a))"

ROWS = (
    Operation(
        name="sin", latex=r"\sin",
        rules=("cos(a)",),
        law="derivative of sine",
        summary="sine",
        value=ieee.sin, numpy="sin", sympy="sin",
    ),
    Operation(
        name="cos", latex=r"\cos",
        rules=("-sin(a)",),
        law="derivative of cosine",
        summary="cosine",
        value=ieee.cos, numpy="cos", sympy="cos",
    ),
    Operation(
        name="tan", latex=r"\tan",
        rules=("1 + y^2",),
        law="derivative of tangent",
        summary="tangent",
        value=ieee.tan, numpy="tan", sympy="tan",
        domain="cos(a) != 0", intervals=((-1.25, 1.25),),
    ),
    Operation(
        name="sec", latex=r"\sec",
        rules=("y*tan(a)",),
        law="derivative of secant",
        summary="secant, 1/cos(a)",
        definition="1/cos(a)",
        domain="cos(a) != 0", intervals=((-1.25, 1.25),),
    ),
    Operation(
        name="csc", latex=r"\csc",
        rules=("-y*cot(a)",),
        law="derivative of cosecant",
        summary="cosecant, 1/sin(a)",
        definition="1/sin(a)",
        domain="sin(a) != 0", intervals=((0.5, 2.5),),
    ),
    Operation(
        name="cot", latex=r"\cot",
        rules=("-(1 + y^2)",),
        law="derivative of cotangent",
        summary="cotangent, 1/tan(a)",
        definition="1/tan(a)",
        domain="sin(a) != 0", intervals=((0.5, 2.5),),
    ),
    Operation(
        name="asin", aliases=("arcsin",), latex=r"\arcsin",
        rules=(f"1/sqrt({CIRCLE})",),
        law="inverse functions",
        summary="inverse sine",
        value=ieee.asin, numpy="arcsin", sympy="asin",
        domain="abs(a) <= 1", outside=NO_REAL, kinks=VERTICAL, intervals=((-0.75, 0.75),),
    ),
    Operation(
        name="acos", aliases=("arccos",), latex=r"\arccos",
        rules=(f"-1/sqrt({CIRCLE})",),
        law="inverse functions",
        summary="inverse cosine",
        value=ieee.acos, numpy="arccos", sympy="acos",
        domain="abs(a) <= 1", outside=NO_REAL, kinks=VERTICAL, intervals=((-0.75, 0.75),),
    ),
    Operation(
        name="atan", aliases=("arctan",), latex=r"\arctan",
        # 1/a^2 far out: a^2 leaves float64 at 1.3e154, this slope at 4.5e161.
        rules=("where(abs(a) < 1e50, 1/(1 + a^2), (1/max(abs(a), 1))^2)",),
        law="inverse functions",
        summary="inverse tangent",
        value=math.atan, numpy="arctan", sympy="atan",
        losses=(Loss(2, "where(abs(a) < 8e307, 0, 1/0)", "2·a leaves float64"),),
    ),
    Operation(
        # At the origin both slopes are a computed 0, `b` and `-a`, as array libraries have it.
        # Elsewhere they are b/(a^2 + b^2) and -a/(a^2 + b^2), whose squares would leave float64.
        name="atan2", aliases=("arctan2",),
        rules=("where(hypot(a, b) == 0, b, b/hypot(a, b)/hypot(a, b))",
               "where(hypot(a, b) == 0, -a, -a/hypot(a, b)/hypot(a, b))"),
        law="inverse functions",
        summary="angle of the point with abscissa b and ordinate a",
        value=math.atan2, numpy="arctan2", sympy="atan2",
        kinks=(Kink("hypot(a, b) == 0", "the origin has no angle; 0 is used",
                    others="PyTorch uses 0 too, JAX has nan, SymPy zoo and 0",
                    text="a == 0 and b == 0"),
               Kink("where(a == 0, b, 1) < 0", "the angle jumps by 2 pi on the negative axis",
                    "jump", others="PyTorch and JAX use the slopes beside the jump too",
                    text="a == 0 and b < 0")),
        intervals=((0.5, 2.0), (0.5, 2.0)),
        losses=(Loss(1, "where(hypot(a, b) < 1.7e308, 0, 1/0)", "hypot(a, b) leaves float64"),
                Loss(2, "where(hypot(a, b) < 1e-150, 1/0, 0)", "1/(a^2 + b^2) leaves float64"),
                Loss(2, "", "the mixed second slope crosses 0 where a is b or -b")),
    ),
)  # fmt: skip
