"""Poles, jumps, kinks and ends of a function of one variable, found from the operation table."""

from __future__ import annotations

import math

import pytest

from autodiff_cli.answers.contours import contours
from autodiff_cli.answers.curve import Curve, curve
from autodiff_cli.engine.breaks import breaks
from autodiff_cli.engine.line import Line
from autodiff_cli.errors import AutodiffError
from autodiff_cli.language.parser import read
from autodiff_cli.ops import OPERATIONS
from autodiff_cli.ops.row import Operation

HALF = math.pi / 2

#: formula, interval → place → kind.
CASES = [
    ("tan(x)", -5, 5, {-3 * HALF: "pole", -HALF: "pole", HALF: "pole", 3 * HALF: "pole"}),
    ("1/x", -2, 2, {0: "pole"}),
    ("1/x^2", -1.9, 2.3, {0: "pole"}),
    ("1/(x^2 - 2)", -2, 2, {-math.sqrt(2): "pole", math.sqrt(2): "pole"}),
    ("floor(x)", -2, 2, {-2: "jump", -1: "jump", 0: "jump", 1: "jump", 2: "jump"}),
    ("abs(x)", -1.7, 2.1, {0: "kink"}),
    ("sqrt(x)", -1, 2, {0: "end"}),
    ("sqrt(x^2)", -1.3, 2, {0: "kink"}),
    ("x^x", -2.5, 2, {0: "end"}),
    ("ln(x)", -1, 2, {0: "pole"}),
    ("ln(abs(x))", -1, 2, {0: "pole"}),
    ("x*ln(x)", -1, 2, {0: "end"}),
    ("where(x > 0, x*ln(x), 0)", -1, 1, {0: "vertical"}),
    ("max(x, x^2)", -1, 2, {0: "kink", 1: "kink"}),
    ("asin(x)", -2, 2, {-1: "end", 1: "end"}),
    ("asin(sin(x))", -2, 2, {-HALF: "kink", HALF: "kink"}),
    ("cbrt(x)", -1, 1, {0: "vertical"}),
    ("x^(1/3)", -1, 1, {0: "end"}),
    ("relu(x - 0.1)", -1, 1, {0.1: "kink"}),
    ("sin(x)/x", -5, 5, {0: "hole"}),
    ("(x^2 - 1)/(x - 1)", -2, 2.3, {1: "hole"}),
    ("where(x == 0.3, 1, x)", -1, 1, {0.3: "hole"}),
    ("atan2(x, -1)", -2, 2, {0: "jump"}),
    ("atan(1/x)", -1, 1.3, {0: "jump"}),
    ("sin(1/x)", -1, 1, {0: "unsettled"}),
    ("hypot(x, 0)", -2, 2, {0: "kink"}),
    ("exp(1000x)", 0, 1, {math.log(1.7976931348623157e308) / 1000: "overflow"}),
    ("0^x", -2, 2, {0: "end"}),
    # Conditions that change nothing are no breaks.
    ("ln(1 + e^x)", -2000, 2000, {math.log(1.7976931348623157e308): "overflow"}),
    ("x^3 - 2x", -2, 2, {}),
    ("(1 - x)^2", -2, 2, {}),
    ("relu(x)*relu(-x)", -1, 1, {}),
    ("abs(x)^2", -1, 1, {}),
    ("softplus(50x)", -2, 2, {}),
    ("sigmoid(500x)", -2, 2, {}),
    ("x^0", -1, 1, {}),
    ("sqrt(x^2 + 1)", -1, 1, {}),
]  # fmt: skip


def line(formula: str, **at: float) -> Line:
    return Line(read([formula]).graph, at, "x")


@pytest.mark.parametrize(("formula", "low", "high", "expected"), CASES, ids=[c[0] for c in CASES])
def test_each_place_is_found_and_named(
    formula: str, low: float, high: float, expected: dict[float, str]
) -> None:
    found, crowded = breaks(line(formula), low, high)
    assert not crowded
    assert [place.kind for place in found] == list(expected.values())
    for place, x in zip(found, expected, strict=True):
        assert place.x == pytest.approx(x, rel=1e-12, abs=1e-15)


KINDS = {"kink": {"kink"}, "jump": {"jump"}, "infinite-slope": {"vertical", "end"}}
BENT = [row for row in OPERATIONS if row.kinks and len(row.rules) == 1]


@pytest.mark.parametrize("row", BENT, ids=lambda row: row.name)
def test_each_kink_of_the_table_is_a_break_of_its_kind(row: Operation) -> None:
    found, _ = breaks(line(f"{row.name}(x)"), -1.6, 1.7)
    kinds = {place.kind for place in found}
    assert kinds & KINDS[row.kinks[0].kind]
    assert kinds <= KINDS[row.kinks[0].kind] | ({"pole", "end"} if row.domain else set())


BOUNDED = [row for row in OPERATIONS if row.domain and len(row.rules) == 1]


