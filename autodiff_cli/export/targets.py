"""What each language calls things: names only, no derivative and no formula of a derivative.

NumPy's, JAX's and SymPy's names stand in the operation table already. An operation that a
language lacks is written out from its row's definition, or from `PIECES`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from autodiff_cli.export import names
from autodiff_cli.ops import OPERATIONS

#: Operations whose name in C, in JavaScript's Math and in Python's math is the program's own.
_COMMON = (
    "sqrt", "cbrt", "hypot", "exp", "expm1", "log2", "log10", "log1p", "sin", "cos", "tan", "asin",
    "acos", "atan", "atan2", "sinh", "cosh", "tanh", "asinh", "acosh", "atanh",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Target:
    """One language.

    Attributes:
        name: as in `--to`.
        functions: operation → name of the function in the language.
        reserved: names that a variable cannot have.
        imports: lines at the top.
        constants: e and pi.
        infinite: inf and nan.
        where: template of a choice over {a}, {b}, {c}.
        power: template where the exponent is no whole constant.
        floats: write every constant with a decimal point.
        ascii_only: names are letters of the English alphabet.
        constant_functions: functions take numbers too, not only arrays.
        comment: begins a comment.
        equal: templates of == and != where they are not operators.
        pieces: operation → source of a function that the language lacks.
        roots: exponents that the language's `**` takes for a root, which differs at -0 and -inf:
            the piece `power` is called instead.
    """

    name: str
    functions: Mapping[str, str]
    reserved: frozenset[str] | set[str]
    imports: tuple[str, ...] = ()
    constants: Mapping[str, str] = field(default_factory=dict)
    infinite: tuple[str, str] = ("math.inf", "math.nan")
    where: str = "({b} if {a} else {c})"
    power: str = "{a}**{b}"
    floats: bool = False
    ascii_only: bool = False
    constant_functions: bool = True
    comment: str = "# "
    equal: Mapping[str, str] = field(default_factory=dict)
    pieces: Mapping[str, str] = field(default_factory=dict)
    roots: tuple[float, ...] = ()


def _named(prefix: str, own: str = "", **others: str) -> dict[str, str]:
    return {name: prefix + name for name in (*_COMMON, *own.split())} | others


_NUMPY = {
    row.name: row.numpy
    for row in OPERATIONS
    if row.numpy and not row.symbol and row.name not in ("erf", "erfc")
}
_ERF = """\
def erf(a):
    \"\"\"Error function; NumPy has none.\"\"\"
    return np.vectorize(math.erf, otypes=[float])(a)
"""
_ERFC = """\
def erfc(a):
    \"\"\"Complementary error function; NumPy has none.\"\"\"
    return np.vectorize(math.erfc, otypes=[float])(a)
"""
_CBRT = """\
def cbrt(a):
    \"\"\"Cube root, real for negative numbers too.\"\"\"
    return torch.copysign(torch.abs(a)**(1/3), a)
"""
_TORCH_SIGN = """\
def sign(a):
    \"\"\"Sign; torch.sign(nan) is 0.\"\"\"
    return torch.where(torch.isnan(a), a, torch.sign(a))
"""
_JAX_SIGN = """\
def sign(a):
    \"\"\"Sign; jnp.sign(-0) is -0.\"\"\"
    return jnp.where(a == 0, 0.0, jnp.sign(a))
"""
_MAX = """\
def {name}(a, b):
    \"\"\"The {what}; of 0 and -0 the second, where {module}.{name} takes either.\"\"\"
    return {module}.where(a == b, b, {module}.{name}(a, b))
"""
_C_MAX = """\
static double {name}(double a, double b) {{
    return isnan(a) || a {sign} b ? a : b;  /* nan if either is; {c} drops it */
}}
"""
_SIGN = """\
static double sign(double a) {
    return a > 0.0 ? 1.0 : a < 0.0 ? -1.0 : isnan(a) ? a : 0.0;
}
"""
_JS_ERF = """\
function erf(a) {
  // Below 1/2 by 2/sqrt(pi) times the sum of (-1)^n a^(2n+1)/(n! (2n+1)), the smallest term first;
  // above as 1 - e^(-a^2)/sqrt(pi) times a continued fraction.
  const size = Math.abs(a);
  if (!(size < 6)) return Number.isNaN(a) ? a : Math.sign(a);
  if (size === 0) return a;  // a sum of 0 and -0 is 0
  if (size < 1/2) {
    const terms = [];
    for (let n = 0, power = a; n < 16; n++, power *= -a*a/n) terms.push(power/(2*n + 1));
    const sum = terms.reduceRight((part, term) => part + term);
    return 1.1283791670955126*sum;
  }
  let fraction = size;
  for (let n = Math.ceil(40 + 300/size/size); n > 0; n--) fraction = size + n/2/fraction;
  return Math.sign(a)*(1 - Math.exp(-size*size)*0.5641895835477563/fraction);
}
"""
_JS_MAX = """\
function {name}(a, b) {{
  return a {sign} b || a !== a ? a : b;  // of 0 and -0 Math.{js} has an order
}}
"""
_JS_SIGN = """\
function sign(a) {
  return a > 0 ? 1 : a < 0 ? -1 : a === a ? 0 : a;  // Math.sign(-0) is -0
}
"""
_JS_ERFC = """\
function erfc(a) {
  // Between -1/2 and 1/2 as 1 - erf(a), by its series; beyond as e^(-a^2)/sqrt(pi) times a
  // continued fraction.
  const size = Math.abs(a);
  if (!(size < 28)) return Number.isNaN(a) ? a : a < 0 ? 2 : 0;
  if (size < 1/2) {
    const terms = [];
    for (let n = 0, power = a; n < 16; n++, power *= -a*a/n) terms.push(power/(2*n + 1));
    const sum = terms.reduceRight((part, term) => part + term);
    return 1 - 1.1283791670955126*sum;
  }
  let fraction = size;
  for (let n = Math.ceil(40 + 300/size/size); n > 0; n--) fraction = size + n/2/fraction;
  const high = Math.fround(size);  // its square is exact, so that e^(-a^2) keeps its digits
  const power = Math.exp(-high*high)*Math.exp((high - size)*(high + size));
  const tail = power*0.5641895835477563/fraction;  // 1/sqrt(pi)
  return a < 0 ? 2 - tail : tail;
}
"""
_JS_FMOD = """\
function fmod(a, b) {
  return a % b;
}
"""
_JS_POWER = """\
function power(a, b) {
  // JavaScript answers NaN where IEEE 754 has 1.
  return a === 1 || (a === -1 && Math.abs(b) === Infinity) ? 1 : a**b;
}
"""


def _extremes(module: str) -> dict[str, str]:
    return {
        "max": _MAX.format(module=module, name="maximum", what="larger"),
        "min": _MAX.format(module=module, name="minimum", what="smaller"),
    }


_TORCH_TOO = ("abs", "floor", "ceil", "erf", "erfc", "fmod", "sigmoid")
_POWER = """\
def power(a, b):
    \"\"\"a**b; of a number b {module} takes a root, which differs at -0 and -inf.\"\"\"
    return {module}.{name}(a, {module}.full_like(a, b))
