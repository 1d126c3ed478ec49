"""Texts read into graphs, as every function of the Python API takes them."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence, Set
from typing import Any

from autodiff_cli.errors import AutodiffError, words
from autodiff_cli.graph.graph import Graph
from autodiff_cli.language.parser import Reading, read

#: One expression, several, or a graph from `parse` with one output for each.
Expressions = Graph | str | Sequence[str]


def parse(*texts: str, variables: Sequence[str] = (), share: bool = True) -> Graph:
    """Read expressions into one computation graph.

    Args:
        texts: one expression for each output of the graph.
        variables: names that are variables even where the language has a constant (`e`, `pi`).
        share: False keeps equal subexpressions apart: the graph becomes a tree.

    Raises:
        AutodiffError: a text is not an expression; the message has a caret and the mend.
    """
    return _read(texts, variables, share=share).graph


def _read(texts: Sequence[str], variables: Collection[str] = (), *, share: bool = True) -> Reading:
    if not texts:
        raise AutodiffError("no expression", mend='write parse("x^2")')
    for text in texts:
        if not isinstance(text, str):
            raise AutodiffError(f"an expression is text, not {type(text).__name__}")
    return read(texts, words("variables", variables), share=share)


def reading_of(expression: Graph | Reading | str, given: Mapping[str, Any]) -> Reading:
    """Return a graph as it is, or text read with the given names as variables."""
    if isinstance(expression, Graph):
        if len(expression.outputs) != 1:
            raise AutodiffError(
                f"the graph has {len(expression.outputs)} outputs", mend="parse one expression"
            )
        return Reading(expression, ())
    if isinstance(expression, Reading):
        return expression
    return _read([expression], _names(given))


def _names(at: Mapping[str, Any]) -> tuple[str, ...]:
    """Return the names of a point; what is wrong with it is told when it is bound."""
    given = at if isinstance(at, Mapping) else ()
    return tuple([name for name in given if isinstance(name, str)])


def graph_of(expressions: Expressions, at: Mapping[str, Any]) -> Graph:
    """Return a graph as it is, or texts read with the names of the point as variables."""
    if isinstance(expressions, Graph):
        return expressions
    if isinstance(expressions, (Mapping, Set)):
        raise AutodiffError(f"expressions are a list of texts, not {type(expressions).__name__}")
    return parse(*words("expressions", expressions), variables=_names(at))


def single(expression: Graph | str, at: Mapping[str, Any]) -> Graph:
    """Return the graph of one expression, read as `graph_of` reads it."""
    if not isinstance(expression, (Graph, str)):
        message = f"an expression is text or a graph, not {type(expression).__name__}"
        raise AutodiffError(message)
    graph = graph_of(expression, at)
    if len(graph.outputs) != 1:
        raise AutodiffError(
            f"the graph has {len(graph.outputs)} outputs", mend="parse one expression"
        )
    return graph
