"""A whole data set: each piece into a file of its own, here or on many machines.

A piece that fails does not end the others. What is done is not done again.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any, Protocol

from autodiff_cli.batch import record
from autodiff_cli.batch.folder import Folder, size
from autodiff_cli.batch.piece import write_piece
from autodiff_cli.batch.summary import NONE_LEFT, Left, Summary
from autodiff_cli.errors import AutodiffError
from autodiff_cli.files.blockwise import blocks
from autodiff_cli.files.pieces import Kind, Piece, result_name
from autodiff_cli.files.rows import Rows
from autodiff_cli.files.table import Data
from autodiff_cli.notes.counting import Place

#: Rows from which a Parquet file is divided into pieces of whole row groups.
ROWS = 4_194_304

#: Bytes from which a file is looked at for that: fewer cannot hold as many rows that are unlike.
BYTES = 8 << 20

#: Told of how much is done, from 0 to 1 or None, and how many rows.
Tell = Callable[[float | None, int], None]


class Work(Protocol):
    """What is done with each block of rows; a process of another machine can be given it."""

    def __call__(
        self, block: Data, start: Place, before: Summary | None = None
    ) -> tuple[Rows, Summary]:
        """Return the rows with their answers, and what is kept of them.

        Args:
            block: the rows.
            start: where the first of them stands.
            before: what is kept of others, where something need not be kept beside it.
        """


@dataclass(frozen=True, slots=True, kw_only=True)
class Task:
    """One piece that is to be done.

    Attributes:
        number: which piece of the data set it is.
        piece: the piece.
        output: the file of its results; "" where none are written.
        temporaries: where that is written until it is whole.
        needed: the names of columns that need a number in every row; a row without one is left
            out. None where that is an error.
    """

    number: int
    piece: Piece
    output: str
    temporaries: str | None
    needed: frozenset[str] | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Done:
    """A piece that is done.

    Attributes:
        name: the file of its results.
        piece: the piece.
        rows: how many rows it has.
        bytes: the size of the file; None where none was written.
    """

    name: str
    piece: Piece
    rows: int
    bytes: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Missing:
    """A piece that could not be done.

    Attributes:
        path: its file.
        reason: why.
    """

    path: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What a run has done.

    Attributes:
        done: the pieces that are done, in their order.
        missing: those that could not be.
        summary: what is kept of all rows; None of none.
    """

    done: tuple[Done, ...]
    missing: tuple[Missing, ...]
    summary: Summary | None


class _Sum:
    """Adds summaries up as they come, in memory that does not grow with their number.

    Two sums of equally many pieces are added at a time: what is kept of each piece is looked at as
    often as the number of pieces has binary digits.
    """

    def __init__(self) -> None:
        self._parts: list[tuple[int, Summary]] = []

    def add(self, found: Summary | None) -> None:
        """Add what is kept of one more piece."""
        if found is None:
            return
        count = 1
        while self._parts and self._parts[-1][0] == count:
            found, count = self._parts.pop()[1] + found, 2 * count
        self._parts.append((count, found))

    def total(self) -> Summary | None:
        """Return what is kept of all."""
        kept: Summary | None = None
        for _, part in reversed(self._parts):
            kept = part if kept is None else part + kept
        return kept


def divided(pieces: Sequence[Piece]) -> tuple[Piece, ...]:
    """Return pieces with large Parquet files divided into groups of their row groups."""
    from autodiff_cli.files.blockwise import split

    found: list[Piece] = []
    for piece in pieces:
        try:
            found += split(piece, ROWS) if (piece.size or 0) >= BYTES else (piece,)
        except (AutodiffError, OSError):
            found.append(piece)  # which fails by itself, when it is its turn
    return tuple(found)


#: Does tasks, and yields the number of each with what came of it, in any order.
Runner = Callable[[Work, Sequence[Task], Tell], Iterable[tuple[int, Summary | Missing | None]]]


def one_by_one(
    work: Work, tasks: Sequence[Task], tell: Tell
) -> Iterator[tuple[int, Summary | Missing | None]]:
    """Do tasks in this process."""
    for task in tasks:
        yield task.number, attempted(work, task, tell)


def attempted(work: Work, task: Task, tell: Tell | None = None) -> Summary | Missing | None:
    """Do one task; it may be done twice, and by two at once."""
    try:
        if task.temporaries is not None:
            os.makedirs(task.temporaries, exist_ok=True)
        if not task.output:
            return _read(_Blocks(work, task), task.piece, tell)
        return write_piece(
            _Blocks(work, task), task.piece, task.output,
            temporaries=task.temporaries, tell=tell or (lambda share, rows: None),
        )  # fmt: skip
    except AutodiffError as error:
        return Missing(path=task.piece.path, reason=str(error))
    except OSError as error:
        return _failed(task.piece, error)


