"""Fair figures: everything in turn, A B C A B C …, medians, and ratios taken pair by pair."""

from __future__ import annotations

import os
import statistics
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

#: What the program's own figures are called.
OURS = "autodiff"


@dataclass(frozen=True, slots=True)
class Row:
    """One thing that was measured.

    Attributes:
        what: in words.
        unit: of the figures.
        figures: who → median; the program's own first.
        ratios: who → the median of the program's figure divided by theirs, taken in turn.
        limits: who → the largest ratio that is accepted.
        missing: who has no figure → why.
    """

    what: str
    unit: str
    figures: Mapping[str, float]
    ratios: Mapping[str, float]
    limits: Mapping[str, float]
    missing: Mapping[str, str]

    def met(self) -> bool:
        """Tell whether every limit that could be measured holds."""
        return all(self.ratios.get(who, 0) <= limit for who, limit in self.limits.items())


def measured(
    what: str,
    unit: str,
    runs: Mapping[str, Callable[[], float]],
    limits: Mapping[str, float],
    repeats: int,
    *,
    scale: float = 1.0,
) -> Row:
    """Run all in turn and return the row.

    Args:
        what, unit: for the row.
        runs: who → what returns one figure; the program's own under `OURS`. One that raises has
            no figure, and the row says why.
        limits: who → the largest ratio that is accepted.
        repeats: rounds, after one that is not counted.
        scale: what every figure is multiplied by.
    """
    rounds: dict[str, list[float]] = {}
    missing: dict[str, str] = {}
    for who, run in runs.items():
        try:
            run()
            rounds[who] = []
        except Exception as error:
            missing[who] = f"{type(error).__name__}: {error}".partition("\n")[0][:60]
    for _ in range(repeats):
        for who in rounds:
            rounds[who].append(runs[who]() * scale)
    own = rounds[OURS]
    return Row(
        what,
        unit,
        {who: statistics.median(found) for who, found in rounds.items()},
        {
            who: statistics.median(a / b for a, b in zip(own, found, strict=True))
            for who, found in rounds.items()
            if who != OURS
        },
        {who: limit for who, limit in limits.items() if who not in missing},
        missing,
    )


def timed(function: Callable[[], object], first: int = 0) -> Callable[[], float]:
    """Return a function that runs another and returns how many seconds it took.

    Args:
        function: what is timed.
        first: runs before it that are not timed. Threads of OpenMP keep a core busy for a while
            after their work: whoever is timed right after them would have one core less.
    """

    def run() -> float:
        for _ in range(first):
            function()
        start = time.perf_counter()
        function()
        return time.perf_counter() - start

    return run


def process(command: Sequence[str]) -> Callable[[], float]:
    """Return what runs a whole process and returns its wall time in seconds."""
    settings = {k: v for k, v in os.environ.items() if k != "PYTHONDONTWRITEBYTECODE"}

    def run() -> float:
        start = time.perf_counter()
        subprocess.run(
            command, capture_output=True, check=False, stdin=subprocess.DEVNULL, env=settings
        )
        return time.perf_counter() - start

    return run


class Peak:
    """A context that measures how much memory is taken at most inside it (Linux).

    Attributes:
        bytes: the largest resident size inside, less that at the start.
    """

    def __enter__(self) -> Peak:
        with open("/proc/self/clear_refs", "w", encoding="ascii") as stream:
            stream.write("5")  # forget the highest resident size so far
        self._before = _resident("VmRSS")
        self.bytes = 0
        return self

    def __exit__(self, *_: object) -> None:
        self.bytes = _resident("VmHWM") - self._before


def _resident(name: str) -> int:
    with open("/proc/self/status", encoding="ascii") as stream:
        line = next(line for line in stream if line.startswith(name))
    return 1024 * int(line.split()[1])
