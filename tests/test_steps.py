"""`compare --steps`: the errors of differences over falling steps, their chart and their lesson."""

from __future__ import annotations

import json
import math

import mpmath
import pytest

from autodiff_cli import parse
from autodiff_cli.formats.signs import PLAIN, UNICODE
from autodiff_cli.methods import frameworks
from autodiff_cli.methods.step_sizes import Sweep, sweep
from autodiff_cli.views.chart import chart
from tests.console import here


@pytest.fixture(autouse=True)
def no_library(monkeypatch: pytest.MonkeyPatch) -> None:
    """Leaves out libraries that take seconds to load."""
    monkeypatch.setattr(frameworks, "find_spec", lambda _: None)


CUBIC = ("compare", "x^3 + 2x^2 + 8x", "--x", "4", "--steps", "--no-sympy")


def swept(text: str, x: float, derivative: str, precision: str = "float64") -> Sweep:
    return sweep(parse(text), {"x": x}, "x", derivative, "calculus", precision)


def test_the_best_steps_are_near_the_roots_of_epsilon() -> None:
    forward, central = swept("x^3 + 2x^2 + 8x", 4.0, "72").curves
    assert (forward.best, forward.shape) == (1e-8, "valley")
    assert (central.best, central.shape) == (1e-5, "valley")
    forward, central = swept("exp(x)", 1.0, str(mpmath.e), "float32").curves
    assert forward.best in (1e-3, 1e-4)
    assert central.best in (1e-2, 1e-3)


@pytest.mark.parametrize(
    ("text", "x", "function"),
    [
        ("sin(x)", 1.25, mpmath.sin),
        ("exp(x)", 0.5, mpmath.exp),
        ("x*ln(x)", 3.0, lambda x: x * mpmath.log(x)),
    ],
)
def test_large_steps_err_as_exact_arithmetic_does(text: str, x: float, function) -> None:
    with mpmath.workdps(40):
        slope = mpmath.diff(function, x)
        for step in swept(text, x, mpmath.nstr(slope, 30)).steps[:3]:
            h = mpmath.mpf(step.h)
            forward = (function(x + h) - function(x)) / h - slope
            central = (function(x + h) - function(x - h)) / (2 * h) - slope
            assert step.forward_error == pytest.approx(float(forward), rel=1e-4)
            assert step.central_error == pytest.approx(float(central), rel=1e-4)


def test_steps_are_scaled_to_the_size_of_x() -> None:
    assert [step.h for step in swept("x^2", 250.0, "500").steps][:2] == [10.0, 1.0]
    assert [step.h for step in swept("x^2", 0.001, "0.002").steps][::14] == [0.1, 1e-15]
    assert len(swept("x^2", 4.0, "8", "float32").steps) == 7


SHAPES = [
    ("3x + 1", 0.1, "3", "rounding", "rounding"),
    ("x^2", 4.0, "8", "valley", "rounding"),
    ("5 + 0*x", 2.0, "0", "exact", "exact"),
    ("abs(x)", 0.0, "0", "flat", "exact"),
    ("asin(x)", 1.0, "inf", "missing", "missing"),
    ("x^2", 1e300, "2e300", "missing", "missing"),
    ("sqrt(x)", 0.05, str(mpmath.sqrt(5)), "valley", "valley"),
]


@pytest.mark.parametrize(("text", "x", "derivative", "forward", "central"), SHAPES)
def test_what_the_errors_do_is_told_apart(
    text: str, x: float, derivative: str, forward: str, central: str
) -> None:
    curves = swept(text, x, derivative).curves
    assert tuple(curve.shape for curve in curves) == (forward, central)
    assert all((curve.best is None) == (curve.shape == "missing") for curve in curves)


def test_a_step_that_leaves_the_domain_has_no_error() -> None:
    first, second, *_ = swept("sqrt(x)", 0.05, str(mpmath.sqrt(5))).steps
    assert (first.central_error, math.isnan(first.central)) == (None, True)
    assert second.central_error is not None


#: A V of each difference, one zero and one gap.
STEPS = [10.0**-k for k in range(1, 16)]
FORWARD = [10.0**-k if k < 9 else 10.0 ** (k - 16) for k in range(1, 16)]
CENTRAL = [None, *[10.0 ** (-2 * k) if k < 6 else 10.0 ** (k - 16) for k in range(2, 15)], 0.0]

