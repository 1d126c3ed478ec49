"""The record below some results as columns, operands first, ready for a sweep."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from autodiff_cli.lab.tape import TapeEntry


@dataclass(frozen=True, slots=True)
class Hooked:
    """Stands between a node and those who use it: where its adjoint is handed to hooks."""

    hooks: Sequence[Any]

    def free(self) -> None:
        """Hooks stay."""


@dataclass(frozen=True, slots=True)
class Tape:
    """What the outputs were made of, in the columns that a sweep reads.

    Attributes:
        nodes: leaf tensors, entries and hooks, operands first.
        operands: for each node the operands that are differentiated, as places in `nodes`.
        positions: for each of them which operand of the entry it is.
        tops: id of a leaf or entry → where its adjoint arrives: at its hooks, or at itself.
    """

    nodes: tuple[Any, ...]
    operands: tuple[tuple[int, ...], ...]
    positions: tuple[tuple[int, ...], ...]
    tops: Mapping[int, int]


def unrolled(roots: Iterable[Any], only: Sequence[Any] | None = None) -> Tape:
    """Return what the roots were made of; with `only`, what leads to one of those nodes."""
    wanted = None if only is None else {id(node) for node in only}
    tops: dict[int, int] = {}
    nodes: list[Any] = []
    operands: list[tuple[int, ...]] = []
    positions: list[tuple[int, ...]] = []
    for node in _order(roots):
        live: tuple[int, ...] = ()
        places: tuple[int, ...] = ()
        if isinstance(node, TapeEntry):
            origins, live = node.origins, node.live
            if wanted is not None:
                live = tuple([p for p in live if id(origins[p]) in tops])
            places = tuple([tops[id(origins[p])] for p in live])
        if wanted is None or live or id(node) in wanted:
            tops[id(node)] = len(nodes)
            nodes.append(node)
            positions.append(live)
            operands.append(places)
            if node.hooks:
                operands.append((tops[id(node)],))
                positions.append((0,))
                tops[id(node)] = len(nodes)
                nodes.append(Hooked(node.hooks))
    return Tape(tuple(nodes), tuple(operands), tuple(positions), tops)


def _order(roots: Iterable[Any]) -> list[Any]:
    """Return every node below the roots, operands first. A loop: a chain may be very long."""
    order: list[Any] = []
    opened: set[int] = set()
    finished: set[int] = set()
    todo = list(roots)
    while todo:
        node = todo.pop()
        here = id(node)
        if here in opened:  # what is below it has been seen to
            if here not in finished:
                finished.add(here)
                order.append(node)
        elif isinstance(node, TapeEntry):
            opened.add(here)
            todo.append(node)
            origins = node.origins
            for place in node.live[::-1]:
                if id(origins[place]) not in opened:
                    todo.append(origins[place])
        else:  # a leaf has nothing below it
            opened.add(here)
            finished.add(here)
            order.append(node)
    return order
