"""Of very many points a stated sample is judged: the same however the points are split."""

from __future__ import annotations

import csv
import json
import random
from dataclasses import replace
from functools import reduce
from itertools import pairwise
from operator import add

import numpy as np
import pytest

from autodiff_cli import grad
from autodiff_cli.answers import inspection
from autodiff_cli.answers.drawn import DRAWN, HIGH, LOW, MOST, drawn
from autodiff_cli.answers.inspection import FIRST, MOST_POINTS, judged
from autodiff_cli.files import blockwise as data
from autodiff_cli.notes.counting import Place
from autodiff_cli.symbolic.client import Client
from tests.console import here

#: Formulas with a row that is not finite, near a kink, or far more sensitive than the others.
FORMULAS = ["x*y", "x^2", "ln(x)+y", "relu(x)*y", "floor(x)+y", "1/(x-y)", "where(x>y,x,y^2)"]

SIZE = 3000


def columns(size=SIZE):
    choose = random.Random(7)
    draw = lambda: choose.choice((0.0, 1.0, 1e-9, 2.0, choose.gauss(0, 3)))  # noqa: E731
    return {name: np.array([draw() for _ in range(size)]) for name in "xy"}


def draw_of(formula, at, start, seed=0, before=None):
    """Return the draw of one block by the engine's own arrays, as every road has them."""
    names = [name for name in at if name in formula]
    result = grad(formula, {name: at[name] for name in names})
    slopes = {(name,): slope for name, slope in result.gradient.items()}
    return drawn(result, slopes, seed, start, before)


def part(at, first, last):
    return {name: column[first:last] for name, column in at.items()}


@pytest.mark.parametrize("formula", FORMULAS)
def test_draws_of_any_parts_in_any_order_add_up_to_the_draw_of_all(formula):
    at, choose = columns(), random.Random(formula)
    whole = draw_of(formula, at, Place(0, 0))
    cuts = [0, *sorted(choose.sample(range(1, SIZE), 6)), SIZE]
    pairs = list(pairwise(cuts))
    parts = [draw_of(formula, part(at, a, b), Place(0, a)) for a, b in pairs]
    choose.shuffle(parts)
    assert repr(reduce(add, parts)) == repr(whole)  # nan is no nan
    kept = None
    for a, b in pairs:  # one after the other, each told what the ones before rule out
        block = draw_of(formula, part(at, a, b), Place(0, a), before=kept)
        kept = block if kept is None else kept + block
    assert repr(kept) == repr(whole)


def test_the_draw_depends_on_the_seed_and_the_piece_and_on_no_number():
    at = columns()
    places = {
        (seed, piece, formula): [
            row.place.row
            for row in draw_of(formula, at, Place(piece, 0), seed).kinds[DRAWN]
        ]
        for seed in (0, 1)
        for piece in (0, 1)
        for formula in ("x*y", "ln(x)+y")
    }  # fmt: skip
    assert places[0, 0, "x*y"] == places[0, 0, "ln(x)+y"]
    assert len(set(map(tuple, places.values()))) == 4
    assert all(len(set(rows)) == MOST[DRAWN] for rows in places.values())
    assert 0.4 * SIZE < np.mean(places[0, 0, "x*y"]) < 0.6 * SIZE


@pytest.mark.parametrize(
    ("formula", "x", "kind"),
    [("x^2", np.nan, "not finite"), ("1/x", 0.0, "not finite"), ("sqrt(x)", -1.0, "not finite"),
     ("relu(x-1)", 1 + 1e-9, "near a kink or an edge"), ("ln(x)", 1e-8, "near a kink or an edge"),
     ("floor(x)+x", 3 + 1e-9, "near a kink or an edge"), ("x-2", 2 - 1e-12, "most sensitive"),
     ("cos(x)", 1e-7, "least sensitive"), ("where(x>2,x,1)", 2.0, "near a kink or an edge")],
)  # fmt: skip
def test_a_suspicious_row_is_always_kept(formula, x, kind):
    at = {"x": np.linspace(2.1, 2.9, 5000)}
    at["x"][4321] = x
    draw = draw_of(formula, at, Place(0, 0))
    assert 4321 in [row.place.row for row in draw.kinds[kind]]
    assert 4321 in [row.place.row for row in draw.rows()]


@pytest.fixture
def few(monkeypatch):
    """A small limit and a small draw: what is shown here is the same for all."""
    monkeypatch.setattr(inspection, "MOST_POINTS", 100)
    monkeypatch.setitem(MOST, DRAWN, 30)


def many(count, *words, formula="sin(x)/x"):
    return ("grad", formula, "--x", f"linspace(-5000,5000,{count})", *words)


