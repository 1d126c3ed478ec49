"""The graph for other programs to draw: DOT (Graphviz) and Mermaid."""

from __future__ import annotations

from collections.abc import Sequence

from autodiff_cli.formats.signs import UNICODE, Signs
from autodiff_cli.graph.graph import Graph
from autodiff_cli.graph.printer import expression


def dot(
    graph: Graph,
    values: Sequence[float] | None = None,
    titles: Sequence[str] = (),
    signs: Signs = UNICODE,
) -> str:
    """Return the graph in the DOT language; edges point the way the values flow.

    Args:
        graph: the graph.
        values: the value of every node, or None.
        titles: the name of each output, or none.
        signs: how formulas and numbers are written.
    """

    def quoted(text: str) -> str:
        return '"' + text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n") + '"'

    lines = ["digraph autodiff {", "  rankdir=BT;", "  node [shape=box, style=rounded];"]
    lines += [f"  {name} [label={quoted(text)}];" for name, text in _boxes(graph, values, signs)]
    lines += [
        f"  out{place} [label={quoted(title)}, shape=plaintext];"
        for place, title in enumerate(titles)
    ]
    lines += [f"  {source} -> {target};" for source, target in _arrows(graph, len(titles))]
    return "\n".join([*lines, "}", ""])


def mermaid(
    graph: Graph,
    values: Sequence[float] | None = None,
    titles: Sequence[str] = (),
    signs: Signs = UNICODE,
) -> str:
    """Return the graph as a Mermaid flowchart, which Markdown pages draw; see `dot`."""

    def quoted(text: str) -> str:
        # Mermaid reads # as the start of an entity code, and quotes end the label.
        for char in '#"<>&;[]{}()|\\`':
            text = text.replace(char, f"\0{ord(char)};") if char != ";" else text
        return '"' + text.replace("\0", "#").replace("\n", "<br/>") + '"'

    lines = ["flowchart BT"]
    lines += [f"  {name}[{quoted(text)}]" for name, text in _boxes(graph, values, signs)]
    lines += [f"  out{place}([{quoted(title)}])" for place, title in enumerate(titles)]
    lines += [f"  {source} --> {target}" for source, target in _arrows(graph, len(titles))]
    return "\n".join([*lines, ""])


def _boxes(graph: Graph, values: Sequence[float] | None, signs: Signs) -> list[tuple[str, str]]:
    """Return the identifier and the text of each node; constants stand inside their operation."""
    names = graph.named()
    boxes = [(names[index], index) for index in names]
    boxes += [(f"c{index}", index) for index in dict.fromkeys(graph.outputs) if index not in names]
    found = []
    for name, index in boxes:
        text = expression(graph, index, signs.notation, names)
        text = f"{name} = {text}" if index in names else text
        step = graph.names.get(index)
        text = f"{signs.name(step)} = {text}" if step else text
        found.append((name, text if values is None else f"{text}\n{signs.number(values[index])}"))
    return found


def _arrows(graph: Graph, titled: int = 0) -> list[tuple[str, str]]:
    """Return the edges, and those from the first outputs to their titles."""
    names = graph.named()
    arrows = []
    for index, name in names.items():
        for operand in graph.operands[index]:
            below = [operand] if operand in names else graph.operands[operand]
            arrows += [(names[node], name) for node in below if node in names]
    for place, index in enumerate(graph.outputs[:titled]):
        arrows.append((names.get(index, f"c{index}"), f"out{place}"))
    return list(dict.fromkeys(arrows))