def _failed(piece: Piece, error: OSError) -> Missing:
    place = f"{error.filename}: " if error.filename else ""
    return Missing(path=piece.path, reason=f"{place}{error.strerror or error}")


def _read(answer: _Blocks, piece: Piece, tell: Tell | None) -> Summary | None:
    """Return what is kept of a piece, of which nothing is written."""
    kept: Summary | None = None
    done = 0
    for block in blocks(piece):
        if block.count:
            _, more = answer(block, done)
            kept = more if kept is None else kept + more
        done += block.count
        if tell is not None:
            tell(block.share, done)
    return kept


class _Blocks:
    """Answers the blocks of one piece, one after the other, without the rows that lack a number.

    Args:
        work: what is done with each.
        task: the piece.
    """

    def __init__(self, work: Work, task: Task) -> None:
        self._work, self._task, self._rows = work, task, 0
        self._kept: Summary | None = None

    def __call__(self, block: Data, before: int) -> tuple[Rows, Summary]:
        number, needed = self._task.number, self._task.needed
        left = NONE_LEFT
        if needed is not None:
            gaps = block.gaps([k for k, name in enumerate(block.names) if name in needed])
            if gaps:
                place = Place(number, before + gaps[0])
                left, block = Left(len(gaps), place, block.where(gaps[0])), block.without(gaps)
        rows, found = self._work(block, Place(number, self._rows), self._kept)
        summary = replace(found, left=left)
        self._rows += block.count
        self._kept = summary if self._kept is None else self._kept + summary
        return rows, summary


def run(
    work: Work,
    pieces: Sequence[Piece],
    folder: Folder | None,
    runner: Runner = one_by_one,
    *,
    kind: Kind | None = None,
    needed: frozenset[str] | None = None,
    tell: Tell = lambda share, rows: None,
) -> Outcome:
    """Do all pieces that are not done yet.

    Args:
        work: what is done with each block.
        pieces: the data set.
        folder: where results are written; None where none are.
        runner: what does it.
        kind: what the files of results are; None for what each piece is.
        needed: as of a `Task`.
        tell: is told how much is done.

    Raises:
        OSError: the folder cannot be read.
    """
    names = [result_name(piece, kind or piece.kind) for piece in pieces]
    found: dict[int, Done | Missing] = {}
    total = _Sum()
    for number, (name, piece) in enumerate(zip(names, pieces, strict=True)):
        told = None if folder is None else folder.done(name)
        if told is not None and told["of"] == _identity(piece):
            kept = told["kept"] and record.read(told["kept"], number)
            total.add(kept)
            found[number] = Done(
                name=name, piece=piece, rows=kept.points if kept else 0, bytes=told["bytes"]
            )
    tasks = [
        Task(
            number=number, piece=piece, output=folder.file(name) if folder else "",
            temporaries=None if folder is None else folder.temporaries, needed=needed,
        )
        for number, (name, piece) in enumerate(zip(names, pieces, strict=True))
        if number not in found
    ]  # fmt: skip
    rows = sum(one.rows for one in found.values() if isinstance(one, Done))

    def within(share: float | None, more: int) -> None:
        tell((len(found) + (share or 0.0)) / len(pieces), rows + more)

    tell(len(found) / len(pieces), rows)
    for number, came in runner(work, tasks, within):
        if isinstance(came, Missing):
            found[number] = came
            continue
        name, piece = names[number], pieces[number]
        written: int | None = None
        if folder is not None:
            written = size(folder.file(name))
            kept = None if came is None else record.written(came)
            try:
                folder.keep(name, {"of": _identity(piece), "bytes": written, "kept": kept})
            except OSError as error:  # a disk that is full has no room for what is kept, either
                found[number] = _failed(piece, error)
                continue
        total.add(came)
        done = Done(name=name, piece=piece, rows=came.points if came else 0, bytes=written)
        found[number] = done
        rows += done.rows
        tell(len(found) / len(pieces), rows)
    ordered = [found[number] for number in sorted(found)]
    return Outcome(
        done=tuple(one for one in ordered if isinstance(one, Done)),
        missing=tuple(one for one in ordered if isinstance(one, Missing)),
        summary=total.total(),
    )


def _identity(piece: Piece) -> dict[str, Any]:
    """Return what tells whether a piece has changed since it was done."""
    groups = None if piece.groups is None else list(piece.groups)
    return {
        "path": piece.path, "bytes": piece.size, "modified": piece.modified, "groups": groups,
    }  # fmt: skip
