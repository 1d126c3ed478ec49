"""Why a number has the verdict that it has, in words."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence

from autodiff_cli.answers.bench import SymbolicRow, column
from autodiff_cli.answers.paths import Path, said
from autodiff_cli.engine.linearise import Value
from autodiff_cli.notes.note import AT_FAULT, Note
from autodiff_cli.symbolic.question import Symbolic


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
            formula = symbolic.repeated.get(path) or symbolic.derivatives[path[0]]
            number = formula.values[row.verdicts.index("overflow")]
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
