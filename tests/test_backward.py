"""`autodiff backward`: the notebook's passes at the command line, and what each one frees."""

from __future__ import annotations

import json
import math
import subprocess
import sys

import pytest

from tests.console import ROOT, here
from tests.inside import answer
from tests.printed import SINE, SINE_SLOPES, TANH

CUBIC = "x^3 + 2x^2 + 8x"


def gradients(found, name="x"):
    """The gradient after each pass."""
    return [step["after"][name] for step in found["passes"]]


def test_N1_before_the_first_pass_the_gradient_is_None(cli):
    found = answer(cli, "backward", CUBIC, "--x", "4")
    assert found["passes"][0]["before"] == {"x": None}
    assert "x.grad    None     72     72" in cli("backward", CUBIC, "--x", "4").out


@pytest.mark.parametrize(
    ("seed", "expected"), [((), 72), (("--seed", "ones"), 72), (("--seed", "0.5"), 36)]
)
def test_N6_a_seed_weights_the_gradient(cli, seed, expected):
    found = answer(cli, "backward", CUBIC, "--x", "4", *seed)
    assert found["value"] == 128
    assert gradients(found) == [expected]


def test_N7_a_second_pass_is_refused_with_the_reason_and_the_gradient_stays(cli):
    outcome = cli("backward", CUBIC, "--x", "4", "--times", "3", "--json")
    assert outcome.status == 0, "a refused pass is the answer"
    first, second = json.loads(outcome.out)["passes"]
    assert first["freed"] == ["w2", "w3", "w4", "w5"]
    assert first["error"] is None
    for word in ("freed", "power saves its operands", "multiply saves", "retain_graph=True"):
        assert word in second["error"]
    assert (second["after"], second["added"], second["freed"]) == ({"x": 72}, {}, [])
    shown = cli("backward", CUBIC, "--x", "4", "--times", "3").out
    assert "x.grad stays 72" in shown
    assert "on this command line: write --retain-graph" in shown
    assert "pass 3 would end the same way" in shown


def test_N8_retained_passes_add_up_and_a_fourth_is_refused(cli):
    found = answer(cli, "backward", CUBIC, "--x", "4", "--times", "4", "--retain-first", "2")
    assert gradients(found) == [72, 144, 216, 216]
    assert [bool(step["freed"]) for step in found["passes"]] == [False, False, True, False]
    assert [step["error"] is None for step in found["passes"]] == [True, True, True, False]
    kept = answer(cli, "backward", CUBIC, "--x", "4", "--times", "3", "--retain-graph")
    assert gradients(kept) == [72, 144, 216]
    assert [step["added"]["x"] for step in kept["passes"]] == [72, 72, 72]
    assert not any(step["freed"] for step in kept["passes"])


def test_N10_a_seed_of_ones_gives_the_slopes_of_every_row(cli):
    words = ("backward", "sin(x)", "--data", "samples/sin-inputs.csv", "--seed")
    for seed in ("ones", ",".join(["1"] * 10)):
        found = answer(cli, *words, seed)
        assert gradients(found)[0] == pytest.approx(SINE_SLOPES, abs=5e-9)
    half = answer(cli, *words, "linspace(0.5,0.5,10)")
    assert gradients(half)[0] == pytest.approx([math.cos(x) / 2 for x in SINE])


def test_N15_several_rows_need_a_seed_of_their_shape(cli):
    words = ("backward", "sin(x)", "--data", "samples/sin-inputs.csv")
    outcome = cli(*words)
    assert outcome.status == 0
    assert "shape (10,) needs a seed" in outcome.out
    assert "on this command line: write --seed ones" in outcome.out
    assert "x.grad stays None" in outcome.out
    wrong = answer(cli, *words, "--seed", "1,1")["passes"][0]
    assert "the seed has shape (2,) and the result has shape (10,)" in wrong["error"]
    assert wrong["after"] == {"x": None}


@pytest.mark.parametrize(
    ("formula", "name"),
    [("sin(x)", "SinBackward0"), ("sin(x)+x", "AddBackward0"), ("tanh(x)", "TanhBackward0")],
)
def test_N16_the_result_names_the_operation_that_made_it(cli, formula, name):
    assert answer(cli, "backward", formula, "--x", "4")["grad_fn"] == name
    assert f"made by {name}" in cli("backward", formula, "--x", "4").out


def saves(found):
    return {op["operation"]: [s["id"] or s["value"] for s in op["saves"]]
            for op in found["operations"]}  # fmt: skip


