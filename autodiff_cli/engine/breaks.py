"""Where a function of one variable is not smooth: poles, jumps, kinks, ends.

Where to look, the conditions of the operation table say: their sides are followed along the
interval and each change is closed in by bisection. What happens there, the limits on both sides do.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from autodiff_cli.engine.approach import Approach, approach
from autodiff_cli.engine.conditions import at_fault
from autodiff_cli.engine.line import Line
from autodiff_cli.engine.linearise import linearise

#: Intervals at whose ends the conditions are compared, and the most places that are closed in.
INTERVALS, MOST = 1200, 1000

#: How often all intervals are halved where much may happen in too many, and how many that is.
CLOSER, UNSURE = 6, 0.02

#: Halvings of an interval until its ends are neighbours among the floats.
HALVINGS = 80

#: Parts of an interval in which more changes are looked for, and the share of all places within
#: which they are not.
PARTS, CLOSEST = 8, 1e-9

#: Share of a side's size up to which its lowest value counts as a touch of 0.
TOUCH = 1e-6

#: What a place is: the function grows without bound, jumps, bends, is vertical, lacks its value,
#: begins or ends, settles nowhere, or leaves the range of floats.
Kind = Literal["pole", "jump", "kink", "vertical", "hole", "end", "unsettled", "overflow"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Break:
    """One place where a function is not smooth.

    Attributes:
        x: where.
        kind: what happens there.
        left, right: what the function does on each side.
        value: the value at the place itself; nan or infinite where there is none.
        nodes: the nodes whose domain or kink it is.
    """

    x: float
    kind: Kind
    left: Approach
    right: Approach
    value: float
    nodes: tuple[int, ...]


def breaks(line: Line, low: float, high: float) -> tuple[tuple[Break, ...], bool]:
    """Return the places of an interval where a function is not smooth.

    Returns:
        (the places in order, whether there are more than are looked for).
    """
    xs, unsure = _sampled(line, low, high)
    changes, crowded = _changes(line, xs)
    owners: dict[float, set[int]] = {}
    for left, right, rows in [*changes, *_touches(line, xs)]:
        known = line.conditions.owners
        nodes = {node for k in rows if k < len(known) for node in known[k]}
        owners.setdefault(simplest(left, right), set()).update(nodes)
    places = _merged(owners, (high - low) * 1e-9)
    return tuple(_classified(line, places, low, high)), crowded or unsure


def _sampled(line: Line, low: float, high: float) -> tuple[Any, bool]:
    """Return places close enough that no two changes fall between neighbours, as slopes tell.

    The second answer is whether they would have to be closer still.
    """
    import numpy as np

    for closer in range(CLOSER):
        xs = np.linspace(low, high, INTERVALS * 2**closer + 1)
        unsure = bool(line.restless(xs).sum() > UNSURE * len(xs))
        if not unsure:
            break
    return xs, unsure


def _changes(line: Line, xs: Any) -> tuple[list[tuple[float, float, list[int]]], bool]:
    """Return a narrow bracket around each change of a state, and whether there are too many."""
    import numpy as np

    states = line.states(xs)
    places = np.flatnonzero((states[:, 1:] != states[:, :-1]).any(axis=0))
    low, high = xs[places], xs[places + 1]
    first, last = states[:, places], states[:, places + 1]
    found: list[tuple[float, float, list[int]]] = []
    while low.size:
        if len(found) + low.size > MOST:
            return found, True
        left, right = low, high
        for _ in range(HALVINGS):
            middle = left + (right - left) / 2
            same = (line.states(middle) == first).all(axis=0)
            left, right = np.where(same, middle, left), np.where(same, right, middle)
            if (np.nextafter(left, right) >= right).all():
                break
        beyond = line.states(right)
        for k in range(len(left)):
            rows = np.flatnonzero(beyond[:, k] != first[:, k]).tolist()
            found.append((float(left[k]), float(right[k]), rows))
        # More changes may follow before the next sample; what is closer than this is one place.
        more = (beyond != last).any(axis=0) & (high - right > CLOSEST * (xs[-1] - xs[0]))
        inner = np.linspace(right[more], high[more], PARTS + 1)
        states = line.states(inner.ravel()).reshape(len(states), *inner.shape)
        parts, columns = np.nonzero((states[:, 1:] != states[:, :-1]).any(axis=0))
        low, high = inner[parts, columns], inner[parts + 1, columns]
        first, last = states[:, parts, columns], states[:, parts + 1, columns]
    return found, False


def _touches(line: Line, xs: Any) -> list[tuple[float, float, list[int]]]:
    """Return a bracket around each place where a side comes to 0 and turns, as x² does."""
    import numpy as np

    values, slopes = line.sides(xs)
    found: list[tuple[float, float, list[int]]] = []
    for row, stepped in enumerate(line.conditions.stepped):
        value, slope = np.sign(values[row]), np.sign(slopes[row])
        turns = (slope[:-1] * slope[1:] < 0) & (value[:-1] * slope[:-1] < 0)
        places = np.flatnonzero(turns & (value[:-1] == value[1:]))[:MOST]
        if stepped or not places.size:
            continue
        left, right, begin = xs[places], xs[places + 1], slope[places]
        size = abs(values[row, places])
        for _ in range(HALVINGS):
            middle = left + (right - left) / 2
            before = np.sign(line.sides(middle)[1][row]) == begin
            left, right = np.where(before, middle, left), np.where(before, right, middle)
        lowest = np.minimum(abs(line.sides(left)[0][row]), abs(line.sides(right)[0][row]))
        for k in np.flatnonzero(lowest <= TOUCH * size).tolist():
            found.append((float(left[k]), float(right[k]), [row]))
    return found


def simplest(low: float, high: float) -> float:
    """Return the number of an interval that is shortest to write, 0 before all."""
    if low <= 0 <= high:
        return 0.0
    for digits in range(1, 18):
        for end in (low, high):
            number = float(f"{end:.{digits}g}")
            if low <= number <= high:
                return number
    return low


def _merged(owners: Mapping[float, set[int]], apart: float) -> dict[float, tuple[int, ...]]:
    """Return place → nodes in order, with places that rounding keeps apart as one."""
    groups: list[list[float]] = []
    for x in sorted(owners):
        if groups and x - groups[-1][-1] <= apart:
            groups[-1].append(x)
        else:
            groups.append([x])
    return {
        min(group, key=lambda x: (len(repr(x)), x)): tuple(
            sorted({node for x in group for node in owners[x]})
        )
        for group in groups
    }


def _classified(
    line: Line, places: Mapping[float, tuple[int, ...]], low: float, high: float
) -> list[Break]:
    """Return the places at which the function itself is not smooth."""
    import numpy as np

    if not places:
        return []
    xs = [*places]
    ends = [-math.inf, *xs, math.inf]
    values = line.function(np.array(xs))[0]
    found = []
    for k, (x, nodes) in enumerate(places.items()):
        # A side's limit is looked for well before the next place.
        room = [abs(x - end) for end in (ends[k], ends[k + 2])]
        reach = [min(distance / 4, (high - low) / 500) for distance in room]
        left = approach(line.function, x, -reach[0])
        right = approach(line.function, x, reach[1])
        value = float(values[k])
        kind = _kind(left, right, value) if nodes else "overflow"
        if kind:
            at = _at_fault(line, x, nodes)
            found.append(Break(x=x, kind=kind, left=left, right=right, value=value, nodes=at))
    return found


def _at_fault(line: Line, x: float, nodes: tuple[int, ...]) -> tuple[int, ...]:
    """Return the nodes whose domain or kink a place is; all, where it is none of a float's."""
    at = {key: float(column[0]) for key, column in line.at([x]).items()}
    values = linearise(line.graph, at, ()).values
    return tuple(node for node in nodes if at_fault(line.graph, node, values)) or nodes


def _kind(left: Approach, right: Approach, value: float) -> Kind | None:
    """Return what a place is, or None where the function is smooth or is not at all."""
    if any(math.isinf(side.value) for side in (left, right)):
        return "pole"
    if not (left.defined or right.defined):
        return None
    if any(side.defined and math.isnan(side.value) for side in (left, right)):
        return "unsettled"
    if not (left.defined and right.defined):
        return "end"
    if not left.meets(right):
        return "jump"
    if not math.isfinite(value) or not left.reaches(value):
        return "hole"
    if math.isinf(left.slope) or math.isinf(right.slope):
        return "vertical"
    if not left.runs_into(right):
        return "kink"
    return None