@pytest.mark.parametrize("row", BOUNDED, ids=lambda row: row.name)
def test_each_domain_of_the_table_ends_at_a_break(row: Operation) -> None:
    found, _ = breaks(line(f"{row.name}(x)"), -4, 4)
    assert {place.kind for place in found} <= {"pole", "end"}
    assert found


def test_the_node_at_fault_is_named() -> None:
    there = line("exp(x) + 1/(x - 1)")
    (pole,), _ = breaks(there, -2, 2)
    names = there.graph.named()
    assert [names[node] for node in pole.nodes] == ["w4"]


def test_a_node_whose_domain_is_kept_is_not_named() -> None:
    there = line("x^2/x + sqrt(x^4)")
    (hole,), _ = breaks(there, -1, 2)
    names = there.graph.named()
    assert [names[node] for node in hole.nodes] == ["w3", "w5"]


def test_many_places_close_together_are_found_each() -> None:
    found, crowded = breaks(line("floor(x)"), -0.5, 250.5)
    assert not crowded
    assert [place.x for place in found] == list(range(251))
    found, crowded = breaks(line("tan(100x)"), -5, 5)
    assert not crowded
    assert len(found) == 318


def test_too_many_places_are_gaps_and_said() -> None:
    report = drawn("tan(1000x)", -5, 5)
    assert not report.breaks
    assert any(note.kind == "crowded" for note in report.notes)
    for piece in report.pieces:  # each runs up, as the tangent does
        assert list(piece.values) == sorted(piece.values)


def drawn(formula: str, low: float, high: float, **at: float) -> Curve:
    return curve(formula, read([formula]).graph, "x", (low, high), at)


@pytest.mark.parametrize(("formula", "low", "high", "expected"), CASES, ids=[c[0] for c in CASES])
def test_no_piece_runs_across_a_place(
    formula: str, low: float, high: float, expected: dict[float, str]
) -> None:
    for piece in drawn(formula, low, high).pieces:
        assert list(piece.places) == sorted(piece.places)
        for x in expected:
            assert not piece.places[0] + 1e-9 < x < piece.places[-1] - 1e-9
        assert all(map(math.isfinite, piece.values))


def test_pieces_reach_their_limits() -> None:
    left, right = drawn("floor(x)", 0.5, 1.5).pieces
    assert (left.places[-1], left.values[-1]) == (1.0, 0.0)
    assert (right.places[0], right.values[0]) == (1.0, 1.0)


def test_the_derivative_beside_a_curve_is_the_engines() -> None:
    (piece,) = drawn("sin(a*x)", -1, 1, a=3.0).pieces
    for x, slope in zip(piece.places, piece.slopes, strict=True):
        assert slope == pytest.approx(3 * math.cos(3 * x), abs=1e-14)


@pytest.mark.parametrize(("low", "high"), [(1, 1), (2, 1), (0, math.inf), (math.nan, 1)])
def test_an_interval_needs_two_ends(low: float, high: float) -> None:
    with pytest.raises(AutodiffError, match="interval of x"):
        drawn("x", low, high)


SQUARE = ((-2.0, 2.0), (-2.0, 2.0))


def test_contours_lie_where_the_function_has_their_value() -> None:
    found = contours("", read(["x^2 + y^2"]).graph, ("x", "y"), SQUARE, {})
    assert len(found.levels) > 6
    for level in found.levels:
        for x, y in (spot for chain in level.lines for spot in chain):
            assert x * x + y * y == pytest.approx(level.value, abs=2e-3)
    rings = [level for level in found.levels if level.value < 3.9]
    assert all(len(ring.lines) == 1 and ring.lines[0][0] == ring.lines[0][-1] for ring in rings)


@pytest.mark.parametrize(
    ("formula", "torn"),
    [
        ("1/(x - y)", lambda x, y: x - y),
        ("tan(x) + y", lambda x, y: abs(x) - HALF),
        ("sign(x) + y", lambda x, y: x or 1.0),
        ("atan2(y, x)", lambda x, y: y if x < 0 else 1.0),
    ],
)
def test_no_contour_runs_across_a_pole_or_a_jump(formula: str, torn: object) -> None:
    assert callable(torn)
    found = contours("", read([formula]).graph, ("x", "y"), SQUARE, {})
    assert any(level.lines for level in found.levels)
    for level in found.levels:
        for chain in level.lines:
            signs = {math.copysign(1, torn(x, y)) for x, y in chain if abs(torn(x, y)) < 0.4}
            assert len(signs) <= 1


def test_a_kink_does_not_cut_a_contour() -> None:
    found = contours("", read(["abs(x) + abs(y)"]).graph, ("x", "y"), SQUARE, {})
    inner = [level for level in found.levels if level.value < 1.9]
    assert inner
    assert all(len(level.lines) == 1 for level in inner)


def test_arrows_are_the_gradient() -> None:
    found = contours("", read(["x^2*y"]).graph, ("x", "y"), SQUARE, {}, marks=[(3.0, 2.0)])
    assert found.marks[0].gradient == (12.0, 9.0)
    for arrow in found.arrows:
        x, y = arrow.place
        assert arrow.gradient == pytest.approx((2 * x * y, x * x))
