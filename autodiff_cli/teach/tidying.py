"""The algebra after the calculus: factors and terms collected, as a student tidies up.

A formula is a sum of products. Only what holds wherever both sides have a value is done.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Sequence
from fractions import Fraction

from autodiff_cli.graph.constant import literal
from autodiff_cli.graph.graph import CONSTANT, VARIABLE, Builder, below
from autodiff_cli.graph.printer import PROGRAM, expression
from autodiff_cli.ops import ADD, DIVIDE, MULTIPLY, NEGATE, POWER, SUBTRACT
from autodiff_cli.teach.algebra import (
    HIGHEST,
    ONE,
    Product,
    Terms,
    decimal,
    extent,
    number,
    total,
    whole,
    written,
)

#: Products that an expanded sum may have.
MOST_PRODUCTS = 12

#: Signs of a formula that is still written out.
MOST_SIGNS = 1000

#: Signs of a formula whose named steps are looked into.
LOOKED_INTO = 200


def tidied(builder: Builder, node: int) -> int:
    """Return a formula with its factors and its terms collected.

    A named step is one factor, or is looked into, whichever gives the shorter formula.

    Args:
        builder: the graph under construction; the new nodes are put there.
        node: the formula.
    """
    names = frozenset(builder.names)
    found = [_tidied(builder, node, names)]
    if names and extent(builder, node, opened=True) <= LOOKED_INTO:
        found.append(_tidied(builder, node, frozenset()))
    return found[0] if len(found) < 2 else min(found, key=lambda index: length(builder, index))


def _tidied(builder: Builder, node: int, closed: frozenset[int]) -> int:
    work = _Tidying(builder, closed)
    for index in sorted(below(builder.operands, [node], closed)):
        work.take(index)
    return work.node(work.terms[node])


def length(builder: Builder, node: int) -> int:
    """Return how long a formula is: its characters, or where it has many signs their number."""
    signs = extent(builder, node)
    if signs > MOST_SIGNS:
        return signs
    own = builder.names.get(node)
    return len(own or expression(builder, node, PROGRAM, builder.names))


class _Tidying:
    """Tidies formulas from their leaves up."""

    def __init__(self, builder: Builder, closed: Collection[int]) -> None:
        self.builder, self.closed = builder, closed
        self.terms: dict[int, Terms] = {}
        self.sums: dict[int, Terms] = {}

    def take(self, index: int) -> None:
        """Tidy one node, whose operands are tidied."""
        row, operands = self.builder.operations[index], self.builder.operands[index]
        if index in self.closed:
            self.terms[index] = (whole(index),)
            return
        found: Terms | None = None
        below_it = [self.terms[operand] for operand in operands]
        try:
            if row is ADD:
                found = self._sum([term for terms in below_it for term in terms])
            elif row in (SUBTRACT, NEGATE):
                minus = Product(coefficient=Fraction(-1), powers={})
                found = self._sum([*(below_it[0] if row is SUBTRACT else ()),
                                   *[term.times(minus) for term in below_it[-1]]])  # fmt: skip
            elif row in (MULTIPLY, DIVIDE):
                sign = 1 if row is MULTIPLY else -1
                if row is DIVIDE and below_it[1]:
                    below_it[0] = self._cancelled(*below_it)
                product = self.product(below_it[0]).times(self.product(below_it[1]), sign)
                found = (product,) if product.coefficient else ()
            elif row is POWER:
                power = number(self.builder, operands[1])
                if power is not None and power.denominator == 1 and abs(power) <= HIGHEST:
                    found = (ONE.times(self.product(below_it[0]), int(power)),)
            elif row is CONSTANT:
                value = number(self.builder, index)
                if value is not None:
                    found = (decimal(value),) if value else ()
        except ZeroDivisionError:
            found = None
        if found is None or not all(term.fits for term in found):
            found = (whole(self._whole(index)),)
        self.terms[index] = found

    def _whole(self, index: int) -> int:
        """Return a node on its tidied operands."""
        row, operands = self.builder.operations[index], self.builder.operands[index]
        if row in (VARIABLE, CONSTANT):
            return index
        places = tuple([self.node(self.terms[operand]) for operand in operands])
        spelling = self.builder.spellings.get(index, "")
        if places == operands:
            return index
        return self.builder.apply(row, places, spelling)

    def product(self, terms: Terms) -> Product:
        """Return terms as one product; a sum is a factor that stays whole."""
        if not terms:
            return Product(coefficient=Fraction(0), powers={})
        if len(terms) == 1:
            return terms[0]
        minus = Product(coefficient=Fraction(-1), powers={})
        negative = all(term.coefficient < 0 for term in terms)
        if negative:
            terms = tuple(term.times(minus) for term in terms)
        node = self.node(terms)
        self.sums[node] = terms
        return whole(node).times(minus) if negative else whole(node)

    def node(self, terms: Terms) -> int:
        """Return the node of terms."""
        if not terms:
            return self.builder.constant(literal("0"))
        signed = []
        for term in terms:
            sign = -1 if term.coefficient < 0 else 1
            part = Product(
                coefficient=sign * term.coefficient, powers=term.powers, decimal=term.decimal
            )
            signed.append((sign, written(self.builder, part)))
        if len(terms) == 1:
            return written(self.builder, terms[0])
        first = next((place for place, (sign, _) in enumerate(signed) if sign > 0), 0)
        signed.insert(0, signed.pop(first))
        return total(self.builder, signed)

    def _sum(self, terms: Sequence[Product]) -> Terms:
        """Return terms collected: as they are, multiplied out, or with a common factor before."""
        plain = _collected(self._flat(terms))
        choices = [plain if self._polynomial(plain) else self._factored(plain), plain]
        out = self._multiplied_out(plain)
        if out is not None:
            choices.append(out)
        return min(choices, key=lambda terms: length(self.builder, self.node(terms)))

    def _flat(self, terms: Sequence[Product]) -> Terms:
        """Return terms with the terms of a sum in place of a term that is one."""
        found: list[Product] = []
        for term in terms:
            (base, power), *more = term.powers.items() or [(-1, 0)]
            inside = self.sums.get(base) if power == 1 and not more else None
            number = Product(coefficient=term.coefficient, powers={}, decimal=term.decimal)
            found += [term] if inside is None else [part.times(number) for part in inside]
        return tuple(found)

    def _multiplied_out(self, terms: Terms) -> Terms | None:
        """Return a sum without products of sums, or None where there are too many or none."""
        found: list[Product] = []
        changed = False
        for term in terms:
            parts = [Product(coefficient=term.coefficient, powers={}, decimal=term.decimal)]
            for base, power in term.powers.items():
                inner = self.sums.get(base)
                if inner is None or not 0 < power <= 2:
                    parts = [part.times(whole(base), power) for part in parts]
                    continue
                changed = True
                for _ in range(power):
                    if len(parts) * len(inner) > MOST_PRODUCTS:
                        return None
                    parts = [part.times(other) for part in parts for other in inner]
            found += parts
            if len(found) > MOST_PRODUCTS:
                return None
        return _collected(found) if changed else None

    def _polynomial(self, terms: Terms) -> bool:
        """Tell whether a sum is one of powers of variables, which a book leaves as it is."""
        bases = {base for term in terms for base in term.powers}
        return all(self.builder.operations[base] is VARIABLE for base in bases)

    def _cancelled(self, above: Terms, under: Terms) -> Terms:
        """Return a sum with what is common to its terms before it, where a quotient cancels it."""
        apart = self._factored(above)
        down = self.product(under).powers
        shorter = len(apart) == 1 and any(base in down for base in apart[0].powers)
        return apart if shorter else above

    def _factored(self, terms: Terms) -> Terms:
        """Return a sum with what is common to its terms, a function among it, before a bracket."""
        if len(terms) < 2:
            return terms
        shared = {
            base: least
            for base in terms[0].powers
            if (least := min(term.powers.get(base, 0) for term in terms)) > 0
        }
        if not shared:
            return terms
        line = Product(coefficient=_common(terms), powers=shared)
        inside = _collected(self._flat([term.times(line, -1) for term in terms]))
        return (line.times(self.product(inside)),)


def _common(terms: Terms) -> Fraction:
    """Return the largest whole number that divides all coefficients; 1 where some are fractions."""
    numbers = [term.coefficient for term in terms]
    whole = all(number.denominator == 1 for number in numbers)
    return Fraction(math.gcd(*[number.numerator for number in numbers]) if whole else 1)


def _collected(terms: Sequence[Product]) -> Terms:
    """Return terms with those of the same powers added up, without those that are 0."""
    found: dict[frozenset[tuple[int, int]], Product] = {}
    for term in terms:
        key = frozenset(term.powers.items())
        known = found.get(key)
        added = term.coefficient + (known.coefficient if known else 0)
        decimal = term.decimal or bool(known and known.decimal)
        found[key] = Product(coefficient=added, powers=term.powers, decimal=decimal)
    return tuple(term for term in found.values() if term.coefficient)
