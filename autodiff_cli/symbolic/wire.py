"""A graph as plain lists, so that a question to the other process is one line of JSON.

Only the nodes below the asked one travel, and operations travel by name: what arrives is data.
"""

from __future__ import annotations

from typing import Any

from autodiff_cli.graph.constant import Constant
from autodiff_cli.graph.graph import CONSTANT, VARIABLE, Graph
from autodiff_cli.ops import find
from autodiff_cli.ops.row import Operation


def below(graph: Graph, output: int, most: int) -> list[int] | None:
    """Return the nodes that `output` needs and every variable, in order.

    None where those are more than `most` operations; the search ends there.
    """
    found, operations = set(range(len(graph.variables))), 0
    for index in graph.below([output]):
        found.add(index)
        operations += bool(graph.operands[index])
        if operations > most:
            return None
    return sorted(found)


def encode(graph: Graph, nodes: list[int]) -> dict[str, Any]:
    """Return the part of a graph that `below` listed, renumbered; its last output is the last."""
    place = {index: position for position, index in enumerate(nodes)}
    return {
        "variables": graph.variables,
        "operations": [[graph.operations[k].name, len(graph.operations[k].rules)] for k in nodes],
        "operands": [[place[operand] for operand in graph.operands[k]] for k in nodes],
        "constants": [
            [place[k], *constant.exact, constant.value]
            for k, constant in graph.constants.items()
            if k in place
        ],
        "dependent": [graph.dependent[k] for k in nodes],
    }


def decode(data: dict[str, Any], output: int) -> Graph:
    """Return the graph that `encode` wrote, with one output."""
    return Graph(
        variables=tuple(data["variables"]),
        operations=tuple(_operation(name, arity) for name, arity in data["operations"]),
        operands=tuple(map(tuple, data["operands"])),
        constants={
            index: Constant((sign, digits, exponent), value)
            for index, sign, digits, exponent, value in data["constants"]
        },
        outputs=(output,),
        dependent=bytes(data["dependent"]),
    )


def _operation(name: str, arity: int) -> Operation:
    for leaf in (VARIABLE, CONSTANT):
        if name == leaf.name:
            return leaf
    return find(name, arity)


def depth(graph: Graph, nodes: list[int]) -> int:
    """Return how deep SymPy will nest: chained sums are one sum there, chained products one."""
    deep = [0] * (nodes[-1] + 1)
    for index in nodes:
        family = _FAMILY.get(graph.operations[index].symbol)
        for operand in graph.operands[index]:
            chained = family and family == _FAMILY.get(graph.operations[operand].symbol)
            deep[index] = max(deep[index], deep[operand] + (0 if chained else 1))
    return max(deep)


_FAMILY = {"+": "sum", "-": "sum", "*": "product", "/": "product"}
