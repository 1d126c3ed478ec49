"""Derivative rules: the table's text → graph → a function that runs, or a formula that is shown.

A rule's literal 0 blocks the edge: whatever arrives there, nothing passes. A 0 that is computed
does not block (0·inf is nan). So a compiled rule answers a number, or BLOCKED.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cache
from typing import Any

from autodiff_cli.engine.folding import fold, is_zero
from autodiff_cli.graph.graph import CONSTANT, VARIABLE, Builder, Graph
from autodiff_cli.graph.printer import constant_text
from autodiff_cli.language.parser import read
from autodiff_cli.ops import OPERATIONS, WHERE
from autodiff_cli.ops.row import OPERANDS, Operation

#: The names a rule may use.
NAMES = (*OPERANDS, "y")


class Blocked:
    """The partial of an edge that nothing passes. There is one: BLOCKED."""

    def __repr__(self) -> str:
        return "BLOCKED"


BLOCKED = Blocked()


@cache
def formula(text: str) -> Graph:
    """Return a rule or definition of the table as a graph over `a, b, c, y`.

    Nothing is shared in it: a 0 in a condition is not the 0 that the rule answers.
    """
    return read([text], NAMES, share=False).graph


@cache
def rule(text: str) -> Callable[..., Any]:
    """Return a rule as a float function of (a, b, c, y) that answers a number or BLOCKED."""
    return compile_formula(python(formula(text), blocked="BLOCKED"), scalar_functions())


@cache
def condition(text: str) -> Callable[..., bool]:
    """Return a domain or a kink's condition as a function of floats (a, b, c, y)."""
    return compile_formula(python(formula(f"where({text}, 1, 0)")), scalar_functions())


def compile_formula(
    source: str, functions: Mapping[str, Any], names: tuple[str, ...] = NAMES
) -> Callable[..., Any]:
    """Compile what `python` wrote for a formula of the operation table.

    No text of a user's reaches this call: rows of the table alone do.
    """
    arguments = ", ".join(f"{name}=0.0" for name in names)
    function: Callable[..., Any] = eval(f"lambda {arguments}: {source}", dict(functions))
    return function


@cache
def scalar_functions() -> Mapping[str, Callable[..., Any]]:
    """Return name → float function for every row; rows without one compute their definition."""
    functions: dict[str, Any] = {row.name: row.value or _late(row) for row in OPERATIONS}
    functions["BLOCKED"] = BLOCKED
    return functions


def _late(operation: Operation) -> Callable[..., float]:
    """Return a function that compiles a definition when it is first called, not at the start."""
    return lambda *operands: value(operation)(*operands)


@cache
def _defined(operation: Operation) -> Callable[..., float]:
    source = python(formula(operation.computed or operation.definition))
    return compile_formula(source, scalar_functions(), OPERANDS[: operation.arity])


@cache
def step(operation: Operation, *active: int) -> Callable[..., Any]:
    """Return a row as one float function of its operands: (the value, a partial for each operand).

    Args:
        operation: the row.
        active: for each operand, whether its partial is wanted; where not, it is None.

    Value and partials are one Python expression, because a call costs as much as the arithmetic.
    """
    return _step(operation, active, scalar_functions())


#: What a quick step raises where IEEE 754 has a number.
RAISED = (ValueError, OverflowError, ZeroDivisionError)


@cache
def quick_step(operation: Operation, *active: int) -> Callable[..., Any]:
    """Return the same with Python's own `math`: quicker, but it raises where `step` answers."""
    functions = scalar_functions().items()
    return _step(operation, active, {name: getattr(f, "__wrapped__", f) for name, f in functions})


def _step(
    operation: Operation, active: tuple[int, ...], functions: Mapping[str, Any]
) -> Callable[..., Any]:
    texts = [
        python(formula(rule), blocked="BLOCKED") if wanted and rule else "None"
        for rule, wanted in zip(operation.rules, active, strict=True)
    ]
    source = f"((y := {python(_application(operation))}), ({', '.join(texts)},))"
    return compile_formula(source, functions, OPERANDS[: len(active)])


