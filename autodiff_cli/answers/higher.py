"""Derivatives beyond the first: orders, a Hessian, its product with a direction.

Each is found by a `Finder`, asked of SymPy in one question, and judged entry by entry and point by
point, as a gradient is.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from autodiff_cli.answers.gradient import GradResult
from autodiff_cli.answers.judging import (
    DOUBTED,
    SymbolicRow,
    at_point,
    unasked,
    without_derivatives,
)
from autodiff_cli.answers.reading import single
from autodiff_cli.engine import higher, point
from autodiff_cli.engine.higher import Hessian
from autodiff_cli.engine.linearise import Value
from autodiff_cli.engine.point import points
from autodiff_cli.graph.graph import Graph
from autodiff_cli.notes.departures import marks
from autodiff_cli.notes.note import Note
from autodiff_cli.symbolic.question import Symbolic, derive
from autodiff_cli.symbolic.verdict import Judgement, Verdict, judge, number_or_word, worst

if TYPE_CHECKING:
    from autodiff_cli.symbolic.client import Client


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One derivative beyond the first, or one component of a product with the Hessian.

    Attributes:
        path: the variables that it is taken by, one after the other.
        value: a float, or an array with one number for each point.
        symbolic: SymPy's side, or None where it was skipped.
    """

    path: tuple[str, ...]
    value: Value
    symbolic: SymbolicRow | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Higher:
    """What `hessian`, `hvp` and `grad --order` say.

    Attributes:
        expression, graph, at, value, gradient: as in an `Answer`.
        entries: the derivatives, row by row.
        direction: variable → component of the direction of a product, or None.
        verdict: the worst verdict.
        notes: departures from plain calculus, and why SymPy was skipped.
    """

    expression: str
    graph: Graph
    at: Mapping[str, float | list[float]]
    value: Value
    gradient: Mapping[str, Value]
    entries: tuple[Entry, ...]
    direction: Mapping[str, float] | None
    verdict: Verdict
    notes: tuple[Note, ...]


def hessian(
    expression: Graph | str, at: Mapping[str, Any], *, wrt: Sequence[str] | None = None
) -> Hessian:
    """Return the value, the gradient and all second derivatives of an expression.

    Args:
        expression: a graph from `parse`, or text.
        at: variable → number, sequence or NumPy array; arrays broadcast and give arrays.
        wrt: the variables to differentiate with respect to; all by default.

    Returns:
        `value`, `gradient["x"]` and `matrix["x"]["y"]`, floats or arrays of the point's shape.

    Raises:
        AutodiffError: the text, a name or a value is wrong.
    """
    graph = single(expression, at)
    return higher.hessian(graph, point.bind(graph, at), point.chosen(graph, wrt))


def hvp(
    expression: Graph | str,
    at: Mapping[str, Any],
    direction: Mapping[str, Any] | Sequence[Any],
) -> tuple[dict[str, Value], dict[str, Value]]:
    """Return the gradient and the Hessian times a direction, without the Hessian.

    One forward sweep over the gradient graph: about two gradients' work, for any number of
    variables.

    Args:
        expression: a graph from `parse`, or text.
        at: variable → number, sequence or NumPy array; arrays broadcast and give arrays.
        direction: as for `jvp`.

    Raises:
        AutodiffError: the text, a name, a value or the direction is wrong.
    """
    graph = single(expression, at)
    return higher.hvp(graph, point.bind(graph, at), point.components(graph.variables, direction))


#: Variables that a derivative is taken by, one after the other.
Path = tuple[str, ...]

