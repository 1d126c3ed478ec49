"""Names of Greek letters as a keyboard has them: `--theta_1` gives θ_1 of a formula its value."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable


def spellings(variables: Iterable[str]) -> dict[str, str]:
    """Return variable → its name in Latin letters, for a Greek letter, with a subscript or not.

    A spelling that is a variable itself, and a second variable of one spelling, are left out.
    So are names of more letters: πr is meant as a product.
    """
    names = list(variables)
    taken, found = set(names), {}
    for name in names:
        latin = "" if name.isascii() or name[1:2].isalpha() else _latin(name[0])
        if latin and latin + name[1:] not in taken:
            found[name] = latin + name[1:]
            taken.add(found[name])
    return found


def _latin(letter: str) -> str:
    """Return theta for θ and Theta for Θ; "" for what is no plain Greek letter."""
    match unicodedata.name(letter, "").split():
        case ["GREEK", ("SMALL" | "CAPITAL") as size, "LETTER", spelled]:
            lower = "lambda" if spelled == "LAMDA" else spelled.lower()
            return lower if size == "SMALL" else lower.capitalize()
    return ""
