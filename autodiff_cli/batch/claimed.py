"""One block of a data set for `compare`: claimed derivatives at every row, and the worst rows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal, NamedTuple

from autodiff_cli.answers.gradient import grad_of_block
from autodiff_cli.batch.block import read
from autodiff_cli.batch.summary import LEAST, Row, Summary, Worst, described, summarised
from autodiff_cli.engine.linearise import Value
from autodiff_cli.files.rows import VALUE, Rows, rows_with, slope
from autodiff_cli.files.table import Data
from autodiff_cli.language.parser import Reading
from autodiff_cli.methods.claim import RELATIVE, at_a_point
from autodiff_cli.notes.counting import Place

#: Of all rows at which a claim is off, these many are judged one by one: the worst, and others that
#: a hash of their places takes. Near a zero of a derivative rounding makes the worst.
WORST, TAKEN = 20, 80

#: What is kept of those others.
OTHERS = " (others)"


class Formula(NamedTuple):
    """A claimed derivative.

    Attributes:
        name: the variable.
        text: the claim as typed, or as SymPy has it.
        reading: the claim as read.
        mine: whether it is the user's, and not SymPy's.
    """

    name: str
    text: str
    reading: Reading
    mine: bool

    @property
    def header(self) -> str:
        """The name of its column; no variable has one with a space."""
        return f"{slope(self.name)} {'claimed' if self.mine else 'by SymPy'}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Claimed:
    """What is done at every row of a data set.

    Attributes:
        reading: the formula as read.
        at: variable → number, for those that are no column of the data.
        wrt: the variables to differentiate with respect to.
        claims: what is held against autodiff's derivatives.
    """

    reading: Reading
    at: Mapping[str, float]
    wrt: tuple[str, ...]
    claims: tuple[Formula, ...]

    def __call__(
        self, block: Data, start: Place, before: Summary | None = None
    ) -> tuple[Rows, Summary]:
        """Return the rows of a block with both derivatives, and what is kept of them.

        Raises:
            AutodiffError: a row is wrong.
        """
        import numpy

        graph = self.reading.graph
        values: dict[str, Value] = {**self.at, **read(graph.variables, self.at, block)}
        result = grad_of_block(self.reading, values, mode="reverse", wrt=self.wrt)
        found = {VALUE: result.value} | {slope(x): dx for x, dx in result.gradient.items()}
        worst: dict[str, Worst] = {}
        for claim in self.claims:
            at = {name: result.at[name] for name in claim.reading.graph.variables}
            claimed = numpy.broadcast_to(_value(claim.reading, at), block.count)
            header = claim.header
            found[header] = numpy.array(claimed, dtype=float)
            numbers = claimed, result.gradient[claim.name]
            points = list(result.at.values())
            worst[header], worst[header + OTHERS] = _worst(numbers, points, block, start)
        summary = summarised(result, "reverse", LEAST, start)
        columns = {header: described(numbers, start, block) for header, numbers in found.items()}
        return rows_with(result.at, found, block), replace(summary, columns=columns, worst=worst)


def _value(reading: Reading, at: Mapping[str, Value]) -> Any:
    return grad_of_block(reading, at, mode="reverse", wrt=()).value


def off(claimed: Any, found: Any) -> Any:
    """Return how far numbers are apart, as a share of the larger; 0 where neither can be told.

    Two nans, or two of one infinity, are not apart; a number and none are infinitely.
    """
    import numpy

    with numpy.errstate(all="ignore"):
        share = numpy.abs(claimed - found) / numpy.maximum(numpy.abs(claimed), numpy.abs(found))
    share = numpy.where(numpy.isnan(share), numpy.inf, share)
    return numpy.where((claimed == found) | numpy.isnan(found), 0.0, share)


def _worst(
    numbers: tuple[Any, Any], at: Sequence[Any], block: Data, start: Place
) -> tuple[Worst, Worst]:
    """Return the rows at which two numbers are further apart than rounding: the worst, others."""
    import numpy

    share = off(*numbers)
    beyond = numpy.flatnonzero(share > RELATIVE)
    shares, hashed = -share[beyond], _hashed(start, beyond)

    def kept(keys: Any, most: int) -> Worst:
        order = numpy.argsort(keys, kind="stable")[:most]
        rows = [
            Row(
                key=float(keys[place]),
                place=Place(start.piece, start.row + row),
                row=block.where(row),
                at=tuple(float(column[row]) for column in at),
                numbers=(float(numbers[0][row]), float(numbers[1][row])),
            )
            for place, row in zip(order.tolist(), beyond[order].tolist(), strict=True)
        ]
        return Worst(most=most, beyond=len(beyond), rows=tuple(rows))

    return kept(shares, WORST), kept(hashed, TAKEN)


def _hashed(start: Place, rows: Any) -> Any:
    """Return for each row a number from 0 to 1 that its place alone decides: SplitMix64."""
    import numpy

    places = rows.astype(numpy.uint64) + numpy.uint64(start.row)
    with numpy.errstate(over="ignore"):
        x = places + numpy.uint64(start.piece) * numpy.uint64(0x9E3779B97F4A7C15)
        x = (x ^ (x >> numpy.uint64(30))) * numpy.uint64(0xBF58476D1CE4E5B9)
        x = (x ^ (x >> numpy.uint64(27))) * numpy.uint64(0x94D049BB133111EB)
        x ^= x >> numpy.uint64(31)
    return x / 2.0**64


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """How a claim stands on all rows.

    Attributes:
        claim: the claim.
        beyond: at how many rows it is further from autodiff's number than rounding of one step.
        judged: how many of them were judged one by one.
        wrong: those of them at which it is wrong, the worst first.
        off: those that are furthest apart.
    """

    claim: Formula
    beyond: int
    judged: int
    wrong: tuple[Row, ...]
    off: tuple[Row, ...]

    @property
    def outcome(self) -> Literal["agrees", "rounding", "WRONG"]:
        """How it stands: wrong at one row is wrong."""
        if self.wrong:
            return "WRONG"
        return "rounding" if self.beyond else "agrees"


def held(work: Claimed, kept: Summary) -> tuple[Held, ...]:
    """Judge claims at the rows where they are off, by rounding or because they are wrong.

    Args:
        work: what was done at each row.
        kept: what is kept of all rows.
    """
    found = []
    for claim in work.claims:
        worst, others = kept.worst[claim.header], kept.worst[claim.header + OTHERS]
        rows = {row.place: row for row in (*others.rows, *worst.rows)}
        graph = work.reading.graph
        wrong = [
            row
            for row in rows.values()
            if at_a_point(
                graph, claim.reading.graph, claim.name,
                dict(zip(graph.variables, row.at, strict=True)),
            ).agrees
            is False
        ]  # fmt: skip
        found.append(
            Held(
                claim=claim,
                beyond=worst.beyond,
                judged=len(rows),
                wrong=tuple(sorted(wrong, key=lambda row: (-float(off(*row.numbers)), row.place))),
                off=worst.rows,
            )
        )
    return tuple(found)
