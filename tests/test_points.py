"""`compare --points`: samples inside the domain, and the largest error of each method."""

from __future__ import annotations

import json
import math

import numpy as np
import pytest
import sympy

from autodiff_cli import parse
from autodiff_cli.methods import at_points as many
from autodiff_cli.methods import differences as difference
from autodiff_cli.methods import frameworks
from autodiff_cli.methods.sampling import samples
from tests.console import here


def test_samples_lie_inside_the_domain_and_off_the_kinks() -> None:
    graph = parse("log(x) + sqrt(3 - x) + max(floor(x), x/2)")
    points = samples(graph, {"x": 1.0}, None)
    assert len(points) == 20
    assert all(0 < point["x"] < 3 for point in points)
    assert points != samples(graph, {"x": 1.0}, 7)
    assert points == samples(graph, {"x": 1.0}, None)


@pytest.mark.parametrize(
    ("text", "at", "inside"),
    [
        ("sin(x)*y", {}, lambda x, y: abs(x) <= 5 and abs(y) <= 5),
        ("log(x - 1000)", {}, lambda x: x > 1000),
        ("asin(100x)", {}, lambda x: abs(x) < 0.01),
        ("log(x)*y", {"x": 2.0}, lambda x, y: x > 0),
        ("asin(x - 1000)", {"x": 1000.2}, lambda x: 999 < x < 1001),
    ],
)
def test_a_hundred_points_are_found_without_values_too(text: str, at: dict, inside) -> None:
    points = samples(parse(text), at, None, 100)
    assert len(points) == 100
    assert all(inside(**point) for point in points)
    assert len({tuple(point.values()) for point in points}) > 90
    assert all(float(f"{x:.8g}") == x for point in points for x in point.values())


def test_constants_keep_their_value_and_nothing_is_sampled_without_variables() -> None:
    points = samples(parse("a*log(x)"), {"a": 2.5}, None, 10, {"a"})
    assert {point["a"] for point in points} == {2.5}
    assert samples(parse("a^2"), {"a": 2.5}, None, 10, {"a"}) == []
    assert samples(parse("2 + 3"), {}, None, 10) == []
    assert samples(parse("sqrt(-1 - x^2)"), {}, None, 10) == []


TEXT = "exp(-x^2)*sin(3x*y) + ln(1+x^2)/(1+exp(-y))"
NARROW = "asin(x - 1000.5)"


@pytest.fixture(autouse=True)
def no_library(monkeypatch: pytest.MonkeyPatch) -> None:
    """Leaves out libraries that take seconds to load."""
    monkeypatch.setattr(frameworks, "find_spec", lambda _: None)


@pytest.fixture(scope="module")
def found() -> list[dict]:
    """What three command lines answer."""
    lines = [
        ("--points", "60", "--float32"),
        ("--points", "500"),
        ("--x", "1", "--y", "2", "--points", "20", "--random-seed", "3"),
    ]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(frameworks, "find_spec", lambda _: None)
        return [json.loads(here("compare", TEXT, *line, "--json").out) for line in lines]


def test_the_largest_error_is_sympys_largest(found: list[dict]) -> None:
    answer = found[0]
    points = answer["points"]
    assert (points["asked"], points["found"], points["against"]) == (60, 60, "SymPy's 30 digits")
    assert (answer["verdict"], points["verdict"], points["reason"]) == ("match", "match", None)
    names = sympy.symbols("x y", real=True)
    formula = sympy.sympify(TEXT.replace("3x", "3*x").replace("^", "**"))
    columns = [points["at"][name] for name in "xy"]
    for name, symbol in zip("xy", names, strict=True):
        slope = formula.subs({str(n): n for n in names}).diff(symbol)
        exact = [
            sympy.Float(
                slope.evalf(30, subs=dict(zip(names, map(sympy.Rational, row), strict=True))), 30
            )
            for row in zip(*columns, strict=True)
        ]
        worst = {row["method"]: row for row in points["worst"][name]}
        errors = [abs(float(g - e)) for g, e in zip(answer["gradient"][name], exact, strict=True)]
        row = worst["reverse mode"]
        assert abs(row["error"]) == pytest.approx(max(errors), rel=1e-6)
        place = errors.index(max(errors))
        assert row["at"] == {"x": columns[0][place], "y": columns[1][place]}
        assert row["derivative"] == pytest.approx(float(exact[place]), rel=1e-12)
        assert abs(worst["reverse mode"]["error"]) < 1e-13
        assert 1e-13 < abs(worst["central difference"]["error"]) < 1e-6
        assert 1e-10 < abs(worst["forward difference"]["error"]) < 1e-4
        assert 1e-9 < abs(worst["reverse, float32"]["error"]) < 1e-4


