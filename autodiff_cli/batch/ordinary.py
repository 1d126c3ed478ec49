"""Whether a block of points has a departure from plain calculus, told from its numbers alone.

A formula of smooth operations departs only where something is not finite. Its derivatives show
that of the slopes; one more program, which adds up the values of all nodes, shows it of those.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache
from typing import Any

from autodiff_cli.compiled import COMPILED_TO
from autodiff_cli.compiled.function import Compiled
from autodiff_cli.engine.linearise import Value, quiet
from autodiff_cli.graph.graph import CONSTANT, Builder, Graph
from autodiff_cli.ops import ADD, POWER, WHERE
from autodiff_cli.ops.row import COMPARISON, Operation

#: A literal 0 that is a whole rule or one side of a choice: it blocks an edge.
_BLOCKS = re.compile(r"(?:^|[(,] *)0 *(?:[,)]|$)")

#: Points from which a program is faster than the sweep.
FROM = 1000


def ordinary(graph: Graph, at: Mapping[str, Value], gradient: Mapping[str, Value]) -> bool:
    """Tell from little work that no point has a departure; False where more work must tell.

    Args:
        graph: the formula.
        at: variable → array, all of one shape.
        gradient: the derivatives there by reverse mode.
    """
    if not gradient or len(next(iter(gradient.values()))) < FROM:
        return False
    total = _total(graph)
    with quiet(*gradient.values()):
        if total is None or not all(math.isfinite(slope.sum()) for slope in gradient.values()):
            return False
        return math.isfinite(total(at).sum())


@lru_cache(maxsize=4)
def _total(graph: Graph) -> Callable[[Mapping[str, Value]], Any] | None:
    """Return the sum of all nodes as a function; None of a formula that is not smooth.

    Where nothing overflows but the sum, more work finds that there is no departure.
    """
    if len(graph) > COMPILED_TO or not all(_smooth(graph, k) for k in range(len(graph))):
        return None
    builder = Builder(graph.variables)
    places = list(range(len(graph.variables)))
    for index in range(len(places), len(graph)):
        places.append(builder.copy(graph, index, places))
    summed = builder.apply(ADD, tuple(places)) if places[1:] else places[0]
    arrays = Compiled(builder.graph([summed]), ()).arrays
    return lambda at: arrays.many(at)[0]


def _smooth(graph: Graph, index: int) -> bool:
    """Tell whether a node departs from calculus only where its value or slope is not finite."""
    operation, operands = graph.operations[index], graph.operands[index]
    if index < len(graph.variables) or operation is CONSTANT:
        return True
    if operation is POWER:  # by a number other than 0: as smooth as a product or a root
        exponent = operands[1]
        return graph.operations[exponent] is CONSTANT and graph.constants[exponent].value != 0
    return smooth(operation)


def smooth(operation: Operation) -> bool:
    """Tell whether an operation has no convention for a slope and blocks no edge."""
    if operation is WHERE or operation.precedence == COMPARISON:
        return False
    upright = all(kink.kind == "infinite-slope" for kink in operation.kinks)
    return upright and not any(map(_BLOCKS.search, _texts(operation)))


def _texts(operation: Operation) -> Sequence[str]:
    return (*operation.rules, *operation.series)
