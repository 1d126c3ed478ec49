"""The floats around a point along one variable: where they tell how a function runs into it.

Between a place and the point a condition may turn, or rounding may hide on which side of one they
stand. What is followed from places beside the point holds at the point where neither is so.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

from autodiff_cli.engine.conditions import ABSENT, conditions
from autodiff_cli.engine.exactness import exact
from autodiff_cli.engine.rounding import errors
from autodiff_cli.graph.graph import Graph

#: Distances from the point 0; and from another, as shares of its size.
AT_ZERO = tuple(2.0**-power for power in range(10, 131, 10))
ELSEWHERE = tuple(2.0**-power for power in range(12, 45, 4))

#: Nearer distances at which only the conditions are asked, and the powers of 2 between places where
#: one turns farther out.
NEAR_ZERO, NEAR = (170, 250, 400, 600, 800, 1000, 1070), (46, 48, 50, 51, 52)
LAST_AT_ZERO, LAST, SPACED, LEAST_PLACES = 1060.0, 46.0, 10.0, 4

#: Distances a little beside a point, as shares of its size or 1: those that rounding leaves alone.
BESIDE = tuple(2.0**-power for power in range(10, 49, 2))


class Vicinity:
    """The function along the variable: its values, and the states of its conditions.

    Args:
        graph: the function is its first output.
        at: the point.
        name: the variable that moves.
    """

    def __init__(self, graph: Graph, at: Mapping[str, float], name: str) -> None:
        self.graph, self.at, self.name = graph, at, name
        self.conditions = conditions(graph, (name,))

    def here(self) -> tuple[float, bool]:
        """Return the value at the point, and whether each condition is told there."""
        values, bounds = errors(self.conditions.graph, self.at)
        proved = exact(self.conditions.graph, values)
        told = all(
            proved[node] or self._state(values[node], bounds[node], stepped) is not None
            for node, stepped in self._outputs()
        )
        return float(values[self.conditions.graph.outputs[0]]), told

    def look(self, place: float) -> tuple[float, tuple[float | None, ...]]:
        """Return the value at a place, and the state of each condition; None where it is open."""
        values, bounds = errors(self.conditions.graph, {**self.at, self.name: place})
        states = [self._state(values[k], bounds[k], stepped) for k, stepped in self._outputs()]
        return float(values[self.conditions.graph.outputs[0]]), tuple(states)

    def told(self, sign: float) -> dict[float, float]:
        """Return the values where rounding leaves each condition alone, by places that near.

        They are empty where too few places are on the side that is nearest to the point.
        """
        centre = self.at[self.name]
        places = [centre + sign * max(1.0, abs(centre)) * step for step in BESIDE]
        looks = {place: self.look(place) for place in places}
        told = [place for place, (_, states) in looks.items() if None not in states]
        kept = [place for place in told if looks[place][1] == looks[told[-1]][1]]
        return {place: looks[place][0] for place in kept} if len(kept) >= LEAST_PLACES else {}

    def steps(self, sign: float) -> Sequence[float]:
        """Return distances that fall, with no condition turning between them and the point.

        Where one turns nearer than the usual distances, they begin within that; there are none
        where it is too near.
        """
        centre = self.at[self.name]
        size, nearer, last = abs(centre) or 1.0, NEAR if centre else NEAR_ZERO, LAST_AT_ZERO
        usual = [size * step for step in (ELSEWHERE if centre else AT_ZERO)]
        if centre:
            last = LAST

        def states(step: float) -> tuple[float | None, ...]:
            return self.look(centre + sign * step)[1]

        seen = [states(step) for step in [*usual, *[size * 2.0**-power for power in nearer]]]
        inner = seen[-1]
        for outer in reversed(seen):  # the nearest place at which each condition is told
            inner = tuple(o if i is None else i for i, o in zip(inner, outer, strict=True))
        if all(_agree(inner, found) for found in seen):
            return usual
        if not _agree(inner, seen[-1]):
            return ()
        low, high = -math.log2(usual[0] / size), float(nearer[-1])
        for _ in range(12):  # the border is between these powers
            middle = (low + high) / 2
            if _agree(inner, states(size * 2.0**-middle)):
                high = middle
            else:
                low = middle
        apart = min(SPACED, (last - high) / (LEAST_PLACES - 1))
        if apart < 1:
            return ()
        count = min(len(usual), 1 + int((last - high) / apart))
        return [size * 2.0 ** -(high + k * apart) for k in range(count)]

    def _outputs(self) -> list[tuple[int, bool]]:
        outputs = self.conditions.graph.outputs[1:]
        return list(zip(outputs, self.conditions.stepped, strict=True))

    @staticmethod
    def _state(value: float, bound: float, stepped: bool) -> float | None:
        """Return the sign of a condition's difference, or a step's value; None where it is open."""
        if math.isnan(value):
            return ABSENT
        if stepped:
            return None if bound else value
        if math.isinf(value):
            return math.copysign(1.0, value)
        if value == 0 == bound:
            return 0.0
        return math.copysign(1.0, value) if abs(value) > bound else None


def _agree(first: Sequence[float | None], second: Sequence[float | None]) -> bool:
    """Tell whether no condition is known to have turned between two places."""
    pairs = zip(first, second, strict=True)
    return all(one is None or other is None or one == other for one, other in pairs)
