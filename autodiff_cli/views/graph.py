"""The computation graph: a tree, a table of its nodes, or text for another program to draw."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from autodiff_cli.errors import AutodiffError, width
from autodiff_cli.formats.format import Format
from autodiff_cli.formats.grid import Grid, shortened
from autodiff_cli.formats.signs import UNICODE, Rounding, Signs
from autodiff_cli.graph.graph import Graph
from autodiff_cli.graph.printer import expression
from autodiff_cli.notes.note import Note
from autodiff_cli.views.head import write_notes
from autodiff_cli.views.tree import legend, tree

#: What a picture can show beside the operations, in the order in which a box lists it.
PARTS = ("value", "partial", "tangent", "adjoint")

#: What the formats of text are called here, and which has boxes in layers.
CALLED = {"tree": "text", "layered": "text"}

#: Nodes of a picture at most, and the digits of its numbers.
LARGEST, DIGITS_SHOWN = 3000, 6

if TYPE_CHECKING:
    from autodiff_cli.views.shapes import Picture


@dataclass(frozen=True, slots=True, kw_only=True)
class Drawing:
    """A graph to be shown.

    Attributes:
        expression: the text as typed.
        graph: the graph.
        values: the value of every node, or None.
        titles: the name of each output, or none.
        notes: how the text was read, where that may surprise.
        at: the point; empty without one.
        parts: what a picture says of nodes and edges, of PARTS.
        layers: whether a terminal shows boxes in layers in place of the tree.
    """

    expression: str
    graph: Graph
    values: Sequence[float] | None = None
    titles: tuple[str, ...] = ()
    notes: tuple[Note, ...] = ()
    at: Mapping[str, float] = field(default_factory=dict)
    parts: tuple[str, ...] = ("value", "partial", "adjoint")
    layers: bool = False


def write(out: Format, report: Drawing) -> None:
    """Write the graph as a tree, or where the format draws none as a table of its nodes."""
    if out.DRAWS:
        _draw(out, report)
    else:
        out.table(_nodes(out, report))
    write_notes(out, report.notes, gap=False)


def _draw(out: Format, report: Drawing) -> None:
    """Write the picture where the format has pictures, else the layers if they fit, or the tree."""
    signs = out.signs
    titles = [signs.text(title) for title in report.titles]
    if out.PICTURES and len(report.graph) <= LARGEST:
        from autodiff_cli.views.svg import svg

        out.image(svg(picture(report, out.rounding.digits or None)))
        return
    if report.layers and _layers(out, report, titles):
        return
    lines = tree(report.graph, report.values, signs, out.columns, out.rows, titles)
    out.figure(lines)
    for line in legend(lines, signs):
        out.paragraph(line)


def _layers(out: Format, report: Drawing, titles: Sequence[str]) -> bool:
    """Write the layers where they fit, or that they do not."""
    from autodiff_cli.views.layered import layered

    lines = layered(report.graph, report.values, out.signs, titles)
    broad = max(map(width, lines or []), default=0)
    if lines is not None and broad <= out.columns:
        out.figure(lines)
        return True
    needed = "there are too many nodes"
    if lines is not None:
        needed = f"they need {broad} columns, and there are {out.columns}"
    out.paragraph(f"the layers do not fit: {needed}; here is the tree")
    return False


def picture(report: Drawing, digits: int | None = None) -> Picture:
    """Return the graph as boxes and edges, numbers rounded to so many digits, 0 not at all.

    Raises:
        AutodiffError: the graph is too big to be looked at.
    """
    from autodiff_cli.answers.trace import trace
    from autodiff_cli.engine.linearise import linearise
    from autodiff_cli.engine.record import steps as record_steps
    from autodiff_cli.views.boxes import Shown, boxes

    graph, single = report.graph, len(report.graph.outputs) == 1
    if len(graph) > LARGEST:
        raise AutodiffError(
            f"a picture of {len(graph):,} nodes is too big to look at",
            mend="leave --format out for a tree, or write --format dot",
        )
    steps, notes = None, report.notes
    if report.values is not None and single:
        record = trace(graph, report.at)
        steps, notes = record.steps, (*notes, *record.notes)
    elif report.values is not None:
        steps = record_steps(linearise(graph, report.at), None, None)
    rounding = Rounding(DIGITS_SHOWN if digits is None else digits)
    shown = Shown(
        graph=graph,
        steps=steps,
        parts=report.parts,
        titles=report.titles or graph.titles or graph.functions,
        notes=notes,
        number=UNICODE.rounding(rounding).number,
    )
    return boxes(shown)


def _nodes(out: Format, report: Drawing) -> Grid:
    """Return a row a node: its operation, its value, and the nodes that it is computed from."""
    signs, graph = out.signs, report.graph
    names: dict[int, str] = {node: signs.label(label) for node, label in graph.named().items()}
    rows = []
    for node, name in names.items():
        below = ", ".join(names[operand] for operand in _operands(graph, node, names))
        value = [] if report.values is None else [signs.number(report.values[node])]
        operation = signs.formula(expression(graph, node, signs.notation, names))
        step = graph.names.get(node)
        name = signs.formula(f"{name} = {signs.name(step)}") if step else name
        rows.append((name, operation, *value, signs.formula(below)))
    headings = [signs.node(graph.letter), "operation", "value", "from"]
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
            **({"name": graph.names[index]} if index in graph.names else {}),
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
    from autodiff_cli.views.diagram import dot

    return dot(report.graph, report.values, report.titles, signs)


def _mermaid(report: Drawing, signs: Signs) -> str:
    from autodiff_cli.views.diagram import mermaid

    return mermaid(report.graph, report.values, report.titles, signs)


#: Formats that only this view has: name → what writes it whole.
DRAWN: Mapping[str, Callable[[Drawing, Signs], str]] = {"dot": _dot, "mermaid": _mermaid}
