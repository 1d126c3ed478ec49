"""Greek letters that a keyboard lacks: pasted formulas have them, options spell them out."""

from __future__ import annotations

import pytest

from tests.console import here

NORMAL = r"e^{-\frac{(x-\mu)^2}{2\sigma^2}}"

#: Words of a command line → words of its answer.
SPELLED = [
    (("grad", NORMAL, "--x", "1", "--mu", "0", "--sigma", "1"), "at x = 1, μ = 0, σ = 1"),
    (
        ("trace", "θ_1 x + Ω", "--x", "1", "--theta_1", "2", "--at", "Omega=3"),
        "at θ_1 = 2, x = 1, Ω = 3",
    ),
    (("grad", "λ x", "--x", "1", "--const", "lambda=2"), "at x = 1, λ = 2"),
    (("grad", "λ x", "--x", "1", "--lambda", "2", "--wrt", "lambda"), "∂f/∂λ"),
    (("descend", "(θ - 1)^2", "--theta", "0", "--steps", "1"), "θ"),
    (("compare", "θ^2", "--points", "5"), "∂f/∂θ"),
]


@pytest.mark.parametrize(("words", "wanted"), SPELLED, ids=lambda part: " ".join(part))
def test_a_greek_letter_is_spelled_out(words: tuple[str, ...], wanted: str) -> None:
    got = here(*words)
    assert (got.status, got.err) == (0, "")
    assert wanted in got.out


def test_a_variable_is_never_taken_for_a_spelling() -> None:
    got = here("grad", "θ + 2theta", "--theta", "1", "--θ", "3", "--no-sympy")
    assert "at theta = 1, θ = 3" in got.out
    got = here("grad", "θ^2", "--theta", "1", "--θ", "3", "--no-sympy")
    assert (got.status, "no variable 'theta'" in got.err) == (2, True)


def test_the_error_names_what_can_be_typed() -> None:
    got = here("grad", "θ_1 x", "--x", "1")
    assert got.err == "error: no value for the variable 'θ_1'; write --theta_1 4\n"