def test_without_a_point_the_answer_is_one_at_the_sampled_points(found: list[dict]) -> None:
    answer = found[0]
    assert answer["at"] == answer["points"]["at"]
    assert len(answer["value"]) == len(answer["gradient"]["x"]) == 60
    assert (answer["methods"], answer["digits"], answer["steps"]) == ({}, {}, None)


def test_very_many_points_are_measured_in_float64(found: list[dict]) -> None:
    assert found[1]["points"]["against"] == "SymPy in float64"
    assert found[1]["points"]["verdict"] == "match"


def test_with_a_point_both_are_answered(found: list[dict]) -> None:
    answer = found[2]
    assert answer["at"] == {"x": 1.0, "y": 2.0}
    assert {row["method"] for row in answer["methods"]["x"]} >= {"reverse mode", "complex step"}
    near = [x for x in answer["points"]["at"]["x"] if abs(x - 1) <= 1]
    assert len(near) >= 10


def test_without_sympy_reverse_mode_is_the_measure() -> None:
    words = ("compare", TEXT, "--points", "9", "--no-sympy")
    points = json.loads(here(*words, "--json").out)["points"]
    assert (points["against"], points["verdict"]) == ("reverse mode", "skipped")
    assert {row["error"] for row in points["worst"]["x"] if row["method"] == "reverse mode"} == {0}
    said = " ".join(here(*words).out.split())
    assert "largest errors against reverse mode, since SymPy's side was skipped: SymPy was" in said


def test_points_without_a_number_are_counted() -> None:
    graph = parse("sqrt(x)")
    points = [{"x": 1e-9}, {"x": 1.0}, {"x": 4.0}]  # x - h is outside at the first
    rows = many.worst(graph, points, ("x",), {"x": [repr(0.5 / p["x"] ** 0.5) for p in points]})
    missing = {row.method: row.missing for row in rows["x"]}
    assert missing["central difference"] == 1
    assert missing["reverse mode"] == missing["forward difference"] == 0
    unmeasured = many.worst(graph, points, ("x",), {"x": ["complex", None, "nan"]})["x"][0]
    assert (unmeasured.error, unmeasured.reason) == (None, "no finite number at any of the points")


def test_a_method_that_fails_is_a_row_with_its_reason() -> None:
    points = json.loads(here("compare", "erf(x)", "--points", "5", "--no-sympy", "--json").out)
    rows = {row["method"]: row for row in points["points"]["worst"]["x"]}
    assert rows["complex step"]["reason"] == "erf has no complex version here"
    assert (rows["complex step"]["error"], rows["reverse mode"]["reason"]) == (None, None)


def test_fewer_points_than_asked_are_said() -> None:
    narrow = here("compare", "sqrt(1e-9 - (x - pi)^2)", "--points", "50", "--no-sympy")
    assert (narrow.status, narrow.out) == (2, "")
    assert "no point inside the domain and off the kinks was found; give values near" in narrow.err
    given = here("compare", "sqrt(1e-9 - (x - pi)^2)", "--x", "pi", "--points", "50", "--no-sympy")
    assert given.status == 0
    said = " ".join(given.out.split())
    assert "no more were found: 50 were asked for" in said or "no point was found inside" in said


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (("--points", "-1"), "--points is -1; write a number of points, 100"),
        (("--points", "10001"), "too much input: more than 10,000 points to sample; set "
         "AUTODIFF_MAX_POINTS in the environment to raise this limit"),
        (("--points", "5", "--steps"), "no value for the variable 'x'; write --x 4"),
        (("--points", "5", "--z", "1"), "the expression has no variable 'z'; its variables are x"),
        (("--points", "5", "--x", "1,2"), "compare shows one point, and x has 2 values; "
         "write --x 1; grad takes lists"),
    ],
)  # fmt: skip
def test_wrong_points_are_errors(words: tuple[str, ...], message: str) -> None:
    outcome = here("compare", "x^2", *words, "--no-sympy")
    assert (outcome.status, outcome.out, outcome.err) == (2, "", f"error: {message}\n")


