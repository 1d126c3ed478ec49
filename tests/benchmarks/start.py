"""From prompt to answer: whole processes, against the bare imports that they cannot do without."""

from __future__ import annotations

import shutil
import sys
from pathlib import Path

from tests.benchmarks.measure import process, ratio

HEAVY = "import sympy, typer, rich.table, rich.console"
LIGHT = "import typer, rich.table, rich.console"

#: command line, the imports it is compared with, the largest ratio that is accepted.
ROWS = (
    (("grad", "sin(x)+sin(y)", "--x", "4", "--y", "2"), HEAVY, 1.25),
    (("trace", "x^3 + 2x^2 + 8x", "--x", "4"), LIGHT, 1.4),
    (("graph", "x^3 + 2x^2 + 8x", "--x", "4"), LIGHT, 1.4),
    (("functions",), LIGHT, 1.4),
    (("--help",), LIGHT, 1.4),
    (("trace", "--help"), LIGHT, 1.4),
    (("trace", "sinn(x)", "--x", "4"), LIGHT, 1.4),
)


def script() -> list[str]:
    """Return how to start the program: its script beside this Python, as a user has it."""
    beside = shutil.which("autodiff", path=str(Path(sys.executable).parent))
    return [beside] if beside else [sys.executable, "-m", "autodiff_cli"]


def rows(pairs: int = 11) -> list[tuple[str, float, float, float, float]]:
    """Return (what, its seconds, the imports' seconds, ratio, limit) for each command line."""
    found = []
    for words, imports, limit in ROWS:
        command, bare = [*script(), *words], [sys.executable, "-c", imports]
        ours, theirs, between = ratio(
            lambda c=command: process(c), lambda b=bare: process(b), pairs
        )
        found.append((f"autodiff {' '.join(words)}", ours, theirs, between, limit))
    return found
