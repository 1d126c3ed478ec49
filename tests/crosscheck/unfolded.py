"""Graphs written out without a single folding: rows as formulas of others, and the gradient.

autodiff's own gradient graph computes constant conditions and lets a literal 0 take all below it
along; a library multiplies that 0 on. Both are the same sweep of the same rules.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

from autodiff_cli.engine import rules
from autodiff_cli.engine.folding import is_zero
from autodiff_cli.graph.constant import literal
from autodiff_cli.graph.graph import CONSTANT, Builder, Graph
from autodiff_cli.language.parser import read
from autodiff_cli.ops import ADD, MULTIPLY, WHERE
from autodiff_cli.ops.row import OPERANDS, Operation

#: (name of a row, position of the operand) → what passes that edge: a formula over the adjoint g
#: and a, b, y, or an operation, with derivatives of its own, on g and the letter beside it.
Passes = Mapping[tuple[str, int], str | tuple[Operation, str]]


@cache
def passing(text: str) -> Graph:
    """Return what passes an edge as a graph over g, a, b, y."""
    return read([text], ("g", *OPERANDS, "y"), share=False).graph


def composed(graph: Graph, texts: Mapping[str, str]) -> Graph:
    """Return a graph with rows written out as formulas of other rows.

    Args:
        graph: the graph.
        texts: name of a row → formula over a, b, c.
    """
    if not any(operation.name in texts for operation in graph.operations):
        return graph
    builder, places = _copy(graph, texts)
    return builder.graph([places[k] for k in graph.outputs])


def gradient_graph(graph: Graph, passes: Passes) -> Graph:
    """Return the value and its gradient as a graph; nothing is folded or shared.

    Args:
        graph: the graph.
        passes: edges that are written in another way than the adjoint times the rule.
    """
    builder, places = _copy(graph, {})
    arriving: dict[int, list[int]] = {graph.outputs[0]: [builder.constant(literal("1"))]}
    adjoints: dict[int, int] = {}
    for index in range(graph.outputs[0], -1, -1):
        if index not in arriving or not graph.dependent[index]:
            continue
        terms = arriving[index]
        adjoint = terms[0] if len(terms) == 1 else builder.apply(ADD, tuple(terms))
        adjoints[index] = adjoint
        operation, operands = graph.operations[index], graph.operands[index]
        stand = dict(zip(OPERANDS, (places[k] for k in operands), strict=False))
        stand |= {"y": places[index], "g": adjoint}
        for position, operand in enumerate(operands):
            if not graph.dependent[operand] or not operation.rule(position):
                continue
            text = passes.get((operation.name, position))
            if isinstance(text, tuple):
                passed = builder.apply(text[0], (adjoint, stand[text[1]]))
            elif text:
                whole = passing(text)
                passed = _write(builder, whole, stand)[whole.outputs[0]]
            else:
                passed = _edge(builder, rules.formula(operation.rule(position)), stand)
            arriving.setdefault(operand, []).append(passed)
    zero = builder.constant(literal("0"))
    slopes = [adjoints.get(place, zero) for place in range(len(graph.variables))]
    return builder.graph([places[graph.outputs[0]], *slopes])


def _edge(builder: Builder, rule: Graph, stand: Mapping[str, int]) -> int:
    """Write the adjoint times a rule, inside the `where` that blocks it; return its node."""
    places = _write(builder, rule, stand)
    possible = sorted(rules.answers(rule))
    blocks: set[int] = set()
    passed: dict[int, int] = {}
    for index in possible:
        if rule.operations[index] is WHERE:
            condition, first, second = rule.operands[index]
            if first in blocks or second in blocks:
                blocks.add(index)
                choice = (places[condition], passed[first], passed[second])
                passed[index] = builder.apply(WHERE, choice)
                continue
        if is_zero(rule, index):
            blocks.add(index)
            passed[index] = places[index]
        else:
            passed[index] = builder.apply(MULTIPLY, (stand["g"], places[index]))
    return passed[rule.outputs[0]]


def _copy(graph: Graph, texts: Mapping[str, str]) -> tuple[Builder, list[int]]:
    """Return a builder with a graph in it, rows of `texts` written out, and each node's place."""
    builder = Builder(graph.variables, share=False)
    places = list(range(len(graph.variables)))
    for index in range(len(places), len(graph)):
        operation = graph.operations[index]
        operands = tuple(places[k] for k in graph.operands[index])
        if operation is CONSTANT:
            places.append(builder.constant(graph.constants[index]))
        elif operation.name in texts:
            text = rules.formula(texts[operation.name])
            stand = dict(zip(OPERANDS, operands, strict=False))
            places.append(_write(builder, text, stand)[text.outputs[0]])
        else:
            places.append(builder.apply(operation, operands))
    return builder, places


def _write(builder: Builder, text: Graph, stand: Mapping[str, int]) -> list[int]:
    """Write a formula of the table into a graph as it stands; return the place of each node."""
    places = [stand.get(name, 0) for name in text.variables]
    for index in range(len(places), len(text)):
        if text.operations[index] is CONSTANT:
            places.append(builder.constant(text.constants[index]))
        else:
            operands = tuple(places[k] for k in text.operands[index])
            places.append(builder.apply(text.operations[index], operands))
    return places
