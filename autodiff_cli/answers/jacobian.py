"""The Jacobian of several formulas, and its products with a seed or a direction.

The products are single sweeps that never form the matrix; it stands beside them to be read.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Literal, overload

from autodiff_cli.answers.bench import SymbolicRow
from autodiff_cli.answers.beside import Answer, answered
from autodiff_cli.answers.gradient import GradResult, Mode, grad
from autodiff_cli.answers.inspection import judged as judged_with_sympy
from autodiff_cli.answers.judging import Judged as Judgement
from autodiff_cli.answers.reading import Expressions, graph_of
from autodiff_cli.answers.shares import shares
from autodiff_cli.engine import higher, point
from autodiff_cli.engine.brief import brief
from autodiff_cli.engine.higher import Jacobian
from autodiff_cli.engine.linearise import Value, linearise, value_at
from autodiff_cli.engine.reverse import reverse
from autodiff_cli.errors import yes_or_no
from autodiff_cli.graph.constant import literal
from autodiff_cli.graph.graph import Builder, Graph
from autodiff_cli.language.parser import Reading
from autodiff_cli.limits import exceeded, limit
from autodiff_cli.notes.departures import departures
from autodiff_cli.notes.note import Note
from autodiff_cli.ops import ADD, MULTIPLY
from autodiff_cli.symbolic.verdict import Verdict, worst

if TYPE_CHECKING:
    from autodiff_cli.engine.linearise import Array, Given
    from autodiff_cli.engine.sparse import SparseJacobian
    from autodiff_cli.symbolic.client import Client


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Products:
    """What `jacobian`, `vjp` and `jvp` say.

    Attributes:
        kind: the command.
        expressions, graph, at: the formulas and the point.
        wrt: the columns.
        values: one for each expression; arrays where there are several points, as in `rows`.
        rows: the Jacobian: for each expression variable → partial derivative; None if too large.
        mode, reason: the mode of the cheaper sweeps, and why, for the matrix.
        given: the seed (one weight an expression) or the direction (one number a variable).
        product: seed · J, one a variable, or J · direction, one an expression.
        notes: departures from plain calculus, readings.
        answers: for a Jacobian, each expression with SymPy beside it; () where it was not asked.
        symbolic: for a product, SymPy beside each number; () where it was not asked.
        verdict: the worst.
    """

    kind: str
    expressions: tuple[str, ...]
    graph: Graph
    at: Mapping[str, Value]
    wrt: tuple[str, ...]
    values: tuple[Value, ...]
    rows: tuple[Mapping[str, Value], ...] | None
    mode: str
    reason: str
    given: tuple[float, ...]
    product: tuple[float, ...]
    notes: tuple[Note, ...]
    answers: tuple[Answer, ...] = ()
    symbolic: tuple[SymbolicRow, ...] = ()
    verdict: Verdict = "match"

    __repr__ = brief


#: What the formulas' weighted sum is called.
WEIGHTED = "seed·f"


@overload  # floats where all are; where one is more, the other
def jacobian(  # type: ignore[overload-overlap]
    expressions: Expressions,
    at: Mapping[str, float],
    *,
    wrt: Sequence[str] | None = None,
    sparse: Literal[False] = False,
) -> Jacobian[float]: ...
@overload
def jacobian(
    expressions: Expressions,
    at: Mapping[str, Given],
    *,
    wrt: Sequence[str] | None = None,
    sparse: Literal[False] = False,
) -> Jacobian[Array]: ...
@overload
def jacobian(
    expressions: Expressions,
    at: Mapping[str, Any],
    *,
    wrt: Sequence[str] | None = None,
    sparse: Literal[True],
) -> SparseJacobian: ...
def jacobian(
    expressions: Expressions,
    at: Mapping[str, Any],
    *,
    wrt: Sequence[str] | None = None,
    sparse: bool = False,
) -> Jacobian[Any] | SparseJacobian:
    """Return the Jacobian of several expressions, by the mode that needs fewer sweeps.

    Args:
        expressions: texts, or a graph from `parse`; each output is a row.
        at: variable → number, sequence or NumPy array; arrays broadcast and give arrays.
        wrt: the variables to differentiate with respect to, the columns; all by default.
        sparse: only the entries that can be other than 0, by a sweep for each colour of the
            columns, or of the rows; at one point.

    Returns:
        `values` and `rows[0]["x"]`, and the `mode` used with the `reason`; if sparse, with the
        `colours` and `sweeps`.

    Raises:
        AutodiffError: a text, a name or a value is wrong.
    """
    graph = graph_of(expressions, at)
    values, names = point.bind(graph, at), point.chosen(graph, wrt)
    yes_or_no("sparse", sparse)
    if sparse:
        from autodiff_cli.engine.sparse import jacobian as entries

        return entries(graph, point.alone(values), names)
    return higher.jacobian(graph, values, names)


@overload
def jvp(  # type: ignore[overload-overlap]
    expressions: Expressions,
    at: Mapping[str, float],
    direction: Mapping[str, float] | Sequence[float],
) -> tuple[tuple[float, ...], tuple[float, ...]]: ...
@overload
def jvp(
    expressions: Expressions,
    at: Mapping[str, Given],
    direction: Mapping[str, float] | Sequence[float],
) -> tuple[tuple[Array, ...], tuple[Array, ...]]: ...
def jvp(
    expressions: Expressions,
    at: Mapping[str, Any],
    direction: Mapping[str, Any] | Sequence[Any],
) -> tuple[tuple[Value, ...], tuple[Value, ...]]:
    """Return the values and the Jacobian times a direction, by one forward sweep.

    Args:
        expressions: texts, or a graph from `parse`.
        at: variable → number, sequence or NumPy array; arrays broadcast and give arrays.
        direction: variable → component, 0 for those that are absent; or one component for each
            variable in the order of `graph.variables`.

    Returns:
        Two tuples with one entry for each expression.

    Raises:
        AutodiffError: a text, a name, a value or the direction is wrong.
    """
    graph = graph_of(expressions, at)
    return higher.jvp(graph, point.bind(graph, at), point.components(graph.variables, direction))


@overload
def vjp(  # type: ignore[overload-overlap]
    expressions: Expressions, at: Mapping[str, float], weights: Sequence[float]
) -> tuple[tuple[float, ...], dict[str, float]]: ...
@overload
def vjp(
    expressions: Expressions, at: Mapping[str, Given], weights: Sequence[float]
) -> tuple[tuple[Array, ...], dict[str, Array]]: ...
def vjp(
    expressions: Expressions, at: Mapping[str, Any], weights: Sequence[Any]
) -> tuple[tuple[Value, ...], dict[str, Value]]:
    """Return the values and the weighted sum of the Jacobian's rows, by reverse sweeps.

    Args:
        expressions: texts, or a graph from `parse`.
        at: variable → number, sequence or NumPy array; arrays broadcast and give arrays.
        weights: one number for each expression.

    Returns:
        A tuple with one value for each expression, and variable → component.

    Raises:
        AutodiffError: a text, a name, a value or a weight is wrong.
    """
    graph = graph_of(expressions, at)
    given = point.listed("the weights", weights)
    numbers = [point.component(f"weight {k + 1}", weight) for k, weight in enumerate(given)]
    return higher.vjp(graph, point.bind(graph, at), numbers)


def products(
    kind: str,
    expressions: Sequence[str],
    graph: Graph,
    at: Mapping[str, Value],
    wrt: Sequence[str],
    given: Sequence[float],
    notes: Sequence[Note],
) -> Products:
    """Return what `jacobian`, `vjp` or `jvp` says.

    Args:
        kind: the command.
        expressions: the texts as typed, one an output of the graph.
        graph: the formulas.
        at: variable → number; for a Jacobian also arrays of points.
        wrt: the variables of the columns.
        given: for vjp one weight an output, for jvp one component a variable of `wrt`.
        notes: what is to be said first.
    """
    matrix = None
    if kind == "jacobian" or len(graph.outputs) * len(wrt) <= limit("entries"):
        matrix = higher.jacobian(graph, at, wrt)
    product: tuple[float, ...] = ()
    values = () if matrix is None else matrix.values
    if kind == "vjp":
        values, slopes = higher.vjp(graph, at, given)
        product = tuple(slopes[name] for name in wrt)
    elif kind == "jvp":
        values, product = higher.jvp(graph, at, dict(zip(wrt, given, strict=True)))
    return Products(
        kind=kind,
        expressions=tuple(expressions),
        graph=graph,
        at=at,
        wrt=tuple(wrt),
        values=values,
        rows=None if matrix is None else matrix.rows,
        mode="" if matrix is None else matrix.mode,
        reason="" if matrix is None else matrix.reason,
        given=tuple(given),
        product=product,
        notes=(*notes, *_departures(graph, at, wrt)),
    )


def _departures(graph: Graph, at: Mapping[str, Value], wrt: Sequence[str]) -> list[Note]:
    """Return the notes of every output, each once."""
    linearisation = linearise(graph, at, wrt)
    found = dict.fromkeys(departures(linearisation))
    for output in graph.outputs if len(graph.outputs) * len(graph) <= limit("entries") else ():
        found |= dict.fromkeys(departures(linearisation, reverse(linearisation, output)))
    return list(found)


def judged(
    report: Products, given: Mapping[str, Any], client: Client | None, seconds: float
) -> Products:
    """Return a Jacobian or a product with SymPy's side, the verdict, and the notes on both.

    Args:
        report: the Jacobian, or the product.
        given: the point as typed: variable → float or list.
        client: SymPy's process; None where SymPy is not wanted.
        seconds: how long SymPy may think about one formula; when all together have taken as long,
            the others get little.

    Raises:
        LimitError: there are more formulas or derivatives at several points than the limit.
    """
    count = len(report.expressions)
    report, at = replace(report, at=dict(given)), report.at
    sizes = {"formulas": count, "entries": count * len(report.wrt)}
    beyond = next((name for name, size in sizes.items() if size > limit(name)), "")
    if beyond:
        if not all(isinstance(value, float) for value in report.values):
            raise exceeded(beyond, "give fewer formulas, or one point, or ")
        named = "formulas" if beyond == "formulas" else "derivatives"
        text = f"symbolic side skipped: there are more than {limit(beyond):,} {named}"
        return replace(
            report, verdict="skipped", notes=(*report.notes, Note(None, "skipped", text))
        )
    if report.kind == "vjp":
        return _with_notes(report, [_weighted(report, at, client, seconds)])
    if report.kind == "jvp":
        asked = shares(client, seconds)
        outputs = range(count if report.wrt else 0)
        return _with_notes(report, [_along(report, at, k, client, next(asked)) for k in outputs])
    asked = shares(client, seconds)
    answers: list[Answer] = []
    for place, expression in enumerate(report.expressions):
        alone = Reading(report.graph.function(place), ())
        mode: Mode = "forward" if report.mode == "forward" else "reverse"
        result = grad(alone, at, mode=mode, wrt=report.wrt)
        answer, _ = answered(expression, result, given, mode, client, next(asked), labelled=False)
        answers.append(answer)
    # Departures are in the report, with the labels of the graph that all formulas share.
    said = dict.fromkeys(note for answer in answers for note in answer.notes if note.node is None)
    notes = dict.fromkeys((*report.notes, *said))
    verdict = worst(answer.verdict for answer in answers)
    return replace(report, answers=tuple(answers), verdict=verdict, notes=tuple(notes))


def _with_notes(report: Products, found: Sequence[Judgement]) -> Products:
    """Return a product with what SymPy says of its numbers."""
    rows = tuple(row for one in found for row in one.rows.values())
    said = dict.fromkeys(note for one in found for note in one.notes)
    verdict = worst(one.verdict for one in found)
    notes = tuple(dict.fromkeys((*report.notes, *said)))
    return replace(report, symbolic=rows, verdict=verdict, notes=notes)


def _weighted(
    report: Products, at: Mapping[str, Value], client: Client | None, seconds: float
) -> Judgement:
    """Judge seed · J: the gradient of the formulas' sum, weighted by the seed."""
    graph = report.graph
    builder = Builder(graph.variables)
    places = list(range(len(graph.variables)))
    for index in range(len(places), len(graph)):
        places.append(builder.copy(graph, index, places))
    terms = [
        builder.apply(MULTIPLY, (builder.constant(literal(repr(weight))), places[output]))
        for weight, output in zip(report.given, graph.outputs, strict=True)
    ]
    end = terms[0] if len(terms) == 1 else builder.apply(ADD, tuple(terms))
    total = builder.graph([end], (WEIGHTED,))
    slopes = dict(zip(report.wrt, report.product, strict=True))
    value = float(value_at(total, at))
    result = GradResult(graph=total, at=at, value=value, gradient=slopes, swept=None)
    return judged_with_sympy(
        result, {(n,): s for n, s in slopes.items()}, client, seconds, labelled=False
    )


def _along(
    report: Products, at: Mapping[str, Value], place: int, client: Client | None, seconds: float
) -> Judgement:
    """Judge one number of J · direction: a formula's derivative along the direction."""
    direction = dict(zip(report.wrt, report.given, strict=True))
    result = GradResult(
        graph=report.graph.function(place),
        at=at,
        value=report.values[place],
        gradient=dict.fromkeys(report.wrt, 0.0),
        swept=None,
    )
    return judged_with_sympy(
        result, {(): report.product[place]}, client, seconds, direction=direction, labelled=False
    )
