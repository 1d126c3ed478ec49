"""Functions of each element: every one of the operation table, and compositions of them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from autodiff_cli.lab.apply import State, apply
from autodiff_cli.lab.division import floored, trunc
from autodiff_cli.lab.errors import LabError, LabTypeError
from autodiff_cli.lab.operators import Operators
from autodiff_cli.ops import (
    ADD,
    COMPARISONS,
    DIVIDE,
    FUNCTIONS,
    MULTIPLY,
    NEGATE,
    POWER,
    SQRT,
    SUBTRACT,
    WHERE,
    find,
)
from autodiff_cli.ops.row import Operation

#: The vocabulary's names for operators, and for rows that it calls otherwise.
SPELLINGS = {
    "add": ADD, "sub": SUBTRACT, "subtract": SUBTRACT, "mul": MULTIPLY, "multiply": MULTIPLY,
    "neg": NEGATE, "negative": NEGATE, "pow": POWER, "maximum": find("max", 2),
    "minimum": find("min", 2), "eq": COMPARISONS["=="], "ne": COMPARISONS["!="],
    "lt": COMPARISONS["<"], "le": COMPARISONS["<="], "gt": COMPARISONS[">"],
    "ge": COMPARISONS[">="],
}  # fmt: skip

#: How PyTorch calls the operands after the first.
NAMED = ("other", "exponent")


def elementwise(name: str, rows: tuple[Operation, ...]) -> Callable[..., Any]:
    """Return the function of one name: the row is chosen by the number of operands."""
    by_count = {row.arity: row for row in rows}

    single = by_count.get(1)

    def function(*operands: Any, alpha: float = 1, **named: Any) -> Any:
        if (
            single is not None
            and not named
            and len(operands) == 1
            and isinstance(operands[0], State)
        ):
            return apply(single, operands[0])  # what most calls are
        out = named.pop("out", None)
        operands += tuple(named.pop(each) for each in NAMED if each in named)
        row = by_count.get(len(operands))
        if row is None or named:
            counts = " or ".join(str(count) for count in sorted(by_count))
            raise LabTypeError(f"{name} takes {counts} operands, not {len(operands) + len(named)}")
        ready = [Operators.operand(operand) for operand in operands]
        if any(operand is None for operand in ready):
            wrong = next(k for k, operand in zip(operands, ready, strict=True) if operand is None)
            raise LabTypeError(
                f"{name} of a {type(wrong).__name__}: it takes tensors, numbers and arrays",
                mend="write tensor(…) around it",
            )
        if not any(isinstance(operand, State) for operand in ready):
            raise LabTypeError(f"{name} of numbers alone", mend=f"write {name}(tensor(…))")
        if alpha != 1:
            ready[1] = ready[1] * alpha
        found = apply(row, *ready)
        return found if out is None else out.copy_(found)

    function.__name__ = function.__qualname__ = name
    function.__doc__ = "; ".join(row.summary for row in rows) + "."
    return function


#: Name → function, for every name and alias of the table and the spellings above.
ELEMENTWISE = {
    name: elementwise(name, rows) for name, rows in FUNCTIONS.items() if name != "where"
} | {name: elementwise(name, (row,)) for name, row in SPELLINGS.items()}


def div(x: Any, other: Any, *, rounding_mode: str | None = None) -> Any:
    """Return the quotient; with rounding_mode "floor" or "trunc", the whole one."""
    if not isinstance(x, State) and not isinstance(other, State):
        raise LabTypeError("div of numbers alone", mend="write div(tensor(…), …)")
    if rounding_mode == "floor":
        return floored(x, other)
    quotient = apply(DIVIDE, x, other)
    return quotient if rounding_mode is None else trunc(quotient)


def square(x: Any) -> Any:
    """Return x·x."""
    return apply(MULTIPLY, x, x)


def reciprocal(x: Any) -> Any:
    """Return 1/x."""
    return apply(DIVIDE, 1.0, x)


def rsqrt(x: Any) -> Any:
    """Return 1/√x."""
    return apply(DIVIDE, 1.0, apply(SQRT, x))


def exp2(x: Any) -> Any:
    """Return 2 to the power x."""
    return apply(POWER, 2.0, x)


def lerp(x: Any, end: Any, weight: Any) -> Any:
    """Return x + weight·(end − x)."""
    return apply(ADD, x, apply(MULTIPLY, apply(SUBTRACT, end, x), weight))


def addcmul(x: Any, a: Any, b: Any, *, value: float = 1) -> Any:
    """Return x + value·a·b."""
    return apply(ADD, x, apply(MULTIPLY, apply(MULTIPLY, a, b), value))


def addcdiv(x: Any, a: Any, b: Any, *, value: float = 1) -> Any:
    """Return x + value·a/b."""
    return apply(ADD, x, apply(MULTIPLY, apply(DIVIDE, a, b), value))


def clamp(x: Any, min: Any = None, max: Any = None) -> Any:
    """Return each number, or the bound that it is beyond; the slope at a bound is 1."""
    if min is None and max is None:
        raise LabError("clamp needs a bound", mend="write clamp(min=0)")
    found = x
    if min is not None:
        found = apply(WHERE, apply(COMPARISONS["<"], x, min), min, found)
    if max is not None:
        found = apply(WHERE, apply(COMPARISONS[">"], found, max), max, found)
    return found


def _test(name: str, words: str) -> Callable[..., Any]:
    def function(x: Any) -> Any:
        return x.make(np.asarray(getattr(np, name)(x.array)))

    function.__name__ = name
    function.__doc__ = f"Tell where a number is {words}."
    return function


def _logical(name: str, words: str) -> Callable[..., Any]:
    def function(x: Any, *other: Any) -> Any:
        return x.make(np.asarray(getattr(np, name)(x.array, *(k.array for k in other))))

    function.__name__ = name
    function.__doc__ = f"Tell where {words} hold."
    return function


TESTS = (
    _test("isnan", "no number"), _test("isinf", "infinite"), _test("isfinite", "finite"),
    _logical("logical_and", "both"), _logical("logical_or", "one or both"),
    _logical("logical_xor", "just one of two"), _logical("logical_not", "not"),
)  # fmt: skip


def equal(x: Any, other: Any) -> bool:
    """Tell whether two tensors have one shape and the same numbers."""
    return bool(np.array_equal(x.array, other.array))


def allclose(
    x: Any, other: Any, rtol: float = 1e-5, atol: float = 1e-8, equal_nan: bool = False
) -> bool:
    """Tell whether two tensors agree: |a − b| ≤ atol + rtol·|b| everywhere."""
    return bool(np.all(_close(x, other, rtol, atol, equal_nan)))


def isclose(
    x: Any, other: Any, rtol: float = 1e-5, atol: float = 1e-8, equal_nan: bool = False
) -> Any:
    """Tell where two tensors agree, as `allclose`."""
    return x.make(np.asarray(_close(x, other, rtol, atol, equal_nan)))


def _close(x: Any, other: Any, rtol: float, atol: float, equal_nan: bool) -> Any:
    first, second = (getattr(operand, "array", operand) for operand in (x, other))
    return np.isclose(first, second, rtol, atol, equal_nan)


METHODS = (
    div, square, reciprocal, rsqrt, exp2, lerp, addcmul, addcdiv, clamp, *TESTS, equal, allclose,
    isclose,
)  # fmt: skip
OTHER_NAMES = {
    "divide": div, "true_divide": div, "clip": clamp, "absolute": ELEMENTWISE["abs"],
    "greater": ELEMENTWISE["gt"], "less": ELEMENTWISE["lt"], "log": ELEMENTWISE["ln"],
    "fix": trunc, "greater_equal": ELEMENTWISE["ge"], "less_equal": ELEMENTWISE["le"],
    "not_equal": ELEMENTWISE["ne"],
}  # fmt: skip
