"""What is written for a terminal, but not to it yet: an answer that is paged, a lesson's page."""

from __future__ import annotations

import io
from typing import TextIO


class Collected(io.StringIO):
    """Text in the signs of a terminal, as wide as it is, and in colours where it has them.

    Args:
        stream: where the text will stand.
        columns: how wide it is written; None as wide as the stream is.
        plain: whether it has no colours, as it will not stand there as it is.
    """

    def __init__(self, stream: TextIO, *, columns: int | None = None, plain: bool = False) -> None:
        super().__init__()
        self.columns = columns
        self._stream, self._plain = stream, plain

    @property
    def encoding(self) -> str:  # type: ignore[override]
        """The terminal's."""
        return self._stream.encoding

    def isatty(self) -> bool:
        """Tell whether it will stand on a terminal as it is."""
        return not self._plain and self._stream.isatty()
