"""How work grows: four times the formula is four times the work, and no more room than that."""

from __future__ import annotations

import os
import subprocess
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from tests.benchmarks.long_formula import FORMULAS, STEPS, Formula, alone
from tests.benchmarks.measure import OURS, Row
from tests.benchmarks.start import script

SUM, CHAIN, PRODUCT = FORMULAS

#: The largest share of four times the time, and of four times the memory, that is accepted.
TIME, MEMORY = 1.3, 1.1


class Work(NamedTuple):
    """A command whose work grows with its formula.

    Attributes:
        words: of the command line, without the formula.
        formula: what it is asked about.
        most: operations, as many as the command takes or a reader bears; a fourth is beside them.
    """

    words: Sequence[str]
    formula: Formula
    most: int


WORK = (
    Work(("explain", "--no-sympy"), SUM, 280),
    Work(("explain", "--no-sympy"), CHAIN, 280),
    Work(("graph", "--format", "svg"), SUM, 2_800),
    Work(("graph", "--format", "svg"), CHAIN, 2_800),
    Work(("graph", "--format", "svg"), STEPS, 2_800),
    Work(("page",), SUM, 60),
    Work(("trace", "--why", "--rows", "0"), SUM, 20_000),
    Work(("trace", "--why", "--rows", "0"), CHAIN, 20_000),
    Work(("trace", "--why", "--rows", "0"), STEPS, 20_000),
)


def rows() -> list[Row]:
    """Return rows for each command, its start taken off, and for a gradient from its text."""
    empty = _least(("graph", "x"), 5)
    found: list[Row] = []
    with tempfile.TemporaryDirectory() as folder:
        for work in WORK:
            found += _grown(work, empty, Path(folder) / "formula.txt")
    for formula in (*FORMULAS, STEPS):
        few, many = (alone(formula, count)[0] for count in (500_000, 2_000_000))
        what = f"gradient of {formula.name}, 2,000,000 operations"
        found.append(Row(what, "µs per operation", {OURS: many, "at a fourth": few},
                         {"at a fourth": many / few}, {"at a fourth": TIME}, {}))  # fmt: skip
    return found


def _grown(work: Work, empty: tuple[float, float], path: Path) -> list[Row]:
    """Return the row of the time beyond a start, and that of the memory."""
    found = []
    for count in (work.most // 4, work.most):
        terms = count // 4 if work.formula is SUM else count
        path.write_text(work.formula.text(terms), encoding="utf-8")
        point = [word for name in ("x", "y")[: work.formula.variables(terms)]
                 for word in (f"--{name}", "0.9")]  # fmt: skip
        words = (work.words[0], f"@{path}", *point, *work.words[1:])
        time, size = _least(words, 3)
        found.append((time - empty[0], size - empty[1]))
    (time, size), (longer, bigger) = found
    what = f"{' '.join(work.words)}, {work.formula.name}, {work.most:,} operations"
    beside = "4 × at a fourth"
    return [
        Row(what, "s of CPU", {OURS: longer, beside: 4 * time}, {beside: longer / (4 * time)},
            {beside: TIME}, {}),
        Row(what, "MB", {OURS: bigger, beside: 4 * size}, {beside: bigger / (4 * size)},
            {beside: MEMORY}, {}),
    ]  # fmt: skip


def _least(words: Sequence[str], times: int) -> tuple[float, float]:
    """Return the least of several runs, of the seconds and of the megabytes."""
    runs = [_measured(words) for _ in range(times)]
    return min(time for time, _ in runs), min(size for _, size in runs)


def _measured(words: Sequence[str]) -> tuple[float, float]:
    """Run a command line; return its seconds of CPU and its megabytes at most."""
    process = subprocess.Popen(
        [*script(), *words], stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL
    )
    _, status, used = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise RuntimeError(f"{' '.join(words)} ended with {process.returncode}")
    return used.ru_utime + used.ru_stime, used.ru_maxrss / 1024
