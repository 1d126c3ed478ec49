"""Names of Greek letters as a keyboard has them: `--theta_1` gives θ_1 of a formula its value."""

from __future__ import annotations

from collections.abc import Iterable

from autodiff_cli.formats.plain import latin


def spellings(variables: Iterable[str]) -> dict[str, str]:
    """Return variable → its name in Latin letters, for a Greek letter, with a subscript or not.

    A spelling that is a variable itself, and a second variable of one spelling, are left out.
    So are names of more letters: πr is meant as a product.
    """
    names = list(variables)
    taken, found = set(names), {}
    for name in names:
        letter = "" if name.isascii() or name[1:2].isalpha() else latin(name[0])
        if letter and letter + name[1:] not in taken:
            found[name] = letter + name[1:]
            taken.add(found[name])
    return found
