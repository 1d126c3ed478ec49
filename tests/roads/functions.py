"""One set of elementary functions for all roads: then their numbers must be the same, bit by bit.

Roads may differ in nothing but these: a C library's exp and NumPy's are both right to some ulp.
How far each of NumPy's is from `math`'s is held apart, row by row.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import ModuleType
from typing import Any

import numpy as np

from autodiff_cli.compiled import blocks
from autodiff_cli.compiled import program as programs
from autodiff_cli.engine import arrays, rules
from autodiff_cli.ops import OPERATIONS, POWER
from autodiff_cli.ops.row import COMPARISON

#: Rows that IEEE 754 defines to the last bit, or that only choose: NumPy's own are tried.
EXACT = {"add", "subtract", "negate", "multiply", "divide", "sqrt", "where", "abs", "sign", "floor",
         "ceil", "max", "min"}  # fmt: skip

#: NumPy's name → the row whose float function stands in for it.
ROUNDED = {
    row.numpy: row
    for row in OPERATIONS
    if row.numpy and row.value and row.name not in EXACT and row.precedence != COMPARISON
}


def elementwise(function: Callable[..., float], count: int) -> Callable[..., Any]:
    """Return a float function as one of arrays, with NumPy's `out`."""
    loop = np.frompyfunc(function, count, 1)

    def apply(*operands: Any, out: Any = None) -> Any:
        found = np.asarray(loop(*map(_floats, operands)), dtype=float)
        if out is None:
            return found.view(Powers)
        np.copyto(out, found)
        return out

    return apply


def _floats(values: Any) -> Any:
    """Return values as Python's floats, which `math` takes as it takes the engine's."""
    return np.asarray(values, dtype=float).astype(object)


class Powers(np.ndarray[Any, Any]):
    """An array whose powers, written as `**`, are `math`'s."""

    def __array_ufunc__(self, ufunc: Any, method: str, *inputs: Any, **named: Any) -> Any:
        plain = [np.asarray(given) for given in inputs]
        if ufunc in _POWERS:
            found = _power(plain[0], *plain[1:] or (_POWERS[ufunc],))
        else:
            found = getattr(ufunc, method)(*plain, **named)
        return found.view(Powers) if isinstance(found, np.ndarray) else found


#: What `**` calls → the exponent, where it is not an operand.
_POWERS = {np.power: None, np.square: 2.0, np.reciprocal: -1.0}
_power = elementwise(rules.value(POWER), 2)


class Same(ModuleType):
    """NumPy with `math`'s functions in place of its own."""

    def __init__(self) -> None:
        super().__init__("numpy")
        self.made = {
            name: elementwise(rules.value(row), row.arity) for name, row in ROUNDED.items()
        }

    def __getattr__(self, name: str) -> Any:
        made = self.__dict__["made"]
        if name in ("asarray", "where"):  # of these arrays keep no class of their own
            return lambda *given, **named: getattr(np, name)(*given, **named).view(Powers)
        return made[name] if name in made else getattr(np, name)


@contextmanager
def same_functions() -> Iterator[Same]:
    """Give the engine's and the compiled arrays `math`'s functions while the context is open."""
    kept = arrays.np, blocks._functions, programs._power
    caches = tuple(one for one in vars(arrays).values() if hasattr(one, "cache_clear"))
    same = Same()
    _clear(caches)
    names = {row.name: same.made[name] for name, row in ROUNDED.items()}
    try:
        arrays.np = same  # type: ignore[assignment]
        functions = kept[1]
        blocks._functions = lambda: functions() | names  # type: ignore[assignment]
        programs._power = lambda builder, *operands: builder.apply(POWER, operands)  # type: ignore[assignment]
        yield same
    finally:
        arrays.np, blocks._functions, programs._power = kept  # type: ignore[misc, assignment]
        _clear(caches)


def _clear(caches: tuple[Any, ...]) -> None:
    for cache in caches:
        cache.cache_clear()
