"""Compressed CSV files: what their names say, and the bytes in them.

gzip, bzip2 and xz by the standard library; Zstandard and LZ4 by pyarrow.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from typing import BinaryIO, cast

from autodiff_cli.errors import AutodiffError, named, visible
from autodiff_cli.files.extra import require

#: Ending of a file's name → how it is compressed.
COMPRESSIONS = {
    ".gz": "gzip", ".bz2": "bz2", ".xz": "xz", ".zst": "zstd", ".lz4": "lz4",
}  # fmt: skip


def compression(path: str) -> str | None:
    """Return how a file is compressed, as its name says; None where it is not."""
    name = path.lower()
    return next((how for ending, how in COMPRESSIONS.items() if name.endswith(ending)), None)


def bare(path: str) -> str:
    """Return a name without the ending that says how the file is compressed."""
    ending = next((end for end in COMPRESSIONS if path.lower().endswith(end)), "")
    return path[: len(path) - len(ending)]


def decompressed(stream: BinaryIO, how: str | None) -> BinaryIO:
    """Return the bytes in a compressed stream.

    Raises:
        AutodiffError: pyarrow is needed and not installed.
    """
    if how is None:
        return stream
    if how == "gzip":
        import gzip

        return cast(BinaryIO, gzip.GzipFile(fileobj=stream))
    if how == "bz2":
        import bz2

        return cast(BinaryIO, bz2.BZ2File(stream))
    if how == "xz":
        import lzma

        return cast(BinaryIO, lzma.LZMAFile(stream))
    require("files compressed so")
    import pyarrow

    return cast(BinaryIO, pyarrow.CompressedInputStream(stream, how))


@contextmanager
def sound(path: str, how: str | None) -> Iterator[None]:
    """Say of a compressed file that it is damaged where its bytes cannot be had.

    Raises:
        AutodiffError: they cannot.
    """
    if how is None:
        yield
        return
    from lzma import LZMAError

    try:
        yield
    except (EOFError, zlib.error, LZMAError) as error:
        raise _damaged(path, how, error) from None
    except OSError as error:
        if error.errno is not None:  # of the disk, not of what stands on it
            raise
        raise _damaged(path, how, error) from None


def _damaged(path: str, how: str, error: Exception) -> AutodiffError:
    said = visible(str(error).strip().partition("\n")[0])
    message = f"{named(path)} is damaged, or not compressed by {how}: {said}"
    return AutodiffError(message, mend="fetch or write it again")
