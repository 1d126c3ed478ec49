"""Formulas of exercises, by topic and level, with holes for numbers.

Levels 1 and 2 have numbers that come out by hand; from level 3 on a calculator is needed.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from autodiff_cli.errors import AutodiffError, nearest, shortened
from autodiff_cli.teach.random import SplitMix64

#: Levels of difficulty, and the last whose numbers come out by hand.
LEVELS, BY_HAND = (1, 2, 3, 4, 5), 2

#: Hole → the numbers that may stand there; no two holes of one formula have the same.
_HOLES: Mapping[str, tuple[int, ...]] = {
    **dict.fromkeys("abc", tuple(range(2, 10))),
    **dict.fromkeys("nm", (2, 3, 4)),
    "p": (3, 4, 5),
    "k": (2, 3, 4),
    "h": (1, 2, 3, 5, 7),
}

#: Values that variables are given, by level.
_WHOLE = tuple(float(k) for k in range(-3, 7))
_POINTS: Mapping[int, tuple[float, ...]] = {
    1: _WHOLE,
    2: (*_WHOLE, 0.5, 1.5, 2.5, 10.0, 20.0),
    3: (-1.5, -0.5, 0.5, 1.5, 2.0, 2.5, 3.0, 4.0),
    4: (-1.2, -0.7, 0.3, 0.4, 0.6, 0.8, 1.2, 1.4, 1.7, 2.3, 2.6),
    5: (-1.3, -0.6, 0.35, 0.45, 0.7, 0.85, 1.15, 1.6, 1.9, 2.2, 2.75),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Topic:
    """What can be practised.

    Attributes:
        text: what it is, in a few words.
        kinds: of questions that are asked about it.
        slips: the topics of the slips that matter most here.
        levels: for each level, formulas with holes.
    """

    text: str
    kinds: tuple[str, ...]
    slips: tuple[str, ...]
    levels: tuple[tuple[str, ...], ...]


_CALCULUS = ("derivative", "formula", "trace", "slip", "graph")
_POINT = ("derivative", "formula", "trace", "slip")

#: Of a question that has no formula.
_NONE = ("0",)

TOPICS: Mapping[str, Topic] = {
    "powers": Topic(
        text="sums of powers of x, roots and 1/x",
        kinds=_CALCULUS,
        slips=("power rule", "sums and constants"),
        levels=(
            ("x^{n} + {a}*x", "{a}*x^{n}", "{a}*x^{n} - {b}*x", "x^{n} - {a}*x"),
            ("{a}*x^{n} - {b}*x^{m}", "x^{n} - {a}*x^2 + {b}*x", "{a}*sqrt(x) + {b}*x",
             "{a}*x^{n} - {b}*x + {c}"),
            ("{a}*x^{n} - {b}/x", "{a}/x^{n} + {b}*x", "{a}*sqrt(x) - x^{n}",
             "x^{n}/{a} + {b}*x^{m}"),
            ("{a}*x^1.5 - {b}/sqrt(x)", "(x^{n} + {a})/x^{m}", "{a}*cbrt(x) - {b}*x^{n}",
             "x^{p}/{a} - {b}/x^{m}"),
            ("{a}*x^pi - {b}*x^e", "{a}*cbrt(x^2) - {b}/x^{n}", "sqrt(x)*x^{n} - {a}/x^{m}",
             "(sqrt(x) - {a}/x)*x^{n}"),
        ),
    ),
    "products": Topic(
        text="products of two factors and more",
        kinds=_CALCULUS,
        slips=("product rule",),
        levels=(
            ("({a}*x + {b})*(x - {c})", "x^2*({a}*x + {b})", "(x + {a})*({b} - x)"),
            ("(x^2 + {a})*({b}*x - {c})", "x^{n}*({a} - x)", "({a}*x + {b})*(x^2 - {c})",
             "sqrt(x)*({a}*x - {b})"),
            ("x^{n}*exp(x)", "x*sin(x)", "{a}*x^{n}*cos(x)", "sqrt(x)*(x^2 + {a})", "x^{n}*ln(x)"),
            ("x^{n}*sin({a}*x)", "exp(x)*cos({a}*x)", "(x^2 + {a})*exp(-x)", "(x + {a})*ln({b}*x)"),
            ("x*sin(x)*exp(x)", "x^{n}*exp(-{a}*x)*cos(x)", "sqrt(x)*ln(x)*({a}*x + {b})",
             "sin(x)*tanh(x/{a})*x^{n}"),
        ),
    ),
    "quotients": Topic(
        text="quotients",
        kinds=_CALCULUS,
        slips=("quotient rule",),
        levels=(
            ("{a}*x/(x + {b})", "(x + {a})/(x - {b})", "({a}*x - {b})/(x + {c})"),
            ("({a}*x + {b})/({c} - x)", "x^2/(x + {a})", "(x^2 + {a})/(x - {b})",
             "(x^2 - {a})/({b}*x)"),
            ("({a}*x + {b})/(x^2 + {c})", "sin(x)/x", "exp(x)/(x + {a})", "x^{n}/(x^2 + {a})"),
            ("exp(x)/(x^2 + {a})", "ln(x)/x^{n}", "(x^2 - {a})/(sin(x) + {b})", "cos(x)/(x + {a})"),
            ("x*exp(x)/(x^2 + {a})", "sqrt(x^2 + {a})/(x + {b})", "tanh(x)/({a} + x^2)",
             "(sin(x) + x^{n})/(cos(x) + {a})"),
        ),
    ),
    "chain": Topic(
        text="a function of a function",
        kinds=_CALCULUS,
        slips=("chain rule",),
        levels=(
            ("({k}*x + {h})^{p}", "({k}*x - {h})^{p}", "({h} - {k}*x)^{p}", "({a}*x - {b})^2"),
            ("(x^2 + {a})^2", "({a}*x^2 - {b})^2", "sqrt({a}*x + {b})", "({a} - x^2)^{n}",
             "sqrt(x^2 + {a})"),
            ("sin(x^{n})", "exp(-x^2)", "sin({a}*x)^{n}", "cos(x^2 + {a})", "({a}*x - {b})^{p}",
             "ln(x^2 + {a})"),
            ("sin(exp(x))", "exp(sin({a}*x))", "sqrt({a} + sin(x))", "ln(cos(x) + {a})",
             "tanh({a}*x)^{n}"),
            ("sin(cos(x^{n}))", "exp(-sqrt(x^2 + {a}))", "ln({a} + exp({b}*x))",
             "sin({a}*sqrt(x))^{n}", "sqrt(sin(x)^2 + {a})"),
        ),
    ),
    "exponentials": Topic(
        text="powers of e and of other numbers",
        kinds=_POINT,
        slips=("exponentials and logarithms",),
        levels=(
            ("{a}*exp({b}*x) - {c}*x", "exp({a}*x) + {b}*x", "{a}*x - exp({b}*x)",
             "{a}*exp(x - {b}) + {c}*x"),
            ("x^{n} + exp({a} - x)", "exp({a}*x - {b}) + {c}*x^2", "{a}*x^{n} - exp({b}*x - {c})",
             "x^2 - {a}*exp({b} - {c}*x)"),
            ("exp({a}*x) - x^{n}", "{a}^x", "x^{n} - 2^x", "exp(-x^2) + {a}*x"),
            ("2^({a}*x)", "exp(x^2 - {a}*x)", "{p}^(x^2)", "exp({a}*sin(x))"),
            ("x^x", "exp(x)*{p}^x", "{p}^sin(x)", "x^({a}*x)"),
        ),
    ),
    "logarithms": Topic(
        text="logarithms",
        kinds=_POINT,
        slips=("exponentials and logarithms",),
        levels=(
            ("{a}*ln(x) + {b}*x", "{a}*x - {b}*ln(x)", "{a}*x^2 + {b}*ln(x)"),
            ("ln({a}*x - {b}) + x^2", "{a}*ln(x^2 - {b})", "ln({a} - {b}*x) + {c}*x",
             "x^{n} - {a}*ln({b}*x - {c})"),
            ("ln(x^2 + {a})", "x^{n}*ln(x)", "log2(x) + {a}*x", "ln({a}*x)*x"),
            ("ln(sin(x) + {a})", "log10(x^2 + {a})", "ln(x)^{n}", "x/ln(x)"),
            ("ln(ln(x + {p}))", "ln((x^2 + {a})/(x + {b}))", "log2(x)*exp({a}*x)",
             "ln(x + sqrt(x^2 + {a}))"),
        ),
    ),
    "trigonometry": Topic(
        text="sine, cosine and their kin",
        kinds=_POINT,
        slips=("derivatives of functions",),
        levels=(
            ("{a}*sin({b}*x) + {c}*x", "{a}*x - sin({b}*x)", "{a}*sin(x - {b}) + x^2"),
            ("{a}*sin({b}*x - {c}) + x^2", "x^{n} - sin({a}*x - {b})", "{a}*x^2 + sin({b} - {c}*x)",
             "{a}*x - {b}*sin({c}*x)"),
            ("sin({a}*x) - cos(x)", "{a}*cos({b}*x)", "sin(x)^{n}", "tan({a}*x)", "cos(x^2)"),
            ("sin(x)*cos({a}*x)", "sin(x^2)/x", "cos({a}*x)^{n}", "tan(x)^{n} - {a}*cos(x)"),
            ("atan({a}*x^2)", "asin(x/{p})", "sin(x)/({a} + cos(x)^2)", "cos(sin({a}*x))",
             "x^{n}*atan(x)"),
        ),
    ),
    "partials": Topic(
        text="partial derivatives of two variables",
        kinds=("derivative", "trace", "slip", "graph"),
        slips=("several variables", "product rule"),
        levels=(
            ("x^2*y + {a}*y", "{a}*x*y + y^2", "x^2 + {a}*x*y", "x*y - {a}*x"),
            ("({a}*x + y)*(x - y)", "x*y^2 - {a}*x^2", "x^2*y^2 + {a}*x", "(x - {a}*y)^2"),
            ("x^{n}*exp(y)", "sin(x*y)", "x/(x^2 + y^2)", "x^2*y - {a}*x*y^3"),
            ("exp(x*y) + {a}*sin(x)", "ln(x^2 + {a}*y^2)", "x*sin(y) + y*cos(x)",
             "(x + {a}*y)/(x*y)"),
            ("x*exp(-(x^2 + y^2))", "sqrt(x^2 + {a}*y^2)", "x^y + {a}*y", "tanh({a}*x - x*y)"),
        ),
    ),
    "sharing": Topic(
        text="a step that is used more than once",
        kinds=("adjoint", "trace", "graph", "slip"),
        slips=("reverse sweep",),
        levels=(
            ("u = x + {a}; u^2 + {b}*u", "u = {a}*x; u^2 - {b}*u", "u = x - {a}; {b}*u^2 + u"),
            ("u = x^2; u*(u + {a})", "u = x*y; u^2 + {a}*u", "u = {a}*x - {b}; u^2 - {c}*u",
             "u = x + y; u^2 - {a}*u"),
            ("u = sin(x); u^2 + {a}*u", "u = exp(x); u*(u + {a})", "u = x*y; u*sin(u)"),
            ("u = x^2; sin(u)*exp(u)", "u = x^2 + {a}; ln(u) + u^{n}", "u = x*y; exp(u) - {a}*u^2"),
            ("u = sin(x); u*exp(u) + u^{n}", "u = x^2*y; sin(u) + u^2 - {a}*u",
             "u = exp(x); v = u + {a}; u*v + ln(v)"),
        ),
    ),
    "passes": Topic(
        text="what .grad holds after backward passes",
        kinds=("grad",),
        slips=("reverse sweep",),
        levels=(
            ("x^2 + {a}*x", "{a}*x^{n}", "{a}*x^2 - {b}*x"),
            ("x^{n} - {a}*x", "{a}*x*y + y^2", "x^2*y - {a}*x"),
            ("{a}*x^{n} - {b}*x", "(x + {a}*y)^2", "x*y^2 + {a}*x^2"),
            ("({a}*x - {b})^2", "x^2*y - {a}*x*y", "{a}*x^{n} - {b}*x^{m}"),
            ("(x*y - {a})^2", "({a}*x - y)*(x + {b}*y)", "(x^2 - {a}*x)^2"),
        ),
    ),
    "kinks": Topic(
        text="corners, and the number that a program has there",
        kinds=("kink",),
        slips=("derivatives of functions",),
        levels=(
            ("|x - {a}| + {b}*x", "{a}*|x + {b}|", "relu(x - {a}) + {b}*x"),
            ("{a}*x - {b}*|x - {c}|", "max({a}*x, {b}*x + {c})", "relu({a} - x) - {b}*x",
             "min(x^2, {a}*x)"),
            ("{a}*|x - {b}| + x^2", "max(x^2, {a}*x)", "x*relu(x - {a}) + relu({b} - x)",
             "|x^2 - {a}*x|"),
            ("{a}*|x^2 - 4|", "relu(x^2 - 9) + {a}*x", "max({a}*x, x^2 - {b}*x)",
             "|x - {a}|*exp(x - {a})"),
            ("max(sin(x), {a}*x)", "relu(x^3 - x) + {a}*x", "|sin({a}*x)| + {b}*x",
             "min(exp(x), 1 + {a}*x)"),
        ),
    ),
    "modes": Topic(
        text="forward or reverse, and why",
        kinds=("mode",),
        slips=(),
        levels=(_NONE,) * 5,
    ),
}  # fmt: skip


def topic(name: str) -> Topic:
    """Return a topic by its name.

    Raises:
        AutodiffError: there is none of that name.
    """
    if name not in TOPICS:
        close = nearest(name, list(TOPICS))
        guess = f"did you mean {close}? They are: " if close else "write one of: "
        message = f"there is no topic '{shortened(name)}'"
        raise AutodiffError(message, mend=guess + ", ".join(TOPICS))
    return TOPICS[name]


@cache
def _holes(text: str) -> tuple[str, ...]:
    """Return the holes of a text, those with the fewest numbers to choose from first."""
    return tuple(sorted(set(re.findall(r"\{(\w)\}", text)), key=lambda k: (len(_HOLES[k]), k)))


def filled(text: str, generator: SplitMix64) -> str:
    """Return a formula whose holes have numbers, each another."""
    taken: dict[str, int] = {}
    for hole in _holes(text):
        taken[hole] = generator.choice([k for k in _HOLES[hole] if k not in taken.values()])
    return text.format(**taken)


def point(variables: tuple[str, ...], level: int, generator: SplitMix64) -> dict[str, float]:
    """Return a point, of several variables one with different values."""
    left = list(_POINTS[level])
    found = {}
    for name in variables:
        found[name] = generator.choice(left)
        left.remove(found[name])
    return found
