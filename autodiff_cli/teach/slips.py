"""Which usual slip gives a wrong answer: all rewrites of the right derivation, compared with it.

Numbers are compared to the digits that were typed, formulas as functions at 20 points. An answer
that is right is never a slip, and an answer may be none of the usual ones.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from autodiff_cli.engine.linearise import linearise, quiet, value_at
from autodiff_cli.engine.point import check_wrt
from autodiff_cli.engine.rounding import errors
from autodiff_cli.errors import AutodiffError
from autodiff_cli.graph.constant import literal
from autodiff_cli.graph.graph import Builder, Graph
from autodiff_cli.methods.sampling import SAMPLES, samples
from autodiff_cli.teach.catalogue import SLIPS, Slip
from autodiff_cli.teach.finding import Finding, WrongAnswer
from autodiff_cli.teach.rewriting import Application, Differentiation
from autodiff_cli.teach.saying import words
from autodiff_cli.teach.sweeping import Backpropagation
from autodiff_cli.teach.tidying import tidied
from autodiff_cli.teach.typed import Typed, typed
from autodiff_cli.teach.whole import wholes

__all__ = ["SLIPS", "Finding", "Mistakes", "Slip", "WrongAnswer", "diagnose", "wrong_answers"]

#: How near the numbers of two formulas are that are the same function.
SAME = 1e-7

#: Operations of a formula whose slips are looked for.
MOST_OPERATIONS = 300


class Mistakes:
    """All usual slips of one derivative: made once, asked often.

    Args:
        graph: the formula.
        wrt: the variable; may be left out where there is one only.
        sweep: slips of the sweep over the graph, in place of those of calculus.
        rate: how far weights move, for the slip of weights that move too early.

    Raises:
        VariableError: there is no such variable.
        AutodiffError: there are several and none is named, or the formula has several results.
    """

    def __init__(
        self, graph: Graph, wrt: str | None = None, *, sweep: bool = False, rate: str = ""
    ) -> None:
        self.graph, self.name = graph, _variable(graph, wrt)
        builder = Builder(graph.variables)
        places = list(range(len(graph.variables)))
        for index in range(len(places), len(graph)):
            places.append(builder.copy(graph, index, places))
        self.work = Differentiation(builder, graph, places, self.name)
        right = self.work.derivative(self.work.tangents)
        found: list[Application] = []
        if len(graph) - len(graph.variables) <= MOST_OPERATIONS:
            found = list(self._applied(right, sweep=sweep, rate=rate))
        kept = {
            (one.slip.id, one.place): one for one in reversed(found) if one.place != right
        }.values()
        self.applications = sorted(kept, key=lambda one: (one.slip.rank, one.everywhere))
        self.book = builder.graph([right, *[one.place for one in self.applications]])

    def _applied(self, right: int, *, sweep: bool, rate: str) -> Iterator[Application]:
        if sweep:
            yield from Backpropagation(self.work).applications(literal(rate) if rate else None)
        else:
            yield from self.work.applications()
            yield from wholes(self.work, right)

    def numbers(self, points: Sequence[Mapping[str, float]]) -> Any:
        """Return the right derivative's numbers at all points, then those of each slip: rows."""
        import numpy

        at = {name: numpy.array([point[name] for point in points]) for name in self.graph.variables}
        with quiet(*at.values()):
            values = linearise(self.book, at, ()).values
        rows = [numpy.broadcast_to(values[k], len(points)) for k in self.book.outputs]
        return numpy.array(rows, dtype=float)

    def wrong_answers(self, point: Mapping[str, float]) -> tuple[WrongAnswer, ...]:
        """Return every slip that can be made, with its number at the point; commonest first."""
        column = self.numbers([point])[:, 0].tolist()
        return tuple(
            WrongAnswer(
                slip=one.slip,
                value=value,
                node=one.node,
                everywhere=one.everywhere,
                hidden=math.isclose(value, column[0], rel_tol=SAME, abs_tol=1e-12),
                formula=lambda row=row: self.book.select((row,)),  # type: ignore[misc]
            )
            for row, (one, value) in enumerate(
                zip(self.applications, column[1:], strict=True), start=1
            )
            if math.isfinite(value)
        )

    def right(self) -> Graph:
        """Return the derivative, tidied up."""
        work = self.work
        return work.builder.graph([tidied(work.builder, work.derivative(work.tangents))])

    def is_right(
        self, points: Sequence[Mapping[str, float]], answer: str | float | Graph
    ) -> bool | None:
        """Tell whether an answer is the derivative; None where no point can tell."""
        return self._compared(points, answer)[0]

    def diagnose(
        self, points: Sequence[Mapping[str, float]], answer: str | float | Graph
    ) -> tuple[Finding, ...]:
        """Return the slips that give an answer, the commonest first; none for a right one."""
        right, fitting = self._compared(points, answer)
        if right is not False:
            return ()
        found: dict[str, Finding] = {}
        for one in fitting:
            if one.slip.id not in found:
                right_there, said = words(self.work, one)
                found[one.slip.id] = Finding(
                    slip=one.slip,
                    node=one.node,
                    everywhere=one.everywhere,
                    right=right_there,
                    said=said,
                )
        return tuple(found.values())

    def _compared(
        self, points: Sequence[Mapping[str, float]], answer: str | float | Graph
    ) -> tuple[bool | None, list[Application]]:
        """Tell whether an answer is right, and which slips give it."""
        if isinstance(answer, (int, float)):
            answer = repr(float(answer))
        if isinstance(answer, str):
            number = typed(answer, self.graph)
            if isinstance(number, Typed):
                return self._number(points or self._sampled(points), number)
            answer = number
        return self._function(self._sampled(points), answer)

    def _sampled(self, points: Sequence[Mapping[str, float]]) -> list[Mapping[str, float]]:
        """Return at least 20 points, where so many are found: those given first."""
        near = points[0] if points else {}
        return [*points, *samples(self.graph, near, None, max(SAMPLES - len(points), 1))]

    def _number(
        self, points: Sequence[Mapping[str, float]], answer: Typed
    ) -> tuple[bool | None, list[Application]]:
        rows = self.numbers(points).tolist()
        told = [k for k, value in enumerate(rows[0]) if math.isfinite(value)]
        if not told:
            return None, []
        right = all(answer.equals(rows[0][k]) for k in told)
        if not right:  # it may be no further off than rounding put the derivative
            noise = self._noise(points, self.book.select((0,))).tolist()
            right = all(abs(answer.value - rows[0][k]) <= noise[k] for k in told)
        # digits too few to tell the answer from the derivative name no slip either
        like = (
            answer.is_like if not all(answer.is_like(rows[0][k]) for k in told) else answer.equals
        )
        return right, [
            one
            for one, row in zip(self.applications, rows[1:], strict=True)
            if all(like(row[k]) for k in told)
        ]

    def _function(
        self, points: Sequence[Mapping[str, float]], answer: Graph
    ) -> tuple[bool | None, list[Application]]:
        import numpy

        if not points:
            return None, []
        check_wrt(self.graph.variables, answer.variables)
        at = {name: numpy.array([point[name] for point in points]) for name in answer.variables}
        with quiet(*at.values()):
            values = value_at(answer, at)
            given = numpy.broadcast_to(values, len(points)).astype(float)
            rows = self.numbers(points)
            told = numpy.isfinite(given) & numpy.isfinite(rows[0])
            if 2 * told.sum() < len(points):
                return None, []
            size = numpy.maximum(numpy.abs(given), numpy.abs(rows))
            near = (numpy.abs(rows - given) <= SAME * size) | (rows == given)
            if not (near[0] | ~told).all():  # no further apart than rounding may have put them
                noise = self._noise(points, self.book.select((0,)), answer)
                near[0] |= numpy.abs(rows[0] - given) <= noise
        fits = (near | ~told).all(axis=1).tolist()
        return fits[0], [
            one for one, fit in zip(self.applications, fits[1:], strict=True) if fit
        ]  # fmt: skip

    def _noise(self, points: Sequence[Mapping[str, float]], *graphs: Graph) -> Any:
        """Return how far rounding may have put the results of formulas together, at each point."""
        import numpy

        noise = numpy.zeros(len(points))
        for graph in graphs:
            at = {name: numpy.array([point[name] for point in points]) for name in graph.variables}
            noise = noise + errors(graph, at)[1][graph.outputs[0]]
        return noise


