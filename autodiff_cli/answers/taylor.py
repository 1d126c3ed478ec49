"""Taylor's polynomial of an expression at a point, and what is left of it at a second one."""

from __future__ import annotations

import math
import operator
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

from autodiff_cli.answers.gradient import GradResult
from autodiff_cli.answers.higher import Higher, answer, orders_finder
from autodiff_cli.answers.reading import single
from autodiff_cli.engine import directions, point, uncertain
from autodiff_cli.engine.brief import brief
from autodiff_cli.engine.linearise import linearise
from autodiff_cli.engine.taylor import derivative
from autodiff_cli.errors import AutodiffError, VariableError, shortened
from autodiff_cli.graph.constant import literal
from autodiff_cli.graph.graph import Builder, Graph
from autodiff_cli.limits import exceeded, limit
from autodiff_cli.notes.note import Note
from autodiff_cli.ops import ADD, DIVIDE, MULTIPLY, POWER, SUBTRACT

if TYPE_CHECKING:
    from autodiff_cli.symbolic.client import Client

#: Coefficients that are looked through for the first term that is left out.
BEYOND = 4

#: Whole numbers up to this are exact in float64.
WHOLE = 2**53


@dataclass(frozen=True, kw_only=True, repr=False)
class Taylor:
    """Taylor's polynomial in one variable. Call it with a number for the polynomial's value.

    Attributes:
        graph: the expression.
        name: the variable.
        at: the point that it is developed at.
        derivatives: f, f′, f″ … at the point.
        coefficients: of (x − centre)^k, for each k from 0 on.
    """

    graph: Graph
    name: str
    at: Mapping[str, float]
    derivatives: tuple[float, ...]
    coefficients: tuple[float, ...]

    __repr__ = brief

    @property
    def centre(self) -> float:
        """The value of the variable at the point."""
        return self.at[self.name]

    @cached_property
    def bounds(self) -> tuple[float, ...]:
        """How far rounding may have moved each of the derivatives, at most."""
        return uncertain.derivatives(self.graph, self.at, self.name, len(self.derivatives) - 1)[1]

    def __call__(self, x: float) -> float:
        """Return the polynomial's value."""
        return self.sums(x)[-1]

    def sums(self, x: float) -> tuple[float, ...]:
        """Return the values of the polynomials of degree 0, 1, … at a number."""
        step = x - self.centre
        terms = [c * step**k if c else 0.0 for k, c in enumerate(self.coefficients)]
        if not all(map(math.isfinite, terms)):
            return tuple([math.nan] * len(terms))
        return tuple([math.fsum(terms[: k + 1]) for k in range(len(terms))])

    @property
    def polynomial(self) -> Graph | None:
        """The polynomial as a graph, None where a coefficient is no finite number."""
        if not all(map(math.isfinite, self.coefficients)):
            return None
        builder = Builder((self.name,))
        base = 0
        if self.centre:
            row = SUBTRACT if self.centre > 0 else ADD
            base = builder.apply(row, (0, _constant(builder, abs(self.centre))))
        summed: list[int] = []
        for order, coefficient in enumerate(self.coefficients):
            if coefficient:
                size = abs(coefficient) if summed else coefficient
                term = _term(builder, base, order, size, abs(self.derivatives[order]))
                if coefficient > 0 or not summed:
                    summed.append(term)
                else:
                    summed = [builder.apply(SUBTRACT, (_sum(builder, summed), term))]
        return builder.graph([_sum(builder, summed)])


def _sum(builder: Builder, terms: list[int]) -> int:
    if len(terms) > 1:
        return builder.apply(ADD, tuple(terms))
    return terms[0] if terms else _constant(builder, 0.0)


def _constant(builder: Builder, number: float) -> int:
    text = f"{number:.0f}" if _is_whole(number) else repr(number)
    return builder.constant(literal(text), text)


def _is_whole(number: float) -> bool:
    return number.is_integer() and abs(number) < WHOLE