def test_a_claim_is_checked_without_a_point() -> None:
    words = ("compare", "x^2*y", "--points", "5", "--no-sympy")
    right = here(*words, "--claim", "x=2x*y")
    assert right.status == 0
    assert "2x*y: agrees with autodiff at 20 sampled points" in " ".join(right.out.split())
    assert here(*words, "--claim", "x=2x").status == 3


def test_a_constant_formula_has_nothing_to_sample() -> None:
    outcome = here("compare", "2+3", "--points", "5", "--no-sympy")
    assert outcome.status == 0
    assert "nothing to sample points for: there is no derivative" in outcome.out


def test_a_screen_of_40_columns_and_plain_ascii() -> None:
    outcome = here(
        "compare", "sin(x)*y", "--points", "8", "--no-sympy", columns=40, encoding="ascii"
    )
    assert (outcome.status, outcome.err) == (0, "")
    assert outcome.out.isascii()
    assert all(len(line) <= 40 for line in outcome.out.splitlines())


def test_float32_is_the_reverse_sweep_rounded_at_every_operation() -> None:
    found = json.loads(here("compare", "sin(x)*exp(y)/3 + sqrt(2)*x", "--x", "0.7", "--y", "1.3",
                            "--float32", "--no-sympy", "--json").out)["methods"]  # fmt: skip
    x, y, three = np.float32(0.7), np.float32(1.3), np.float32(3)
    by_hand = np.cos(x) * (np.exp(y) * (np.float32(1) / three)) + np.float32(math.sqrt(2))
    (row,) = [row for row in found["x"] if row["method"] == "reverse, float32"]
    assert row["value"] == float(np.float32(row["value"]))
    assert row["value"] == pytest.approx(float(by_hand), rel=3e-7)
    (double,) = [row for row in found["x"] if row["method"] == "reverse mode"]
    assert 1e-9 < abs(row["value"] - double["value"]) < 1e-6


def test_constants_are_rounded_to_float32_too() -> None:
    words = ("compare", "x*((sqrt(2)*1e9 + 1) - sqrt(2)*1e9)", "--x", "1", "--float32", "--json")
    rows = json.loads(here(*words, "--no-sympy").out)["methods"]["x"]
    values = {row["method"]: row["value"] for row in rows}
    assert values["reverse, float32"] == 0  # float32 holds 7 digits: adding 1 changes nothing
    assert values["reverse mode"] == 1


@pytest.mark.parametrize(
    "text",
    ["x^3*sin(y)", "abs(x - 1)*max(x, y)", "cbrt(x*y) + hypot(x, y)", "atan2(x, y)", "min(x, 2)",
     "where(x > y, x, y^2)", "relu(x) + tanh(y)", "+".join(f"x*y^{k}" for k in range(1100))],
)  # fmt: skip
def test_differences_at_many_points_are_those_at_each(text: str) -> None:
    graph = parse(text)
    points = [*samples(graph, {}, 3, 9), dict.fromkeys(graph.variables, -0.0)]
    columns = {name: np.array([point[name] for point in points]) for name in graph.variables}
    several, one = difference.many(graph), difference.few(graph)
    for slope, given, alone, exact in (
        (difference.forward, several, one, 1e-5),
        (difference.central, several, one, 1e-8),
        (difference.complex_step, graph, graph, 1e-13),
    ):
        for name in graph.variables:
            found = np.broadcast_to(slope(given, columns, name), len(points))
            wanted = [float(slope(alone, point, name)) for point in points]
            assert np.allclose(found, wanted, rtol=exact, atol=exact, equal_nan=True), name
