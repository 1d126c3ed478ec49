"""`compare`: every method beside SymPy, and a claimed derivative checked."""

from __future__ import annotations

import json
import math
import sys
import types
from collections.abc import Iterator
from dataclasses import replace
from importlib.machinery import ModuleSpec

import pytest

from autodiff_cli import parse
from autodiff_cli.methods import at_a_point as methods
from autodiff_cli.methods import claim as claims
from autodiff_cli.methods import frameworks
from tests.console import batch, here

SMOOTH = [
    ("x^3 + 2x^2 + 8x", "x=4"),
    ("sin(x)*y + exp(x/y)", "x=1.5,y=2.5"),
    ("ln(x1) + x1*x2 - sin(x2)", "x1=2,x2=5"),
    ("tanh(x)*sigmoid(y) + atan2(x, y) + log(x, 3)", "x=0.7,y=1.2"),
    ("where(x > 0, x^y, 3) + max(x, y) + cbrt(x)", "x=2.2,y=-0.7"),
    ("gelu(x) + erf(y) + softplus(x*y)", "x=0.3,y=-1.1"),
]
#: How close each method comes on these, relative to SymPy's 30 digits.
CLOSE = {"reverse mode": 1e-14, "forward mode": 1e-14, "forward difference": 1e-5,
         "central difference": 1e-7,
         "complex step": 1e-13, "torch": 1e-12, "jax": 1e-12, "autograd": 1e-12}  # fmt: skip


def test_every_method_agrees_with_sympy_at_ordinary_points() -> None:
    for line, (text, _) in zip(
        batch(*[f'compare "{text}" --at {at} --json' for text, at in SMOOTH]), SMOOTH, strict=True
    ):
        found = json.loads(line)
        assert found["schema"] == "autodiff.compare/1"
        assert found["verdict"] == "match"
        for name, rows in found["methods"].items():
            wanted = float(found["digits"][name])
            assert {"reverse mode", "forward mode", "central difference", "complex step"} <= {
                row["method"] for row in rows
            }
            for row in rows:
                if row["value"] is None:
                    assert (row["method"], "erf" in text) == ("complex step", True)
                    assert "no complex version" in row["reason"]
                    continue
                assert row["value"] == pytest.approx(wanted, rel=CLOSE[row["method"]])
                assert row["error"] == pytest.approx(row["value"] - wanted, abs=1e-15)


def test_every_method_agrees_at_many_points_in_one_go() -> None:
    text = "tanh(x)*sigmoid(y) + atan2(x, y)"
    found = json.loads(here("compare", text, "--points", "50", "--no-sympy", "--json").out)
    for rows in found["points"]["worst"].values():
        assert {row["method"] for row in rows} >= set(frameworks.installed())
        for row in rows:
            bound = 1e-3 if "difference" in row["method"] else 1e-9
            assert abs(row["error"]) < bound, row


def claimed(text: str, at: dict[str, float], name: str, claim: str) -> claims.Claim:
    return claims.check(parse(text), parse(claim), name, claim, at, None)


RIGHT = [
    ("x^3 + 2x^2 + 8x", {"x": 4.0}, "3x^2 + 4x + 8"),
    ("abs(x)", {"x": 2.0}, "sign(x)"),
    ("log(x)*y", {"x": 2.0, "y": 3.0}, "y/x"),
    ("asin(x - 1000)", {"x": 1000.2}, "1/sqrt(1-(x-1000)^2)"),
    ("sqrt(x)", {"x": 0.0}, "1/(2*sqrt(x))"),
    ("x*y", {"x": 1.0, "y": 2.0}, "where(x>0, y, y)"),
]


@pytest.mark.parametrize(("text", "at", "claim"), RIGHT)
def test_a_right_claim_agrees_at_the_point_and_at_20_others(
    text: str, at: dict[str, float], claim: str
) -> None:
    found = claimed(text, at, "x", claim)
    assert (found.disagreement, len(found.points)) == (None, 21)


