"""Each verdict where it should be given, and before which other."""

import math

import pytest

from autodiff_cli.symbolic.verdict import GRAVITY, judge, subtract, worst


@pytest.mark.parametrize(
    ("derivative", "symbolic", "flags", "verdict"),
    [
        (72.0, "72", {}, "match"),
        (72.0, "72.00000001", {}, "match"),
        (72.0, "72.0000001", {}, "MISMATCH"),
        (0.0, "0", {}, "match"),
        (0.0, "1e-400", {}, "match"),
        (0.0, "1e-300", {}, "MISMATCH"),
        (-1.0, "1", {}, "MISMATCH"),
        (math.inf, "zoo", {}, "match"),
        (-math.inf, "zoo", {}, "match"),
        (0.0, "zoo", {}, "symbolic-complex"),
        (math.inf, "2", {}, "MISMATCH"),
        (math.nan, "2", {}, "MISMATCH"),
        (1.0, "nan", {}, "symbolic-complex"),
        (1.0, "huge", {}, "skipped"),
        (math.nan, "complex", {}, "symbolic-complex"),
        (1.0, None, {}, "skipped"),
        # the order: the first that holds
        (1.0, None, {"overflow": True, "undefined": True, "kink": True}, "skipped"),
        (1.0, "1", {"overflow": True, "undefined": True, "kink": True}, "overflow"),
        (1.0, "complex", {"undefined": True, "kink": True}, "undefined"),
        (1.0, "complex", {"kink": True}, "kink"),
        (0.5, "0.5", {"kink": True}, "kink"),
    ],
)
def test_the_first_verdict_that_holds(derivative, symbolic, flags, verdict):
    assert judge(derivative, symbolic, **flags).verdict == verdict


def test_a_difference_that_two_ulp_in_the_point_explain_is_rounding():
    judgement = judge(1.0, "1.001", moves=lambda: 0.002)
    assert (judgement.verdict, judgement.rounding) == ("match", True)
    assert judge(1.0, "1.001", moves=lambda: 0.0005).verdict == "MISMATCH"


def test_a_difference_small_beside_the_contributions_is_rounding():
    judgement = judge(1e-16, "0", scale=1.0)
    assert (judgement.verdict, judgement.rounding) == ("match", True)
    assert judge(1e-13, "0", scale=1.0).verdict == "MISMATCH"


def test_a_match_does_not_ask_how_the_answer_moves():
    def moves() -> float:
        raise AssertionError

    assert judge(72.0, "72", moves=moves).verdict == "match"


def test_the_last_of_the_30_digits_is_no_difference():
    assert subtract(math.pi, "3.14159265358979311599796346854") == 0
    assert subtract(math.pi, "3.14159265358979323846264338328") == pytest.approx(-1.2246e-16, 1e-4)


def test_the_difference_shows_the_rounding_of_autodiff():
    # the exact value of the float64 0.1 is 0.1000000000000000055511151231257827…
    assert subtract(0.1, "0.1") == pytest.approx(5.551115123125783e-18, rel=1e-12)
    assert subtract(1.0, "1.00000000000000000000000000001") == pytest.approx(-1e-29)
    assert subtract(1.0, "1e1656520") == -math.inf
    assert subtract(math.inf, "1") is None
    assert subtract(1.0, "zoo") is None


def test_the_worst_row_decides():
    assert worst(["match", "kink", "match"]) == "kink"
    assert worst(["undefined", "MISMATCH", "overflow"]) == "MISMATCH"
    assert worst([]) == "match"
    assert len(set(GRAVITY)) == 7
