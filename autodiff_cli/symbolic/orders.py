"""High orders in one variable at a point, judged: SymPy's formulas as far as its time reaches.

Beyond them stand differences of the value, in thousands of digits: values alone, no rule. A second
look at autodiff's numbers is its own propagation of series in more digits.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from fractions import Fraction
from typing import Any

from mpmath import mp

from autodiff_cli.engine import uncertain
from autodiff_cli.engine.directions import derivatives
from autodiff_cli.engine.taylor import along, scale
from autodiff_cli.graph.constant import Constant
from autodiff_cli.graph.graph import Graph
from autodiff_cli.ops import DIVIDE
from autodiff_cli.ops.row import Operation
from autodiff_cli.symbolic import expression
from autodiff_cli.symbolic.arithmetic import Arithmetic
from autodiff_cli.symbolic.ball import Ball, size
from autodiff_cli.symbolic.evaluation import DIGITS, TARGET
from autodiff_cli.symbolic.expression import Translation
from autodiff_cli.symbolic.recomputation import SLACK, apply, node_values
from autodiff_cli.symbolic.verdict import agree

#: Share of the time that SymPy's formulas may take, and by what the next may take longer.
FORMULAS, LONGER = 0.35, 4.0

#: Binary digits of one step of a difference: its square is what a central difference is off by.
STEP = 60

#: A coefficient that is smaller than its neighbours by this, in binary digits, is 0.
VANISHES = 70

#: Binary digits that series are propagated in, in turn, until two agree.
PRECISIONS = (200, 400, 800, 1600, 3200, 6400)


class Orders:
    """The orders of one formula at one point.

    Args:
        graph: the formula.
        point: a number for every variable.
        name: the variable.
        found: autodiff's derivatives, from the first on.
        over: tells whether the time is up.
    """

    def __init__(
        self,
        graph: Graph,
        point: Sequence[float],
        name: str,
        found: Sequence[float],
        over: Callable[[], bool],
    ) -> None:
        self.graph, self.name, self.found, self.over = graph, name, found, over
        self.at = dict(zip(graph.variables, point, strict=True))
        self.order = len(found)
        self._own: list[str] | None = None
        self._bounds: uncertain.Digits | None = None
        terms = [0.0, *derivatives(graph, self.at, {name: 1.0}, self.order)]
        self._exponent = scale([d / math.factorial(k) for k, d in enumerate(terms)])

    def differences(self) -> list[str | None]:
        """Return each derivative as text, None where the time, or the function, ends before it."""
        if not all(map(math.isfinite, self.at.values())):
            return [None] * self.order
        bits = STEP * self.order + 2 * TARGET
        with mp.workprec(bits):
            values = self._values(Arithmetic(bits, last=True))
            reach = max(values, default=-1)
            scaled = [_central(values, n) for n in range(min(2 * reach, self.order) + 1)]
            texts = _texts(scaled, self._exponent)
        return [*texts[1:], *[None] * self.order][: self.order]

    def _values(self, walk: Arithmetic) -> dict[int, Any]:
        """Return the value at steps from the point, outwards, as far as there is time."""
        exact = {name: Fraction(value) for name, value in self.at.items()}
        step = Fraction(2) ** (self._exponent - STEP)
        needed = sorted(self.graph.below(self.graph.outputs))
        values: dict[int, Any] = {}
        for distance in range(self.order // 2 + 2):
            if self.over():
                break
            for place in {distance, -distance}:
                at = exact | {self.name: exact[self.name] + place * step}
                ball = node_values(self.graph, needed, at, walk)[self.graph.outputs[0]]
                if not isinstance(ball, Ball):
                    return {key: values[key] for key in values if abs(key) < distance}
                ball = walk.rounded(ball)
                lost = ball.error - max(size(ball.middle), -walk.precision)
                if isinstance(ball.middle, mp.mpc) or not lost < TARGET - walk.precision:
                    return {key: values[key] for key in values if abs(key) < distance}
                values[place] = ball.middle
        return values

    def judged(self, order: int, text: str | None) -> dict[str, Any]:
        """Return a value, and where autodiff's number is another what its own series gives."""
        number = self.found[order - 1]
        again: dict[str, Any] = {}
        finite = text is not None and text[-1].isdigit() and math.isfinite(number)
        if text and finite and not agree(number, text) and not self.over():
            again["0"] = self._again(order, number, text)
        return {"values": [text], "again": again}

    def _again(self, order: int, number: float, text: str) -> list[Any]:
        own = self.own()[order - 1]
        if not own[-1].isdigit():
            return [own, False, None, ""]
        if self._bounds is None:
            self._bounds = uncertain.derivatives(self.graph, self.at, self.name, self.order)
        gap = abs(number - float(text))
        return [own, not gap > SLACK * self._bounds.bounds[order], None, ""]

    def own(self) -> list[str]:
        """Return autodiff's own derivatives in more digits, "huge" where two precisions differ."""
        if self._own is None:
            before: list[Any] = []
            for precision in PRECISIONS:
                with mp.workprec(precision):
                    found = self._propagated(precision)
                    if before and all(map(_settled, before, found)):
                        break
                before = found
                if self.over():
                    break
            with mp.workprec(precision):
                texts = _texts(found, self._exponent)
                known = [_settled(*pair) for pair in zip(before, found, strict=True)]
            self._own = [t if ok and t else "huge" for t, ok in zip(texts, known, strict=True)][1:]
        return self._own

    def _propagated(self, precision: int) -> list[Any]:
        at = {name: mp.mpf(value) for name, value in self.at.items()}
        step = {self.name: mp.ldexp(1, self._exponent)}
        return along(self.graph, at, step, self.order, Digits(precision))


