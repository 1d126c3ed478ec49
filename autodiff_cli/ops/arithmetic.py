"""Sums, products and powers: the operators of the language, and roots."""

from __future__ import annotations

import math
import operator

from autodiff_cli.ops import ieee
from autodiff_cli.ops.row import POWER, PRODUCT, SIGN, SUM, Kink, Loss, Operation

UPRIGHT = "PyTorch and JAX have inf too; SymPy has zoo, infinity without a sign"
NO_REAL = "PyTorch and JAX have nan; SymPy goes on with complex numbers"

ROWS = (
    Operation(
        name="add", symbol="+", python="+", precedence=SUM, variadic=True,
        rules=("1",),
        law="sum rule",
        summary="sum of two or more terms",
        value=ieee.add, numpy="add", sympy="Add",
        intervals=((-2.0, 2.0), (-2.0, 2.0)),
    ),
    Operation(
        name="subtract", symbol="-", python="-", precedence=SUM,
        rules=("1", "-1"),
        law="difference rule",
        summary="difference",
        value=operator.sub, numpy="subtract", definition="a + -b",
        intervals=((-2.0, 2.0), (-2.0, 2.0)),
    ),
    Operation(
        name="negate", symbol="-", python="-", precedence=SIGN,
        rules=("-1",),
        law="constant multiple rule",
        summary="opposite",
        value=operator.neg, numpy="negative", definition="-1*a",
    ),
    Operation(
        name="multiply", symbol="*", python="*", precedence=PRODUCT,
        rules=("b", "a"),
        law="product rule",
        summary="product",
        value=operator.mul, numpy="multiply", sympy="Mul",
        intervals=((-2.0, 2.0), (-2.0, 2.0)),
    ),
    Operation(
        name="divide", symbol="/", precedence=PRODUCT, latex=r"\frac{{{a}}}{{{b}}}",
        rules=("1/b", "-y/b"),
        law="quotient rule",
        summary="quotient",
        value=ieee.divide, numpy="divide", definition="a*b^-1",
        domain="b != 0",
        outside="PyTorch and JAX divide by 0 too; SymPy has zoo, unless the divisor cancels",
        intervals=((-2.0, 2.0), (0.5, 2.0)),
        losses=(Loss(1, "where(abs(y) < 2.3e-308, 1/0, 0)", "a/b lies below 2.3e-308"),),
    ),
    Operation(
        # The inner `where` take 1 for a base of 0 where the slope would be 0·inf: there the rules
        # are 0 and stay differentiable. The exponent's 0 is computed, it does not block the edge.
        name="power", symbol="^", precedence=POWER, latex="{a}^{{{b}}}",
        rules=("where(b == 0, 0, b*where(b == 0, where(a == 0, 1, a), a)^(b - 1))",
               "y*ln(where(a == 0, where(b >= 0, 1, a), a))"),
        law="power rule",
        summary="power",
        value=ieee.power, numpy="power", sympy="Pow",
        domain="where(a > 0, 0, where(a == 0, where(b < 0, 1, 0), b - floor(b))) == 0",
        domain_text="a > 0, or a = 0 with b ≥ 0, or b whole",
        outside="for a negative base PyTorch and JAX have nan and SymPy complex numbers; "
        "for 0 PyTorch is infinite too, and JAX has nan by the exponent",
        kinks=(Kink("where(a == 0, where(b > 0, where(b < 1, 1, 0), 0), 0) == 1",
                    "a root is vertical at 0", "infinite-slope", operand=0, others=UPRIGHT,
                    text="a == 0 and 0 < b < 1"),
               Kink("where(a == 0, where(b >= 0, 1, 0), 0) == 1",
                    "0 is used as the slope by the exponent {b} of 0^{b}", operand=1,
                    others="PyTorch and JAX use 0 too, but at 0^0 JAX has nan by the base; "
                    "SymPy has nan or zoo",
                    text="a == 0 and b ≥ 0")),
        intervals=((0.5, 2.0), (-2.0, 2.0)),
        losses=(Loss(1, "2*(abs(b) + 2)*abs(ln(abs(a)))",
                     "b - 1 is rounded before it is an exponent"),
                Loss(1, "where(a < 0, where(abs(b) < 9e15, 0, 1/0), 0)",
                     "b - 1 is no whole number of float64"),
                Loss(1, "where(max(abs(b), abs(b - 2))*abs(log2(abs(a))) < 1000, 0, 1/0)",
                     "a power in it leaves float64, or lies below 2.3e-308"),
                Loss(2, "", "the mixed second slope crosses 0 where b·ln(a) is -1")),
    ),
    Operation(
        name="sqrt", latex=r"\sqrt{{{a}}}",
        rules=("1/(2*y)",),
        law="power rule",
        summary="square root",
        value=ieee.sqrt, numpy="sqrt", sympy="sqrt",
        domain="a >= 0", outside=NO_REAL,
        kinks=(Kink("a == 0", "the root is vertical at 0", "infinite-slope", others=UPRIGHT),),
        intervals=((0.25, 4.0),),
    ),
    Operation(
        name="cbrt", latex=r"\sqrt[3]{{{a}}}",
        rules=("1/(3*y^2)",),
        law="power rule",
        summary="cube root, real for negative numbers too",
        value=math.cbrt, numpy="cbrt", definition="where(a >= 0, a^(1/3), -(-a)^(1/3))",
        kinks=(Kink("a == 0", "the root is vertical at 0", "infinite-slope",
                    others="JAX has inf too"),),
        intervals=((0.25, 4.0),),
        losses=(Loss(2, "24", "up to four units of the root itself, five times"),),
    ),
    Operation(
        name="hypot",
        # a/y, arranged so that its own slope b^2/y^3 is no difference where b is small.
        rules=("where(abs(a) <= abs(b), a/y, sign(a)*(1 - b/y*(b/(y + abs(a)))))",
               "where(abs(b) <= abs(a), b/y, sign(b)*(1 - a/y*(a/(y + abs(b)))))"),
        law="derivative of the hypotenuse",
        summary="length of the hypotenuse, sqrt(a^2 + b^2) without overflow",
        value=math.hypot, numpy="hypot", definition="sqrt(a^2 + b^2)",
        kinks=(Kink("y == 0", "the tip of a cone has no slope: 0/0",
                    others="PyTorch has nan too, JAX uses 1/2 for each side"),),
        intervals=((0.5, 2.0), (0.5, 2.0)),
        losses=(Loss(1, "where(y < 2.3e-308, 1/0, 0)", "y lies below 2.3e-308"),
                Loss(1, "where(y < 1.79e308, 0, 1/0)", "y leaves float64"),
                Loss(2, "where(y < 1e290, 0, 1/0)", "the second slopes lie below 2.3e-308")),
    ),
)  # fmt: skip