#: Notes after which a number that is not finite needs no further word.
_EXPLAINED = frozenset({"overflow", "domain", "infinite-slope", "zero-times-infinity"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Finder:
    """How autodiff finds the derivatives, and what SymPy is asked for.

    Attributes:
        paths: each derivative that is wanted.
        find: a point, or arrays of points → each derivative.
        direction: what the derivatives of `paths` are further differentiated along, or None.
    """

    paths: tuple[Path, ...]
    find: Callable[[Mapping[str, Value]], Mapping[Path, Value]]
    direction: Mapping[str, float] | None = None


def orders_finder(result: GradResult, count: int) -> Finder:
    """Find f′ … f⁽ᶜᵒᵘⁿᵗ⁾ in the one variable that is differentiated."""
    names = tuple(result.gradient)  # none, where the formula has no variable
    paths = tuple((name,) * order for name in names for order in range(1, count + 1))

    def find(at: Mapping[str, Value]) -> Mapping[Path, Value]:
        if not names:
            return {}
        return dict(zip(paths, higher.orders(result.graph, at, count, names[0]), strict=True))

    return Finder(
        paths=paths,
        find=find,
    )


def hessian_finder(result: GradResult) -> Finder:
    """Find all second derivatives."""
    names = tuple(result.gradient)

    def find(at: Mapping[str, Value]) -> Mapping[Path, Value]:
        matrix = higher.hessian(result.graph, at, names).matrix
        return {(x, y): matrix[x][y] for x in names for y in names}

    return Finder(
        paths=tuple((x, y) for x in names for y in names),
        find=find,
    )


def product_finder(result: GradResult, direction: Mapping[str, float]) -> Finder:
    """Find the Hessian times a direction, without the Hessian."""
    names = tuple(result.gradient)

    def find(at: Mapping[str, Value]) -> Mapping[Path, Value]:
        found = higher.hvp(result.graph, at, direction, names)[1]
        return {(name,): value for name, value in found.items()}

    return Finder(
        paths=tuple((name,) for name in names),
        find=find,
        direction=direction,
    )


def answer(
    expression: str,
    result: GradResult,
    given: Mapping[str, Any],
    finder: Finder,
    client: Client | None,
    seconds: float,
) -> Higher:
    """Find the derivatives, ask SymPy for them, and set the two beside each other.

    Args:
        expression: the text as typed.
        result: the value and the gradient at the point.
        given: the point as typed: variable → float or list.
        finder: what is wanted.
        client: SymPy's process; None where SymPy is not wanted.
        seconds: how long SymPy may think.
    """
    values = finder.find(result.at)
    symbolic = _ask(result, finder, points(result.at), client, seconds)
    notes = [*result.notes]
    if not any(note.kind in _EXPLAINED for note in notes):
        notes += _not_finite(values, finder.direction is not None)
    rows: dict[Path, SymbolicRow] = {}
    if symbolic.derivatives is None:
        notes.append(Note(None, "skipped", f"symbolic side skipped: {symbolic.reason}"))
    else:

        def alone(point: Mapping[str, float]) -> Symbolic:
            return _ask(result, finder, [point], client, seconds)

        rows, rounding = _rows(result, finder, values, symbolic, alone)
        notes += [Note(None, "symbolic", remark) for remark in symbolic.remarks]
        if rounding:
            notes.append(Note(None, "rounding", _ROUNDING))
    verdict = without_derivatives(result) if not finder.paths else "skipped"
    if rows:
        verdict = worst(row.verdict for row in rows.values())
    entries = tuple(
        Entry(
            path=path,
            value=value,
            symbolic=rows.get(path),
        )
        for path, value in values.items()
    )
    return Higher(
        expression=expression,
        graph=result.graph,
        at=given,
        value=result.value,
        gradient=result.gradient,
        entries=entries,
        direction=finder.direction,
        verdict=verdict,
        notes=tuple(notes),
    )


_ROUNDING = (
    "a difference is rounding: autodiff's own answer moves as much when the point changes in its "
    "last digits"
)


def _ask(
    result: GradResult,
    finder: Finder,
    at: Sequence[Mapping[str, float]],
    client: Client | None,
    seconds: float,
) -> Symbolic:
    if not finder.paths:
        return Symbolic({})
    reason = unasked(client, seconds, len(at))
    if client is None or reason:
        return Symbolic(None, reason=reason)
    # The order of differentiation does not matter to SymPy: half a symmetric matrix is enough.
    asked = tuple(dict.fromkeys(map(_ordered, finder.paths)))
    direction = finder.direction
    return derive(client, result.graph, at, (), seconds, repeated=asked, direction=direction)


def _ordered(path: Path) -> Path:
    return tuple(sorted(path))


def _rows(
    result: GradResult,
    finder: Finder,
    values: Mapping[Path, Value],
    symbolic: Symbolic,
    alone: Callable[[Mapping[str, float]], Symbolic],
) -> tuple[dict[Path, SymbolicRow], bool]:
    """Return SymPy's side of each derivative, and whether a match is one up to rounding."""
    bench = _Bench(result, finder, values)
    found: dict[Path, list[Judgement]] = {path: [] for path in values}
    at = points(result.at)
    doubted = 0
    for k, here in enumerate(at):
        digits = {path: row.values[k] for path, row in symbolic.repeated.items()}
        row = bench.judge(digits, k, here)
        wrong = any(judgement.verdict == "MISMATCH" for judgement in row.values())
        if wrong and len(at) > 1 and doubted < DOUBTED:
            # Many points are evaluated in float64: SymPy's own rounding must not accuse autodiff.
            doubted += 1
            again = {path: one.values[0] for path, one in alone(here).repeated.items()}
            row = bench.judge(again, k, here) if again else row
        for path, judgement in row.items():
            found[path].append(judgement)
    single = isinstance(result.value, float)
    rows = {}
    for path, judgements in found.items():
        derivative = symbolic.repeated[_ordered(path)]
        numbers = [number_or_word(value) for value in derivative.values]
        differences = [judgement.difference for judgement in judgements]
        verdicts = tuple(judgement.verdict for judgement in judgements)
        rows[path] = SymbolicRow(
            derivative=derivative.text,
            value=numbers[0] if single else numbers,
            difference=differences[0] if single else differences,
            verdict=worst(verdicts),
            verdicts=verdicts,
        )
    return rows, any(judgement.rounding for row in found.values() for judgement in row)


class _Bench:
    """What verdicts need to know of autodiff's answer, at each of its points."""

    def __init__(self, result: GradResult, finder: Finder, values: Mapping[Path, Value]) -> None:
        self.result, self.finder, self.values = result, finder, values
        self.kink, self.overflow = marks(result.linearisation, result.adjoints)

    def judge(
        self, digits: Mapping[Path, str | None], k: int, point: Mapping[str, float]
    ) -> dict[Path, Judgement]:
        """Return the verdict on every derivative at point number `k`."""
        value = at_point(self.result.value, k)
        moved: dict[Path, float] = {}

        def moves(path: Path) -> float:
            if not moved:
                moved.update(self._moves(point))
            return moved[path]

        rows = {}
        for path, values in self.values.items():
            derivative = at_point(values, k)
            unbounded = bool(at_point(self.overflow, k)) and not math.isfinite(derivative)
            rows[path] = judge(
                derivative,
                digits[_ordered(path)],
                overflow=math.isinf(value) or unbounded,
                undefined=math.isnan(value),
                kink=bool(at_point(self.kink, k)),
                moves=lambda path=path: moves(path),  # type: ignore[misc]
            )
        return rows

    def _moves(self, point: Mapping[str, float]) -> dict[Path, float]:
        """Return how much each derivative moves when the point changes by up to two ulp."""
        here = self.finder.find(point)
        largest = dict.fromkeys(here, 0.0)
        for name in point:
            for target in (math.inf, -math.inf):
                moved = point[name]
                for _ in range(2):
                    moved = math.nextafter(moved, target)
                    for path, there in self.finder.find({**point, name: moved}).items():
                        change = abs(float(there) - float(here[path]))
                        if math.isfinite(change):
                            largest[path] = max(largest[path], change)
        return largest


def _not_finite(values: Mapping[Path, Value], product: bool) -> list[Note]:
    """Say which derivatives have no finite value, where the first ones do not say why."""
    notes = []
    for path, value in values.items():
        numbers = [value] if isinstance(value, float) else value.ravel().tolist()
        strange = [number for number in numbers if not math.isfinite(number)]
        if strange:
            by = ", then ".join(path)
            what = f"the component of {by}" if product else f"the derivative by {by}"
            where = f" at {len(strange)} of {len(numbers)} points" if len(numbers) > 1 else ""
            text = f"{what} is {strange[0]}{where}: the derivative before it has no finite slope"
            notes.append(Note(None, "infinite-slope", text))
    return notes
