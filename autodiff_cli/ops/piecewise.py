"""Operations with pieces: a comparison decides, and the edge that was not taken is blocked."""

from __future__ import annotations

import math
import operator
from collections.abc import Callable

from autodiff_cli.ops import ieee
from autodiff_cli.ops.row import COMPARISON, Kink, Loss, Operation

STEP = "the function jumps here; the slope of its flat pieces, 0, is used"
STAIRS = "PyTorch and JAX use 0 too; SymPy leaves the derivative unevaluated"
JUMP = "the remainder jumps here; the slope of its pieces is used"
REMAINDERS = "PyTorch uses it too; SymPy leaves the derivative unevaluated"
QUOTIENT = Loss(
    1, "where(max(abs(a/b), abs(1/b))/abs(b) < 1e308, 0, 1/0)", "a/b^2 or 1/b^2 leaves float64"
)
TIE = "PyTorch, JAX and SymPy halve it too"
PLANE = ((-2.0, 2.0), (-2.0, 2.0))


def comparison(
    name: str, symbol: str, value: Callable[..., float], sympy: str, latex: str
) -> Operation:
    """Return the row of one comparison: a condition, so it has no derivative and no `w`."""
    return Operation(
        name=name, symbol=symbol, python=symbol, precedence=COMPARISON, latex=latex,
        rules=("", ""), summary="comparison, only as the condition of where",
        value=value, numpy=name, sympy=sympy, intervals=PLANE,
    )  # fmt: skip


COMPARISONS = (
    comparison("less", "<", operator.lt, "StrictLessThan", "{a} < {b}"),
    comparison("less_equal", "<=", operator.le, "LessThan", r"{a} \le {b}"),
    comparison("greater", ">", operator.gt, "StrictGreaterThan", "{a} > {b}"),
    comparison("greater_equal", ">=", operator.ge, "GreaterThan", r"{a} \ge {b}"),
    comparison("equal", "==", operator.eq, "Equality", "{a} = {b}"),
    comparison("not_equal", "!=", operator.ne, "Unequality", r"{a} \ne {b}"),
)

