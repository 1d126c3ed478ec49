"""What is said of each number of a trace: how a value, a tangent, a term and an adjoint come.

`trace --why`, the frames of `step` and of a page take their words from here. How signs look is the
reader's: an alphabet of `formats`, which stands above this.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING, Protocol

from autodiff_cli.graph.printer import Notation, expression

if TYPE_CHECKING:
    from autodiff_cli.answers.trace import Trace
    from autodiff_cli.engine.record import Contribution, Step

#: Terms of a sum that are shown before its middle is left out.
MOST_TERMS = 12


class Alphabet(Protocol):
    """How numbers, names and derivatives are written where a sentence goes."""

    @property
    def notation(self) -> Notation:
        """How formulas are written."""

    @property
    def times(self) -> str:
        """The sign of a product."""

    @property
    def ellipsis(self) -> str:
        """What stands for something left out."""

    def formula(self, text: str) -> str:
        """Return a text of these signs as mathematics."""

    def number(self, value: float) -> str:
        """Return a number."""

    def name(self, name: str) -> str:
        """Return the name of a variable."""

    def label(self, label: str) -> str:
        """Return the label of a node: w3."""

    def local(self, of: str, by: str) -> str:
        """Return a local partial derivative: ∂w3/∂w1."""

    def tangent(self, label: str) -> str:
        """Return the tangent of a node: ẇ3."""

    def adjoint(self, label: str) -> str:
        """Return the adjoint of a node: w̄3."""

    def brief(self, text: str) -> str:
        """Return a formula with the middle of a very long one left out."""


#: Prose and formulas, to be joined.
Parts = tuple[str, ...]


def bracketed(value: float, signs: Alphabet) -> str:
    """Return a number that may stand after an operator."""
    text = signs.number(value)
    return f"({text})" if text.startswith("-") else text


def elided(parts: Sequence[str], signs: Alphabet) -> list[str]:
    """Return parts with the middle left out where there are many."""
    if len(parts) <= MOST_TERMS:
        return list(parts)
    half = MOST_TERMS // 2
    return [*parts[:half], signs.ellipsis, *parts[-half:]]


class Wording:
    """Says of one trace how its numbers come.

    Args:
        report: the record of the sweeps.
        signs: how it is written.
    """

    def __init__(self, report: Trace, signs: Alphabet) -> None:
        self.report, self.signs = report, signs
        self._steps = {step.label: step for step in report.steps}
        self._labels: dict[int, str] = {step.node: signs.label(step.label) for step in report.steps}

    def value(self, step: Step) -> Parts:
        """Say what is computed: `w2 = w1³ = 4³ = 64`."""
        graph, signs = self.report.graph, self.signs
        sides = [signs.label(step.label)]
        if step.node in graph.names:
            sides.append(signs.name(graph.names[step.node]))
        sides.append(self.operation(step))
        if step.edges:
            below = [self._steps[edge.operand] for edge in step.edges]
            numbers = {one.node: signs.number(one.value) for one in below}
            sides.append(signs.brief(expression(graph, step.node, signs.notation, numbers)))
        sides.append(signs.number(step.value))
        return (signs.formula(" = ".join(dict.fromkeys(sides))),)

    def operation(self, step: Step) -> str:
        """Return what a node is over its operands' labels: `w1³`."""
        signs = self.signs
        return signs.brief(expression(self.report.graph, step.node, signs.notation, self._labels))

    def tangent(self, step: Step, name: str, *, short: bool = False) -> Parts:
        """Say how fast a node moves with a variable: partials times tangents, added up.

        Args:
            step: the node.
            name: the variable.
            short: whether only the number is said.
        """
        signs, variables = self.signs, self.report.graph.variables
        number = signs.number(self._tangent(step.label, name))
        here = signs.tangent(step.label)
        if short:
            return (signs.formula(f"{here} = {number}"),)
        if step.node < len(variables):
            own = variables[step.node] == name
            why = "moves with itself" if own else f"stands still while {name} moves"
            moved = signs.name(variables[step.node])
            return signs.formula(f"{here} = {number}"), ": ", moved, f" {why}"
        slopes = [(edge.operand, edge.partial) for edge in step.edges if edge.partial is not None]
        symbols = [
            self._product(signs.local(step.label, operand), signs.tangent(operand))
            for operand, _ in slopes
        ]
        terms = [self._numbers(slope, self._tangent(operand, name)) for operand, slope in slopes]
        return (signs.formula(self._sum(here, symbols, terms, number)),)

    def adjoint(self, step: Step) -> Parts:
        """Say what an adjoint is the sum of, once all of it has come."""
        signs, parts = self.signs, step.contributions
        here, number = signs.adjoint(step.label), self._whole(step)
        if not parts:
            return signs.formula(f"{here} = {number}"), f": {self._given(step)}"
        symbols = [self._symbols(part, step) for part in parts]
        terms = [self._numbers(part.adjoint, part.partial) for part in parts]
        return (signs.formula(self._sum(here, symbols, terms, number)),)

    def term(self, step: Step, part: Contribution, before: float | None, place: int) -> Parts:
        """Say what an adjoint gets from one consumer, then what it comes to.

        Args:
            step: the node whose adjoint it is.
            part: what it gets.
            before: what it had, None where it had nothing.
            place: which of its terms this is, from 1.
        """
        signs, count = self.signs, len(step.contributions)
        here, product = signs.adjoint(step.label), signs.number(part.product)
        sides = [self._symbols(part, step), self._numbers(part.adjoint, part.partial), product]
        said: list[str] = [here, " gets ", signs.formula(" = ".join(sides))]
        if part.product == 0 and not math.isfinite(part.adjoint):
            said.append(" (the edge is blocked: a slope that is 0 by rule lets nothing pass)")
        if count == 1:
            said.append(", its only term")
        else:
            said.append(f", term {place} of {count}")
            places = sum(one.consumer == part.consumer for one in step.contributions)
            if places > 1:
                label, consumer = signs.label(step.label), signs.label(part.consumer)
                said.append(f" ({consumer} has {label} in {places} places, this is for one)")
        if before is not None:
            total = signs.number(before + part.product)
            both = f"{signs.number(before)} + {bracketed(part.product, signs)} = {total}"
            lead = f"{here} = " if place == count else ""
            said += ["; " if lead else "; so far ", signs.formula(lead + both)]
        return tuple(said)

    def held(self, step: Step) -> Parts:
        """Say what `.grad` of a variable holds, once its adjoint is whole."""
        name = self.report.graph.variables[step.node]
        return self.signs.name(name), ".grad is now ", self._whole(step)

    def _given(self, step: Step) -> str:
        """Return why an adjoint that gets nothing is what it is."""
        graph, called = self.report.graph, self.report.graph.called
        if step.node == graph.outputs[0]:
            return f"the seed: {called} moves with itself"
        return f"nothing on the way to {called} uses it"

    def _whole(self, step: Step) -> str:
        return self.signs.number(0.0 if step.adjoint is None else step.adjoint)

    def _tangent(self, label: str, name: str) -> float:
        return (self._steps[label].tangents or {})[name]

    def _symbols(self, part: Contribution, step: Step) -> str:
        adjoint = self.signs.adjoint(part.consumer)
        return self._product(adjoint, self.signs.local(part.consumer, step.label))

    def _product(self, left: str, right: str) -> str:
        return f"{left}{self.signs.times}{right}"

    def _numbers(self, left: float, right: float) -> str:
        return self._product(bracketed(left, self.signs), bracketed(right, self.signs))

    def _sum(self, here: str, symbols: list[str], terms: list[str], number: str) -> str:
        """Return `here = symbols = terms = number`, without sums of nothing."""
        sums = [" + ".join(elided(parts, self.signs)) for parts in (symbols, terms)]
        return " = ".join([here, *filter(None, sums), number])
