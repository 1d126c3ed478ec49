"""`python -m tests.crosscheck.verdicts`: is any number that is called a match a wrong one?

Random formulas, each at ordinary points, at kinks and edges, and at points of every size; one in
some alone, the others together. Each value and derivative with the verdict `match` is held against
mpmath: differences of the value to 90 digits and more, which know no derivative rule. Exits 1
where one is off by more than 1e-9.
"""

from __future__ import annotations

import argparse
import math
import random
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, NamedTuple

import numpy
from mpmath import mp, mpf

from autodiff_cli.answers.beside import answered
from autodiff_cli.answers.gradient import grad
from autodiff_cli.answers.higher import answer, hessian_finder
from autodiff_cli.errors import AutodiffError
from autodiff_cli.symbolic.client import Client
from tests import exact
from tests.crosscheck.cases import EDGES, Case, case

#: Digits of a value and the step as a share of the point's size, tried in turn: two must agree.
TRIES = ((90, "1e-28"), (200, "1e-62"), (800, "1e-170"), (2000, "1e-420"), (4500, "1e-700"))

#: The first of them that are small.
CLOSER = 2

#: Share up to which they agree; a 0 counts where not even this could have cancelled, in numbers of
#: this size on the way.
SETTLED, NOTHING, LARGE = "1e-12", mpf("1e-330"), mpf("1e300")

#: What a match may be off: relatively, and where float64 ends.
RELATIVE, LEAST = 1e-9, 5e-324

#: A case in so many is judged to the second order too.
SECOND_IN = 4

#: A formula in so many is asked at its first point alone; the others at so many at once.
ALONE_IN, TOGETHER = 5, 10


@dataclass
class Count:
    """What a run found.

    Attributes:
        verdicts: how often each was given.
        held: matches that mpmath has a number for.
        without: matches that it has none for.
        wrong: those that are not its number.
        odd: what is called a mismatch, or has no real number by SymPy.
        next: the seed after the last.
    """

    verdicts: Counter[str] = field(default_factory=Counter)
    held: int = 0
    without: int = 0
    wrong: list[str] = field(default_factory=list)
    odd: list[str] = field(default_factory=list)
    next: int = 0