WRONG = [
    ("x^3 + 2x^2 + 8x", {"x": 4.0}, "3x^2 + 4x + 9", {"x": 4.0}, 73.0, 72.0),
    ("sqrt(x)", {"x": 0.0}, "7", {"x": 0.0}, 7.0, math.inf),
    ("x^2", {"x": 0.0}, "2x + 1/x", {"x": 0.0}, math.inf, 0.0),
    ("sqrt(x)", {"x": 0.0}, "-1/sqrt(x)", {"x": 0.0}, -math.inf, math.inf),
]


@pytest.mark.parametrize(("text", "at", "claim", "where", "says", "is_"), WRONG)
def test_a_wrong_claim_shows_its_first_disagreement(
    text: str, at: dict, claim: str, where: dict, says: float, is_: float
) -> None:
    wrong = claimed(text, at, "x", claim).disagreement
    assert wrong is not None
    assert (wrong.at, wrong.claimed, wrong.found) == (where, says, is_)


def test_a_claim_that_is_right_at_the_point_alone_is_found_out() -> None:
    # The notebook's wrong sum: its derivative is 72 at 4 by accident.
    wrong = claimed("x^3 + 2x^2 + 8x", {"x": 4.0}, "x", "3x^2 + 6x").disagreement
    assert wrong is not None
    assert wrong.at != {"x": 4.0}


CUBIC = ("compare", "x^3 + 2x^2 + 8x", "--x", "4")


def test_claims_at_the_command_line() -> None:
    right = here(*CUBIC, "--claim", "x=3x^2 + 4x + 8", "--no-sympy")
    assert right.status == 0
    assert "agrees with autodiff at the point and at 20 others" in " ".join(right.out.split())
    wrong = here(*CUBIC, "--claim", "x=3x^2 + 4x + 9", "--no-sympy")
    assert wrong.status == 3
    assert "WRONG at x = 4\n  the claim gives  73\n  autodiff finds   72\n" in wrong.out
    found = json.loads(here(*CUBIC, "--claim", "x=3x^2+6x", "--no-sympy", "--json").out)
    (one,) = found["claims"]
    assert (one["variable"], one["points"], one["agrees"]) == ("x", 21, False)
    assert one["disagreement"]["at"]["x"] != 4


@pytest.mark.parametrize(
    ("claim", "message"),
    [
        ("z=3", "the claim is for 'z', which is not differentiated; "
         "the formula is differentiated by x"),
        ("x", "'x' is not NAME=FORMULA; write --claim x=\"3x^2 + 4x\""),
        ("x=", "'x=' is not NAME=FORMULA; write --claim x=\"3x^2 + 4x\""),
        ("=3", "'=3' is not NAME=FORMULA; write --claim x=\"3x^2 + 4x\""),
        ("x=3x^", "3x^\n          ^ an operand is missing: after '^' the text ends; "
         "write a number, a name or a bracket here"),
        ("x=tan(x)+a", "tan(x)+a\n              ^ the formula has no variable 'a'"),
    ],
)  # fmt: skip
def test_a_claim_that_cannot_be_checked_is_an_error(claim: str, message: str) -> None:
    outcome = here(*CUBIC, "--claim", claim, "--no-sympy")
    assert (outcome.status, outcome.out, outcome.err) == (2, "", f"error: {message}\n")


