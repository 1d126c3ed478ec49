"""Colours of a terminal: one for each kind of number, and only where somebody sees them."""

from __future__ import annotations

import os
from typing import TextIO

#: Kind of number → its colour of the 256: contrast 3.8 and more on white and black.
COLOURS = {"value": 32, "tangent": 28, "adjoint": 166}


def paints(stream: TextIO) -> bool:
    """Tell whether a stream should have colours.

    NO_COLOR (no-color.org) forbids them, FORCE_COLOR asks for them where no terminal is, and a
    terminal called dumb has none.
    """
    if os.environ.get("NO_COLOR"):
        return False
    if os.environ.get("FORCE_COLOR"):
        return True
    return os.environ.get("TERM") != "dumb" and stream.isatty()


def painted(text: str, tone: str) -> str:
    """Return a text in the colour of a kind of number."""
    return f"\x1b[38;5;{COLOURS[tone]}m{text}\x1b[39m" if text else text


def strong(text: str) -> str:
    """Return a text in bold."""
    return f"\x1b[1m{text}\x1b[22m"