def cases(seed: int) -> list[Case]:
    """Return the formula of a seed at its points: one that is asked alone, or several."""
    first = case(seed)
    choose = random.Random(seed)
    draws: tuple[Callable[[], float], ...] = (
        lambda: choose.choice((-1, 1)) * float(f"{10 ** choose.uniform(-12, 9):.3g}"),
        lambda: choose.choice((-1, 1, 1)) * choose.uniform(0.2, 1.8),
        lambda: choose.choice(EDGES),
        lambda: choose.choice(EDGES) * (1 + choose.choice((-1, 1)) * 2.0 ** -choose.randint(1, 52)),
    )
    points = [first.at]
    while len(points) < TOGETHER:
        draw = draws[len(points) % len(draws)]
        points.append({name: draw() for name in first.at})
    if seed % ALONE_IN == 0:
        points = [points[seed // ALONE_IN % 2]]
    return [replace(first, at=at) for at in points if all(map(math.isfinite, at.values()))]


class Answer(NamedTuple):
    """One number of autodiff's: at which point, which derivative, and its verdict."""

    point: int
    path: tuple[str, ...]
    number: float
    verdict: str


def answers(together: Sequence[Case], client: Client) -> Iterator[Answer]:
    """Yield each value and derivative of a formula at its points, with the verdict."""
    first = together[0]
    at: dict[str, Any] = dict(first.at)
    if len(together) > 1:
        at = {name: [one.at[name] for one in together] for name in first.at}
    result = grad(first.graph, at)
    report, _ = answered("", result, at, "reverse", client, 20.0)
    if report.symbolic is None or report.symbolic_value is None:
        for point in range(len(together)):
            yield Answer(point, (), math.nan, report.verdict)
        return
    found = [((), result.value, report.symbolic_value)]
    found += [((name,), result.gradient[name], row) for name, row in report.symbolic.items()]
    if first.seed % SECOND_IN == 0:
        further = answer("", result, at, hessian_finder(result), client, 20.0)
        found += [(one.path, one.value, one.symbolic) for one in further.entries if one.symbolic]
    for path, values, row in found:
        numbers = numpy.ravel(values).tolist()
        for point, (number, verdict) in enumerate(zip(numbers, row.verdicts, strict=True)):
            yield Answer(point, path, number, verdict)


class Truth:
    """The value and the derivatives of one case by mpmath."""

    def __init__(self, case: Case) -> None:
        self.case = case
        self._known: dict[Any, Any] = {}

    def of(self, path: tuple[str, ...], *, closer: bool = False) -> Any:
        """Return a value or a derivative; None where there is none, or it settles on none.

        Args:
            path: the variables it is taken by.
            closer: take the small steps alone: a kink beside the point may lie within the others.
        """
        before = None
        for digits, step in TRIES[CLOSER if closer else 0 :]:
            with mp.workdps(digits):
                try:
                    found, blur = self._difference(path, mp.mpf(step))
                except exact.NoRealValue:
                    return None
                told = found != 0 or blur < NOTHING  # what is tiny cancels to 0 at first
                share = abs(found) * mp.mpf(SETTLED)
                if told and before is not None and abs(found - before) <= share:
                    return found
                before = found
        return None

    def _difference(self, path: tuple[str, ...], share: Any) -> tuple[Any, Any]:
        """Return a difference of the value, and what rounding may have hidden of it."""
        at = {name: mp.mpf(number) for name, number in self.case.at.items()}
        steps = {name: share * (abs(at[name]) or mp.mpf(1)) for name in path}

        def moved(**shifts: int) -> Any:
            key = (mp.dps, *sorted((name, shift) for name, shift in shifts.items() if shift))
            if key not in self._known:
                there = {name: at[name] + shifts.get(name, 0) * steps.get(name, 0) for name in at}
                self._known[key] = exact.value(self.case.graph, there, typed=True)
            return self._known[key]

        size = mp.fprod(steps[name] for name in path)
        if not path:
            found = moved()
        elif len(path) == 1:
            found = (moved(**{path[0]: 1}) - moved(**{path[0]: -1})) / (2 * size)
        elif path[0] == path[1]:
            ends = moved(**{path[0]: 1}) + moved(**{path[0]: -1})
            found = (ends - 2 * moved()) / size
        else:
            x, y = path
            corners = [a * b * moved(**{x: a, y: b}) for a in (1, -1) for b in (1, -1)]
            found = mp.fsum(corners) / (4 * size)
        return found, LARGE * mp.mpf(10) ** -mp.dps / size


def run(count: int, seed: int = 0) -> Count:
    """Judge numbers of cases from a seed on until so many matches are held against mpmath."""
    found = Count()
    found.next = seed
    with Client() as client:
        while found.held < count:
            together = cases(found.next)
            found.next += 1
            try:
                judged = list(answers(together, client)) if together else []
            except AutodiffError:
                continue
            truths = [Truth(one) for one in together]
            for one in judged:
                _count(truths[one.point], one, found)
    return found


def _count(truth: Truth, one: Answer, found: Count) -> None:
    """Count an answer, and hold it against mpmath where it is called a match."""
    found.verdicts[one.verdict] += 1
    if one.verdict in ("MISMATCH", "symbolic-complex"):
        found.odd.append(f"{one.verdict} {truth.case}: {one.path} is {one.number!r}")
    if one.verdict != "match":
        return
    known = truth.of(one.path)
    if known is not None and _off(one.number, known):
        known = truth.of(one.path, closer=True)
    if known is None:
        found.without += 1
        return
    found.held += 1
    if _off(one.number, known):
        text = f"{truth.case}: {one.path} is {one.number!r}, mpmath has {mp.nstr(known, 17)}"
        found.wrong.append(text)


def _off(number: float, known: Any) -> bool:
    with mp.workdps(40):
        return bool(abs(mp.mpf(number) - known) > RELATIVE * abs(known) + LEAST)


def main() -> int:
    """Count, print, and return the exit status."""
    parser = argparse.ArgumentParser(prog="python -m tests.crosscheck.verdicts")
    parser.add_argument("--count", type=int, default=10_000, help="matches to hold (%(default)s)")
    parser.add_argument("--seed", type=int, default=0, help="the first seed")
    options = parser.parse_args()
    begun = time.monotonic()
    found = run(options.count, options.seed)
    print(f"{found.held:,} matches held against mpmath ({time.monotonic() - begun:.0f} s)")
    print(f"  seeds {options.seed:,} to {found.next - 1:,}")
    print(f"  {len(found.wrong)} of them wrong; {found.without:,} more have no number there")
    print("  verdicts:", ", ".join(f"{name} {n:,}" for name, n in found.verdicts.most_common()))
    for line in found.wrong:
        print("  WRONG", line)
    for line in found.odd:
        print(" ", line)
    return int(bool(found.wrong))


if __name__ == "__main__":
    raise SystemExit(main())
