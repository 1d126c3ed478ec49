"""What `hessian`, `hvp` and `grad --order` say."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, NamedTuple

from autodiff_cli.answers.beside import SymbolicRow
from autodiff_cli.engine.linearise import Value
from autodiff_cli.graph.graph import Graph
from autodiff_cli.notes.departures import Note

if TYPE_CHECKING:
    from autodiff_cli.symbolic.verdict import Verdict


class Entry(NamedTuple):
    """One derivative beyond the first, or one component of a product with the Hessian.

    Attributes:
        path: the variables that it is taken by, one after the other.
        value: a float, or an array with one number for each point.
        symbolic: SymPy's side, or None where it was skipped.
    """

    path: tuple[str, ...]
    value: Value
    symbolic: SymbolicRow | None


class Higher(NamedTuple):
    """What `hessian`, `hvp` and `grad --order` say.

    Attributes:
        expression, graph, at, value, gradient: as in an `Answer`.
        entries: the derivatives, row by row.
        direction: variable → component of the direction of a product, or None.
        verdict: the worst verdict.
        notes: departures from plain calculus, and why SymPy was skipped.
    """

    expression: str
    graph: Graph
    at: Mapping[str, float | list[float]]
    value: Value
    gradient: Mapping[str, Value]
    entries: tuple[Entry, ...]
    direction: Mapping[str, float] | None
    verdict: Verdict
    notes: tuple[Note, ...]
