"""The numbers of SymPy's formulas at the points, and a second look at those autodiff differs in.

At one point every number has thirty proved digits. At very many, a sample has, and every point
where float64 could be wrong: where the two numbers differ, or where rounding could reach.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from fractions import Fraction
from typing import Any

from autodiff_cli.engine.rounding import errors
from autodiff_cli.errors import AutodiffError
from autodiff_cli.graph.graph import Graph
from autodiff_cli.symbolic.evaluation import Settled, evaluated
from autodiff_cli.symbolic.expression import Translation
from autodiff_cli.symbolic.jumps import met
from autodiff_cli.symbolic.loss import Loss, missing
from autodiff_cli.symbolic.recomputation import Derived, Path, digits
from autodiff_cli.symbolic.verdict import agree, is_number

#: Numbers up to which each has thirty digits, whatever they are.
FEW = 400

#: Points of more that have them in any case, spread over all.
SAMPLE = 40

#: A second look that proves nothing.
_OPEN = ["huge", False, None, "", False]

#: A bound on autodiff's rounding, as a share of its number, beyond which a point is looked into.
SUSPICIOUS = 1e-10


class Numbers:
    """Values of formulas at the points of one question.

    Args:
        translation: where the formulas come from.
        points: a number for every variable, one row a point.
        formulas: how many of them there will be.
        exact: thirty digits at every point.
        over: tells whether the time is up, and no further number is looked into.
    """

    def __init__(
        self, translation: Translation, points: Sequence[Sequence[float]], *, formulas: int,
        exact: bool, over: Callable[[], bool],
    ) -> None:  # fmt: skip
        self.translation, self.points, self._time_is_up = translation, points, over
        self.exact = exact or len(points) == 1 or len(points) * formulas <= FEW
        self.late = self.looked = self.compared = 0
        self._known: dict[tuple[Any, int], Settled] = {}
        self._bounds: dict[int, tuple[Graph, list[Any]]] = {}
        self._losses: dict[tuple[int, int], Loss] = {}

    def judged(
        self, formula: Any, derived: Derived, path: Path, found: Sequence[float] | None
    ) -> dict[str, Any]:
        """Return a formula's values, and where autodiff differs what its own graph gives.

        Args:
            formula: SymPy's.
            derived: makes the graph that autodiff's number is of.
            path: which derivative it is.
            found: autodiff's numbers, one a point; None where nothing is compared.
        """
        values = self._values(formula, derived, path, found)
        again: dict[str, Any] = {}
        for k, number in enumerate(found or ()):
            value = values[k]
            if value is None or value == "huge":
                continue
            known = self._known.get((formula, k))
            doubtful = not agree(number, value) or (known is not None and known.guessed)
            none = not math.isfinite(number) and not _within(value)
            if not none and doubtful and not self._over():
                again[str(k)] = self._again(derived, path, k, number, formula, value)
            elif not doubtful and not self._time_is_up():
                place = self._met(derived, path, k, certain=False)
                if place is not None:
                    again[str(k)] = [value, False, *place, True]
        return {"values": values, "again": again}

    def _again(
        self, derived: Derived, path: Path, k: int, number: float, formula: Any, value: str
    ) -> Any:
        """Return autodiff's own graph in more digits at one point."""
        if self._known[formula, k].guessed and is_number(value):
            return _OPEN  # neither side is proved: nobody is accused
        try:
            graph, output, at = self._own(derived, path, k)
        except AutodiffError:
            return None
        own, guessed = digits(graph, output, at)
        if not is_number(value):
            proved = "huge" if guessed else own
            return [proved, False, *missing(graph, output, at, derived.graph), False]
        if guessed:
            return _OPEN
        if not is_number(own):
            return [own, False, *missing(graph, output, at, derived.graph), False]
        place = self._met(derived, path, k, certain=True)
        if place is not None:
            return [own, False, *place, True]
        loss = self._loss(graph, at, k, derived)
        if loss.by_rounding(number, value, output):
            return [own, True, *loss.place(output), False]
        return [own, False, None, "", False]

    def _own(self, derived: Derived, path: Path, k: int) -> tuple[Graph, int, dict[str, float]]:
        """Return the graph that autodiff's number is of, which output it is, and the point."""
        graph, output = derived.of(path)
        here = dict(zip(derived.graph.variables, self.points[k], strict=True))
        return graph, output, derived.point(graph, here, 0.0, float)

    def _loss(self, graph: Graph, at: Mapping[str, float], k: int, derived: Derived) -> Loss:
        if (id(graph), k) not in self._losses:
            self._losses[id(graph), k] = Loss(graph, at, derived.graph)
        return self._losses[id(graph), k]

    def _met(
        self, derived: Derived, path: Path, k: int, *, certain: bool
    ) -> tuple[int | None, str] | None:
        """Return where a derivative jumps at a point; unless certain, if rounding may hide it."""

        def turned(graph: Graph, output: int, at: Mapping[str, float]) -> bool:
            if certain:
                return True
            if self.exact:
                bounds = self._loss(graph, at, k, derived).bounds
                return not bounds[graph.outputs[output]] < math.inf
            bound = self._bound(derived, graph)[output]  # of every point at once
            return not (bound[k] if getattr(bound, "shape", ()) else bound) < math.inf

        here = dict(zip(derived.graph.variables, self.points[k], strict=True))
        return met(derived, path, here, turned)

    def remarks(self) -> list[str]:
        """Return what a reader of the numbers should know."""
        found = []
        if self.compared:
            found.append(
                f"of SymPy's numbers {self.looked:,} have thirty proved digits: a sample, and all "
                f"where rounding could matter; the other {self.compared:,} are of float64"
            )
        if self.late:
            found.append(f"the time ran out before {self.late:,} numbers were looked into")
        return found

    def _over(self) -> bool:
        if not self._time_is_up():
            return False
        self.late += 1
        return True

    def _values(
        self, formula: Any, derived: Derived, path: Path, found: Sequence[float] | None
    ) -> list[str | None]:
        if self.exact:
            return [self._exact(formula, k) for k in range(len(self.points))]
        if not self.points:
            return []
        from autodiff_cli.symbolic import vectors  # loads NumPy, which one point does not need

        try:
            rows = vectors.evaluate(formula, self.translation, self.points).tolist()
        except (MemoryError, RecursionError):
            raise
        except Exception:  # whatever NumPy cannot express is evaluated point by point
            rows = [math.nan] * len(self.points)
        doubted = self._doubted(derived, path, found)
        step = max(1, len(self.points) // SAMPLE)
        values: list[str | None] = []
        for k, row in enumerate(rows):
            sure = math.isfinite(row) and k % step != 0 and not doubted[k]
            if sure and (found is None or agree(found[k], repr(row))):
                self.compared += 1
                values.append(repr(row))
            else:
                values.append(self._exact(formula, k))
        return values

    def _exact(self, formula: Any, k: int) -> str | None:
        """Return a value to thirty digits; None where the point is not finite, or time is up."""
        point = self.points[k]
        if (formula, k) not in self._known:
            if not all(map(math.isfinite, point)) or self._over():
                return None
            at = dict(zip(self.translation.symbols, map(Fraction, point), strict=True))
            self._known[formula, k] = evaluated(formula, at | self.translation.atoms)
            self.looked += 1
        return self._known[formula, k].text

    def _doubted(self, derived: Derived, path: Path, found: Sequence[float] | None) -> list[bool]:
        """Tell for each point whether rounding may have reached autodiff's number."""
        if found is None:
            return [False] * len(self.points)
        import numpy

        try:
            graph, output = derived.of(path)
        except AutodiffError:
            return [True] * len(self.points)
        bound = self._bound(derived, graph)[output]
        with numpy.errstate(all="ignore"):
            sizes = numpy.abs(numpy.array(found, dtype=float))
            doubted = ~((bound <= SUSPICIOUS * sizes) | (bound == 0))
        tests: list[bool] = numpy.broadcast_to(doubted, sizes.shape).tolist()
        return tests

    def _bound(self, derived: Derived, graph: Graph) -> list[Any]:
        """Return how far rounding may have put each output of a graph at every point."""
        import numpy

        if id(graph) not in self._bounds:
            columns = numpy.array(self.points, dtype=float).T
            at = dict(zip(derived.graph.variables, columns, strict=True))
            full = columns[0] if len(columns) else numpy.zeros(len(self.points))
            at = derived.point(graph, at, 0.0 * full, lambda c: c + 0.0 * full)
            _, bounds = errors(graph, at)
            self._bounds[id(graph)] = graph, [bounds[k] for k in graph.outputs]
        return self._bounds[id(graph)][1]


def _within(value: str | None) -> bool:
    """Tell whether SymPy has a number, and float64 one near it."""
    return is_number(value) and math.isfinite(float(value or "nan"))
