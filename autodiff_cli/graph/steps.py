"""A graph's text as statements: one for each named step, in order, then the formula."""

from __future__ import annotations

from typing import Protocol

from autodiff_cli.graph.printer import PROGRAM, Columns, Notation, expression
from autodiff_cli.ops import VARIABLE


class Titled(Columns, Protocol):
    """What of a graph is printed as statements: its columns, and its outputs with their names."""

    @property
    def outputs(self) -> tuple[int, ...]:
        """The nodes that are the results."""

    @property
    def titles(self) -> tuple[str, ...]:
        """The name of each output, or empty."""


def steps(graph: Titled, notation: Notation = PROGRAM) -> list[tuple[str, str]]:
    """Return the name and the text of each named step that is not a titled output, in order."""
    names = {node: notation.name(name) for node, name in graph.names.items()}
    single = len(graph.outputs) == 1
    last = {
        node
        for node, title in zip(graph.outputs, graph.titles, strict=False)
        if single and graph.names.get(node) == title
    }
    return [
        (names[node], expression(graph, node, notation, names))
        for node in sorted(names)
        if node not in last
    ]


def results(graph: Titled, notation: Notation = PROGRAM) -> list[tuple[str, str]]:
    """Return the title and the text of each output; a titled output is written out."""
    names = {node: notation.name(name) for node, name in graph.names.items()}
    found = []
    for place, node in enumerate(graph.outputs):
        title = graph.titles[place] if graph.titles else ""
        written = len(graph.outputs) == 1 and title and graph.names.get(node) == title
        text = names.get(node) if not written else None
        found.append((notation.name(title) if title else "",
                      text or expression(graph, node, notation, names)))  # fmt: skip
    return found


def statements(graph: Titled) -> str:
    """Return program text that reads back as the graph, with its names."""
    lines = [f"{name} = {text}" for name, text in steps(graph)]
    outputs = results(graph)
    if len(outputs) != 1:
        shown = ", ".join(text for _, text in outputs)
        return "; ".join([*lines, shown])
    [(title, text)] = outputs
    if title:
        head = f"{title}({', '.join(graph.variables)})" if not _in_order(graph) else title
        text = f"{head} = {text}"
    return "; ".join([*lines, text])


def _in_order(graph: Titled) -> bool:
    """Tell whether the variables come in the order of the printed text, and all are there."""
    seen = bytearray(len(graph.operations))
    found: list[int] = []
    for root in (*sorted(graph.names), *graph.outputs):
        todo = [root]
        while todo:
            node = todo.pop()
            if seen[node]:
                continue
            seen[node] = 1
            if graph.operations[node] is VARIABLE:
                found.append(node)
            todo += reversed(graph.operands[node])
    return found == list(range(len(graph.variables)))
