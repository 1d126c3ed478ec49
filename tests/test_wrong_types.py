"""Every public function, given what it does not take: AutodiffError, and no other exception."""

from __future__ import annotations

import datetime
import inspect
import math
import warnings
from collections.abc import Callable, Iterator
from decimal import Decimal
from fractions import Fraction
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import autodiff_cli
from autodiff_cli import AutodiffError

FUNCTIONS = (
    "parse", "grad", "trace", "compile", "hessian", "jacobian", "jvp", "vjp", "hvp", "taylor",
)  # fmt: skip

#: What marks a student's work takes texts as they are typed, and what reads files or rows takes
#: these; they have tests of their own.
ELSEWHERE = {"check", "diagnose", "exercises", "mark", "grad_files", "grad_rows"}

#: Argument → what is right for it.
RIGHT: dict[str, Any] = {
    "expression": "x*y",
    "expressions": ["x*y", "x"],
    "at": {"x": 1.0, "y": 2.0},
    "direction": {"x": 1.0},
    "weights": [1.0, 1.0],
    "wrt": ["x"],
    "order": 2,
}

#: Where a function differs: by one variable, and around a point that is one number each.
RIGHT_OF: dict[str, dict[str, Any]] = {"taylor": {"wrt": "x"}}  # fmt: skip


class Odd:
    """An object that is nothing."""


#: What is no number, name, text, point or list of these, for whatever argument.
ODD = {
    "None": None, "bytes": b"x", "complex": 1j, "object": Odd(), "type": float, "function": len,
    "date": datetime.date(2020, 1, 1), "ellipsis": ..., "complex scalar": np.complex128(1j),
    "array of None": np.array(None), "array of objects": np.array([Odd()]),
    "array of complex": np.array([1j, 2.0]), "datetime64": np.datetime64("2020-01-01"),
    "lists of lists": [["x"]], "ragged": [[1.0], [1.0, 2.0]], "bytes in a list": [b"x"],
    "objects in a list": [Odd()], "masked": np.ma.masked_array([1.0, 2.0], [True, False]),
}  # fmt: skip

#: What is a number, and no name or text; a point's value takes these.
NUMBERS = {
    "int": 1, "float": 1.5, "bool": True, "float64": np.float64(1.0), "float32": np.float32(1.0),
    "int64": np.int64(1), "Decimal": Decimal(1), "Fraction": Fraction(1, 2), "nan": math.nan,
    "huge": 10**400, "long double": np.longdouble("1e4000"), "array": np.array([1.0, 2.0]),
}  # fmt: skip

#: Names of a point that are no text.
POINTS = {
    "int": {1: 2}, "None": {None: 1}, "tuple": {("x",): 1}, "bytes": {b"x": 1, b"y": 2},
    "mixed": {"x": 1, "y": 2, 3: 4}, "list of pairs": [("x", 1), ("y", 2)],
}  # fmt: skip


def calls() -> Iterator[tuple[str, Callable[[Any], Any]]]:
    """Yield every argument of every function, with a call that has everything else right."""
    for name in FUNCTIONS:
        function = getattr(autodiff_cli, name)
        if name == "parse":
            yield "parse texts", function
            yield "parse variables", lambda wrong, f=function: f("x*y", variables=wrong)
            continue
        arguments = inspect.signature(function).parameters
        right = {argument: RIGHT[argument] for argument in arguments if argument in RIGHT}
        right |= RIGHT_OF.get(name, {})
        for argument in arguments:
            yield (
                f"{name} {argument}",
                lambda wrong, a=argument, f=function, r=right: f(**{**r, a: wrong}),
            )


CALLS = dict(calls())


def told(call: Callable[[Any], Any], wrong: Any) -> None:
    """Hold a call to its error: one that says what is wrong, without an address in memory."""
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        with pytest.raises(AutodiffError) as caught:
            call(wrong)
    assert str(caught.value)
    assert " object at 0x" not in str(caught.value)


