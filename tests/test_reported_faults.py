"""Every fault that reports, an audit and new users found, with the value that is right."""

from __future__ import annotations

import json
import math
import pickle
from pathlib import Path
from typing import Any
from unittest import mock

import numpy as np
import pytest

from autodiff_cli import compile as compiled
from autodiff_cli import grad, hessian, hvp, parse, vjp
from autodiff_cli.compiled import COMPILED_FROM
from autodiff_cli.engine.higher import orders
from autodiff_cli.errors import AutodiffError
from autodiff_cli.files import blockwise
from autodiff_cli.methods import claim as claims
from tests.console import batch, here
from tests.roads import answers, cases
from tests.roads.functions import same_functions
from tests.roads.rounding import explained
from tests.roads.toolchains import TOOLCHAINS


def answer(command: str, formula: str, *words: str) -> dict[str, Any]:
    """Return what a command answers; SymPy has time, on a busy machine too."""
    done = here(command, formula, *words, "--sympy-seconds", "30", "--json")
    assert done.status == 0, done.err
    found: dict[str, Any] = json.loads(done.out)
    return found


#: What was called a match and was wrong: the words, the derivatives, and the verdict.
MATCHES = [
    ("hessian x^y --x 23 --y 0", "match"),
    ("hvp x^y --x 23 --y 0 --direction 0,1", "match"),
    ("grad (1-cos(x))/x^2 --x 1e-8,1e-9", "rounding"),
    ("grad (1-cos(x))/x^2 --x 1e-8", "rounding"),
    ("grad exp(x+1e16-1e16) --x 3", "rounding"),
    ("grad log(1+x)/x --x 1e-100", "rounding"),
    ("grad (x+1e16)-1e16 --x 0.3", "rounding"),
    # false mismatches and false words
    ("hessian tanh(x) --x 10", "match"),
    ("hessian tanh(x) --x 20", "match"),
    ("hessian sigmoid(x) --x 20", "match"),
    ("hessian sigmoid(x) --x 40", "match"),
    ("grad 1/x --x 1e-200", "overflow"),
    ("grad ln(x) --x 5e-324", "overflow"),
    ("grad where(x>0,x,sqrt(x-5)) --x 0.5", "undefined"),
    ("grad where(x>0,sqrt(x),x) --x -1", "undefined"),
    ("grad exp(ln(x)) --x 0", "undefined"),
    ("grad cbrt(cbrt(x)) --x 8", "match"),
    ("grad where(cbrt(x)>x,x^2,x) --x 0.001", "match"),
    ("grad x*log1p(x) --x 1e-100", "match"),
    ("grad -x/x --x 5e-324", "overflow"),
]


def test_each_has_the_verdict_that_it_should_have() -> None:
    lines = []
    for words, _ in MATCHES:
        command, formula, *rest = words.split()
        lines.append(f'{command} "{formula}" {" ".join(rest)} --sympy-seconds 20 --json')
    found = [json.loads(line)["verdict"] for line in batch(*lines)]
    wrong = [
        (words, verdict)
        for (words, allowed), verdict in zip(MATCHES, found, strict=True)
        if verdict not in allowed.split()
    ]
    assert wrong == []


#: The number of calculus beside each, where float64 has lost it: words, its path in the JSON.
BESIDE = [
    ("grad (1-cos(x))/x^2 --x 1e-8,1e-9", -8.333333333333333e-10),
    ("grad (1-cos(x))/x^2 --x 1e-8", -8.333333333333333e-10),
    ("compare (1-cos(x))/x^2 --x 1e-8", -8.333333333333333e-10),
    ("grad exp(x+1e16-1e16) --x 3", 20.085536923187668),
    ("grad log(1+x)/x --x 1e-100", -0.5),
    ("grad acos(1-x) --x 1e-30", 7.071067811865476e14),
    ("grad acosh(1+x) --x 1e-30", 7.071067811865476e14),
    ("grad x*log1p(x) --x 1e-100", 2e-100),
]


@pytest.mark.parametrize(("words", "wanted"), BESIDE)
def test_the_number_beside_it_has_its_digits(words: str, wanted: float) -> None:
    command, formula, *rest = words.split()
    found = answer(command, formula, *rest)["symbolic"]["x"]["value"]
    first = found[0] if isinstance(found, list) else found
    assert first == pytest.approx(wanted, rel=1e-12)


def test_strict_lets_no_lost_digit_pass() -> None:
    for words in ("--x=1e-8", "--x=1e-8,1e-9"):
        done = here("grad", "(1-cos(x))/x^2", words, "--sympy-seconds", "30", "--strict")
        assert done.status == 3
    lost = answer("grad", "(x+1e16)-1e16", "--x", "0.3")
    assert lost["symbolic_value"] == {"value": 0.3, "verdict": "rounding"}


