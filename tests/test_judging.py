"""No wrong number is called a match: cancellation, rounding and wrong rules are told apart."""

from __future__ import annotations

import json
import sys
from dataclasses import replace

import pytest

from autodiff_cli.answers.beside import answered
from autodiff_cli.answers.gradient import grad
from autodiff_cli.answers.higher import answer, hessian_finder, orders_finder, product_finder
from autodiff_cli.language.parser import read
from autodiff_cli.ops import find
from autodiff_cli.symbolic.client import Client
from tests.console import batch, here

#: words of a command, SymPy's numbers in order of the rows, the verdict, words of a note.
ROWS = [
    ("grad (1-cos(x))/x^2 --x 1e-8", [-8.33333333333333e-10], "rounding", "w3"),
    ("grad exp(x+1e16-1e16) --x 3", [20.0855369231877], "rounding", "no digit of f; they are"),
    ("grad log(1+x)/x --x 1e-100", [-0.5], "rounding", "w3"),
    ("grad (x+1e16)-1e16 --x 0.3", [1.0], "rounding", "no digit of f"),
    ("grad x*log1p(x) --x 1e-100", [2e-100], "match", None),
    ("grad cbrt(cbrt(x)) --x 8", [0.0174989034707621], "match", None),
    ("grad where(cbrt(x)>x,x^2,x) --x 0.001", [0.002], "match", None),
    ("hessian tanh(x) --x 0.5", [-0.7268619813835874], "match", None),
    ("grad 1/x --x 0", ["zoo"], "undefined", "w2 = 1/w1"),
    ("grad ln(x) --x 0", ["zoo"], "undefined", "w2 = ln(w1)"),
    ("grad 1/x --x 1e-200", [float("-inf")], "overflow", "w2 = 1/w1: its slope is beyond"),
    ("grad ln(x) --x 5e-324", [float("inf")], "overflow", "its slope is beyond"),
    ("grad where(x>0,x,sqrt(x-5)) --x 0.5", [1.0], "undefined", "w3 = sqrt(w2)"),
    ("grad where(x>0,sqrt(x),x) --x -1", [1.0], "undefined", "w2 = sqrt(w1)"),
    ("grad exp(ln(x)) --x 0", [1.0], "undefined", "w2 = ln(w1)"),
    ("grad exp(x)*exp(-x)*x --x 800", [1.0], "overflow", "w2 = exp(w1)"),
    ("grad sin(pi*x) --x 1", [-3.141592653589793], "rounding", "no digit of f"),
    ("grad tanh(x)+x --x -1e160", [1.0], "match", None),
    ("grad cosh(sign(softplus(x)))+x --x -1e9", [1.0], "kink", "w3 = sign(w2)"),
    ("grad tan(acos(x)) --x 1e-160", [float("-inf")], "rounding", "no digit of the derivative"),
    ("grad x+cot(pi) --x 2", [0.0], "undefined", "there is none in cot(pi)"),
    ("grad tan(pi/2)*x --x 1", ["zoo"], "undefined", "there is none in tan(pi/2)"),
    ("grad x/sin(pi) --x 1", ["zoo"], "undefined", "there is none in w2"),
    ("grad x*where(x>2,tan(pi/2),3) --x 1", [3.0], "match", None),
    ("grad logit(x) --x 1e-300 --order 2", [1e300], "overflow", "has -9.99999999999999949881816"),
    ("grad -x/x --x 5e-324", [0.0], "overflow", "write -1 for -x/x"),
    ("grad where(floor(x)>0,x^3,x^2) --x 0.5", [1.0], "match", "of floor open"),
    ("grad x*where(sign(x)>=1,2,3) --x 0.5", [2.0], "match", None),
    ("grad where(floor(x)>=x-0.5,x^3,x^2) --x 0.5", [0.75], "kink", "on the left and slope 1"),
    ("hessian sinc(x) --x 0", [-1 / 3], "match", None),
    ("grad sinc(x) --x 0 --order 4", [0.0], "match", None),
    ("grad log2(2+sinc(2x)) --x 0 --order 2", [0.0], "match", None),
    ("hessian gelu(fmod(x,1e-3)) --x 2,3", [[0.797884560802865] * 2], "rounding", "jumps in w2"),
    ("hessian elu(0.8+x-0.1-0.95,1) --x 0.25", [1.0], "rounding", "by x, then x jumps in w4"),
    ("grad relu(0.8+x-0.1-0.95) --x 0.25", [0.5], "rounding", "the derivative by x jumps in w4"),
    ("grad relu(mod(x,1e-3))+1 --x 1e160", [0.5], "rounding", "the derivative by x jumps in w2"),
    ("grad where(0.3+x-0.1>=0.45,x,x) --x 0.25", [1.0], "match", None),
    ("grad where(0.3+x-0.1>=0.45,x^2,x) --x 0.25 --order 3", [0.5], "kink", "by x jumps in w3"),
    ("grad where(0.3+x-0.1>=0.45,x^2/2,x^2) --x 0.25", [0.25], "kink", "by x jumps in w3"),
    ("hessian where(0.3+x-0.1>=0.45,x^2,x) --x 0.25", [2.0], "kink", "then x jumps in w3"),
    ("grad hypot(0.3+x-0.1-0.45,0) --x 0.25 --order 2", [0.0], "undefined", "where nothing is"),
    ("grad asin(x+1e-17) --x 1", ["complex"], "symbolic-complex", "no real value where nothing"),
    ("grad mod(x,cot(abs(pi))) --x 1.3", [0.0], "skipped", "no verdict on f: SymPy's formula"),
    ("grad sech(atan2(tan(atan2(x,x)),-1)) --x 0", [0.0], "kink", "no angle"),
    ("grad csch(acsch(mod(x,1e-3)^1.5)) --x -1", [0.0], "undefined", "there is none in"),
    ("grad mod(x,sin(pi)) --x 4.4", [0.0], "skipped", "no verdict on f: SymPy's formula"),
    ("grad x*where(atan(2)+atan(3)>3*pi/4,2,3) --x 4", [3.0], "skipped", "digits tells its side"),
    ("grad fmod(x,sinc(pi)) --x 1e-310", [0.0], "skipped", "no verdict on f: SymPy's formula"),
    ("hvp x^2*y+sin(y) --x 1 --y 2 --direction 1,-0.5", [3.0, 2.4546487134128408], "match", None),
]  # fmt: skip


