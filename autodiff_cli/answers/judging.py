"""SymPy set beside a value and its derivatives, point by point: one judging for every command."""

from __future__ import annotations

import math
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from copy import copy
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from autodiff_cli.answers.gradient import GradResult
from autodiff_cli.engine.brief import brief
from autodiff_cli.engine.linearise import Value
from autodiff_cli.engine.point import points
from autodiff_cli.errors import shortened
from autodiff_cli.graph.graph import Graph
from autodiff_cli.graph.printer import expression
from autodiff_cli.notes.departures import marks
from autodiff_cli.notes.note import AT_FAULT, Note
from autodiff_cli.symbolic.question import (
    Again,
    Derivative,
    Form,
    Found,
    Symbolic,
    Values,
    derive,
    shorter,
)
from autodiff_cli.symbolic.verdict import (
    NO_NUMBER,
    Judgement,
    Verdict,
    has_none,
    is_number,
    judge,
    kept,
    number_or_word,
    subtract,
    worst,
)

if TYPE_CHECKING:
    from autodiff_cli.symbolic.client import Client

#: Points up to which SymPy is asked by default: each has its own verdict.
MOST_POINTS = 10_000

#: Derivatives of which each has a note on the digits that float64 loses.
MOST_NOTES = 4

#: Derivatives that are given in a shorter form too, and CPU seconds for all that without asking.
MOST_FORMS, FORM_SECONDS = 20, 0.5

#: Characters of a derivative that is given in a shorter form too.
LONGEST_FORM = 1000

#: Variables that a derivative is taken by, one after the other.
Path = tuple[str, ...]


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


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Judged:
    """What SymPy says of a value and its derivatives.

    Attributes:
        symbolic: SymPy's answer.
        value: its side of the value, or None where it was skipped.
        rows: its side of each derivative; empty where it was skipped.
        verdict: the worst of them all.
        notes: SymPy's remarks, which digits float64 lost, or why SymPy was skipped.
    """

    symbolic: Symbolic
    value: SymbolicRow | None
    rows: Mapping[Path, SymbolicRow]
    verdict: Verdict
    notes: tuple[Note, ...]

    __repr__ = brief


def judged(
    result: GradResult[Any],
    derivatives: Mapping[Path, Value],
    client: Client | None,
    seconds: float,
    *,
    direction: Mapping[str, float] | None = None,
    count: bool = False,
    exact: bool = False,
    labelled: bool = True,
    series: bool = False,
    broken: Mapping[Path, Sequence[bool]] | None = None,
) -> Judged:
    """Ask SymPy about a value and its derivatives, and judge each at each point.

    Args:
        result: autodiff's value, and what it was found by.
        derivatives: each derivative that autodiff found; a gradient's are paths of one name.
        client: SymPy's process; None where SymPy is not wanted.
        seconds: how long SymPy may think.
        direction: what the derivatives were further differentiated along, or None.
        count: ask for the number of operations in SymPy's derivatives too.
        exact: ask for 30 digits at very many points too.
        labelled: name nodes by their labels, and derivatives by their variables; else, beside
            other formulas, nodes by their text, and derivatives with their function.
        series: the derivatives were found by series, in order of their orders.
        broken: derivative → for each point whether it has two sides, though no node is at a kink.
    """
    at = points(result.at)
    reason = unasked(client, seconds, len(at))
    first = direction is None and all(len(path) == 1 for path in derivatives)
    symbolic = Symbolic({}, reason=reason)
    if not derivatives:
        verdict = without_derivatives(result)
        return Judged(symbolic=Symbolic({}), value=None, rows={}, verdict=verdict, notes=())
    if client is not None and not reason:
        numbers = {path: _list(value, len(at)) for path, value in derivatives.items()}
        symbolic = derive(
            client, result.graph, at, [path[0] for path in derivatives] if first else (), seconds,
            count=count, exact=exact, direction=direction,
            repeated=() if first else tuple(derivatives), orders=series,
            found=Found(
                _list(result.value, len(at)),
                {path[0]: row for path, row in numbers.items()} if first else {},
                () if first else tuple(numbers.values()),
            ),
        )  # fmt: skip
    notes = [Note(None, "symbolic", remark) for remark in symbolic.remarks]
    if symbolic.skipped:
        notes.append(Note(None, "skipped", f"symbolic side skipped: {symbolic.reason}"))
        return Judged(symbolic=symbolic, value=None, rows={}, verdict="skipped", notes=tuple(notes))
    of = "" if labelled else result.graph.called
    bench = Bench(result, at, symbolic.value, labelled=labelled)
    value = bench.row(result.value, symbolic.value, derivative=False)
    lost = bench.rounded(result.graph.called, result.value, symbolic.value, value)
    untold = bench.untold(result.graph.called, symbolic.value, value)
    missing = bench.missing(result.graph.called, result.value, symbolic.value, value)
    rows = {}
    for path, found in derivatives.items():
        formula = symbolic.derivatives[path[0]] if first else symbolic.repeated[path]
        torn = bench.broken((broken or {}).get(path, ()))
        rows[path] = torn.row(found, formula, derivative=True)
        what = said(path, direction, of)
        lost += bench.rounded(what, found, formula, rows[path])
        untold += bench.untold(what, formula, rows[path])
        missing += bench.missing(what, found, formula, rows[path])
    notes += missing[:1]
    notes += untold[:1]
    notes += lost[:MOST_NOTES]
    if len(lost) > MOST_NOTES:
        text = f"float64 loses digits of {len(lost) - MOST_NOTES} more derivatives likewise"
        notes.append(Note(None, "rounding", text))
    notes += _beyond(rows, symbolic, result.notes, direction, of)
    verdict = worst([value.verdict, *[row.verdict for row in rows.values()]])
    texts = {path: row.derivative for path, row in rows.items()}
    forms = tidied_up(client, result.graph, texts, seconds, direction)
    rows |= {path: replace(rows[path], shorter=form) for path, form in forms.items()}
    return Judged(
        symbolic=symbolic, value=value, rows=rows, verdict=verdict, notes=tuple(notes)
    )  # fmt: skip


