"""A claim is tried in every branch of the formula and of its own, however thin or far it is."""

from __future__ import annotations

import pytest

from autodiff_cli.answers.reading import parse
from autodiff_cli.methods import claim as claims
from autodiff_cli.methods.branches_met import unreached
from autodiff_cli.methods.sampling import samples

#: Conditions that hold in a thin strip, far out, or in a ring: `where(…, x^3, x^2)` is not x^2.
THIN = (
    "abs(x-20) < 1e-3", "abs(x-0.123) < 1e-5", "(x-20)^2 < 1e-6", "abs(x-1e6) < 1e-4",
    "exp(x) > 1e290", "ln(x) > 200", "sin(50x) > 0.9999", "x^2 < 1e-30", "1/x > 1e40",
    "x^3 - 7x < -7.1275", "tanh(x) < -0.99999999", "hypot(x, 3) > 1e90",
)  # fmt: skip


@pytest.mark.parametrize("condition", THIN)
def test_a_claim_that_is_wrong_in_a_thin_branch_is_wrong(condition: str) -> None:
    graph = parse(f"where({condition}, x^3, x^2)")
    assert claims.check(graph, parse("2x"), "x", "", {"x": 1.0}, None).outcome == "WRONG"
    right = parse(f"where({condition}, 3x^2, 2x)")
    found = claims.check(graph, right, "x", "", {"x": 1.0}, None)
    assert (found.outcome, found.unreached) == ("agrees", ())


@pytest.mark.parametrize("condition", THIN)
def test_a_thin_branch_of_the_claim_itself_is_tried(condition: str) -> None:
    claim = parse(f"where({condition}, 2x + 1, 2x)")
    found = claims.check(parse("x^2"), claim, "x", "", {"x": 1.0}, None)
    # Where x is as large as here, one more is rounding.
    far = condition.startswith(("ln", "hypot", "1/x"))
    assert found.outcome == ("agrees" if far and condition[0] != "1" else "WRONG")


@pytest.mark.parametrize(
    ("text", "claim"),
    [
        ("where(abs(x-20) < 1e-3, where(x > 20.0005, x^3, x^2), x^2)", "2x"),
        ("where(abs(x^2 + y^2 - 7) < 1e-5, x^3, x^2) + 0*y", "2x"),
        ("x^2 + relu(1e-4 - abs(x - 3.3))", "2x"),
        ("max(x^2, 1e-5 - abs(x - 31.7) + 1004.89)", "2x"),
        ("+".join(f"where(abs(x-{k}.5) < 1e-3, {k == 13:d}*x^3, 0)" for k in range(15)) + "+x^2",
         "2x"),
    ],
)  # fmt: skip
def test_branches_inside_branches_and_many_of_them_are_tried(text: str, claim: str) -> None:
    graph = parse(text)
    at = dict.fromkeys(graph.variables, 1.0)
    assert unreached(graph, samples(graph, at, None, scales=True)) == ()
    assert claims.check(graph, parse(claim), "x", "", at, None).outcome == "WRONG"


@pytest.mark.parametrize(
    "text", ["sqrt(x)", "hypot(x, 1)", "floor(x) + x", "mod(x, 3)", "acosh(x)", "asin(x)"]
)
def test_a_kink_with_one_side_alone_misses_no_other(text: str) -> None:
    graph = parse(text)
    assert unreached(graph, samples(graph, {"x": 1.2}, None, scales=True)) == ()
