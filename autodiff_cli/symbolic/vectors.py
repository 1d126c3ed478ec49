"""A SymPy expression at many points at once, by NumPy in float64.

`lambdify` gets an expression object over symbols that it names itself: no text of a user's.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import sympy

from autodiff_cli.symbolic.evaluation import evaluate as evaluate_exactly
from autodiff_cli.symbolic.expression import Translation

Array = np.ndarray[Any, np.dtype[np.float64]]


def evaluate(formula: Any, translation: Translation, points: Sequence[Sequence[float]]) -> Array:
    """Return the value of an expression at each point; nan where it is not a real number.

    Args:
        formula: an expression over the symbols and atoms of the translation.
        translation: where the expression comes from.
        points: a number for every variable, one row a point.
    """
    dummies = {symbol: sympy.Dummy(real=True) for symbol in translation.symbols}
    atoms = {}
    for symbol in translation.atoms:
        atoms[symbol] = sympy.Float(float(evaluate_exactly(symbol, translation.atoms)))
    # A delta is 0 off its one point, and NumPy has none.
    formula = formula.replace(sympy.DiracDelta, lambda *_: sympy.S.Zero)
    formula = formula.xreplace(atoms).xreplace(dummies)
    own = {"erf": _each(math.erf), "erfc": _each(math.erfc)}  # NumPy has none
    function = sympy.lambdify(list(dummies.values()), formula, [own, "numpy"], cse=True)
    with np.errstate(all="ignore"):
        result = np.asarray(function(*np.array(points, dtype=float).T), dtype=float)
    return np.broadcast_to(result, (len(points),))


def _each(function: Callable[[float], float]) -> Callable[[Any], Array]:
    called = np.frompyfunc(function, 1, 1)
    return lambda a: np.asarray(called(a), dtype=float)
