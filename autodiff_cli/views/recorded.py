"""What the lab recorded: as a graph, a tree in the terminal, and as a table with shapes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from typing import Any

from autodiff_cli.errors import visible
from autodiff_cli.formats.html import pictured
from autodiff_cli.formats.signs import UNICODE
from autodiff_cli.graph.printer import TERMINAL, expression
from autodiff_cli.lab.recorded import Recorded, recorded
from autodiff_cli.views import notebook
from autodiff_cli.views.boxes import arranged
from autodiff_cli.views.card import Card
from autodiff_cli.views.layout import Link
from autodiff_cli.views.shapes import Picture
from autodiff_cli.views.svg import svg
from autodiff_cli.views.tree import legend, tree

#: Columns of a tree; numbers of a tensor that are written out, in a table.
COLUMNS, MOST = 80, 3

HEADS = ("", "operation", "made by", "shape", "value", "adjoint", "saved for backward")


def graph(result: Any, /, **named: Any) -> RecordedGraph:
    """Return the recorded graph of a tensor, drawn: what `z.graph(x=x)` answers.

    Args:
        result: the tensor.
        named: leaves by the names they get.

    Raises:
        LabError: nothing was recorded.
    """
    return RecordedGraph(recorded(result, named))


def trace(result: Any, /, **named: Any) -> RecordedTrace:
    """Return the record of a tensor as a table: what `z.trace(x=x)` answers; see `graph`."""
    return RecordedTrace(recorded(result, named))


@dataclass(frozen=True, slots=True, repr=False)
class RecordedGraph:
    """A record that is shown as a graph.

    Attributes:
        record: what was recorded.
    """

    record: Recorded

    def __repr__(self) -> str:
        drawn = self.record.graph
        lines = tree(drawn, None, UNICODE, COLUMNS)
        names = drawn.named()
        shapes = [f"{names[node.index]} {_shape(node.shape)}" for node in self.record.nodes
                  if node.index in names]  # fmt: skip
        return "\n".join([*lines, *legend(lines, UNICODE), "shapes: " + ", ".join(shapes)])

    def _repr_html_(self) -> str:
        if len(self.record.graph) > notebook.MOST_BOXES:
            return f"<pre>{escape(repr(self))}</pre>"
        return pictured(svg(_picture(self.record)))


@dataclass(frozen=True, slots=True, repr=False)
class RecordedTrace:
    """A record that is shown as a table.

    Attributes:
        record: what was recorded.
    """

    record: Recorded

    def __repr__(self) -> str:
        rows = [HEADS, *_rows(self.record)]
        widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
        return "\n".join(
            "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()
            for row in rows
        )

    def _repr_html_(self) -> str:
        head = "".join(f"<th>{escape(text)}</th>" for text in HEADS)
        rows = "".join(
            "<tr>" + "".join(f"<td>{escape(cell)}</td>" for cell in row) + "</tr>"
            for row in _rows(self.record)
        )
        return f"<table><thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table>"


def _picture(record: Recorded) -> Picture:
    """Return the graph as boxes, each with the shape, and the numbers where they are few."""
    drawn = record.graph
    names = drawn.named()
    nodes = [node for node in record.nodes if node.index in names]
    places = {node.index: place for place, node in enumerate(nodes)}
    pairs = [(k, node.index) for node in nodes for k in dict.fromkeys(drawn.operands[node.index])
             if k in places]  # fmt: skip
    cards = []
    for node in nodes:
        text = visible(expression(drawn, node.index, TERMINAL, names))
        rows = [("shape", _shape(node.shape))]
        known = {"value": node.value, "adjoint": node.adjoint}
        rows += [(k, _numbers(x)) for k, x in known.items() if x is not None and x.size <= MOST]
        head = f"{names[node.index]} = {text}"
        style = "operation" if node.maker else "variable"
        if node.index in drawn.outputs:
            style = "result"
        cards.append(
            Card(
                head=head, rows=tuple(rows), style=style, warned=False,
                used=sum(source == node.index for source, _ in pairs),
                title=head + "".join(f", {word} {number}" for word, number in rows),
            )
        )  # fmt: skip
    links = [Link(places[a], places[b], None) for a, b in pairs]
    titles = [f"{names[a]} to {names[b]}" for a, b in pairs]
    about = f"Recorded graph of {visible(UNICODE.brief(str(drawn)))}"
    return arranged(cards, links, [""] * len(links), titles, about)


def _rows(record: Recorded) -> list[tuple[str, ...]]:
    names = record.graph.named()
    return [
        (names[node.index], expression(record.graph, node.index, TERMINAL, names),
         node.maker or "given", _shape(node.shape), _numbers(node.value), _numbers(node.adjoint),
         node.saved)
        for node in record.nodes
        if node.index in names
    ]  # fmt: skip


def _shape(shape: Sequence[int]) -> str:
    return "×".join(map(str, shape)) if shape else "one number"


def _numbers(array: Any) -> str:
    """Return a few numbers; "…" where there are many, "" where there are none."""
    if array is None:
        return ""
    if array.size > MOST:
        return "…"
    texts = [f"{number:.6g}" for number in array.ravel().tolist()]
    return ", ".join(texts) if not array.ndim else f"[{', '.join(texts)}]"
