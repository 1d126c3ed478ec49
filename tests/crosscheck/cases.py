"""The generated cases: a formula over the whole operation table, and a point, for every seed.

Each row of the table is the outermost operation in its turn. A third of the points lie on kinks,
ties and edges: there libraries differ, and a wrong convention shows.
"""

from __future__ import annotations

import math
import random
from dataclasses import dataclass

from autodiff_cli.graph.graph import Graph
from tests import expressions

#: A case in so many stands on an edge.
EDGE_IN = 3

#: What the variables of an edge case are drawn from: the places of kinks and of the ends of
#: domains, whole numbers, numbers near them, and numbers whose squares leave float64.
EDGES = (
    0.0, -0.0, 0.0, 1.0, -1.0, 1.0, 2.0, -2.0, 0.5, -0.5, 3.0, -8.0, 0.25, 20.5, -40.0, 1000.0,
    math.pi / 2, math.pi, math.e, 1 - 2**-53, 1 + 2**-52, -1 + 2**-53,
    1e-9, -1e-9, 1e9, -1e9, 1e-160, -1e-160, 1e160, -1e160, 5e-324, 1e-310, 1.7e308,
    math.inf, -math.inf,
)  # fmt: skip

#: The most operations of a formula, its `where` conditions aside.
LARGEST = 8


@dataclass(frozen=True, slots=True)
class Case:
    """A formula and a point.

    Attributes:
        seed: what it was drawn from.
        formula: its text, every operand bracketed.
        graph: its graph, equal subexpressions shared.
        at: variable → value.
        edge: True where the point was drawn from `EDGES`.
    """

    seed: int
    formula: str
    graph: Graph
    at: dict[str, float]
    edge: bool

    def __str__(self) -> str:
        point = ", ".join(f"{name} = {value!r}" for name, value in self.at.items())
        return f"seed {self.seed}: {self.formula} at {point}"


def case(seed: int) -> Case:
    """Return the case of a seed; its formula has at least one variable."""
    choose = random.Random(seed)
    rows = expressions.ROWS
    size = 1 + seed // len(rows) % LARGEST
    while True:
        tree = expressions.tree(choose.choice, size, root=rows[seed % len(rows)])
        graph = expressions.graph(tree)
        if graph.variables:
            break
    edge = choose.randrange(EDGE_IN) == 0
    if not edge:
        at = {
            name: choose.choice((-1, 1, 1)) * choose.uniform(0.2, 1.8) for name in graph.variables
        }
    elif choose.random() < 0.25:  # every variable the same: ties
        at = dict.fromkeys(graph.variables, choose.choice(EDGES))
    else:
        at = {name: choose.choice(EDGES) for name in graph.variables}
    return Case(seed, expressions.text(tree), graph, at, edge)
