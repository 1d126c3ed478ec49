"""Departures from plain calculus over many blocks of points, counted in memory that stays small."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

from autodiff_cli.engine import rules
from autodiff_cli.engine.linearise import Linearisation, Value, quiet
from autodiff_cli.graph.graph import CONSTANT
from autodiff_cli.notes.departures import at_points, findings, found_at, holds, note
from autodiff_cli.notes.note import Note
from autodiff_cli.ops import WHERE
from autodiff_cli.ops.row import COMPARISON, OPERANDS


class Count:
    """Counts the departures of one formula.

    Attributes:
        points: how many were looked at.
    """

    def __init__(self) -> None:
        self.points = 0
        self._names: dict[int, str] = {}
        # (node, which of its findings) → what is said, at how many points, the first of them
        self._found: dict[tuple[int, int], tuple[Note, int, int]] = {}

    def add(
        self, linearisation: Linearisation, adjoints: Sequence[Value | None], size: int
    ) -> None:
        """Count the departures at the points of one block.

        Args:
            linearisation: the formula there.
            adjoints: of a reverse sweep there.
            size: how many points.
        """
        before, which = -1, 0
        for index, finding in findings(linearisation, adjoints):
            before, which = index, which + 1 if index == before else 0
            where = found_at(finding[1])
            if where is None:
                continue
            count, points, first = where
            key = index, which
            if key not in self._found:
                graph = linearisation.graph
                self._names = self._names or graph.named()
                said = note(graph, self._names, index, finding)
                self._found[key] = said, 0, self.points + first if points else -1
            said, counted, earliest = self._found[key]
            self._found[key] = said, counted + count, earliest
        self.points += size

    def skip(self, size: int) -> None:
        """Count points that have no departures."""
        self.points += size

    def join(self, following: Count) -> None:
        """Take the departures at the points that come next, of the same formula."""
        for key, (said, count, first) in following._found.items():
            later = -1 if first < 0 else self.points + first
            said, counted, earliest = self._found.get(key, (said, 0, later))
            self._found[key] = said, counted + count, earliest
        self.points += following.points

    def notes(self) -> tuple[Note, ...]:
        """Return what `departures` says of all the points at once."""
        return tuple(
            said._replace(text=said.text + at_points(count, self.points if count else 0, first))
            for _, (said, count, first) in sorted(self._found.items())
        )


def calm(linearisation: Linearisation, gradient: Mapping[str, Value]) -> bool:
    """Tell from little work that no point has a departure; False where more work must tell.

    Where no edge is blocked, a partial or an adjoint that is not finite reaches a variable, since
    no product or sum makes it finite again. So finite derivatives leave only the values, which no
    function has outside its domain, and the kinks to look at.

    Args:
        linearisation: a graph at many points.
        gradient: its derivatives by reverse mode there.
    """
    graph, values = linearisation.graph, linearisation.values
    with quiet(*values):
        if not all(map(_finite, (*gradient.values(), *values))):
            return False
        for index in range(len(graph.variables), len(graph)):
            operation = graph.operations[index]
            if operation is WHERE or operation.precedence == COMPARISON:
                return False
            if operation is not CONSTANT and not _regular(linearisation, index):
                return False
    return True


def _regular(linearisation: Linearisation, index: int) -> bool:
    """Tell whether a node is off its kinks and blocks no edge."""
    graph, values, active = linearisation.graph, linearisation.values, linearisation.active
    if not active[index]:
        return True
    if any(map(_blocks, linearisation.partials[index])):
        return False
    operands = graph.operands[index]
    point = [*[values[k] for k in operands], 0.0, 0.0, 0.0][: len(OPERANDS)]
    point.append(values[index])
    return not any(
        _any(holds(kink.condition, point))
        for kink in graph.operations[index].kinks
        if kink.operand is None or active[operands[kink.operand]]
    )


def _finite(value: Value) -> bool:
    """Tell whether no number is infinite or nan: then their sum is not, unless it overflows."""
    return math.isfinite(value.sum() if hasattr(value, "shape") else value)


def _blocks(partial: Any) -> bool:
    return partial is rules.BLOCKED or _any(getattr(partial, "mask", False))


def _any(test: Any) -> bool:
    return bool(test.any() if hasattr(test, "shape") else test)
