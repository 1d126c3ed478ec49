"""Why a number has the verdict that it has, in words."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import NamedTuple

from autodiff_cli.answers.bench import Bench, SymbolicRow, column
from autodiff_cli.answers.paths import Path, said
from autodiff_cli.engine.linearise import Value
from autodiff_cli.errors import shortened
from autodiff_cli.graph.printer import expression
from autodiff_cli.notes.note import AT_FAULT, Note
from autodiff_cli.symbolic.question import Again, Derivative, Symbolic, Values
from autodiff_cli.symbolic.verdict import NO_NUMBER, kept

#: Derivatives of which each has a note on the digits that float64 loses.
MOST_NOTES = 4


class Side(NamedTuple):
    """A value or a derivative that was judged.

    Attributes:
        what: how a sentence calls it.
        found: autodiff's number, or one for each point.
        formula: SymPy's.
        row: the two beside each other.
    """

    what: str
    found: Value
    formula: Values | Derivative
    row: SymbolicRow


def reasons(bench: Bench, sides: Sequence[Side], numbers: Sequence[int] = ()) -> Iterator[Note]:
    """Say of numbers without a match why: the first that has none, that is open, and the lost.

    Args:
        bench: what verdicts know of the answer.
        sides: its value and its derivatives.
        numbers: the number of each point; from 1 on by default.
    """
    yield from [note for side in sides for note in missing(bench, side)][:1]
    yield from [note for side in sides for note in jumping(bench, side)][:1]
    yield from [note for side in sides for note in untold(side)][:1]
    lost = [note for side in sides for note in rounded(bench, side, numbers)]
    yield from lost[:MOST_NOTES]
    if len(lost) > MOST_NOTES:
        text = f"float64 loses digits of {len(lost) - MOST_NOTES} more derivatives likewise"
        yield Note(None, "rounding", text)


def missing(bench: Bench, side: Side) -> Iterator[Note]:
    """Say where calculus has no number and rounding gave autodiff one, at the first point."""
    numbers = column(side.found, len(side.row.verdicts))
    for k, verdict in enumerate(side.row.verdicts):
        look = side.formula.again.get(k)
        if look is None or not math.isfinite(numbers[k]):
            continue
        if verdict in ("undefined", "symbolic-complex"):
            label, place = _place(bench, look)
            kind = "finite" if verdict == "undefined" else "real"
            text = (
                f"{side.what} has no {kind} value where nothing is rounded: there is none "
                f"{place or 'on the way'}"
            )
            yield Note(label, "domain", text)
            return


def jumping(bench: Bench, side: Side) -> Iterator[Note]:
    """Say where a derivative jumps and float64 may not see it, at the first point."""
    for k, verdict in enumerate(side.row.verdicts):
        look = side.formula.again.get(k)
        if look is not None and look.jumps and verdict == "kink" and not bench.kink[k]:
            label, place = _place(bench, look)
            text = (
                f"{side.what} jumps {place or 'on the way'} where nothing is rounded, and float64 "
                "may stand on either side"
            )
            yield Note(label, "kink", text)
            return


def untold(side: Side) -> Iterator[Note]:
    """Say why there is no verdict on a number that SymPy has, at the first such point."""
    for k, verdict in enumerate(side.row.verdicts):
        look, number = side.formula.again.get(k), side.formula.values[k]
        if verdict != "skipped" or (number != "huge" and look is None):
            continue
        if number in NO_NUMBER:
            why = "SymPy's formula has no number there"
        elif look is None:
            why = "a number on the way to SymPy's is beyond computing"
        else:
            why = "a step stands so near 0 or its jump that no number of digits tells its side"
        yield Note(None, "skipped", f"no verdict on {side.what}: {why}")
        return


def rounded(bench: Bench, side: Side, numbers: Sequence[int] = ()) -> Iterator[Note]:
    """Say how many digits float64 keeps of a number, at the worst point, and where they go."""
    there = [k for k, verdict in enumerate(side.row.verdicts) if verdict == "rounding"]
    if not there:
        return
    own, formula = column(side.found, len(side.row.verdicts)), side.formula
    digits: Callable[[int], int] = lambda k: kept(own[k], str(formula.values[k]))  # noqa: E731
    k = min(there, key=digits)
    look, left = formula.again[k], digits(k)
    many = f"{left} digit{'s' if left > 1 else ''}" if left else "no digit"
    where = ""
    if len(own) > 1:
        first = numbers[there[0]] if numbers else there[0] + 1
        points = f"{len(own)} points" + " that were judged" * bool(numbers)
        where = f" (at {len(there)} of {points}, first the point number {first})"
    label, place = _place(bench, look) if look is not None else (None, "")
    text = (
        f"float64 keeps {many} of {side.what}{where}; {'the others' if left else 'they'} are lost "
        f"{place or 'on the way'}. With more digits the same steps give SymPy's number"
    )
    yield Note(label, "rounding", text)


def _place(bench: Bench, look: Again) -> tuple[str | None, str]:
    """Return the label of a node that a second look found, and how a sentence calls it."""
    if look.node is not None:
        label = bench.graph.named().get(look.node) if bench.labelled else None
        return label, f"in {label or shortened(expression(bench.graph, look.node))}"
    return None, f"in {look.text}, a part of the derivative" if look.text else ""


def beyond(
    rows: Mapping[Path, SymbolicRow],
    symbolic: Symbolic,
    notes: Sequence[Note],
    direction: Mapping[str, float] | None,
    of: str,
) -> Iterator[Note]:
    """Say which derivatives overflow, where no node does."""
    if any(note.kind == "overflow" for note in notes):
        return
    for path, row in rows.items():
        if "overflow" in row.verdicts:
            number = symbolic.derivative(path).values[row.verdicts.index("overflow")]
            text = f"{said(path, direction, of)} is beyond the range of float64: SymPy has {number}"
            yield Note(None, "overflow", text)


def not_finite(
    derivatives: Mapping[Path, Value],
    notes: Sequence[Note],
    rows: Mapping[Path, SymbolicRow],
    direction: Mapping[str, float] | None = None,
    of: str = "",
) -> Iterator[Note]:
    """Say which derivatives have no finite value, where no note of the answer says why.

    Args:
        derivatives: each derivative that autodiff found.
        notes: those of the answer.
        rows: SymPy's side of them; empty where it was skipped.
        direction: what they were further differentiated along, or None.
        of: what the formula is called, beside others.
    """
    if any(note.kind in AT_FAULT and note.kind not in ("kink", "jump") for note in notes):
        return
    for path, value in derivatives.items():
        if type(value) is float and math.isfinite(value):
            continue
        numbers = column(value, 1)
        strange = [number for number in numbers if not math.isfinite(number)]
        row = rows.get(path)
        if row is not None and row.verdict in ("overflow", "rounding"):
            continue  # there is a finite number, and a note that says why float64 has none
        if strange:
            where = f" at {len(strange)} of {len(numbers)} points" if len(numbers) > 1 else ""
            why = "a slope on the way to it has no finite value"
            if row is None:
                why += ", or none that float64 can hold"
            elif len(path) > 1 or direction:
                why = "the derivative before it has no finite slope"
            text = f"{said(path, direction, of)} is {strange[0]}{where}: {why}"
            yield Note(None, "infinite-slope", text)