def tidied_up(
    client: Client | None,
    graph: Graph,
    texts: Mapping[Path, str],
    seconds: float,
    direction: Mapping[str, float] | None = None,
) -> Mapping[Path, Form]:
    """Return path → a shorter form of SymPy's derivative, for those that have one.

    Args:
        client: SymPy's process, or None.
        graph: what was differentiated.
        texts: SymPy's derivatives; "" where there is none.
        seconds: how long SymPy may think; unless it is asked for all means, it is given little.
        direction: what they were further differentiated along, or None.
    """
    if client is None or client.simplify == "off":
        return {}
    short = [path for path, text in texts.items() if 0 < len(text) <= LONGEST_FORM]
    asked = short[:MOST_FORMS]
    least = seconds if client.simplify == "full" else min(seconds, FORM_SECONDS)
    return shorter(client, graph, asked, least, direction=direction)


def _beyond(
    rows: Mapping[Path, SymbolicRow],
    symbolic: Symbolic,
    notes: Sequence[Note],
    direction: Mapping[str, float] | None,
    of: str,
) -> Iterator[Note]:
    """Say which derivatives overflow, where no node does."""
    if any(note.kind == "overflow" for note in notes):
        return
    for path, row in rows.items():
        if "overflow" in row.verdicts:
            formula = symbolic.repeated.get(path) or symbolic.derivatives[path[0]]
            number = formula.values[row.verdicts.index("overflow")]
            text = f"{said(path, direction, of)} is beyond the range of float64: SymPy has {number}"
            yield Note(None, "overflow", text)


def said(path: Path, direction: Mapping[str, float] | None = None, of: str = "") -> str:
    """Return what a derivative is called in a sentence; of one of several functions, with whose."""
    owner = f" of {of}" if of else ""
    if direction is not None:
        along = f"the derivative{owner} along the direction"
        return f"the component of {path[0]}" if path else along
    if len(path) > 2 and len(set(path)) == 1:
        return f"the derivative{owner} of order {len(path)} by {path[0]}"
    return f"the derivative{owner} by {', then '.join(path)}"


def without_derivatives(result: GradResult[Any]) -> Verdict:
    """Return the verdict on a value that has no derivatives; of many, the gravest."""
    values = _list(result.value, 1)
    if all(map(math.isfinite, values)):
        return "match"
    _, overflow = marks(result.linearisation, result.adjoints)
    over = _list(overflow, len(values))
    pairs = zip(values, over, strict=True)
    return worst("overflow" if o else "undefined" for v, o in pairs if not math.isfinite(v))


def unasked(client: Client | None, seconds: float, count: int = sys.maxsize) -> str:
    """Return why SymPy is not asked about `count` points, or ""; very many by default."""
    if client is None:
        return "SymPy was not asked (--no-sympy)"
    if not seconds:
        return "it was given no time (--sympy-seconds 0)"
    return f"there are more than {MOST_POINTS:,} points" if count > MOST_POINTS else ""


