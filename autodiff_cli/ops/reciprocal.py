"""Reciprocals of hyperbolic functions, and the inverses of all reciprocals.

Each is computed where floats neither cancel nor overflow: near |a| = 1 the square root is of a
product, (a - 1)(a + 1), and far out the argument is 1/a.
"""

from __future__ import annotations

from autodiff_cli.ops.row import Kink, Loss, Operation

_SIZE = "abs(where(abs(a) < 1e50, a, 2))"
_ROOT = f"sqrt(({_SIZE} - 1)*({_SIZE} + 1))"
_LENGTH = "sqrt((abs(a) - 1)*(abs(a) + 1))"
_FAR = "(1/max(abs(a), 1))^2"
_UPRIGHT = (
    Kink("abs(a) == 1", "the curve ends upright", "infinite-slope",
         others="SymPy has zoo, infinity without a sign"),
)  # fmt: skip
_BEYOND = "SymPy goes on with complex numbers"

ROWS = (
    Operation(
        name="csch", latex=r"\operatorname{csch}",
        rules=("-y*coth(a)",),
        law="hyperbolic functions",
        summary="hyperbolic cosecant, 1/sinh(a)",
        definition="1/sinh(a)",
        losses=(Loss(0, "where(abs(a) < 710, 0, 1/0)",
                     "0 is answered where sinh(a) leaves float64"),),
        domain="a != 0", intervals=((0.5, 2.5),),
    ),
    Operation(
        name="coth", latex=r"\coth",
        rules=("-csch(a)^2",),
        law="hyperbolic functions",
        summary="hyperbolic cotangent, 1/tanh(a)",
        definition="1/tanh(a)",
        domain="a != 0", intervals=((0.5, 2.5),),
    ),
    Operation(
        name="acot", aliases=("arccot",),
        rules=(f"where(abs(a) < 1e50, -1/(1 + a^2), -{_FAR})",),
        law="inverse functions",
        summary="inverse cotangent between 0 and pi, pi/2 - atan(a)",
        definition="atan2(1, a)",
        losses=(Loss(2, "where(abs(a) < 8e307, 0, 1/0)", "2·a leaves float64"),),
    ),
    Operation(
        name="asec", aliases=("arcsec",),
        rules=(f"where(abs(a) < 1e50, 1/(abs(a)*{_ROOT}), {_FAR})",),
        law="inverse functions",
        summary="inverse secant, acos(1/a)",
        definition="acos(1/a)",
        computed=f"where(a > 0, atan({_LENGTH}), pi - atan({_LENGTH}))",
        domain="abs(a) >= 1", outside=_BEYOND, kinks=_UPRIGHT, intervals=((1.25, 4.0),),
    ),
    Operation(
        name="acsc", aliases=("arccsc",),
        rules=(f"where(abs(a) < 1e50, -1/(abs(a)*{_ROOT}), -{_FAR})",),
        law="inverse functions",
        summary="inverse cosecant, asin(1/a)",
        definition="asin(1/a)",
        computed=f"where(abs(a) > 2, asin(1/a), sign(a)*atan(1/{_LENGTH}))",
        domain="abs(a) >= 1", outside=_BEYOND, kinks=_UPRIGHT, intervals=((1.25, 4.0),),
    ),
    Operation(
        name="acoth", aliases=("arccoth", "arcoth"),
        rules=(f"where(abs(a) < 1e50, 1/((1 - {_SIZE})*(1 + {_SIZE})), -{_FAR})",),
        law="inverse functions",
        summary="inverse hyperbolic cotangent, atanh(1/a)",
        definition="atanh(1/a)", computed="sign(a)*log1p(2/(abs(a) - 1))/2",
        domain="abs(a) > 1", outside=_BEYOND, intervals=((1.25, 4.0),),
    ),
    Operation(
        name="asech", aliases=("arcsech", "arsech"),
        rules=("-1/a/sqrt((1 - a)*(1 + a))",),
        law="inverse functions",
        summary="inverse hyperbolic secant, acosh(1/a)",
        definition="acosh(1/a)",
        computed="where(a < 1/2, log1p(sqrt((1 - a)*(1 + a))) - ln(a), "
        "asinh(sqrt((1 - a)*(1 + a))/sqrt(a)^2))",
        domain="where(a > 0, where(a <= 1, 1, 0), 0) == 1", domain_text="0 < a ≤ 1",
        outside=_BEYOND,
        kinks=(Kink("a == 1", "the curve ends upright", "infinite-slope",
                    others="SymPy has zoo, infinity without a sign"),),
        losses=(Loss(2, "", "the second slope crosses 0 where a^2 is 1/2"),),
        intervals=((0.2, 0.8),),
    ),
    Operation(
        name="acsch", aliases=("arccsch", "arcsch"),
        rules=(f"where(abs(a) < 1e50, -1/({_SIZE}*hypot(1, {_SIZE})), -{_FAR})",),
        law="inverse functions",
        summary="inverse hyperbolic cosecant, asinh(1/a)",
        definition="asinh(1/a)",
        computed="where(abs(a) < 1e-9, where(a == 0, 1/a, sign(a)*(ln(2) - ln(abs(a)))), "
        "asinh(1/a))",
        domain="a != 0", intervals=((0.5, 2.5),),
    ),
)  # fmt: skip
