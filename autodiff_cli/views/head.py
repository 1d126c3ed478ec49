"""What stands above and below an answer: the formula as it was read, the point, the notes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from autodiff_cli.formats.format import Format
from autodiff_cli.formats.signs import Formula, Signs
from autodiff_cli.graph.graph import Graph
from autodiff_cli.graph.printer import expression
from autodiff_cli.graph.steps import steps
from autodiff_cli.notes.note import Note

#: Nodes of a formula that is echoed; a longer one is counted instead.
ECHOED = 500

#: Characters of one: a formula of few nodes may be long, (sin(x)+1)*(sin(x)+1)*….
LONGEST = 2000

#: Variables of a function or a point that are named, and values of one that are listed.
NAMED, LISTED = 8, 6

#: Named steps that are shown above a formula.
STEPS = 20


def formula(graph: Graph, signs: Signs, output: int = 0) -> str:
    """Return one formula as it was read, its middle left out where it is long, or their size."""
    if len(graph) > ECHOED:
        return f"a formula of {len(graph) - len(graph.variables):,} operations and constants"
    if sum(map(len, graph.operands)) > 4 * ECHOED:
        from autodiff_cli.engine.cost import operations  # few formulas are as long

        return f"a formula of {operations(graph):,} operations"
    text = expression(graph, graph.outputs[output], signs.notation)
    return signs.formula(text if len(text) <= LONGEST else signs.brief(text))


def called(graph: Graph) -> str:
    """Return the name of the first output: as the text has it, or f."""
    return graph.called


def function(graph: Graph, signs: Signs, name: str = "f") -> Formula:
    """Return `f(x, y)`, or `f` where there are no variables; of very many the first."""
    if not graph.variables:
        return signs.name(name)
    shown = ", ".join(map(signs.name, graph.variables[:NAMED]))
    more = f", {signs.ellipsis}" if len(graph.variables) > NAMED else ""
    return signs.formula(f"{signs.name(name)}({shown}{more})")


def equation(graph: Graph, signs: Signs, name: str = "f", output: int = 0) -> tuple[str, ...]:
    """Return the parts of `f(x) = …` for a paragraph."""
    right = formula(graph, signs, output)
    left = function(graph, signs, name)
    if isinstance(right, Formula):
        return (signs.formula(f"{left} = {right}"),)
    return (left, " = ", right)


def write_steps(out: Format, graph: Graph) -> None:
    """Write the named steps of a formula, a line each."""
    if len(graph) > ECHOED or not graph.names:
        return
    signs = out.signs
    titles = {signs.name(title) for title in graph.titles if title}
    found = [(name, text) for name, text in steps(graph, signs.notation) if name not in titles]
    for name, text in found[:STEPS]:
        shown = text if len(text) <= LONGEST else signs.brief(text)
        out.paragraph(signs.formula(f"{name} = {shown}"))
    if len(found) > STEPS:
        out.line(f"{len(found) - STEPS:,} more steps")


def write_head(out: Format, graph: Graph, at: Mapping[str, float | list[float]]) -> None:
    """Write the steps, the formula and the point above an answer."""
    write_steps(out, graph)
    out.paragraph(*equation(graph, out.signs, called(graph)))
    if at:
        out.paragraph("at ", point(at, out.signs))


def point(at: Mapping[str, float | list[float]], signs: Signs) -> Formula:
    """Return `x = 4, y = [1, 2, 3]`."""
    shown = [
        f"{signs.name(name)} = {numbers(value, signs)}" for name, value in list(at.items())[:NAMED]
    ]
    more = f", {signs.ellipsis}" if len(at) > NAMED else ""
    return signs.formula(", ".join(shown) + more)


def value_of(graph: Graph, value: float | list[float] | None, signs: Signs) -> Formula:
    """Return `f = 4`, by the name that the text has for the formula."""
    return signs.formula(f"{signs.name(called(graph))} = {numbers(value, signs)}")


def numbers(value: float | list[float] | None, signs: Signs) -> str:
    """Return a number, the first numbers of a list in brackets, or None."""
    if value is None:
        return "None"
    if not isinstance(value, list):
        return signs.number(value)
    shown = ", ".join(map(signs.number, value[:LISTED]))
    return signs.formula(f"[{shown}{f', {signs.ellipsis}' if len(value) > LISTED else ''}]")


#: Notes written on the screen; `--json` has all.
NOTES = 8


def write_notes(out: Format, notes: Sequence[Note], *, gap: bool = True) -> None:
    """Write the notes below an answer, each with its kind where that is a word for a student."""
    if notes and gap:
        out.line()
    for note in notes[:NOTES]:
        kind = note.kind.replace("-", " ")
        out.paragraph(f"note ({kind}): {note.text}")
    if len(notes) > NOTES:
        out.line(f"{len(notes) - NOTES:,} more notes: --json has all")


def notes_payload(notes: Sequence[Note]) -> list[dict[str, Any]]:
    """Return notes as objects."""
    return [{"node": note.node, "kind": note.kind, "text": note.text} for note in notes]
