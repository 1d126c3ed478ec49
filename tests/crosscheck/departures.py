"""What each library is known to do in its own way, with its own arithmetic.

As jax's lax.py and autograd's numpy_vjps.py have it, and as PyTorch's numbers show. `COMPOSED`
are rows that a library lacks, or computes from others: autodiff answers for their parts.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping

from autodiff_cli.engine import rules
from autodiff_cli.ops import FUNCTIONS, ieee
from autodiff_cli.ops.ieee import divide as over
from autodiff_cli.ops.row import Operation
from tests.crosscheck.twin import NORMAL, Departure
from tests.crosscheck.unfolded import Passes, passing

_POLE = "the adjoint is multiplied, then divided; autodiff's slope alone leaves float64"
_NOTHING = "sign, floor and ceil pass nothing, where autodiff passes a 0 on"
_ORIGIN = "atan2 has no slope where a^2 + b^2 is 0 or below 2.3e-308"
_INVERSE = "atan2's slopes use 1/(a^2 + b^2), which overflows, and 0 for 1/0"
_QUOTIENT = "the slope of a remainder is -floor(a/b) at once, of numbers without a remainder too"
_LINEAR = "softplus is a itself above 20, and its slope e^a/(e^a + 1) below"
_LOST = "'s slope is computed without care for digits that cancel or squares that leave float64"
_CANCELS = "gelu uses 1 + erf(a/sqrt(2)), which cancels far out"
_LOSES = "max and min multiply by 0 on the side not taken, where autodiff blocks the edge"
_NAN_TIE = "max and min pass 0 to both sides beside a nan"


def _nan(a: float, b: float, y: float) -> bool:
    return a != a


def _any_nan(a: float, b: float, y: float) -> bool:
    return a != a or b != b


def _square(a: float, b: float, y: float = 0.0) -> float:
    return a * a + b * b


def _flushed(number: float) -> float:
    return number if abs(number) >= NORMAL else 0.0


def _without_inf(number: float) -> float:
    return 0.0 if number == math.inf else number


def _zeros(a: float, b: float, y: float) -> bool:
    return a == 0 and b == 0


def _loses(position: int) -> Callable[[float, float, float], bool]:
    """Hold where max or min does not take the operand."""
    return lambda a, b, y: (a, b)[position] != y and a == a and b == b


def _without(g: float, a: float, b: float, y: float) -> float:
    return g * 0.0


#: What passes an edge as all three compute it, over the adjoint g and a, b, y.
QUOTIENTS = {
    ("ln", 0): "g/a", ("log2", 0): "g/a/ln(2)", ("log10", 0): "g/a/ln(10)",
    ("log1p", 0): "g/(1 + a)", ("divide", 0): "g/b", ("atanh", 0): "g/(1 - a^2)",
    ("atan", 0): "g/(1 + a^2)", ("asin", 0): "g/sqrt(1 - a^2)", ("acos", 0): "-g/sqrt(1 - a^2)",
    ("mod", 1): "-g*floor(a/b)", ("fmod", 1): "-g*(sign(a/b)*floor(abs(a/b)))",
    ("asinh", 0): "g/sqrt(1 + a^2)", ("expm1", 0): "g*(y + 1)", ("sigmoid", 0): "g*y*(1 - y)",
}  # fmt: skip

_INVERSE_SQUARE = "where(a*a + b*b == 0, 0, 1/(a*a + b*b))"

#: The same where PyTorch has other ones.
TORCH_QUOTIENTS = QUOTIENTS | {
    ("log2", 0): "g/(a*ln(2))", ("log10", 0): "g/(a*ln(10))", ("divide", 1): "-g*(a/b/b)",
    ("sqrt", 0): "g/(2*y)",
    ("atan2", 0): f"g*b*{_INVERSE_SQUARE}", ("atan2", 1): f"g*-a*{_INVERSE_SQUARE}",
    ("softplus", 0): "where(a > 20, g, g*exp(a)/(exp(a) + 1))",
    ("hypot", 0): "g*a/y", ("hypot", 1): "g*b/y", ("tanh", 0): "g*(1 - y*y)",
    ("acosh", 0): "g*(1/sqrt(a*a - 1))", ("atan", 0): "g/(a*a + 1)",
}  # fmt: skip

_SAID = {"atan2": _INVERSE, "softplus": _LINEAR, "mod": _QUOTIENT, "fmod": _QUOTIENT} | {
    row: row + _LOST for row in ("asin", "acos", "asinh", "acosh", "expm1", "sigmoid", "tanh")
}


def _written(passes: Mapping[tuple[str, int], str]) -> tuple[Departure, ...]:
    """Return departures whose arithmetic is text."""
    return tuple(
        Departure(_SAID.get(row, _POLE), row, _compiled(text), operand)
        for (row, operand), text in passes.items()
    )


def _compiled(text: str) -> Callable[[float, float, float, float], float]:
    source = rules.python(passing(text))
    names = ("g", "a", "b", "y")
    return rules.compile_formula(source, rules.scalar_functions(), names)


TORCH = (
    Departure("sign of nan is 0", "sign", value=lambda a: 0.0, holds=_nan),
    Departure("abs has slope 0 at nan", "abs", _without, holds=_nan),
    Departure(_LINEAR, "softplus", value=lambda a: a,
              holds=lambda a, b, y: a > 20),
    *(Departure("of two zeros max and min take the first", row, value=lambda a, b: a,
                holds=_zeros) for row in ("max", "min")),
    Departure("sigmoid is 0 where e^-a leaves float64", "sigmoid",
              value=lambda a: over(1.0, 1 + ieee.exp(-a))),
    Departure("silu is 0 where e^-a leaves float64", "silu",
              value=lambda a: over(a, 1 + ieee.exp(-a))),
    Departure(_CANCELS, "gelu", value=lambda a: a / 2 * (1 + math.erf(a / math.sqrt(2)))),
    Departure(_CANCELS, "gelu",
              lambda g, a, b, y: g * ((1 + math.erf(a / math.sqrt(2))) / 2
                                      + a * ieee.exp(-a * a / 2) / math.sqrt(2 * math.pi))),
    *_written(TORCH_QUOTIENTS),
)  # fmt: skip

JAX = (
    *(Departure(_NOTHING, row) for row in ("sign", "floor", "ceil")),
    *(Departure(_NAN_TIE, row, _without, holds=_any_nan) for row in ("max", "min")),
    *(Departure(_LOSES, row, _without, k, _loses(k)) for row in ("max", "min") for k in (0, 1)),
    Departure("relu has slope 0 at nan", "relu", lambda g, a, b, y: 0.0, holds=_nan),
    Departure("abs has slope 1 at 0", "abs", lambda g, a, b, y: g, holds=lambda a, b, y: a == 0),
    Departure("abs has slope -1 at nan", "abs", lambda g, a, b, y: -g, holds=_nan),
    Departure("a^0 has the slope 0*a^-1", "power",
              lambda g, a, b, y: g * (b * ieee.power(a, b - 1)), 0, lambda a, b, y: b == 0),
    Departure("0^b has the slope ln(1)*y in b", "power",
              lambda g, a, b, y: g * (0.0 * y), 1, lambda a, b, y: a == 0),
    Departure("the divisor's slope is divided by its square", "divide",
              lambda g, a, b, y: -g * a * over(1.0, b * b), 1),
    Departure(_ORIGIN, "atan2", lambda g, a, b, y: g * over(b, _flushed(a * a + b * b)), 0),
    Departure(_ORIGIN, "atan2", lambda g, a, b, y: g * over(-a, _flushed(a * a + b * b)), 1),
    Departure("atan2 of two numbers below 2.3e-308 is pi/2", "atan2",
              value=lambda a, b: math.pi / 2, holds=_zeros),
    Departure("sign of -0 is -0", "sign", value=lambda a: a, holds=lambda a, b, y: a == 0),
    Departure("relu of -0 is 0", "relu", value=lambda a: 0.0, holds=lambda a, b, y: a == 0),
    Departure("tanh's slope is (1 + y)(1 - y)", "tanh",
              lambda g, a, b, y: (g + g * y) * (1 - y)),
    Departure("atanh's slope is 1/(1 + a) times 1/(1 - a)", "atanh",
              lambda g, a, b, y: over(1.0, 1 + a) * over(g, 1 - a)),
    Departure("softplus's slope is e^(a - y), of infinities e^0", "softplus",
              lambda g, a, b, y: g * ieee.exp(_without_inf(a) - _without_inf(y))),
    *_written(QUOTIENTS),
)  # fmt: skip

AUTOGRAD = (
    *(Departure(_NOTHING, row) for row in ("sign", "floor", "ceil")),
    *(Departure(_NAN_TIE, row, _without, holds=_any_nan) for row in ("max", "min")),
    *(Departure(_LOSES, row, _without, k, _loses(k)) for row in ("max", "min") for k in (0, 1)),
    Departure("abs's slope is a/y", "abs",
              lambda g, a, b, y: over(g * a, y or 1.0)),
    Departure("a^b's slope is g*b times a^(b-1), or times a where b is 0", "power",
              lambda g, a, b, y: g * b * ieee.power(a, b - 1 if b else 1.0), 0),
    Departure("0^b has the slope ln(1)*y in b", "power",
              lambda g, a, b, y: g * 0.0 * y, 1, lambda a, b, y: a == 0),
    Departure("the divisor's slope is divided by its square", "divide",
              lambda g, a, b, y: over(-g * a, b * b), 1),
    Departure("atan2's slope is g*b over the sum of squares, also at the origin", "atan2",
              lambda g, a, b, y: over(g * b, _square(a, b)), 0),
    Departure("atan2's slope is g*b over the sum of squares, also at the origin", "atan2",
              lambda g, a, b, y: over(g * -a, _square(a, b)), 1),
    Departure("tan's slope is 1/cos^2", "tan",
              lambda g, a, b, y: over(g, ieee.cos(a) ** 2)),
    Departure("tanh's slope is 1/cosh^2", "tanh",
              lambda g, a, b, y: over(g, ieee.power(ieee.cosh(a), 2.0))),
    Departure("sqrt's slope is a^-0.5/2", "sqrt",
              lambda g, a, b, y: g * 0.5 * ieee.power(a, -0.5)),
    *_written(QUOTIENTS),
)  # fmt: skip

DEPARTURES: dict[str, tuple[Departure, ...]] = {
    "exact": (),
    "torch": TORCH,
    "jax": JAX,
    "autograd": AUTOGRAD,
}

_SECOND = "exp(-(b*b)/2)/sqrt(2*pi)"

#: Slopes with second slopes of their own in PyTorch: over the adjoint a and the operand (of
#: sigmoid the result) b.
_THRESHOLD = Operation(
    name="relu's slope", rules=("where(b <= 0, 0, 1)", "0"), summary="",
    value=lambda a, b: 0.0 if b <= 0 else a,
)  # fmt: skip
_SIGMOID = Operation(
    name="sigmoid's slope", rules=("(1 - b)*b", "a*(1 - 2*b)"), summary="",
    value=lambda a, b: a * (1 - b) * b,
)  # fmt: skip
_SOFTPLUS = Operation(
    name="softplus's slope", summary="",
    rules=("where(b > 20, 1, sigmoid(b))", "where(b > 20, 0, a*(sigmoid(b)*(1 - sigmoid(b))))"),
    value=lambda a, b: a if b > 20 else over(a * ieee.exp(b), ieee.exp(b) + 1),
)  # fmt: skip
_GELU = Operation(
    name="gelu's slope", summary="",
    rules=(f"(1 + erf(b/sqrt(2)))/2 + b*{_SECOND}", f"a*(2 - b*b)*{_SECOND}"),
    value=lambda a, b: a * ((1 + math.erf(b / math.sqrt(2))) / 2
                            + b * ieee.exp(-b * b / 2) / math.sqrt(2 * math.pi)),
)  # fmt: skip

#: What passes an edge, for second derivatives.
PASSES: dict[str, Passes] = {
    "torch": TORCH_QUOTIENTS | {
        ("power", 0): "where(b == 0, 0, g*(b*a^(b - 1)))",
        ("power", 1): "g*where(a == 0, where(b >= 0, 0, y*ln(a)), y*ln(a))",
        ("relu", 0): (_THRESHOLD, "a"), ("gelu", 0): (_GELU, "a"), ("sigmoid", 0): (_SIGMOID, "y"),
        ("softplus", 0): (_SOFTPLUS, "a"),
    }, "jax": QUOTIENTS, "autograd": QUOTIENTS,
}  # fmt: skip

#: What a library does only where it differentiates a second time.
SECOND = {
    "torch": (
        Departure("abs's slope passes nothing on, not even a 0", "sign"),
        Departure("floor, and the slope of a remainder, pass nothing on", "floor"),
    )
}

_CALLS = {
    "sec": "1/cos(a)",
    "csc": "1/sin(a)",
    "cot": "1/tan(a)",
    "log": "ln(a)/ln(b)",
    "sech": "1/cosh(a)",
}
_CBRT = "sign(a)*abs(a)^(1/3)"

#: Rows that none of the three has, or that `autodiff compare` does not ask it for.
_CALLS |= {
    row.name: row.computed or row.definition
    for name in (
        "logit",
        "csch",
        "coth",
        "acot",
        "asec",
        "acsc",
        "acoth",
        "asech",
        "acsch",
        "leaky_relu",
        "elu",
        "mish",
        "softsign",
        "sinc",
    )
    for row in FUNCTIONS[name]
}
_BOUNDS = {"clamp": "min(max(a, b), c)"}
_FMOD = {"fmod": "a - b*sign(a/b)*floor(abs(a/b))"}
_M, _N = "max(abs(a), abs(b))", "min(abs(a), abs(b))"

COMPOSED: dict[str, dict[str, str]] = {
    "exact": {},
    "torch": {**_CALLS, **_BOUNDS, "cbrt": _CBRT},
    "jax": {**_CALLS, **_BOUNDS, "silu": "a*sigmoid(a)",
            "hypot": f"where({_M} == 0, {_M}, {_M}*sqrt(1 + ({_N}/where({_M} == 0, 1, {_M}))^2))"},
    "autograd": {**_CALLS, **_BOUNDS, **_FMOD, "cbrt": _CBRT, "hypot": "sqrt(a*a + b*b)",
                 "relu": "where(a < 0, 0, a)", "sigmoid": "1/(1 + exp(-a))",
                 "softplus": "max(a, 0) + log1p(exp(-abs(a)))", "silu": "a/(1 + exp(-a))",
                 "gelu": "a/2*(1 + erf(a/sqrt(2)))"},
}  # fmt: skip

#: Libraries whose arithmetic takes numbers below the normal range for 0.
FLUSHING = ("jax",)