def grad_rows(text, x):
    with Client() as client:
        report, _ = answered(text, grad(text, {"x": x}), {"x": x}, "reverse", client, 20.0)
    return list(report.symbolic.values())


@pytest.fixture(scope="module")
def found():
    """All rows, answered by one process."""
    lines = []
    for words, *_ in ROWS:
        command, formula, *rest = words.split()
        lines.append(f'{command} "{formula}" {" ".join(rest)} --json')
    return [json.loads(line) for line in batch(*lines)]


def numbers(symbolic):
    rows = symbolic.values() if isinstance(symbolic, dict) else symbolic
    for row in rows:
        if "value" in row:
            yield row["value"]
        else:
            yield from numbers(row)


@pytest.mark.parametrize("place", range(len(ROWS)), ids=[row[0] for row in ROWS])
def test_the_verdict_and_calculuss_number(found, place):
    _, wanted, verdict, words = ROWS[place]
    answer = found[place]
    known = [float(n) if str(n) in ("inf", "-inf") else n for n in numbers(answer["symbolic"])]
    assert known == [w if isinstance(w, str) else pytest.approx(w, rel=1e-13) for w in wanted]
    assert answer["verdict"] == verdict
    assert answer.get("orders_verdict", "") != "MISMATCH"
    texts = [note["text"] for note in answer["notes"] if note["kind"] != "reading"]
    assert any(words in text for text in texts) if words else not texts


def test_no_slope_is_a_match_where_nobody_tells_which_piece_the_value_is_of():
    (row,) = grad_rows("mod(x, sin(pi))", 4.4)
    assert row.verdict == "skipped"


def test_no_value_is_a_match_by_a_guess_on_which_side_of_a_jump_a_step_is():
    # gelu(-1e9) is no 0, but a number of 10^17 decimals; float64's is, and its sign is 0
    with Client() as client:
        text, at = "fmod(gelu(sign(gelu(x))), 3)", {"x": -1e9}
        report, _ = answered(text, grad(text, at), at, "reverse", client, 20.0)
    assert report.value == 0
    assert report.symbolic_value.verdict == "skipped"


def test_the_value_has_a_verdict_of_its_own_where_it_is_no_match():
    answers = [
        json.loads(here("grad", text, "--x", "1e-20", "--json").out)
        for text in ("acosh(1+x)", "x^2")
    ]
    assert answers[0]["symbolic_value"] == {
        "value": pytest.approx(1.414213562373095e-10), "verdict": "rounding",
    }  # fmt: skip
    assert "symbolic_value" not in answers[1]


