"""Products of powers: a node of a formula taken apart into factors, and written again.

A product is a coefficient and whole powers of what is left whole, a term of a sum.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from autodiff_cli.engine.folding import fold
from autodiff_cli.graph.constant import literal
from autodiff_cli.graph.graph import CONSTANT, VARIABLE, Builder, below
from autodiff_cli.graph.printer import Columns
from autodiff_cli.ops import ADD, DIVIDE, MULTIPLY, NEGATE, POWER, SUBTRACT
from autodiff_cli.ops.row import PRODUCT

#: The largest numerator or denominator of a coefficient, and the largest power that is collected.
LARGEST, HIGHEST = 10**12, 20


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


def extent(columns: Columns, node: int, *, opened: bool = False) -> int:
    """Return how many signs a formula is written with, those of a named step as one.

    A formula can be exponentially longer than its graph.

    Args:
        columns: the graph.
        node: the formula.
        opened: whether named steps are written out.
    """
    sizes: dict[int, int] = {}
    names = () if opened else columns.names
    for index in sorted(below(columns.operands, [node], stop=names)):
        named = index in names and index != node
        parts = () if named else columns.operands[index]
        sizes[index] = 1 + sum([sizes[part] for part in parts])
    return sizes[node]


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
            found = found.times(decimal(value), exponent)
        elif index in stop or row not in (MULTIPLY, DIVIDE, NEGATE):
            found = found.times(whole(index), exponent)
        elif row is NEGATE:
            found = found.times(Product(coefficient=Fraction(-1), powers={}))
            todo.append((operands[0], exponent))
        else:
            todo += [(operands[1], -exponent if row is DIVIDE else exponent)]
            todo += [(operands[0], exponent)]
    return found


def decimal(value: Fraction) -> Product:
    """Return a number as a product, written with a point if it has one."""
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


def _rank(builder: Builder, base: int) -> tuple[int, int]:
    """Return what comes first in a product: numbers, names in their order, then the rest."""
    row, operands = builder.operations[base], builder.operands[base]
    if row is CONSTANT:
        return 0, 0
    if row is VARIABLE or base in builder.names:
        return 1, base
    known = row is POWER and builder.operations[operands[0]] is VARIABLE
    return (2, operands[0]) if known else (4 if row.precedence < PRODUCT else 3, 0)


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
