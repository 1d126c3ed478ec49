"""The computation graph: a tree, a table of its nodes, or text for another program to draw."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from autodiff_cli.formats.format import Format
from autodiff_cli.formats.grid import Grid, shortened
from autodiff_cli.formats.signs import Signs
from autodiff_cli.graph.graph import Graph
from autodiff_cli.graph.printer import expression
from autodiff_cli.notes.note import Note
from autodiff_cli.views import diagram
from autodiff_cli.views.head import write_notes
from autodiff_cli.views.tree import legend, tree


@dataclass(frozen=True, slots=True, kw_only=True)
class Drawing:
    """A graph to be shown.

    Attributes:
        expression: the text as typed.
        graph: the graph.
        values: the value of every node, or None.
        titles: the name of each output, or none.
        notes: how the text was read, where that may surprise.
    """

    expression: str
    graph: Graph
    values: Sequence[float] | None = None
    titles: tuple[str, ...] = ()
    notes: tuple[Note, ...] = ()


def write(out: Format, report: Drawing) -> None:
    """Write the graph as a tree, or where the format draws none as a table of its nodes."""
    if out.DRAWS:
        signs = out.signs
        titles = [signs.text(title) for title in report.titles]
        lines = tree(report.graph, report.values, signs, out.columns, out.rows, titles)
        out.figure(lines)
        for line in legend(lines, signs):
            out.paragraph(line)
    else:
        out.table(_nodes(out, report))
    write_notes(out, report.notes, gap=False)


def _nodes(out: Format, report: Drawing) -> Grid:
    """Return a row a node: its operation, its value, and the nodes that it is computed from."""
    signs, graph = out.signs, report.graph
    names: dict[int, str] = {node: signs.label(label) for node, label in graph.named().items()}
    rows = []
    for node, name in names.items():
        below = ", ".join(names[operand] for operand in _operands(graph, node, names))
        value = [] if report.values is None else [signs.number(report.values[node])]
        operation = signs.formula(expression(graph, node, signs.notation, names))
        rows.append((name, operation, *value, signs.formula(below)))
    headings = [signs.formula("w_i"), "operation", "value", "from"]
    if report.values is None:
        headings.remove("value")
    return shortened(headings, rows, (0, 1, len(headings) - 1), out.rows)


def _operands(graph: Graph, node: int, names: Mapping[int, str]) -> list[int]:
    """Return the distinct operands that have a label, those of a condition included."""
    below = [
        found
        for operand in graph.operands[node]
        for found in ([operand] if operand in names else graph.operands[operand])
        if found in names
    ]
    return list(dict.fromkeys(below))


def payload(report: Drawing) -> dict[str, Any]:
    """Return `autodiff.graph/1`: nodes with the ids of those they consume.

    `names`, one for each of `outputs`, is there where the outputs have titles.
    """
    graph, names = report.graph, report.graph.named()
    nodes = [
        {
            "id": name,
            "operation": expression(graph, index, names=names),
            "args": [names[node] for node in _operands(graph, index, names)],
            "value": None if report.values is None else report.values[index],
        }
        for index, name in names.items()
    ]
    outputs = [names.get(index, expression(graph, index)) for index in graph.outputs]
    return {
        "schema": "autodiff.graph/1",
        "expression": report.expression,
        "nodes": nodes,
        "outputs": outputs,
        **({"names": list(report.titles)} if report.titles else {}),
    }


def _dot(report: Drawing, signs: Signs) -> str:
    return diagram.dot(report.graph, report.values, report.titles, signs)


def _mermaid(report: Drawing, signs: Signs) -> str:
    return diagram.mermaid(report.graph, report.values, report.titles, signs)


#: Formats that only this view has: name → what writes it whole.
DRAWN: Mapping[str, Callable[[Drawing, Signs], str]] = {"dot": _dot, "mermaid": _mermaid}
