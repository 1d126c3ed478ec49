"""The size of what a derivative is summed from: the yardstick for its rounding.

A derivative that is small beside its contributions has lost digits to cancellation; no method
that works in float64 could keep them.
"""

from __future__ import annotations

from autodiff_cli.engine.linearise import Linearisation, Value
from autodiff_cli.engine.rules import BLOCKED


def magnitudes(linearisation: Linearisation, output: int | None = None) -> dict[str, Value]:
    """Return for each variable of `wrt` the sum, over all paths, of |product of the partials|."""
    graph = linearisation.graph
    start = graph.outputs[0] if output is None else output
    sizes: list[Value] = [0.0] * len(graph)
    sizes[start] = 1.0
    for index in range(start, len(graph.variables) - 1, -1):
        for operand, partial in zip(
            graph.operands[index], linearisation.partials[index], strict=False
        ):
            if partial is not None and partial is not BLOCKED:
                sizes[operand] = sizes[operand] + sizes[index] * abs(partial)
    return {name: sizes[graph.variables.index(name)] for name in linearisation.wrt}
