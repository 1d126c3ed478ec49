"""`python -m tests.benchmarks`: every figure that the project promises, measured here and now."""

from __future__ import annotations

import platform
import sys

from rich.console import Console
from rich.table import Table

from tests.benchmarks import long_formula, start


def main() -> None:
    """Print the tables."""
    console = Console()
    console.print(f"Python {platform.python_version()} on {platform.machine()}, {sys.platform}")
    table = Table("whole process", "seconds", "bare imports", "ratio", "limit", "")
    for what, ours, theirs, ratio, limit in start.rows():
        verdict = "met" if ratio <= limit else "MISSED"
        table.add_row(what, f"{ours:.3f}", f"{theirs:.3f}", f"{ratio:.2f}", f"{limit:.2f}", verdict)
    console.print(table)
    table = Table("formula", "operations", "µs/op to read", "µs/op to differentiate")
    for what, size, read, differentiate in long_formula.rows():
        table.add_row(what, f"{size:,}", f"{read:.2f}", f"{differentiate:.2f}")
    console.print(table)


if __name__ == "__main__":
    main()
