"""What a script in a page reads of a formula: the graph as data, the numbers at the first point.

The script computes every other point with rows of the operation table; see `script/`.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from autodiff_cli.answers.trace import Trace
from autodiff_cli.engine.linearise import linearise
from autodiff_cli.engine.record import formulas
from autodiff_cli.engine.rules import BLOCKED
from autodiff_cli.export.operations import key
from autodiff_cli.graph.graph import VARIABLE, Graph
from autodiff_cli.graph.printer import TERMINAL, expression
from autodiff_cli.notes.note import AT_FAULT, Note
from autodiff_cli.ops import POWER
from autodiff_cli.ops.row import OPERANDS, Operation, words
from autodiff_cli.teach.saying import words as said_of

if TYPE_CHECKING:
    from autodiff_cli.teach.rewriting import Application
    from autodiff_cli.teach.slips import Mistakes

#: Nodes of a formula whose slips of calculus are looked for, how many of them a page has for each
#: derivative, and how near numbers are that are one.
MOST_DERIVED, MOST_TOLD, NEAR = 80, 8, 1e-7

#: Digits of numbers, unless it is said how many, and what practice hides.
DIGITS = 6
PARTS = ("value", "tangent", "adjoint")

#: Kinds of notes on a formula that hold at every point.
STATIC = {"reading", *AT_FAULT}

#: Variables whose tangents are shown, as the sentences of a film have them.
FOLLOWED = 4

#: A share of a variable's value up to which its slider goes, and how many positions it has.
BEYOND, POSITIONS = 2, 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Film:
    """A formula at a point, to be stepped through and moved.

    Attributes:
        graph: of one output, or of several.
        reports: its trace, of several outputs one each.
        expression: the text as typed.
        readings: how the text was read, where that may surprise.
        digits: of the numbers that are shown.
        practice: whether it opens with its numbers hidden.
        hidden: which numbers practice hides: of value, partial, tangent, adjoint.
    """

    graph: Graph
    reports: tuple[Trace, ...]
    expression: str
    readings: tuple[Note, ...] = ()
    digits: int = DIGITS
    practice: bool = False
    hidden: tuple[str, ...] = PARTS


def data(film: Film, titles: Sequence[str]) -> dict[str, Any]:
    """Return what the script reads, ready for JSON.

    Args:
        film: the formula at its first point.
        titles: the name of each output.
    """
    graph, report = film.graph, film.reports[0]
    named = graph.named()
    swept = linearise(graph, report.at, report.wrt)
    return {
        "letter": graph.letter,
        "variables": [
            {"name": name, "at": report.at[name], **slider(report.at[name])}
            for name in graph.variables
        ],
        "wrt": [graph.variables.index(name) for name in report.wrt],
        "nodes": list(_nodes(graph, swept.values)),
        "active": "".join("1" if flag else "0" for flag in swept.active),
        "labels": named,
        "names": {k: name for k, name in graph.names.items() if k in named},
        "outputs": [
            {"node": node, "name": name} for node, name in zip(graph.outputs, titles, strict=True)
        ],
        "texts": {k: _substituted(graph, k, named) for k in named if k >= len(graph.variables)},
        "operations": {
            k: expression(graph, k, TERMINAL, named) for k in named if k >= len(graph.variables)
        },
        "plain": dict(_plain(graph, named)),
        "partials": dict(_rules(graph, named)),
        "first": {
            "values": [number(value) for value in swept.values],
            "partials": [[partial(slope) for slope in edges] for edges in swept.partials],
        },
        "notes": [
            {"kind": note.kind, "text": note.text}
            for note in (*film.readings, *report.notes)
            if note.node is None and note.kind in STATIC
        ],
        "said": {key(row): _said(row) for row in used(graph)},
        "rows": [key(row) for row in used(graph)],
        "calculus": dict(_calculus(film)),
        "digits": film.digits,
        "practice": film.practice,
        "hidden": list(film.hidden),
    }


def number(value: float) -> float | str:
    """Return a float as JSON has it; a word where it has none."""
    if math.isfinite(value):
        return value
    return "nan" if math.isnan(value) else "inf" if value > 0 else "-inf"


def partial(slope: Any) -> float | str | None:
    """Return what is on an edge as JSON has it."""
    return slope if slope is None else "blocked" if slope is BLOCKED else number(slope)


def slider(value: float) -> dict[str, float]:
    """Return a range around 0 and around a value, in round numbers, and the step of its slider."""
    wanted = max(abs(value) * BEYOND, 2.0)
    power = 10.0 ** math.floor(math.log10(wanted)) if math.isfinite(wanted) else 1e308
    high = next((power * k for k in (1, 2, 5, 10) if power * k >= wanted), power * 10)
    if not math.isfinite(high):
        high = 1e308
    return {"low": -high, "high": high, "step": float(f"{high / (POSITIONS / 2):.6g}")}


def used(graph: Graph) -> list[Operation]:
    """Return the rows of the operations that depend on a variable, each once."""
    return list(
        dict.fromkeys(
            row
            for row, dependent in zip(graph.operations, graph.dependent, strict=True)
            if dependent and row is not VARIABLE
        )
    )


def _nodes(graph: Graph, values: Sequence[float]) -> Iterator[Any]:
    """Yield each node after the variables: a number, or its row and operands."""
    for index in range(len(graph.variables), len(graph)):
        if graph.dependent[index]:
            yield [key(graph.operations[index]), *graph.operands[index]]
        else:
            yield number(float(values[index]))


def _substituted(graph: Graph, node: int, named: Mapping[int, str]) -> str:
    """Return an operation with slots for its operands: {3}, {3-} with a sign in brackets, {3^}.

    A slot is bracketed where the printer brackets a number that begins with a minus. An exponent
    has a slot of its own, which holds the sign of the power or raises a whole number.
    """
    slots = {k: f"{{{k}}}" for k in named}
    plain = expression(graph, node, TERMINAL, slots)
    for k in dict.fromkeys(map(int, re.findall(r"\{(\d+)\}", plain))):
        signed = expression(graph, node, TERMINAL, {**slots, k: f"-{{{k}}}"})
        around = re.findall(rf"(?:^|(?<=(.)))-\{{{k}\}}(?=(.)|$)", signed)
        bracketed = [pair == ("(", ")") for pair in around]
        pieces = plain.split(f"{{{k}}}")
        plain = pieces[0]
        for piece, inside in zip(pieces[1:], bracketed, strict=True):
            own = plain.endswith("(") and piece.startswith(")")
            plain += (f"{{{k}-}}" if inside and not own else f"{{{k}}}") + piece
    if graph.operations[node] is POWER and graph.operands[node][1] in named:
        exponent = graph.operands[node][1]
        head, _, _ = plain.rpartition("^")
        plain = f"{head}{{{exponent}^}}"
    return plain


def _plain(graph: Graph, named: Mapping[int, str]) -> Iterator[tuple[int, str]]:
    """Yield operands without a label, each with its text."""
    for node in named:
        for operand in graph.operands[node]:
            if operand not in named and not graph.dependent[operand]:
                yield operand, expression(graph, operand, TERMINAL)


def _rules(graph: Graph, named: Mapping[int, str]) -> Iterator[tuple[str, str]]:
    """Yield each edge, `consumer operand`, with its rule over the labels, "" where it has none."""
    for node in named:
        for operand, make in formulas(graph, node, dict(named)).items():
            rule = make() if make else None
            yield (
                f"{node} {operand}",
                expression(rule, rule.outputs[0], TERMINAL) if rule else "",
            )


def _calculus(film: Film) -> Iterator[tuple[str, list[tuple[str, float | str]]]]:
    """Yield `output place` → what is said of usual slips in a derivative, with their numbers."""
    if len(film.graph) > MOST_DERIVED:
        return
    from autodiff_cli.teach.slips import Mistakes

    for report in film.reports:
        for place, name in enumerate(report.wrt[:FOLLOWED]):
            mistakes = Mistakes(report.graph, name)
            right, *wrong = mistakes.numbers([report.at])[:, 0].tolist()
            found: dict[str, float] = {}
            for one, value in zip(mistakes.applications, wrong, strict=True):
                if math.isfinite(value) and not math.isclose(value, right, rel_tol=NEAR):
                    found.setdefault(_told(mistakes, one), value)
                if len(found) == MOST_TOLD:
                    break
            if found:
                yield f"{report.graph.outputs[0]} {place}", list(found.items())


def _told(mistakes: Mistakes, one: Application) -> str:
    """Return a slip's name and what to tell the student of it."""
    parts = [
        part if isinstance(part, str) else expression(part, part.outputs[0], TERMINAL)
        for part in said_of(mistakes.work, one)[1]
    ]
    return f"{one.slip.name[0].upper()}{one.slip.name[1:]}: {''.join(parts)}."


def _said(row: Operation) -> dict[str, Any]:
    """Return what is said where a row departs from plain calculus, over {a}, {b} and {c}."""
    found: dict[str, Any] = {}
    if row.domain:
        needs = re.sub(r"\b([abc])\b", r"{\1}", words(row.domain_text or row.domain))
        found["domain"] = needs
        found["outside"] = f" ({row.outside})" if row.outside else ""
    if row.kinks:
        letters = {letter: f"{{{letter}}}" for letter in OPERANDS}
        found["kinks"] = [
            {"kind": kink.kind, "operand": kink.operand, "text": kink.said(letters)}
            for kink in row.kinks
        ]
    return found