@pytest.mark.parametrize(
    ("formula", "expected"),
    [
        ("8x", {"8*w1": [8]}),
        ("x+x", {"w1 + w1": []}),
        ("x*y", {"w1*w2": ["w1", "w2"]}),
        ("sin(x)", {"sin(w1)": ["w1"]}),
        ("exp(x)", {"exp(w1)": ["w2"]}),
        ("tanh(x)", {"tanh(w1)": ["w1"]}),
        ("x-2", {"w1 - 2": []}),
        ("x^2", {"w1^2": ["w1", 2]}),
        ("x/(2*pi)", {"w1/(2*pi)": [2 * math.pi]}),
    ],
)
def test_what_is_saved_is_what_the_rules_read(cli, formula, expected):
    words = ["--x", "0.5", *(["--y", "2"] if "y" in formula else [])]
    assert saves(answer(cli, "backward", formula, *words)) == expected


@pytest.mark.parametrize(
    ("formula", "ran"), [("x+x", 2), ("x-1", 2), ("x", 2), ("8x", 1), ("x^2", 1), ("exp(x)", 1)]
)
def test_only_what_saved_something_cannot_run_twice(cli, formula, ran):
    passes = answer(cli, "backward", formula, "--x", "4", "--times", "2")["passes"]
    assert sum(step["error"] is None for step in passes) == ran


def test_zero_grad_sets_the_gradient_to_0_between_passes(cli):
    words = ("backward", CUBIC, "--x", "4", "--times", "3", "--retain-graph", "--zero-grad")
    found = answer(cli, *words)
    assert [step["before"]["x"] for step in found["passes"]] == [None, 0, 0]
    assert gradients(found) == [72, 72, 72]
    assert [step["zeroed"] for step in found["passes"]] == [False, True, True]


def test_a_number_beside_rows_gets_the_sum_of_their_slopes(cli):
    words = ("backward", "tanh(x)*y", "--data", "samples/tanh-inputs.csv", "--y", "3")
    found = answer(cli, *words, "--seed", "ones")
    assert gradients(found, "y") == [pytest.approx(sum(map(math.tanh, TANH)))]
    assert any("y.grad is the sum" in note["text"] for note in found["notes"])


def test_constants_get_no_gradient(cli):
    found = answer(cli, "backward", "a x + b", "--x", "4", "--const", "a=3,b=1")
    assert found["passes"][0]["after"] == {"x": 3}
    nothing = answer(cli, "backward", "2+3")
    assert "nothing to differentiate" in nothing["passes"][0]["error"]


def test_pieces_and_kinks_are_said_as_in_grad(cli):
    found = answer(cli, "backward", "where(x > 0, x^2, 3x) + abs(x)", "--x", "0")
    slopes = answer(cli, "grad", "where(x > 0, x^2, 3x) + abs(x)", "--x", "0", "--no-sympy")
    assert found["passes"][0]["after"] == slopes["gradient"] == {"x": 3}
    kinks = [note for note in found["notes"] if note["kind"] == "kink"]
    assert kinks == [note for note in slopes["notes"] if note["kind"] == "kink"] != []


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (("--retain-graph", "--retain-first", "2"), "give one of them"),
        (("--times", "0"), "0 is not in the range"),
        (("--seed", "q"), "the value of --seed, 'q', has the variable 'q'"),
    ],
)
def test_options_that_make_no_sense_are_wrong_input(cli, words, message):
    outcome = cli("backward", CUBIC, "--x", "4", *words)
    assert outcome.status == 2
    assert message in outcome.err


@pytest.mark.parametrize("columns", [40, 80])
def test_a_narrow_screen_keeps_numbers_whole(cli, columns):
    words = ("backward", "sin(x)*y", "--x", "1,2", "--y", "3", "--seed", "ones", "--times", "2")
    lines = cli(*words, columns=columns).out.splitlines()
    assert max(map(len, lines)) <= columns
    for number in (3 * math.cos(1), 3 * math.cos(2), math.sin(1) + math.sin(2)):
        assert any(repr(number) in line for line in lines)


def test_plain_ascii_is_enough():
    outcome = here("backward", CUBIC, "--x", "4", "--times", "2", encoding="ascii")
    assert outcome.status == 0
    assert "2*w3" in outcome.out
    assert "\\u" not in outcome.out


def test_only_backward_loads_the_lab():
    program = (
        "import sys\nfrom autodiff_cli.cli import run\nrun(sys.argv[1:])\n"
        "print('lab', any(name.startswith('autodiff_cli.lab') for name in sys.modules))"
    )
    for command, loaded in (("trace", "False"), ("jacobian", "False"), ("backward", "True")):
        done = subprocess.run(
            [sys.executable, "-c", program, command, "x^2", "--x", "4"],
            capture_output=True, text=True, check=True, cwd=ROOT,
        )  # fmt: skip
        assert done.stdout.splitlines()[-1] == f"lab {loaded}", command
