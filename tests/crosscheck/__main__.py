"""`python -m tests.crosscheck`: random formulas against PyTorch, JAX, HIPS autograd and mpmath.

Prints how many were compared, how many differ and why; exits 1 where one differs without a
reason. Needs the extras `test` and `crosscheck`.
"""

from __future__ import annotations

import argparse
import multiprocessing
import time

from autodiff_cli.ops import OPERATIONS
from tests.crosscheck import active
from tests.crosscheck.generated import Tally, run_share
from tests.crosscheck.libraries import LIBRARIES, installed

#: Formulas compared with each library.
COUNTS = {"torch": 100_000, "jax": 5_000, "autograd": 20_000}

#: Formulas compared to the second order too, where both sides have a number.
SECOND = {"torch": 10_000, "jax": 2_000, "autograd": 2_000}

#: Formulas whose exponents, ties and conditions move, and how many of them JAX is asked too.
ACTIVE, WITNESSED = 20_000, 300

#: Formulas that a process is given at a time.
SHARE = 500


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.crosscheck", description=__doc__)
    for library, count in COUNTS.items():
        parser.add_argument(
            f"--{library}", type=int, default=count, metavar="N",
            help=f"formulas compared with {library} (default %(default)s, 0 for none)",
        )  # fmt: skip
    parser.add_argument(
        "--second", type=int, metavar="N",
        help="of them to the second order too (default 10,000 with torch, 2,000 with the others)",
    )  # fmt: skip
    parser.add_argument(
        "--active", type=int, default=ACTIVE, metavar="N",
        help="formulas whose exponents, ties and conditions move, with mpmath "
        "(default %(default)s, 0 for none)",
    )  # fmt: skip
    parser.add_argument(
        "--witnessed", type=int, default=WITNESSED, metavar="N",
        help="of them with JAX too (default %(default)s)",
    )  # fmt: skip
    parser.add_argument("--seed", type=int, default=0, metavar="S", help="the first seed")
    parser.add_argument("--jobs", type=int, default=1, metavar="J", help="processes")
    parser.add_argument("--examples", action="store_true", help="one formula for each reason")
    return parser.parse_args()


def main() -> int:
    """Compare, print, and return the exit status."""
    options = arguments()
    status = 0
    for library in LIBRARIES:
        count = getattr(options, library)
        if count and library not in installed():
            print(f"{library}: not installed, skipped (pip install -e '.[test,crosscheck]')")
        elif count:
            begun = time.monotonic()
            second = min(count, SECOND[library] if options.second is None else options.second)
            tally = shared(library, count, second, options.seed, options.jobs)
            report(library, tally, time.monotonic() - begun, options.examples)
            status = 1 if tally.unexplained else status
    if options.active:
        status |= _moving(options.active, options.witnessed, options.seed, options.jobs)
    return status


def _moving(count: int, witnessed: int, seed: int, jobs: int) -> int:
    """Judge second slopes where special cases meet; print, and return the exit status."""
    begun = time.monotonic()
    with_jax = "jax" in installed()
    shares = [
        (min(SHARE, count - done), seed + done, with_jax and done < witnessed)
        for done in range(0, count, SHARE)
    ]
    if with_jax and 0 < witnessed < min(SHARE, count):
        first, start, _ = shares.pop(0)
        shares += [(witnessed, start, True), (first - witnessed, start + witnessed, False)]
    whole = active.run_rows(ask_jax=with_jax)
    with multiprocessing.get_context("spawn").Pool(jobs) as pool:
        for part in pool.imap(active.run_share, shares):
            whole.add(part)
    print(
        f"mpmath: {whole.cases:,} rows and formulas where special cases meet; {whole.compared:,} "
        f"slopes and second slopes ({time.monotonic() - begun:.0f} s)"
    )
    print(
        f"  JAX has a number for {whole.witnessed:,} of them, another one for {whole.astray:,}; "
        f"{sum(whole.excused.values()):,} follow a convention, {len(whole.unexplained)} differ "
        "without a reason"
    )
    for reason, number in whole.excused.most_common():
        print(f"  {number:6,}  {reason}")
    for line in whole.unexplained:
        print(f"  UNEXPLAINED {line}")
    return 1 if whole.unexplained else 0


def shared(library: str, count: int, second: int, seed: int, jobs: int) -> Tally:
    """Run in shares, each in a process of a pool, and count together."""
    shares = [
        (library, min(SHARE, count - done), max(0, second - done), seed + done)
        for done in range(0, count, SHARE)
    ]
    whole = Tally()
    with multiprocessing.get_context("spawn").Pool(jobs) as pool:
        for part in pool.imap(run_share, shares):
            whole.add(part)
    return whole


def report(library: str, tally: Tally, seconds: float, examples: bool) -> None:
    """Print what a run found."""
    print(
        f"{library}: {tally.compared:,} formulas, {tally.edges:,} of them at kinks and edges; "
        f"{tally.finite:,} with a finite value and gradient ({seconds:.0f} s)"
    )
    print(
        f"  {tally.differing:,} differ, {len(tally.unexplained)} of them without a reason; "
        f"second order: {tally.second:,}, forward against reverse: {tally.modes:,}"
    )
    rows = {row.name: tally.rows[row.name] for row in OPERATIONS}
    least = min(rows, key=lambda name: rows[name])
    print(f"  every row is in {rows[least]:,} formulas or more ({least}):")
    print("   ", " ".join(f"{name} {number}" for name, number in rows.items()))
    for (order, reason), number in sorted(tally.reasons.items(), key=lambda row: -row[1]):
        print(f"  {number:6,}  {order}: {reason}")
        if examples:
            print(f"          {tally.examples[order, reason]}")
    for line in tally.unexplained:
        print(f"  UNEXPLAINED {line}")


if __name__ == "__main__":
    raise SystemExit(main())
