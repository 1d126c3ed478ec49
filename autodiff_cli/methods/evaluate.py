"""Second opinions: derivatives of the same graph by methods that share no derivative rule."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, TypeVar

from autodiff_cli.engine import rules
from autodiff_cli.graph.graph import CONSTANT, Graph
from autodiff_cli.limits import LIMITS, limit, variable
from autodiff_cli.ops import OPERATIONS
from autodiff_cli.ops.row import OPERANDS

Result = TypeVar("Result")


class Unavailable(LookupError):
    """A method lacks a function of the formula; the text is a phrase for the reader."""


def bounded(name: str, size: int, compute: Callable[[], Result]) -> Callable[[], Result]:
    """Return a method that is Unavailable where its work is beyond the limit `name`."""

    def within() -> Result:
        if size > limit(name):
            raise Unavailable(
                f"more than {limit(name):,} {LIMITS[name][1]}; set {variable(name)} in the "
                "environment to raise this limit"
            )
        return compute()

    return within


def evaluate(
    graph: Graph, at: Mapping[str, Any], functions: Mapping[str, Callable[..., Any]]
) -> Any:
    """Return the first output of a graph, computed with another library's functions.

    Args:
        graph: the graph.
        at: variable → value of that library's kind.
        functions: name in the operation table → function.
    """
    return evaluate_all(graph, at, functions)[0]


def evaluate_all(
    graph: Graph, at: Mapping[str, Any], functions: Mapping[str, Callable[..., Any]]
) -> list[Any]:
    """Return every output of a graph; see `evaluate`."""
    values: list[Any] = [at[name] for name in graph.variables]
    for index in range(len(values), len(graph)):
        operation = graph.operations[index]
        if operation is CONSTANT:
            values.append(graph.constants[index].value)
        else:
            operands = [values[operand] for operand in graph.operands[index]]
            values.append(functions[operation.name](*operands))
    return [values[output] for output in graph.outputs]


def completed(functions: dict[str, Callable[..., Any]]) -> dict[str, Callable[..., Any]]:
    """Return functions for every row: those that are missing compute their definition."""
    for row in OPERATIONS:
        if row.name not in functions and (row.computed or row.definition):
            source = rules.python(rules.formula(row.computed or row.definition), arrays=True)
            names = OPERANDS[: row.arity]
            functions[row.name] = rules.compile_formula(source, functions, names)
    return functions
