"""The graph as a tree in the terminal: a shared node is shown once and referred back to.

A branch deeper than the width allows is cut with a reference and shown below, from the margin.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from autodiff_cli.formats.lines import not_shown
from autodiff_cli.formats.signs import Signs
from autodiff_cli.graph.graph import Graph
from autodiff_cli.graph.printer import expression


def tree(
    graph: Graph,
    values: Sequence[float] | None,
    signs: Signs,
    columns: int,
    most: int = 0,
    titles: Sequence[str] = (),
) -> list[str]:
    """Return the lines of the tree.

    Args:
        graph: the graph.
        values: the value of every node, or None.
        signs: the signs to draw with.
        columns: the width; a deeper branch is shown below instead.
        most: the number of lines after which the rest is counted only; 0 is all.
        titles: the name of each output, or none.
    """
    names = graph.named()
    deepest = max(2, (columns - 30) // 4)
    lines: list[str] = []
    seen: set[int] = set()
    named = [f"{title} = " for title in titles] or [""] * len(graph.outputs)
    #: roots of trees, and what stands before them
    later = list(zip(graph.outputs, named, strict=True))[::-1]
    while later:
        root, title = later.pop()
        if root in seen and not title:
            continue
        if lines:
            lines.append("")
        #: node, the prefix of its line, the prefix of its operands' lines, its depth
        todo = [(root, title, "", 0)]
        while todo:
            if most and len(lines) >= most:
                left = len(names) - len(names.keys() & seen)
                shared = "more references to shared nodes are not shown; --rows 0 shows all"
                return [*lines, not_shown(left, "more node") if left else shared]
            index, lead, below, depth = todo.pop()
            text = f"{names.get(index, '')}"
            if index in seen and index in names:
                lines.append(f"{lead}{text} {signs.up}")
                continue
            operands = _operands(graph, index, names)
            if depth >= deepest and operands:
                lines.append(f"{lead}{text} {signs.down}")
                later.append((index, ""))
                continue
            seen.add(index)
            lines.append(f"{lead}{_node(graph, index, names, values, signs, not most)}")
            for place, operand in reversed(list(enumerate(operands))):
                last = place == len(operands) - 1
                todo.append(
                    (operand, below + (signs.last if last else signs.branch),
                     below + (signs.blank if last else signs.through), depth + 1)
                )  # fmt: skip
    return lines


def _operands(graph: Graph, index: int, names: Mapping[int, str]) -> list[int]:
    """Return the distinct labelled operands of a node, those of its condition included."""
    found: dict[int, None] = {}
    for operand in graph.operands[index]:
        for node in [operand] if operand in names else graph.operands[operand]:
            if node in names:
                found[node] = None
    return list(found)


def _node(
    graph: Graph,
    index: int,
    names: dict[int, str],
    values: Sequence[float] | None,
    signs: Signs,
    whole: bool,
) -> str:
    text = expression(graph, index, signs.notation, names)
    text = text if whole else signs.brief(text)
    label = names.get(index)
    step = graph.names.get(index)
    label = f"{signs.name(step)} = {label}" if step and label else label
    shown = f"{label} = {text}" if label else text
    return shown if values is None else f"{shown} = {signs.number(values[index])}"


def legend(lines: list[str], signs: Signs) -> list[str]:
    """Return what the arrows mean, for those that occur."""
    said = []
    if any(line.endswith(f" {signs.up}") for line in lines):
        said.append(f"{signs.up} shown above: the node is shared")
    if any(line.endswith(f" {signs.down}") for line in lines):
        said.append(f"{signs.down} shown below: the branch is too deep for this width")
    return said
