"""The lines of a text file, a chunk at a time: UTF-8, with or without BOM."""

from __future__ import annotations

import codecs
import io
from collections.abc import Iterable, Iterator
from typing import BinaryIO

from autodiff_cli.errors import AutodiffError, named
from autodiff_cli.limits import exceeded, limit

#: Bytes read at a time.
CHUNK = 1 << 20


def chunks(stream: BinaryIO) -> Iterator[bytes]:
    """Yield the bytes of a stream."""
    while chunk := stream.read(CHUNK):
        yield chunk


class TextLines:
    """The lines of a file, a chunk at a time, so that `csv.reader` need not be handed each.

    Args:
        path: the file, for messages.
        content: its bytes.
        before: lines that were read already.
    """

    def __init__(self, path: str, content: Iterator[bytes], before: int = 0) -> None:
        self._path, self._content = path, content
        self._before = before

    def __iter__(self) -> Iterator[Iterable[str]]:
        decoder = codecs.getincrementaldecoder("utf-8" if self._before else "utf-8-sig")()
        rest, lines = "", self._before
        while True:
            content = next(self._content, b"")
            try:
                text = rest + decoder.decode(content, final=not content)
            except UnicodeDecodeError as error:
                line = lines + error.object.count(b"\n", 0, error.start) + 1
                byte = error.object[error.start]
                message = f"{named(self._path)}, line {line} is not UTF-8: byte {byte:#04x}"
                raise AutodiffError(message, mend="save the table as CSV UTF-8") from None
            lines += content.count(b"\n")
            # A line that is not at its end yet waits; "\r" alone may be half of "\r\n".
            end = max(text.rfind("\n"), text.rfind("\r", 0, -1)) + 1 if content else len(text)
            yield io.StringIO(text[:end], newline="")
            rest = text[end:]
            if len(rest) > limit("text"):
                raise exceeded("text")
            if not content:
                return