def test_several_points_have_the_verdicts_that_each_has_alone():
    points = [1e-8, 1e-3, 0.5, 1e-9]
    text = "(1-cos(x))/x^2"
    lines = batch(
        f'grad "{text}" --x {",".join(map(str, points))} --json',
        *[f'grad "{text}" --x {x} --json' for x in points],
    )
    many, *alone = map(json.loads, lines)
    assert many["verdict"] == "rounding"
    assert many["symbolic"]["x"]["value"] == [one["symbolic"]["x"]["value"] for one in alone]
    assert [one["verdict"] for one in alone] == ["rounding", "rounding", "match", "rounding"]


def test_of_very_many_points_a_sample_and_all_that_rounding_could_reach_are_looked_into():
    with Client() as client:
        at = {"x": [k / 2000 - 0.5 for k in range(2000)]}
        at["x"][777] = 1e-8
        result = grad("(1-cos(x))/x^2 + x - x", {"x": at["x"]})
        report, _ = answered("", result, at, "reverse", client, 60.0)
    verdicts = report.symbolic["x"].verdicts
    assert (verdicts[777], verdicts[0], verdicts[3]) == ("rounding", "match", "match")
    (said,) = [note.text for note in report.notes if note.kind == "symbolic"]
    assert "have thirty proved digits: a sample, and all where rounding could matter" in said


@pytest.mark.parametrize("strict", [True, False])
def test_strict_lets_only_a_match_pass(strict):
    words = ["grad", "(1-cos(x))/x^2", "--x", "1e-8,1e-9"]
    assert here(*words, *["--strict"] * strict).status == (3 if strict else 0)


@pytest.fixture
def wrong_sine(monkeypatch):
    """The table with a wrong rule: what is known of the row is made anew."""
    row = find("sin", 1)
    object.__setattr__(row, "rules", ("cos(a) + 1e-7",))
    forget()
    yield
    object.__setattr__(row, "rules", ("cos(a)",))
    forget()


def forget() -> None:
    """Clear every cache of the package: a rule is known in many, as text and as a graph."""
    for name, module in list(sys.modules.items()):
        if name.startswith("autodiff_cli"):
            for each in vars(module).values():
                if hasattr(each, "cache_clear"):
                    each.cache_clear()


def test_a_float_that_another_road_has_is_rounding_where_this_road_has_none():
    """NumPy's power may be a last digit off the C library's, and a pole lie between the two."""
    text, at = "atanh(x^(-0.25))", {"x": 1.0000000000000002}
    with Client() as client:
        result = replace(grad(text, at), value=18.7149738751185, gradient={"x": 1e15})
        report, _ = answered("", result, at, "reverse", client, 30.0)
    assert report.symbolic_value.verdict == "rounding"
    assert report.symbolic["x"].verdict == "rounding"


@pytest.mark.parametrize("before", [True, False], ids=["in both", "in the engine alone"])
def test_a_wrong_rule_is_a_mismatch_on_every_road(wrong_sine, before):
    """Whether SymPy's process has the wrong rule, or only the engine's numbers have it."""
    reading = read(["sin(x)*y"])
    at = {"x": 0.5, "y": 2.0}
    with Client() as client:
        if before:
            client.start()
        else:
            row = find("sin", 1)
            object.__setattr__(row, "rules", ("cos(a)",))
            client.start()
            object.__setattr__(row, "rules", ("cos(a) + 1e-7",))
        result = grad(reading, at)
        report, _ = answered("", result, at, "reverse", client, 30.0)
        assert report.symbolic["x"].verdict == "MISMATCH"
        assert (report.symbolic["y"].verdict, report.verdict) == ("match", "MISMATCH")
        for finder in (
            hessian_finder(result),
            product_finder(result, {"x": 1.0, "y": 0.5}),
            orders_finder(grad(reading, at, wrt=["x"]), 1),
        ):
            one = grad(reading, at, wrt=["x"]) if finder.direction is None else result
            assert answer("", one, at, finder, client, 30.0).verdict == "MISMATCH"


def test_a_number_off_by_more_than_rounding_is_a_mismatch():
    text, at = "exp(x+1e6-1e6)", {"x": 3.0}
    with Client() as client:
        result = grad(text, at)
        report, _ = answered("", result, at, "reverse", client, 30.0)
        assert report.verdict == "match"
        for error, verdict in ((3e-8, "rounding"), (1e-3, "MISMATCH")):
            moved = replace(result, gradient={"x": result.gradient["x"] + error})
            report, _ = answered("", moved, at, "reverse", client, 30.0)
            assert report.verdict == verdict
            moved = replace(result, value=result.value + error)
            report, _ = answered("", moved, at, "reverse", client, 30.0)
            assert (report.symbolic["x"].verdict, report.verdict) == ("match", verdict)


