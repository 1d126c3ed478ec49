"""Coefficients of Taylor series in as many digits as are wanted: mpmath's numbers."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import Any

from mpmath import mp

from autodiff_cli.graph.constant import Constant
from autodiff_cli.ops import DIVIDE, WHERE
from autodiff_cli.ops.row import COMPARISON, Operation
from autodiff_cli.symbolic.arithmetic import Arithmetic
from autodiff_cli.symbolic.ball import Ball
from autodiff_cli.symbolic.recomputation import apply

#: Binary digits at the end that the rounding of earlier steps may have spoilt.
GUARD = 24


class Digits:
    """What coefficients are made of, as `engine.series` wants it.

    Args:
        precision: binary digits, those of mpmath's working precision.
    """

    def __init__(self, precision: int) -> None:
        self._walk = Arithmetic(precision, last=True)
        self.zero = mp.zero

    def constant(self, constant: Constant) -> Any:
        """Return a constant of the language."""
        sign, written, exponent = constant.exact
        if sign == "name":
            return +mp.e if written == "e" else +mp.pi
        number = Fraction(int(sign + written)) * Fraction(10) ** exponent
        return mp.mpf(number.numerator) / number.denominator

    def value(self, operation: Operation, operands: Sequence[Any]) -> Any:
        """Return what a row computes; nan where it has no real value."""
        if operation is WHERE and isinstance(operands[0], bool):
            return operands[1] if operands[0] else operands[2]
        if any(not isinstance(one, bool) and not mp.isfinite(one) for one in operands):
            return mp.nan
        if operation.precedence == COMPARISON and self._same(*operands):
            operands = [operands[0], operands[0]]
        balls = [one if isinstance(one, bool) else Ball(one) for one in operands]
        try:
            found = apply(operation, balls, self._walk)
        except (ArithmeticError, ValueError):
            return mp.nan
        if isinstance(found, bool):
            return found
        middle = self._walk.rounded(found).middle
        return mp.nan if isinstance(middle, mp.mpc) else middle

    def _same(self, a: Any, b: Any) -> bool:
        """Tell whether two numbers differ by no more than their rounding, as 3·0.1 and 0.3 do."""
        if isinstance(a, bool) or isinstance(b, bool):
            return False
        return bool(abs(a - b) <= mp.ldexp(max(abs(a), abs(b)), GUARD - mp.prec))

    def divide(self, a: Any, b: Any) -> Any:
        """Return a/b; nan where b is 0."""
        return a / b if b else self.value(DIVIDE, (a, mp.mpf(b)))

    def holds(self, condition: Any) -> bool:
        """Tell whether a comparison holds."""
        return condition is True

    def blocked(self, coefficient: Any) -> Any:
        """Return None, or nan for what is not finite."""
        return None if mp.isfinite(coefficient) else mp.nan
