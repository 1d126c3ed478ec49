"""SymPy's number beside each of autodiff's, with a verdict at every point."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from copy import copy
from dataclasses import dataclass
from typing import Any

from autodiff_cli.answers.gradient import GradResult
from autodiff_cli.engine.brief import brief
from autodiff_cli.engine.linearise import Value
from autodiff_cli.notes.departures import marks
from autodiff_cli.symbolic.question import Derivative, Form, Values
from autodiff_cli.symbolic.verdict import (
    NO_NUMBER,
    Judgement,
    Verdict,
    has_none,
    is_number,
    judge,
    number_or_word,
    subtract,
    worst,
)


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class SymbolicRow:
    """SymPy beside a number of autodiff's; lists where there are several points.

    Attributes:
        derivative: SymPy's formula, as SymPy prints it; "" for the value of the expression.
        value: its value: a float, or a word such as "complex" where there is no real number.
        difference: autodiff's number minus SymPy's, from 30 digits; None where one is missing.
        verdict: the worst of the verdicts at the points.
        verdicts: one for each point.
        latex: the formula in LaTeX, or "" where SymPy was not asked for it.
        shorter: the formula in a shorter form, or None.
    """

    derivative: str
    value: float | str | list[float | str]
    difference: float | list[float | None] | None
    verdict: Verdict
    verdicts: tuple[Verdict, ...]
    latex: str = ""
    shorter: Form | None = None

    __repr__ = brief


class Bench:
    """What verdicts need to know of autodiff's answer, at each of its points."""

    def __init__(
        self,
        result: GradResult[Any],
        at: Sequence[Mapping[str, float]],
        exactly: Values,
        *,
        labelled: bool,
    ) -> None:
        count = len(at)
        kink, overflow = marks(result.linearisation, result.adjoints)
        self.graph, self.single = result.graph, isinstance(result.value, float)
        self.values = column(result.value, count)
        self.kink, self.overflow = column(kink, count), column(overflow, count)
        self.labelled = labelled
        self.exactly = exactly  # cot(pi) is a pole, and a number once pi is a float

    def of(self, value: Value) -> Bench:
        """Return the same for another node, whose value this is."""
        other = copy(self)
        other.values = column(value, len(self.values))
        return other

    def broken(self, there: Sequence[bool]) -> Bench:
        """Return the same for a derivative that has two sides at some of the points."""
        if not any(there):
            return self
        other = copy(self)
        other.kink = [kink or two for kink, two in zip(self.kink, there, strict=True)]
        return other

    def row(
        self, found: Value, formula: Values | Derivative, *, derivative: bool
    ) -> SymbolicRow:  # fmt: skip
        """Return SymPy's side of the value or of a derivative, with a verdict at each point."""
        judgements = [
            self._judge(k, number, formula, derivative)
            for k, number in enumerate(column(found, len(self.values)))
        ]
        numbers = [number_or_word(value) for value in formula.values]
        differences = [judgement.difference for judgement in judgements]
        verdicts = tuple(judgement.verdict for judgement in judgements)
        return SymbolicRow(
            derivative=getattr(formula, "text", ""),
            value=numbers[0] if self.single else numbers,
            difference=differences[0] if self.single else differences,
            verdict=worst(verdicts),
            verdicts=verdicts,
            latex=getattr(formula, "latex", ""),
        )

    def _judge(
        self, k: int, number: float, formula: Values | Derivative, derivative: bool
    ) -> Judgement:
        again, symbolic = formula.again.get(k), formula.values[k]
        nowhere = again is not None and again.number in NO_NUMBER
        tip = bool(self.kink[k]) and (derivative or nowhere or not is_number(symbolic))
        if again is not None and (again.jumps or again.number == "complex"):
            tip = again.jumps  # the exact point decides, where float64 stands beside it
        exactly, told = self.exactly.values[k], self.exactly.again.get(k)
        proved = None if told is None else told.number
        if is_number(symbolic) and (exactly == "complex" or has_none(exactly, proved)):
            symbolic, again = exactly, told
        found = judge(
            number,
            symbolic,
            overflow=bool(self.overflow[k]),
            undefined=not math.isfinite(self.values[k]) and not (told and told.rounding),
            kink=tip,
            own=None if again is None else again.number,
            rounding=again is not None and again.rounding,
        )
        if found.verdict in ("match", "MISMATCH") and derivative and proved == "huge":
            # Which side of a jump the value is on is not told: the slopes may be another piece's.
            found = found._replace(verdict="skipped")
        return found._replace(difference=subtract(number, formula.values[k]))


def column(value: Any, count: int) -> list[Any]:
    """Return a number for each of the points."""
    if hasattr(value, "shape") and value.shape:
        numbers: list[Any] = value.ravel().tolist()
        return numbers
    return [value.item() if hasattr(value, "item") else value] * count
