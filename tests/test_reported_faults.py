"""Every fault that reports, an audit and new users found, with the value that is right."""

from __future__ import annotations

import json
import math
import pickle

import numpy as np
import pytest

from autodiff_cli import compile as compiled
from autodiff_cli import grad, hessian, hvp, parse, vjp
from autodiff_cli.engine.higher import orders
from autodiff_cli.errors import AutodiffError
from autodiff_cli.methods import claim as claims
from tests.console import batch, here

#: What was called a match and was wrong: the words, the derivatives, and the verdict.
MATCHES = [
    ("hessian x^y --x 23 --y 0", "match"),
    ("hvp x^y --x 23 --y 0 --direction 0,1", "match"),
    ("grad (1-cos(x))/x^2 --x 1e-8,1e-9", "rounding"),
    ("grad (1-cos(x))/x^2 --x 1e-8", "rounding"),
    ("grad exp(x+1e16-1e16) --x 3", "rounding"),
    ("grad log(1+x)/x --x 1e-100", "rounding"),
    ("grad (x+1e16)-1e16 --x 0.3", "rounding"),
    # false mismatches and false words
    ("hessian tanh(x) --x 10", "match"),
    ("hessian tanh(x) --x 20", "match"),
    ("hessian sigmoid(x) --x 20", "match"),
    ("hessian sigmoid(x) --x 40", "match"),
    ("grad 1/x --x 1e-200", "overflow"),
    ("grad ln(x) --x 5e-324", "overflow"),
    ("grad where(x>0,x,sqrt(x-5)) --x 0.5", "undefined"),
    ("grad where(x>0,sqrt(x),x) --x -1", "undefined"),
    ("grad exp(ln(x)) --x 0", "undefined"),
    ("grad cbrt(cbrt(x)) --x 8", "match"),
    ("grad where(cbrt(x)>x,x^2,x) --x 0.001", "match"),
    ("grad x*log1p(x) --x 1e-100", "match"),
    ("grad -x/x --x 5e-324", "overflow"),
]


def test_each_has_the_verdict_that_it_should_have() -> None:
    lines = []
    for words, _ in MATCHES:
        command, formula, *rest = words.split()
        lines.append(f'{command} "{formula}" {" ".join(rest)} --sympy-seconds 20 --json')
    found = [json.loads(line)["verdict"] for line in batch(*lines)]
    wrong = [
        (words, verdict)
        for (words, allowed), verdict in zip(MATCHES, found, strict=True)
        if verdict not in allowed.split()
    ]
    assert wrong == []


def test_an_exponent_that_moves_keeps_its_terms() -> None:
    power = {"x": 23.0, "y": 0.0}
    matrix = hessian("x^y", power).matrix
    assert matrix["x"]["y"] == pytest.approx(1 / 23, rel=1e-14)
    assert matrix["y"]["x"] == pytest.approx(1 / 23, rel=1e-14)
    _, product = hvp("x^y", power, {"y": 1.0})
    assert product["x"] == pytest.approx(1 / 23, rel=1e-14)
    for text, x, order, wanted in (
        ("(1+x)^x", 0.0, 3, -3.0), ("(1+x)^x", 0.0, 2, 2.0), ("x^x", 1.0, 3, 3.0),
        ("x^x", 2.0, 4, 64.5013418273685),
    ):  # fmt: skip
        assert orders(parse(text), {"x": x}, order)[-1] == pytest.approx(wanted, rel=1e-13)


