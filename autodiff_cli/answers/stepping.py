"""The steps of a descent: PyTorch's SGD and Adam, so that the same numbers come out there."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from autodiff_cli.engine.linearise import linearise
from autodiff_cli.engine.reverse import gradient
from autodiff_cli.errors import AutodiffError
from autodiff_cli.graph.graph import Graph

Method = Literal["plain", "momentum", "adam"]


#: Adam's own numbers, as published (Kingma & Ba 2015) and as PyTorch has them.
BETAS, EPSILON = (0.9, 0.999), 1e-8


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """How to descend.

    Attributes:
        rate: the factor of the gradient in a step.
        steps: how many at most.
        momentum: share of the last step that is kept, 0 for none.
        adam: use Adam in place of plain steps.
        tolerance: the length of the gradient at which the ground counts as flat.
    """

    rate: float = 0.01
    steps: int = 100
    momentum: float = 0.0
    adam: bool = False
    tolerance: float = 1e-6

    def __post_init__(self) -> None:
        if not (math.isfinite(self.rate) and self.rate > 0):
            raise AutodiffError(f"the rate is {self.rate:g}", mend="write a number above 0: 0.01")
        if self.steps < 1:
            raise AutodiffError(f"{self.steps} steps", mend="ask for one step or more")
        if not 0 <= self.momentum < 1:
            raise AutodiffError(
                f"the momentum is {self.momentum:g}", mend="write a number from 0 up to below 1"
            )
        if self.adam and self.momentum:
            raise AutodiffError(
                "Adam has a momentum of its own", mend="leave out --momentum or --adam"
            )
        if not self.tolerance >= 0:
            raise AutodiffError(
                f"the tolerance is {self.tolerance:g}", mend="write a number from 0 up"
            )

    @property
    def method(self) -> Method:
        """Which kind of step."""
        return "adam" if self.adam else "momentum" if self.momentum else "plain"


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One place on the way.

    Attributes:
        step: 0 at the start.
        at: the place.
        value, gradient: the function there.
    """

    step: int
    at: Mapping[str, float]
    value: float
    gradient: Mapping[str, float]

    @property
    def length(self) -> float:
        """The length of the gradient."""
        return math.hypot(*self.gradient.values())


@dataclass(slots=True)
class Walker:
    """The place, and what the method remembers of the steps before."""

    at: dict[str, float]
    first: dict[str, float] = field(default_factory=dict)
    second: dict[str, float] = field(default_factory=dict)

    def step(self, slopes: Mapping[str, float], plan: Plan, number: int) -> None:
        """Make one step: number 1 is the first."""
        for name, slope in slopes.items():
            if plan.adam:
                one, two = BETAS
                self.first[name] = one * self.first.get(name, 0.0) + (1 - one) * slope
                self.second[name] = two * self.second.get(name, 0.0) + (1 - two) * slope * slope
                mean = self.first[name] / (1 - one**number)
                spread = math.sqrt(self.second[name] / (1 - two**number))
                moved = mean / (spread + EPSILON)
            else:
                moved = plan.momentum * self.first.get(name, 0.0) + slope
                self.first[name] = moved
            self.at[name] -= plan.rate * moved


def row_at(graph: Graph, at: Mapping[str, float], names: tuple[str, ...], step: int) -> Row:
    """Return the value and the gradient at a place, as the row of a step."""
    swept = linearise(graph, at, names)
    value = float(swept.values[graph.outputs[0]])
    return Row(step=step, at=dict(at), value=value, gradient=gradient(swept))
