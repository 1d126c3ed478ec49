"""Reverse mode: one sweep from an output back to the variables gives every partial derivative.

Griewank & Walther, section 3.2: each adjoint is the sum, over the nodes that consume this one,
of the consumer's adjoint times the partial on the edge.
"""

from __future__ import annotations

from collections.abc import Sequence
from types import NoneType

from autodiff_cli.engine.linearise import Linearisation, Partial, Value, quiet
from autodiff_cli.engine.rules import BLOCKED


def reverse(
    linearisation: Linearisation, output: int | None = None, seed: Value = 1.0
) -> Sequence[Value | None]:
    """Return the adjoint of every node; None where no active edge leads from the node on.

    Args:
        linearisation: values and partials at a point.
        output: the node to start from; the graph's first output by default.
        seed: its adjoint.

    A blocked edge contributes the number 0 whatever the adjoint, and that 0 travels on.
    """
    graph = linearisation.graph
    start = graph.outputs[0] if output is None else output
    adjoints: list[Value | None] = [None] * len(graph)
    if not linearisation.active[start]:
        return adjoints
    adjoints[start] = seed
    with quiet(seed, *linearisation.values[: len(graph.variables)]):
        sweep(graph.operands, linearisation.partials, adjoints, start, len(graph.variables))
    return adjoints


def sweep(
    operands: Sequence[tuple[int, ...]],
    partials: Sequence[tuple[Partial, ...]],
    adjoints: list[Value | None],
    start: int,
    stop: int = 0,
) -> None:
    """Carry adjoints from node `start` down to node `stop`, in place.

    Args:
        operands: for each node the operand nodes, which come before it.
        partials: for each node one an operand: what an adjoint is multiplied by on that edge. A
            linear map's edge is an object whose product with an adjoint is its transpose's answer.
        adjoints: one a node; seeds where the sweep starts, None elsewhere.
        start: the last node with a seed.
        stop: the first node that has operands, or an earlier one.
    """
    blocked = BLOCKED
    for index in range(start, stop - 1, -1):
        adjoint = adjoints[index]
        if adjoint is None:
            continue
        nodes = operands[index]
        place = 0  # zip and enumerate take longer, for every node, than the sums
        for partial in partials[index]:
            if partial is not None:
                operand = nodes[place]
                contribution = 0.0 if partial is blocked else adjoint * partial
                before = adjoints[operand]
                adjoints[operand] = contribution if before is None else before + contribution
            place += 1  # noqa: SIM113


def gradient(linearisation: Linearisation, output: int | None = None) -> dict[str, Value]:
    """Return the derivative of an output with respect to each variable of `wrt`, in reverse."""
    adjoints = reverse(linearisation, output)
    variables, wrt = linearisation.graph.variables, linearisation.wrt
    found: dict[str, Value] = dict(zip(variables, adjoints, strict=False))
    if NoneType in set(map(type, found.values())):
        found = {name: 0.0 if value is None else value for name, value in found.items()}
    return found if wrt == variables else {name: found[name] for name in wrt}