def test_every_public_function_is_here() -> None:
    public = {name for name in dir(autodiff_cli) if name.islower() and name[0] != "_"}
    assert public - {"lab"} - ELSEWHERE == set(FUNCTIONS)


@pytest.mark.parametrize("wrong", ODD.values(), ids=ODD)
@pytest.mark.parametrize("call", CALLS)
def test_what_is_nothing_is_told(call: str, wrong: Any) -> None:
    if wrong is None and call.endswith(" wrt") and call != "taylor wrt":
        CALLS[call](wrong)  # all variables
    else:
        told(CALLS[call], wrong)


@pytest.mark.parametrize("wrong", NUMBERS.values(), ids=NUMBERS)
@pytest.mark.parametrize("call", [name for name in CALLS if not name.endswith(" weights")])
def test_a_number_is_no_text_and_no_point(call: str, wrong: Any) -> None:
    if (
        (call.endswith(" sparse") and isinstance(wrong, bool))
        or (
            call == "taylor order"
            and isinstance(wrong, (int, np.integer))
            and not isinstance(wrong, bool)
            and wrong < 100
        )
        or (call.endswith(" direction") and isinstance(wrong, np.ndarray))
    ):
        CALLS[call](wrong)
    else:
        told(CALLS[call], wrong)


@pytest.mark.parametrize("wrong", POINTS.values(), ids=POINTS)
@pytest.mark.parametrize("call", [name for name in CALLS if name.endswith(" at")])
def test_a_name_that_is_no_text_is_told(call: str, wrong: Any) -> None:
    told(CALLS[call], wrong)


@pytest.mark.parametrize("wrong", [1, 1.5, "12", {1: 2, 2: 3}, {1.0, 2.0}, [1.0], [1.0, "2"]])
def test_weights_are_a_list_of_numbers(wrong: Any) -> None:
    told(CALLS["vjp weights"], wrong)


def floats(name: str) -> Callable[[Any], Any]:
    """Return a function of the value of x."""
    if name == "compiled":
        return lambda value: autodiff_cli.compile("x*y")(value, 2.0)
    function, right = getattr(autodiff_cli, name), dict(RIGHT)
    arguments = inspect.signature(function).parameters
    right = {k: value for k, value in right.items() if k in arguments and k not in ("at", "wrt")}
    right |= RIGHT_OF.get(name, {})
    if "expressions" in arguments:
        right["expressions"] = RIGHT["expressions"]
    return lambda value: function(at={"x": value, "y": 2.0}, **right)


TAKING = {name: floats(name) for name in (*FUNCTIONS[1:3], *FUNCTIONS[4:], "compiled")}


@pytest.mark.parametrize("wrong", [
    "1", "x", None, b"1", 1j, Odd(), {}, {"x": 1.0}, {1.0}, Decimal(1), 10**400, ["1"], [None],
    [1j], [[1.0], [1.0, 2.0]], np.array(["a"]), np.array([None]), np.complex64(1),
    np.datetime64("2020"), np.longdouble("1e4000"), np.ma.masked, iter([1.0]),
], ids=lambda wrong: type(wrong).__name__)  # fmt: skip
@pytest.mark.parametrize("call", TAKING)
def test_what_is_no_number_of_float64_is_told(call: str, wrong: Any) -> None:
    told(TAKING[call], wrong)


@pytest.mark.parametrize("call", TAKING)
@given(
    st.sampled_from([np.float16, np.float32, np.float64, np.longdouble, np.int8, np.uint8, np.int16,
                     np.uint16, np.int32, np.uint32, np.int64, np.uint64, np.bool_, int, float,
                     Fraction]),
    st.integers(0, 100),
)  # fmt: skip
def test_every_kind_of_real_number_is_one(call: str, kind: Any, number: int) -> None:
    value = kind(number)
    assert repr(TAKING[call](value)) == repr(TAKING[call](float(value)))
