"""Second slopes where special cases meet: of every row, and of formulas whose exponents, ties and
conditions move with the variables.

Truth is mpmath's, from values alone: on every side of the point, and where the sides agree there
is one answer. JAX, where it is installed, is the second witness.
"""

from __future__ import annotations

import itertools
import math
import random
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from autodiff_cli.engine import rules
from autodiff_cli.engine.higher import hessian
from autodiff_cli.engine.linearise import Linearisation, linearise
from autodiff_cli.engine.rules import BLOCKED
from autodiff_cli.graph.graph import CONSTANT, Graph
from autodiff_cli.language.parser import read
from autodiff_cli.ops.row import COMPARISON, OPERANDS
from tests import sides
from tests.test_rule_orders import points
from tests.test_table import DIFFERENTIABLE, alone

#: Where special cases meet.
PLACES = (0.0, 1.0, -1.0, 2.0, 3.0, -2.0, 0.5)

BASES = ("x", "y", "1 + x", "x*y", "x + y", "x^2 + 1", "exp(x)", "abs(x) + 1", "cos(x)", "x/2", "2")
EXPONENTS = (
    "y", "x", "x - y", "x*y", "x - 1", "y - 2", "sin(x)", "x^2", "1 - x", "x + y", "max(x, y)",
    "where(x > y, x, y)", "2", "0*x",
)  # fmt: skip
SHAPES = (
    "({p})*({b})", "({p}) + ({q})", "max({p}, {b})", "min({p}, {q})", "where({b} > {e}, {p}, {q})",
    "({p})^2", "ln(1 + ({p})^2)", "({p})/(1 + ({b})^2)", "abs(({p}) - ({b}))", "hypot({p}, {b})",
    "atan2({b}, {p})", "sqrt({p})", "tanh({p})", "relu(({p}) - ({q}))", "({p})^({e})",
    "log({p}, 1 + ({b})^2)", "where({e} == {b}, {p}, {q})", "({b})^({p})", "{p}", "sigmoid({p})",
)  # fmt: skip

#: Share of the largest number of a case within which two numbers agree.
RELATIVE = 1e-9


@dataclass
class Tally:
    """What a run found.

    Attributes:
        cases: formulas.
        compared: slopes and second slopes for which there is one true number.
        witnessed: those for which JAX has a number too.
        astray: those where JAX's is another one.
        excused: reason → numbers that differ where no answer is owed.
        unexplained: the others, each in full.
    """

    cases: int = 0
    compared: int = 0
    witnessed: int = 0
    astray: int = 0
    excused: Counter[str] = field(default_factory=Counter)
    unexplained: list[str] = field(default_factory=list)

    def add(self, other: Tally) -> None:
        """Count in what another run found."""
        for name in ("cases", "compared", "witnessed", "astray"):
            setattr(self, name, getattr(self, name) + getattr(other, name))
        self.excused += other.excused
        self.unexplained += other.unexplained


def formula(choose: random.Random) -> str:
    """Return a formula around one or two powers."""

    def power() -> str:
        return f"({choose.choice(BASES)})^({choose.choice(EXPONENTS)})"

    return choose.choice(SHAPES).format(
        p=power(), q=power(), b=choose.choice(BASES), e=choose.choice(EXPONENTS)
    )


def run(count: int, start: int, *, ask_jax: bool = False) -> Tally:
    """Judge `count` cases from a seed on."""
    tally = Tally()
    for seed in range(start, start + count):
        choose = random.Random(f"active {seed}")
        graph = read([formula(choose)]).graph
        if graph.variables:
            _judge(graph, {name: choose.choice(PLACES) for name in graph.variables}, ask_jax, tally)
    return tally


def run_rows(*, ask_jax: bool = False) -> Tally:
    """Judge every row of the table at its special points."""
    tally = Tally()
    for row in DIFFERENTIABLE:
        graph = alone(row)
        for point in points(row):
            _judge(graph, dict(zip(graph.variables, point, strict=True)), ask_jax, tally)
    return tally


def run_share(share: tuple[int, int, bool]) -> Tally:
    """Run with the arguments of `run` in one, as a pool gives them."""
    count, start, ask_jax = share
    return run(count, start, ask_jax=ask_jax)


def _judge(graph: Graph, at: Mapping[str, float], ask_jax: bool, tally: Tally) -> None:
    tally.cases += 1
    answer = hessian(graph, at)
    found: dict[tuple[str, ...], float] = {(name,): answer.gradient[name] for name in at}
    found |= {
        (first, second): answer.matrix[first][second]
        for first, second in itertools.product(at, repeat=2)
    }
    theirs = _jax(graph, at) if ask_jax else {}
    reason = _reason(linearise(graph, at))
    for path, number in found.items():
        limits = sides.derivatives(graph, at, [path.count(name) for name in at])
        known = [limit for limit in limits or [] if limit is not None]
        if not limits or len(known) < len(limits) or not _close(min(known), max(known)):
            continue
        tally.compared += 1
        if path in theirs and math.isfinite(theirs[path]):
            tally.witnessed += 1
            tally.astray += not _close(theirs[path], known[0])
        if _close(number, known[0]):
            continue
        if reason:
            tally.excused[reason] += 1
        else:
            point = ", ".join(f"{name} = {value!r}" for name, value in at.items())
            tally.unexplained.append(
                f"{graph} at {point}: by {' and '.join(path)} {number!r}, true {known[0]!r}, "
                f"JAX {theirs.get(path)!r}"
            )


def _close(a: float, b: float) -> bool:
    return abs(a - b) <= RELATIVE * max(1.0, abs(a), abs(b))


def _reason(linearisation: Linearisation) -> str:
    """Return why conventions hold at a point, and not calculus; "" where nothing departs."""
    graph, values = linearisation.graph, linearisation.values
    for index, row in enumerate(graph.operations):
        below = [values[k] for k in graph.operands[index]]
        if row is CONSTANT or not below:
            continue
        if row.precedence == COMPARISON:
            if below[0] == below[1]:
                return "a condition changes there"
            continue
        if row.variadic:
            continue
        arguments = (*below, *[0.0] * (len(OPERANDS) - len(below)), values[index])
        if any(rules.condition(kink.condition)(*arguments) for kink in row.kinks):
            return f"{row.name} is at its kink"
        if row.domain and not rules.condition(row.domain)(*arguments):
            return f"{row.name} is outside its domain"
        partials = linearisation.partials[index]
        if any(p is not None and p is not BLOCKED and not math.isfinite(p) for p in partials):
            return f"{row.name} has a slope that is no number"
    return ""


def _jax(graph: Graph, at: Mapping[str, float]) -> dict[tuple[str, ...], float]:
    from tests.crosscheck.libraries import in_jax

    numbers = in_jax(graph, at, second=True)
    found: dict[tuple[str, ...], float] = {
        (name,): slope for name, slope in zip(at, numbers.gradient, strict=True)
    }
    pairs: Any = itertools.product(at, repeat=2)
    return found | dict(zip(pairs, numbers.second, strict=True))
