"""Values and the partial on every edge, at one point or at many: what both sweeps stand on.

Griewank & Walther, Evaluating Derivatives (2nd ed.), section 2.2: elemental partials.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any, TypeVar

from autodiff_cli.engine import rules
from autodiff_cli.graph.graph import CONSTANT, Graph
from autodiff_cli.ops import ADD
from autodiff_cli.ops.row import Operation

if TYPE_CHECKING:
    import numpy

    #: Numbers, one for each point.
    Array = numpy.ndarray[Any, numpy.dtype[numpy.float64]]

    #: What a variable may be given: a number, or several, of which arrays broadcast.
    Given = float | Sequence[float] | numpy.ndarray[Any, numpy.dtype[Any]]

#: A float, or a NumPy array of floats.
Value = Any

#: The same, where a type checker should know which.
Numbers = TypeVar("Numbers")

#: On an edge: a number or array, BLOCKED, or None where there is nothing to differentiate.
Partial = Any


@dataclass(frozen=True, slots=True)
class Linearisation:
    """A graph at a point.

    Attributes:
        graph: the graph, which is not changed.
        values: one a node.
        partials: for each node, one a operand; () for nodes that are not active.
        active: one byte a node, 1 where the node depends on a variable of `wrt`.
        wrt: the variables to differentiate with respect to.
    """

    graph: Graph
    values: Sequence[Value]
    partials: Sequence[tuple[Partial, ...]]
    active: bytes | bytearray
    wrt: tuple[str, ...]


def linearise(
    graph: Graph, at: Mapping[str, Value], wrt: Sequence[str] | None = None
) -> Linearisation:
    """Compute the value of every node and the partial derivative on every active edge.

    Args:
        graph: the graph.
        at: a float, or an array of one common shape, for every variable of the graph.
        wrt: variables to differentiate with respect to; all by default. No partial is computed
            for an operand that does not depend on one of them.
    """
    wrt = graph.variables if wrt is None else tuple(wrt)
    active = graph.dependent if wrt == graph.variables else activity(graph, wrt)
    function_of, safe, quick = rules.value, rules.step, rules.quick_step
    if not floats(at.values()):
        from autodiff_cli.engine import arrays

        function_of, safe, quick = arrays.value, arrays.step, arrays.step
    steps, unary = _Steps(lambda key: quick(*key)), _Steps(lambda operation: quick(operation, 1))
    inputs = at.values() if tuple(at) == graph.variables else [at[k] for k in graph.variables]
    values: list[Value] = list(inputs)
    partials: list[tuple[Partial, ...]] = [()] * len(values)
    operations, operands = graph.operations, graph.operands
    for index in range(len(values), len(graph)):
        operation, nodes = operations[index], operands[index]
        slopes: tuple[Partial, ...] = ()
        try:
            if not active[index]:
                value = (
                    graph.constants[index].value
                    if operation is CONSTANT
                    else function_of(operation)(*[values[node] for node in nodes])
                )
            elif len(nodes) == 1:
                value, slopes = unary[operation](values[nodes[0]])
            elif operation is ADD:
                value = function_of(operation)(*[values[node] for node in nodes])
                slopes = tuple([1.0 if active[node] else None for node in nodes])
            elif len(nodes) == 2:
                a, b = nodes
                value, slopes = steps[operation, active[a], active[b]](values[a], values[b])
            else:
                step = steps[operation, *[active[node] for node in nodes]]
                value, slopes = step(*[values[node] for node in nodes])
        except rules.RAISED:  # a pole, or beyond float64
            step = safe(operation, *[active[node] for node in nodes])
            value, slopes = step(*[values[node] for node in nodes])
        values.append(value)
        partials.append(slopes)
    return Linearisation(graph, values, partials, active, wrt)


class _Steps(dict[Any, Callable[..., tuple[Value, tuple[Partial, ...]]]]):
    """An operation, with whether each operand is active → what computes value and partials."""

    def __init__(self, make: Callable[[Any], Any]) -> None:
        self.make = make

    def __missing__(self, key: Any) -> Callable[..., Any]:
        self[key] = self.make(key)
        return self[key]


def value_at(graph: Graph, at: Mapping[str, Value]) -> Value:
    """Return the value of the first output at a point, or at many."""
    return linearise(graph, at, ()).values[graph.outputs[0]]


def floats(values: Iterable[Value]) -> bool:
    """Tell whether no value is an array, quickly: long formulas have many variables."""
    return set(map(type, values)) <= {float, int}


def quiet(*values: Value) -> AbstractContextManager[object]:
    """Return the context of a sweep: arrays do not warn, poles and overflow are values here."""
    if floats(values):
        return nullcontext()
    from autodiff_cli.engine import arrays

    return arrays.quiet()


@cache
def scalar_rules(operation: Operation) -> tuple[Any, ...]:
    """Return for each operand a number, BLOCKED, None (no edge) or a function of (a, b, c, y)."""
    return tuple(_plan(text, rules.rule) for text in operation.rules)


def _plan(text: str, compile_rule: Callable[[str], Any]) -> Any:
    if not text:
        return None
    constant = rules.constant_rule(text)
    return compile_rule(text) if constant is None else constant


def activity(graph: Graph, wrt: Sequence[str]) -> bytearray:
    """Return one byte a node: 1 where the node depends on a variable of `wrt`."""
    active, wanted = bytearray(len(graph)), frozenset(wrt)
    for index, name in enumerate(graph.variables):
        active[index] = name in wanted
    for index in range(len(graph.variables), len(graph)):
        for operand in graph.operands[index]:
            if active[operand]:
                active[index] = 1
                break
    return active
