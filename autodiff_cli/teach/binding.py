"""Which node of the formula a name of a student's stands for, told by the line that defines it.

A line that is right is the node with the same values. One that is wrong is the node of the same
number, or that another operand would make it, or that has the same operands. Others are its own.
"""

from __future__ import annotations

import re
from typing import Any

from autodiff_cli.engine import arrays
from autodiff_cli.graph.graph import CONSTANT, VARIABLE
from autodiff_cli.teach.naming import Names
from autodiff_cli.teach.own import Sweeps
from autodiff_cli.teach.quantity import Expression, Quantity, key
from autodiff_cli.teach.typed import Typed

#: A name as a label: a letter and a number.
_LABEL = re.compile(r"([^\W\d_])(\d+)")

#: How near two numbers are that are equal but for rounding, and how near to 0 is 0.
NEAR, ZERO = 1e-7, 1e-12


def near(one: Any, other: Any) -> Any:
    """Return for each point whether two arrays have the same number there."""
    import numpy

    with arrays.quiet():
        gap = numpy.abs(numpy.subtract(one, other))
        size = numpy.maximum(numpy.abs(one), numpy.abs(other))
        return (gap <= NEAR * size + ZERO) | numpy.equal(one, other)


def same(one: Any, other: Any) -> bool:
    """Tell whether two arrays are the same function, as far as both have numbers."""
    import numpy

    told = numpy.isfinite(one) & numpy.isfinite(other)
    if not told.any() or 2 * told.sum() < numpy.isfinite(other).sum():
        return bool(told[0] and near(one, other)[0])
    return bool((near(one, other) | ~told).all())


def replaced(side: Expression, old: Quantity, new: Quantity) -> Expression:
    """Return an expression with one quantity in place of another."""
    quantities = {name: new if q == old else q for name, q in side.quantities.items()}
    return Expression(text=side.text, graph=side.graph, quantities=quantities)


class Binding:
    """Gives the names of a sheet their nodes.

    Args:
        names: the names that are known.
        truth: the right numbers of all nodes.
    """

    def __init__(self, names: Names, truth: Sweeps) -> None:
        self.names, self.truth, self.graph = names, truth, names.graph
        self.labels = {label: node for node, label in self.graph.named().items()}
        self.taken: set[int] = set()

    def take(self, name: str, node: int) -> int:
        """Give a node a name, and return the node."""
        self.names.add(name, node)
        self.taken.add(node)
        return node

    def defined(self, name: str, sides: list[Expression]) -> int | None:
        """Return the node that a line of values was to define, which is not the node it gives.

        None where it is one of the student's own.

        Args:
            name: the name on its left.
            sides: what it is said to be.
        """
        for side in sides:
            if side.graph is not None:
                return self._alike(name, side)
        numbers = [side.number for side in sides if side.number is not None]
        return self._numbered(name, numbers[-1]) if numbers else None

    def meant(self, name: str, sides: list[Expression]) -> int | None:
        """Return the node that a line of derivatives is about, whose name is new."""
        if (label := self._labelled(name)) is not None:
            return label
        mentioned = {q.of for side in sides for q in side.quantities.values()}
        mentioned |= {q.by for side in sides for q in side.quantities.values() if q.back and q.by}
        free = self._free()
        exact = [k for k in free if mentioned and mentioned >= set(self.graph.operands[k])]
        near_it = [k for k in free if mentioned & set(self.graph.operands[k])]
        found = exact or near_it or (free if _LABEL.fullmatch(key(name)) else [])
        return found[0] if found else None

    def _free(self) -> list[int]:
        """Return the operations that have no name of the student's yet."""
        return [
            k
            for k, row in enumerate(self.graph.operations)
            if row not in (VARIABLE, CONSTANT) and self.graph.dependent[k] and k not in self.taken
        ]

    def equal(self, name: str, side: Expression) -> int | None:
        """Return the node that has the values of an expression: of the same name, or the first."""
        if any(q.by is not None for q in side.quantities.values()):
            return None
        numbers = self.truth.evaluated(side)
        found = [k for k in self.labels.values() if same(numbers, self.truth.quantity(Quantity(k)))]
        label = self.labels.get(key(name))
        if label in found:
            return label
        if key(name) in self.names.aliases() and self.names.result in found:
            return self.names.result
        return min(found, key=lambda k: (k in self.taken, k), default=None)

    def _labelled(self, name: str) -> int | None:
        """Return the node that has this number, where the student numbers nodes as we do."""
        match = _LABEL.fullmatch(key(name))
        if match is None:
            return None
        agreed = match[1] == self.graph.letter
        for known, node in self.names.nodes.items():
            other = _LABEL.fullmatch(known)
            numbered = other and other[1] == match[1] and known not in self.graph.variables
            if other and numbered and self.labels.get(self.graph.letter + other[2]) != node:
                return None
            agreed = agreed or bool(other and numbered)
        found = self.labels.get(self.graph.letter + match[2])
        return None if not agreed or found is None or found in self.taken else found

    def _alike(self, name: str, side: Expression) -> int | None:
        """Return the node that a wrong definition was to be."""
        assert side.graph is not None
        label = self._labelled(name)
        if label is not None:
            return label
        if key(name) in self.names.aliases():
            return self.names.result
        operands = {q.of for q in side.quantities.values()}
        titled = any(
            self.graph.titles
        )  # then another name is another formula's: u = x y, v = x + y
        free = [k for k in self._free() if not (titled and k == self.names.result)]
        for node in free:
            right = self.truth.quantity(Quantity(node))
            for quantity in side.quantities.values():
                for other in self.names.spelled:
                    changed = replaced(side, quantity, Quantity(other))
                    if same(self.truth.evaluated(changed), right):
                        return node
        alike = [k for k in free if operands == self._moving(k)]
        return alike[0] if alike else None

    def _moving(self, node: int) -> set[int]:
        """Return the operands of a node that are no constants."""
        return {k for k in self.graph.operands[node] if self.graph.dependent[k]}

    def _numbered(self, name: str, number: Typed) -> int | None:
        """Return the node that has a number, or the next one."""
        if key(name) in self.names.aliases():
            return self.names.result
        label, free = self._labelled(name), self._free()
        nodes = free if label is None else [label, *free]
        equal = [k for k in nodes if number.equals(float(self.truth.quantity(Quantity(k))[0]))]
        found = equal or (nodes if _LABEL.fullmatch(key(name)) else [])
        return found[0] if found else None
