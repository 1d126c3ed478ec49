"""Each verdict where it should be given, and before which other."""

import math

import pytest

from autodiff_cli.symbolic.verdict import GRAVITY, judge, kept, subtract, worst


@pytest.mark.parametrize(
    ("derivative", "symbolic", "flags", "verdict"),
    [
        (72.0, "72", {}, "match"),
        (72.0, "72.00000007", {}, "match"),
        (72.0, "72.0000001", {"own": "72"}, "MISMATCH"),
        (72.0, "72.0000001", {"own": "72.0000001", "rounding": True}, "rounding"),
        (72.0, "72.0000001", {"own": "72.0000001"}, "MISMATCH"),
        (72.0, "72.0000001", {"own": "72.00000010000001", "rounding": True}, "MISMATCH"),
        (72.0, "72.0000001", {"own": "complex", "rounding": True}, "undefined"),
        (72.0, "72.0000001", {}, "skipped"),  # nothing was looked into: time was up
        (0.0, "0", {}, "match"),
        (0.0, "1e-400", {}, "match"),
        (5e-324, "0", {}, "match"),
        (5e-324, "7.2e-324", {}, "match"),
        (0.0, "6.7e-324", {"own": "6.7e-324", "rounding": True}, "rounding"),
        (0.0, "1e-300", {"own": "1e-300", "rounding": True}, "rounding"),
        (1e-16, "0", {"own": "0", "rounding": True}, "rounding"),
        (1e-16, "0", {"own": "1e-16"}, "MISMATCH"),
        (-5.5e-18, "-3e-48812345", {"own": "0", "rounding": True}, "rounding"),
        (-1.0, "1", {"own": "-1"}, "MISMATCH"),
        (math.inf, "zoo", {}, "undefined"),
        (-math.inf, "2", {}, "undefined"),
        (math.nan, "2", {}, "undefined"),
        # no number of calculus's: a pole that float64 misses, or 0/0 of SymPy's formula alone
        (0.0, "zoo", {}, "undefined"),
        (1.6e16, "zoo", {"own": "huge"}, "undefined"),
        (0.0, "zoo", {"own": "0"}, "skipped"),
        (1.0, "nan", {"own": "zoo"}, "undefined"),
        (1.0, "nan", {"own": "complex"}, "undefined"),
        (1.0, "nan", {"own": "1"}, "skipped"),
        (1.0, "nan", {"own": "huge"}, "skipped"),
        (1.0, "complex", {}, "symbolic-complex"),
        # SymPy simplified first: the steps have no number, where float64 misses their pole
        (2.0, "3", {"own": "nan"}, "undefined"),
        (2.0, "3", {"own": "zoo", "kink": True}, "kink"),
        # what SymPy's number rests on is a guess, on which side of a jump a step is
        (0.0, "0", {"own": "huge"}, "skipped"),
        (1.0, "huge", {}, "skipped"),
        (math.nan, "complex", {}, "symbolic-complex"),
        (1.0, None, {}, "skipped"),
        # beyond float64: calculus's number, or one on the way
        (-math.inf, "-1e400", {}, "overflow"),
        (math.nan, "1e400", {"kink": True}, "overflow"),
        (math.nan, "1", {"overflow": True}, "overflow"),
        (1.0, "1", {"overflow": True}, "match"),
        (-2.7e32, "-1e320", {"own": "-1e320", "rounding": True}, "rounding"),
        (-2.7e32, "-1e320", {"own": "-2.7e32"}, "MISMATCH"),
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


@pytest.mark.parametrize(
    ("number", "symbolic", "digits"),
    [(1.234, "1.23", 2), (0.0, "5", 0), (1.0, "2", 0), (99.9999, "100", 6), (1e8, "-8e-10", 0)],
)
def test_the_digits_that_are_kept(number, symbolic, digits):
    assert kept(number, symbolic) == digits


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
    assert len(set(GRAVITY)) == 8
