"""The number in a cell of text, and what is said of a cell that holds none."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence

from autodiff_cli.errors import AutodiffError, shortened

#: What programs write where there is no number.
MISSING = frozenset({"", "na", "n/a", "#n/a", "nan", "null", "none"})

#: Three digits after three, with no-break spaces between: 1 234 567.
_GROUPED = re.compile(r"[+-]?[0-9]{1,3}(?:[\u00a0\u202f][0-9]{3})+(?![0-9])")


def numbers(cells: Sequence[str], decimal: str = ".") -> list[float] | None:
    """Return the numbers of a column, or None where a cell holds none.

    Args:
        cells: the texts.
        decimal: the sign before decimals.
    """
    joined = "".join(cells)  # one look at all cells: what Python alone reads (1_000) is no number
    if "_" in joined or not joined.isascii() or (decimal != "." and "." in joined):
        return _one_by_one(cells, decimal)
    try:
        found = list(map(float, cells if decimal == "." else _with_points(cells, decimal)))
    except ValueError:
        return None
    if not all(map(math.isfinite, found)):
        return None
    if 0.0 in found and any(map(_vanishes, cells, found)):
        return None
    return found


def _with_points(cells: Sequence[str], decimal: str) -> list[str]:
    """Return cells with points for another decimal sign."""
    return [cell.replace(decimal, ".") for cell in cells]


def _one_by_one(cells: Sequence[str], decimal: str) -> list[float] | None:
    found = []
    for cell in cells:
        value = number(cell, decimal)
        if value is None:
            return None
        found.append(value)
    return found


def number(cell: str, decimal: str = ".") -> float | None:
    """Return the finite number of a cell, or None."""
    text = _typed(cell)
    if "_" in text or not text.isascii() or (decimal != "." and "." in text):
        return None
    try:
        value = float(text.replace(decimal, "."))
    except ValueError:
        return None
    return value if math.isfinite(value) and not _vanishes(text, value) else None


def _typed(cell: str) -> str:
    """Return a cell as a keyboard would have it: typesetters' minus and spaces taken out."""
    text = cell.strip().replace("\N{MINUS SIGN}", "-")
    grouped = _GROUPED.match(text)
    if grouped is None:
        return text
    return re.sub(r"[\u00a0\u202f]", "", grouped[0]) + text[grouped.end() :]


def _vanishes(cell: str, value: float) -> bool:
    """Tell whether a number is not 0 and yet nearer to it than any float64."""
    return value == 0 and bool(re.match(r"[^eE]*[1-9]", cell))


def missing(cell: str) -> bool:
    """Tell whether a cell says that there is no number."""
    return cell.strip().casefold() in MISSING


def wrong(place: str, cell: str, decimal: str = ".") -> AutodiffError:
    """Return the error for a cell that holds no number.

    Args:
        place: file, row and column, for the message.
        cell: its text.
        decimal: the sign before decimals.
    """
    said, mend = _said(cell, decimal)
    return AutodiffError(f"{place}: {said}", mend=mend)


def _said(cell: str, decimal: str) -> tuple[str, str]:
    """Return what is wrong with a cell, and what to write."""
    text = cell.strip()
    if missing(text):
        said = f"'{shortened(text)}' is not a finite number" if text else "the cell is empty"
        return said, "write a number there, or --na skip to leave such rows out"
    other = "," if decimal == "." else "."
    typed = _typed(text)
    swapped = typed.replace(other, decimal, 1)
    said = f"'{shortened(text)}' is not a finite number"
    if other in typed and number(swapped, decimal) is not None:
        word, option = ("a point", "comma") if decimal == "." else ("a comma", "point")
        return said, f"write {swapped} with {word}, or --decimal {option} if all are so"
    try:
        value = float(typed.replace(decimal, "."))
    except ValueError:
        value = math.nan
    if any(map(str.isdigit, text)) and (math.isinf(value) or _vanishes(typed, value)):
        said = f"'{shortened(text)}' is beyond the range of float64"
        return said, "numbers other than 0 lie between about 5e-324 and 1.8e308 in size"
    example = "4 or -1.5e-3" if decimal == "." else "4 or -1,5e-3"
    return said, f"write a number there, such as {example}, or take the row out"
