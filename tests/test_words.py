"""Numbers that puzzle have a word beside them: columns of a trace, differences, rounded points."""

from __future__ import annotations

import json

import pytest

from tests.console import here


def test_a_trace_says_what_its_columns_are() -> None:
    line = "tangent ẇ: how fast w_i moves with x; adjoint w̄: how fast f moves with w_i"
    assert line in here("trace", "x^3 + 2x^2 + 8x", "--x", "4").out
    assert line in here("grad", "x^2", "--x", "4", "--trace", "--no-sympy").out
    several = here("trace", "y = a*b", "--a", "1", "--b", "2").out
    assert "how fast w_i moves with a or b; adjoint w̄: how fast y moves with w_i" in several
    forward = here("trace", "x^2", "--x", "4", "--mode", "forward").out
    assert "tangent ẇ" in forward
    assert "adjoint" not in forward
    assert "adjoint" in here("trace", "x^2", "--x", "4", "--mode", "reverse").out
    assert "tangent" not in here("trace", "x^2", "--x", "4", "--mode", "reverse").out


@pytest.mark.parametrize("format", ["markdown", "latex", "html"])
def test_a_handout_has_the_legend_and_csv_only_the_table(format: str) -> None:
    assert "how fast" in here("trace", "x^2", "--x", "4", "--format", format).out
    assert "how fast" not in here("trace", "x^2", "--x", "4", "--format", "csv").out


def test_why_has_the_long_legend_alone() -> None:
    out = here("trace", "x^2", "--x", "4", "--why").out
    assert out.count("how fast w_i moves") == 1
    assert "value: what w_i is at the point" in out


def test_a_difference_beside_equal_digits_has_a_word() -> None:
    out = here("grad", "x*sin(x)", "--x", "0.1").out
    assert "2.4e-18" in out
    assert "difference: taken with more digits than are shown" in out
    assert "difference:" not in here("grad", "x^2", "--x", "4").out


def test_a_large_difference_that_is_a_match_has_a_word() -> None:
    out = here("grad", "tan(x)", "--x", "pi/2").out
    assert "difference: 1.9e+16 is 7.1e-17 of the number: rounding" in out


@pytest.mark.parametrize(("text", "point"), [("tan(x)", "pi/2"), ("sin(x)", "pi")])
def test_a_point_whose_last_digit_decides_the_value_is_told(text: str, point: str) -> None:
    found = json.loads(here("grad", text, "--x", point, "--json").out)
    assert found["verdict"] == "match"
    (note,) = [note for note in found["notes"] if note["kind"] == "point"]
    assert "its last digit decides what f is here" in note["text"]


@pytest.mark.parametrize(("text", "point"), [
    ("tan(x)", "1.5"), ("10x - 1", "0.1"),
])  # fmt: skip
def test_an_ordinary_point_is_not_remarked_on(text: str, point: str) -> None:
    found = json.loads(here("grad", text, "--x", point, "--json").out)
    assert [note for note in found["notes"] if note["kind"] == "point"] == []
