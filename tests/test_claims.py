"""A claimed derivative: tried on both sides of every condition, and told what it is worth."""

from __future__ import annotations

import json

import pytest

from autodiff_cli.answers.reading import parse
from autodiff_cli.methods import claim as claims
from autodiff_cli.methods.branches_met import unreached
from autodiff_cli.methods.sampling import samples
from tests.console import here

#: formula, point, claim, how it stands, exit status, words of the output.
ROWS = [
    ("x^2", {"x": 3.0}, "6", "agrees", 0, "agrees with autodiff at the point\n"),
    ("x^2", {"x": 3.0}, "2x", "agrees", 0, "at the point and at 20 others"),
    ("x^2", {"x": 3.0}, "7", "WRONG", 3, "WRONG at x = 3\n"),
    ("(x+1e6)^2-1e12-2e6*x", {"x": 1.0}, "2x+1e-8", "WRONG", 3, "WRONG at x = 1\n"),
    ("(x+1e6)^2-1e12-2e6*x", {"x": 1.0}, "2x", "agrees", 0, "agrees with autodiff"),
    ("sqrt(-x^2-1)", {"x": 3.0}, "ln(-x^2)", "undecided", 0, "undecided: "),
    ("cos(x)+where(x>5,1,0)", {"x": 1.0}, "-sin(x)", "agrees", 0, "agrees with autodiff"),
    ("cos(x)+where(x>5,x,0)", {"x": 1.0}, "-sin(x)", "WRONG", 3, "WRONG at"),
    ("where(x>1e7,x^2,x)", {"x": 1.0}, "where(x>1e7,x,1)", "WRONG", 3, "WRONG at"),
    ("x*where(y<-30,x,1)", {"x": 1.0, "y": 2.0}, "1 + 0x", "WRONG", 3, "WRONG at"),
    ("max(x, 300)", {"x": 1.0}, "0*x", "WRONG", 3, "WRONG at"),
    ("abs(x-77)", {"x": 78.0}, "x/x", "WRONG", 3, "WRONG at"),
    ("x^2", {"x": 3.0}, "2x+where(x>200,1e-3,0)", "WRONG", 3, "WRONG at"),
    ("x", {"x": 1.0}, "1+where(abs(x)<1e-3,1,0)", "WRONG", 3, "WRONG at"),
    *[(text, {"x": 1.0}, "2x", "WRONG", 3, "WRONG at") for text in (
        "where(x^2>1e12, x^3, x^2)", "where(1/x>1e6, x^3, x^2)", "where(x<-1e12, x^3, x^2)",
        "where(x>1e13, x^3, x^2)", "where(exp(x)>1e12, x^3, x^2)", "max(x^2, -1e6x)",
        "where(x>2.5, where(x<2.6, x^3, x^2), x^2)", "where(x<7, x^2, where(x<1e3, x^3, x^2))",
        "where(x>2, where(x<3, relu(x-2.5), 0), 0) + x^2",
    )],
    ("relu(x-1e300)+x^2", {"x": 1.0}, "2x", "agrees", 0, "the other side of relu(x - 1e300)"),
    ("abs(x)", {"x": 0.0}, "x/abs(x)", "agrees", 0, "at the point itself they cannot"),
    ("abs(x)", {"x": 0.0}, "2x/abs(x)", "WRONG", 3, "WRONG at x = 3"),
    ("relu(x)", {"x": 0.0}, "where(x>=0,1,0)", "one-sided", 0, "right on the right alone"),
    ("relu(x)", {"x": 0.0}, "where(x>0,1,0)", "agrees", 0, "at the point and at 20 others"),
    ("abs(x)", {"x": 0.0}, "-1", "one-sided", 0, "right on the left alone"),
    ("abs(x)", {"x": 0.0}, "2", "WRONG", 3, "WRONG at x = 0"),
    ("exp(x+1e17-1e17)", {"x": 0.5}, "exp(x)", "undecided", 0, "undecided: "),
]  # fmt: skip


