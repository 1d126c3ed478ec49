"""The algebra after the calculus: factors and terms collected, as a student tidies up.

A formula is a sum of products. Only what holds wherever both sides have a value is done.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from autodiff_cli.graph.constant import literal
from autodiff_cli.graph.graph import CONSTANT, VARIABLE, Builder, below
from autodiff_cli.graph.printer import expression
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


def tidied(builder: Builder, node: int) -> int:
    """Return a formula with its factors and its terms collected.

    Args:
        builder: the graph under construction; the new nodes are put there.
        node: the formula.
    """
    work = _Tidying(builder)
    for index in sorted(below(builder.operands, [node])):
        work.take(index)
    return work.node(work.terms[node])


class _Tidying:
    """Tidies formulas from their leaves up."""

    def __init__(self, builder: Builder) -> None:
        self.builder = builder
        self.terms: dict[int, Terms] = {}
        self.sums: dict[int, Terms] = {}

    def take(self, index: int) -> None:
        """Tidy one node, whose operands are tidied."""
        row, operands = self.builder.operations[index], self.builder.operands[index]
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
        node = self.node(terms)
        self.sums[node] = terms
        return whole(node)

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
        choices = [plain]
        out = self._multiplied_out(plain)
        if out is not None:
            choices.append(out)
        choices.append(self._factored(plain))
        return min(choices, key=self._length)

    def _length(self, terms: Terms) -> int:
        """Return how long a sum is: its characters, or where it has many signs their number."""
        node = self.node(terms)
        signs = extent(self.builder, node)
        return signs if signs > MOST_SIGNS else len(expression(self.builder, node))

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

    def _factored(self, terms: Terms) -> Terms:
        """Return a sum with what is common to its terms, a function among it, before a bracket."""
        if len(terms) < 2:
            return terms
        shared = {
            base: least
            for base in terms[0].powers
            if (least := min(term.powers.get(base, 0) for term in terms)) > 0
        }
        if all(self.builder.operations[base] is VARIABLE for base in shared):
            return terms
        line = Product(coefficient=Fraction(1), powers=shared)
        inside = _collected(self._flat([term.times(line, -1) for term in terms]))
        return (line.times(self.product(inside)),)


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
