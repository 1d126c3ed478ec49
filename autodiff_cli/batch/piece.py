"""One piece of a data set: its answer as one file of its own, which is whole or not there.

Any process can do it, at any time and twice: what is written depends on the piece alone.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from typing import Protocol, Self, TypeVar

from autodiff_cli.files.arranged import without_partitions
from autodiff_cli.files.blockwise import BLOCK, blocks, is_parquet, writer
from autodiff_cli.files.pieces import Piece
from autodiff_cli.files.reach import ANYWHERE, Reach
from autodiff_cli.files.replacing import replacing
from autodiff_cli.files.rows import Rows
from autodiff_cli.files.table import Data


class Adds(Protocol):
    """What is kept of the answer at some rows, and adds up."""

    def __add__(self, other: Self, /) -> Self:
        """Return what is kept of the rows of both."""


Kept = TypeVar("Kept", bound=Adds)


def write_piece(
    answer: Callable[[Data, int], tuple[Rows, Kept]],
    piece: Piece,
    output: str,
    *,
    reach: Reach = ANYWHERE,
    temporaries: str | None = None,
    tell: Callable[[float | None, int], None] = lambda share, rows: None,
) -> Kept | None:
    """Write the answer at every row of a piece into a file, and return what is kept of it.

    Columns that the names of folders give are not written: the file lies in such folders too.

    Args:
        answer: what is done with a block and the number of rows of the piece before it; of a block
            without rows, only its columns count.
        piece: the piece.
        output: the file, or a URL; its folder is made. CSV, or Parquet if its name says so.
        reach: the files that may be written.
        temporaries: the folder for the file while it is not whole, on the same disk.
        tell: is told how much of the piece is done, from 0 to 1 or None, and how many rows.

    Returns:
        What is kept of all blocks, added up; None of a piece without rows.

    Raises:
        AutodiffError: a row or the file is wrong; the message names them.
        OSError: a file cannot be read or written.
    """
    reach.check_write(output)
    if "://" not in output:
        os.makedirs(os.path.dirname(output) or ".", exist_ok=True)
    kept: Kept | None = None
    done = 0
    with (
        replacing(output, reach, temporaries) as target,
        writer("parquet" if is_parquet(output) else "csv", target) as table,
    ):
        for block in blocks(piece, BLOCK):
            rows, more = answer(block, done)
            table.write(without_partitions(rows))
            done += block.count
            if block.count:
                kept = more if kept is None else kept + more
            tell(block.share, done)
    return kept