def _variable(graph: Graph, wrt: str | None) -> str:
    """Return the variable to differentiate by."""
    if len(graph.outputs) != 1:
        raise AutodiffError("slips are named for one formula", mend="ask about one of its results")
    if wrt is not None:
        check_wrt(graph.variables, (wrt,))
        return wrt
    if len(graph.variables) != 1:
        raise AutodiffError(
            f"the formula has {len(graph.variables)} variables", mend='say which one: wrt="x"'
        )
    return graph.variables[0]


def diagnose(
    graph: Graph,
    points: Sequence[Mapping[str, float]],
    answer: str | float | Graph,
    wrt: str | None = None,
    *,
    sweep: bool = False,
    rate: str = "",
) -> tuple[Finding, ...]:
    """Name the usual slips that give an answer, the commonest first.

    Args:
        graph: the formula.
        points: where the answer was asked for; may be empty for a formula.
        answer: a number as it was typed, so that its digits are known, or a formula.
        wrt: the variable; may be left out where there is one only.
        sweep: slips of the sweep over the graph, in place of those of calculus.
        rate: how far weights move, for the slip of weights that move too early.

    Returns:
        Nothing where the answer is right, or none of the usual slips gives it.

    Raises:
        AutodiffError: the answer cannot be read, or there is no such variable.
    """
    return Mistakes(graph, wrt, sweep=sweep, rate=rate).diagnose(points, answer)


def wrong_answers(
    graph: Graph,
    point: Mapping[str, float],
    wrt: str | None = None,
    *,
    sweep: bool = False,
    rate: str = "",
) -> tuple[WrongAnswer, ...]:
    """Return every usual slip that can be made, with the number that it gives at a point.

    The arguments are those of `diagnose`. The commonest come first; one slip may be made at
    several nodes.
    """
    return Mistakes(graph, wrt, sweep=sweep, rate=rate).wrong_answers(point)
