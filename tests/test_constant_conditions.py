"""Conditions between numbers, which floats may turn: judged by the numbers as they are typed."""

import pytest

from tests.console import here

#: Condition → whether it holds of the numbers as typed, and whether it does in float64.
TURNED = {
    "0.1 + 0.2 == 0.3": (True, False),
    "0.1 + 0.2 != 0.3": (False, True),
    "0.1 + 0.2 > 0.3": (False, True),
    "0.1*3 <= 0.3": (True, False),
    "1 + 1e-17 > 1": (True, False),
    "1e16 + 1 - 1e16 == 1": (True, False),
    "floor(0.3/0.1) == 3": (True, False),
    "where(0.1*3 > 0.3, 1, 0) == 0": (True, False),
    "0.1 == 0.10000000000000000001": (False, True),
}

#: Conditions that floats decide as the numbers do.
STEADY = ("1/2 == 0", "2 == 2", "pi > 3", "sin(1) > 0.8", "1e-300 > 0", "0.25*4 == 1")


@pytest.mark.parametrize("condition", TURNED)
@pytest.mark.parametrize("words", [("grad",), ("hessian",), ("grad", "--order", "2")])
def test_a_condition_that_floats_turn_is_rounding(condition: str, words: tuple[str, ...]) -> None:
    command, *options = words
    done = here(command, f"where({condition}, x^2, x^3)", "--x", "2", *options)
    assert "MISMATCH" not in done.out
    assert "verdict: rounding" in done.out
    exact, _ = TURNED[condition]
    assert ("2*x" if exact else "3*x^2") in done.out or command == "hessian"


@pytest.mark.parametrize("condition", STEADY)
def test_a_condition_that_floats_keep_matches(condition: str) -> None:
    done = here("grad", f"where({condition}, x^2, x^3)", "--x", "2", "--order", "2")
    assert "verdict: match" in done.out
    assert "verdict on the orders: match" in done.out


@pytest.mark.parametrize(
    "formula", ["where(sin(pi) == 0, x^2, x)", "sign(cos(pi/2))*x", "abs(sin(pi))*x"]
)
def test_what_no_number_of_digits_tells_accuses_nobody_and_says_so(formula: str) -> None:
    done = here("grad", formula, "--x", "2")
    assert "MISMATCH" not in done.out
    assert "note (skipped): no verdict on" in done.out or "verdict: rounding" in done.out
