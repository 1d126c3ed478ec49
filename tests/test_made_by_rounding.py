"""A pole, a kink, a tie or a nan that only float64's rounding makes is said to be rounding."""

from __future__ import annotations

import json
import math

import pytest
from mpmath import mp

from autodiff_cli.language.parser import read
from autodiff_cli.ops import OPERATIONS
from tests.console import batch, here
from tests.exact import NoRealValue, value

#: Operands that are 0 to float64 alone: their digits are lost, or they are too small.
LOST = [("((x+1e16)-1e16)", 0.3), ("(x^2)", 1e-170)]

#: Rows that have a kink, a jump or a border of their domain, which may be at 0.
BROKEN = [row.name for row in OPERATIONS if len(row.rules) == 1 and (row.kinks or row.domain)]

#: Formulas of such an operand u.
FORMULAS = [
    *[f"{name}(U)" for name in BROKEN],
    "1/U", "U^(-2)", "x/U", "U^0.5", "max(U, 0)", "min(0, U)", "hypot(U, 0)", "U/U", "U*ln(U)",
    "where(U > 0, x^2, x)", "U/abs(U)", "atan2(U, 0*x)",
]  # fmt: skip

ASKED = [(formula.replace("U", u), x) for u, x in LOST for formula in FORMULAS]


def by_mpmath(text, x):
    """Return the derivative, None where there is none, from values on both sides."""
    graph = read([text]).graph
    with mp.workdps(900):
        step = mp.mpf(x) * mp.mpf("1e-60")
        try:
            high, low = (value(graph, {"x": mp.mpf(x) + side * step}) for side in (1, -1))
        except NoRealValue:
            return None
        return float((high - low) / (2 * step))


@pytest.fixture(scope="module")
def answers():
    return [json.loads(line) for line in batch(*[f'grad "{t}" --x {x} --json' for t, x in ASKED])]


@pytest.mark.parametrize("place", range(len(ASKED)), ids=[text for text, _ in ASKED])
def test_what_calculus_has_there_is_not_called_a_pole_or_a_kink(answers, place):
    (text, x), answer = ASKED[place], answers[place]
    right, found = by_mpmath(text, x), float(answer["gradient"]["x"])
    if right is None:
        assert answer["verdict"] not in ("match", "rounding", "MISMATCH")
    elif math.isinf(right):
        assert answer["verdict"] == "overflow"
    elif math.isfinite(found) and abs(found - right) <= 1e-9 * abs(right):
        assert answer["verdict"] in ("match", "kink", "rounding")
    else:
        assert answer["symbolic"]["x"]["value"] == pytest.approx(right, rel=1e-9)
        assert answer["verdict"] == "rounding"


@pytest.mark.parametrize(("text", "x"), [("1/x", 1e-150), ("ln(x)", 1e-160), ("x^0.5", 1e-250)])
@pytest.mark.parametrize(
    "words",
    [("grad", "--order", "2"), ("hessian",), ("hessian", "--sparse"), ("hvp", "--direction", "1")],
    ids=" ".join,
)
def test_a_slope_beyond_float64_is_not_said_to_be_none(text, x, words):
    command, *options = words
    asked = (command, text, "--x", str(x), *options, "--json")
    answer = json.loads(here(*asked).out)
    assert answer.get("orders_verdict", answer["verdict"]) in ("overflow", "match")
    kinds = [note["kind"] for note in answer["notes"]]
    assert "overflow" in kinds
    assert "infinite-slope" not in kinds
    alone = json.loads(here(*asked, "--no-sympy").out)
    texts = [note["text"] for note in alone["notes"] if note["kind"] == "infinite-slope"]
    assert all(text.endswith("or none that float64 can hold") for text in texts)
    assert texts


@pytest.mark.parametrize(
    "text", ["where(x>0, x, sqrt(x-5))", "exp(ln(x-0.5))", "x*(x-0.5)/(x-0.5)"]
)
@pytest.mark.parametrize("order", ["1", "3"])
def test_a_nan_that_more_digits_have_too_is_not_rounding(text, order):
    answer = json.loads(here("grad", text, "--x", "0.5", "--order", order, "--json").out)
    assert answer["verdict"] == "undefined"


#: formula, point, a claim, whether it is called wrong: never where rounding made the pole.
CLAIMS = [
    ("1/((x+1e16)-1e16)", "0.3", "-11.111111111111112", False),
    ("ln((x+1e16)-1e16)", "0.3", "3.3333333333333335", False),
    ("sqrt(x^2)", "1e-170", "1", False),
    ("1/x", "0", "5", True),
    ("1/(x-1)", "1", "5", True),
    ("sqrt(x)", "0", "5", True),
    ("exp(2.1*x)", "800", "5", True),
]


@pytest.mark.parametrize(("text", "x", "claim", "wrong"), CLAIMS, ids=[row[0] for row in CLAIMS])
def test_a_right_claim_is_not_wrong_where_rounding_makes_a_pole(text, x, claim, wrong):
    answer = json.loads(here("compare", text, "--x", x, "--claim", f"x={claim}", "--json").out)
    assert (answer["claims"][0]["outcome"] == "WRONG") == wrong


#: formula, point, a claim, how it stands, with SymPy and without: float64's own number is no proof.
HELD = [
    ("exp(x+1e16-1e16)", "3", "54.598150033144236", "WRONG", "undecided"),
    ("exp(x+1e16-1e16)", "3", "20.0855", "WRONG", "undecided"),  # right to the digits typed
    ("exp(x+1e16-1e16)", "3", "20.085536923187668", "agrees", "undecided"),
    ("x^2/x^3", "1e-110", "-1/x^2", "agrees", "agrees"),
    ("x^2/x^3", "1e-110", "-1e220", "agrees", "undecided"),
    ("x^2/x^3", "1e-110", "1e220", "WRONG", "undecided"),
    ("(1-cos(x))/x^2", "1e-8", "-8.333333333333333e-10", "agrees", "undecided"),
    ("x*(x+1)", "3", "7", "agrees", "agrees"),
]


@pytest.mark.parametrize(
    ("text", "x", "claim", "held", "alone"), HELD, ids=[f"{row[0]} {row[2]}" for row in HELD]
)
def test_a_claim_is_held_against_calculus_where_float64_has_no_digits(text, x, claim, held, alone):
    asked = ("compare", text, "--x", x, "--claim", f"x={claim}")
    answer = json.loads(here(*asked, "--json").out)
    assert answer["claims"][0]["outcome"] == held
    assert (answer["verdict"] == "WRONG") == (held == "WRONG")
    out = here(*asked).out
    assert ("SymPy finds" in out) == (held == "WRONG")
    assert ("right to the digits" in out) == (claim == "20.0855")
    answer = json.loads(here(*asked, "--no-sympy", "--json").out)
    assert answer["claims"][0]["outcome"] == alone


@pytest.mark.parametrize(("text", "x"), [("exp(-x)", 700.0), ("exp(2x)", -300.0)])
def test_a_claim_of_0_is_no_slip_because_the_slope_is_small(text, x):
    out = here("compare", text, "--x", str(x), "--claim", "x=0").out
    assert "it is none of the usual slips" in out
