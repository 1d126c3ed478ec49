"""A point in one line of text."""

from __future__ import annotations

from collections.abc import Mapping

from autodiff_cli.graph.printer import number

#: Values of a variable that are listed.
LISTED = 6


def point_text(at: Mapping[str, float | list[float]]) -> str:
    """Return `x = 4, y = [1, 2, 3]`."""
    return ", ".join(f"{name} = {_listed(value)}" for name, value in list(at.items())[:8]) + (
        ", …" if len(at) > 8 else ""
    )


def _listed(value: float | list[float]) -> str:
    if not isinstance(value, list):
        return number(value)
    shown = ", ".join(number(item) for item in value[:LISTED])
    return f"[{shown}{', …' if len(value) > LISTED else ''}]"
