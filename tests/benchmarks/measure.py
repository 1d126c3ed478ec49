"""Fair times: two commands in turn, A B A B …, and the median of the ratios pair by pair."""

from __future__ import annotations

import os
import statistics
import subprocess
import time
from collections.abc import Callable, Sequence


def process(command: Sequence[str]) -> float:
    """Return the wall time of a whole process in seconds; its output is read and dropped."""
    settings = {k: v for k, v in os.environ.items() if k != "PYTHONDONTWRITEBYTECODE"}
    start = time.perf_counter()
    subprocess.run(
        command, capture_output=True, check=False, stdin=subprocess.DEVNULL, env=settings
    )
    return time.perf_counter() - start


def ratio(first: Callable[[], float], second: Callable[[], float], pairs: int) -> tuple[float, ...]:
    """Return the medians of the first, of the second, and of their ratios, after one warm-up."""
    first(), second()
    times = [(first(), second()) for _ in range(pairs)]
    return (
        statistics.median(a for a, _ in times),
        statistics.median(b for _, b in times),
        statistics.median(a / b for a, b in times),
    )
