"""Truncated power series: coefficients as lists, and the arithmetic that finds the next one.

A list ends where its series does: a number that does not move has one coefficient, a polynomial
has as many as its degree asks. What is beyond the end is absent, and meets no infinity as 0·inf.
Griewank & Walther, Evaluating Derivatives (2nd ed.), section 13.2.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from operator import mul
from typing import Any, Protocol

from autodiff_cli.graph.constant import Constant
from autodiff_cli.ops.row import Operation

#: A coefficient: a float, an array with one for each point, or another that adds and multiplies.
Number = Any


class Numbers(Protocol):
    """What coefficients are made of: they know `+`, `-` and `*` among themselves and with floats.

    Attributes:
        zero: the number 0.
    """

    zero: Number

    def constant(self, constant: Constant) -> Number:
        """Return a constant of the language."""

    def value(self, operation: Operation, operands: Sequence[Any]) -> Any:
        """Return what a row computes; of a comparison, what `holds` takes."""

    def divide(self, a: Number, b: Number) -> Number:
        """Return a/b, whatever b is."""

    def holds(self, condition: Any) -> bool:
        """Tell whether a comparison holds."""

    def blocked(self, coefficient: Number) -> Number | None:
        """Return what passes a blocked edge: None, or a number where one is not finite."""


class Series:
    """Coefficients of one node, up to the last that is known and not absent.

    Attributes:
        terms: the coefficients.
        slopes: each times its order: those of the derivative, one place on.
    """

    __slots__ = ("slopes", "terms")

    def __init__(self, value: Number, *further: Number) -> None:
        self.terms = [value, *further]
        self.slopes = list(self.terms)

    def append(self, order: int, term: Number, zero: Number) -> None:
        """Add a coefficient; those that were absent before it are 0."""
        while len(self.terms) < order:
            self.terms.append(zero)
            self.slopes.append(zero)
        self.terms.append(term)
        self.slopes.append(term * float(order))


#: Finds the coefficient of an order from those before it; None where it is absent.
Recurrence = Callable[[int], Number | None]


def linear(parts: Sequence[tuple[Series, float]]) -> Recurrence:
    """Return the recurrence of a sum, each term with its sign."""

    def term(order: int) -> Number | None:
        total = None
        for series, sign in parts:
            if order < len(series.terms):
                found = series.terms[order]
                if total is None:
                    total = found if sign > 0 else -found
                else:
                    total = total + found if sign > 0 else total - found
        return total

    return term


def product(a: Series, b: Series, zero: Number) -> Recurrence:
    """Return the recurrence of a product: Cauchy's."""
    return lambda order: convolution(a.terms, b.terms, order, 0, zero)


def quotient(a: Series, b: Series, y: Series, numbers: Numbers) -> Recurrence:
    """Return the recurrence of a quotient y, of which y·b is a."""

    def term(order: int) -> Number | None:
        rest = convolution(b.terms, y.terms, order, 1, numbers.zero)
        above = a.terms[order] if order < len(a.terms) else None
        if rest is None:
            return None if above is None else numbers.divide(above, b.terms[0])
        return numbers.divide(-rest if above is None else above - rest, b.terms[0])

    return term


def integral(edges: Sequence[tuple[Series | None, Series]], numbers: Numbers) -> Recurrence:
    """Return the recurrence of a row from its rules: y' is the sum of rule·a' over the operands.

    Args:
        edges: for each operand that moves the series of its rule, None where the rule's 0 blocks
            it, and the series of the operand.
        numbers: what the coefficients are made of.
    """

    def term(order: int) -> Number | None:
        whole = scaled = None
        for rule, operand in edges:
            there = order < len(operand.terms)
            if rule is None:
                found = numbers.blocked(operand.terms[order]) if there else None
            else:
                found = rule.terms[0] * operand.terms[order] if there else None
                part = convolution(operand.slopes, rule.terms, order, 1, numbers.zero, order - 1)
                if part is not None:
                    scaled = part if scaled is None else scaled + part
            if found is not None:
                whole = found if whole is None else whole + found
        if scaled is None:
            return whole
        scaled = numbers.divide(scaled, float(order))
        return scaled if whole is None else whole + scaled

    return term


def same(a: Series) -> Recurrence:
    """Return the recurrence of what has the coefficients of another series."""
    return lambda order: a.terms[order] if order < len(a.terms) else None


def convolution(
    a: list[Number], b: list[Number], order: int, first: int, zero: Number, last: int | None = None
) -> Number | None:
    """Return the sum of a[j]·b[order − j] for j from `first` to `last`, None of nothing."""
    low = max(first, order - len(b) + 1)
    high = min(order if last is None else last, len(a) - 1)
    if low > high:
        return None
    there = b[order - high : order - low + 1]
    there.reverse()
    return sum(map(mul, a[low : high + 1], there), zero)
