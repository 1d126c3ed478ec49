"""What `jacobian`, `vjp` and `jvp` say."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, NamedTuple

from autodiff_cli.answers.beside import Answer
from autodiff_cli.engine.linearise import Value
from autodiff_cli.graph.graph import Graph
from autodiff_cli.notes.departures import Note

if TYPE_CHECKING:
    from autodiff_cli.symbolic.verdict import Verdict


class Products(NamedTuple):
    """What `jacobian`, `vjp` and `jvp` say.

    Attributes:
        kind: the command.
        expressions, graph, at: the formulas and the point.
        wrt: the columns.
        values: one for each expression; arrays where there are several points, as in `rows`.
        rows: the Jacobian: for each expression variable → partial derivative; None if too large.
        mode, reason: the mode of the cheaper sweeps, and why, for the matrix.
        given: the seed (one weight an expression) or the direction (one number a variable).
        product: seed · J, one a variable, or J · direction, one an expression.
        notes: departures from plain calculus, readings.
        answers: for a Jacobian, each expression with SymPy beside it; () where it was not asked.
        verdict: of a Jacobian, the worst.
    """

    kind: str
    expressions: tuple[str, ...]
    graph: Graph
    at: Mapping[str, Value]
    wrt: tuple[str, ...]
    values: tuple[Value, ...]
    rows: tuple[Mapping[str, Value], ...] | None
    mode: str
    reason: str
    given: tuple[float, ...]
    product: tuple[float, ...]
    notes: tuple[Note, ...]
    answers: tuple[Answer, ...] = ()
    verdict: Verdict = "match"
