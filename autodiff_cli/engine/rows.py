"""Rows of a Jacobian: a reverse sweep for each, or for many rows one sweep with arrays."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

from autodiff_cli.engine.linearise import Linearisation, Value, floats
from autodiff_cli.engine.reverse import reverse, sweep

#: Products on edges from which arrays are quicker, and numbers that are held at a time.
MANY, HELD = 300_000, 8_000_000


def rows(linearisation: Linearisation, outputs: Sequence[int]) -> list[list[Value]]:
    """Return the derivatives of outputs by all variables: a list for each output.

    Args:
        linearisation: a graph at a point, or at several.
        outputs: the nodes that are differentiated.

    A variable that an output does not depend on has the derivative 0.
    """
    graph = linearisation.graph
    count = len(graph.variables)
    inputs = linearisation.values[:count]
    single = floats(inputs)
    if len(outputs) * len(graph) >= MANY and single and _finite(linearisation):
        return _together(linearisation, outputs)
    found = []
    for output in outputs:
        adjoints = reverse(linearisation, output)
        found.append([0.0 if value is None else value for value in adjoints[:count]])
    return found


def _finite(linearisation: Linearisation) -> bool:
    """Tell whether no partial is infinite: then a row that is absent may be a row of zeros."""
    return all(
        partial is None or type(partial) is not float or math.isfinite(partial)
        for partials in linearisation.partials
        for partial in partials
    )


def _together(linearisation: Linearisation, outputs: Sequence[int]) -> list[list[Value]]:
    """Return the rows by sweeps whose adjoints are arrays, one number for each output."""
    import numpy as np

    graph = linearisation.graph
    count = len(graph.variables)
    size = max(1, HELD // len(graph))
    found: list[list[Value]] = []
    for begin in range(0, len(outputs), size):
        block = outputs[begin : begin + size]
        adjoints: list[Any] = [None] * len(graph)
        for place, output in enumerate(block):
            if linearisation.active[output]:
                if adjoints[output] is None:
                    adjoints[output] = np.zeros(len(block))
                adjoints[output][place] = 1.0
        with np.errstate(all="ignore"):
            sweep(graph.operands, linearisation.partials, adjoints, max(block), count)
        columns = np.zeros((count, len(block)))
        for place, adjoint in enumerate(adjoints[:count]):
            if adjoint is not None:
                columns[place] = adjoint
        found += columns.T.tolist()
    return found
