"""SymPy set beside an answer: the differences, the verdicts, and the notes on both."""

from __future__ import annotations

import math
import sys
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from autodiff_cli.answers.beside import Answer, SymbolicRow
from autodiff_cli.answers.gradient import GradResult, points
from autodiff_cli.answers.trace import SymbolicNodes, Trace
from autodiff_cli.engine import forward, reverse
from autodiff_cli.engine.linearise import linearise
from autodiff_cli.engine.magnitude import magnitudes
from autodiff_cli.engine.rounding import spread
from autodiff_cli.notes.departures import Note, marks
from autodiff_cli.symbolic.question import Derivative, Symbolic, derive
from autodiff_cli.symbolic.verdict import Judgement, Verdict, judge, subtract, worst

if TYPE_CHECKING:
    from autodiff_cli.symbolic.client import Client

#: Points up to which SymPy is asked by default: each has its own verdict.
MOST_POINTS = 10_000

#: Points of many that are asked about again, alone, where the numbers differ.
DOUBTED = 20


def answered(
    expression: str,
    result: GradResult,
    given: Mapping[str, Any],
    mode: str,
    client: Client | None,
    seconds: float,
    *,
    count: bool = False,
    exact: bool = False,
) -> tuple[Answer, Symbolic]:
    """Ask SymPy and set its derivatives beside those of an answer.

    Args:
        expression: the text as typed.
        result: autodiff's answer.
        given: the point as typed: variable → float or list.
        mode: the sweep that was used.
        client: SymPy's process; None where SymPy is not wanted.
        seconds: how long SymPy may think.
        count: ask for the number of operations in SymPy's derivatives too.
        exact: ask for 30 digits at several points too.
    """
    symbolic = _ask(result, points(result.at), client, seconds, count=count, exact=exact)

    def alone(point: Mapping[str, float]) -> Symbolic:
        return _ask(result, [point], client, seconds)

    rows, rounding = _rows(result, symbolic, mode, alone)
    notes = [*result.notes, *rounding]
    notes += [Note(None, "symbolic", remark) for remark in symbolic.remarks]
    if symbolic.derivatives is None and result.gradient:
        notes.append(Note(None, "skipped", f"symbolic side skipped: {symbolic.reason}"))
    verdict = without_derivatives(result) if not result.gradient else "skipped"
    if rows:
        verdict = worst(row.verdict for row in rows.values())
    report = Answer(
        expression, result.graph, given, result.value, result.gradient, mode, rows, verdict,
        tuple(notes),
    )  # fmt: skip
    return report, symbolic


def without_derivatives(result: GradResult) -> Verdict:
    """Return the verdict on a value that has no derivatives; of many, the gravest."""
    value = result.value
    values = value.ravel().tolist() if hasattr(value, "shape") else [value]
    if any(map(math.isnan, values)):
        return "undefined"
    return "overflow" if any(map(math.isinf, values)) else "match"


def _ask(
    result: GradResult,
    at: Sequence[Mapping[str, float]],
    client: Client | None,
    seconds: float,
    *,
    count: bool = False,
    exact: bool = False,
) -> Symbolic:
    if not result.gradient:
        return Symbolic({})
    reason = unasked(client, seconds, len(at))
    if client is None or reason:
        return Symbolic(None, reason=reason)
    wrt = tuple(result.gradient)
    return derive(client, result.graph, at, wrt, seconds, count=count, exact=exact)


def unasked(client: Client | None, seconds: float, count: int = sys.maxsize) -> str:
    """Return why SymPy is not asked about `count` points, or ""; very many by default."""
    if client is None:
        return "SymPy was not asked (--no-sympy)"
    if not seconds:
        return "it was given no time (--sympy-seconds 0)"
    return f"there are more than {MOST_POINTS:,} points" if count > MOST_POINTS else ""


#: Asks SymPy about one point, to 30 digits.
Alone = Callable[[Mapping[str, float]], Symbolic]


def _rows(
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
            derivative.text,
            numbers[0] if single else numbers,
            differences[0] if single else differences,
            worst(verdicts),
            verdicts,
        )
        if any(judgement.rounding for judgement in found):
            text = (
                f"for {name}, the difference is rounding: autodiff's own answer moves as much "
                "when the point or a value changes in its last digits"
            )
            notes.append(Note(None, "rounding", text))
    return rows, notes


def number_or_word(value: str | None) -> float | str:
    """Return SymPy's number as a float, or its word where there is no real number."""
    if value is None:
        return "nan"
    return float(value) if value[-1].isdigit() else value


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


def error(value: float, digits: str | None) -> float | None:
    """Return a method's number minus SymPy's 30 digits, or None without both."""
    return subtract(value, digits)


def symbolic_nodes(client: Client, trace: Trace, seconds: float) -> Trace:
    """Return a trace with SymPy's derivative of every w_i and its value beside the tangents."""
    symbolic = derive(client, trace.graph, [dict(trace.at)], trace.wrt, seconds, nodes=True)
    if symbolic.derivatives is None:
        note = Note(None, "skipped", f"symbolic side skipped: {symbolic.reason}")
        return trace._replace(notes=(*trace.notes, note))
    labels = trace.graph.named()
    found = {
        labels[index]: {
            name: (row.text, number_or_word(row.values[0]), row.latex)
            for name, row in formulas.derivatives.items()
        }
        for index, formulas in symbolic.nodes.items()
        if index in labels
    }
    for label in labels.values():
        found.setdefault(label, {})
    remarks: Sequence[Note] = [Note(None, "symbolic", text) for text in symbolic.remarks]
    return trace._replace(symbolic=SymbolicNodes(trace.wrt, found), notes=(*trace.notes, *remarks))
