"""The Python API beyond one gradient: Hessians, Jacobians, products, and compiled functions."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Literal

from autodiff_cli.answers.gradient import parse
from autodiff_cli.engine import higher, point
from autodiff_cli.engine.higher import Hessian, Jacobian
from autodiff_cli.engine.linearise import Value
from autodiff_cli.errors import AutodiffError, VariableError, shortened
from autodiff_cli.graph.graph import Graph

#: One expression, several, or a graph from `parse` with one output for each.
Expressions = Graph | str | Sequence[str]


def hessian(
    expression: Graph | str, at: Mapping[str, Any], *, wrt: Sequence[str] | None = None
) -> Hessian:
    """Return the value, the gradient and all second derivatives of an expression.

    Args:
        expression: a graph from `parse`, or text.
        at: variable → number, sequence or NumPy array; arrays broadcast and give arrays.
        wrt: the variables to differentiate with respect to; all by default.

    Returns:
        `value`, `gradient["x"]` and `matrix["x"]["y"]`, floats or arrays of the point's shape.

    Raises:
        AutodiffError: the text, a name or a value is wrong.
    """
    graph = _single(expression, at)
    return higher.hessian(graph, point.bind(graph, at), _names(graph, wrt))


def jacobian(
    expressions: Expressions, at: Mapping[str, Any], *, wrt: Sequence[str] | None = None
) -> Jacobian:
    """Return the Jacobian of several expressions, by the mode that needs fewer sweeps.

    Args:
        expressions: texts, or a graph from `parse`; each output is a row.
        at: variable → number, sequence or NumPy array; arrays broadcast and give arrays.
        wrt: the variables to differentiate with respect to, the columns; all by default.

    Returns:
        `values` and `rows[0]["x"]`, and the `mode` used with the `reason`.

    Raises:
        AutodiffError: a text, a name or a value is wrong.
    """
    graph = _graph(expressions, at)
    return higher.jacobian(graph, point.bind(graph, at), _names(graph, wrt))


def jvp(
    expressions: Expressions,
    at: Mapping[str, Any],
    direction: Mapping[str, Any] | Sequence[Any],
) -> tuple[tuple[Value, ...], tuple[Value, ...]]:
    """Return the values and the Jacobian times a direction, by one forward sweep.

    Args:
        expressions: texts, or a graph from `parse`.
        at: variable → number, sequence or NumPy array; arrays broadcast and give arrays.
        direction: variable → component, 0 for those that are absent; or one component for each
            variable in the order of `graph.variables`.

    Returns:
        Two tuples with one entry for each expression.

    Raises:
        AutodiffError: a text, a name, a value or the direction is wrong.
    """
    graph = _graph(expressions, at)
    return higher.jvp(graph, point.bind(graph, at), components(graph.variables, direction))


def vjp(
    expressions: Expressions, at: Mapping[str, Any], weights: Sequence[Any]
) -> tuple[tuple[Value, ...], dict[str, Value]]:
    """Return the values and the weighted sum of the Jacobian's rows, by reverse sweeps.

    Args:
        expressions: texts, or a graph from `parse`.
        at: variable → number, sequence or NumPy array; arrays broadcast and give arrays.
        weights: one number for each expression.

    Returns:
        A tuple with one value for each expression, and variable → component.

    Raises:
        AutodiffError: a text, a name, a value or a weight is wrong.
    """
    graph = _graph(expressions, at)
    numbers = [_component(f"weight {k + 1}", weight) for k, weight in enumerate(weights)]
    return higher.vjp(graph, point.bind(graph, at), numbers)


def hvp(
    expression: Graph | str,
    at: Mapping[str, Any],
    direction: Mapping[str, Any] | Sequence[Any],
) -> tuple[dict[str, Value], dict[str, Value]]:
    """Return the gradient and the Hessian times a direction, without the Hessian.

    One forward sweep over the gradient graph: about two gradients' work, for any number of
    variables.

    Args:
        expression: a graph from `parse`, or text.
        at: variable → number, sequence or NumPy array; arrays broadcast and give arrays.
        direction: as for `jvp`.

    Raises:
        AutodiffError: the text, a name, a value or the direction is wrong.
    """
    graph = _single(expression, at)
    return higher.hvp(graph, point.bind(graph, at), components(graph.variables, direction))


def compile(
    expression: Graph | str,
    *,
    wrt: Sequence[str] | None = None,
    trigonometry: Literal["fast", "libm"] = "fast",
) -> Callable[..., Any]:
    """Return a fast function of an expression's value and gradient.

    The function takes one number or array for each variable, in the order of its attribute
    `variables`, and returns `(value, (derivative, …))`, a derivative for each of `wrt`. Floats run
    straight-line Python; arrays run NumPy in blocks on all cores. Making it takes about a
    millisecond for each hundred operations.

    Args:
        expression: a graph from `parse`, or text.
        wrt: the variables to differentiate with respect to; all by default.
        trigonometry: "fast" takes sine and cosine of arrays from the tangent of half the angle
            (at most 4 ulp off above ¼, 3e-16 below), "libm" asks the C library, four times slower.

    Raises:
        AutodiffError: the text or a name is wrong; the function raises it for wrong values.
    """
    if trigonometry not in ("fast", "libm"):
        raise AutodiffError(f"there is no trigonometry '{trigonometry}'", mend="use fast or libm")
    from autodiff_cli.compiled.function import Compiled

    graph = _single(expression, {})
    compiled = Compiled(graph, _names(graph, wrt), trigonometry)
    function: Any = compiled.value_and_gradient
    function.variables, function.wrt = graph.variables, compiled.wrt
    function.graph, function.source = graph, compiled.source
    function.__doc__ = f"Return the value and the gradient of {graph!r}."
    found: Callable[..., Any] = function
    return found


def components(
    variables: Sequence[str], direction: Mapping[str, Any] | Sequence[Any]
) -> dict[str, float]:
    """Return a direction as variable → component, for all of `variables`.

    Raises:
        VariableError: a component has no variable, is no finite number, or one is missing.
    """
    if not isinstance(direction, Mapping):
        if isinstance(direction, str) or not hasattr(direction, "__len__"):
            raise VariableError("the direction is not a list of numbers", mend="write [1.0, 0.0]")
        if len(direction) != len(variables):
            raise VariableError(
                f"the direction needs {len(variables)} components, not {len(direction)}",
                mend=f"give one for each of: {', '.join(map(shortened, variables)) or 'none'}",
            )
        direction = dict(zip(variables, direction, strict=True))
    found = dict.fromkeys(variables, 0.0)
    for name, value in direction.items():
        if name not in found:
            raise VariableError(
                f"the direction has a component for '{shortened(str(name))}'",
                mend=f"the variables are: {', '.join(map(shortened, variables)) or 'none'}",
            )
        found[name] = _component(f"the component of {shortened(name)}", value)
    return found


def _component(what: str, value: Any) -> float:
    """Return one number of a direction or of weights."""
    try:
        if isinstance(value, (str, bytes)):
            raise TypeError
        number = float(value)
    except (TypeError, ValueError, OverflowError):
        raise VariableError(f"{what} is not a number of float64", mend="write 1.0") from None
    if number - number != 0:
        raise VariableError(f"{what} is {number}, not a finite number")
    return number


def _graph(expressions: Expressions, at: Mapping[str, Any]) -> Graph:
    """Return a graph as it is, or texts read with the names of the point as variables."""
    if isinstance(expressions, Graph):
        return expressions
    texts = (expressions,) if isinstance(expressions, str) else tuple(expressions)
    return parse(*texts, variables=tuple(at) if isinstance(at, Mapping) else ())


def _single(expression: Graph | str, at: Mapping[str, Any]) -> Graph:
    if not isinstance(expression, (Graph, str)):
        message = f"an expression is text or a graph, not {type(expression).__name__}"
        raise AutodiffError(message)
    graph = _graph(expression, at)
    if len(graph.outputs) != 1:
        raise AutodiffError(
            f"the graph has {len(graph.outputs)} outputs", mend="parse one expression"
        )
    return graph


def _names(graph: Graph, wrt: Sequence[str] | None) -> tuple[str, ...]:
    """Return the variables to differentiate with respect to, in the graph's order."""
    if wrt is None:
        return graph.variables
    wrt = (wrt,) if isinstance(wrt, str) else wrt
    point.check_wrt(graph.variables, wrt)
    return tuple(name for name in graph.variables if name in wrt)