@pytest.mark.parametrize(
    ("words", "numbers", "verdict", "place"),
    [
        (("vjp", "x*y", "x+y", "--x", "4", "--y", "2", "--seed", "2,-0.5"),
         {"x": 3.5, "y": 7.5}, "match", None),
        (("jvp", "x*y", "x+y", "--x", "4", "--y", "2", "--direction", "1,0.5"),
         {"f1": 4.0, "f2": 1.5}, "match", None),
        (("jvp", "x^y", "--x", "23", "--y", "0", "--direction", "0,1"),
         {"f": pytest.approx(3.1354942159291497)}, "match", None),
        (("vjp", "x^2", "(1-cos(y))/y^2", "--x", "3", "--y", "1e-8", "--seed", "2,1"),
         {"x": 12.0, "y": pytest.approx(-8.33333333e-10)}, "rounding", "in 1 - cos(y)"),
        (("jvp", "(1-cos(y))/y^2", "abs(x)", "--x", "0", "--y", "1e-8", "--direction", "1,1"),
         {"f1": pytest.approx(-8.33333333e-10), "f2": 0.0}, "rounding", "in 1 - cos(y)"),
        (("vjp", "abs(x)", "x", "--x", "0", "--seed", "1,1"), {"x": 1.0}, "kink", None),
        (("vjp", "1/x", "x", "--x", "0", "--seed", "1,1"), {"x": "zoo"}, "undefined", None),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, tuple) else "",
)  # fmt: skip
def test_products_are_judged_as_gradients_are(words, numbers, verdict, place):
    found = json.loads(here(*words, "--json").out)
    assert {name: row["value"] for name, row in found["symbolic"].items()} == numbers
    assert found["verdict"] == verdict
    texts = [note["text"] for note in found["notes"] if note["kind"] == "rounding"]
    assert any(place in text for text in texts) if place else not texts
    shown = here(*words)
    assert f"verdict: {verdict}\n" in shown.out
    assert here(*words, "--strict").status == (0 if verdict == "match" else 3)
    assert json.loads(here(*words, "--no-sympy", "--json").out)["verdict"] == "skipped"


@pytest.mark.parametrize(
    ("text", "x", "mode", "verdict", "note"),
    [
        ("x^3 + 2x^2 + 8x", "4", "both", "match", None),
        ("(1-cos(x))/x^2", "1e-8", "both", "rounding", "float64 keeps no digit of w3;"),
        ("(1-cos(x))/x^2", "1e-8", "reverse", "rounding", "float64 keeps no digit of w3;"),
        ("tanh(3x)", "0.5", "forward", "match", None),
        ("abs(x)", "0", "both", "kink", None),
        ("1/x", "0", "both", "undefined", None),
    ],
)
def test_a_trace_beside_sympy_is_judged_node_by_node(text, x, mode, verdict, note):
    words = ("trace", text, "--x", x, "--mode", mode, "--symbolic")
    assert f"verdict: {verdict}\n" in here(*words).out
    found = json.loads(here(*words, "--json").out)
    assert found["verdict"] == verdict
    texts = [one["text"] for one in found["notes"] if one["kind"] == "rounding"]
    assert any(text.startswith(note) for text in texts) if note else not texts
    assert "verdict" not in json.loads(here(*words[:-1], "--json").out)


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("jacobian",), ["digit of f1;", "digit of g;", "digit of the derivative of g by x;",
                         "f3 has no finite value where"]),
        (("jvp", "--direction", "1"), ["digit of f1;", "digit of g;",
                                       "digit of the derivative of g along the direction;"]),
        (("vjp", "--seed", "1,1,1"), ["seed·f has no finite value where"]),
    ],
)  # fmt: skip
def test_a_note_beside_other_formulas_says_which_one_it_is_of(words, said):
    formulas = ("x+1e16-1e16", "g = (1-cos(x))/x^2", "tan(pi/2)*x")
    answer = json.loads(here(words[0], *formulas, "--x", "1e-8", *words[1:], "--json").out)
    texts = [note["text"] for note in answer["notes"]]
    for part in said:
        assert any(part in text for text in texts), (part, texts)
    assert not any(" of f;" in text or text.startswith("f has") for text in texts)
