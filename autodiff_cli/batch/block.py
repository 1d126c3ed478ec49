"""One block of a big file: its rows with the answer beside them, and what is kept of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from autodiff_cli.answers.drawn import Draw, drawn
from autodiff_cli.answers.gradient import Mode, grad_of_block
from autodiff_cli.answers.paths import Path
from autodiff_cli.batch.summary import Column, Summary, described, summarised
from autodiff_cli.compiled import Backend
from autodiff_cli.engine.linearise import Value
from autodiff_cli.files.rows import VALUE, Rows, rows, slope
from autodiff_cli.files.table import Data
from autodiff_cli.language.parser import Reading
from autodiff_cli.notes.counting import Place


@dataclass(frozen=True, slots=True, kw_only=True)
class Work:
    """What is done at every row of a file.

    Attributes:
        reading: the formula as read.
        at: variable → number, for those that are no column of the file.
        wrt: the variables to differentiate with respect to.
        mode: the sweep to use.
        shown: rows that the screen shows of all.
        backend: what computes them.
        seed: what the rows that SymPy is asked about are drawn by; None where it is not.
        described: whether extremes and sums of the results are kept.
    """

    reading: Reading
    at: Mapping[str, float]
    wrt: tuple[str, ...]
    mode: Mode
    shown: int
    backend: Backend = "numpy"
    seed: int | None = None
    described: bool = False

    def __call__(
        self, block: Data, start: Place, before: Summary | None = None
    ) -> tuple[Rows, Summary]:
        """Return `differentiated`."""
        return differentiated(self, block, start, None if before is None else before.draw)


def read(variables: tuple[str, ...], given: Mapping[str, float], block: Data) -> dict[str, Value]:
    """Return the numbers of the columns that are variables.

    Args:
        variables: those of a formula.
        given: those of them that have a number beside the data.
        block: the rows.

    Raises:
        AutodiffError: a cell is no number.
    """
    places = {name: place for place, name in enumerate(block.names)}
    return {
        name: block.array(places[name])
        for name in variables
        if name in places and name not in given
    }


def differentiated(
    work: Work, block: Data, start: Place, before: Draw | None = None
) -> tuple[Rows, Summary]:
    """Return the rows of a block with value and gradient, and what is kept of them.

    Args:
        work: what is done at every row.
        block: the rows.
        start: where the first of them stands among all.
        before: rows drawn already: what they rule out is not drawn.

    Raises:
        AutodiffError: a row is wrong.
    """
    point: dict[str, Value] = dict(work.at)
    point |= read(work.reading.graph.variables, work.at, block)
    result = grad_of_block(work.reading, point, mode=work.mode, wrt=work.wrt, backend=work.backend)
    written = rows(result.at, result.value, result.gradient, block)
    draw: Draw | None = None
    if work.seed is not None and work.wrt:
        slopes: dict[Path, Value] = {(name,): s for name, s in result.gradient.items()}
        draw = drawn(result, slopes, work.seed, start, before)
    columns: dict[str, Column] = {}
    if work.described:
        found = {VALUE: result.value} | {slope(x): dx for x, dx in result.gradient.items()}
        columns = {header: described(numbers, start, block) for header, numbers in found.items()}
    return written, summarised(result, work.mode, work.shown, start, columns, draw)
