"""One node differentiated as a book does it: which rule of calculus it is, and what it gives.

The slopes are the rules of the operation table, written where the derivatives of the operands
still stand; only their arrangement on the line is chosen here.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from autodiff_cli.engine.branches import arranged
from autodiff_cli.engine.cases import cases
from autodiff_cli.engine.folding import fold
from autodiff_cli.engine.gradient_graph import is_zero_node, pass_edge
from autodiff_cli.engine.rules import instantiate, written
from autodiff_cli.graph.constant import literal, named
from autodiff_cli.graph.graph import Builder, Graph
from autodiff_cli.ops import ADD, DIVIDE, MULTIPLY, NEGATE, POWER, SUBTRACT, WHERE, find
from autodiff_cli.ops.row import Operation
from autodiff_cli.teach.algebra import Product, common, factors, is_one, total

CONSTANT_MULTIPLE, CHAIN = "constant multiple rule", "chain rule"
SEVERAL = "multivariable chain rule"
GENERAL, NATURAL, LOGARITHMIC = (
    "general exponential", "natural exponential", "logarithmic differentiation",
)  # fmt: skip

#: What a derivative without a rule to apply is called: c′ = 0, and x′ = 1.
CONSTANT_RULE, POWER_RULE = "constant rule", "power rule"

#: The law of operations with pieces: their ties and edges are part of the answer.
PIECES = "derivative piece by piece"

_LN = find("ln", 1)
_ARRANGED = (ADD, SUBTRACT, NEGATE, MULTIPLY, DIVIDE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """What a rule makes of a node.

    Attributes:
        rule: its name.
        law: the rule of the outer function where `rule` is the chain rule, else "".
        node: the derivative, a node of the builder.
        inner: the operand of the graph that is the inner function, or None.
        logarithm: of logarithmic differentiation, the node of the builder that is ln f, or None.
    """

    rule: str
    node: int
    law: str = ""
    inner: int | None = None
    logarithm: int | None = None


def differentiated(
    builder: Builder,
    graph: Graph,
    index: int,
    places: Sequence[int],
    standing: Mapping[int, int],
    *,
    by: int,
) -> Line:
    """Return the derivative of one node, by one rule.

    Args:
        builder: the graph under construction, which has the formula in it.
        graph: the formula.
        index: its node, an operation.
        places: node of the formula → its place in the builder.
        standing: operand → what stands for its derivative; those that are absent are constant.
        by: the node that is differentiated by, which is no inner function.
    """
    row, operands = graph.operations[index], graph.operands[index]
    active = [k for k, operand in enumerate(operands) if operand in standing and row.rule(k)]
    here = tuple([places[operand] for operand in operands])
    moving = {k: standing[operands[k]] for k in active}
    rule = _named(builder, row, here, active)
    if rule == LOGARITHMIC:
        node, logarithm = _logarithmic(builder, here, places[index], moving)
        return Line(rule=rule, node=node, logarithm=logarithm)
    product = row in (MULTIPLY, DIVIDE) and len(active) > 1
    found = [
        _term(builder, row, k, here, places[index], moving[k], first=product and k == 0)
        for k in active
    ]
    terms = [term for term in found if not is_zero_node(builder, term[1])]
    if not terms:
        zero = builder.constant(literal("0"))
        return Line(rule=rule if active else CONSTANT_RULE, node=zero)
    if row is DIVIDE:
        stop = {k for k in (*here, *moving.values()) if not is_one(builder, k)}
        node = common(builder, tuple(_signed(factors(builder, n, stop), s) for s, n in terms))
    elif row.law == PIECES:
        node = _joined(builder, [n for _, n in terms])
    else:
        node = total(builder, terms)
    distinct = {operands[k] for k in active}
    if row in _ARRANGED or row is WHERE:
        return Line(rule=rule, node=node)
    if len(distinct) > 1:
        outer = rule if row.law == PIECES else SEVERAL
        return Line(rule=outer, node=node, law="" if outer == rule else rule)
    (inner,) = distinct
    if inner == by:
        return Line(rule=rule, node=node)
    return Line(rule=CHAIN, node=node, law=rule, inner=inner)


def _named(builder: Builder, row: Operation, operands: Sequence[int], active: Sequence[int]) -> str:
    """Return the name of a row's rule, by which of its operands vary."""
    if row in (MULTIPLY, DIVIDE) and len(active) == 1 and (row is MULTIPLY or active == [0]):
        return CONSTANT_MULTIPLE
    if row is POWER and 1 in active:
        if len(active) > 1:
            return LOGARITHMIC
        base = builder.constants.get(operands[0])
        return NATURAL if base is not None and base.exact == named("e").exact else GENERAL
    return row.law