@pytest.fixture
def no_library(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(frameworks, "find_spec", lambda _: None)


def test_libraries_that_are_not_installed_are_left_out(no_library: None) -> None:
    rows = methods.opinions(parse("x^2"), {"x": 3.0}, ("x",))["x"]
    assert [row.method for row in rows] == [
        "reverse mode", "forward mode", "forward difference", "central difference", "complex step",
    ]  # fmt: skip
    assert [row.value for row in rows[:2]] == [6.0, 6.0]


@pytest.fixture
def broken_torch(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    class Broken(types.ModuleType):
        def __getattr__(self, name: str) -> object:
            raise ImportError("libtorch.so: cannot open shared object file")

    spec = ModuleSpec("torch", None)
    monkeypatch.setattr(frameworks, "find_spec", lambda name: spec if name == "torch" else None)
    monkeypatch.setitem(sys.modules, "torch", Broken("torch"))
    frameworks.torch_functions.cache_clear()
    yield
    frameworks.torch_functions.cache_clear()


def test_a_library_that_breaks_is_a_reason_not_a_fault(broken_torch: None) -> None:
    outcome = here("compare", "x^2", "--x", "3", "--no-sympy")
    assert (outcome.status, outcome.err) == (0, "")
    assert "torch: torch failed: ImportError" in outcome.out


def test_a_missing_scipy_is_told_from_a_failure(monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("autograd")
    installed = frameworks.find_spec

    def without(name: str) -> ModuleSpec | None:
        return None if name in ("scipy", "torch", "jax") else installed(name)

    monkeypatch.setattr(frameworks, "find_spec", without)
    rows = methods.opinions(parse("erf(x)"), {"x": 0.5}, ("x",))["x"]
    (row,) = [row for row in rows if row.method == "autograd"]
    assert (row.value, row.reason) == (None, "erf needs SciPy, which is not installed")
    assert methods.failure("torch", KeyError("a")) == "torch failed: KeyError: 'a'"


def test_a_mismatch_exits_3(monkeypatch: pytest.MonkeyPatch) -> None:
    from autodiff_cli.answers import compare as check

    honest = check.answered

    def lying(*words: object, **options: object) -> object:
        report, symbolic = honest(*words, **options)  # type: ignore[arg-type]
        return replace(report, verdict="MISMATCH"), symbolic  # type: ignore[type-var]

    monkeypatch.setattr(check, "answered", lying)
    outcome = here("compare", "x^2", "--x", "3", "--no-sympy")
    assert outcome.status == 3
    assert "verdict: MISMATCH" in outcome.out


def test_at_a_kink_the_methods_differ_and_that_is_no_error(no_library: None) -> None:
    outcome = here("compare", "abs(x) + x/0", "--x", "0", "--no-sympy")
    assert outcome.status == 0
    outcome = here("compare", "abs(x)", "--x", "0", "--no-sympy", "--json")
    found = {row["method"]: row["value"] for row in json.loads(outcome.out)["methods"]["x"]}
    assert found["reverse mode"] == found["forward mode"] == found["central difference"] == 0
    assert "kink" in {note["kind"] for note in json.loads(outcome.out)["notes"]}


@pytest.mark.parametrize("words", [("--x", "1"), ("--points", "5")])
def test_methods_that_would_take_too_long_are_left_out_with_the_way_to_ask_for_them(
    cli, monkeypatch, words: tuple[str, ...]
) -> None:
    monkeypatch.setenv("AUTODIFF_MAX_LIBRARIES", "3")
    monkeypatch.setenv("AUTODIFF_MAX_SWEEPS", "4")
    outcome = cli("compare", "sin(x)*cos(x)*tan(x)", *words, "--no-sympy", "--json")
    answer = json.loads(outcome.out)
    rows = answer["points"]["worst"]["x"] if "--points" in words else answer["methods"]["x"]
    reasons = {row["method"]: row["reason"] for row in rows}
    assert reasons.pop("reverse mode") is None
    anew = ("forward mode", "forward difference", "central difference", "complex step")
    for method, reason in reasons.items():
        name, most = ("SWEEPS", 4) if method in anew else ("LIBRARIES", 3)
        assert reason.startswith(f"more than {most} operations for ")
        assert reason.endswith(f"; set AUTODIFF_MAX_{name} in the environment to raise this limit")
    assert set(anew) <= reasons.keys()


def test_the_last_line_has_the_node_that_a_verdict_is_about() -> None:
    for words, last in ((("1/x", "--x", "0"), "undefined (domain at w2)"),
                        (("abs(x)", "--x", "0"), "kink (at w2)")):  # fmt: skip
        shown = here("compare", *words, "--sympy-seconds", "30").out
        assert f"\nverdict: {last}\n" in shown