def test_an_exponent_that_moves_keeps_its_terms() -> None:
    power = {"x": 23.0, "y": 0.0}
    matrix = hessian("x^y", power).matrix
    assert matrix["x"]["y"] == pytest.approx(1 / 23, rel=1e-14)
    assert matrix["y"]["x"] == pytest.approx(1 / 23, rel=1e-14)
    _, product = hvp("x^y", power, {"y": 1.0})
    assert product["x"] == pytest.approx(1 / 23, rel=1e-14)
    for text, x, order, wanted in (
        ("(1+x)^x", 0.0, 3, -3.0), ("(1+x)^x", 0.0, 2, 2.0), ("x^x", 1.0, 3, 3.0),
        ("x^x", 2.0, 4, 64.5013418273685),
    ):  # fmt: skip
        assert orders(parse(text), {"x": x}, order)[-1] == pytest.approx(wanted, rel=1e-13)


#: formula, point, value (None: not asked), the slopes.
NUMBERS = [
    ("1/cos(x)", {"x": math.pi / 2}, None, {"x": 2.667093788113571e32}),
    ("atan2(y, x)", {"y": 1e-200, "x": 1e-200}, None, {"y": 5e199, "x": -5e199}),
    ("atan2(y, x)", {"y": 1e-160, "x": 1e-160}, None, {"y": 5e159, "x": -5e159}),
    ("asinh(x)", {"x": 1e160}, None, {"x": 1e-160}),
    ("atan(x)", {"x": 1e160}, None, {"x": 1e-320}),
    ("gelu(x)", {"x": -7.0}, -8.958687807200846e-12, {"x": -6.266323031466631e-11}),
    ("gelu(x)", {"x": -10.0}, -7.619853024160526e-23, {"x": -7.618400096464814e-22}),
    ("sigmoid(x)", {"x": -720.0}, math.exp(-720), {"x": math.exp(-720)}),
    ("softplus(x)", {"x": -720.0}, math.exp(-720), {"x": math.exp(-720)}),
    ("silu(x)", {"x": -720.0}, None, {"x": -719 * math.exp(-720)}),
    ("tanh(x)", {"x": 10.0}, None, {"x": 8.2446144557673974e-09}),
    ("sigmoid(x)", {"x": 20.0}, None, {"x": 2.0611536139418493e-09}),
    ("expm1(x)", {"x": -700.0}, None, {"x": math.exp(-700)}),
    ("abs(x+1e-9)+abs(x)", {"x": 0.0}, 1e-9, {"x": 1.0}),
]


ROADS = ["engine", "forward", "arrays", "many", "compiled", "compiled arrays", "a file"]


@pytest.mark.parametrize(("text", "at", "value", "slopes"), NUMBERS)
@pytest.mark.parametrize("road", ROADS)
def test_each_number_is_right_on_every_road(text, at, value, slopes, road, tmp_path) -> None:
    names = parse(text).variables
    rows = {"arrays": 2, "many": COMPILED_FROM, "compiled arrays": 3000}.get(road, 1)
    columns = {name: np.full(rows, at[name]) if rows > 1 else at[name] for name in names}
    if road.startswith("compiled"):
        found, listed = compiled(text)(*columns.values())
        gradient = dict(zip(names, listed, strict=True))
    elif road == "a file":
        found, *listed = by_a_file(text, at, tmp_path)
        gradient = dict(zip(names, listed, strict=True))
    else:
        mode = "forward" if road == "forward" else "reverse"
        result = grad(text, columns, mode=mode)
        found, gradient = result.value, result.gradient
    for name, wanted in slopes.items():
        assert near(gradient[name], wanted)
    assert value is None or near(found, value)


def near(found: Any, wanted: float) -> bool:
    """Tell whether a number, or all of an array, is another to nine digits, however small."""
    distance = np.abs(np.ravel(found) - wanted)
    return bool(np.all(distance <= max(1e-9 * abs(wanted), 5e-324)))


def by_a_file(text: str, at: dict[str, float], folder: Path) -> list[float]:
    """Return f and its slopes from the last row of a file of several blocks."""
    read, written = folder / "in.csv", folder / "out.csv"
    line = ",".join(map(repr, at.values()))
    read.write_text(f"{','.join(at)}\n" + f"{line}\n" * 25)
    with mock.patch.object(blockwise, "BLOCK", 10):
        done = here("grad", text, "--data", str(read), "-o", str(written), "--no-sympy")
    assert (done.status, done.err) == (0, "")
    _, first, *others = written.read_text().splitlines()
    assert {*others} == {first}
    return [float(cell) for cell in first.split(",")][len(at) :]


#: What had one answer on one road and another on the next: formula, points.
PARTED = [
    ("sqrt(0*x)+x", (1.0,)), ("1/(0*x)", (1.0,)), ("0*y*log2(0)", (1.0,)),
    ("1/cos(x)", (math.pi / 2,)), ("1/cos(x)", (math.pi / 2 - 1e-8,)), ("-x/x", (5e-324,)),
    *[(text, tuple(at[name] for name in parse(text).variables)) for text, at, _, _ in NUMBERS],
]  # fmt: skip
PARTING = [cases.Case(parse(text), (point, point)) for text, point in PARTED]


