"""Powers whose exponent is no number: every command answers, and says where the value is lost."""

from __future__ import annotations

import pytest

from tests.console import here

#: Exponents that are nan, inf or fractional at a negative base.
FORMULAS = ("x^ln(x)", "x^sqrt(x)", "x^exp(1000 + x)", "x^(1/(x + 1))", "x^(x/0)")
COMMANDS = (
    ("grad", "--no-sympy"), ("grad", "--no-sympy", "--order", "2"), ("trace",),
    ("hessian", "--no-sympy"), ("hvp", "--no-sympy", "--direction", "1"),
    ("jacobian", "--no-sympy"), ("jvp", "--direction", "1"), ("vjp", "--seed", "1"),
    ("backward",),
)  # fmt: skip


@pytest.mark.parametrize("command", COMMANDS)
@pytest.mark.parametrize(
    "text", [FORMULAS[0], *(pytest.param(text, marks=pytest.mark.slow) for text in FORMULAS[1:])]
)
def test_an_exponent_that_is_no_number_is_answered(text: str, command: tuple[str, ...]) -> None:
    name, *options = command
    for point in ("-1", "-4", "0"):
        outcome = here(name, text, "--x", point, *options)
        assert outcome.status == 0, outcome.err
