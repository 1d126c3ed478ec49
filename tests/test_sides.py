"""What is said of both sides of a point holds: rounding and near conditions are seen through."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

import pytest
from mpmath import mp

from autodiff_cli.answers.gradient import grad
from autodiff_cli.answers.reading import parse
from autodiff_cli.engine.exactness import exact
from autodiff_cli.engine.linearise import linearise
from autodiff_cli.graph.graph import Graph
from autodiff_cli.notes.sides import sides
from tests import exact as digits
from tests.crosscheck.cases import case

HIDDEN, NONE = "a slope that rounding hides", "no finite value"

#: formula, x, what the left and the right side are, and whether that is a little beside the point.
ROWS = [
    # the operand only seems to stand at the kink: 1 + 1e-20 is 1
    ("acosh(1+x)", 1e-20, (NONE, HIDDEN), (True, False)),
    ("where(x+1e-20>1, x^2, x)", 1.0, ("slope 1", "slope 2"), (True, True)),
    ("ln(x+1e-30-1)", 1.0, (NONE, HIDDEN), (True, False)),
    ("1/(x+1e-30-1)", 1.0, (HIDDEN, HIDDEN), (False, False)),
    ("abs(10x-3)", 0.3, ("slope −10", "slope 10"), (True, True)),
    ("max(exp(x), e)", 1.0, ("slope 0", "slope 2.71828"), (True, True)),
    ("floor(10x)", 0.3, ("slope 0", "slope 0"), (True, True)),
    ("abs(tanh(x)-1)", 20.0, (HIDDEN, HIDDEN), (False, False)),
    # or it stands there
    ("abs(x-0.3)", 0.3, ("slope −1", "slope 1"), (False, False)),
    ("relu(ln(x))", 1.0, ("slope 0", "slope 1"), (False, False)),
    ("abs(sqrt(x)-2)", 4.0, ("slope −0.25", "slope 0.25"), (False, False)),
    ("abs(cbrt(x)-2)", 8.0, ("slope −0.0833333", "slope 0.0833333"), (False, False)),
    ("abs(clamp(x, 0, 2)-1)", 1.0, ("slope −1", "slope 1"), (False, False)),
    ("abs(x^2/4-1)", 2.0, ("slope −1", "slope 1"), (False, False)),
    ("abs(sin(x))+1e12", 0.0, ("slope −1", "slope 1"), (False, False)),
    # another condition turns nearer than one usually looks, or too near
    ("where(abs(x)>1e-50, x^2, abs(x))", 0.0, ("slope −1", "slope 1"), (False, False)),
    ("where(abs(x)>1e-5, x^2, abs(x))", 0.0, ("slope −1", "slope 1"), (False, False)),
    ("where(abs(x-1)>1e-11, x^2, abs(x-1))", 1.0, ("slope −1", "slope 1"), (False, False)),
    ("abs(x-1)*where(abs(x-1)<1e-14, 2, 3)", 1.0, (HIDDEN, HIDDEN), (False, False)),
]  # fmt: skip


@pytest.mark.parametrize(("text", "x", "said", "little"), ROWS, ids=[row[0] for row in ROWS])
def test_both_sides(text: str, x: float, said: tuple[str, str], little: tuple[bool, bool]) -> None:
    found = sides(parse(text), {"x": x}, "x")
    assert tuple(map(str, found)) == said
    assert tuple(side.little for side in found) == little


def test_a_side_that_is_told_a_little_beside_says_so() -> None:
    (note,) = [n for n in grad("abs(10x-3)", {"x": 0.3}).notes if n.kind == "both-sides"]
    assert note.text == (
        "along x, f has slope −10 a little to the left and slope 10 a little to the right; nearer, "
        "rounding hides it"
    )
    (note,) = [n for n in grad("floor(10x)", {"x": 0.3}).notes if n.kind == "both-sides"]
    assert "f has slope 0 a little to either side; nearer" in note.text


@pytest.mark.parametrize(
    ("text", "x", "wanted"),
    [
        ("x+1", 0.5, True), ("x+1", 1e-20, False), ("x-1", 0.7, True), ("3x", 0.1, False),
        ("x/3", 1.5, True), ("x/3", 1.0, False), ("1/x", 0.0, True), ("x^3", 5.0, True),
        ("x^3", 0.1, False), ("x^-2", 2.0, False), ("sqrt(x)", 2.25, True), ("sqrt(x)", 2.0, False),
        ("cbrt(x)", 8.0, True), ("hypot(x, 4)", 3.0, True), ("hypot(x, 4)", 3.1, False),
        ("sin(x)", 0.0, True), ("cos(x)", 1e-9, False), ("ln(x)", 0.0, True),
        ("exp(x)", 1e4, False), ("3/x", 0.0, False),
        ("floor(x+1e-20)", 1.0, False), ("where(x>0, x+1, x/3)", 1.0, True),
        ("where(x>0, x/3, x+1)", 1.0, False), ("leaky_relu(x, 0.5)", -2.0, True),
        ("mod(x, 3)", 7.0, True), ("max(x, x/3)", 1.0, False), ("tanh(x)", 40.0, False),
    ],
)  # fmt: skip
def test_a_value_is_exact_or_was_rounded(text: str, x: float, wanted: bool) -> None:
    graph = parse(text)
    assert exact(graph, linearise(graph, {"x": x}, ()).values)[graph.outputs[0]] is wanted


def test_finite_slopes_of_both_sides_are_those_of_mpmath() -> None:
    compared = 0
    for seed in range(900):
        one = case(seed)
        if not one.edge or not all(map(math.isfinite, one.at.values())):
            continue
        if not any(note.kind == "both-sides" for note in grad(one.graph, one.at).notes):
            continue
        for name in one.graph.variables:
            for sign, side in zip((-1, 1), sides(one.graph, one.at, name), strict=True):
                if side.little or side.slope is None or not math.isfinite(side.slope):
                    continue
                truth = _beside(one.graph, one.at, name, sign)
                if truth is not None:
                    compared += 1
                    assert side.slope == pytest.approx(truth, rel=1e-5, abs=1e-5), (str(one), name)
    assert compared > 50


def _beside(graph: Graph, at: Mapping[str, float], name: str, sign: int) -> float | None:
    """Return a slope of the function right beside a point, by a difference of its values."""
    with mp.workdps(800):
        step = sign * mp.mpf("1e-60") * (abs(mp.mpf(at[name])) or 1)

        def value(times: int) -> Any:
            return digits.value(graph, {**at, name: mp.mpf(at[name]) + times * step})

        try:
            return float((value(2) - value(1)) / step)
        except digits.NoRealValue:
            return None
