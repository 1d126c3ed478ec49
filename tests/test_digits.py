"""Every row keeps its digits over all of float64; `python -m tests.digits` asks 2,000 points."""

from __future__ import annotations

import itertools
import math
from functools import partial

import numpy as np
import pytest
from mpmath import mp, mpf

from autodiff_cli.engine import rules
from autodiff_cli.engine.higher import hessian
from autodiff_cli.engine.linearise import linearise
from autodiff_cli.engine.reverse import gradient
from autodiff_cli.language.parser import read
from autodiff_cli.ops.row import Operation
from tests.digits.judging import judged, ulps
from tests.digits.places import inside, points
from tests.digits.rows import ROWS
from tests.digits.truth import derivatives, exactly
from tests.test_table import named

#: Points of each row here.
SAMPLE = 24

#: The ends of float64, and numbers whose inverse or whose square is beyond one.
ENDS = tuple(s * x for x in (5e-324, 1e-310, 2.3e-308, 1e-160, 1e160, 1.797e308) for s in (1, -1))


@pytest.mark.parametrize("row", ROWS, ids=named)
def test_a_value_and_two_derivatives_keep_their_digits_or_the_row_says_so(row: Operation) -> None:
    assert judged(row, points(row, SAMPLE)).faults == []


@pytest.mark.slow
@pytest.mark.parametrize("row", [row for row in ROWS if row.arity < 3], ids=named)
def test_digits_are_kept_at_the_ends_of_float64_too(row: Operation) -> None:
    choices = itertools.product(ENDS, repeat=row.arity)
    assert judged(row, list(filter(partial(inside, row), choices))).faults == []


@pytest.mark.parametrize("row", [row for row in ROWS if row.losses], ids=named)
def test_a_loss_is_said_and_is_a_formula_of_the_operands(row: Operation) -> None:
    for loss in row.losses:
        assert loss.order in (0, 1, 2)
        assert loss.text
        assert not loss.ulp or len(rules.formula(loss.ulp).variables) <= row.arity


#: Slopes that were lost: the formula, the point, and each slope to seventeen digits.
SLOPES = [
    ("atan2(y, x)", {"y": 1e-200, "x": 1e-200}, {"y": 5e199, "x": -5e199}),
    ("atan2(y, x)", {"y": 1e-160, "x": 1e-160}, {"y": 5e159, "x": -5e159}),
    ("atan2(y, x)", {"y": 1e200, "x": 1e200}, {"y": 5e-201, "x": -5e-201}),
    ("asinh(x)", {"x": 1e160}, {"x": 1e-160}),
    ("acosh(x)", {"x": 1e160}, {"x": 1e-160}),
    ("atan(x)", {"x": 1e160}, {"x": 1e-320}),
    ("gelu(x)", {"x": -7}, {"x": -6.2663230314666318e-11}),
    ("sigmoid(x)", {"x": -720}, {"x": math.exp(-720)}),
    ("softplus(x)", {"x": -720}, {"x": math.exp(-720)}),
    ("silu(x)", {"x": -720}, {"x": -719 * math.exp(-720)}),
    ("tanh(x)", {"x": 10}, {"x": 8.2446144557673974e-9}),
    ("sigmoid(x)", {"x": 20}, {"x": 2.0611536139418493e-9}),
    ("expm1(x)", {"x": -700}, {"x": math.exp(-700)}),
    ("asin(x)", {"x": 1 - 2.0**-50}, {"x": 23726566.406062893}),
    ("log10(x)", {"x": 1.7e308}, {"x": 2.554673422960305e-309}),
]  # fmt: skip


@pytest.mark.parametrize(("text", "at", "wanted"), SLOPES)
def test_slopes_far_out_are_those_of_mathematics(
    text: str, at: dict[str, float], wanted: dict[str, float]
) -> None:
    graph = read([text]).graph
    alone = gradient(linearise(graph, {name: float(number) for name, number in at.items()}))
    columns = {name: np.array([number, number], float) for name, number in at.items()}
    together = gradient(linearise(graph, columns))
    for name, number in wanted.items():
        assert alone[name] == pytest.approx(number, rel=2e-14, abs=5e-321)
        assert together[name].tolist() == pytest.approx([number] * 2, rel=2e-14, abs=5e-321)


#: Second slopes that were lost by cancellation, by the first variable twice.
SECOND = [
    ("tanh(x)", {"x": 10}, -1.6489228843561127e-8),
    ("sigmoid(x)", {"x": 20}, -2.0611536054451409e-9),
    ("sigmoid(x)", {"x": 40}, -4.2483542552915889e-18),
    ("sigmoid(x)", {"x": 1e-200}, -1.25e-201),
    ("hypot(x, y)", {"x": 1e8, "y": 1}, 9.9999999999999985e-25),
    ("asin(x)", {"x": 1e-10}, 1e-10),
]  # fmt: skip


@pytest.mark.parametrize(("text", "at", "wanted"), SECOND)
def test_second_slopes_are_no_difference_of_nearly_equal_numbers(
    text: str, at: dict[str, float], wanted: float
) -> None:
    matrix = hessian(read([text]).graph, {name: float(number) for name, number in at.items()})
    assert matrix.matrix["x"]["x"] == pytest.approx(wanted, rel=2e-15)


def test_an_error_is_counted_in_units_of_the_last_place() -> None:
    assert ulps(1.0, mpf(1 + 2.0**-51)) == 2
    assert ulps(0.0, mpf(1.5e-323)) == 3
    assert ulps(math.inf, mpf("1e400")) == 0
    assert ulps(math.inf, mpf("1e300")) == math.inf
    assert ulps(math.nan, mp.nan) == 0


def test_truth_has_its_digits_where_a_result_cancels() -> None:
    (row,) = (row for row in ROWS if row.name == "log1p")
    assert float(exactly(derivatives(row)[""], (1e-300,))) == 1e-300
