"""Values and the partial on every edge, at one point or at many: what both sweeps stand on.

Griewank & Walther, Evaluating Derivatives (2nd ed.), section 2.2: elemental partials.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from functools import cache
from typing import Any

from autodiff_cli import rules
from autodiff_cli.graph import CONSTANT, Graph
from autodiff_cli.ops import ADD
from autodiff_cli.ops.row import OPERANDS, Operation

#: What stands for the operands that an operation lacks, by the number that it has.
_PADDING = [[0.0] * (len(OPERANDS) - count) for count in range(len(OPERANDS) + 1)]

#: A float, or a NumPy array of floats.
Value = Any

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
    function_of, rules_of = rules.value, scalar_rules
    if any(hasattr(value, "shape") for value in at.values()):
        from autodiff_cli.engine import arrays

        function_of, rules_of = arrays.value, arrays.array_rules
    values: list[Value] = [at[name] for name in graph.variables]
    partials: list[tuple[Partial, ...]] = [()] * len(values)
    plans: dict[Operation, tuple[Callable[..., Value], tuple[Any, ...]]] = {}
    for index in range(len(values), len(graph)):
        operation, operands = graph.operations[index], graph.operands[index]
        if operation is CONSTANT:
            values.append(graph.constants[index].value)
            partials.append(())
            continue
        if operation not in plans:
            plans[operation] = function_of(operation), rules_of(operation)
        function, plan = plans[operation]
        arguments = [values[operand] for operand in operands]
        result = function(*arguments)
        values.append(result)
        if not active[index]:
            partials.append(())
        elif operation is ADD:
            partials.append(tuple([1.0 if active[operand] else None for operand in operands]))
        else:
            arguments += _PADDING[len(arguments)]
            arguments.append(result)
            partials.append(
                tuple(
                    [
                        None if not active[k] else rule(*arguments) if callable(rule) else rule
                        for rule, k in zip(plan, operands, strict=True)
                    ]
                )
            )
    return Linearisation(graph, values, partials, active, wrt)


def quiet(*values: Value) -> AbstractContextManager[object]:
    """Return the context of a sweep: arrays do not warn, poles and overflow are values here."""
    if not any(hasattr(value, "shape") for value in values):
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