WIDE = """\
 1e-01│  ○··                                                   ··○
 1e-02│     ·◉·                                             ·○·
 1e-03│        ··◉··                                   ··○··
 1e-04│     ·       ·◉·                             ·○·      ●
 1e-05│                ··◉··                   ··○··      ···
 1e-06│                     ·◉·             ·○·          ●
 1e-07│    ·                   ··◉··   ··○··          ···
 1e-08│                             ·◉·              ●
 1e-09│   ·                            ··●··      ···
 1e-10│                                     ·●···●
     0│  ●
     h└──┬───────────────────────────┬───────────────────────────┬─
       1e-15                       1e-08                       1e-01
"""
NARROW = """\
 1e-01│ ○·                         ·○
 1e-02│   ◉                       ○
 1e-03│    ·◉·                 ·○·
 1e-04│       ◉               ○   ●
 1e-05│        ·◉·         ·○·   ·
 1e-06│           ◉       ○     ●
 1e-07│  ·         ·◉· ·○·     ·
 1e-08│               ◉       ●
 1e-09│                ·●·   ·
 1e-10│                   ●·●
     0│ ●
     h└─┬─────────────┬─────────────┬
      1e-15         1e-08         1e-01
"""
ASCII = """\
 1e-01| f.                         .f
 1e-02|   #                       f
 1e-03|    .#.                 .f.
 1e-04|       #               f   c
 1e-05|        .#.         .f.   .
 1e-06|           #       f     c
 1e-07|  .         .#. .f.     .
 1e-08|               #       c
 1e-09|                .c.   .
 1e-10|                   c.c
     0| c
     h+-+-------------+-------------+
      1e-15         1e-08         1e-01
"""


def drawn(columns: int, *, plain: bool) -> str:
    lines = chart(STEPS, (FORWARD, CENTRAL), PLAIN if plain else UNICODE, columns)
    return "".join(f"{line}\n" for line in lines)


@pytest.mark.parametrize(
    ("columns", "plain", "wanted"), [(80, False, WIDE), (40, False, NARROW), (40, True, ASCII)]
)
def test_the_chart_shows_both_curves(columns: int, plain: bool, wanted: str) -> None:
    assert drawn(columns, plain=plain) == wanted
    assert all(len(line) <= columns for line in wanted.splitlines())


def test_errors_of_zero_alone_are_no_chart() -> None:
    assert chart(STEPS, ([0.0] * 15, [None] * 15), UNICODE, 80) == []


@pytest.mark.parametrize("columns", [40, 80])
@pytest.mark.parametrize("encoding", ["utf-8", "ascii"])
def test_the_sweep_fits_the_screen(columns: int, encoding: str) -> None:
    outcome = here(*CUBIC, columns=columns, encoding=encoding)
    assert (outcome.status, outcome.err) == (0, "")
    _, _, out = outcome.out.partition("step h")
    assert all(len(line) <= columns for line in out.splitlines())
    assert ("\u25cf" in out) == (encoding == "utf-8")
    assert "best h (*): forward 1e-08, central 1e-05" in out
    said = " ".join(out.split())
    for word in ("truncation", "rounding", "divided by h", "it takes no step"):
        assert word in said
    assert out.count("* ") == 2


@pytest.mark.parametrize(
    ("words", "lesson"),
    [
        (("3x + 1", "--x", "0.1"), "Nothing is cut off for the forward and the central"),
        (("5 + 0*x", "--x", "2"), "No error at any step for the forward and the central"),
        (("abs(x)", "--x", "0"), "That is so at a kink or a jump"),
        (("asin(x)", "--x", "1"), "There is no error to show for the forward and the central"),
    ],
)
def test_where_there_is_no_v_the_reason_is_said(words: tuple[str, ...], lesson: str) -> None:
    outcome = here("compare", *words, "--steps", "--no-sympy")
    assert (outcome.status, outcome.err) == (0, "")
    said = " ".join(outcome.out.split())
    assert lesson in said
    assert "Why a V" not in said


def test_the_lesson_is_given_once() -> None:
    out = here("compare", "sin(x)*exp(y)", "--x", "1", "--y", "1", "--steps", "--float32").out
    assert (out.count("Why a V"), out.count("with step h")) == (1, 4)
    assert "epsilon = 1.2e-07" in " ".join(out.split())


def test_the_sweep_in_json() -> None:
    found = json.loads(here(*CUBIC, "--float32", "--json").out)
    double, single = found["steps"]["x"]
    assert (double["precision"], single["precision"]) == ("float64", "float32")
    assert double["best"] == {"forward": 1e-8, "central": 1e-5}
    assert double["shape"] == {"forward": "valley", "central": "valley"}
    assert double["against"] == "reverse mode"
    assert len(double["rows"]) == 15
    first = double["rows"][0]
    assert (first["h"], first["forward"]) == (0.1, pytest.approx(73.41))
    assert first["forward_error"] == pytest.approx(1.41)
    assert json.loads(here(*CUBIC[:-2], "--no-sympy", "--json").out)["steps"] is None
