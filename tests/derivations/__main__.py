"""`python -m tests.derivations`: every operation and 500 formulas, each line at 20 points.

The last line is held against SymPy's derivative at 20 points too, to 30 digits. The suite has a
small sample of all this.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator

from autodiff_cli.errors import AutodiffError
from autodiff_cli.graph.graph import CONSTANT, VARIABLE
from autodiff_cli.ops.row import COMPARISON
from autodiff_cli.symbolic.client import Client
from autodiff_cli.teach.derivation import Explanation
from autodiff_cli.teach.equal import POINTS, beside
from tests.expressions import ROWS, Tree, seeded
from tests.test_explain import lines, named, of_tree, wrong_lines

#: CPU seconds that SymPy may take for one formula.
SECONDS = 3.0


def trees(count: int) -> Iterator[Tree]:
    """Yield formulas: two with each operation outermost, then generated ones."""
    for row in ROWS:
        for seed in range(2):
            yield seeded(seed, 3, root=row)
    for seed in range(count):
        yield seeded(5000 + seed, 2 + seed % 8)


def faults(report: Explanation) -> Iterator[str]:
    """Yield what is wrong with a derivation in itself: its lines, their names and count."""
    yield from wrong_lines(report, POINTS)
    graph = report.graph
    count = sum(
        row not in (CONSTANT, VARIABLE) and row.precedence != COMPARISON for row in graph.operations
    )
    for name in report.derivations:
        found = lines(report, name)
        if len(found) > max(count, 1):
            yield f"{graph} by {name} has {len(found)} lines for {count} operations"
        yield from (f"{step.rule} is no name" for step in found if not named(step.rule))


def main() -> None:
    """Derive, hold against the sweep and against SymPy, and tell what is wrong."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--formulas", type=int, default=500)
    asked = parser.parse_args()
    told: list[str] = []
    formulas = derivatives = compared = unequal = skipped = 0
    with Client() as client:
        for tree in trees(asked.formulas):
            try:
                report = of_tree(tree)
            except AutodiffError:
                continue  # too long to be read
            formulas += 1
            told += faults(report)
            for path, row in beside(report, client, SECONDS).items():
                derivatives += 1
                if not row.text or row.equal is None:
                    skipped += 1
                    continue
                compared += 1
                if not row.equal:
                    unequal += 1
                    told.append(f"{report.graph} by {path[0]}: SymPy has {row.text}")
    for fault in told[:40]:
        print(fault)
    print(f"{formulas} formulas at {POINTS} points: {len(told)} faults")
    print(f"{derivatives} derivatives: {compared} compared with SymPy's, {unequal} unequal, "
          f"{skipped} not comparable")  # fmt: skip
    sys.exit(bool(told))


if __name__ == "__main__":
    main()