#: formula, point, value (None: not asked), the slopes.
NUMBERS = [
    ("1/cos(x)", {"x": math.pi / 2}, None, {"x": 2.667093788113571e32}),
    ("atan2(y, x)", {"y": 1e-200, "x": 1e-200}, None, {"y": 5e199, "x": -5e199}),
    ("atan2(y, x)", {"y": 1e-160, "x": 1e-160}, None, {"y": 5e159, "x": -5e159}),
    ("asinh(x)", {"x": 1e160}, None, {"x": 1e-160}),
    ("atan(x)", {"x": 1e160}, None, {"x": 1e-320}),
    ("gelu(x)", {"x": -7.0}, -8.95868707841e-12, {"x": -6.26632303146663e-11}),
    ("sigmoid(x)", {"x": -720.0}, math.exp(-720), {"x": math.exp(-720)}),
    ("softplus(x)", {"x": -720.0}, math.exp(-720), {"x": math.exp(-720)}),
    ("silu(x)", {"x": -720.0}, None, {"x": -719 * math.exp(-720)}),
    ("tanh(x)", {"x": 10.0}, None, {"x": 8.2446144557673974e-09}),
    ("sigmoid(x)", {"x": 20.0}, None, {"x": 2.0611536139418493e-09}),
    ("expm1(x)", {"x": -700.0}, None, {"x": math.exp(-700)}),
    ("abs(x+1e-9)+abs(x)", {"x": 0.0}, 1e-9, {"x": 1.0}),
]


@pytest.mark.parametrize(("text", "at", "value", "slopes"), NUMBERS)
@pytest.mark.parametrize("road", ["engine", "arrays", "compiled"])
def test_each_number_is_right_on_every_road(text, at, value, slopes, road) -> None:
    if road == "compiled":
        function = compiled(text)
        found, gradient = function(*[at[name] for name in parse(text).variables])
        gradient = dict(zip(parse(text).variables, gradient, strict=True))
    else:
        moved = {n: np.array([v, v]) for n, v in at.items()} if road == "arrays" else at
        result = grad(text, moved)
        found, gradient = np.ravel(result.value)[-1], result.gradient
    for name, wanted in slopes.items():
        assert np.ravel(gradient[name])[-1] == pytest.approx(wanted, rel=1e-9), (name, road)
    if value is not None:
        assert found == pytest.approx(value, rel=1e-9)


@pytest.mark.parametrize(
    ("text", "at", "claim", "outcome"),
    [
        ("(x+1e6)^2-1e12-2e6*x", 1.0, "2x+1e-8", "WRONG"),
        ("sqrt(-x^2-1)", 3.0, "ln(-x^2)", "undecided"),
        ("cos(x)+where(x>5,x,0)", 1.0, "-sin(x)", "WRONG"),
        ("relu(x)", 0.0, "where(x>=0,1,0)", "one-sided"),
    ],
)
def test_each_claim_stands_as_it_should(text, at, claim, outcome) -> None:
    found = claims.check(parse(text), parse(claim), "x", claim, {"x": at}, None)
    assert found.outcome == outcome


@pytest.mark.parametrize("text", ["x^ln(x)", "x^sqrt(x)", "x^exp(1000+x)"])
@pytest.mark.parametrize("command", ["grad", "trace", "hessian", "compare", "jacobian"])
def test_a_negative_base_with_an_exponent_that_has_no_value_is_answered(text, command) -> None:
    for x in ("-1", "-4"):
        assert here(command, text, "--x", x, "--no-sympy").status == 0


def test_other_crashes_are_answers_or_errors() -> None:
    for number in (np.float64(3), np.float32(3), np.int64(3)):
        assert compiled("x^2")(number)[0] == 9
    with pytest.raises(AutodiffError):
        vjp("x*y", {"x": 1, "y": 2}, 1)
    with pytest.raises(AutodiffError):
        grad("x", {1: 2})
    function = pickle.loads(pickle.dumps(compiled("x^2")))
    assert function(3.0)[0] == 9
    for text, xs in (("x*ln(x)", "0,1"), ("sqrt(x^2)", "0,1"), ("where(x>0,sqrt(x),x)", "-1,0,4")):
        outcome = here("grad", text, "--x", xs, "--no-sympy")
        assert (outcome.status, outcome.err) == (0, "")
