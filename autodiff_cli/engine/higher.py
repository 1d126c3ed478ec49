"""Derivatives beyond one gradient: orders, Hessians, Jacobians and products with them.

All differentiate the gradient graph again, or sweep it: no rule is written here. Products never
form the matrix (Griewank & Walther, section 3.3: forward over reverse).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Generic

from autodiff_cli.engine import directions, second
from autodiff_cli.engine.brief import brief
from autodiff_cli.engine.forward import forward
from autodiff_cli.engine.gradient_graph import gradient_graph
from autodiff_cli.engine.linearise import Linearisation, Numbers, Value, floats, linearise
from autodiff_cli.engine.point import points
from autodiff_cli.engine.reverse import reverse
from autodiff_cli.engine.rows import rows
from autodiff_cli.errors import AutodiffError, VariableError, visible
from autodiff_cli.graph.graph import Graph

#: Nodes from which a gradient is not written as a graph to be differentiated again.
LONG = 1000

#: Points up to which each is swept alone where a formula is long.
FEW = 16


@dataclass(frozen=True, slots=True, repr=False)
class Hessian(Generic[Numbers]):
    """Second derivatives; `matrix[x][y]` is ∂²f/∂x∂y, a float or one number a row of the point."""

    value: Numbers
    gradient: dict[str, Numbers]
    matrix: dict[str, dict[str, Numbers]]

    __repr__ = brief


@dataclass(frozen=True, slots=True, repr=False)
class Jacobian(Generic[Numbers]):
    """First derivatives of several outputs.

    Attributes:
        values: one for each output.
        rows: for each output, variable → partial derivative.
        mode: "forward" (one sweep a column) or "reverse" (one sweep a row).
        reason: why that mode was cheaper, a clause for a student.
    """

    values: tuple[Numbers, ...]
    rows: tuple[dict[str, Numbers], ...]
    mode: str
    reason: str = field(repr=False)

    __repr__ = brief


def orders(
    graph: Graph, at: Mapping[str, Value], n: int, wrt: str | None = None
) -> tuple[Value, ...]:
    """Return the derivatives f′ … f⁽ⁿ⁾ in one variable: one propagation of Taylor series.

    Args:
        graph: the graph; its first output is differentiated.
        at: a float, or an array of points, for every variable.
        n: how many orders, at least 1.
        wrt: the variable; needed where there are several.

    Raises:
        AutodiffError: `n` is below 1.
        VariableError: the graph has several variables and `wrt` names none.
        LimitError: the rules, written out, have more nodes than the limit.
    """
    if n < 1:
        raise AutodiffError("the order is a whole number from 1 up", mend="ask for order 1 or more")
    if wrt is None:
        if len(graph.variables) > 1:
            names = ", ".join(graph.variables)
            raise VariableError(
                f"higher orders are for one variable; this expression has {names}",
                mend="say which one with wrt, or ask for the hessian",
            )
        if not graph.variables:
            return (0.0,) * n
        wrt = graph.variables[0]
    found = directions.derivatives(graph, at, {wrt: 1.0}, n)
    return tuple([like(value, at) for value in found])


def derivative(graph: Graph, wrt: str) -> Graph:
    """Return the graph of one partial derivative alone."""
    return gradient_graph(graph, (wrt,), exact=True, again=True).select((1,))


def hessian(
    graph: Graph, at: Mapping[str, Value], wrt: Sequence[str] | None = None
) -> Hessian[Any]:
    """Return all second derivatives: one reverse sweep of the gradient graph for each row.

    Args:
        graph: the graph; its first output is differentiated.
        at: a float, or an array of points, for every variable.
        wrt: variables to differentiate with respect to; all by default.
    """
    names = graph.variables if wrt is None else tuple(wrt)
    if _few(graph, at):
        rows_of = [hessian(graph, point, names) for point in points(at)]
        stack = stacking(at)
        return Hessian(
            stack([one.value for one in rows_of]),
            {x: stack([one.gradient[x] for one in rows_of]) for x in names},
            {x: {y: stack([one.matrix[x][y] for one in rows_of]) for y in names} for x in names},
        )
    point = _bent(graph, at, names)
    if point is not None:
        values = second.product(point, {})[0]
        return Hessian(
            point.values[graph.outputs[0]], _named(graph, names, values),
            second.matrix(point, names),
        )  # fmt: skip
    linearisation = linearise(gradient_graph(graph, names, exact=True, again=True), at, names)
    outputs = linearisation.graph.outputs
    shaped = shaping(at)
    value, *slopes = (shaped(linearisation.values[output]) for output in outputs)
    found = _rows(linearisation, outputs[1:], at)
    return Hessian(
        value, dict(zip(names, slopes, strict=True)), dict(zip(names, found, strict=True))
    )


def hvp(
    graph: Graph,
    at: Mapping[str, Value],
    direction: Mapping[str, Value],
    wrt: Sequence[str] | None = None,
) -> tuple[dict[str, Value], dict[str, Value]]:
    """Return the gradient and the Hessian times a direction: one forward sweep of the gradient.

    Args:
        graph: the graph; its first output is differentiated.
        at: a float, or an array of points, for every variable.
        direction: variable → component; 0 for those that are absent.
        wrt: variables of the gradient and of the product; all by default.

    Returns:
        (gradient, product), each by variable: two costs of a gradient, whatever their number.
    """
    names = graph.variables if wrt is None else tuple(wrt)
    if _few(graph, at):
        pairs = [hvp(graph, point, direction, names) for point in points(at)]
        stack = stacking(at)
        slopes, product = (
            {x: stack([pair[k][x] for pair in pairs]) for x in names} for k in (0, 1)
        )
        return slopes, product
    along = _direction(graph, direction, at)
    point = _bent(graph, at, tuple(dict.fromkeys((*names, *along))))
    if point is not None:
        found = second.product(point, along)
        return _named(graph, names, found[0]), _named(graph, names, found[1])
    linearisation = linearise(
        gradient_graph(graph, names, exact=True, again=True), at, tuple(along)
    )
    tangents = forward(linearisation, along)
    outputs = linearisation.graph.outputs[1:]
    shaped = shaping(at)
    gradient = {
        name: shaped(linearisation.values[output])
        for name, output in zip(names, outputs, strict=True)
    }
    product = {name: shaped(tangents[output]) for name, output in zip(names, outputs, strict=True)}
    return gradient, product


def _few(graph: Graph, at: Mapping[str, Value]) -> bool:
    """Tell whether a long formula is at several points, but so few that each is swept alone."""
    if len(graph) < LONG:
        return False
    sizes = {getattr(value, "size", 0) for value in at.values()}
    return sizes != {0} and max(sizes, default=0) <= FEW


def _bent(graph: Graph, at: Mapping[str, Value], wrt: Sequence[str]) -> second.Bent | None:
    """Return a long formula at a point for second-order sweeps, whose gradient is not written.

    None where it is short, at many points, or where an infinite slope makes it matter in which
    order products are taken: there its gradient is differentiated.
    """
    if len(graph) < LONG or not floats(at.values()):
        return None
    found = second.bent(graph.select((0,)), at, wrt)
    return found if found.regular else None


def _named(graph: Graph, names: Sequence[str], values: Sequence[float | None]) -> dict[str, float]:
    """Return the numbers of some of the variables, 0 for one that is absent."""
    found = dict(zip(graph.variables, values, strict=True))
    return {name: found[name] or 0.0 for name in names}


def jacobian(
    graph: Graph, at: Mapping[str, Value], wrt: Sequence[str] | None = None
) -> Jacobian[Any]:
    """Return the Jacobian of all outputs, by the mode that needs fewer sweeps.

    Args:
        graph: its outputs are the rows.
        at: a float, or an array of points, for every variable.
        wrt: variables to differentiate with respect to, the columns; all by default.
    """
    names = graph.variables if wrt is None else tuple(wrt)
    linearisation = linearise(graph, at, names)
    count, columns, shaped = len(graph.outputs), len(names), shaping(at)
    if columns < count:
        mode, counted = "forward", f"{columns} of forward mode against {count} of reverse mode"
        sweeps = {name: forward(linearisation, {name: 1.0}) for name in names}
        found = [{name: shaped(sweeps[name][output]) for name in names} for output in graph.outputs]
    else:
        mode, counted = "reverse", f"{count} of reverse mode against {columns} of forward mode"
        found = _rows(linearisation, graph.outputs, at)
    values = tuple([shaped(linearisation.values[output]) for output in graph.outputs])
    reason = (
        f"sweeps needed: {counted} (forward gives a column, one for each variable; "
        "reverse gives a row, one for each output)"
    )
    return Jacobian(values, tuple(found), mode, reason)


def jvp(
    graph: Graph, at: Mapping[str, Value], direction: Mapping[str, Value]
) -> tuple[tuple[Value, ...], tuple[Value, ...]]:
    """Return the outputs and the Jacobian times a direction: one forward sweep.

    Args:
        graph: its outputs are the rows.
        at: a float, or an array of points, for every variable.
        direction: variable → component; 0 for those that are absent.
    """
    linearisation = linearise(graph, at)
    tangents = forward(linearisation, _direction(graph, direction, at))
    shaped = shaping(at)
    values = tuple([shaped(linearisation.values[output]) for output in graph.outputs])
    return values, tuple([shaped(tangents[output]) for output in graph.outputs])


def vjp(
    graph: Graph, at: Mapping[str, Value], weights: Sequence[Value]
) -> tuple[tuple[Value, ...], dict[str, Value]]:
    """Return the outputs and the weighted sum of the Jacobian's rows: one reverse sweep each.

    Args:
        graph: its outputs are the rows.
        at: a float, or an array of points, for every variable.
        weights: one for each output.

    Raises:
        AutodiffError: there are more or fewer weights than outputs.
    """
    if len(weights) != len(graph.outputs):
        raise AutodiffError(
            f"{len(weights)} weights for {len(graph.outputs)} outputs",
            mend="give one weight for each expression",
        )
    linearisation = linearise(graph, at)
    total: dict[str, Value] = dict.fromkeys(graph.variables, 0.0)
    for weight, output in zip(weights, graph.outputs, strict=True):
        adjoints = reverse(linearisation, output, weight)
        for index, name in enumerate(graph.variables):
            if adjoints[index] is not None:
                total[name] = total[name] + adjoints[index]
    shaped = shaping(at)
    values = tuple([shaped(linearisation.values[output]) for output in graph.outputs])
    return values, {name: shaped(value) for name, value in total.items()}


def like(value: Value | None, at: Mapping[str, Value]) -> Value:
    """Return a number as one for each row of the point; absent is 0."""
    return shaping(at)(value)


def shaping(at: Mapping[str, Value]) -> Callable[[Value | None], Value]:
    """Return what `like` does at a point, which is looked through once."""
    rows = next((point for point in at.values() if getattr(point, "shape", ())), None)
    if rows is None:
        return lambda value: 0.0 if value is None else value

    def shaped(value: Value | None) -> Value:
        number = 0.0 if value is None else value
        if getattr(number, "shape", ()) == rows.shape:
            return number
        import numpy as np

        return np.broadcast_to(np.asarray(number, dtype=float), rows.shape).copy()

    return shaped


def stacking(at: Mapping[str, Value]) -> Callable[[Sequence[float]], Value]:
    """Return what makes numbers, one a point, an array of the point's shape."""
    import numpy as np

    shape = next(value.shape for value in at.values() if hasattr(value, "shape"))
    return lambda numbers: np.array(numbers, dtype=float).reshape(shape)


def _rows(
    linearisation: Linearisation, outputs: Sequence[int], at: Mapping[str, Value]
) -> list[dict[str, Value]]:
    """Return the derivatives of outputs, by variable."""
    names, shaped = linearisation.wrt, shaping(at)
    places = {name: place for place, name in enumerate(linearisation.graph.variables)}
    chosen = [places[name] for name in names]
    return [
        dict(zip(names, [shaped(row[place]) for place in chosen], strict=True))
        for row in rows(linearisation, outputs)
    ]


def _direction(
    graph: Graph, direction: Mapping[str, Value], at: Mapping[str, Value]
) -> dict[str, Value]:
    known, shaped = frozenset(graph.variables), shaping(at)
    for name in direction:
        if name not in known:
            raise VariableError(
                f"'{visible(name)}' is not a variable of the expression",
                mend=f"its variables are: {', '.join(graph.variables) or 'none'}",
            )
    return {name: shaped(value) for name, value in direction.items()}
