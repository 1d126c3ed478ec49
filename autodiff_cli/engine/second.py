"""Second-order sweeps: a Hessian's products by one sweep forward and one back, without its graph.

On the way forward each edge gets the tangent of its partial, and the way back carries the
adjoints' tangents beside them (Griewank & Walther, Evaluating Derivatives, section 5.1).
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from autodiff_cli.engine import rules
from autodiff_cli.engine.folding import is_zero
from autodiff_cli.engine.gradient_graph import gradient_graph
from autodiff_cli.engine.linearise import activity
from autodiff_cli.graph.constant import Constant
from autodiff_cli.graph.graph import CONSTANT, VARIABLE, Builder, Graph
from autodiff_cli.ops import ADD, POWER, WHERE
from autodiff_cli.ops.row import OPERANDS, Operation

#: Numbers that are held at a time.
HELD = 8_000_000

#: Of a node, an operand, another, and the derivative of the partial by the one by the other.
Bend = tuple[int, int, float]


@dataclass(frozen=True, slots=True)
class Bent:
    """A graph at a point, with second derivatives of its operations.

    Attributes:
        graph: the graph.
        values: one a node.
        edges: for each active node its active operands, each with its partial; () for others.
        bends: node → second derivatives, for the nodes that have some.
        regular: whether all of them are finite.
    """

    graph: Graph
    values: Sequence[float]
    edges: Sequence[tuple[tuple[int, float], ...]]
    bends: Mapping[int, tuple[Bend, ...]]
    regular: bool


def pairs(graph: Graph, index: int, active: Sequence[int]) -> tuple[tuple[int, int], ...]:
    """Return the operands of an active node by which it has second derivatives, in pairs.

    Only the rules are asked, no number.
    """
    nodes = graph.operands[index]
    row = _row_of(graph, index, active)
    return tuple([(nodes[i], nodes[j]) for i, j in row.pairs])


def _row_of(graph: Graph, index: int, active: Sequence[int]) -> _Row:
    operation, nodes = graph.operations[index], graph.operands[index]
    exponent = graph.constants.get(nodes[1]) if operation is POWER else None
    return _row(operation, tuple([active[node] for node in nodes]), exponent)


def bent(graph: Graph, at: Mapping[str, float], wrt: Sequence[str] | None = None) -> Bent:
    """Compute the value of every node, and the first and second derivatives of its operation.

    Args:
        graph: the graph.
        at: a float for every variable.
        wrt: the variables to differentiate with respect to; all by default.
    """
    names = graph.variables if wrt is None else tuple(wrt)
    active = graph.dependent if names == graph.variables else activity(graph, names)
    values: list[float] = [at[name] for name in graph.variables]
    edges: list[tuple[tuple[int, float], ...]] = [()] * len(values)
    bends: dict[int, tuple[Bend, ...]] = {}
    regular = True
    for index in range(len(values), len(graph)):
        operation, nodes = graph.operations[index], graph.operands[index]
        if operation is CONSTANT:
            values.append(graph.constants[index].value)
            edges.append(())
        elif not active[index]:
            values.append(rules.value(operation)(*[values[node] for node in nodes]))
            edges.append(())
        elif operation is ADD:
            values.append(rules.value(ADD)(*[values[node] for node in nodes]))
            edges.append(tuple([(node, 1.0) for node in nodes if active[node]]))
        else:
            row = _row_of(graph, index, active)
            value, slopes, curves = row.compute(*[values[node] for node in nodes])
            values.append(value)
            edges.append(
                tuple([(nodes[k], slope) for k, slope in zip(row.places, slopes, strict=True)])
            )
            if row.pairs:
                bends[index] = tuple(
                    [
                        (nodes[i], nodes[j], curve)
                        for (i, j), curve in zip(row.pairs, curves, strict=True)
                        if curve
                    ]
                )
            regular = regular and math.isfinite(sum(slopes) + sum(curves))
    return Bent(graph, values, edges, bends, regular)


def product(
    point: Bent, direction: Mapping[str, Any], output: int | None = None
) -> tuple[list[Any], list[Any]]:
    """Return the gradient and the Hessian times a direction, one number for each variable.

    Args:
        point: a graph at a point.
        direction: variable → component: a float, or an array of several directions.
        output: the node that is differentiated; the graph's first output by default.

    None stands for what does not depend on the variable.
    """
    graph, edges, bends = point.graph, point.edges, point.bends
    count = len(graph.variables)
    start = graph.outputs[0] if output is None else output
    tangents: list[Any] = [direction.get(name) for name in graph.variables]
    for index in range(count, start + 1):
        total = None
        for node, slope in edges[index]:
            moved = tangents[node]
            if moved is not None:
                moved = moved * slope
                total = moved if total is None else total + moved
        tangents.append(total)
    adjoints: list[Any] = [None] * (start + 1)
    turned: list[Any] = [None] * (start + 1)
    adjoints[start] = 1.0
    for index in range(start, count - 1, -1):
        adjoint = adjoints[index]
        if adjoint is None:
            continue
        turning = turned[index]
        for node, slope in edges[index]:
            arriving = adjoint * slope
            before = adjoints[node]
            adjoints[node] = arriving if before is None else before + arriving
            if turning is not None:
                arriving = turning * slope
                before = turned[node]
                turned[node] = arriving if before is None else before + arriving
        for node, other, curve in bends.get(index, ()):
            moved = tangents[other]
            if moved is not None:
                arriving = moved * (adjoint * curve)
                before = turned[node]
                turned[node] = arriving if before is None else before + arriving
    return adjoints[:count], turned[:count]


def matrix(point: Bent, names: Sequence[str]) -> dict[str, dict[str, float]]:
    """Return the Hessian: the products with many unit directions in one pair of sweeps.

    Args:
        point: a graph at a point.
        names: the variables of rows and columns.
    """
    import numpy as np

    places = {name: place for place, name in enumerate(point.graph.variables)}
    rows: dict[str, list[float]] = {name: [] for name in names}
    size = max(1, HELD // len(point.graph))
    for begin in range(0, len(names), size):
        block = names[begin : begin + size]
        units = dict(zip(block, np.eye(len(block)), strict=True))
        _, turned = product(point, units)
        for name in names:
            row = turned[places[name]]
            rows[name] += [0.0] * len(block) if row is None else row.tolist()
    return {name: dict(zip(names, row, strict=True)) for name, row in rows.items()}


@dataclass(frozen=True, slots=True)
class _Row:
    """How the derivatives of an operation are computed.

    Attributes:
        compute: operands → (value, partials, second derivatives).
        places: the operands that the partials are by.
        pairs: the operands that the second derivatives are by, one after the other.
    """

    compute: Callable[..., tuple[float, tuple[float, ...], tuple[float, ...]]]
    places: tuple[int, ...]
    pairs: tuple[tuple[int, int], ...]


@lru_cache(4096)
def _row(operation: Operation, active: tuple[int, ...], exponent: Constant | None) -> _Row:
    """Return a row's derivatives, from its rules and what differentiating those gives.

    Args:
        operation: the row.
        active: for each operand, whether it is differentiated by.
        exponent: of a power, where it is a constant.
    """
    names = OPERANDS[: len(active)]
    builder = Builder(names)
    operands = list(range(len(names)))
    if exponent is not None:
        operands[1] = builder.constant(exponent)
    own = builder.graph([builder.apply(operation, tuple(operands))])
    places = [k for k, wanted in enumerate(active) if wanted and operation.rule(k)]
    chosen = [names[k] for k in places]
    outputs = [own]
    first = gradient_graph(own, chosen, exact=True, again=True)
    outputs += [first.select((k,)) for k in range(1, len(first.outputs))]
    pairs = []
    for place, slope in zip(places, outputs[1:], strict=True):
        second = gradient_graph(slope, chosen, exact=True, again=True)
        for k, other in enumerate(places, start=1):
            if not is_zero(second, second.outputs[k]):
                pairs.append((place, other))
                outputs.append(second.select((k,)))
    compute = rules.compile_formula(_together(names, outputs, len(places)),
                                    rules.scalar_functions(), names)  # fmt: skip
    return _Row(compute, tuple(places), tuple(pairs))


def _together(names: Sequence[str], graphs: Sequence[Graph], count: int) -> str:
    """Return a value, so many partials and second derivatives as one Python expression."""
    builder = Builder(names)
    ends = []
    for graph in graphs:
        places = list(range(len(names)))
        for index in range(len(places), len(graph)):
            places.append(builder.copy(graph, index, places))
        ends.append(places[graph.outputs[0]])
    whole = builder.graph(ends)
    texts: list[str] = []
    steps = []
    for index, operation in enumerate(whole.operations):
        below = [texts[k] for k in whole.operands[index]]
        if operation is VARIABLE:
            texts.append(whole.variables[index])
            continue
        if operation is CONSTANT:
            texts.append(repr(whole.constants[index].value))
            continue
        if operation is WHERE:
            text = f"({below[1]} if {below[0]} else {below[2]})"
        elif operation.python and len(below) == 2:
            text = f"({below[0]} {operation.python} {below[1]})"
        elif operation.python and len(below) == 1:
            text = f"({operation.python}{below[0]})"
        else:
            text = f"{operation.name}({', '.join(below)})"
        texts.append(f"t{index}")
        steps.append(f"(t{index} := {text})")
    value, *others = [texts[output] for output in whole.outputs]
    slopes = "".join(f"{text}, " for text in others[:count])
    curves = "".join(f"{text}, " for text in others[count:])
    return f"({', '.join([*steps, ''])}({value}, ({slopes}), ({curves})))[-1]"
