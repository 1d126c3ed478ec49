"""What was recorded below a result, as a computation graph of the engine's type, with shapes.

How it is drawn, `views/recorded.py` says; the face of the package makes methods of tensors of it.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np

from autodiff_cli.graph import Builder, Graph
from autodiff_cli.graph.constant import Constant, literal
from autodiff_cli.graph.printer import number
from autodiff_cli.lab.apply import State
from autodiff_cli.lab.backward import pulled
from autodiff_cli.lab.errors import LabError
from autodiff_cli.lab.tape import TapeEntry
from autodiff_cli.lab.unrolled import unrolled
from autodiff_cli.ops import MULTIPLY
from autodiff_cli.ops.row import OPERANDS, PRODUCT, Operation
from autodiff_cli.ops.shapes import MATMUL, SCALE


@dataclass(frozen=True, slots=True, kw_only=True)
class Node:
    """One labelled node of a recorded graph.

    Attributes:
        index: its place in the graph.
        maker: PyTorch's name for what made it; "" for a leaf or a constant.
        shape: its shape.
        saved: what is kept for backward, in words; "" for a leaf.
        value: its numbers, where they are still there.
        adjoint: the derivatives of the result's sum by them, or None where they were freed.
    """

    index: int
    maker: str
    shape: tuple[int, ...]
    saved: str
    value: Any = None
    adjoint: Any = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Recorded:
    """The record below a result.

    Attributes:
        graph: the computation graph; maps of shapes stand in it as functions of their name.
        nodes: its labelled nodes, in order.
    """

    graph: Graph
    nodes: tuple[Node, ...]


def recorded(result: Any, named: Mapping[str, Any]) -> Recorded:
    """Return what was recorded below a result.

    Args:
        result: the tensor.
        named: name → leaf; the others are x1, x2, …, and constant tensors c1, c2, ….

    Raises:
        LabError: nothing was recorded.
    """
    if result.origin is None:
        raise LabError(
            "nothing was recorded below this tensor",
            mend="make the inputs with requires_grad=True, outside of no_grad()",
        )
    order = unrolled([result.origin])
    entries = [node for node in order.nodes if isinstance(node, TapeEntry)]
    leaves = [node for node in order.nodes if isinstance(node, State)]
    fixed = _fixed(entries)
    names = _names(leaves, fixed, named)
    builder = Builder(tuple(names.values()), share=False)
    places = {key: place for place, key in enumerate(names)}
    values = {id(leaf): leaf.array for leaf in leaves} | fixed | {id(result.origin): result.array}
    for entry in entries:
        places[id(entry)] = _written(builder, entry, places)
        for letter, saved in (entry.saved or {}).items():
            if letter != "key":
                origin = entry if letter == "y" else entry.origins[OPERANDS.index(letter)]
                if isinstance(saved.value, np.ndarray) and not saved.changes:
                    values.setdefault(id(origin), saved.value)
    adjoints = pulled(result)
    nodes = [
        Node(index=places[id(leaf)], maker="", shape=leaf.array.shape, saved="",
             value=leaf.array, adjoint=adjoints.get(id(leaf)))
        for leaf in leaves
    ] + [
        Node(index=places[key], maker="", shape=array.shape, saved="", value=array)
        for key, array in fixed.items()
    ] + [
        Node(index=places[id(entry)], maker=entry.name(), shape=entry.shape,
             saved=_kept(entry), value=values.get(id(entry)), adjoint=adjoints.get(id(entry)))
        for entry in entries
    ]  # fmt: skip
    return Recorded(graph=builder.graph([places[id(result.origin)]]), nodes=tuple(nodes))


def _kept(entry: TapeEntry) -> str:
    """Return what an entry keeps, in words: "its operands", "nothing", "freed"."""
    return "freed" if entry.saved is None else entry.described().partition(" saves ")[2]


def _fixed(entries: list[TapeEntry]) -> dict[int, Any]:
    """Return the arrays that entries kept of operands that nothing is asked of, by their id."""
    found: dict[int, Any] = {}
    for entry in entries:
        for letter, saved in (entry.saved or {}).items():
            fixed = letter in OPERANDS and entry.origins[OPERANDS.index(letter)] is None
            if fixed and isinstance(saved.value, np.ndarray) and saved.value.ndim:
                found[id(saved.value)] = saved.value
    return found


def _names(leaves: list[Any], fixed: Mapping[int, Any], named: Mapping[str, Any]) -> dict[int, str]:
    """Return a name for each leaf and constant tensor, by its id."""
    said = {id(tensor): name for name, tensor in named.items()}
    said |= {id(tensor.array): name for name, tensor in named.items() if isinstance(tensor, State)}
    single = len(leaves) == 1
    found: dict[int, str] = {}
    for place, leaf in enumerate(leaves, 1):
        found[id(leaf)] = said.get(id(leaf), "x" if single else f"x{place}")
    for place, key in enumerate(fixed, 1):
        found[key] = said.get(key, f"c{place}")
    return found


def _written(builder: Builder, entry: TapeEntry, places: Mapping[int, int]) -> int:
    """Write one entry into the graph, and return its node."""
    row = entry.row
    nodes = []
    for place, origin in enumerate(entry.origins):
        kept = (entry.saved or {}).get(OPERANDS[place]) if place < len(OPERANDS) else None
        value = entry.plain[place] if entry.plain else None
        if origin is not None:
            nodes.append(places[id(origin)])
        elif kept is not None and id(kept.value) in places:
            nodes.append(places[id(kept.value)])
        else:
            nodes.append(_constant(builder, value if kept is None else kept.value))
    if row is SCALE and entry.parameters["factor"] != 1:
        return builder.apply(MULTIPLY, (_constant(builder, entry.parameters["factor"]), *nodes))
    if isinstance(row, Operation) and (row.variadic or row.arity == len(nodes)):
        return builder.apply(row, tuple(nodes))
    if row is SCALE:
        return builder.apply(shown("clone", 1), tuple(nodes))
    return builder.apply(shown("@" if row is MATMUL else row.name, len(nodes)), tuple(nodes))


def _constant(builder: Builder, value: Any) -> int:
    """Return a node for a number; for a tensor that was not kept, one that only says so."""
    if value is None or np.size(value) != 1 or not np.isfinite(value):
        return builder.constant(Constant(("name", "constant", 0), math.nan))
    return builder.constant(literal(number(float(np.asarray(value).item()))))


@cache
def shown(name: str, count: int) -> Operation:
    """Return a row that stands in a drawn graph for a map of shapes: a name, and no rule."""
    if name == "@":
        return Operation(name="matmul", symbol="@", precedence=PRODUCT, rules=("", ""),
                         summary="matrix product")  # fmt: skip
    return Operation(name=name, rules=("",) * count, summary=name)
