"""The computation graph as a picture: variables at the bottom, the result at the top.

An edge carries its partial derivative, a node its operation and what else is asked for. A node that
several others take stands on a second sheet with their number; one that a note is about has a mark.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, replace

from autodiff_cli.engine.record import Step, formulas
from autodiff_cli.errors import visible
from autodiff_cli.formats.signs import UNICODE
from autodiff_cli.graph.graph import VARIABLE, Graph
from autodiff_cli.graph.printer import TERMINAL, expression, number
from autodiff_cli.notes.note import Note
from autodiff_cli.views.card import Card, card_shapes
from autodiff_cli.views.edges import edge_shapes, label_shapes, ports
from autodiff_cli.views.layout import Layout, Link, layout
from autodiff_cli.views.positions import Place, Size, Spacing
from autodiff_cli.views.shapes import (
    LINE,
    STYLES,
    Group,
    Picture,
    Shape,
    Text,
    text_width,
    wrapped,
)

#: Letters of an operation in a box, and of a formula on an edge; the whole is in its title.
LONGEST, LONGEST_LABEL = 34, 22

#: Pixels around the picture, and between boxes, lines and rows, with labels between and without.
MARGIN = 22.0
SPACING = Spacing(26.0, 14.0, 22.0)
BARE = Spacing(26.0, 14.0, 46.0)

#: The broadest numbers that have their place where they change; broader ones are squeezed in.
BROADEST, BROADEST_PARTIAL = "-0.000000", "-0.0000"

#: Pixels that a line of notes may take under a narrow graph.
NARROWEST = 380.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """What of a graph is drawn.

    Attributes:
        graph: the graph.
        steps: the rows of its trace, one for each labelled node; None without a point.
        parts: what to write beside the operations: value, partial, tangent, adjoint.
        titles: the name of each output.
        notes: what is said of nodes.
        number: how numbers are written.
        moving: whether a script changes the numbers: they have room, names to be found by, and no
            titles, which would keep the old ones.
    """

    graph: Graph
    steps: Sequence[Step] | None = None
    parts: Collection[str]
    titles: Sequence[str] = ()
    notes: Sequence[Note] = ()
    number: Callable[[float], str] = number
    moving: bool = False


def boxes(shown: Shown) -> Picture:
    """Return the picture of a graph."""
    graph = shown.graph
    named = graph.named()
    nodes = [*named, *[k for k in dict.fromkeys(graph.outputs) if k not in named]]
    places = {node: place for place, node in enumerate(nodes)}
    steps = {step.node: step for step in shown.steps or ()}
    links, words, titles, edges = [], [], [], []
    least = text_width(BROADEST_PARTIAL, "number") if shown.moving else 0.0
    for node in named:
        for operand, text, title in _edges(shown, node, named, steps.get(node)):
            label = Size(max(least, text_width(text, "number")) + 8, LINE) if text else None
            links.append(Link(places[operand], places[node], label))
            words.append(text)
            titles.append(title)
            edges.append(f"{node} {operand}")
    used = [0] * len(nodes)
    for link in links:
        used[link.source] += 1
    cards = [_box(shown, node, named, steps.get(node), used[places[node]]) for node in nodes]
    about = f"Computation graph of {visible(UNICODE.brief(str(graph)))}"
    if not shown.moving:
        return arranged(cards, links, words, titles, about, shown.notes)
    cards = [
        replace(card, of=str(node), least=text_width(BROADEST, "number"), title="")
        for node, card in zip(nodes, cards, strict=True)
    ]
    plain = [""] * len(links)
    return arranged(cards, links, words, plain, "Computation graph", shown.notes, edges)


def arranged(
    cards: Sequence[Card],
    links: Sequence[Link],
    words: Sequence[str],
    titles: Sequence[str],
    about: str,
    notes: Sequence[Note] = (),
    edges: Sequence[str] = (),
) -> Picture:
    """Return the picture of cards and the edges between them.

    Args:
        cards: one a node.
        links: the edges.
        words: what is written on each edge, or "".
        titles: what each edge says when it is pointed at.
        about: the title of the picture.
        notes: what is said of nodes, below.
        edges: what a script finds each edge by; none where no script does. Such an edge is drawn
            whole, though it runs with others at first.
    """
    sizes = [card.size for card in cards]
    bare = layout(sizes, links, SPACING if any(words) else BARE)
    said, height, breadth = _notes(notes, bare.size)
    width = max(bare.size.width, breadth)
    found = _moved(bare, MARGIN + (width - bare.size.width) / 2, MARGIN)
    shapes: list[Shape] = []
    ends = ports(links, found, sizes)
    begun: dict[tuple[int, Place], int] = {}
    for k, (link, route) in enumerate(zip(links, found.routes, strict=True)):
        # Edges of one source run together at first: what is drawn already is not drawn again.
        leaves = link.source, ends[k][0]
        drawn = 0 if edges else min(begun.get(leaves, 0), route.shared)
        begun[leaves] = max(begun.get(leaves, 0), route.shared)
        bends = found.way(route, max(1, drawn - 1))[:-1]
        if drawn < 2:
            bends.insert(0, ends[k][0])
        idle = not words[k] if edges else titles[k].endswith(INSIDE)
        of = edges[k] if edges else ""
        shapes.append(edge_shapes(bends, ends[k][1], titles[k], idle=idle, of=of))
    for k, (text, place) in enumerate(zip(words, found.labels, strict=True)):
        if place and text:
            label = label_shapes(text, place)
            whole = Group(title=titles[k], shapes=tuple(label), of=edges[k]) if edges else None
            shapes += [whole] if whole else label
    for card, place in zip(cards, found.places, strict=True):
        shapes.append(card_shapes(card, place))
    return Picture(
        width=width + 2 * MARGIN,
        height=found.size.height + 2 * MARGIN + height,
        title=about,
        description="Values flow upwards along the edges. "
        + " ".join(f"{card.title}." for card in cards if card.title),
        shapes=(*shapes, *said),
    )


#: What the title of an edge into a condition ends with.
INSIDE = "only in the condition"


def _edges(
    shown: Shown, node: int, named: Mapping[int, str], step: Step | None
) -> list[tuple[int, str, str]]:
    """Return (operand, what its edge says, its title) for each distinct operand of a node."""
    found = []
    edges = {edge.operand: edge for edge in step.edges} if step else {}
    for operand, make in formulas(shown.graph, node, dict(named)).items():
        label, other = named[node], named[operand]
        if make is None:
            found.append((operand, "", f"{other} to {label}: {INSIDE}"))
            continue
        edge = edges.get(other)
        if edge is not None:
            formula, partial = edge.formula(TERMINAL), edge.partial
        else:
            rule = make()
            formula, partial = expression(rule, rule.outputs[0], TERMINAL), None
        value = "" if partial is None else shown.number(partial)
        whole = f"{formula} = {value}" if value and value != formula else formula
        text = whole if len(whole) <= LONGEST_LABEL else value or _short(formula, LONGEST_LABEL)
        if shown.moving:
            text = value
        title = f"{UNICODE.slope(label, other)} = {whole}"
        if step is not None and partial is None:
            text, title = "", f"{other} to {label}: not differentiated"
        found.append((operand, text if "partial" in shown.parts else "", title))
    return found


def lowered(text: str, letter: str) -> str:
    """Return a text with the numbers of its labels lowered: w₁₂."""
    sign = rf"(?<!\w){letter}[\u0304\u0307]?\d+(?![^\W⁰¹²³⁴⁵⁶⁷⁸⁹])"
    return re.sub(sign, lambda found: found[0].translate(_LOWERED), text)


_LOWERED = str.maketrans("0123456789", "₀₁₂₃₄₅₆₇₈₉")


def _short(text: str, most: int) -> str:
    """Return the two ends of a text, in at most so many letters."""
    shown = visible(text)
    return (
        shown if len(shown) <= most else f"{shown[: most - most // 3 - 1]}…{shown[-(most // 3) :]}"
    )


def _box(shown: Shown, node: int, named: Mapping[int, str], step: Step | None, used: int) -> Card:
    graph = shown.graph
    text = visible(expression(graph, node, TERMINAL, dict(named)))
    label = named.get(node, "")
    if shown.moving:
        text, label = lowered(text, graph.letter), lowered(label, graph.letter)
    tags = [t for t, output in zip(shown.titles, graph.outputs, strict=False) if output == node]
    tags += [name for name in [graph.names.get(node, "")] if name and name not in tags]
    lead = [*[visible(tag) for tag in tags], *[label] * bool(label)]
    rows: list[tuple[str, str]] = []
    if step is not None:
        if "value" in shown.parts:
            rows.append(("value", shown.number(step.value)))
        if "tangent" in shown.parts and step.tangents:
            single = len(step.tangents) == 1
            rows += [
                ("tangent" if single else f"tangent {_short(name, 8)}", shown.number(tangent))
                for name, tangent in step.tangents.items()
            ]
        if "adjoint" in shown.parts and step.adjoint is not None:
            rows.append(("adjoint", shown.number(step.adjoint)))
    style = "variable" if graph.operations[node] is VARIABLE else "operation"
    said = "; ".join(note.text for note in shown.notes if note.node and note.node == label)
    title = " = ".join([*lead, text])
    title += "".join(f", {key} {value}" for key, value in rows)
    title += f", used {used} times" if used > 1 else ""
    return Card(
        head=" = ".join([*[_short(word, 20) for word in lead], _short(text, LONGEST)]),
        rows=tuple(rows),
        style="result" if node in graph.outputs else style,
        used=used,
        warned=bool(said),
        title=title + (f"; note: {said}" if said else ""),
    )


def _moved(bare: Layout, right: float, down: float) -> Layout:
    """Return a layout further right and down."""

    def moved(place: Place) -> Place:
        return Place(place.x + right, place.y + down)

    return replace(
        bare,
        points=tuple(map(moved, bare.points)),
        labels=tuple(place and moved(place) for place in bare.labels),
    )


def _notes(notes: Sequence[Note], size: Size) -> tuple[list[Shape], float, float]:
    """Return the notes on nodes below the graph, their height, and the width they need."""
    room = max(size.width, NARROWEST)
    lines: list[str] = []
    for note in notes:
        if note.node:
            lines += wrapped(f"! {visible(note.text)}", room)
    if not lines:
        return [], 0.0, 0.0
    step = STYLES["small"].size + 5
    top = size.height + MARGIN + 16
    shapes: list[Shape] = [
        Text(x=MARGIN, y=top + step * (k + 1), text=line, style="small")
        for k, line in enumerate(lines)
    ]
    return shapes, 16 + step * (len(lines) + 1), max(text_width(line, "small") for line in lines)
