"""Sparse Jacobians and Hessians: a sweep for each colour, not for each variable.

The pattern comes from the graph, the colours from the pattern, and every entry is read from one
of the compressed products (Gebremedhin, Manne & Pothen 2005).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from autodiff_cli.engine import second
from autodiff_cli.engine.brief import brief
from autodiff_cli.engine.colouring import columns, star, transposed
from autodiff_cli.engine.forward import forward
from autodiff_cli.engine.gradient_graph import gradient_graph
from autodiff_cli.engine.linearise import linearise
from autodiff_cli.engine.pattern import hessian_pattern, jacobian_pattern
from autodiff_cli.engine.reverse import sweep
from autodiff_cli.graph.graph import Graph


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class SparseHessian:
    """Second derivatives that can be other than 0.

    Attributes:
        value: the expression's value.
        gradient: variable → derivative.
        matrix: variable → variable → second derivative, entries of the pattern alone.
        colours: variable → its colour, from 0; −1 where its row has no entry.
        sweeps: how many products with the Hessian were found: one for each colour.
    """

    value: float
    gradient: dict[str, float]
    matrix: dict[str, dict[str, float]]
    colours: dict[str, int]
    sweeps: int

    __repr__ = brief


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class SparseJacobian:
    """First derivatives that can be other than 0.

    Attributes:
        values: one for each expression.
        rows: for each, variable → derivative, entries of the pattern alone.
        mode: "forward" (columns are coloured) or "reverse" (rows are).
        colours: of each variable, or of each expression; −1 where it has no entry.
        sweeps: one for each colour.
    """

    values: tuple[float, ...]
    rows: tuple[dict[str, float], ...]
    mode: str
    colours: tuple[int, ...]
    sweeps: int

    __repr__ = brief


def hessian(graph: Graph, at: Mapping[str, float], names: Sequence[str]) -> SparseHessian:
    """Return the entries of a Hessian: for each colour one sweep forward and one back.

    Args:
        graph: the graph; its first output is differentiated.
        at: a float for every variable.
        names: the variables to differentiate with respect to.

    Raises:
        LimitError: the pattern has more entries than the limit on operations.
    """
    graph = graph.select((0,))
    meeting = hessian_pattern(graph, names)
    colours = star(meeting)
    sweeps = max(colours, default=-1) + 1
    groups: list[dict[str, float]] = [{} for _ in range(sweeps)]
    for place, colour in enumerate(colours):
        if colour >= 0:
            groups[colour][graph.variables[place]] = 1.0
    value, gradient, products = _products(graph, at, names, groups)
    matrix: dict[str, dict[str, float]] = {name: {} for name in names}
    for place, row in enumerate(meeting):
        if not row:
            continue
        seen: dict[int, int] = {}
        for other in row:
            seen[colours[other]] = seen.get(colours[other], 0) + 1
        entries = matrix[graph.variables[place]]
        for other in sorted(row):
            alone = seen[colours[other]] == 1
            found = products[colours[other]][place] if alone else products[colours[place]][other]
            entries[graph.variables[other]] = 0.0 if found is None else found
    return SparseHessian(
        value=value,
        gradient=gradient,
        matrix=matrix,
        colours={
            name: colours[place] for place, name in enumerate(graph.variables) if name in matrix
        },
        sweeps=sweeps,
    )


def _products(
    graph: Graph,
    at: Mapping[str, float],
    names: Sequence[str],
    groups: Sequence[Mapping[str, float]],
) -> tuple[float, dict[str, float], list[Sequence[float | None]]]:
    """Return the value, the gradient, and the Hessian times the sum of each group's directions."""
    point = second.bent(graph, at, names)
    if point.regular:
        both = [second.product(point, group) for group in groups or [{}]]
        slopes = dict(zip(graph.variables, both[0][0], strict=True))
        gradient = {name: slopes[name] or 0.0 for name in names}
        return point.values[graph.outputs[0]], gradient, [product for _, product in both]
    # An infinite slope: it matters in which order products are taken, as `hessian` does.
    swept = linearise(gradient_graph(graph, names, exact=True, again=True), at, names)
    value, *rest = [swept.values[output] for output in swept.graph.outputs]
    places = dict(zip(names, swept.graph.outputs[1:], strict=True))
    found: list[Sequence[float | None]] = []
    for group in groups:
        tangents = forward(swept, group)
        found.append([tangents[places[n]] if n in places else None for n in graph.variables])
    return value, dict(zip(names, rest, strict=True)), found


def jacobian(graph: Graph, at: Mapping[str, float], names: Sequence[str]) -> SparseJacobian:
    """Return the entries of a Jacobian, by colours of its columns or of its rows: the fewer.

    Args:
        graph: its outputs are the rows.
        at: a float for every variable.
        names: the variables to differentiate with respect to.

    Raises:
        LimitError: the pattern has more entries than the limit on operations.
    """
    rows = jacobian_pattern(graph, names)
    width = len(graph.variables)
    by_column = columns(rows, width)
    by_row = columns(transposed(rows, width), len(rows))
    ahead = max(by_column, default=-1) <= max(by_row, default=-1)
    colours = by_column if ahead else by_row
    sweeps = max(colours, default=-1) + 1
    swept = linearise(graph, at, names)
    variables = graph.variables
    found: list[dict[str, float]] = [
        dict.fromkeys([variables[k] for k in sorted(row)], 0.0) for row in rows
    ]
    groups: list[list[tuple[int, int]]] = [[] for _ in range(sweeps)]
    for place, row in enumerate(rows):
        for column in row:
            groups[colours[column if ahead else place]].append((place, column))
    for group in groups:
        if ahead:
            tangents = forward(swept, {variables[column]: 1.0 for _, column in group})
            entries = [tangents[graph.outputs[place]] for place, _ in group]
        else:
            adjoints: list[float | None] = [None] * len(graph)
            for place, _ in group:
                adjoints[graph.outputs[place]] = 1.0
            start = max(graph.outputs[place] for place, _ in group)
            sweep(graph.operands, swept.partials, adjoints, start, width)
            entries = [adjoints[column] for _, column in group]
        for (place, column), entry in zip(group, entries, strict=True):
            found[place][variables[column]] = 0.0 if entry is None else entry
    order = {name: place for place, name in enumerate(variables)}
    return SparseJacobian(
        values=tuple([swept.values[output] for output in graph.outputs]),
        rows=tuple(found),
        mode="forward" if ahead else "reverse",
        colours=tuple([colours[order[name]] for name in names] if ahead else colours),
        sweeps=sweeps,
    )
