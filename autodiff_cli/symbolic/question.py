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


class Again(NamedTuple):
    """A second look at a number of autodiff's: its own graph, evaluated in more digits.

    Attributes:
        number: what the same graph with the same rules gives, in the words of `Values`.
        rounding: whether float64's rounding explains how far autodiff's number is off.
        node: where the digits are lost, or it jumps, in the graph; None where that is inside the
            derivative.
        text: what is computed there, where it is no node of the graph.
        jumps: whether the derivative jumps just there, and float64 may stand beside it.
    """

    number: str
    rounding: bool
    node: int | None
    text: str
    jumps: bool = False


class Values(NamedTuple):
    """The value of a formula of SymPy's at each point.

    Attributes:
        values: one a point: decimal text (30 digits; of many points some have float64's), or
            "nan" (no value, as 0·∞), "zoo" (infinite, of no one sign), "complex" (not real),
            "huge" (beyond computing); None where the point itself is not finite, or time was up.
        again: point → a second look at autodiff's number, where that is another.
    """

    values: tuple[str | None, ...] = ()
    again: Mapping[int, Again | None] = MappingProxyType({})


class Derivative(NamedTuple):
    """One partial derivative as SymPy finds it.

    Attributes:
        text: as SymPy prints it, `3*x**2 + 4*x + 8`.
        latex: the same in LaTeX.
        values, again: as in `Values`.
    """

    text: str
    latex: str
    values: tuple[str | None, ...]
    again: Mapping[int, Again | None] = MappingProxyType({})


class NodeFormulas(NamedTuple):
    """A node's values, and its derivatives."""

    value: Values
    derivatives: dict[str, Derivative]


class Found(NamedTuple):
    """What autodiff found, to be judged: one number a point in every list.

    Attributes:
        value: of the output.
        slopes: variable → derivative.
        repeated: one list for each of the derivatives of derivatives, in the order asked.
        nodes: node → its value and its derivatives.
    """

    value: Sequence[float]
    slopes: Mapping[str, Sequence[float]] = MappingProxyType({})
    repeated: Sequence[Sequence[float]] = ()
    nodes: Mapping[int, tuple[Sequence[float], Mapping[str, Sequence[float]]]] = MappingProxyType(
        {}
    )


class Symbolic(NamedTuple):
    """What SymPy says of one output.

    Attributes:
        derivatives: variable → derivative; empty where SymPy was not asked or did not answer.
        value: the output's.
        reason: why SymPy gave nothing, a phrase; else "".
        remarks: what a reader of the derivatives should know.
        operations: operations of all derivatives, written out and with common parts shared;
            None unless asked.
        nodes: node → its formulas, for every node with a `w` below the output; {} unless asked.
        repeated: variables differentiated by in turn → that derivative; {} unless asked.
    """

    derivatives: Mapping[str, Derivative]
    value: Values = Values()
    reason: str = ""
    remarks: tuple[str, ...] = ()
    operations: tuple[int, int] | None = None
    nodes: Mapping[int, NodeFormulas] = MappingProxyType({})
    repeated: Mapping[tuple[str, ...], Derivative] = MappingProxyType({})

    @property
    def skipped(self) -> bool:
        """Whether SymPy was not asked or did not answer."""
        return bool(self.reason)

    @property
    def values(self) -> tuple[str | None, ...]:
        """The value of the output at each point."""
        return self.value.values

    def derivative(self, path: tuple[str, ...]) -> Derivative:
        """Return the derivative by the variables of a path, one after the other."""
        return self.repeated[path] if path in self.repeated else self.derivatives[path[0]]


class Form(NamedTuple):
    """A derivative of SymPy's in a shorter form.

    Attributes:
        text, latex: the formula.
        letter: what stands in it for a part, or "".
        part, part_latex: that part.
    """

    text: str
    latex: str
    letter: str = ""
    part: str = ""
    part_latex: str = ""


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


