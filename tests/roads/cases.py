"""What every road is asked: each row of the table and generated formulas, at ordinary points and
at those where roads part: zeros, kinks, ties, nan, infinities, subnormal and huge numbers.
"""

from __future__ import annotations

import itertools
import math
import random
from collections.abc import Iterator
from dataclasses import dataclass

from autodiff_cli.graph.graph import Builder, Graph
from autodiff_cli.ops import COMPARISONS, OPERATIONS, WHERE
from autodiff_cli.ops.row import COMPARISON, Operation
from tests import expressions

#: Numbers where functions have zeros, kinks, poles, ends of domains, or leave float64.
SPECIAL = (
    0.0, -0.0, 1.0, -1.0, 0.5, -0.5, 2.0, -2.0, 3.0, 0.25, math.pi / 2, -math.pi, math.e,
    5e-324, -5e-324, 1e-310, 1e-200, -1e-160, 1e-8, 20.5, -40.0, 710.0, -745.0, 1e9, 1e160,
    -1e200, 1.7e308, -1.7e308, math.inf, -math.inf, math.nan,
)  # fmt: skip

#: Formulas of faults that were found, each of them on a road of its own.
FOUND = (
    "sqrt(0*x) + x", "1/(0*x)", "0*y*log2(0)", "1/cos(x)", "x/sin(x)", "tan(x)*cos(x)",
    "floor(sqrt(x))", "sign(ln(x))", "x*sign(x)", "0*ln(x) + y", "where(x > 0, 0*ln(y), y/x)",
    "1/max(x, 0)", "1/min(x, y)", "max(x, -y)/min(-x, y)", "x^(0.1 - 1)", "x^0*ln(x)", "0^x",
    "(0*x)^0", "(x - x)/x", "x^-1 + x^2 + x^3 + x^4", "-(-x)*y", "x + 0*y", "y - 0*abs(x)",
    "asinh(x)^0.5 + 1/x^(1/2)", "x^-0.5", "sec(where(1 > 2, x, 3))^y",
    "relu(0*x)/x", "atan2(0*x, y)", "hypot(0*x, y)", "max(0, 1/x)", "0*(1/x)", "exp(0*ln(x))",
)  # fmt: skip

#: Points of a generated formula.
POINTS = 12


@dataclass(frozen=True, slots=True)
class Case:
    """A graph and its points, each a tuple of numbers in the order of the graph's variables."""

    graph: Graph
    points: tuple[tuple[float, ...], ...]

    def __str__(self) -> str:
        return str(self.graph)


def rows() -> list[Case]:
    """Return every row on variables of its own, at every pair of special numbers."""
    return [
        Case(alone(row), tuple(special(row.arity if not row.variadic else 2)))
        for row in OPERATIONS
        if row.precedence != COMPARISON
    ]


def special(count: int) -> Iterator[tuple[float, ...]]:
    """Yield the points of special numbers; of three variables only some."""
    numbers = SPECIAL if count < 3 else SPECIAL[::3]
    return itertools.product(numbers, repeat=count)


def alone(row: Operation) -> Graph:
    """Return a row on variables of its own."""
    names = ("a", "b", "c")[: row.arity]
    builder = Builder(names)
    places = tuple(range(len(names)))
    if row is WHERE:
        condition = builder.apply(COMPARISONS[">"], (0, 1))
        return builder.graph([builder.apply(row, (condition, 1, 2))])
    return builder.graph([builder.apply(row, places)])


def found() -> list[Case]:
    """Return the formulas of `FOUND`."""
    from autodiff_cli import parse

    graphs = [parse(text) for text in FOUND]
    return [Case(graph, tuple(special(len(graph.variables)))) for graph in graphs]


def generated(first: int, count: int) -> Iterator[Case]:
    """Yield formulas over the whole table, each row the outermost in its turn.

    Args:
        first: seed of the first.
        count: how many.
    """
    for seed in range(first, first + count):
        choose = random.Random(seed)
        size = 1 + seed // len(expressions.ROWS) % 8
        while True:
            root = expressions.ROWS[seed % len(expressions.ROWS)]
            graph = expressions.graph(expressions.tree(choose.choice, size, root=root))
            if graph.variables:
                break
        yield Case(graph, tuple(point(choose, len(graph.variables)) for _ in range(POINTS)))


def point(choose: random.Random, count: int) -> tuple[float, ...]:
    """Return an ordinary point, a special one, or one where all variables are equal."""
    kind = choose.randrange(3)
    if kind == 0:
        return tuple(choose.choice((-1, 1, 1)) * choose.uniform(0.2, 1.8) for _ in range(count))
    if kind == 1:
        return (choose.choice(SPECIAL),) * count
    return tuple(choose.choice(SPECIAL) for _ in range(count))
