"""Whole quotients, remainders and rounding: the table's rows, and compositions of `floor`, `ceil`.

So their derivatives are those of the table: 0 where a function is flat.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from autodiff_cli.lab.apply import State, apply
from autodiff_cli.lab.errors import LabError
from autodiff_cli.lab.mixing import one_type
from autodiff_cli.lab.modes import recording
from autodiff_cli.lab.tape import Custom, TapeEntry
from autodiff_cli.ops import ADD, COMPARISONS, DIVIDE, MULTIPLY, SUBTRACT, WHERE, find

FLOOR, CEIL, MOD, FMOD = find("floor", 1), find("ceil", 1), find("mod", 2), find("fmod", 2)


class Undefined(Custom):
    """Stands in the record for what PyTorch does not differentiate."""

    name = "floorDivide"

    def edges(self, node: Any, positions: tuple[int, ...], make: Any) -> list[Any]:
        """Refuse."""
        raise LabError("// is not differentiated, as in PyTorch", mend="write torch.floor(a / b)")


def floor_divide(a: Any, b: Any) -> Any:
    """Return the quotient rounded down, whole where both are; backward through it is refused."""
    quotient = _numbers(np.floor_divide, a, b)
    origins = tuple([getattr(operand, "origin", None) for operand in (a, b)])
    if recording() and any(origin is not None for origin in origins):
        shapes = (np.shape(getattr(a, "array", a)), np.shape(getattr(b, "array", b)))
        quotient._maker = TapeEntry(Undefined(), {}, origins, shapes, quotient.array.dtype)
    return quotient


def floored(a: Any, b: Any) -> Any:
    """Return the quotient rounded down, which is flat: its slope is 0."""
    quotient = apply(DIVIDE, a, b)
    exact = _numbers(np.floor_divide, a, b)
    moving = apply(SUBTRACT, quotient, quotient.make(quotient.array))
    return apply(FLOOR, apply(ADD, exact, moving))


def remainder(a: Any, b: Any) -> Any:
    """Return a − b·⌊a/b⌋, with the sign of b: what % means."""
    exact = _numbers(np.remainder, a, b)
    return exact if exact.array.dtype.kind != "f" else apply(MOD, a, b)


def fmod(a: Any, b: Any) -> Any:
    """Return a − b·trunc(a/b), with the sign of a: what C means by %."""
    exact = _numbers(np.fmod, a, b)
    return exact if exact.array.dtype.kind != "f" else apply(FMOD, a, b)


def _numbers(function: Any, *operands: Any) -> Any:
    """Return a NumPy function of operands of one type, without a record."""
    like = next(operand for operand in operands if isinstance(operand, State))
    plain = [operand.make(operand.array) if isinstance(operand, State) else operand
             for operand in operands]  # fmt: skip
    (first, second), dtype = one_type(SUBTRACT, tuple(plain), apply)
    with np.errstate(all="ignore"):
        found = function(getattr(first, "array", first), getattr(second, "array", second))
    return like.make(np.asarray(found, dtype))


def floor(x: Any) -> Any:
    """Return the largest whole number not above each element."""
    return apply(FLOOR, x)


def trunc(x: Any) -> Any:
    """Return each element without what stands behind its point."""
    return apply(WHERE, apply(COMPARISONS["<"], x, 0), apply(CEIL, x), apply(FLOOR, x))


def frac(x: Any) -> Any:
    """Return what stands behind the point, with the element's sign."""
    return apply(SUBTRACT, x, trunc(x))


def round(x: Any, decimals: int = 0) -> Any:
    """Return each element rounded, a half to the even neighbour, to a number of decimals."""
    if x.array.dtype.kind != "f":
        return x
    if decimals:
        scale = 10.0**decimals
        return apply(DIVIDE, round(apply(MULTIPLY, x, scale)), scale)
    down = apply(FLOOR, x)
    rest = apply(SUBTRACT, x, down)
    even = apply(MULTIPLY, 2.0, apply(FLOOR, apply(DIVIDE, apply(ADD, down, 1.0), 2.0)))
    upper = apply(WHERE, apply(COMPARISONS[">"], rest, 0.5), apply(CEIL, x), even)
    return apply(WHERE, apply(COMPARISONS["<"], rest, 0.5), down, upper)


METHODS = (floor_divide, remainder, fmod, trunc, frac, round)
