"""`check`: every line of a hand-written trace or derivation, against the truth and against itself.

A line that is wrong only because of an earlier one follows; only where a chain first goes wrong is
a slip looked for. Nothing is asked of SymPy: what is equal is told by numbers at sampled points.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from autodiff_cli.answers.reading import reading_of
from autodiff_cli.engine import arrays, point
from autodiff_cli.engine.brief import brief
from autodiff_cli.errors import AutodiffError
from autodiff_cli.graph.graph import Graph
from autodiff_cli.language.parser import Reading
from autodiff_cli.teach.begun import Begun, begun_by, is_number
from autodiff_cli.teach.binding import near
from autodiff_cli.teach.blame import Blame, plain
from autodiff_cli.teach.handwriting import Statement
from autodiff_cli.teach.neighbourhood import points_to_tell
from autodiff_cli.teach.prime import differentiated_by
from autodiff_cli.teach.quantity import DIRECTION, Quantity
from autodiff_cli.teach.reckoning import WORST, Judged, Reckoning, Status
from autodiff_cli.teach.slips import Finding
from autodiff_cli.teach.successive import Successive
from autodiff_cli.teach.typed import Typed, typed

#: Operations of a formula that is worked by hand.
MOST = 120

#: Statements that are looked at ahead, to see what a name is used for.
AHEAD = 60


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One line and how it stands.

    Attributes:
        line: its number in the file, from 1.
        text: as it was written.
        status: right; follows, which is right given an earlier slip; wrong; rounded, too early;
            unreadable.
        right: where it is wrong or rounded, what is right: a number, a formula, or a line's text.
        slips: the usual slips that give it, the commonest first.
        off: of a rounded number, how far it is off, as a share.
        tainted: whether what it is made of was wrong already; then no slip is looked for.
    """

    line: int
    text: str
    status: Status
    right: str | float | Graph | None = None
    slips: tuple[Finding, ...] = ()
    off: float | None = None
    tainted: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Accident:
    """Where the end is right although a line is not: at another point it is wrong.

    Attributes:
        at: the other point.
        yours, right: what the student's lines give there, and what is right.
    """

    at: Mapping[str, float]
    yours: float
    right: float


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Audit:
    """A sheet, marked.

    Attributes:
        graph: the formula.
        at: the point; empty where there is none.
        lines: the lines that state something.
        accidental: where the end is right by accident, another point; else None.
        expression: the formula as typed.
    """

    graph: Graph
    at: Mapping[str, float]
    lines: tuple[Line, ...]
    accidental: Accident | None
    expression: str = ""

    __repr__ = brief

    @property
    def first_wrong(self) -> int | None:
        """The number of the first line that is wrong, or rounded too early."""
        wrong = [one.line for one in self.lines if one.status in ("wrong", "rounded")]
        return min(wrong, default=None)


def audit(begun: Begun, reading: Reading, at: Mapping[str, float]) -> Audit:
    """Mark a sheet.

    Args:
        begun: the sheet.
        reading: the formula.
        at: the point; empty where there is none.

    Raises:
        AutodiffError: the formula has several results, or is too long.
    """
    graph = reading.graph
    if len(graph.outputs) != 1:
        raise AutodiffError("a sheet is about one formula", mend="check each by itself")
    if len(graph) - len(graph.variables) > MOST:
        message = f"the formula has more than {MOST} operations"
        raise AutodiffError(message, mend="check a part of it")
    reckoning = Reckoning(graph, points_to_tell(graph, at), given=bool(at))
    with arrays.quiet():
        return _marked(begun, reckoning, at)


def _marked(begun: Begun, reckoning: Reckoning, at: Mapping[str, float]) -> Audit:
    """Judge the statements in their order, and return the lines in theirs."""
    reckoning.names.by = differentiated_by(begun, reckoning.graph, at)
    marks: dict[int, list[Line]] = {}
    ends: list[tuple[Quantity, Judged]] = []
    others: dict[tuple[float, ...], Reckoning] = {}
    successive = Successive(reckoning.graph, at, reckoning.names)
    for place, one in enumerate(begun.rest):
        reckoning.ahead = begun.rest[place + 1 :][:AHEAD]
        if (higher := successive.judged(one)) is not None:
            marks.setdefault(one.line, []).append(_line(*higher, begun.lines))
            continue
        if one.at and not _here(one.at, at, reckoning.graph):
            if one.at not in others:
                others[one.at] = _elsewhere(reckoning, one.at, begun.rest[:place])
            there = others[one.at]
            marks.setdefault(one.line, []).append(_line(there, there.judged(one), one, begun.lines))
            continue
        if _seed(reckoning, one):
            continue
        judged = reckoning.judged(one)
        successive.take(reckoning, one, judged)
        marks.setdefault(one.line, []).append(_line(reckoning, judged, one, begun.lines))
        if judged.quantity is not None:
            ends.append((judged.quantity, judged))
    lines = tuple(
        min(several, key=lambda one: WORST.index(one.status))
        for _, several in sorted(marks.items())
    )
    report = Audit(
        graph=reckoning.graph, at=dict(at), lines=lines, accidental=None, expression=begun.formula
    )  # fmt: skip
    if report.first_wrong is None or not ends or not at:
        return report
    return replace(report, accidental=_accident(reckoning, *ends[-1]))


