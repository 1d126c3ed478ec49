"""`python -m tests.roads --count 2000`: every row and so many formulas on every road there is."""

from __future__ import annotations

import argparse
import tempfile
from collections import Counter
from pathlib import Path

from tests.roads import answers, cases, native
from tests.roads.functions import same_functions
from tests.roads.rounding import departs, explained
from tests.roads.toolchains import TOOLCHAINS

#: Cases that a compiler is given at once.
TOGETHER = 250

#: What runs exports, and the C of `backend="c"`.
EVERYWHERE = TOOLCHAINS | {
    "compiled C, functions of floats": (native.by_floats, native.here()),
    "compiled C": (native.by_vectors, native.here()),
}


def main() -> int:
    """Compare, print what differs, and return 1 if anything does."""
    parser = argparse.ArgumentParser(prog="python -m tests.roads", description=__doc__)
    parser.add_argument("--count", type=int, default=2000, help="generated formulas (2000)")
    parser.add_argument("--seed", type=int, default=0, help="of the first of them (0)")
    options = parser.parse_args()
    everything = [*cases.rows(), *cases.found(), *cases.generated(options.seed, options.count)]
    points = sum(len(case.points) for case in everything)
    print(f"{len(everything):,} formulas, {points:,} points, value and gradient")
    tally = Counter[str]()
    for start in range(0, len(everything), TOGETHER):
        part = everything[start : start + TOGETHER]
        tally += bitwise(part)
        for language, (_, here) in EVERYWHERE.items():
            if here:
                tally += elsewhere(language, part)
    for language, (_, here) in EVERYWHERE.items():
        if not here:
            print(f"{language}: not installed, skipped")
    for what, number in sorted(tally.items()):
        print(f"{number:9,} {what}")
    return int(any(what.endswith("DIFFER") for what in tally))


def bitwise(part: list[cases.Case]) -> Counter[str]:
    """Count the roads of Python and NumPy where they do not give the engine's number bit by bit."""
    tally = Counter[str]()
    with same_functions() as same:
        for case in part:
            wanted = answers.engine(case)
            for road, found in answers.all_roads(case, same).items():
                lines = answers.differing(case, found, wanted)
                tally[f"{road}: the same, bit by bit"] += len(case.points) - len(lines)
                if lines:
                    tally[f"{road}: DIFFER"] += len(lines)
                    print(f"{road}: {lines[0]}")
    return tally


def elsewhere(language: str, part: list[cases.Case]) -> Counter[str]:
    """Count the answers of another language that differ by more than rounding."""
    tally = Counter[str]()
    with tempfile.TemporaryDirectory() as folder:
        found = EVERYWHERE[language][0](part, Path(folder))
    for case, rows in zip(part, found, strict=True):
        for point, row, right in zip(case.points, rows, answers.engine(case), strict=True):
            if answers.same(row, right):
                tally[f"{language}: the same, bit by bit"] += 1
            elif reason := departs(case, point, language):
                tally[f"{language}: {reason}"] += 1
            elif explained(case, point, row, right, language):
                tally[f"{language}: the same up to rounding"] += 1
            else:
                tally[f"{language}: DIFFER"] += 1
                print(f"{language}: {case} at {point}: {row}, the engine {right}")
    return tally


if __name__ == "__main__":
    raise SystemExit(main())
