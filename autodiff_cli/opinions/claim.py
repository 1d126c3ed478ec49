"""A derivative that the user claims, against autodiff at the point and at points sampled nearby."""

from __future__ import annotations

import math
import random
import sys
from collections.abc import Mapping
from typing import NamedTuple

from autodiff_cli.engine import reverse
from autodiff_cli.engine.departures import departures
from autodiff_cli.engine.linearise import linearise
from autodiff_cli.engine.magnitude import magnitudes
from autodiff_cli.graph import Graph

#: Points sampled beside the one given, and how many are tried to find them.
SAMPLES, TRIES = 20, 2000

#: Two numbers agree up to this share of their size; beyond it, up to rounding.
RELATIVE = 1e-9
ROUNDING = 64 * sys.float_info.epsilon


class Comparison(NamedTuple):
    """The claim and autodiff at one point."""

    at: Mapping[str, float]
    claimed: float
    found: float
    agrees: bool


class Claim(NamedTuple):
    """A claimed derivative and how it stands.

    Attributes:
        name: the variable.
        text: the claim as typed.
        points: the comparison at the point given, then those at the sampled points.
    """

    name: str
    text: str
    points: tuple[Comparison, ...]

    @property
    def disagreement(self) -> Comparison | None:
        """The first point at which the claim is wrong, or None."""
        return next((point for point in self.points if not point.agrees), None)


def check(
    graph: Graph, claim: Graph, name: str, text: str, at: Mapping[str, float], seed: int | None
) -> Claim:
    """Compare a claimed derivative with autodiff.

    Args:
        graph: the formula.
        claim: the claimed derivative in the variable `name`, over the formula's variables.
        name: the variable.
        text: the claim as typed.
        at: the point given; the sampled ones lie inside the domain, off every kink.
        seed: makes the samples others than the usual ones.
    """
    points = [at, *samples(graph, at, seed)]
    return Claim(name, text, tuple(_compare(graph, claim, name, point) for point in points))


def _compare(graph: Graph, claim: Graph, name: str, at: Mapping[str, float]) -> Comparison:
    linearisation = linearise(graph, at, (name,))
    found = float(reverse.gradient(linearisation)[name])
    own = linearise(claim, {variable: at[variable] for variable in claim.variables}, ())
    claimed = float(own.values[claim.outputs[0]])
    same = claimed == found or (claimed != claimed and found != found)
    bound = RELATIVE * max(abs(claimed), abs(found)) + ROUNDING * magnitudes(linearisation)[name]
    close = math.isfinite(claimed - found) and abs(claimed - found) <= bound
    return Comparison(dict(at), claimed, found, same or close)


def samples(graph: Graph, at: Mapping[str, float], seed: int | None) -> list[dict[str, float]]:
    """Return points at which the formula departs nowhere from plain calculus.

    Half are near the given point, nearer where few are found; half lie between −5 and 5.
    """
    generator = random.Random(0 if seed is None else seed)
    found: list[dict[str, float]] = []
    for number in range(TRIES):
        if len(found) == SAMPLES or not at:
            break
        radius = 0.5 ** (number // (TRIES // 10))
        point = {
            name: value + generator.uniform(-1, 1) * max(1.0, abs(value)) * radius
            if number % 2
            else generator.uniform(-5, 5)
            for name, value in at.items()
        }
        linearisation = linearise(graph, point)
        if not departures(linearisation, reverse.reverse(linearisation)):
            found.append(point)
    return found
