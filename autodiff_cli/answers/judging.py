"""SymPy set beside a derivative, point by point: the differences, the verdicts, and the notes."""

from __future__ import annotations

import math
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from autodiff_cli.answers.gradient import GradResult
from autodiff_cli.engine import forward, reverse
from autodiff_cli.engine.linearise import linearise
from autodiff_cli.engine.magnitude import magnitudes
from autodiff_cli.engine.point import points
from autodiff_cli.engine.rounding import spread
from autodiff_cli.notes.departures import marks
from autodiff_cli.notes.note import Note
from autodiff_cli.symbolic.question import Derivative, Symbolic
from autodiff_cli.symbolic.verdict import Judgement, Verdict, judge, number_or_word, worst

if TYPE_CHECKING:
    from autodiff_cli.symbolic.client import Client


@dataclass(frozen=True, slots=True, kw_only=True)
class SymbolicRow:
    """SymPy beside the derivative in one variable; lists where there are several points.

    Attributes:
        derivative: SymPy's formula, as SymPy prints it.
        value: its value: a float, or a word such as "complex" where there is no real number.
        difference: autodiff's number minus SymPy's, from 30 digits; None where one is missing.
        verdict: the worst of the verdicts at the points.
        verdicts: one for each point.
    """

    derivative: str
    value: float | str | list[float | str]
    difference: float | list[float | None] | None
    verdict: Verdict
    verdicts: tuple[Verdict, ...]


#: Points up to which SymPy is asked by default: each has its own verdict.
MOST_POINTS = 10_000

#: Points of many that are asked about again, alone, where the numbers differ.
DOUBTED = 20


def without_derivatives(result: GradResult) -> Verdict:
    """Return the verdict on a value that has no derivatives; of many, the gravest."""
    value = result.value
    values = value.ravel().tolist() if hasattr(value, "shape") else [value]
    if any(map(math.isnan, values)):
        return "undefined"
    return "overflow" if any(map(math.isinf, values)) else "match"


def unasked(client: Client | None, seconds: float, count: int = sys.maxsize) -> str:
    """Return why SymPy is not asked about `count` points, or ""; very many by default."""
    if client is None:
        return "SymPy was not asked (--no-sympy)"
    if not seconds:
        return "it was given no time (--sympy-seconds 0)"
    return f"there are more than {MOST_POINTS:,} points" if count > MOST_POINTS else ""


#: Asks SymPy about one point, to 30 digits.
Alone = Callable[[Mapping[str, float]], Symbolic]


def judged(
    result: GradResult, symbolic: Symbolic, mode: str, alone: Alone
) -> tuple[dict[str, SymbolicRow] | None, list[Note]]:
    """Return SymPy's side of every variable, and a note where a match is one up to rounding."""
    if symbolic.derivatives is None:
        return None, []
    judgements = _judgements(result, symbolic.derivatives, mode, alone)
    single = isinstance(result.value, float)
    rows, notes = {}, []
    for name, found in judgements.items():
        derivative = symbolic.derivatives[name]
        numbers = [number_or_word(value) for value in derivative.values]
        differences = [judgement.difference for judgement in found]
        verdicts = tuple(judgement.verdict for judgement in found)
        rows[name] = SymbolicRow(
            derivative=derivative.text,
            value=numbers[0] if single else numbers,
            difference=differences[0] if single else differences,
            verdict=worst(verdicts),
            verdicts=verdicts,
        )
        if any(judgement.rounding for judgement in found):
            text = (
                f"for {name}, the difference is rounding: autodiff's own answer moves as much "
                "when the point or a value changes in its last digits"
            )
            notes.append(Note(None, "rounding", text))
    return rows, notes


def _judgements(
    result: GradResult, derivatives: Mapping[str, Derivative], mode: str, alone: Alone
) -> dict[str, list[Judgement]]:
    """Judge each variable at each point."""
    bench = _Bench(result, mode)
    rows = points(result.at)
    judgements: dict[str, list[Judgement]] = {name: [] for name in derivatives}
    doubted = 0
    for k, point in enumerate(rows):
        row = {
            name: bench.judge(name, found.values[k], k, point)
            for name, found in derivatives.items()
        }
        if len(rows) > 1 and doubted < DOUBTED and _differs(row):
            # Many points are evaluated in float64: SymPy's own rounding must not accuse autodiff.
            doubted += 1
            again = alone(point).derivatives or {}
            row |= {name: bench.judge(name, one.values[0], k, point) for name, one in again.items()}
        for name, judgement in row.items():
            judgements[name].append(judgement)
    return judgements


class _Bench:
    """What a verdict needs to know of autodiff's answer, at each of its points."""

    def __init__(self, result: GradResult, mode: str) -> None:
        self.result, self.mode = result, mode
        self.kink, self.overflow = marks(result.linearisation, result.adjoints)
        self.scale = magnitudes(result.linearisation)

    def judge(
        self, name: str, symbolic: str | None, k: int, point: Mapping[str, float]
    ) -> Judgement:
        """Return the verdict on the variable `name` at point number `k`."""
        value = at_point(self.result.value, k)
        slopes = [at_point(slope, k) for slope in self.result.gradient.values()]
        unbounded = bool(at_point(self.overflow, k)) and not all(map(math.isfinite, slopes))
        return judge(
            at_point(self.result.gradient[name], k),
            symbolic,
            overflow=math.isinf(value) or unbounded,
            undefined=math.isnan(value),
            kink=bool(at_point(self.kink, k)),
            moves=lambda: _moves(self.result, name, point, self.mode),
            scale=at_point(self.scale[name], k),
        )


def _differs(row: Mapping[str, Judgement]) -> bool:
    return any(judgement.verdict == "MISMATCH" for judgement in row.values())


def at_point(values: Any, k: int) -> float:
    """Return the number at point `k` of an array, or the one number."""
    if hasattr(values, "shape") and values.shape:
        return float(values.ravel()[k])
    return float(values)


def _moves(result: GradResult, name: str, point: Mapping[str, float], mode: str) -> float:
    """Return how much autodiff's derivative moves in the last digits of the point or the values."""
    sweep = forward if mode == "forward" else reverse
    linearisation = linearise(result.graph, point, (name,))
    here = sweep.gradient(linearisation)[name]
    largest = spread(linearisation, point, name)
    for moved in point:
        for direction in (math.inf, -math.inf):
            value = math.nextafter(math.nextafter(point[moved], direction), direction)
            there = linearise(result.graph, {**point, moved: value}, (name,))
            change = abs(sweep.gradient(there)[name] - here)
            largest = max(largest, change) if math.isfinite(change) else largest
    return largest
