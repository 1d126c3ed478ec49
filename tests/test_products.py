"""`jacobian`, `vjp` and `jvp`: several formulas, against SymPy and against differences."""

from __future__ import annotations

import math

import pytest
import sympy

from tests.console import here
from tests.inside import answer

POLAR = ("r*cos(t)", "r*sin(t)", "--r", "2", "--t", "0.5")


def matrix(found):
    return [list(row.values()) for row in found["jacobian"]]


def test_a_jacobian_is_the_one_of_calculus(cli):
    found = answer(cli, "jacobian", *POLAR)
    r, t = sympy.symbols("r t")
    exact = sympy.Matrix([r * sympy.cos(t), r * sympy.sin(t)]).jacobian([r, t])
    expected = [[float(x) for x in row] for row in exact.subs({r: 2, t: 0.5}).tolist()]
    for row, right in zip(matrix(found), expected, strict=True):
        assert row == pytest.approx(right, rel=1e-14)
    assert found["values"] == pytest.approx([2 * math.cos(0.5), 2 * math.sin(0.5)])
    assert found["at"] == {"r": 2, "t": 0.5}


@pytest.mark.parametrize(
    ("formulas", "mode", "sweeps"),
    [
        (("x*y", "x+y", "x/y"), "forward", "2 of forward mode against 3 of reverse mode"),
        (("x*y",), "reverse", "1 of reverse mode against 2 of forward mode"),
    ],
)
def test_the_cheaper_mode_is_used_and_said(cli, formulas, mode, sweeps):
    words = ("jacobian", *formulas, "--x", "4", "--y", "2")
    found = answer(cli, *words)
    assert (found["mode"], sweeps in found["reason"]) == (mode, True)
    assert f"Computed in {mode} mode" in cli(*words).out


def test_ones_for_a_product_and_a_sum_give_3_and_5_and_it_is_said_why(cli):
    words = ("vjp", "x*y", "x+y", "--x", "4", "--y", "2", "--seed")
    found = answer(cli, *words, "1,1")
    assert found["product"] == {"x": 3, "y": 5}
    assert matrix(found) == [[2, 4], [1, 1]]
    assert found["seed"] == [1, 1]
    shown = cli(*words, "ones", columns=200).out
    assert "x: 1·2 + 1·1 = 3" in shown
    assert "y: 1·4 + 1·1 = 5" in shown
    assert "x moves 2 of the outputs, so a seed of ones adds 2 derivatives" in shown


def test_ones_give_the_derivatives_unchanged_where_no_input_is_shared(cli):
    words = ("vjp", "sin(x)", "sin(y)", "--x", "4", "--y", "2", "--seed", "ones")
    assert answer(cli, *words)["product"] == {
        "x": pytest.approx(math.cos(4)), "y": pytest.approx(math.cos(2))
    }  # fmt: skip
    assert "a seed of ones gives the derivatives unchanged" in cli(*words, columns=200).out


@pytest.mark.parametrize("seed", [(1, 0), (0, 1), (0.5, -2)])
def test_a_seed_weights_the_rows(cli, seed):
    found = answer(cli, "vjp", *POLAR, "--seed", f"{seed[0]},{seed[1]}")
    for k, product in enumerate(found["product"].values()):
        expected = sum(w * row[k] for w, row in zip(seed, matrix(found), strict=True))
        assert product == pytest.approx(expected)


@pytest.mark.parametrize("direction", [(1, 0), (0, 1), (0.5, -2)])
def test_a_direction_says_how_the_outputs_move(cli, direction):
    dr, dt = direction
    found = answer(cli, "jvp", *POLAR, "--direction", f"{dr},{dt}")
    step = 1e-6

    def moved(sign):
        r, t = 2 + sign * step * dr, 0.5 + sign * step * dt
        return r * math.cos(t), r * math.sin(t)

    slopes = [(a - b) / (2 * step) for a, b in zip(moved(1), moved(-1), strict=True)]
    assert found["product"] == pytest.approx(slopes, abs=1e-8)
    assert found["direction"] == {"r": dr, "t": dt}


def test_a_direction_may_name_its_variables(cli):
    words = ("jvp", "x*y", "x+y", "--x", "4", "--y", "2", "--direction", "y=1")
    assert answer(cli, *words)["product"] == [4, 1]


def test_constants_have_no_column(cli):
    words = ("jacobian", "a*x", "a+x", "--x", "4", "--const", "a=3")
    assert matrix(answer(cli, *words)) == [[3], [1]]
    found = answer(cli, "vjp", *words[1:], "--seed", "1,1")
    assert found["product"] == {"x": 4}
    assert answer(cli, "jvp", *words[1:], "--direction", "2")["product"] == [6, 2]


def test_a_kink_of_any_output_is_said(cli):
    found = answer(cli, "jacobian", "x^2", "abs(x)", "--x", "0")
    assert [note["kind"] for note in found["notes"]] == ["kink"]