def test_all_roads_of_python_and_numpy_have_one_answer_bit_by_bit() -> None:
    with same_functions() as same:
        for case in PARTING:
            wanted = answers.engine(case)
            for road, found in answers.all_roads(case, same).items():
                assert answers.differing(case, found, wanted) == [], road


@pytest.mark.parametrize("language", TOOLCHAINS)
def test_exports_have_the_engines_answer(language: str, tmp_path: Path) -> None:
    run, installed = TOOLCHAINS[language]
    if not installed:
        pytest.skip(f"nothing here runs {language}")
    for case, rows in zip(PARTING, run(PARTING, tmp_path), strict=True):
        for point, row, right in zip(case.points, rows, answers.engine(case), strict=True):
            assert explained(case, point, row, right, language), (str(case), row, right)


#: What notes say: formula, point, the words and what is said, in order.
SAID = [
    ("abs(x)+1e12", "0", (), "slope −1 on the left and slope 1 on the right"),
    ("abs(x)^1.01", "0", (), "along x, f has slope 0 on both sides"),
    ("abs(x+1e-9)+abs(x)", "0", (), "slope 0 on the left and slope 2 on the right"),
    ("x*sin(1/x)", "0", (), "no steady slope on both sides; f itself has no finite value there"),
    ("relu(x)^2", "0", ("--order", "2"), "by x has slope 0 on the left and slope 2 on the right"),
    ("1/x", "1e-200", (), "its slope is beyond the range of float64"),
    ("-x/x", "5e-324", (), "w3 = w2/w1: its slope is beyond the range of float64"),
    ("exp(ln(x))", "0", (), "a real value needs w1 > 0"),
    ("where(x>0, sqrt(x), x)", "-1", (), "a real value needs w1 ≥ 0"),
]


@pytest.mark.parametrize(("text", "x", "words", "said"), SAID)
def test_each_note_says_what_is_so(text, x, words, said) -> None:
    done = here("grad", text, "--x", x, "--no-sympy", *words, columns=500)
    assert said in done.out
    assert "MISMATCH" not in done.out


def test_a_verdict_does_not_turn_where_a_node_is_added_that_changes_nothing() -> None:
    for text, x in (("1/cos(x)", "1.5707963267948966"), ("abs(x)", "0"), ("exp(x)-x", "1e-9")):
        alone = answer("grad", text, "--x", x)["verdict"]
        for added in ("{} + 0*y", "{} + (y - y)", "1*({})", "({}) + sin(y) - sin(y)"):
            values = ("--y", "2") if "y" in added else ()
            assert answer("grad", added.format(text), "--x", x, *values)["verdict"] == alone, added


@pytest.mark.parametrize(
    ("text", "at", "claim", "outcome"),
    [
        ("(x+1e6)^2-1e12-2e6*x", 1.0, "2x+1e-8", "WRONG"),
        ("sqrt(-x^2-1)", 3.0, "ln(-x^2)", "undecided"),
        ("cos(x)+where(x>5,x,0)", 1.0, "-sin(x)", "WRONG"),
        ("cos(x)+where(x>5,1,0)", 1.0, "-sin(x)", "agrees"),
        ("relu(x)", 0.0, "where(x>=0,1,0)", "one-sided"),
    ],
)
def test_each_claim_stands_as_it_should(text, at, claim, outcome) -> None:
    found = claims.check(parse(text), parse(claim), "x", claim, {"x": at}, None)
    assert found.outcome == outcome


@pytest.mark.parametrize("text", ["x^ln(x)", "x^sqrt(x)", "x^exp(1000+x)"])
@pytest.mark.parametrize(
    "command",
    ["grad", "trace", "backward", "hessian", "compare", "jacobian", "hvp --direction 1",
     "jvp --direction 1", "vjp --seed 1", "explain", "page", "taylor --order 2"],
)  # fmt: skip
def test_a_negative_base_with_an_exponent_that_has_no_value_is_answered(text, command) -> None:
    name, *words = command.split()
    words += ["--no-sympy"] if name not in ("trace", "backward", "explain", "page") else []
    for x in ("-1", "-4"):
        done = here(name, text, "--x", x, *words)
        assert (done.status, done.err) == (0, "")


def test_other_crashes_are_answers_or_errors() -> None:
    for number in (np.float64(3), np.float32(3), np.int64(3)):
        assert compiled("x^2")(number)[0] == 9
    with pytest.raises(AutodiffError):
        vjp("x*y", {"x": 1, "y": 2}, 1)
    with pytest.raises(AutodiffError):
        grad("x", {1: 2})
    function = pickle.loads(pickle.dumps(compiled("x^2")))
    assert function(3.0)[0] == 9
    for text, xs in (("x*ln(x)", "0,1"), ("sqrt(x^2)", "0,1"), ("where(x>0,sqrt(x),x)", "-1,0,4")):
        outcome = here("grad", text, "--x", xs, "--no-sympy")
        assert (outcome.status, outcome.err) == (0, "")
