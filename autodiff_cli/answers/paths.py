"""Which derivative is meant: the variables it is taken by, and what a sentence calls it."""

from __future__ import annotations

from collections.abc import Mapping

#: Variables that a derivative is taken by, one after the other.
Path = tuple[str, ...]


def said(path: Path, direction: Mapping[str, float] | None = None, of: str = "") -> str:
    """Return what a derivative is called in a sentence; of one of several functions, with whose."""
    owner = f" of {of}" if of else ""
    if direction is not None:
        along = f"the derivative{owner} along the direction"
        return f"the component of {path[0]}" if path else along
    if len(path) > 2 and len(set(path)) == 1:
        return f"the derivative{owner} of order {len(path)} by {path[0]}"
    return f"the derivative{owner} by {', then '.join(path)}"
