"""Names that may have been meant as products: `xy`, `x1x2`, `xe`, `πr` are one name each."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence

from autodiff_cli.errors import SHORT, shortened
from autodiff_cli.ops import CONSTANTS

_FACTOR = re.compile(r"[^\W\d_](?:_?\d+)?")


def factors(name: str, known: Collection[str]) -> tuple[str, ...]:
    """Return the known names and constants, two or more, that a name is put together from, or ().

    The first factor is as long as it can be: `x1x2` is x1 and x2.
    """
    if len(name) > SHORT:
        return ()
    ways: dict[int, tuple[str, ...]] = {len(name): ()}  # where a factor begins → the factors
    for start in range(len(name) - 1, -1, -1):
        for end in range(len(name), start, -1):
            part = name[start:end]
            whole = start == 0 and end == len(name)
            if end in ways and not whole and (part in known or part in CONSTANTS):
                ways[start] = (part, *ways[end])
                break
    return ways.get(0, ())


def pair(name: str) -> tuple[str, ...]:
    """Return the two letters, each perhaps with a number, that a name consists of, or ()."""
    letters = tuple(_FACTOR.findall(name))
    return letters if len(letters) == 2 and "".join(letters) == name else ()


def remarks(variables: Sequence[str]) -> list[str]:
    """Say which names of a formula without values are one name, and how a product is written.

    Two letters side by side, each perhaps with a number, are told always; more only where each
    is a name of the formula or a constant.
    """
    found = []
    known = frozenset(variables)
    for name in variables:
        parts = factors(name, known - {name})
        if not parts and len(name) <= SHORT:
            parts = pair(name)
        if parts:
            product = "*".join(parts)
            found.append(f"{shortened(name)} is one name; write {product} for a product")
    return found
