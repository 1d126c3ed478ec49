"""What `backward` says: what was saved, and one pass after the other."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

from autodiff_cli.graph.graph import Graph
from autodiff_cli.notes.departures import Note


class Saved(NamedTuple):
    """A value kept for backward: the label of its node, None for a constant, and the number(s)."""

    name: str | None
    value: float | list[float]


class Recorded(NamedTuple):
    """One operation that was recorded.

    Attributes:
        label: `w2`.
        node: its position in the graph.
        value: its number, or one a row.
        grad_fn: PyTorch's name for it.
        saved: what its derivative rules will need.
    """

    label: str
    node: int
    value: float | list[float]
    grad_fn: str
    saved: tuple[Saved, ...]


class Pass(NamedTuple):
    """One backward pass; gradients are numbers, lists of one a row, or None before the first.

    Attributes:
        number: from 1 up.
        seed: the weights given; None where none were.
        retained: whether the saved values were to be kept.
        zeroed: whether the gradients were set to 0 before.
        before, after: variable → gradient.
        added: variable → what the pass found; empty where it failed.
        freed: labels of the operations whose saved values this pass freed.
        error: why it failed, or None.
    """

    number: int
    seed: float | list[float] | None
    retained: bool
    zeroed: bool
    before: Mapping[str, Any]
    added: Mapping[str, Any]
    after: Mapping[str, Any]
    freed: tuple[str, ...]
    error: str | None


class Passes(NamedTuple):
    """What `backward` says.

    Attributes:
        expression, graph, at: the formula and the point.
        value: the result: a number, or one a row.
        shape: its shape, () for a number.
        grad_fn: PyTorch's name for the operation that made it, or None.
        recorded: what each operation saved, before the first pass.
        passes: those that were run; the first that fails is the last.
        times: how many were asked for.
        notes: departures from plain calculus, readings.
    """

    expression: str
    graph: Graph
    at: Mapping[str, float | list[float]]
    value: float | list[float]
    shape: tuple[int, ...]
    grad_fn: str | None
    recorded: tuple[Recorded, ...]
    passes: tuple[Pass, ...]
    times: int
    notes: tuple[Note, ...]
