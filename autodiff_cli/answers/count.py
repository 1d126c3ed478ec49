"""How much work a derivative is: operations of the graph's sweeps beside those of SymPy's formula.

Baydin et al., Automatic Differentiation in Machine Learning: a Survey, table 1, shows a formula
whose derivative swells when it is written out, while the graph grows by a constant a step.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from autodiff_cli.answers.judging import unasked
from autodiff_cli.engine.brief import brief
from autodiff_cli.engine.composition import iterates
from autodiff_cli.engine.cost import Counts, counts
from autodiff_cli.graph.graph import Graph
from autodiff_cli.symbolic.question import Operations, operations

if TYPE_CHECKING:
    from autodiff_cli.symbolic.client import Client


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Row:
    """One formula and its operations.

    Attributes:
        expression: the text as typed.
        graph: the formula.
        times: how often the text is applied; 1 unless it is put into itself.
        counts: operations of the value and of both sweeps.
        symbolic: operations of SymPy's derivatives.
    """

    expression: str
    graph: Graph
    times: int
    counts: Counts
    symbolic: Operations

    __repr__ = brief


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Tally:
    """Formulas and their operations.

    Attributes:
        rows: one a formula, or one an iterate.
        iterated: the variable that the formula is put in for, or "".
    """

    rows: tuple[Row, ...]
    iterated: str = ""

    __repr__ = brief


def of_formulas(
    formulas: Sequence[tuple[str, Graph, tuple[str, ...]]],
    client: Client | None,
    seconds: float,
) -> Tally:
    """Count several formulas, each a text, its graph, and the variables to differentiate by."""
    rows = [
        Row(
            expression=text,
            graph=graph,
            times=1,
            counts=counts(graph, wrt),
            symbolic=_symbolic(graph, wrt, client, seconds),
        )
        for text, graph, wrt in formulas
    ]
    return Tally(rows=tuple(rows))


def of_iterates(
    expression: str, graph: Graph, name: str, times: int, client: Client | None, seconds: float
) -> Tally:
    """Count a formula that is put into itself.

    Args:
        expression: the text as typed.
        graph: the formula.
        name: the variable that it is put in for, and differentiated by.
        times: applications in the last row; the first row has one.
        client: SymPy's process; None where SymPy is not wanted.
        seconds: how long SymPy may think about each row; it is not asked beyond one it gave up.
    """
    rows: list[Row] = []
    for number, applied in enumerate(iterates(graph, name, times), 1):
        if rows and rows[-1].symbolic.reason:
            symbolic = rows[-1].symbolic
        else:
            symbolic = _symbolic(applied, (name,), client, seconds)
        rows.append(
            Row(
                expression=expression,
                graph=replace(applied, titles=graph.titles),
                times=number,
                counts=counts(applied, (name,)),
                symbolic=symbolic,
            )
        )
    return Tally(rows=tuple(rows), iterated=name)


def _symbolic(
    graph: Graph, wrt: tuple[str, ...], client: Client | None, seconds: float
) -> Operations:
    reason = unasked(client, seconds)
    if client is None or reason:
        return Operations(
            counts=None,
            reason=reason,
        )
    return operations(client, graph, wrt, seconds)
