"""The algebra after the calculus: factors and terms collected, as a student tidies up.

A formula is a sum of products; a product is a coefficient and whole powers of what is left whole.
Only what holds wherever both sides have a value is done, and never a derivative.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from autodiff_cli.engine.folding import fold
from autodiff_cli.graph.constant import literal
from autodiff_cli.graph.graph import CONSTANT, VARIABLE, Builder, below
from autodiff_cli.graph.printer import expression
from autodiff_cli.ops import ADD, DIVIDE, MULTIPLY, NEGATE, POWER, SUBTRACT
from autodiff_cli.ops.row import PRODUCT

#: The largest numerator or denominator of a coefficient, and the largest power that is collected.
LARGEST, HIGHEST = 10**12, 20

#: Products that an expanded sum may have.
MOST_PRODUCTS = 12


@dataclass(frozen=True, slots=True, kw_only=True)
class Product:
    """A coefficient times powers.

    Attributes:
        coefficient: an exact number.
        powers: node → its exponent, none of them 0, in order of appearance.
        decimal: whether the coefficient is to be written with a point, as those typed were.
    """

    coefficient: Fraction
    powers: Mapping[int, int]
    decimal: bool = False

    def times(self, other: Product, exponent: int = 1) -> Product:
        """Return this product times a whole power of another one.

        Raises:
            ZeroDivisionError: the other one is 0, and the exponent negative.
        """
        powers = dict(self.powers)
        for base, power in other.powers.items():
            powers[base] = powers.get(base, 0) + exponent * power
        return Product(
            coefficient=self.coefficient * other.coefficient**exponent,
            powers={base: power for base, power in powers.items() if power},
            decimal=self.decimal or other.decimal,
        )

    @property
    def fits(self) -> bool:
        """Whether all its numbers are short."""
        size = max(abs(self.coefficient.numerator), self.coefficient.denominator)
        return size <= LARGEST and all(abs(power) <= HIGHEST for power in self.powers.values())


ONE = Product(coefficient=Fraction(1), powers={})

#: A sum of products.
Terms = tuple[Product, ...]


def whole(base: int) -> Product:
    """Return a node as a product that is not looked into."""
    return Product(coefficient=Fraction(1), powers={base: 1})


def number(builder: Builder, node: int) -> Fraction | None:
    """Return a short decimal exactly; None for a named constant, and where there is none."""
    constant = builder.constants.get(node)
    if constant is None or constant.exact[0] == "name":
        return None
    sign, digits, exponent = constant.exact
    if abs(exponent) > HIGHEST or len(digits) > HIGHEST:
        return None
    return Fraction(int(sign + digits)) * Fraction(10) ** exponent


def is_one(builder: Builder, node: int) -> bool:
    """Tell whether a node is the literal 1."""
    return number(builder, node) == 1


def factors(builder: Builder, node: int, stop: Collection[int]) -> Product:
    """Return a node as one product, without looking into the nodes of `stop`, or into sums."""
    found, todo = ONE, [(node, 1)]
    while todo:
        index, exponent = todo.pop()
        row, operands = builder.operations[index], builder.operands[index]
        value = None if index in stop else number(builder, index)
        if value:
            found = found.times(_decimal(value), exponent)
        elif index in stop or row not in (MULTIPLY, DIVIDE, NEGATE):
            found = found.times(whole(index), exponent)
        elif row is NEGATE:
            found = found.times(Product(coefficient=Fraction(-1), powers={}))
            todo.append((operands[0], exponent))
        else:
            todo += [(operands[1], -exponent if row is DIVIDE else exponent)]
            todo += [(operands[0], exponent)]
    return found


def _decimal(value: Fraction) -> Product:
    return Product(coefficient=value, powers={}, decimal=value.denominator > 1)


def written(builder: Builder, product: Product, *, ranked: bool = True) -> int:
    """Return the node of a product: `-3*x*cos(x)/2`.

    Args:
        builder: the graph under construction.
        product: what is written.
        ranked: numbers, variables, functions and sums in this order; else as the factors appeared.
    """
    order = sorted(product.powers, key=lambda base: _rank(builder, base)) if ranked else [
        *product.powers
    ]  # fmt: skip
    up = [(base, product.powers[base]) for base in order if product.powers[base] > 0]
    down = [(base, -product.powers[base]) for base in order if product.powers[base] < 0]
    coefficient = product.coefficient
    above, under = coefficient.numerator, coefficient.denominator
    point = _pointed(coefficient) if product.decimal and under > 1 else None
    if point is not None:
        lead, rest = [builder.constant(literal(point))], []
    else:
        lead = [builder.constant(literal(str(above)))] if abs(above) != 1 or not up else []
        rest = [builder.constant(literal(str(under)))] if under > 1 else []
    top = _multiplied(builder, [*lead, *[_raised(builder, *pair) for pair in up]])
    if not lead and above < 0:
        top = fold(builder, NEGATE, (top,))
    bottom = [*rest, *[_raised(builder, *pair) for pair in down]]
    return fold(builder, DIVIDE, (top, _multiplied(builder, bottom))) if bottom else top


def _rank(builder: Builder, base: int) -> int:
    row, operands = builder.operations[base], builder.operands[base]
    if row is CONSTANT:
        return 0
    if row is VARIABLE:
        return 1
    known = row is POWER and builder.operations[operands[0]] is VARIABLE
    return 2 if known else 4 if row.precedence < PRODUCT else 3


def _pointed(value: Fraction) -> str | None:
    """Return a fraction as a short decimal, or None."""
    for places in range(13):
        if (value * 10**places).denominator == 1:
            return f"{value.numerator * 10**places // value.denominator}e-{places}"
    return None


def _multiplied(builder: Builder, nodes: Sequence[int]) -> int:
    if not nodes:
        return builder.constant(literal("1"))
    found = nodes[0]
    for node in nodes[1:]:
        found = fold(builder, MULTIPLY, (found, node))
    return found


def _raised(builder: Builder, base: int, power: int) -> int:
    return fold(builder, POWER, (base, builder.constant(literal(str(power)))))


def total(builder: Builder, signed: Sequence[tuple[int, int]]) -> int:
    """Return the node of a sum.

    Args:
        builder: the graph under construction.
        signed: for each term, 1 or -1 and the node that is added or subtracted.
    """
    if not signed:
        return builder.constant(literal("0"))
    found: int | None = None
    adding: list[int] = []
    for sign, node in signed:
        if sign > 0:
            adding.append(node)
            continue
        if adding:
            found = _plus(builder, adding)
            adding = []
        if found is None:
            found = fold(builder, NEGATE, (node,))
        else:
            found = fold(builder, SUBTRACT, (found, node))
        adding = [found]
    return _plus(builder, adding)


def _plus(builder: Builder, nodes: Sequence[int]) -> int:
    return nodes[0] if len(nodes) == 1 else fold(builder, ADD, tuple(nodes))


def common(builder: Builder, terms: Terms) -> int:
    """Return the node of a sum over its common denominator, its factors as they appeared."""
    below_line: dict[int, int] = {}
    for term in terms:
        for base, power in term.powers.items():
            below_line[base] = max(below_line.get(base, 0), -power)
    line = Product(coefficient=Fraction(1), powers={k: p for k, p in below_line.items() if p > 0})
    signed = []
    for term in terms:
        raised = term.times(line)
        sign = -1 if raised.coefficient < 0 else 1
        part = Product(coefficient=sign * raised.coefficient, powers=raised.powers)
        signed.append((sign, written(builder, part, ranked=False)))
    above = total(builder, signed)
    return fold(builder, DIVIDE, (above, written(builder, line))) if line.powers else above


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
                    found = (_decimal(value),) if value else ()
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
        return min(choices, key=lambda terms: len(expression(self.builder, self.node(terms))))

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