def _term(
    builder: Builder,
    row: Operation,
    position: int,
    operands: tuple[int, ...],
    result: int,
    moving: int,
    *,
    first: bool,
) -> tuple[int, int]:
    """Return the sign, and the slope by one operand times what stands for its derivative.

    In u′·v the derivative comes first.
    """
    if row.law == PIECES:
        return 1, pass_edge(builder, moving, row, position, operands, result)
    slope = outer(builder, row, position, operands, result)
    constant = builder.constants.get(slope)
    if constant is not None and constant.value == -1:
        return -1, moving
    pair = (moving, slope) if first else (slope, moving)
    return 1, fold(builder, MULTIPLY, pair)


def outer(
    builder: Builder, row: Operation, position: int, operands: tuple[int, ...], result: int
) -> int:
    """Write the slope of a row by one operand as a book has it: without the edge cases."""
    general = [case.formula for case in cases(row, position) if not case.edge]
    text = general[0] if len(general) == 1 else arranged(row, position)
    return written(builder, text, operands, result)[text.outputs[0]]


def _signed(product: Product, sign: int) -> Product:
    return product.times(Product(coefficient=Fraction(sign), powers={}))


def _logarithmic(
    builder: Builder, operands: tuple[int, ...], result: int, moving: Mapping[int, int]
) -> tuple[int, int]:
    """Return f·(ln f)′ of f = a^b by the rules of a product and of ln on b·ln(a), and that."""
    base, exponent = operands
    logarithm = fold(builder, _LN, (base,))
    pair = (exponent, logarithm)
    whole = fold(builder, MULTIPLY, pair)
    first, second = (instantiate(builder, MULTIPLY, k, pair, whole) for k in (0, 1))
    slope = instantiate(builder, _LN, 0, (base,), logarithm)
    inner = _times(builder, moving[0], slope)
    terms = (fold(builder, MULTIPLY, (moving[1], first)), _times(builder, second, inner))
    return fold(builder, MULTIPLY, (result, fold(builder, ADD, terms))), whole


def _times(builder: Builder, left: int, right: int) -> int:
    """Return a product, with a fraction on its right as one fraction: u·(v/w) is u·v/w."""
    if builder.operations[right] is not DIVIDE:
        return fold(builder, MULTIPLY, (left, right))
    above, under = builder.operands[right]
    return fold(builder, DIVIDE, (fold(builder, MULTIPLY, (left, above)), under))


def _joined(builder: Builder, terms: Sequence[int]) -> int:
    """Return a sum; that of choices by one condition is a choice of sums.

    A rule of the table has few conditions, so that this does not go deep.
    """
    choices = {builder.operands[n][0] if builder.operations[n] is WHERE else -1 for n in terms}
    if len(terms) == 1 or len(choices) > 1 or -1 in choices:
        return terms[0] if len(terms) == 1 else fold(builder, ADD, tuple(terms))
    (condition,) = choices
    branches = [[builder.operands[n][k] for n in terms] for k in (1, 2)]
    joined = [_joined(builder, branch) for branch in branches]
    return fold(builder, WHERE, (condition, *joined))
