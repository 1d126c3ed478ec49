"""What to tell a student of a slip: the catalogue's sentence with the formulas of the place."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from functools import partial

from autodiff_cli.engine.folding import fold
from autodiff_cli.graph.graph import Graph
from autodiff_cli.ops import MULTIPLY, VARIABLE
from autodiff_cli.teach.rewriting import Application, Differentiation
from autodiff_cli.teach.tidying import tidied

#: A sentence: prose, and formulas between it.
Words = tuple[str | Graph, ...]


def words(
    work: Differentiation, one: Application, called: Callable[[int], str] | None = None
) -> tuple[Graph | None, Words]:
    """Return the derivative as it should be at the place of a slip, and what to tell of it.

    Args:
        work: the formula and its derivative.
        one: the slip.
        called: what a node of the formula is called; as the graph calls it by default.
    """
    called = called or partial(label, work.graph)
    graph, node, right = work.graph, one.node, None
    found: dict[str, str | Graph] = {"x": work.name}
    if node is not None:
        if one.slip.sweep:
            found["node"] = found["operand"] = called(node)
            found["consumer"] = "" if one.consumer is None else called(one.consumer)
            found["uses"] = str(sum(operands.count(node) for operands in graph.operands))
        else:
            right = _formula(work, _right(work, one, node))
            found["right"], found["node"] = right, _formula(work, work.places[node])
            moving = [k for k in graph.operands[node] if k in work.tangents]
            found["inner"] = _formula(work, work.places[moving[0] if moving else node])
    parts = re.split(r"\{(\w+)\}", one.slip.text)
    return right, tuple(found[part] if k % 2 else part for k, part in enumerate(parts))


def label(graph: Graph, node: int) -> str:
    """Return what a node is called: the variable, the step's own name, or w3."""
    if graph.operations[node] is VARIABLE:
        return graph.variables[node]
    return graph.names.get(node) or graph.labels()[node]


def _right(work: Differentiation, one: Application, node: int) -> int:
    """Return the derivative of a node; where the inner one was the matter, as the last factor."""
    place = work.tangents.get(node)
    if place is None:
        return work.zero()
    if any(rewrite.of == "composite" for rewrite in one.slip.rewrites):
        operands = work.graph.operands[node]
        position = next(k for k, operand in enumerate(operands) if operand in work.tangents)
        inner = tidied(work.builder, work.tangents[operands[position]])
        return fold(work.builder, MULTIPLY, (work.slope(node, position), inner))
    return tidied(work.builder, place)


def _formula(work: Differentiation, place: int) -> Graph:
    """Return a node of the builder as a formula; the letter of labels does not matter in it."""
    return replace(work.builder.graph([place]), names={})
