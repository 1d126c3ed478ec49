"""The text of a value: a number, an expression without variables, a list, a generator."""

from __future__ import annotations

import math

import pytest

from autodiff_cli.cli.values import numbers
from autodiff_cli.errors import AutodiffError

READ = [
    ("4", 4.0),
    (" 4 ", 4.0),
    ("-pi/2", -math.pi / 2),
    ("2pi/3", 2 * math.pi / 3),
    ("1e-3", 1e-3),
    ("√2", math.sqrt(2)),
    ("max(1, 2)", 2.0),
    ("log(8, 2)", 3.0),
    ("0" * 400 + "7", 7.0),
    ("1,2,3", [1.0, 2.0, 3.0]),
    ("1, pi, e", [1.0, math.pi, math.e]),
    ("max(1,2), 3", [2.0, 3.0]),
    ("linspace(0, 1, 5)", [0.0, 0.25, 0.5, 0.75, 1.0]),
    ("linspace(0, pi, 2)", [0.0, math.pi]),
    ("linspace(3, 9, 1)", [3.0]),
    ("linspace(max(1,2), 0, 3)", [2.0, 1.0, 0.0]),
]


@pytest.mark.parametrize(("text", "value"), READ)
def test_a_value_is_read(text: str, value: object) -> None:
    assert numbers("x", text) == value


def test_linspace_ends_exactly() -> None:
    values = numbers("x", "linspace(-0.1, 0.7, 1000)")
    assert isinstance(values, list)
    assert (len(values), values[0], values[-1]) == (1000, -0.1, 0.7)


def test_uniform_is_repeatable_inside_its_bounds_and_each_variable_has_its_own() -> None:
    draws = numbers("x", "uniform(-1, 2, 500)", seed=1)
    assert draws == numbers("x", "uniform(-1, 2, 500)", seed=1)
    assert draws != numbers("x", "uniform(-1, 2, 500)", seed=2)
    assert draws != numbers("y", "uniform(-1, 2, 500)", seed=1)
    assert draws != numbers("x", "uniform(-1, 2, 500)")
    assert isinstance(draws, list)
    assert -1 <= min(draws) < -0.9 < 1.9 < max(draws) <= 2


REFUSED = [
    ("", "x has no value; write --x 4"),
    ("1,", "x has no value; write --x 4"),
    ("y", "the value of x, 'y', has the variable 'y'; write a number, such as 4 or -pi/2"),
    ("2+", "the value of x, '2+', cannot be read: an operand is missing: after '+' the text "
     "ends; write a number, a name or a bracket here"),
    ("1/0", "the value of x, '1/0', is inf, not a finite number"),
    ("0/0", "the value of x, '0/0', is nan, not a finite number"),
    ("1e999", "the value of x, '1e999', cannot be read: this number is beyond the range of "
     "float64; numbers other than 0 lie between about 5e-324 and 1.8e308 in size"),
    ("9" * 400, f"the value of x, '{'9' * 37}…', cannot be read: this number is beyond the range "
     "of float64; numbers other than 0 lie between about 5e-324 and 1.8e308 in size"),
    ("nan", "the value of x, 'nan', has the variable 'nan'; "
     "write a number, such as 4 or -pi/2"),
    ("linspace(0, 1)", "linspace takes three numbers, not 2; "
     "write linspace(0, 1, 5): from, to, how many"),
    ("linspace(0, 1, 2.5)", "linspace makes a whole number of values, not 2.5"),
    ("uniform(0, 1, 0)", "uniform makes a whole number of values, not 0"),
    ("linspace(-1e308, 1e308, 3)", "linspace spans more than the range of float64"),
    ("uniform(0, 1, 1e9)", "too much input: more than 10,000,000 rows of values; "
     "set AUTODIFF_MAX_ROWS in the environment to raise this limit"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "message"), REFUSED)
def test_what_is_no_value_is_refused(text: str, message: str) -> None:
    with pytest.raises(AutodiffError) as error:
        numbers("x", text)
    assert str(error.value) == message


def test_a_list_longer_than_the_limit_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AUTODIFF_MAX_ROWS", "2")
    assert numbers("x", "1,2") == [1.0, 2.0]
    with pytest.raises(AutodiffError, match="more than 2 rows"):
        numbers("x", "1,2,3")
