"""`python -m tests.digits`: every row at 2,000 points over the whole range of float64.

Prints how far each is off at most, in units of the last place, and what its row says of more;
exits 1 where a row loses digits and does not say so.
"""

from __future__ import annotations

import argparse

from autodiff_cli.ops.row import ULP
from tests.digits.judging import judged
from tests.digits.places import points
from tests.digits.rows import ROWS


def main() -> int:
    """Judge the rows, print, and return the exit status."""
    parser = argparse.ArgumentParser(prog="python -m tests.digits", description=__doc__)
    parser.add_argument("names", nargs="*", metavar="ROW", help="rows of the table; all")
    parser.add_argument("--points", type=int, default=2000, metavar="N", help="points of each row")
    parser.add_argument("--seed", type=int, default=0, metavar="S")
    options = parser.parse_args()
    status = 0
    for row in ROWS:
        if options.names and row.name not in options.names:
            continue
        found = judged(row, points(row, options.points, options.seed))
        print(
            f"{row.name:<10} {found.compared:7,} numbers within {found.worst:.2f} ulp; "
            f"{found.said:,} beyond {ULP} as the row says, {len(found.faults):,} not",
            flush=True,
        )
        for line in found.faults[:5]:
            print(f"  FAULT {line}")
        status = 1 if found.faults else status
    return status


if __name__ == "__main__":
    raise SystemExit(main())
