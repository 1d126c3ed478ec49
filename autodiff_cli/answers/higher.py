"""Derivatives beyond the first: orders, a Hessian, its product with a direction.

All are asked of SymPy in one question, and judged entry by entry and point by point, as a
gradient is.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal, NamedTuple, overload

from autodiff_cli.answers.bench import SymbolicRow
from autodiff_cli.answers.gradient import GradResult
from autodiff_cli.answers.inspection import judged
from autodiff_cli.answers.paths import Path
from autodiff_cli.answers.reading import single
from autodiff_cli.answers.reasons import not_finite
from autodiff_cli.answers.ties import ties
from autodiff_cli.engine import directions, higher, point
from autodiff_cli.engine.brief import brief
from autodiff_cli.engine.higher import Hessian, like
from autodiff_cli.engine.linearise import Value
from autodiff_cli.errors import yes_or_no
from autodiff_cli.graph.graph import Graph
from autodiff_cli.notes.explanations import LARGEST, MOST_VARIABLES
from autodiff_cli.notes.note import AT_A_KINK, Note
from autodiff_cli.notes.sides import sides
from autodiff_cli.symbolic.verdict import Verdict

if TYPE_CHECKING:
    from autodiff_cli.engine.linearise import Array, Given
    from autodiff_cli.engine.sparse import SparseHessian
    from autodiff_cli.symbolic.client import Client


class Entry(NamedTuple):
    """One derivative beyond the first, or one component of a product with the Hessian.

    Attributes:
        path: the variables that it is taken by, one after the other.
        value: a float, or an array with one number for each point.
        symbolic: SymPy's side, or None where it was skipped.
    """

    path: tuple[str, ...]
    value: Value
    symbolic: SymbolicRow | None

    def __repr__(self) -> str:
        return brief(self)


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
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

    __repr__ = brief


@overload  # floats where all are; where one is more, the other
def hessian(  # type: ignore[overload-overlap]
    expression: Graph | str,
    at: Mapping[str, float],
    *,
    wrt: Sequence[str] | None = None,
    sparse: Literal[False] = False,
) -> Hessian[float]: ...
@overload
def hessian(
    expression: Graph | str,
    at: Mapping[str, Given],
    *,
    wrt: Sequence[str] | None = None,
    sparse: Literal[False] = False,
) -> Hessian[Array]: ...
@overload
def hessian(
    expression: Graph | str,
    at: Mapping[str, Any],
    *,
    wrt: Sequence[str] | None = None,
    sparse: Literal[True],
) -> SparseHessian: ...
def hessian(
    expression: Graph | str,
    at: Mapping[str, Any],
    *,
    wrt: Sequence[str] | None = None,
    sparse: bool = False,
) -> Hessian[Any] | SparseHessian:
    """Return the value, the gradient and all second derivatives of an expression.

    Args:
        expression: a graph from `parse`, or text.
        at: variable → number, sequence or NumPy array; arrays broadcast and give arrays.
        wrt: the variables to differentiate with respect to; all by default.
        sparse: only the entries that can be other than 0, by a sweep for each colour of a star
            colouring; at one point.

    Returns:
        `value`, `gradient["x"]` and `matrix["x"]["y"]`, floats or arrays of the point's shape; if
        sparse also `colours` and `sweeps`.

    Raises:
        AutodiffError: the text, a name or a value is wrong.
    """
    graph = single(expression, at)
    values, names = point.bind(graph, at), point.chosen(graph, wrt)
    yes_or_no("sparse", sparse)
    if sparse:
        from autodiff_cli.engine.sparse import hessian as entries

        return entries(graph, point.alone(values), names)
    return higher.hessian(graph, values, names)


@overload
def hvp(  # type: ignore[overload-overlap]
    expression: Graph | str,
    at: Mapping[str, float],
    direction: Mapping[str, float] | Sequence[float],
) -> tuple[dict[str, float], dict[str, float]]: ...
@overload
def hvp(
    expression: Graph | str,
    at: Mapping[str, Given],
    direction: Mapping[str, float] | Sequence[float],
) -> tuple[dict[str, Array], dict[str, Array]]: ...
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


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Finder:
    """How autodiff finds derivatives beyond the first.

    Attributes:
        find: finds them: variables differentiated by in turn → derivative.
        direction: what each is further differentiated along, or None.
        series: whether it finds them by Taylor series.
    """

    find: Callable[[], Mapping[Path, Value]]
    direction: Mapping[str, float] | None = None
    series: bool = False

    __repr__ = brief


def orders_finder(result: GradResult[Any], count: int) -> Finder:
    """Find f′ … f⁽ᶜᵒᵘⁿᵗ⁾ in one variable, or all derivatives up to that order in several."""
    names = tuple(result.gradient)  # none, where the formula has no variable

    def find() -> Mapping[Path, Value]:
        if not names:
            return {}
        if len(names) > 1:
            every = directions.mixed_at(result.graph, result.at, names, count)
            paths_of = {index: _path(names, index) for index in every}
            return {
                path: result.gradient[path[0]] if len(path) == 1 else like(every[index], result.at)
                for index, path in paths_of.items()
            }
        _, *further = higher.orders(result.graph, result.at, count, names[0])
        found = (result.gradient[names[0]], *further)  # of the first `grad` has a number
        paths = [names * order for order in range(1, count + 1)]
        return dict(zip(paths, found, strict=True))

    return Finder(find=find, series=True)


def _path(names: Sequence[str], index: Sequence[int]) -> Path:
    """Return the variables that a derivative is taken by, one after the other."""
    return tuple([name for name, count in zip(names, index, strict=True) for _ in range(count)])


def hessian_finder(result: GradResult[Any]) -> Finder:
    """Find all second derivatives."""
    names = tuple(result.gradient)

    def find() -> Mapping[Path, Value]:
        matrix = higher.hessian(result.graph, result.at, names).matrix
        return {(x, y): value for x in names for y, value in matrix[x].items()}

    return Finder(find=find)


def product_finder(result: GradResult[Any], direction: Mapping[str, float]) -> Finder:
    """Find the Hessian times a direction, without the Hessian."""
    names = tuple(result.gradient)

    def find() -> Mapping[Path, Value]:
        found = higher.hvp(result.graph, result.at, direction, names)[1]
        return {(name,): value for name, value in found.items()}

    return Finder(find=find, direction=direction)


def answer(
    expression: str,
    result: GradResult[Any],
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
    derivatives, direction = finder.find(), finder.direction
    broken, told = ties(result, tuple(derivatives), direction)
    found = judged(
        result, derivatives, client, seconds,
        direction=direction, series=finder.series, broken=broken,
    )  # fmt: skip
    further = [*not_finite(derivatives, result.notes, found.rows, direction)]
    if direction is None:
        further += _both_sides(result, derivatives)
    further += told
    return Higher(
        expression=expression,
        graph=result.graph,
        at=given,
        value=result.value,
        gradient=result.gradient,
        entries=tuple(
            Entry(path, value, found.rows.get(path)) for path, value in derivatives.items()
        ),
        direction=direction,
        verdict=found.verdict,
        notes=(*result.notes, *further, *found.notes),
    )


def _both_sides(result: GradResult[Any], derivatives: Mapping[Path, Value]) -> Iterator[Note]:
    """Say what derivatives are on both sides of a kink, where one point stands at one."""
    at_a_kink = any(note.kind in AT_A_KINK for note in result.notes)
    if not at_a_kink or not isinstance(result.value, float) or len(result.graph) > LARGEST:
        return
    told = 0
    for path in derivatives:
        if len(path) != 2 or told >= MOST_VARIABLES:
            continue
        slope = higher.derivative(result.graph, path[0])
        left, right = sides(slope, dict(result.at), path[1])
        if str(left) != str(right):
            told += 1
            text = (
                f"along {path[1]}, the derivative by {path[0]} has {left} on the left and {right} "
                "on the right"
            )
            yield Note(None, "both-sides", text)
