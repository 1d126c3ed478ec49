"""`python -m tests.orders`: every row to order 100 and 200 random formulas to order 12, by mpmath.

Prints how far each is off at most, and of how many orders float64 loses the digits, as a bound
says; exits 1 where one is off by more than its bound.
"""

from __future__ import annotations

import argparse
import time

from autodiff_cli.engine.directions import derivatives
from tests import exact
from tests.orders.judging import alone, finite, formula, judged, operands, point
from tests.test_table import DIFFERENTIABLE, named


def main() -> int:
    """Compare, print, and return the exit status."""
    parser = argparse.ArgumentParser(prog="python -m tests.orders", description=__doc__)
    parser.add_argument("names", nargs="*", metavar="ROW", help="rows of the table; all")
    parser.add_argument("--order", type=int, default=100, metavar="N", help="of the rows")
    parser.add_argument("--formulas", type=int, default=200, metavar="N")
    parser.add_argument("--of", type=int, default=12, metavar="N", help="order of the formulas")
    options = parser.parse_args()
    faults: list[str] = []
    for row in DIFFERENTIABLE:
        if options.names and row.name not in options.names:
            continue
        graph, at = alone(row), point(row)
        for name in operands(row):
            begun = time.perf_counter()
            derivatives(graph, at, {name: 1.0}, options.order)
            spent = time.perf_counter() - begun
            found = judged(graph, at, name, options.order)
            faults += found.faults
            print(
                f"{named(row):<12} by {name}: {found.compared} orders in {1000 * spent:.0f} ms, "
                f"within {found.worst:.1e}; digits lost in {len(found.lost)}",
                flush=True,
            )
    compared = seed = orders = lost = 0
    while compared < options.formulas and not options.names:
        seed += 1
        chosen = formula(seed)
        if chosen is None or not finite(*chosen, options.of):
            continue
        try:
            found = judged(*chosen, options.of)
        except exact.NoRealValue:
            continue
        compared += 1
        orders += found.compared
        lost += len(found.lost)
        faults += found.faults
    print(f"{compared} random formulas: {orders:,} orders, digits lost in {lost}")
    for line in faults:
        print(f"  FAULT {line}")
    return 1 if faults else 0


if __name__ == "__main__":
    raise SystemExit(main())