"""
_TORCH = {
    "power": _POWER.format(module="torch", name="pow"),
    "cbrt": _CBRT,
    "sign": _TORCH_SIGN,
} | _extremes("torch")
_JAX = {"sign": _JAX_SIGN} | _extremes("jnp")

_ALL = (
    Target(
        "python",
        _named("math.", ln="math.log", abs="abs", erf="math.erf", erfc="math.erfc",
               fmod="math.fmod"), names.PYTHON,
        imports=("import math",), constants={"e": "math.e", "pi": "math.pi"},
        power="math.pow({a}, {b})",
    ),
    Target(
        "numpy", {name: f"np.{numpy}" for name, numpy in _NUMPY.items()}, names.PYTHON,
        imports=("import numpy as np",), constants={"e": "np.e", "pi": "np.pi"},
        infinite=("np.inf", "np.nan"), where="np.where({a}, {b}, {c})",
        pieces={"erf": _ERF, "erfc": _ERFC, "power": _POWER.format(module="np", name="power")},
        roots=(0.5,),
    ),
    Target(
        "torch",
        {name: f"torch.{name}" for name in _COMMON if name != "cbrt"}
        | {name: f"torch.{name}" for name in _TORCH_TOO}
        | {"ln": "torch.log"},
        names.PYTHON, imports=("import torch",), constants={"e": "torch.e", "pi": "torch.pi"},
        infinite=("torch.inf", "torch.nan"), where="torch.where({a}, {b}, {c})",
        constant_functions=False, pieces=_TORCH, roots=(0.5, -0.5),
    ),
    Target(
        "jax",
        {name: f"jnp.{numpy}" for name, numpy in _NUMPY.items() if name not in _JAX}
        | {name: f"jax.scipy.special.{name}" for name in ("erf", "erfc")}
        | {"sigmoid": "jax.nn.sigmoid"},
        names.PYTHON, imports=("import jax", "import jax.numpy as jnp"),
        constants={"e": "jnp.e", "pi": "jnp.pi"}, infinite=("jnp.inf", "jnp.nan"),
        where="jnp.where({a}, {b}, {c})", constant_functions=False, pieces=_JAX,
    ),
    Target(
        "sympy",
        {row.name: f"sympy.{row.sympy}" for row in OPERATIONS if row.sympy and not row.symbol},
        names.PYTHON, imports=("import sympy",),
        constants={"e": "sympy.E", "pi": "sympy.pi"}, infinite=("sympy.oo", "sympy.nan"),
        where="sympy.Piecewise(({b}, {a}), ({c}, True))",
        equal={"==": "sympy.Eq({a}, {b})", "!=": "sympy.Ne({a}, {b})"},
    ),
    Target(
        "c", _named("", "erf erfc floor ceil fmod", ln="log", abs="fabs"), names.C,
        imports=("#include <math.h>",),
        constants={"e": "2.718281828459045", "pi": "3.141592653589793"},
        infinite=("INFINITY", "NAN"), where="({a} ? {b} : {c})", power="pow({a}, {b})",
        floats=True, ascii_only=True, comment="/* ",
        pieces={"max": _C_MAX.format(name="maximum", sign=">", c="fmax"),
                "min": _C_MAX.format(name="minimum", sign="<", c="fmin"), "sign": _SIGN},
    ),
    Target(
        "javascript",
        _named("Math.", "abs floor ceil", ln="Math.log"), names.JAVASCRIPT,
        constants={"e": "Math.E", "pi": "Math.PI"}, infinite=("Infinity", "NaN"),
        where="({a} ? {b} : {c})", power="power({a}, {b})", comment="// ",
        equal={"==": "{a} === {b}", "!=": "{a} !== {b}"},
        pieces={"erf": _JS_ERF, "erfc": _JS_ERFC, "fmod": _JS_FMOD, "power": _JS_POWER,
                "sign": _JS_SIGN,
                "max": _JS_MAX.format(name="maximum", sign=">", js="max"),
                "min": _JS_MAX.format(name="minimum", sign="<", js="min")},
    ),
)  # fmt: skip

TARGETS = {target.name: target for target in _ALL}
