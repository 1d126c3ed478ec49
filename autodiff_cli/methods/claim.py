"""A derivative that the user claims, against autodiff at the point and at points sampled nearby."""

from __future__ import annotations

import math
import sys
from collections.abc import Mapping
from typing import NamedTuple

from autodiff_cli.engine import reverse
from autodiff_cli.engine.linearise import linearise
from autodiff_cli.engine.magnitude import magnitudes
from autodiff_cli.graph.graph import Graph
from autodiff_cli.methods.sampling import samples

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
        points: the comparison at the point given, if any, then those at the sampled points.
        sampled: how many of them were sampled.
    """

    name: str
    text: str
    points: tuple[Comparison, ...]
    sampled: int

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
        at: the point given, or only some of its values; the sampled ones lie inside the domain,
            off every kink.
        seed: makes the samples others than the usual ones.
    """
    sampled = samples(graph, at, seed)
    points = [at, *sampled] if at.keys() >= set(graph.variables) else sampled
    compared = tuple(_compare(graph, claim, name, point) for point in points)
    return Claim(name, text, compared, len(sampled))


def _compare(graph: Graph, claim: Graph, name: str, at: Mapping[str, float]) -> Comparison:
    linearisation = linearise(graph, at, (name,))
    found = float(reverse.gradient(linearisation)[name])
    own = linearise(claim, {variable: at[variable] for variable in claim.variables}, ())
    claimed = float(own.values[claim.outputs[0]])
    same = claimed == found or (claimed != claimed and found != found)
    bound = RELATIVE * max(abs(claimed), abs(found)) + ROUNDING * magnitudes(linearisation)[name]
    close = math.isfinite(claimed - found) and abs(claimed - found) <= bound
    return Comparison(dict(at), claimed, found, same or close)