def test_beyond_the_limit_a_sample_is_judged_and_stated():
    answer = json.loads(here(*many(MOST_POINTS + 1, "--json")).out)
    sample = answer["sample"]
    assert (sample["points"], sample["seed"], answer["symbolic"]) == (MOST_POINTS + 1, 0, None)
    assert sample["judged"] == sum(sample["verdicts"].values()) >= MOST[DRAWN]
    assert sample["kinds"][HIGH] == sample["kinds"][LOW] == 10
    assert sample["found"] == {"not finite": 1, "near a kink or an edge": 1}  # 0/0 in the middle
    assert sample["first"] == {"undefined": MOST_POINTS // 2 + 1}
    assert answer["verdict"] == "undefined"


def test_the_screen_says_how_many_by_which_seed_and_what_came_out(few):
    shown = here(*many(101, "--random-seed", "5"), columns=1000)
    assert "verdict: undefined (domain at w3), at " in shown.out
    assert " of 101 points (seed 5)" in shown.out
    assert "30 drawn by the seed 5, all 1 not finite, all 1 near a kink or an edge" in shown.out
    assert "1 undefined (first the point number 51)" in shown.out
    assert "note (sample)" not in here(*many(100), columns=1000).out


@pytest.mark.parametrize(("formula", "status"), [("sin(x)", 0), ("sin(x)/x", 3)])
def test_strict_asks_for_a_match_at_every_point_judged(few, formula, status):
    assert here(*many(101, "--strict", formula=formula)).status == status


@pytest.mark.parametrize("words", [("--no-sympy",), ("--sympy-seconds", "0")])
def test_no_sample_is_judged_where_sympy_is_not_wanted(few, words):
    answer = json.loads(here(*many(101, *words, "--json")).out)
    assert "sample" not in answer
    assert answer["verdict"] == "skipped"


@pytest.mark.parametrize("size", [7, 150])
def test_a_file_in_blocks_has_the_sample_of_the_file_as_a_whole(few, tmp_path, monkeypatch, size):
    at = columns(400)
    path = tmp_path / "in.csv"
    with path.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream)
        writer.writerow(at)
        writer.writerows(zip(*[map(repr, column.tolist()) for column in at.values()], strict=True))
    words = ("grad", "ln(x)*y", "--data", str(path), "-o", str(tmp_path / "out.csv"))
    whole = here(*words, columns=1000).out
    assert "SymPy was asked at" in whole
    monkeypatch.setattr(data, "BLOCK", size)
    assert here(*words, columns=1000).out == whole


def test_no_more_points_are_asked_about_than_the_time_allows(few, monkeypatch):
    """Each question takes half a second of the client's; one is allowed, and the answer is kept."""
    asked = []

    def slow(result, derivatives, client, seconds, **options):
        asked.append((len(result.value), seconds))
        client.spent += 0.5
        return judged_points(result, derivatives, client, 30.0, **options)

    judged_points = inspection.judged_points
    monkeypatch.setattr(inspection, "judged_points", slow)
    result = grad("sin(x)", {"x": np.linspace(0, 1, 101)})
    slopes = {("x",): result.gradient["x"]}
    for seconds, most in ((1.0, FIRST), (2.5, 38)):
        asked.clear()
        with Client() as client:
            found = judged(result, slopes, client, seconds)
        assert max(count for count, _ in asked) <= most
        assert sum(share for _, share in asked) <= 2 * seconds
        assert found.sample.judged == max(count for count, _ in asked)
        assert found.verdict == "match"


def test_a_wrong_number_in_the_sample_is_a_mismatch(few):
    result = grad("sin(x)", {"x": np.linspace(0, 1, 101)})
    wrong = replace(result, gradient={"x": result.gradient["x"] + 1e-3})
    with Client() as client:
        found = judged(wrong, {("x",): wrong.gradient["x"]}, client, 30.0)
    assert found.verdict == "MISMATCH"
    assert found.sample.verdicts == {"MISMATCH": found.sample.judged}


@pytest.mark.parametrize("command", [("hessian",), ("hvp", "--direction", "1")], ids=" ".join)
def test_second_derivatives_at_very_many_points_are_judged_by_a_sample_too(few, command):
    name, *options = command
    words = (name, "sin(x)", "--x", "linspace(0,3,101)", *options)
    outcome = here(*words, columns=1000)
    assert "verdict: match" in outcome.out
    assert "of 101 points: 30 drawn by the seed 0" in outcome.out


def test_beside_other_formulas_each_sample_says_whose_it_is(few):
    out = here("jacobian", "sin(x)", "x^2", "--x", "linspace(0,3,101)", columns=1000).out
    assert "SymPy was asked about f1 at" in out
    assert "SymPy was asked about f2 at" in out
