"""What people mean: names from NumPy, PyTorch, C, spreadsheets and books, and what to write."""

from __future__ import annotations

from types import MappingProxyType

#: Names that read as they are, bare or behind a module: name → the function of the table.
#: `^` is a power, `^2` a square.
SYNONYMS = MappingProxyType({"fabs": "abs", "pow": "^"})

#: Names that read behind a module (`np.maximum`), and are offered where they stand alone.
OF_MODULES = MappingProxyType({
    **SYNONYMS,
    "absolute": "abs", "arccosh": "acosh", "arcsinh": "asinh", "arctanh": "atanh", "clip": "clamp",
    "expit": "sigmoid", "fmax": "max", "fmin": "min", "float_power": "^", "logistic": "sigmoid",
    "maximum": "max", "minimum": "min", "power": "^", "remainder": "mod", "sgn": "sign",
    "square": "^2", "swish": "silu", "ceiling": "ceil",
})  # fmt: skip

#: Modules whose functions are the table's.
MODULES = frozenset((
    "np", "numpy", "jnp", "jax", "math", "torch", "tf", "keras", "F", "nn", "functional", "special",
    "sp", "sympy", "sm", "scipy", "anp", "autograd", "mx", "cmath", "Math", "std", "activations",
))  # fmt: skip

#: Other names before a bracket → what to write.
MEANT = MappingProxyType({
    "square": "x^2", "sqr": "x^2", "power": "a^b", "cosec": "csc(x)", "cotan": "cot(x)",
    "tg": "tan(x)", "ctg": "cot(x)", "sh": "sinh(x)", "ch": "cosh(x)", "th": "tanh(x)",
    "arctg": "atan(x)", "arcctg": "acot(x)", "cosech": "csch(x)", "arccosec": "acsc(x)",
    "acosec": "acsc(x)", "arccotan": "acot(x)", "arccosech": "acsch(x)", "argsh": "asinh(x)",
    "argch": "acosh(x)", "argth": "atanh(x)", "versin": "1 - cos(x)", "vers": "1 - cos(x)",
    "coversin": "1 - sin(x)", "haversin": "sin(x/2)^2", "hav": "sin(x/2)^2", "exp2": "2^x",
    "exp10": "10^x", "tan2": "atan2(y, x)", "sine": "sin(x)", "cosine": "cos(x)",
    "tangent": "tan(x)", "logarithm": "ln(x)", "exponential": "exp(x)",
    "lg": "log10(x)", "ld": "log2(x)", "lb": "log2(x)", "loge": "ln(x)", "logn": "ln(x)",
    "log_e": "ln(x)", "inv": "1/x", "reciprocal": "1/x", "rsqrt": "1/sqrt(x)", "root": "x^(1/n)",
    "nthroot": "x^(1/n)", "cube": "x^3", "cuberoot": "cbrt(x)", "neg": "-x", "negative": "-x",
    "modulus": "mod(a, b) for a remainder, |x| for a size", "remainder": "mod(a, b)",
    "swish": "silu(x)", "hardtanh": "clamp(x, -1, 1)", "relu6": "clamp(x, 0, 6)",
    "leakyrelu": "leaky_relu(x, 0.01)", "lrelu": "leaky_relu(x, 0.01)",
    "prelu": "leaky_relu(x, a)", "logsigmoid": "-softplus(-x)", "log_sigmoid": "-softplus(-x)",
    "heaviside": "where(x > 0, 1, 0)", "step": "where(x > 0, 1, 0)", "theta": "theta*(…)",
    "sgn": "sign(x)", "signum": "sign(x)", "clip": "clamp(x, lo, hi)",
    "clamp_min": "max(x, lo)", "clamp_max": "min(x, hi)", "maximum": "max(a, b)",
    "minimum": "min(a, b)", "fmax": "max(a, b)", "fmin": "min(a, b)", "absolute": "abs(x)",
    "expit": "sigmoid(x)", "logistic": "sigmoid(x)", "sig": "sigmoid(x)", "sigma": "sigmoid(x)",
    "ceiling": "ceil(x)", "roundup": "ceil(x)", "rounddown": "floor(x)", "int": "floor(x)",
    "trunc": "sign(x)*floor(|x|)", "round": "floor(x + 1/2)", "rint": "floor(x + 1/2)",
    "degrees": "x*180/pi", "radians": "x*pi/180", "normcdf": "(1 + erf(x/sqrt(2)))/2",
    "phi": "(1 + erf(x/sqrt(2)))/2 for the normal distribution", "add": "a + b",
    "subtract": "a - b", "sub": "a - b", "multiply": "a*b", "mul": "a*b", "divide": "a/b",
    "div": "a/b", "true_divide": "a/b", "abs2": "x^2", "mean": "sum(i, 1, n, x_i)/n",
    "average": "sum(i, 1, n, x_i)/n", "avg": "sum(i, 1, n, x_i)/n",
    "softmax": "exp(x_1)/sum(i, 1, 3, exp(x_i))", "log_softmax": "x_1 - ln(sum(i, 1, 3, exp(x_i)))",
    "logaddexp": "ln(exp(a) + exp(b))", "logsumexp": "ln(sum(i, 1, 3, exp(x_i)))",
    "norm": "sqrt(sum(i, 1, 3, x_i^2))",
    "dot": "sum(i, 1, 3, a_i b_i)", "matmul": "sum(j, 1, 3, a_1_j b_j)",
    "mse": "sum(i, 1, n, (y_i - t_i)^2)/n", "var": "sum(i, 1, n, (x_i - m)^2)/n with m a step",
    "cross_entropy": "-sum(i, 1, 3, t_i ln(p_i))", "value": "the number as --a 2, without Value(…)",
    "tensor": "the number as --a 2, without tensor(…)", "array": "the numbers as --x 1,2,3",
    "variable": "the number as --a 2, without Variable(…)", "print": "only the formula",
    "grad": "only the formula: autodiff grad differentiates it", "diff":
    "only the formula: autodiff grad differentiates it", "derivative":
    "only the formula: autodiff grad differentiates it", "factorial": "the product out",
    "gamma": "gamma*(…): the gamma function is none of the table",
})  # fmt: skip

#: Functions that have a name elsewhere, and that the table has not: none of its own is meant.
ELSEWHERE = frozenset((
    "ai", "airy", "bernoulli", "bessel", "besselj", "beta", "betainc", "bi", "chi", "ci", "digamma",
    "dilog", "ei", "ellipe", "ellipk", "erf2", "erfcinv", "erfcx", "erfi", "erfinv", "eta",
    "expint", "fresnel", "gammainc", "gammaln", "hermite", "j0", "j1", "jn", "laguerre", "lambertw",
    "legendre", "lgamma", "li", "loggamma", "ndtri", "polygamma", "polylog", "psi", "shi", "si",
    "y0", "y1", "yn", "zeta",
))  # fmt: skip


def advice(name: str) -> str:
    """Return what to write for a name that is no function here, or ""."""
    if name.lower() in ELSEWHERE:
        return "autodiff functions lists the functions that there are"
    meant = MEANT.get(name) or MEANT.get(name.lower())
    if meant:
        return f"write {meant}"
    known = OF_MODULES.get(name.lower())
    return f"write {known}(x)" if known and known[0] != "^" else ""