ROWS = (
    *COMPARISONS,
    Operation(
        name="where",
        latex=r"\begin{{cases}} {b} & {a} \\ {c} & \text{{otherwise}} \end{{cases}}",
        rules=("", "where(a != 0, 1, 0)", "where(a != 0, 0, 1)"),
        law="derivative piece by piece",
        summary="b where the condition a holds, else c",
        value=ieee.where, numpy="where", sympy="Piecewise",
        intervals=((0.0, 1.0), *PLANE),
    ),
    Operation(
        name="abs", latex=r"\left|{a}\right|",
        rules=("sign(a)",),
        law="derivative of the absolute value",
        summary="absolute value, |a|",
        value=math.fabs, numpy="abs", sympy="Abs",
        kinks=(Kink("a == 0", "slope −1 on the left and 1 on the right; 0 is used",
                    others="PyTorch and SymPy use 0 too, JAX uses 1"),),
        intervals=((0.25, 2.0),),
    ),
    Operation(
        name="sign",
        rules=("0",),
        law="constant rule",
        summary="−1, 0 or 1 by the sign of a",
        value=ieee.sign, numpy="sign", sympy="sign",
        kinks=(Kink("a == 0", STEP, "jump",
                    others="PyTorch and JAX use 0 too; SymPy has a delta function"),),
        intervals=((0.25, 2.0),),
    ),
    Operation(
        name="floor", latex=r"\left\lfloor {a} \right\rfloor",
        rules=("0",),
        law="constant rule",
        summary="largest whole number not above a",
        value=ieee.floor, numpy="floor", sympy="floor",
        kinks=(Kink("a == floor(a)", STEP, "jump", others=STAIRS, text="a whole"),),
        intervals=((1.1, 1.9),),
    ),
    Operation(
        name="ceil", latex=r"\left\lceil {a} \right\rceil",
        rules=("0",),
        law="constant rule",
        summary="smallest whole number not below a",
        value=ieee.ceil, numpy="ceil", sympy="ceiling",
        kinks=(Kink("a == floor(a)", STEP, "jump", others=STAIRS, text="a whole"),),
        intervals=((1.1, 1.9),),
    ),
    Operation(
        # Each rule asks where its own side loses, so that beside a nan neither edge is blocked.
        name="max", latex=r"\max",
        rules=("where(a == b, 1/2, where(a < b, 0, 1))",
               "where(a == b, 1/2, where(a > b, 0, 1))"),
        law="derivative piece by piece",
        summary="the larger; more than two are taken from the left",
        value=ieee.maximum, numpy="maximum", sympy="Max",
        kinks=(Kink("a == b", "a tie; each side gets half", others=TIE),),
        intervals=((0.0, 0.9), (1.1, 2.0)),
    ),
    Operation(
        name="min", latex=r"\min",
        rules=("where(a == b, 1/2, where(a > b, 0, 1))",
               "where(a == b, 1/2, where(a < b, 0, 1))"),
        law="derivative piece by piece",
        summary="the smaller; more than two are taken from the left",
        value=ieee.minimum, numpy="minimum", sympy="Min",
        kinks=(Kink("a == b", "a tie; each side gets half", others=TIE),),
        intervals=((0.0, 0.9), (1.1, 2.0)),
    ),
    Operation(
        # Where the bounds meet the upper one counts, so that the three slopes add up to 1.
        name="clamp",
        rules=("where(a < b, 0, where(a > c, 0, where(b < c, 1, 0)))",
               "where(a < b, where(b < c, 1, 0), 0)",
               "where(a > c, 1, where(b >= c, 1, 0))"),
        law="derivative piece by piece",
        summary="a, but b where it is below b, and c where it is above c",
        definition="min(max(a, b), c)",
        kinks=(Kink("where(a == b, where(b < c, 1, 0), 0) == 1",
                    "slope 0 below the bound and 1 above; 1 is used, and 0 for the bound",
                    others="PyTorch uses them too", text="a == b"),
               Kink("where(a == c, where(b < c, 1, 0), 0) == 1",
                    "slope 1 below the bound and 0 above; 1 is used, and 0 for the bound",
                    others="PyTorch uses them too", text="a == c"),
               Kink("where(b == c, where(a <= b, 1, 0), 0) == 1",
                    "the bounds meet; the slope of the upper one is used",
                    others="PyTorch has 0 for both", text="b == c")),
        intervals=((-0.75, 0.75), (-2.0, -1.0), (1.0, 2.0)),
    ),
    Operation(
        # The slope by b is minus the whole quotient, which (y - a)/b is but for rounding.
        name="fmod",
        rules=("1", "floor((y - a)/b + 1/2)"),
        law="derivative of the remainder",
        summary="remainder of a/b with the sign of a, as in C",
        value=ieee.fmod, numpy="fmod", definition="a - b*sign(a/b)*floor(abs(a/b))",
        losses=(QUOTIENT,),
        domain="b != 0",
        kinks=(Kink("where(y == 0, a, 0) != 0", JUMP, "jump", others=REMAINDERS,
                    text="a a multiple of b"),),
        intervals=((1.1, 1.9), (0.8, 1.0)),
    ),
    Operation(
        name="mod",
        rules=("1", "floor((y - a)/b + 1/2)"),
        law="derivative of the remainder",
        summary="remainder of a/b with the sign of b, a - b*floor(a/b), as in Python",
        definition="a - b*floor(a/b)",
        computed="where(sign(fmod(a, b))*sign(b) < 0, fmod(a, b) + b, fmod(a, b))",
        losses=(QUOTIENT,),
        domain="b != 0",
        kinks=(Kink("y == 0", JUMP, "jump", others=REMAINDERS, text="a a multiple of b"),),
        intervals=((1.1, 1.9), (0.8, 1.0)),
    ),
)  # fmt: skip
