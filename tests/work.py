"""How much work a call is, counted and not timed: the same on a busy machine and an idle one."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Callable, Iterator
from types import FrameType
from typing import Any

#: Seconds after which a process that a test started is taken to hang. Nothing comes near it.
HANG = 600

#: `AUTODIFF_WHOLE=1` lets the suite try as many examples as there are; `.ci/run` does.
WHOLE = bool(os.environ.get("AUTODIFF_WHOLE"))


def examples(count: int) -> int:
    """Return how many of so many examples are tried: all, or a third in the ordinary suite."""
    return count if WHOLE else -(-count // 3)


#: How often is looked for what will not come, a fiftieth of a second apart: for as long at least.
LOOKS = 50 * HANG


def looks() -> Iterator[None]:
    """Yield before each look at what another process does; on a busy machine looks take longer.

    Raises:
        AssertionError: it has not come after very many.
    """
    for _ in range(LOOKS):
        yield
        time.sleep(0.02)
    raise AssertionError("what is waited for does not come")


def lines(call: Callable[[], object]) -> int:
    """Return how many lines of Python a call runs; each round of a loop counts anew."""
    count = 0

    def trace(frame: FrameType, event: str, argument: Any) -> Any:
        nonlocal count
        count += event == "line"
        return trace

    before = sys.gettrace()
    sys.settrace(trace)
    try:
        call()
    finally:
        sys.settrace(before)
    return count


def grows(work: Callable[[int], object], size: int) -> float:
    """Return by which factor the work grows when the size is four times as big: linear is 4."""
    work(size)  # loads what it needs
    return lines(lambda: work(4 * size)) / lines(lambda: work(size))
