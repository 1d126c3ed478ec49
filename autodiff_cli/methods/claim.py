"""A derivative that the user claims, against autodiff at the point and at points sampled nearby."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal

from autodiff_cli.engine import reverse
from autodiff_cli.engine.gradient_graph import gradient_graph
from autodiff_cli.engine.linearise import linearise
from autodiff_cli.engine.rounding import errors
from autodiff_cli.graph.graph import Graph
from autodiff_cli.methods.branches_met import unreached
from autodiff_cli.methods.sampling import samples
from autodiff_cli.notes.departures import marks
from autodiff_cli.notes.sides import sides

#: Two numbers agree up to this share of their size, and up to what rounding is proved to do.
RELATIVE = 1e-9

#: Every node's bound may be this large, however exact the node is.
TINY = 1e-300

#: A claim is the slope on one side up to this: such a slope is found by evaluating beside.
BESIDE = 1e-5

Outcome = Literal["agrees", "one-sided", "undecided", "WRONG"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """The claim and autodiff at one point.

    Attributes:
        at: the point.
        claimed, found: the numbers.
        agrees: None where they cannot be told apart: neither is a number, or rounding is as large
            as their difference.
        side: at a kink, the side whose slope the claim has: "left" or "right"; else "".
        noise: how far rounding may have put the claimed number.
        by: who found the other: "autodiff", or "SymPy" where float64 loses its digits.
    """

    at: Mapping[str, float]
    claimed: float
    found: float
    agrees: bool | None
    side: str = ""
    noise: float = 0.0
    by: Literal["autodiff", "SymPy"] = "autodiff"


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """A claimed derivative and how it stands.

    Attributes:
        name: the variable.
        text: the claim as typed.
        points: the comparison at the point given, if any, then those at the sampled points.
        sampled: how many of them were sampled.
        unreached: conditions of the formula of which no point has this side, as text.
    """

    name: str
    text: str
    points: tuple[Comparison, ...]
    sampled: int
    unreached: tuple[str, ...] = ()

    @property
    def disagreement(self) -> Comparison | None:
        """The first point at which the claim is wrong, or None."""
        return next((point for point in self.points if point.agrees is False), None)

    @property
    def outcome(self) -> Outcome:
        """How the claim stands: wrong anywhere is wrong, and mostly untold is undecided."""
        if self.disagreement is not None:
            return "WRONG"
        if 2 * self.told < len(self.points) or not self.points:
            return "undecided"
        return "one-sided" if any(point.side for point in self.points) else "agrees"

    @property
    def told(self) -> int:
        """At how many points the claim could be told right from wrong."""
        return sum(point.agrees is not None for point in self.points)


def check(
    graph: Graph, claim: Graph, name: str, text: str, at: Mapping[str, float], seed: int | None
) -> Claim:
    """Compare a claimed derivative with autodiff.

    Args:
        graph: the formula.
        claim: the claimed derivative in the variable `name`, over the formula's variables; a
            number is compared at the point alone.
        name: the variable.
        text: the claim as typed.
        at: the point given, or only some of its values; the sampled ones lie inside the domain,
            off every kink, on both sides of each condition and at several scales.
        seed: makes the samples others than the usual ones.
    """
    given = at.keys() >= set(graph.variables)
    sampled = []
    if not given or any(claim.dependent):
        sampled = samples(graph, at, seed, scales=True, also=(claim,))
    slope = gradient_graph(graph, (name,), exact=True).select((1,))
    points = [dict(at), *sampled] if given else sampled
    compared = [_compare(graph, slope, claim, name, point) for point in points]
    if given and compared[0].agrees is not True:
        compared[0] = _beside(graph, name, compared[0])
    elif given and _is_lost(slope, compared[0]):
        compared[0] = replace(compared[0], agrees=None)
    return Claim(
        name=name,
        text=text,
        points=tuple(compared),
        sampled=len(sampled),
        unreached=(
            tuple(dict.fromkeys((*unreached(graph, points), *unreached(claim, points))))
            if sampled
            else ()
        ),
    )


def at_a_point(graph: Graph, claim: Graph, name: str, at: Mapping[str, float]) -> Comparison:
    """Compare a claimed derivative with autodiff at one point; see `check`."""
    slope = gradient_graph(graph, (name,), exact=True).select((1,))
    found = _compare(graph, slope, claim, name, at)
    return found if found.agrees is True else _beside(graph, name, found)


def _compare(
    graph: Graph, slope: Graph, claim: Graph, name: str, at: Mapping[str, float]
) -> Comparison:
    found = float(reverse.gradient(linearise(graph, at, (name,)))[name])
    values, bounds = errors(claim, {variable: at[variable] for variable in claim.variables})
    claimed, noise = float(values[claim.outputs[0]]), float(bounds[claim.outputs[0]])
    agrees = _agree(claimed, found, 0.0)
    if agrees is False:  # the bound of autodiff's own rounding is looked for where it matters
        values, own = errors(slope, at)
        agrees = _agree(claimed, found, noise + float(own[slope.outputs[0]]))
        if not math.isfinite(found) and _pole_by_rounding(slope, values, own):
            agrees = None
    return Comparison(at=at, claimed=claimed, found=found, agrees=agrees, noise=noise)


def _is_lost(slope: Graph, compared: Comparison) -> bool:
    """Tell whether rounding may be as large as what autodiff found: to have that says nothing."""
    noise = float(errors(slope, compared.at)[1][slope.outputs[0]])
    return math.isfinite(noise) and noise >= abs(compared.found) > 0


def held_against(claim: Claim, digits: str) -> Claim:
    """Return a claim held against SymPy's number at the point given, not against autodiff's.

    Args:
        claim: how it stands against autodiff.
        digits: SymPy's derivative there, where float64 loses the digits of autodiff's.
    """
    if len(claim.points) == claim.sampled:
        return claim
    first, *others = claim.points
    agrees = _agree(first.claimed, float(digits), first.noise)
    first = replace(first, found=float(digits), agrees=agrees, side="", by="SymPy")
    return replace(claim, points=(first, *others))


def _pole_by_rounding(graph: Graph, values: Sequence[Any], bounds: Sequence[float]) -> bool:
    """Tell whether a node has no finite number where an operand is 0 by rounding alone."""
    return any(
        not math.isfinite(value)
        and all(math.isfinite(values[k]) for k in operands)
        and any(abs(values[k]) <= bounds[k] and TINY < bounds[k] < math.inf for k in operands)
        for value, operands in zip(values, graph.operands, strict=True)
    )


def _agree(claimed: float, found: float, noise: float) -> bool | None:
    """Tell whether two numbers agree; None where they are nan, or no further apart than noise."""
    if claimed == found:
        return True
    if math.isnan(found):
        return None
    gap = abs(claimed - found)
    if math.isfinite(gap) and gap <= RELATIVE * max(abs(claimed), abs(found)):
        return True
    return None if math.isfinite(gap) and not gap > noise else False


def _beside(graph: Graph, name: str, found: Comparison) -> Comparison:
    """Look at both sides, where the point is a kink: a claim may be right on one of them."""
    linearisation = linearise(graph, found.at, (name,))
    kink, _ = marks(linearisation, reverse.reverse(linearisation))
    if not kink:
        return found
    for where, side in zip(("left", "right"), sides(graph, found.at, name), strict=True):
        near = side.slope is not None and math.isfinite(side.slope)
        if near and abs(found.claimed - (side.slope or 0.0)) <= BESIDE * (1 + abs(found.claimed)):
            return Comparison(
                at=found.at, claimed=found.claimed, found=found.found, agrees=True, side=where
            )  # fmt: skip
    # x/abs(x) is right on both sides of a kink that has no slope: the points beside decide.
    return replace(found, agrees=None) if math.isnan(found.claimed) else found