def shorter(
    client: Client,
    graph: Graph,
    paths: Sequence[tuple[str, ...]],
    seconds: float,
    *,
    direction: Mapping[str, float] | None = None,
) -> dict[tuple[str, ...], Form]:
    """Ask SymPy for shorter forms of derivatives that it has found; see `derive`.

    Args:
        client: the SymPy process, whose `simplify` says whether and how.
        graph: the graph, of which the first output was differentiated.
        paths: the variables each derivative is taken by.
        seconds: CPU time; past it there are none.
        direction: where given, each is then differentiated along it.

    Returns:
        path → its shorter form, for those that have one.
    """
    kept, reason = _worth_asking(graph, graph.outputs[0])
    if reason or client.simplify == "off" or not paths or seconds <= 0:
        return {}
    request = {
        "kind": "shorter",
        "graph": wire.encode(graph, kept),
        "output": kept.index(graph.outputs[0]),
        "paths": [list(path) for path in paths],
        "full": client.simplify == "full",
        "direction": direction and [float(direction.get(name, 0)) for name in graph.variables],
    }
    forms = client.ask(request, seconds).get("forms", [None] * len(paths))
    return {path: Form(**form) for path, form in zip(paths, forms, strict=True) if form is not None}


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
    found: Found | None = None,
    orders: bool = False,
) -> Symbolic:
    """Ask SymPy for the derivatives of one output.

    Args:
        client: the SymPy process; it is started where it does not run.
        graph: the graph.
        points: values of every variable, one mapping a point. A point is taken exactly and
            answered to 30 digits; of very many, a sample is, and those where rounding could
            matter: the others are evaluated in one go in float64.
        wrt: variables to differentiate with respect to; the others are constants.
        seconds: budget, counted from when SymPy is loaded.
        nodes: ask for every node as well.
        count: ask for operation counts as well.
        output: node to differentiate; the graph's first output by default.
        repeated: derivatives of derivatives to ask for as well: variables to differentiate by,
            one after the other. Their `latex` is left empty.
        direction: where given, each of `repeated` is then differentiated along it: variable →
            component, 0 for those that are absent.
        exact: answer very many points to 30 digits each, too.
        found: autodiff's numbers; where one is another than SymPy's, its own graph is evaluated
            in more digits.
        orders: `repeated` are found by series, low orders first: those that SymPy has no time for
            at one point have the `text` "", and in one variable are held against differences.
    """
    target = graph.outputs[0] if output is None else output
    kept, reason = _worth_asking(graph, target, len(points), len(set(map(frozenset, repeated))))
    if reason:
        return Symbolic({}, reason=reason)
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
        "orders": orders,
        "direction": direction and [float(direction.get(name, 0)) for name in graph.variables],
        "found": found and _sent(found, [kept[place] for place in asked]),
    }
    answer = client.ask(request, seconds)
    if "reason" in answer:
        return Symbolic({}, reason=answer["reason"])
    *below, last = [_formulas(record, kept) for record in answer["nodes"]]
    return Symbolic(
        derivatives=last.derivatives,
        value=last.value,
        remarks=tuple(answer["remarks"]),
        operations=tuple(answer["operations"]) if count else None,
        nodes={kept[place]: formulas for place, formulas in zip(asked, below, strict=True)},
        repeated={
            tuple(path): _derivative(record, kept)
            for path, record in zip(repeated, answer["repeated"], strict=True)
        },
    )


def _sent(found: Found, nodes: Sequence[int]) -> dict[str, Any]:
    """Return autodiff's numbers as JSON: of every node asked, then of the output."""
    pairs = [*[found.nodes[node] for node in nodes], (found.value, found.slopes)]
    return {
        "nodes": [
            {"value": list(value), "slopes": {name: list(row) for name, row in slopes.items()}}
            for value, slopes in pairs
        ],
        "repeated": [list(row) for row in found.repeated],
    }


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


def _formulas(record: dict[str, Any], kept: Sequence[int]) -> NodeFormulas:
    slopes = record["derivatives"]
    return NodeFormulas(
        value=Values(tuple(record["value"]["values"]), _again(record["value"], kept)),
        derivatives={name: _derivative(found, kept) for name, found in slopes.items()},
    )


def _derivative(record: dict[str, Any], kept: Sequence[int]) -> Derivative:
    again = _again(record, kept)
    return Derivative(record["text"], record.get("latex", ""), tuple(record["values"]), again)


def _again(record: dict[str, Any], kept: Sequence[int]) -> dict[int, Again | None]:
    found: dict[int, Again | None] = {}
    for place, look in record["again"].items():
        found[int(place)] = None
        if look is not None:
            number, rounding, node, text, jumps = look
            node = None if node is None else kept[node]
            found[int(place)] = Again(number, rounding, node, text, jumps)
    return found
