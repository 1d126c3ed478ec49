"""A note: one thing that a reader should know of an answer, and the kinds that there are."""

from __future__ import annotations

from typing import NamedTuple

#: Kinds of notes at which a derivative is a convention, or infinite by the function's own shape.
AT_A_KINK = frozenset({"kink", "jump", "infinite-slope"})

#: Kinds of notes whose node is at fault.
AT_FAULT = AT_A_KINK | {"domain", "overflow", "zero-times-infinity"}


class Note(NamedTuple):
    """One thing that a reader should know of an answer.

    Attributes:
        node: label (`w2`) of the node that causes it, or None.
        kind: "kink", "jump", "infinite-slope", "domain", "overflow", "zero-times-infinity",
            "both-sides", "mend", "modes", "rounding", "point", "reading", "backend" or "skipped".
        text: one sentence, at times with what other programs answer in brackets.
    """

    node: str | None
    kind: str
    text: str
