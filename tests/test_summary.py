"""Summaries of blocks add up: however rows are split and in whatever order, to the same bits."""

from __future__ import annotations

import math
from fractions import Fraction
from functools import reduce
from itertools import pairwise
from operator import add

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from autodiff_cli.answers.gradient import grad_of_block
from autodiff_cli.batch.exact import PLACES, rounded, units
from autodiff_cli.batch.summary import described, summarised
from autodiff_cli.compiled import running
from autodiff_cli.engine.linearise import linearise
from autodiff_cli.files.csv import CsvRows
from autodiff_cli.files.dialect import PLAIN
from autodiff_cli.language.parser import read
from autodiff_cli.notes.counting import Place
from autodiff_cli.notes.departures import departures

FINITE = st.floats(allow_nan=False, allow_infinity=False)
#: Where functions have kinks, poles and overflow, and where sums cancel.
NUMBERS = (1.5, -2.0, 0.0, -0.0, 1e200, -1e200, 800.0, 5e-324, 0.1, -0.1, 1e16, 1.0)


@given(st.lists(FINITE, max_size=40))
def test_a_sum_is_exact(numbers):
    total = units(np.array(numbers), max(map(abs, numbers), default=0.0))
    assert Fraction(total, 2**PLACES) == sum(map(Fraction, numbers))
    exact = sum(map(Fraction, numbers))
    try:
        nearest = float(exact)
    except OverflowError:
        nearest = math.inf if exact > 0 else -math.inf
    assert rounded(total) == nearest


def test_a_mean_of_numbers_whose_sum_is_beyond_float64_is_one():
    most = np.full(1000, 1.7976931348623157e308)
    assert rounded(units(most, most[0]), 1000) == 1.7976931348623157e308
    assert (rounded(units(most, most[0])), rounded(units(-most, most[0]))) == (math.inf, -math.inf)


def rows(file: int, start: int, columns: dict[str, list[float]]) -> CsvRows:
    """Some rows of a CSV file."""
    names, count = tuple(columns), len(next(iter(columns.values())))
    cells = [[repr(number) for number in numbers] for numbers in columns.values()]
    lines = range(start + 2, start + 2 + count)
    return CsvRows(f"{file}.csv", names, names, count, None, cells, lines, PLAIN)


def summary(reading, file, start, at):
    result = grad_of_block(
        reading, {name: np.array(numbers) for name, numbers in at.items()}, mode="reverse",
        wrt=reading.graph.variables,
    )  # fmt: skip
    place, block = Place(file, start), rows(file, start, at)
    results = {"f()": result.value, "df/dx": result.gradient["x"]}
    columns = {name: described(numbers, place, block) for name, numbers in results.items()}
    return summarised(result, "reverse", 1, place, columns)


def shown(found):
    """Everything that a summary says."""
    return (
        [column.tolist() for column in found.ends.columns()], found.points, found.between,
        found.departures.notes(), sorted(found.departures.points.items()), found.columns,
        found.verdict,
    )  # fmt: skip


@st.composite
def splits(draw):
    """Files of rows, where each is cut, and the order in which the parts are added."""
    files = draw(
        st.lists(
            st.lists(st.tuples(*[st.sampled_from(NUMBERS)] * 2), min_size=1, max_size=30),
            min_size=1, max_size=4,
        )
    )  # fmt: skip
    cuts = [sorted(draw(st.sets(st.integers(1, len(rows)), max_size=5))) for rows in files]
    return files, cuts, draw(st.randoms(use_true_random=False))


@pytest.mark.parametrize("formula", ["x*y", "abs(x) + 1/y", "exp(x)*y + 1/0", "ln(x*y)"])
@settings(max_examples=25)
@given(splits())
def test_any_split_in_any_order_has_the_same_summary(formula, split):
    files, cuts, random = split
    reading = read([formula], ("x", "y"))
    wholes = [
        summary(reading, file, 0, dict(zip("xy", map(list, zip(*rows, strict=True)), strict=True)))
        for file, rows in enumerate(files)
    ]
    parts = []
    for file, (rows, places) in enumerate(zip(files, cuts, strict=True)):
        for start, end in pairwise([0, *places, len(rows)]):
            if start < end:
                columns = map(list, zip(*rows[start:end], strict=True))
                at = dict(zip("xy", columns, strict=True))
                parts.append(summary(reading, file, start, at))
    one = shown(reduce(add, wholes))
    random.shuffle(parts)
    while len(parts) > 1:  # in a tree of any shape
        left, right = parts.pop(random.randrange(len(parts))), parts.pop()
        parts.append(left + right)
    assert repr(shown(parts[0])) == repr(one)


def test_notes_are_those_of_all_rows_at_once():
    reading = read(["abs(x) + 1/y"], ("x", "y"))
    files = [[(1.0, 1.0), (0.0, 2.0)], [(0.0, 0.0), (3.0, 4.0), (5.0, 0.0)]]
    columns = [dict(zip("xy", map(list, zip(*rows, strict=True)), strict=True)) for rows in files]
    parts = [summary(reading, file, 0, at) for file, at in enumerate(columns)]
    together = {name: np.array(columns[0][name] + columns[1][name]) for name in "xy"}
    whole = grad_of_block(reading, together, mode="reverse", wrt=("x", "y"))
    linearisation = linearise(reading.graph, together)
    expected = departures(linearisation, whole.adjoints)
    assert (parts[1] + parts[0]).departures.notes() == expected
    assert "at 2 of 5 points, first the point number 2" in expected[0].text


def test_an_extreme_is_the_first_of_its_kind_and_has_its_place():
    at = {"x": [2.0, -1.0, 7.0, math.inf, math.nan], "y": [0.0] * 5}
    numbers = np.array(at["x"])
    first, second = (described(numbers, Place(k, 10), rows(k, 10, at)) for k in (0, 1))
    for found in (first + second, second + first):
        assert (found.finite, found.mean) == (6, 8 / 3)
        assert (found.least.value, found.least.place, found.least.row) == (
            -1,
            Place(0, 11),
            "line 13",
        )
        assert (found.greatest.value, found.greatest.place) == (7, Place(0, 12))


def test_no_finite_number_has_no_extreme():
    found = described(np.array([math.nan]), Place(0, 0), rows(0, 0, {"x": [math.nan]}))
    assert (found.finite, found.least, found.greatest, found.mean) == (0, None, None, None)


def test_a_worker_that_is_told_to_use_one_core_does(monkeypatch):
    monkeypatch.setattr(running.os, "sched_getaffinity", lambda _: set(range(8)), raising=False)
    for said, cores in (("", 8), ("1", 1), ("4", 4), ("64", 8), ("0", 8), ("many", 8)):
        monkeypatch.setenv("OMP_NUM_THREADS", said)
        assert running.division(10_000_000, 1).cores == cores
