"""Finds what `compare` says: asks every method, SymPy once for a point and once for many."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from autodiff_cli.answers import judging as check
from autodiff_cli.answers.beside import Answer
from autodiff_cli.answers.comparison import Comparison, Operations, Points, Question
from autodiff_cli.answers.gradient import grad
from autodiff_cli.engine.cost import counts, operations
from autodiff_cli.errors import VariableError
from autodiff_cli.graph.graph import Graph
from autodiff_cli.limits import SYMPY_SECONDS
from autodiff_cli.methods.at_a_point import opinions
from autodiff_cli.methods.at_points import worst
from autodiff_cli.methods.claim import Claim
from autodiff_cli.methods.sampling import samples
from autodiff_cli.methods.step_sizes import PRECISIONS, Sweep, sweep
from autodiff_cli.symbolic.question import Symbolic

if TYPE_CHECKING:
    from autodiff_cli.symbolic.client import Client

#: Nodes up to which the operations of a gradient are counted.
COUNTED = 20_000

#: Derivatives at sampled points up to which SymPy is asked for 30 digits of each.
EXACT = 400

#: What errors are measured against.
DIGITS, FLOATS, REVERSE = "SymPy's 30 digits", "SymPy in float64", "reverse mode"


def comparison(
    question: Question,
    claims: Sequence[Claim] = (),
    client: Client | None = None,
    seconds: float = SYMPY_SECONDS,
) -> Comparison:
    """Ask every method there is.

    Args:
        question: what is to be compared.
        claims: the user's derivatives, checked already.
        client: SymPy's process; None where SymPy is not wanted.
        seconds: how long SymPy may think about the point, and about all sampled points.

    Raises:
        VariableError: there is neither a point nor one that could be sampled.
    """
    graph, wrt, given = question.graph, question.wrt, question.given
    if not question.at_a_point:
        sampled, answer, symbolic = _sampled(question, client, seconds, count=True)
        return Comparison(
            question, answer, {}, {}, {}, _counted(graph, wrt, symbolic), tuple(claims), {}, sampled
        )
    result = grad(question.reading, given, wrt=wrt)
    answer, symbolic = check.answered(
        question.expression, result, given, "reverse", client, seconds, count=True
    )
    digits = {name: row.values[0] for name, row in (symbolic.derivatives or {}).items()}
    methods = opinions(graph, given, wrt, float32=question.float32)
    errors = {
        name: [
            None if row.value is None else check.error(row.value, digits.get(name)) for row in rows
        ]
        for name, rows in methods.items()
    }
    sweeps = _sweeps(question, digits, result.gradient) if question.steps else {}
    points: Points | None = None
    if question.points and wrt:
        asked = client if symbolic.derivatives else None  # what it gave up once, it would again
        points, _, _ = _sampled(question, asked, seconds, reason=symbolic.reason)
    return Comparison(
        question, answer, digits, methods, errors, _counted(graph, wrt, symbolic), tuple(claims),
        sweeps, points,
    )  # fmt: skip


def _sweeps(
    question: Question, digits: Mapping[str, str | None], gradient: Mapping[str, float]
) -> dict[str, list[Sweep]]:
    """Return the sweeps of each variable, against SymPy's number where there is one."""
    found: dict[str, list[Sweep]] = {}
    for name in question.wrt:
        known = digits.get(name)
        derivative, against = (known, DIGITS) if is_number(known) else (None, REVERSE)
        measured = derivative or decimal_text(gradient[name])
        found[name] = [
            sweep(question.graph, dict(question.given), name, measured, against, precision)
            for precision in PRECISIONS
            if precision == "float64" or question.float32
        ]
    return found


def decimal_text(value: float) -> str:
    """Return a float in full: its shortest spelling is another number than it is."""
    from decimal import Decimal

    return str(Decimal(value))


def is_number(text: str | None) -> bool:
    """Tell whether SymPy's value is a number, not a word."""
    return text is not None and text[-1].isdigit()


def _sampled(
    question: Question,
    client: Client | None,
    seconds: float,
    *,
    reason: str = "",
    count: bool = False,
) -> tuple[Points, Answer, Symbolic]:
    """Compare at sampled points, with one question to SymPy about them all.

    Args:
        question: what is to be compared.
        client: SymPy's process, or None.
        seconds: how long SymPy may think.
        reason: why SymPy is not asked, where that was known before.
        count: ask for the operations of SymPy's derivatives.
    """
    import numpy

    graph, wrt = question.graph, question.wrt
    kept = question.held & question.given.keys()
    found = samples(graph, question.given, question.seed, question.points, kept)
    if not found and not question.at_a_point:
        raise VariableError(
            "no point inside the domain and off the kinks was found",
            mend=f"give values near one: --{graph.variables[0]} 4",
        )
    at = {name: [point[name] for point in found] for name in graph.variables}
    result = grad(
        question.reading, {name: numpy.array(column) for name, column in at.items()}, wrt=wrt
    )
    exact = len(found) * len(wrt) <= EXACT
    answer, symbolic = check.answered(
        question.expression, result, at, "reverse", client if found else None, seconds,
        count=count, exact=exact,
    )  # fmt: skip
    against = DIGITS if exact else FLOATS
    wanted: dict[str, Sequence[str | None]] = {}
    if symbolic.derivatives is None:
        against = REVERSE
        wanted = {name: list(map(decimal_text, s.tolist())) for name, s in result.gradient.items()}
        reason = reason or symbolic.reason
    for name, row in (symbolic.derivatives or {}).items():
        wanted[name] = row.values if exact else [
            decimal_text(float(text)) if text and is_number(text) else text for text in row.values
        ]  # fmt: skip
    points = Points(
        question.points, found, against, reason,
        {name: sum(not is_number(text) for text in wanted[name]) for name in wrt},
        worst(graph, found, wrt, wanted, float32=question.float32) if found else {},
        answer.verdict,
    )  # fmt: skip
    return points, answer, symbolic


def _counted(graph: Graph, wrt: tuple[str, ...], symbolic: Symbolic) -> Operations:
    """Count operations; of a gradient only where writing it down is quick."""
    if len(graph) > COUNTED:
        return Operations(operations(graph), None, None, symbolic.operations)
    found = counts(graph, wrt)
    return Operations(found.value, found.reverse, found.forward, symbolic.operations)
