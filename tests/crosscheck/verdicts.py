"""`python -m tests.crosscheck.verdicts`: is any number that is called a match a wrong one?

Random formulas at ordinary points, at kinks and edges, and at points of every size. Each value and
derivative with the verdict `match` is held against mpmath: differences of the value to 200 digits
and more, which know no derivative rule. Exits 1 where one is off by more than 1e-9.
"""

from __future__ import annotations

import argparse
import math
import random
import time
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from mpmath import mp

from autodiff_cli.answers.beside import answered
from autodiff_cli.answers.gradient import grad
from autodiff_cli.answers.higher import answer, hessian_finder
from autodiff_cli.errors import AutodiffError
from autodiff_cli.symbolic.client import Client
from tests import exact
from tests.crosscheck.cases import Case, case

#: Digits of a value and the step as a share of the point's size, tried in turn: two must agree.
TRIES = ((240, "1e-60"), (800, "1e-170"), (2000, "1e-420"), (4500, "1e-700"))

#: Share up to which they agree.
SETTLED = "1e-12"

#: What a match may be off: relatively, and where float64 ends.
RELATIVE, LEAST = 1e-9, 5e-324

#: A case in so many is judged to the second order too.
SECOND_IN = 4


@dataclass
class Count:
    """What a run found.

    Attributes:
        verdicts: how often each was given.
        held: matches that mpmath has a number for.
        without: matches that it has none for.
        wrong: those that are not its number.
        odd: what is called a mismatch, or has no real number by SymPy.
    """

    verdicts: Counter[str] = field(default_factory=Counter)
    held: int = 0
    without: int = 0
    wrong: list[str] = field(default_factory=list)
    odd: list[str] = field(default_factory=list)


def scaled(seed: int) -> Case:
    """Return the case of a seed; of every third one the point's numbers have any size."""
    found = case(seed)
    if seed % 3 != 1:
        return found
    choose = random.Random(seed)
    at = {
        name: choose.choice((-1, 1)) * float(f"{10 ** choose.uniform(-12, 9):.3g}")
        for name in found.at
    }
    return replace(found, at=at)


def numbers(one: Case, client: Client) -> Iterator[tuple[tuple[str, ...], float, str]]:
    """Yield each value and derivative of a case: its path, autodiff's number and the verdict."""
    result = grad(one.graph, one.at)
    report, _ = answered("", result, one.at, "reverse", client, 20.0)
    if report.symbolic is None or report.symbolic_value is None:
        yield (), float("nan"), report.verdict
        return
    yield (), float(result.value), report.symbolic_value.verdict
    for name, row in report.symbolic.items():
        yield (name,), float(result.gradient[name]), row.verdict
    if one.seed % SECOND_IN == 0:
        further = answer("", result, one.at, hessian_finder(result), client, 20.0)
        for entry in further.entries:
            if entry.symbolic is not None:
                yield entry.path, float(entry.value), entry.symbolic.verdict


def truth(one: Case, path: tuple[str, ...]) -> Any:
    """Return a value or a derivative by mpmath; None where it has none, or settles on none."""
    before = None
    for digits, step in TRIES:
        with mp.workdps(digits):
            try:
                found = _difference(one, path, mp.mpf(step))
            except exact.NoRealValue:
                return None
            told = found != 0 or digits == TRIES[-1][0]  # what is tiny cancels to 0 at first
            share = abs(found) * mp.mpf(SETTLED)
            if told and before is not None and abs(found - before) <= share:
                return found
            before = found
    return None


def _difference(one: Case, path: tuple[str, ...], share: Any) -> Any:
    at = {name: mp.mpf(number) for name, number in one.at.items()}
    steps = {name: share * (abs(at[name]) or mp.mpf(1)) for name in path}

    def moved(shifts: Mapping[str, int]) -> Any:
        there = {name: at[name] + shifts.get(name, 0) * steps.get(name, 0) for name in at}
        return exact.value(one.graph, there)

    if not path:
        return moved({})
    if len(path) == 1:
        (x,) = path
        return (moved({x: 1}) - moved({x: -1})) / (2 * steps[x])
    x, y = path
    if x == y:
        return (moved({x: 1}) - 2 * moved({}) + moved({x: -1})) / steps[x] ** 2
    corners = [a * b * moved({x: a, y: b}) for a in (1, -1) for b in (1, -1)]
    return mp.fsum(corners) / (4 * steps[x] * steps[y])


def run(count: int, seed: int = 0) -> Count:
    """Judge numbers of cases from a seed on until so many matches are held against mpmath."""
    found = Count()
    with Client() as client:
        while found.held < count:
            one = scaled(seed)
            seed += 1
            if not all(map(math.isfinite, one.at.values())):
                continue
            try:
                judged = list(numbers(one, client))
            except AutodiffError:
                continue
            for path, number, verdict in judged:
                found.verdicts[verdict] += 1
                if verdict in ("MISMATCH", "symbolic-complex"):
                    found.odd.append(f"{verdict} {one}: {path} is {number!r}")
                if verdict != "match":
                    continue
                known = truth(one, path)
                if known is None:
                    found.without += 1
                    continue
                found.held += 1
                with mp.workdps(40):
                    if abs(mp.mpf(number) - known) > RELATIVE * abs(known) + LEAST:
                        said = f"{one}: {path} is {number!r}, mpmath has {mp.nstr(known, 17)}"
                        found.wrong.append(said)
    return found


def main() -> int:
    """Count, print, and return the exit status."""
    parser = argparse.ArgumentParser(prog="python -m tests.crosscheck.verdicts")
    parser.add_argument("--count", type=int, default=10_000, help="matches to hold (%(default)s)")
    parser.add_argument("--seed", type=int, default=0, help="the first seed")
    options = parser.parse_args()
    begun = time.monotonic()
    found = run(options.count, options.seed)
    print(f"{found.held:,} matches held against mpmath ({time.monotonic() - begun:.0f} s)")
    print(f"  {len(found.wrong)} of them wrong; {found.without:,} more have no number there")
    print("  verdicts:", ", ".join(f"{name} {n:,}" for name, n in found.verdicts.most_common()))
    for line in found.wrong:
        print("  WRONG", line)
    for line in found.odd:
        print(" ", line)
    return int(bool(found.wrong))


if __name__ == "__main__":
    raise SystemExit(main())