def check(
    text: str, expression: Graph | str | None = None, at: Mapping[str, float] | None = None
) -> Audit:
    """Mark a hand-written trace or derivation, line by line.

    Args:
        text: the lines of a student's work.
        expression: the formula; where it is left out, the first line has it.
        at: the point; where it is left out, lines such as x = 4 have it, or there is none.

    Raises:
        AutodiffError: there is no formula, or a value or name is wrong.
    """
    formula = None if expression is None else str(expression)
    begun = begun_by(text, formula)
    given: dict[str, Any] = {name: _value(value) for name, value in begun.values.items()}
    given |= at or {}
    reading = reading_of(begun.formula, given)
    return audit(begun, reading, point.bind(reading.graph, given) if given else {})


def _value(text: str) -> float:
    found = typed(text)
    assert isinstance(found, Typed)
    return found.value


def _here(said: tuple[float, ...], at: Mapping[str, float], graph: Graph) -> bool:
    """Tell whether a point of which something is said is the one that was asked about."""
    pairs = zip(graph.variables, said, strict=True)
    return bool(at) and all(math.isclose(at[name], value, abs_tol=1e-12) for name, value in pairs)


def _elsewhere(here: Reckoning, said: tuple[float, ...], before: Sequence[Statement]) -> Reckoning:
    """Return an account at another point, from the formulas that stand before a line."""
    at = dict(zip(here.graph.variables, said, strict=True))
    reckoning = Reckoning(here.graph, points_to_tell(here.graph, at), given=True)
    reckoning.names.by = here.names.by
    for one in before:
        formulas = tuple(side for side in one.sides if not is_number(side))
        if formulas and not one.at:
            reckoning.judged(replace(one, sides=formulas))
    return reckoning


def _seed(reckoning: Reckoning, one: Statement) -> bool:
    """Take a line such as dx = 1 for the direction, where several variables could move."""
    count = len(reckoning.graph.variables)
    if reckoning.names.by != DIRECTION:
        return False
    written = reckoning.names.target(one.left)
    if written is None or written.by != "" or count < 2:
        return False
    node = reckoning.names.node(written.of)
    if node is None or node >= count or not is_number(one.sides[-1]):
        return False
    for account in (reckoning.truth, reckoning.own, reckoning.typed):
        account.direction[node] = _value(one.sides[-1])
        account.change()
    return True


def _line(reckoning: Reckoning, judged: Judged, one: Statement, lines: Mapping[int, str]) -> Line:
    """Return a line with what is wrong in it."""
    right: str | float | Graph | None = None
    slips: tuple[Finding, ...] = ()
    if judged.status == "rounded" and judged.quantity is not None:
        right = float(reckoning.truth.quantity(judged.quantity)[0])
        slips = (plain("rounded-early", _rounded(judged.off)),)
    elif judged.status == "wrong":
        blame = Blame(reckoning, judged, one.left)
        slips = () if judged.tainted else blame.slips()
        right = blame.right()
        if isinstance(right, str) and "_m" not in lines[one.line]:
            right = re.sub(r"_m(?=\d\b)", "-", right)  # an input that the student calls v-1
    return Line(
        line=one.line,
        text=lines[one.line],
        status=judged.status,
        right=right,
        slips=slips,
        off=judged.off,
        tainted=judged.tainted,
    )


def _rounded(off: float | None) -> str:
    share = "" if off is None else f", and the result is {off:.1%} off"
    return f"it was computed on with a rounded number{share}: carry more digits, round at the end"


def _accident(reckoning: Reckoning, quantity: Quantity, last: Judged) -> Accident | None:
    """Return another point at which an end that is right here is wrong; None without one."""
    number = last.number
    truth = reckoning.truth.quantity(quantity)
    if number is None or not number.equals(float(truth[0])):
        return None
    own = reckoning.own
    for yours in (own.quantity(quantity), *own.expected(quantity)):
        if not near(yours, truth)[0]:
            continue
        for place in range(1, own.count):
            pair = float(yours[place]), float(truth[place])
            if all(map(math.isfinite, pair)) and not near(*pair):
                at = {name: float(row[place]) for name, row in reckoning.truth.at.items()}
                return Accident(at=at, yours=pair[0], right=pair[1])
    return None