def _term(builder: Builder, base: int, order: int, coefficient: float, derivative: float) -> int:
    """Return one term: with a short fraction for the coefficient where the derivative is whole."""
    if order == 0:
        return _constant(builder, coefficient)
    power = base if order == 1 else builder.apply(POWER, (base, _constant(builder, float(order))))
    over, under = coefficient, 1.0
    if _is_whole(derivative) and order < 19 and not _is_whole(coefficient):
        factorial = math.factorial(order)
        shared = math.gcd(int(derivative), factorial)
        over, under = math.copysign(derivative / shared, coefficient), float(factorial // shared)
    if over != 1:
        power = builder.apply(MULTIPLY, (_constant(builder, over), power))
    if under != 1:
        power = builder.apply(DIVIDE, (power, _constant(builder, under)))
    return power


def taylor(
    expression: Graph | str, at: Mapping[str, float], order: int, *, wrt: str | None = None
) -> Taylor:
    """Return Taylor's polynomial of an expression at a point: one propagation of series.

    Args:
        expression: a graph from `parse`, or text.
        at: variable → number.
        order: the degree of the polynomial.
        wrt: the variable; needed where there are several.

    Raises:
        AutodiffError: the text, a name, a value or the order is wrong.
    """
    graph = single(expression, at)
    values = point.bind(graph, at)
    if any(hasattr(value, "shape") for value in values.values()):
        raise VariableError("a polynomial is at one point", mend='write {"x": 4.0}')
    try:
        order = -1 if isinstance(order, bool) else operator.index(order)
    except TypeError:
        order = -1
    if order < 0:
        raise AutodiffError("the order is a whole number from 0 up", mend="write 5")
    if order > limit("orders"):
        raise exceeded("orders")
    names = point.chosen(graph, None if wrt is None else [wrt])
    if len(names) != 1:
        shown = ", ".join(map(shortened, names[:8])) or "none"
        raise VariableError(f"the polynomial is in one variable, not {shown}", mend='write wrt="x"')
    return developed(graph, values, names[0], order)


def developed(graph: Graph, at: Mapping[str, float], name: str, order: int) -> Taylor:
    """Return Taylor's polynomial at a point that `point.bind` returned."""
    found, exponent = directions.coefficients(graph, at, {name: 1.0}, order)
    return Taylor(
        graph=graph,
        name=name,
        at=dict(at),
        derivatives=tuple([derivative(c, k, exponent) for k, c in enumerate(found)]),
        coefficients=tuple([_scaled(c, -k * exponent) for k, c in enumerate(found)]),
    )


def _scaled(number: float, exponent: int) -> float:
    try:
        return math.ldexp(number, exponent)
    except OverflowError:
        return math.copysign(math.inf, number)


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Development:
    """What `taylor` says.

    Attributes:
        expression: the text as typed.
        found: the polynomial.
        judged: its derivatives beside SymPy's.
        to: a second point.
        value: f there.
        sums: the polynomials of degree 0, 1, … there.
        following: the first term that is left out and not 0, there; 0 where a few are.
        verdict: the worst verdict.
        notes: departures from plain calculus, and what a reader should know.
    """

    expression: str
    found: Taylor
    judged: Higher
    to: float
    value: float
    sums: tuple[float, ...]
    following: float
    verdict: str
    notes: tuple[Note, ...]

    __repr__ = brief

    @property
    def remainder(self) -> float:
        """F minus the polynomial at the second point."""
        return self.value - self.sums[-1]


def development(
    expression: str,
    result: GradResult[Any],
    given: Mapping[str, Any],
    order: int,
    to: float | None,
    client: Client | None,
    seconds: float,
) -> Development:
    """Return Taylor's polynomial beside SymPy's derivatives, and its remainder at a second point.

    Args:
        expression: the text as typed.
        result: the value and the derivative at the point.
        given: the point as typed.
        order: the degree.
        to: the second point; one further than the first by default.
        client: SymPy's process; None where SymPy is not wanted.
        seconds: how long SymPy may think.
    """
    (name,) = result.gradient
    further = developed(result.graph, result.at, name, order + BEYOND)
    found = Taylor(
        graph=further.graph, name=name, at=further.at,
        derivatives=further.derivatives[: order + 1],
        coefficients=further.coefficients[: order + 1],
    )  # fmt: skip
    judged = answer(expression, result, given, orders_finder(result, order), client, seconds)
    to = found.centre + 1 if to is None else to
    values = linearise(result.graph, {**result.at, name: to}, ()).values
    value = float(values[result.graph.outputs[0]])
    sums = found.sums(to)
    left = enumerate(further.coefficients[order + 1 :], start=order + 1)
    degree, coefficient = next(((k, c) for k, c in left if c), (order + 1, 0.0))
    notes = list(judged.notes)
    if math.isfinite(value) and value and 0 < abs(value - sums[-1]) < 4 * math.ulp(value):
        text = (
            f"the remainder at {to:g} is of the size of float64's rounding of {result.graph.called}"
        )
        notes.append(Note(None, "rounding", text))
    return Development(
        expression=expression, found=found, judged=judged, to=to, value=value, sums=sums,
        following=coefficient * (to - found.centre) ** degree,
        verdict=judged.verdict, notes=tuple(notes),
    )  # fmt: skip
