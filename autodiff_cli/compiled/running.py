"""A block's function over all points: how long a block is, which cores work, and on what memory.

A core that ends one NumPy call must hold the interpreter to start the next, and waits for it when
another core has it just then. Blocks that are too short make cores wait longer than they work;
blocks that are too long leave the second-level cache. Nobody waits for a core that has not begun: a
`Thread` would be waited for at its start and at its end, on a busy machine for milliseconds.
"""

from __future__ import annotations

import os
from _thread import start_new_thread
from collections.abc import Iterator, Sequence
from threading import Condition
from typing import Any, NamedTuple

from autodiff_cli.compiled.blocks import Block

#: Points of a block for one core alone, and the most for one of several.
ALONE, SHARED = 16_384, 50_000

#: Bytes of buffers that all cores take together.
MEMORY = 32 << 20

#: Bytes from which malloc gives a result pages of its own, and of a piece that results share.
SHORT, PIECE = 128 << 10, 16 << 20

#: Numbers between the starts of two buffers beyond whole lines of the cache: addresses that are
#: equal in their last 12 bits would wait for each other.
APART = 8


class Division(NamedTuple):
    """How points are shared: the length of a block (the last may be shorter), and the cores."""

    length: int
    cores: int


def division(size: int, buffers: int, lengths: tuple[int, int] = (ALONE, SHARED)) -> Division:
    """Return how `size` points are shared.

    Args:
        size: how many points there are.
        buffers: what a block takes.
        lengths: the points of a block for one core alone, and the most for one of several.
    """
    alone, shared = lengths
    cores = min(_cores(), size // (2 * ALONE))
    fitting = MEMORY // (8 * max(1, buffers) * max(1, cores))
    if cores < 2 or fitting < ALONE:
        return Division(max(1, min(size, alone, MEMORY // (8 * max(1, buffers)))), 1)
    rounds = -(-size // (cores * min(shared, fitting)))
    return Division(_whole(-(-size // (cores * rounds))), cores)


def run(
    block: Block,
    columns: Sequence[Any],
    outputs: Sequence[Any],
    size: int,
    lengths: tuple[int, int] = (ALONE, SHARED),
) -> None:
    """Compute all points; a core takes the next block whenever it has none.

    Args:
        block: the function of one block.
        columns: for each variable an array of `size` numbers, or one of no dimension.
        outputs: arrays of `size` numbers for the value and the derivatives.
        size: how many points there are.
        lengths: the points of a block for one core alone, and the most for one of several.
    """
    length, cores = division(size, block.floats, lengths)
    starts = iter(range(0, size, length))  # next() on it is atomic
    failed: list[BaseException] = []  # with something in it all cores stop
    given = [(columns, outputs)]  # who comes late must not hold them: memory would be new each time

    def work() -> None:
        try:
            _blocks(block, *given[0], starts, length, failed)
        except BaseException as error:
            failed.append(error)

    changed = Condition()
    over, helping = False, 0

    def help_out() -> None:
        nonlocal helping
        with changed:
            if over:
                return
            helping += 1
        work()
        with changed:
            helping -= 1
            changed.notify()

    try:
        for _ in range(cores - 1):
            start_new_thread(help_out, ())
        work()
        with changed:
            over = True
            while helping:
                changed.wait()
    except BaseException as error:  # Ctrl-C between two blocks, or while the others are awaited
        failed.append(error)
    given.clear()
    if failed:
        raise failed[0]


def results(count: int, length: int) -> list[Any]:
    """Return arrays of `length` numbers for results, of which a caller may keep one alone.

    One that is kept keeps its piece of memory. Short ones have a piece each. Of long ones several
    share a piece: of many pieces the system clears every page anew at every call, which takes
    longer than the arithmetic of a short formula; pieces of this size it keeps.
    """
    import numpy as np

    size = 8 * length
    if size < SHORT:
        return [np.empty(length) for _ in range(count)]
    most = max(1, PIECE // size)
    return [
        row for start in range(0, count, most) for row in rows(min(most, count - start), length)
    ]


def rows(count: int, length: int) -> list[Any]:
    """Return arrays of `length` numbers in one piece, each at a whole line of the cache."""
    import numpy as np

    step = _whole(length) + APART
    piece = np.empty(count * step + APART)
    first = (-piece.ctypes.data % 64) // 8
    return [piece[start : start + length] for start in range(first, first + count * step, step)]


def _blocks(
    block: Block,
    columns: Sequence[Any],
    outputs: Sequence[Any],
    starts: Iterator[int],
    length: int,
    stopped: Sequence[BaseException],
) -> None:
    """Compute blocks of points until none is left or `stopped`; buffers are this call's own."""
    import numpy as np

    buffers = rows(block.floats, length)
    conditions = [np.empty(length, bool) for _ in range(block.conditions)]
    with np.errstate(all="ignore"):
        for start in starts:
            if stopped:
                return
            places = slice(start, start + length)
            given = [column[places] if column.ndim else column for column in columns]
            results = [output[places] for output in outputs]
            short = len(results[0])
            if short != length:
                buffers, conditions = ([b[:short] for b in bs] for bs in (buffers, conditions))
            block.run(given, results, buffers, conditions, stopped)


def _whole(length: int) -> int:
    """Return a length that fills whole lines of the cache, of 8 numbers each."""
    return -(-length // 8) * 8


def _cores() -> int:
    """Return how many cores this process may use; a worker of several says that it has one."""
    said = os.environ.get("OMP_NUM_THREADS", "")
    most = int(said) if said.isascii() and said.isdigit() and 0 < len(said) < 6 else 0
    if hasattr(os, "sched_getaffinity"):
        found = len(os.sched_getaffinity(0))
    else:
        found = os.cpu_count() or 1
    return min(found, most) if most else found