@pytest.mark.parametrize(
    ("text", "at", "claim", "outcome", "status", "words"),
    ROWS,
    ids=[f"{r[0]}: {r[2]}" for r in ROWS],
)
def test_a_claim_stands_as_it_should(text, at, claim, outcome, status, words):
    found = claims.check(parse(text), parse(claim), "x", claim, at, None)
    assert found.outcome == outcome
    point = [word for name, value in at.items() for word in (f"--{name}", str(value))]
    command = ("compare", text, *point, "--claim", f"x={claim}", "--no-sympy")
    shown = here(*command)
    assert shown.status == status
    assert words in " ".join(shown.out.split(" ")).replace("\n  ", " ") or words in shown.out
    assert shown.out.index("claim ∂f/∂x") < shown.out.index("reverse mode")
    answer = json.loads(here(*command, "--json").out)
    assert answer["claims"][0]["outcome"] == outcome
    decided = {"WRONG": "WRONG", "undecided": "undecided"}.get(outcome)
    said = [line for line in shown.out.splitlines() if line.startswith("verdict: ")]
    assert len(said) == 1
    if decided:
        assert answer["verdict"] == decided
        assert said[0].startswith(f"verdict: {decided} (the claim for x; autodiff and SymPy: ")
    else:
        assert said[0] == f"verdict: {answer['verdict']}"


@pytest.mark.parametrize(
    ("text", "claim", "agrees"),
    [
        ("a = x^2; sin(a)", "2x cos(a)", True),
        ("a = x^2; sin(a)", "x cos(a)", False),
        ("loss = (x - 1)^2; loss^2", "4loss*(x - 1)", True),
        ("sigmoid(x)", "f(1 - f)", True),
        ("y = tanh(3x)", "3(1 - y^2)", True),
        ("y = tanh(3x)", "1 - y^2", False),
    ],
)
def test_a_claim_may_name_steps_and_the_result(text, claim, agrees):
    shown = here("compare", text, "--x", "2", "--claim", f"x={claim}", "--no-sympy")
    assert shown.status == (0 if agrees else 3)
    assert ("agrees with autodiff at the point and at" in shown.out) is agrees


def test_a_variable_of_a_claim_is_no_result():
    shown = here("compare", "f*x^2", "--f", "3", "--x", "2", "--claim", "x=2f*x", "--no-sympy")
    assert shown.status == 0


def test_every_side_is_reached_or_said_not_to_be():
    graph = parse("where(x > 5, x, where(y < x^2, y, abs(x + 40)))")
    points = samples(graph, {"x": 1.0, "y": 1.0}, None, scales=True)
    assert len(points) == 20
    assert unreached(graph, points) == ()
    assert {point["x"] > -40 for point in points if point["y"] >= point["x"] ** 2} == {True, False}
    never = parse("where(x^2 < 0, x, 2x)")
    found = claims.check(never, parse("2+0*x"), "x", "", {"x": 1.0}, None)
    assert found.unreached == ("x^2 < 0",)
    assert found.outcome == "agrees"
    shown = here("compare", "where(x^2 < 0, x, 2x)", "--x", "1", "--claim", "x=2+0x", "--no-sympy")
    assert "no point was found with x^2 < 0: not tried there" in shown.out


@pytest.mark.parametrize("x", [1e308, -1.7e308, 5e-324, -0.0])
def test_samples_are_found_beside_numbers_at_the_ends_of_float64(x):
    assert samples(parse("where(x > y, x, x*y)"), {"x": x, "y": 1.0}, None, scales=True)


@pytest.mark.parametrize("seed", range(5))
def test_constants_that_are_held_stay_what_they_are(seed):
    graph = parse("where(x > 5, a*x, x)")
    points = samples(graph, {"a": 2.5, "x": 1.0}, seed, 20, {"a"}, scales=True)
    assert {point["a"] for point in points} == {2.5}
    assert {point["x"] > 5 for point in points} == {True, False}
