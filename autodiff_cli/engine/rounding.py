"""How far rounding moves a derivative: the sweep again, with every value off by its last digit.

Where values lose digits to cancellation and the partials amplify what is left, the two modes
round alike and only this tells. Parker, Monte Carlo Arithmetic (1997).
"""

from __future__ import annotations

import math
import random
import sys
from collections.abc import Mapping

from autodiff_cli.engine import rules
from autodiff_cli.engine.linearise import Linearisation, Partial, scalar_rules
from autodiff_cli.engine.reverse import gradient
from autodiff_cli.graph.graph import CONSTANT, Graph
from autodiff_cli.ops.row import COMPARISON, OPERANDS

#: Sweeps with other roundings.
TRIALS = 8

#: Nodes of a graph up to which it is tried.
LARGEST = 100_000


def spread(linearisation: Linearisation, at: Mapping[str, float], name: str) -> float:
    """Return how far apart the derivatives lie that other roundings of the values give.

    Args:
        linearisation: the graph, differentiated with respect to `name` among others.
        at: one point.
        name: the variable.
    """
    graph = linearisation.graph
    if len(graph) > LARGEST:
        return 0.0
    found = []
    for trial in range(TRIALS):
        moved = _disturbed(graph, at, linearisation.active, name, random.Random(trial))
        found.append(gradient(moved)[name])
    finite = [slope for slope in found if math.isfinite(slope)]
    return max(finite) - min(finite) if finite else 0.0


def _disturbed(
    graph: Graph,
    at: Mapping[str, float],
    active: bytes | bytearray,
    name: str,
    generator: random.Random,
) -> Linearisation:
    """Return the graph at a point, each result off by one unit in its last place, up or down."""
    values = [at[variable] for variable in graph.variables]
    partials: list[tuple[Partial, ...]] = [()] * len(values)
    for index in range(len(values), len(graph)):
        operation, operands = graph.operations[index], graph.operands[index]
        if operation is CONSTANT:
            values.append(graph.constants[index].value)
            partials.append(())
            continue
        arguments = [values[operand] for operand in operands]
        result = rules.value(operation)(*arguments)
        if operation.precedence != COMPARISON:
            result *= 1 + generator.choice((-1, 1)) * sys.float_info.epsilon
        values.append(result)
        padded = (*arguments, *[0.0] * (len(OPERANDS) - len(arguments)), result)
        plan = scalar_rules(operation) * (len(operands) if operation.variadic else 1)
        partials.append(
            tuple(
                None if not active[k] else rule(*padded) if callable(rule) else rule
                for rule, k in zip(plan, operands, strict=True)
            )
            if active[index]
            else ()
        )
    return Linearisation(graph, values, partials, active, (name,))
