"""The second opinion: SymPy's derivative by calculus, under budgets, in a process of its own.

The package is the only one that imports SymPy, and only in its process, `worker`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Any, NamedTuple

from autodiff_cli.graph.graph import Graph
from autodiff_cli.limits import (
    SYMPY_DEPTH,
    SYMPY_OPERATIONS,
    SYMPY_POINTS,
    SYMPY_SECONDS,
)
from autodiff_cli.symbolic import wire
from autodiff_cli.symbolic.client import Client


class Derivative(NamedTuple):
    """One partial derivative as SymPy finds it.

    Attributes:
        text: as SymPy prints it, `3*x**2 + 4*x + 8`.
        latex: the same in LaTeX.
        values: one a point: decimal text (30 digits at one point, float64 at several unless
            asked for exactly), or
            "nan" (no value, as 0·∞), "zoo" (infinite, of no one sign), "complex" (not real),
            "huge" (a number on the way is beyond computing); None where the point itself is
            not finite.
    """

    text: str
    latex: str
    values: tuple[str | None, ...]


class NodeFormulas(NamedTuple):
    """A node's value at each point, in the words of `Derivative.values`, and its derivatives."""

    values: tuple[str | None, ...]
    derivatives: dict[str, Derivative]


class Symbolic(NamedTuple):
    """What SymPy says of one output.

    Attributes:
        derivatives: variable → derivative; None where SymPy was not asked or did not answer.
        values: the value of the output at each point, in the words of `Derivative.values`.
        reason: why `derivatives` is None, a phrase; else "".
        remarks: what a reader of the derivatives should know.
        operations: operations of all derivatives, written out and with common parts shared;
            None unless asked.
        nodes: node → its formulas, for every node with a `w` below the output; {} unless asked.
        repeated: variables differentiated by in turn → that derivative; {} unless asked.
    """

    derivatives: dict[str, Derivative] | None
    values: tuple[str | None, ...] = ()
    reason: str = ""
    remarks: tuple[str, ...] = ()
    operations: tuple[int, int] | None = None
    nodes: Mapping[int, NodeFormulas] = MappingProxyType({})
    repeated: Mapping[tuple[str, ...], Derivative] = MappingProxyType({})


class Operations(NamedTuple):
    """Operations of SymPy's derivatives, all together.

    Attributes:
        counts: as written, and with common parts shared; None where SymPy did not answer.
        reason: why not, a phrase; else "".
    """

    counts: tuple[int, int] | None
    reason: str = ""


def operations(
    client: Client, graph: Graph, wrt: Sequence[str], seconds: float = SYMPY_SECONDS
) -> Operations:
    """Ask SymPy how many operations the derivatives of the first output have; see `derive`.

    A derivative is counted in a tenth of the time that it takes to be printed.
    """
    kept, reason = _worth_asking(graph, graph.outputs[0])
    if reason:
        return Operations(None, reason)
    request = {
        "kind": "operations",
        "graph": wire.encode(graph, kept),
        "output": kept.index(graph.outputs[0]),
        "wrt": list(wrt),
    }
    answer = client.ask(request, seconds)
    if "reason" in answer:
        return Operations(None, answer["reason"])
    written, shared = answer["operations"]
    return Operations((written, shared))


def derive(
    client: Client,
    graph: Graph,
    points: Sequence[Mapping[str, float]],
    wrt: Sequence[str],
    seconds: float = SYMPY_SECONDS,
    *,
    nodes: bool = False,
    count: bool = False,
    output: int | None = None,
    repeated: Sequence[tuple[str, ...]] = (),
    direction: Mapping[str, float] | None = None,
    exact: bool = False,
) -> Symbolic:
    """Ask SymPy for the derivatives of one output.

    Args:
        client: the SymPy process; it is started where it does not run.
        graph: the graph.
        points: values of every variable, one mapping a point. One point is taken exactly and
            answered to 30 digits; several are evaluated in one go in float64, so that a
            disagreement there is worth asking about alone.
        wrt: variables to differentiate with respect to; the others are constants.
        seconds: budget, counted from when SymPy is loaded.
        nodes: ask for every node as well.
        count: ask for operation counts as well.
        output: node to differentiate; the graph's first output by default.
        repeated: derivatives of derivatives to ask for as well: variables to differentiate by,
            one after the other. Their `latex` is left empty.
        direction: where given, each of `repeated` is then differentiated along it: variable →
            component, 0 for those that are absent.
        exact: answer several points to 30 digits each, as one is.
    """
    target = graph.outputs[0] if output is None else output
    kept, reason = _worth_asking(graph, target, len(points), len(repeated))
    if reason:
        return Symbolic(None, reason=reason)
    labels = graph.labels() if nodes else []
    asked = [place for place, index in enumerate(kept) if nodes and labels[index]]
    request = {
        "kind": "derivatives",
        "graph": wire.encode(graph, kept),
        "output": kept.index(target),
        "points": [[float(point[name]) for name in graph.variables] for point in points],
        "wrt": list(wrt),
        "nodes": asked,
        "count": count,
        "exact": exact,
        "repeated": [list(path) for path in repeated],
        "direction": direction and [float(direction.get(name, 0)) for name in graph.variables],
    }
    answer = client.ask(request, seconds)
    if "reason" in answer:
        return Symbolic(None, reason=answer["reason"])
    *below, last = [_formulas(record) for record in answer["nodes"]]
    return Symbolic(
        derivatives=last.derivatives,
        values=last.values,
        remarks=tuple(answer["remarks"]),
        operations=tuple(answer["operations"]) if count else None,
        nodes={kept[place]: formulas for place, formulas in zip(asked, below, strict=True)},
        repeated={
            tuple(path): Derivative(found["text"], "", tuple(found["values"]))
            for path, found in zip(repeated, answer["repeated"], strict=True)
        },
    )


def _worth_asking(
    graph: Graph, target: int, rows: int = 0, repeated: int = 0
) -> tuple[list[int], str]:
    """Return the nodes below the one to differentiate, and why SymPy is not asked, or ""."""
    kept = wire.below(graph, target, SYMPY_OPERATIONS)
    if kept is None:
        return [], f"the formula has more than {SYMPY_OPERATIONS:,} operations"
    return kept, _beyond(graph, kept, rows, repeated)


def _beyond(graph: Graph, kept: list[int], rows: int, repeated: int) -> str:
    if len(graph.variables) > SYMPY_OPERATIONS:
        return f"there are more than {SYMPY_OPERATIONS:,} variables"
    if repeated > SYMPY_OPERATIONS:
        return f"there are more than {SYMPY_OPERATIONS:,} derivatives of derivatives"
    if wire.depth(graph, kept) > SYMPY_DEPTH:
        return f"the formula is nested deeper than {SYMPY_DEPTH}"
    if rows > SYMPY_POINTS:
        return f"there are more than {SYMPY_POINTS:,} points"
    return ""


def _formulas(record: dict[str, Any]) -> NodeFormulas:
    return NodeFormulas(
        values=tuple(record["values"]),
        derivatives={
            name: Derivative(found["text"], found["latex"], tuple(found["values"]))
            for name, found in record["derivatives"].items()
        },
    )
