"""What stands on an edge of the recorded graph: `adjoint * edge` is the operand's adjoint.

The partial is computed there, from the saved values, by the table's rule or a map's transpose;
so the one reverse sweep of `engine.reverse` runs over recorded steps too.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import cache
from typing import Any

import numpy as np

from autodiff_cli.engine import arrays, rules
from autodiff_cli.engine.folding import is_zero
from autodiff_cli.graph.graph import CONSTANT, VARIABLE, Graph
from autodiff_cli.lab.apply import State, apply
from autodiff_cli.lab.modes import watcher
from autodiff_cli.lab.tape import Custom, Row, TapeEntry
from autodiff_cli.lab.unrolled import Hooked, Tape
from autodiff_cli.ops import MULTIPLY, WHERE
from autodiff_cli.ops.row import OPERANDS, Operation
from autodiff_cli.ops.shapes import SUM_TO, LinearMap, Place, fit

#: What most maps need of their operands' values.
NOTHING: Mapping[str, Any] = {}


def partials_of(tape: Tape, make: Callable[..., Any], record: bool) -> list[Any]:
    """Return for each node what stands on its edges, for the operands that are differentiated.

    Args:
        tape: the nodes.
        make: makes a tensor of an array: `State.make`.
        record: carry the rules out on tensors, recorded, so that they can be differentiated.
    """
    watching = watcher()
    found: list[Any] = []
    for node, positions in zip(tape.nodes, tape.positions, strict=True):
        edges: Any = ()
        if not positions:
            pass
        elif isinstance(node, Hooked):
            edges = [HookEdge(node.hooks, make)]
        elif isinstance(node.row, Custom):
            edges = node.row.edges(node, positions, make)
        elif record:
            edges = [TensorEdge(node, position, make) for position in positions]
        else:
            edges = [ArrayEdge(node, position) for position in positions]
        if watching is not None:
            edges = [watching.edge(node, k, e) for k, e in zip(positions, edges, strict=True)]
        found.append(edges)
    return found


class HookEdge:
    """The edge between a result and those who use it: its adjoint passes through the hooks."""

    __array_ufunc__ = None

    def __init__(self, hooks: Sequence[Any], make: Callable[..., Any]) -> None:
        self.hooks, self.make = hooks, make

    def __rmul__(self, adjoint: Any) -> Any:
        tensors = isinstance(adjoint, State)
        passing = adjoint if tensors else self.make(np.array(adjoint))
        for hook in self.hooks:
            answer = hook(passing)
            passing = passing if answer is None else answer
        return passing if tensors else passing.array


class ArrayEdge:
    """An edge in a sweep over arrays: numbers come out, and nothing is recorded.

    The sweep has told NumPy to be quiet.
    """

    __slots__ = ("position", "step")
    __array_ufunc__ = None  # so that array * edge comes to __rmul__

    def __init__(self, step: TapeEntry, position: int) -> None:
        self.step, self.position = step, position

    def __rmul__(self, adjoint: Any) -> Any:
        step, position, row = self.step, self.position, self.step.row
        if isinstance(row, LinearMap):
            return row.transpose(position)(carry_out, adjoint, _place(step, step.value))
        assert isinstance(row, Operation)
        shape, rule = step.shapes[position], _rule(row, position)
        if rule is rules.BLOCKED:
            return np.zeros(shape, adjoint.dtype)
        if callable(rule):
            adjoint = adjoint * rule(*_arguments(step))
        elif rule != 1:
            adjoint = adjoint * rule
        if adjoint.shape != shape:
            adjoint = carry_out(SUM_TO, adjoint, shape=shape)
        return np.asarray(adjoint, step.dtype)


class TensorEdge:
    """An edge in a sweep over tensors: the rule is carried out with recorded operations.

    Args:
        step: the recorded operation.
        position: which operand of it.
        make: makes a tensor of an array, a version and who made it: `State.make`.
    """

    __array_ufunc__ = None

    def __init__(self, step: TapeEntry, position: int, make: Callable[..., Any]) -> None:
        self.step, self.position, self.make = step, position, make

    def __rmul__(self, adjoint: Any) -> Any:
        step, position, row = self.step, self.position, self.step.row
        if isinstance(row, LinearMap):
            return row.transpose(position)(apply, adjoint, _place(step, self.saved))
        assert isinstance(row, Operation)
        graph = rules.formula(row.rule(position))
        product = product_with_rule(graph, adjoint, self.saved)
        if not isinstance(product, State):
            return self.make(np.zeros(step.shapes[position], step.dtype))
        return fit(apply, product, step.shapes[position])

    def saved(self, letter: str) -> Any:
        """Return a saved value as a tensor that knows how it was made."""
        step = self.step
        value = step.value(letter)
        if not isinstance(value, np.ndarray) or step.saved is None:
            return value
        origin = step if letter == "y" else step.origins[OPERANDS.index(letter)]
        if isinstance(origin, State):
            return origin
        return self.make(value, step.saved[letter].version, origin)


def carry_out(row: Row, *operands: Any, **parameters: Any) -> Any:
    """Carry out a linear map on arrays."""
    return np.asarray(row.value(*operands, **parameters))  # type: ignore[misc]


def _place(step: TapeEntry, saved: Callable[[str], Any]) -> Place:
    needs = step.needs
    values = {k: saved(k) for k in needs if k != "key"} if needs else NOTHING
    return Place(step.shapes, step.dtype, step.parameters, values)


def _arguments(step: TapeEntry) -> list[Any]:
    saved = step.saved or {}  # they were checked before the sweep began
    return [saved[letter][0] if letter in saved else 0.0 for letter in rules.NAMES]


@cache
def _rule(row: Operation, position: int) -> Any:
    return arrays.warning_rules(row)[0 if row.variadic else position]


def product_with_rule(graph: Graph, adjoint: Any, saved: Callable[[str], Any]) -> Any:
    """Return adjoint × rule, recorded; the product stands inside each `where` of the rule.

    So an edge that is blocked stays blocked when the product is differentiated again: the number
    0 is answered there, and no 0·inf.
    """
    possible = rules.answers(graph)
    values: list[Any] = []
    products: dict[int, Any] = {}
    for index, row in enumerate(graph.operations):
        operands = graph.operands[index]
        if row is WHERE and index in possible:
            test, this, other = operands
            holds = values[test]
            if isinstance(holds, State):
                products[index] = apply(WHERE, holds, products[this], products[other])
            else:  # a condition on a constant, as in a^0: the other branch is no part of the graph
                products[index] = products[this] if holds else products[other]
            values.append(None)
            continue
        if row is VARIABLE:
            values.append(saved(graph.variables[index]))
        elif row is CONSTANT:
            values.append(graph.constants[index].value)
        else:
            values.append(apply(row, *(values[operand] for operand in operands)))
        if index in possible:
            blocked = is_zero(graph, index)
            products[index] = 0.0 if blocked else apply(MULTIPLY, adjoint, values[index])
    return products[graph.outputs[0]]
