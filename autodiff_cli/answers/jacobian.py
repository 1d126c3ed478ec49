"""The Jacobian of several formulas, and its products with a seed or a direction.

The products are single sweeps that never form the matrix; it stands beside them to be read.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from autodiff_cli.answers.products_report import Products
from autodiff_cli.engine import higher
from autodiff_cli.engine.linearise import Value, linearise
from autodiff_cli.engine.reverse import reverse
from autodiff_cli.graph.graph import Graph
from autodiff_cli.limits import limit
from autodiff_cli.notes.departures import Note, departures


def products(
    kind: str,
    expressions: Sequence[str],
    graph: Graph,
    at: Mapping[str, Value],
    wrt: Sequence[str],
    given: Sequence[float],
    notes: Sequence[Note],
) -> Products:
    """Return what `jacobian`, `vjp` or `jvp` says.

    Args:
        kind: the command.
        expressions: the texts as typed, one an output of the graph.
        graph: the formulas.
        at: variable → number; for a Jacobian also arrays of points.
        wrt: the variables of the columns.
        given: for vjp one weight an output, for jvp one component a variable of `wrt`.
        notes: what is to be said first.
    """
    matrix = None
    if kind == "jacobian" or len(graph.outputs) * len(wrt) <= limit("entries"):
        matrix = higher.jacobian(graph, at, wrt)
    product: tuple[float, ...] = ()
    values = () if matrix is None else matrix.values
    if kind == "vjp":
        values, slopes = higher.vjp(graph, at, given)
        product = tuple(slopes[name] for name in wrt)
    elif kind == "jvp":
        values, product = higher.jvp(graph, at, dict(zip(wrt, given, strict=True)))
    return Products(
        kind, tuple(expressions), graph, at, tuple(wrt), values,
        None if matrix is None else matrix.rows,
        "" if matrix is None else matrix.mode, "" if matrix is None else matrix.reason,
        tuple(given), product, (*notes, *_departures(graph, at, wrt)),
    )  # fmt: skip


def _departures(graph: Graph, at: Mapping[str, Value], wrt: Sequence[str]) -> list[Note]:
    """Return the notes of every output, each once."""
    linearisation = linearise(graph, at, wrt)
    found = dict.fromkeys(departures(linearisation))
    for output in graph.outputs if len(graph.outputs) * len(graph) <= limit("entries") else ():
        found |= dict.fromkeys(departures(linearisation, reverse(linearisation, output)))
    return list(found)
