"""What an answer's departures call for: the slopes on both sides, and another way to write it.

Made for one point of a small graph only, and only where a note asks for it.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

from autodiff_cli.engine.linearise import Linearisation
from autodiff_cli.notes.note import AT_A_KINK, Note
from autodiff_cli.notes.remedies import remedies
from autodiff_cli.notes.sides import Side, sides

#: Nodes of a graph up to which it is evaluated again.
LARGEST = 1000

#: Variables whose two sides are told.
MOST_VARIABLES = 4

#: Kinds of notes that the sides of the function explain.
SIDED = AT_A_KINK | {"domain", "zero-times-infinity"}


def explanations(linearisation: Linearisation, notes: Sequence[Note]) -> tuple[Note, ...]:
    """Return notes that explain those of `departures`: both sides, then mends.

    Args:
        linearisation: the graph; several points are not explained.
        notes: its departures.
    """
    graph, values = linearisation.graph, linearisation.values
    single = not any(hasattr(value, "shape") for value in values[: len(graph.variables)])
    if not notes or not single or len(graph) > LARGEST:
        return ()
    names = graph.named()
    nodes = {label: index for index, label in names.items()}
    found = []
    sided = [note for note in notes if note.kind in SIDED and note.node]
    moved = _variables(linearisation, [nodes[note.node] for note in sided if note.node])
    if moved and not _beyond(linearisation, nodes, notes):
        at = {name: float(values[index]) for index, name in enumerate(graph.variables)}
        found_sides = {name: sides(graph, at, name) for name in moved[:MOST_VARIABLES]}
        text = _told(found_sides, graph.called)
        around = any(side.slope is not None for pair in found_sides.values() for side in pair)
        if around and not math.isfinite(values[graph.outputs[0]]):
            hidden = any(s.hidden or s.little for pair in found_sides.values() for s in pair)
            text += f"; {graph.called} itself has no finite value there"
            text += " in float64" if hidden else ""
        if any(side.little for pair in found_sides.values() for side in pair):
            text += "; nearer, rounding hides it"
        found.append(Note(sided[0].node, "both-sides", text))
    faults = {nodes[note.node] for note in notes if note.node}
    found += [Note(names.get(k), "mend", text) for k, text in remedies(linearisation, faults)]
    return tuple(found)


def _beyond(linearisation: Linearisation, nodes: Mapping[str, int], notes: Sequence[Note]) -> bool:
    """Tell whether a value is beyond float64: then the function has none to compare beside it."""
    found = [nodes[note.node] for note in notes if note.kind == "overflow" and note.node]
    return any(math.isinf(linearisation.values[node]) for node in found)


def _variables(linearisation: Linearisation, nodes: Sequence[int]) -> list[str]:
    """Return the variables of `wrt` that some of the nodes depend on."""
    graph = linearisation.graph
    below = set(graph.below(nodes))
    pairs = enumerate(graph.variables)
    return [name for index, name in pairs if index in below and name in linearisation.wrt]


def _where(side: Side, name: str) -> str:
    return f"a little to the {name}" if side.little else f"on the {name}"


def _told(found: Mapping[str, tuple[Side, Side]], called: str) -> str:
    """Return one phrase for the variables along which the function behaves alike."""
    phrases: dict[str, list[str]] = {}
    for name, (left, right) in found.items():
        phrase = f"{called} has {left} {_where(left, 'left')} and {right} {_where(right, 'right')}"
        if str(left) == str(right) and left.little == right.little:
            where = "on either side" if left.slope is None else "on both sides"
            phrase = f"{called} has {left} {'a little to either side' if left.little else where}"
        phrases.setdefault(phrase, []).append(name)
    return "; ".join(f"along {' and '.join(names)}, {text}" for text, names in phrases.items())
