"""Gradient descent: PyTorch's own numbers, and the reason where it does not arrive."""

from __future__ import annotations

import math

import pytest

from autodiff_cli.answers.descend import Descent, descend
from autodiff_cli.answers.stepping import Plan
from autodiff_cli.engine.curvature import largest
from autodiff_cli.errors import AutodiffError
from autodiff_cli.language.parser import read

ROSENBROCK = "(1-x)^2 + 100(y-x^2)^2"


def walk(formula: str, start: dict[str, float], **plan: object) -> Descent:
    found = descend(formula, read([formula]).graph, [start], Plan(**plan))  # type: ignore[arg-type]
    return found.descents[0]


def test_plain_steps_are_the_textbooks() -> None:
    rows = walk("x^2", {"x": 1.0}, rate=0.25, steps=3).rows
    assert [row.at["x"] for row in rows] == [1.0, 0.5, 0.25, 0.125]
    assert [row.value for row in rows] == [1.0, 0.25, 0.0625, 0.015625]


#: torch 2.13.0, float64: method → the place after 20 steps from (−1.2, 1) on Rosenbrock's valley.
TORCH = [
    ({"rate": 0.001}, (-1.0135612207526075, 1.0352940530350656)),
    ({"rate": 0.001, "momentum": 0.9}, (-0.6389689004144413, 0.2678497193976122)),
    ({"rate": 0.1, "adam": True}, (-0.9879860928000704, 1.0423367206217042)),
]


@pytest.mark.parametrize(("plan", "place"), TORCH, ids=["SGD", "momentum", "Adam"])
def test_the_steps_are_pytorchs(plan: dict[str, object], place: tuple[float, float]) -> None:
    last = walk(ROSENBROCK, {"x": -1.2, "y": 1.0}, steps=20, **plan).rows[-1]
    assert (last.at["x"], last.at["y"]) == pytest.approx(place, rel=1e-12)


#: formula, start, plan → how it ends, and words of the reason.
ENDS = [
    ("x^2", {"x": 1.0}, {"rate": 0.1, "steps": 200}, "flat", "gradient has length"),
    ("x^2", {"x": 1.0}, {"rate": 1.1}, "diverged", "stay below 2/2 = 1"),
    ("50x^2 + y^2", {"x": 1.0, "y": 1.0}, {"rate": 0.03}, "diverged", "curvature 100 at the start"),
    ("x^4", {"x": 3.0}, {"rate": 0.1}, "diverged", "2/108"),
    ("x^2", {"x": 1.0}, {"rate": 2.1, "momentum": 0.5}, "diverged", "2·(1 + 0.5)/2 = 1.5"),
    ("x^2", {"x": 1.0}, {"rate": 1.05, "steps": 9}, "steps", "climbs: the rate 1.05 is too large"),
    ("-x^2", {"x": 1.0}, {"rate": 1.0}, "diverged", "falls without end"),
    ("x^2", {"x": 1.0}, {"rate": 1.0}, "steps", "back and forth"),
    ("abs(x)", {"x": 1.0}, {"rate": 0.3}, "steps", "back and forth"),
    ("x^2", {"x": 1.0}, {"rate": 1e-3, "steps": 5}, "steps", "would bear a rate up to 1"),
    ("ln(x)", {"x": 1.0}, {"rate": 0.5}, "undefined", "not defined"),
    ("ln(x)", {"x": -1.0}, {"rate": 0.5}, "undefined", "at the start"),
    ("1e-300*x", {"x": 1.0}, {"tolerance": 0.0}, "stuck", "too small"),
    ("x - x", {"x": 1.0}, {}, "flat", "flat after 0 steps"),
]


@pytest.mark.parametrize(("formula", "start", "plan", "reason", "words"), ENDS)
def test_an_end_has_its_reason(
    formula: str, start: dict[str, float], plan: dict[str, object], reason: str, words: str
) -> None:
    found = walk(formula, start, **plan)
    assert found.reason == reason
    assert words in found.said


@pytest.mark.parametrize("rate", [0.9, 0.99, 1.01, 1.1])
def test_a_parabola_diverges_beyond_the_rate_that_is_named(rate: float) -> None:
    found = walk("x^2", {"x": 1.0}, rate=rate, steps=3000)
    assert (found.reason == "diverged") == (rate > 1)


@pytest.mark.parametrize(
    ("formula", "at", "expected"),
    [
        ("x^2", {"x": 1.0}, 2),
        ("-x^2", {"x": 1.0}, -2),
        ("x^2 - y^2", {"x": 1.0, "y": 1.0}, 2),
        ("x^2 - 3y^2", {"x": 1.0, "y": 1.0}, 2),
        ("x*y", {"x": 1.0, "y": 1.0}, 1),
        ("-x^2 - 3y^2 - z^2", {"x": 1.0, "y": 1.0, "z": 1.0}, -2),
        (ROSENBROCK, {"x": -1.2, "y": 1.0}, 1506.367),
        ("x", {"x": 1.0}, 0),
        ("x^1.5", {"x": 0.0}, None),
    ],
)
def test_the_largest_curvature(formula: str, at: dict[str, float], expected: float | None) -> None:
    found = largest(read([formula]).graph, at, tuple(at))
    assert found == (None if expected is None else pytest.approx(expected, rel=1e-5, abs=1e-9))


@pytest.mark.parametrize(
    "plan",
    [
        {"rate": 0.0}, {"rate": math.nan}, {"steps": 0}, {"momentum": 1.0}, {"tolerance": -1.0},
        {"momentum": 0.5, "adam": True},
    ],
)  # fmt: skip
def test_a_plan_that_cannot_be_is_refused(plan: dict[str, float]) -> None:
    with pytest.raises(AutodiffError):
        Plan(**plan)  # type: ignore[arg-type]


def test_what_is_held_does_not_move() -> None:
    graph = read(["(x - a)^2"]).graph
    found = descend("", graph, [{"x": 0.0, "a": 2.0}], Plan(rate=0.5), ["x"]).descents[0]
    assert found.rows[-1].at == {"x": 2.0, "a": 2.0}