def not_finite(
    derivatives: Mapping[Path, Value],
    notes: Sequence[Note],
    rows: Mapping[Path, SymbolicRow],
    direction: Mapping[str, float] | None = None,
    of: str = "",
) -> Iterator[Note]:
    """Say which derivatives have no finite value, where no note of the answer says why.

    Args:
        derivatives: each derivative that autodiff found.
        notes: those of the answer.
        rows: SymPy's side of them; empty where it was skipped.
        direction: what they were further differentiated along, or None.
        of: what the formula is called, beside others.
    """
    if any(note.kind in AT_FAULT and note.kind not in ("kink", "jump") for note in notes):
        return
    for path, value in derivatives.items():
        if type(value) is float and math.isfinite(value):
            continue
        numbers = _list(value, 1)
        strange = [number for number in numbers if not math.isfinite(number)]
        row = rows.get(path)
        if row is not None and row.verdict in ("overflow", "rounding"):
            continue  # there is a finite number, and a note that says why float64 has none
        if strange:
            where = f" at {len(strange)} of {len(numbers)} points" if len(numbers) > 1 else ""
            why = "a slope on the way to it has no finite value"
            if row is None:
                why += ", or none that float64 can hold"
            elif len(path) > 1 or direction:
                why = "the derivative before it has no finite slope"
            text = f"{said(path, direction, of)} is {strange[0]}{where}: {why}"
            yield Note(None, "infinite-slope", text)


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
        self.values = _list(result.value, count)
        self.kink, self.overflow = _list(kink, count), _list(overflow, count)
        self.labelled = labelled
        self.exactly = exactly  # cot(pi) is a pole, and a number once pi is a float

    def of(self, value: Value) -> Bench:
        """Return the same for another node, whose value this is."""
        other = copy(self)
        other.values = _list(value, len(self.values))
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
            for k, number in enumerate(_list(found, len(self.values)))
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
        if found.verdict == "match" and derivative and proved == "huge":
            # Which side of a jump the value is on is not told: the slopes may be another piece's.
            found = found._replace(verdict="skipped")
        return found._replace(difference=subtract(number, formula.values[k]))

    def untold(self, what: str, formula: Values | Derivative, row: SymbolicRow) -> list[Note]:
        """Say why there is no verdict on a number that SymPy has, at the first such point."""
        for k, verdict in enumerate(row.verdicts):
            again = formula.again.get(k)
            if verdict != "skipped" or (formula.values[k] != "huge" and again is None):
                continue
            if formula.values[k] in NO_NUMBER:
                why = "SymPy's formula has no number there"
            elif again is None:
                why = "a number on the way to SymPy's is beyond computing"
            else:
                why = "a step stands so near 0 or its jump that no number of digits tells its side"
            text = f"no verdict on {what}: {why}"
            return [Note(None, "skipped", text)]
        return []

    def missing(
        self, what: str, found: Value, formula: Values | Derivative, row: SymbolicRow
    ) -> list[Note]:
        """Say where calculus has no number and rounding gave autodiff one, at the first point."""
        numbers = _list(found, len(row.verdicts))
        for k, verdict in enumerate(row.verdicts):
            look = formula.again.get(k)
            if verdict != "undefined" or look is None or not math.isfinite(numbers[k]):
                continue
            label, place = self._place(look)
            text = (
                f"{what} has no finite value where nothing is rounded: there is none "
                f"{place or 'on the way'}"
            )
            return [Note(label, "domain", text)]
        return []

    def _place(self, look: Again) -> tuple[str | None, str]:
        """Return the label of a node that a second look found, and how a sentence calls it."""
        if look.node is not None:
            label = self.graph.named().get(look.node) if self.labelled else None
            return label, f"in {label or shortened(expression(self.graph, look.node))}"
        return None, f"in {look.text}, a part of the derivative" if look.text else ""

    def rounded(
        self, what: str, found: Value, formula: Values | Derivative, row: SymbolicRow
    ) -> list[Note]:
        """Say how many digits float64 keeps of a number, at the worst point, and where they go."""
        there = [k for k, verdict in enumerate(row.verdicts) if verdict == "rounding"]
        if not there:
            return []
        numbers = _list(found, len(row.verdicts))
        digits: Callable[[int], int] = lambda k: kept(numbers[k], str(formula.values[k]))  # noqa: E731
        k = min(there, key=digits)
        look = formula.again[k]
        left = digits(k)
        many = f"{left} digit{'s' if left > 1 else ''}" if left else "no digit"
        where = f" (at {len(there)} of {len(numbers)} points, first the point number " \
            f"{there[0] + 1})" if len(numbers) > 1 else ""  # fmt: skip
        label, place = self._place(look) if look is not None else (None, "")
        text = (
            f"float64 keeps {many} of {what}{where}; {'the others' if left else 'they'} are lost "
            f"{place or 'on the way'}. With more digits the same steps give SymPy's number"
        )
        return [Note(label, "rounding", text)]


def _list(value: Any, count: int) -> list[Any]:
    """Return a number for each of the points."""
    if hasattr(value, "shape") and value.shape:
        numbers: list[Any] = value.ravel().tolist()
        return numbers
    return [value.item() if hasattr(value, "item") else value] * count
