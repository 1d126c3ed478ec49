"""Why a descent ends as it does, in words with the numbers that show it.

A plain step overshoots ever more where rate times curvature exceeds 2 (Nocedal & Wright, Numerical
Optimization, 2nd ed., section 3.3).
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Literal

from autodiff_cli.answers.stepping import Plan, Row
from autodiff_cli.engine.curvature import largest
from autodiff_cli.graph.graph import Graph

Reason = Literal["flat", "steps", "diverged", "stuck", "undefined"]


#: Places on the way whose curvature is looked at to explain why it ran away.
LOOKED_AT = 40


def told(reason: Reason, graph: Graph, rows: Sequence[Row], plan: Plan) -> str:
    """Say why the walk ended, with the numbers that show it."""
    count = len(rows) - 1
    steps = f"{count} step{'' if count == 1 else 's'}"
    left = f"the gradient has length {rows[-1].length:.3g}"
    if reason == "flat":
        return f"flat after {steps}: {left}"
    if reason == "stuck":
        return f"stuck after {steps}: a step is too small to change a float there"
    if reason == "undefined":
        where = "at the start" if count == 0 else f"after {steps}"
        return f"no value or no slope {where}: the function is not defined there"
    if reason == "diverged":
        return f"diverged after {steps}: {_why(graph, rows, plan)}"
    return f"not flat after {steps}: {left}{_pace(graph, rows, plan)}"


def _why(graph: Graph, rows: Sequence[Row], plan: Plan) -> str:
    """Say why the values ran away: no lower end, or the rate against the curvature."""
    if rows[-1].value < rows[0].value:
        return "the function falls without end in this direction"
    for row in rows[:LOOKED_AT]:
        bend = largest(graph, row.at, tuple(row.gradient))
        limit = _bearable(plan, bend)
        if bend is not None and limit is not None and plan.rate > limit:
            where = "at the start" if row.step == 0 else f"after {row.step} steps"
            share = "2" if not plan.momentum else f"2·(1 + {plan.momentum:g})"
            return (
                f"the rate {plan.rate:g} is too large for the curvature {bend:.4g} {where}: a step "
                f"overshoots, and lands higher; stay below {share}/{bend:.4g} = {limit:.3g}"
            )
    return "the steps grew faster than the values fell; try a smaller rate"


def _bearable(plan: Plan, bend: float | None) -> float | None:
    """Return the rate above which steps overshoot ever more: 2/λ, with momentum 2(1 + m)/λ."""
    return None if plan.adam or not bend or bend < 0 else 2 * (1 + plan.momentum) / bend


def _pace(graph: Graph, rows: Sequence[Row], plan: Plan) -> str:
    """Say of steps that do not arrive whether they bounce, or could be larger."""
    last = rows[-1]
    if len(rows) > 3 and all(
        math.isclose(last.at[name], rows[-3].at[name], rel_tol=1e-9) for name in last.at
    ):
        return "; the steps jump back and forth between two places: a smaller rate comes nearer"
    if last.value > rows[0].value:
        return f"; it climbs: {_why(graph, rows, plan)}"
    bend = largest(graph, last.at, tuple(last.gradient))
    limit = _bearable(plan, bend)
    if bend is None or limit is None or plan.rate >= limit / 4:
        return ""
    return f"; the curvature there, {bend:.4g}, would bear a rate up to {limit:.3g}"
