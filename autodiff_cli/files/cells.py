"""The number in a cell of text, and what is said of a cell that holds none."""

from __future__ import annotations

import math
from collections.abc import Sequence

from autodiff_cli.errors import AutodiffError, shortened


def numbers(cells: Sequence[str]) -> list[float] | None:
    """Return the numbers of a column, or None where a cell holds none."""
    try:
        found = list(map(float, cells))
    except ValueError:
        return None
    joined = "".join(cells)  # one look at all cells: what Python alone reads (1_000) is no number
    if "_" in joined or not joined.isascii() or not all(map(math.isfinite, found)):
        return None
    return found


def number(cell: str) -> float | None:
    """Return the finite number of a cell, or None."""
    found = numbers([cell])
    return None if found is None else found[0]


def wrong(place: str, cell: str) -> AutodiffError:
    """Return the error for a cell that holds no number.

    Args:
        place: file, row and column, for the message.
        cell: its text.
    """
    return AutodiffError(f"{place}: {_said(cell)}", mend=_mend(cell))


def _said(cell: str) -> str:
    text = cell.strip()
    if not text:
        return "the cell is empty"
    try:
        infinite = math.isinf(float(text)) and any(char.isdigit() for char in text)
    except ValueError:
        infinite = False
    if infinite:
        return f"'{shortened(text)}' is beyond the range of float64"
    return f"'{shortened(text)}' is not a finite number"


def _mend(cell: str) -> str:
    text = cell.strip().replace(",", ".", 1)
    if "," in cell and number(text) is not None:
        return f"write {text} with a point"
    return "write a number there, such as 4 or -1.5e-3, or take the row out"