def _application(operation: Operation) -> Graph:
    """Return the graph of a row on its operands a, b, c."""
    names = OPERANDS[: operation.arity]
    builder = Builder(names)
    return builder.graph([builder.apply(operation, tuple(range(len(names))))])


def value(operation: Operation) -> Callable[..., float]:
    """Return the float function of a row: its own, or the one that its definition makes."""
    return operation.value or _defined(operation)


def python(graph: Graph, *, blocked: str = "", arrays: bool = False) -> str:
    """Return the output of a small graph as a Python expression over the table's functions.

    Args:
        graph: a formula of the table.
        blocked: text for each literal 0 that the formula may answer; "" keeps the 0.
        arrays: write a choice as a call of `where`, which takes arrays.
    """
    possible = answers(graph)
    texts: list[str] = []
    for index, operation in enumerate(graph.operations):
        below = [texts[k] for k in graph.operands[index]]
        if operation is VARIABLE:
            text = graph.variables[index]
        elif operation is CONSTANT:
            stops = blocked and index in possible and is_zero(graph, index)
            text = blocked if stops else repr(graph.constants[index].value)
        elif operation is WHERE and not arrays:
            text = f"({below[1]} if {below[0]} else {below[2]})"
        elif operation.python:
            joined = f" {operation.python} ".join(below)
            text = f"({joined})" if len(below) > 1 else f"({operation.python}{joined})"
        else:
            text = f"{operation.name}({', '.join(below)})"
        texts.append(text)
    return texts[graph.outputs[0]]


def answers(graph: Graph) -> set[int]:
    """Return the nodes that the formula may answer: its output, and the branches below it."""
    possible = {graph.outputs[0]}
    for index in range(len(graph) - 1, -1, -1):
        if index in possible and graph.operations[index] is WHERE:
            possible.update(graph.operands[index][1:])
    return possible


@cache
def constant_rule(text: str) -> Any:
    """Return the number (or BLOCKED) that a rule is at every point, or None where it varies."""
    return None if formula(text).variables else rule(text)()


def instantiate(
    builder: Builder, operation: Operation, position: int, operands: tuple[int, ...], result: int
) -> int:
    """Write the rule for one operand into a graph, folded, and return its node.

    Args:
        builder: the graph under construction; `operands` and `result` are its nodes.
        operation: the row whose rule is written.
        position: which operand the derivative is for.
        operands: the nodes that stand for a, b, c.
        result: the node that stands for y.
    """
    text = formula(operation.rule(position))
    return written(builder, text, operands, result)[text.outputs[0]]


def written(
    builder: Builder, text: Graph, operands: tuple[int, ...], result: int, *, exact: bool = False
) -> list[int]:
    """Write a formula of the table into a graph, folded, and return the place of each node.

    Args:
        builder: the graph under construction.
        text: the formula.
        operands: the nodes that stand for a, b, c.
        result: the node that stands for y.
        exact: fold only what changes no number, see `folding.fold`.
    """
    stand = dict(zip(OPERANDS, operands, strict=False)) | {"y": result}
    return written_over(builder, text, stand, exact=exact)


def written_over(
    builder: Builder, text: Graph, stand: Mapping[str, int], *, exact: bool = False
) -> list[int]:
    """Write a formula over any names into a graph, folded, and return the place of each node.

    Args:
        builder: the graph under construction.
        text: the formula.
        stand: variable of the formula → the node that stands for it.
        exact: fold only what changes no number, see `folding.fold`.
    """
    places: list[int] = []
    for index, row in enumerate(text.operations):
        if row is VARIABLE:
            places.append(stand[text.variables[index]])
        elif row is CONSTANT:
            places.append(builder.constant(text.constants[index], constant_text(text, index)))
        else:
            operands_of = tuple([places[k] for k in text.operands[index]])
            places.append(fold(builder, row, operands_of, exact=exact))
    return places