def test_a_long_list_of_formulas_is_read_from_stdin():
    text = "".join(f"x^{k}\n" for k in range(2, 6))
    outcome = here("vjp", "-", "--x", "1", "--seed", "ones", "--json", stdin=text)
    assert '"product": {"x": 14.0}' in outcome.out


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (("vjp", "x*y", "x+y"), "2 formulas need a seed of 2 weights"),
        (("vjp", "x*y", "x+y", "--seed", "1,1,1"), "3 weights, and there are 2 formulas"),
        (("jvp", "x*y"), "no direction; write --direction 1,0, one number for each of x, y"),
        (("jvp", "x*y", "--direction", "1"), "the direction needs 2 components, not 1"),
        (("jvp", "x*y", "--direction", "z=1"), "the direction has a component for 'z'"),
        (("jvp", "x*y", "--direction", "x=1,x=2"), "two components for 'x'"),
        (("jacobian", "x*y", "x+"), "x+"),
        (("jacobian",), "no expression"),
    ],
)
def test_what_does_not_fit_together_is_an_error(cli, words, message):
    outcome = cli(*words, "--x", "4", "--y", "2")
    assert outcome.status == 2
    assert message in outcome.err


def test_a_jacobian_has_sympy_beside_it(cli):
    found = answer(cli, "jacobian", *POLAR)
    assert found["verdict"] == "match"
    for row, symbolic in zip(found["jacobian"], found["symbolic"], strict=True):
        assert {name: one["value"] for name, one in symbolic.items()} == pytest.approx(row)
    assert found["symbolic"][1]["t"]["derivative"] == "r*cos(t)"
    shown = cli("jacobian", *POLAR, "--sympy-seconds", "30").out
    assert "∂f2/∂t" in shown
    assert "r*cos(t)" in shown
    assert "verdict: match" in shown


def test_a_jacobian_at_many_points_is_the_one_at_each(cli):
    many = answer(cli, "jacobian", "x*y", "sin(x)", "3", "--x", "1,2,3", "--y", "2")
    assert many["at"] == {"x": [1, 2, 3], "y": 2}
    for k, x in enumerate("123"):
        one = answer(cli, "jacobian", "x*y", "sin(x)", "3", "--x", x, "--y", "2")
        assert [values[k] for values in many["values"]] == one["values"]
        for row, alone in zip(many["jacobian"], one["jacobian"], strict=True):
            assert {name: slopes[k] for name, slopes in row.items()} == alone
    shown = cli("jacobian", "x*y", "sin(x)", "3", "--x", "1,2,3", "--y", "2",
                "--sympy-seconds", "30").out  # fmt: skip
    assert "∂f2/∂x = cos(x) (SymPy)" in shown
    assert shown.count("match") == 3 * 3 + 1


def test_the_verdict_of_a_jacobian_is_its_worst_entrys_and_strict_says_so(cli):
    words = ("jacobian", "x^2", "abs(x)", "--x", "0")
    assert answer(cli, *words)["verdict"] == "kink"
    assert cli(*words, "--strict").status == 3
    patient = ("--strict", "--sympy-seconds", "30")
    assert cli("jacobian", "x^2", "x^3", "--x", "1", *patient).status == 0
    assert cli("jacobian", "x^2", "x^3", "--x", "1", "--strict", "--no-sympy").status == 3


def test_sympy_is_not_asked_of_very_many_formulas_and_it_is_said(cli):
    formulas = [f"x+{k}" for k in range(101)]
    found = answer(cli, "jacobian", *formulas, "--x", "1")
    assert (found["symbolic"], found["verdict"]) == (None, "skipped")
    assert "more than 100 formulas" in found["notes"][0]["text"]
    outcome = cli("jacobian", *formulas, "--x", "1,2")
    assert outcome.status == 2
    assert "give fewer formulas, or one point" in outcome.err


@pytest.mark.parametrize("command", ["vjp", "jvp"])
def test_several_points_are_refused_where_a_product_is_shown(cli, command):
    given = ("--seed", "ones") if command == "vjp" else ("--direction", "1,1")
    outcome = cli(command, "x*y", "x+y", "--x", "1,2", "--y", "2", *given)
    assert outcome.status == 2
    assert "one point" in outcome.err


def test_a_large_product_leaves_the_matrix_out(cli):
    names = [f"x{k}" for k in range(101)]
    formulas = [f"{k}*{'+'.join(names)}" for k in range(100)]
    values = [word for name in names for word in (f"--{name}", "1")]
    found = answer(cli, "vjp", *formulas, *values, "--seed", "ones")
    assert found["jacobian"] is None
    assert found["product"]["x100"] == 100
    assert cli("vjp", *formulas, *values, "--seed", "ones").status == 0
    direction = ("--direction", "x1=2")
    assert answer(cli, "jvp", *formulas, *values, *direction)["product"] == [2.0] * 100
    assert cli("jvp", *formulas, *values, *direction).status == 0


@pytest.mark.parametrize("columns", [40, 80])
def test_a_narrow_screen_keeps_numbers_whole(cli, columns):
    lines = cli("vjp", *POLAR, "--seed", "1,1", columns=columns).out.splitlines()
    assert max(map(len, lines)) <= columns
    for number in (math.cos(0.5), 2 * math.cos(0.5), math.cos(0.5) + math.sin(0.5)):
        assert any(repr(number) in line for line in lines)


def test_plain_ascii_is_enough():
    outcome = here("vjp", "x*y", "x+y", "--x", "4", "--y", "2", "--seed", "1,1",
                       encoding="ascii")  # fmt: skip
    assert "seed*J" in outcome.out
    assert "\\u" not in outcome.out