def remarks(records: Sequence[Mapping[str, Any]]) -> Iterator[str]:
    """Say where SymPy's formulas end, and where there is nothing to hold a number against."""
    written = sum(1 for record in records if record["text"])
    held = sum(1 for record in records if record["values"] != [None])
    if written < len(records):
        last = f"SymPy has had time to differentiate {written} times"
        if held > written:
            last += (
                f"; orders {written + 1} to {held} are held against differences of the value in "
                "thousands of digits"
            )
        yield last
    if held < len(records):
        yield (
            f"no verdict on the orders beyond {held}: the time ran out, or there is no value "
            "beside the point"
        )


class Digits:
    """Coefficients that are mpmath's numbers, as exact as the working precision."""

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
        if any(not isinstance(one, bool) and not mp.isfinite(one) for one in operands):
            return mp.nan
        balls = [one if isinstance(one, bool) else Ball(one) for one in operands]
        try:
            found = apply(operation, balls, self._walk)
        except (ArithmeticError, ValueError):
            return mp.nan
        if isinstance(found, bool):
            return found
        middle = self._walk.rounded(found).middle
        return mp.nan if isinstance(middle, mp.mpc) else middle

    def divide(self, a: Any, b: Any) -> Any:
        """Return a/b; nan where b is 0."""
        return self.value(DIVIDE, (a, mp.mpf(b))) if not b else a / b

    def holds(self, condition: Any) -> bool:
        """Tell whether a comparison holds."""
        return condition is True

    def blocked(self, coefficient: Any) -> Any:
        """Return None, or nan for what is not finite."""
        return None if mp.isfinite(coefficient) else mp.nan


def formulas(
    translation: Translation,
    node: int,
    place: int,
    order: int,
    clock: Callable[[], float],
    seconds: float,
) -> Iterator[Any]:
    """Yield SymPy's derivatives order by order, as long as the next is likely to be in time."""
    begun = before = clock()
    last = 0.0
    for count in range(1, order + 1):
        if count > 1 and before - begun + LONGER * last > FORMULAS * seconds:
            return
        formula = translation.repeated(node, [place] * count)
        expression.text(formula)  # it is printed as well, which may take longer
        yield formula
        now = clock()
        before, last = now, now - before


def _central(values: Mapping[int, Any], order: int) -> Any:
    """Return a central difference over the power of its step, 2^−STEP, and over order!."""
    shifts = (0,) if order % 2 == 0 else (0, -1)
    starts = [-(order // 2) + shift for shift in shifts]
    if starts[-1] not in values or starts[0] + order not in values:
        return None
    total = mp.fsum(
        (-1) ** (order - k) * math.comb(order, k) * values[start + k]
        for start in starts
        for k in range(order + 1)
    )
    return mp.ldexp(total / len(starts), STEP * order) / math.factorial(order)


def _texts(scaled: Sequence[Any], exponent: int) -> list[str | None]:
    """Return derivatives as text from scaled coefficients; None for one that is not finite."""
    texts: list[str | None] = []
    for order, term in enumerate(scaled):
        if term is None or not mp.isfinite(term):
            texts.append(None)
            continue
        around = [t for t in scaled[max(0, order - 2) : order + 3] if t is not None]
        largest = max([abs(t) for t in around if mp.isfinite(t)], default=mp.zero)
        if abs(term) <= mp.ldexp(largest, -VANISHES):
            texts.append("0")
            continue
        number = mp.ldexp(term * math.factorial(order), -order * exponent)
        written = mp.nstr(number, DIGITS, min_fixed=-5, max_fixed=DIGITS)
        texts.append(str(written).removesuffix(".0"))
    return texts


def _settled(one: Any, other: Any) -> bool:
    """Tell whether two precisions give the same digits; both may be nothing but rounding."""
    if not (mp.isfinite(one) and mp.isfinite(other)):
        return False
    tiny = mp.ldexp(1, -TARGET)
    return bool(abs(one - other) <= tiny * max(abs(one), abs(other), tiny))
