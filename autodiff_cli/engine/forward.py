"""Forward mode: one sweep from a direction in the variables gives the tangent of every node.

Griewank & Walther, section 3.1: each tangent is the sum, over the operands, of the partial on
the edge times the operand's tangent.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence

from autodiff_cli.engine.linearise import Linearisation, Partial, Value
from autodiff_cli.engine.rules import BLOCKED


def forward(linearisation: Linearisation, direction: Mapping[str, Value]) -> Sequence[Value | None]:
    """Return the tangent of every node along `direction`; None where nothing arrives.

    Args:
        linearisation: values and partials at a point.
        direction: variable → tangent, for the variables that move.
    """
    graph = linearisation.graph
    tangents: list[Value | None] = [direction.get(name) for name in graph.variables]
    inputs = [*tangents, *linearisation.values[: len(tangents)]]
    if not any(hasattr(value, "shape") for value in inputs):
        _sweep(linearisation, tangents, push)
        return tangents
    from autodiff_cli.engine import arrays

    tangents = [None if tangent is None else arrays.arriving(tangent) for tangent in tangents]
    with arrays.quiet():
        _sweep(linearisation, tangents, arrays.push)
    return [None if tangent is None else tangent.numbers for tangent in tangents]


def _sweep(
    linearisation: Linearisation,
    tangents: list[Value | None],
    push: Callable[[Partial, Value], Value | None],
) -> None:
    graph, partials = linearisation.graph, linearisation.partials
    for index in range(len(tangents), len(graph)):
        tangent: Value | None = None
        for operand, partial in zip(graph.operands[index], partials[index], strict=False):
            arriving = tangents[operand]
            if partial is None or arriving is None:
                continue
            contribution = push(partial, arriving)
            if contribution is not None:
                tangent = contribution if tangent is None else tangent + contribution
        tangents.append(tangent)


def push(partial: Partial, tangent: Value) -> Value | None:
    """Return what passes an edge: a finite tangent stops at a blocked one, another becomes nan."""
    if partial is BLOCKED:
        return None if math.isfinite(tangent) else math.nan
    return tangent * partial


def gradient(linearisation: Linearisation, output: int | None = None) -> dict[str, Value]:
    """Return the derivative of an output for each variable of `wrt`: one sweep for each."""
    place = linearisation.graph.outputs[0] if output is None else output
    found = {name: forward(linearisation, {name: 1.0})[place] for name in linearisation.wrt}
    return {name: 0.0 if value is None else value for name, value in found.items()}
