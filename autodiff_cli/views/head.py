"""The lines above an answer: the formula as it was read, and the point."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from autodiff_cli.engine.cost import operations
from autodiff_cli.formats.screen import Screen
from autodiff_cli.graph.graph import Graph
from autodiff_cli.graph.printer import expression
from autodiff_cli.notes.note import Note
from autodiff_cli.views.point import point_text

#: Nodes of a formula that is echoed; a longer one is counted instead.
ECHOED = 500

#: Characters of one: a formula of few nodes may be long, (sin(x)+1)*(sin(x)+1)*….
LONGEST = 2000


def formula(graph: Graph, screen: Screen, output: int = 0) -> str:
    """Return one formula as it was read, its middle left out where it is long, or their size."""
    if len(graph) > ECHOED:
        return f"a formula of {len(graph) - len(graph.variables):,} operations and constants"
    if sum(map(len, graph.operands)) > 4 * ECHOED:
        return f"a formula of {operations(graph):,} operations"
    text = expression(graph, graph.outputs[output], screen.alphabet.notation)
    return text if len(text) <= LONGEST else screen.alphabet.brief(text)


def function_name(graph: Graph) -> str:
    """Return `f(x, y)`, or `f` where there are no variables or very many."""
    if not graph.variables:
        return "f"
    shown = graph.variables[:8]
    return f"f({', '.join(shown)}{', …' if len(graph.variables) > 8 else ''})"


def write_head(screen: Screen, graph: Graph, at: Mapping[str, float | list[float]]) -> None:
    """Write the formula and the point above an answer."""
    screen.paragraph(f"{function_name(graph)} = {formula(graph, screen)}")
    if at:
        screen.paragraph(f"at {point_text(at)}")


#: Notes written on the screen; `--json` has all.
NOTES = 8


def write_notes(screen: Screen, notes: Sequence[Note]) -> None:
    """Write the notes below an answer, each with its kind where that is a word for a student."""
    if notes:
        screen.line()
    for note in notes[:NOTES]:
        kind = note.kind.replace("-", " ")
        screen.paragraph(f"note ({kind}): {note.text}")
    if len(notes) > NOTES:
        screen.line(f"{len(notes) - NOTES:,} more notes: --json has all")
