"""A file that is bigger than one block: differentiated and written block by block.

Of the answer only both ends and the counts of what departs from plain calculus are kept, so that
the memory does not grow with the file.
"""

from __future__ import annotations

import sys
from collections.abc import Mapping
from itertools import chain
from typing import Any

from autodiff_cli.answers.beside import Answer
from autodiff_cli.answers.gradient import GradResult, Mode
from autodiff_cli.answers.gradient import grad as differentiated
from autodiff_cli.answers.judging import without_derivatives
from autodiff_cli.batch.progress import progress
from autodiff_cli.cli.request import Request
from autodiff_cli.engine import reverse
from autodiff_cli.engine.linearise import Value
from autodiff_cli.files import writer
from autodiff_cli.files.replacing import replacing
from autodiff_cli.files.rows import rows
from autodiff_cli.notes.counting import Count, calm
from autodiff_cli.notes.note import Note
from autodiff_cli.symbolic.verdict import Verdict, worst

#: Rows that are kept to be shown, if the screen does not show more.
LEAST = 12


def streamed(asked: Request, mode: Mode, output: str, shown: int, reason: str) -> Answer:
    """Write the value and the gradient at every row of a big file, and return what to show.

    Args:
        asked: the formula, the first block of the file, and what reads the others.
        mode: the sweep to use.
        output: the file to write; it appears when all is done.
        shown: rows that the screen shows.
        reason: why SymPy is not asked.

    Raises:
        AutodiffError: a row of the file is wrong.
        OSError: a file cannot be read or written.
    """
    assert asked.data is not None
    assert asked.rest is not None
    count, ends = Count(), Ends(max(shown, LEAST))
    verdict: Verdict = "match"
    with (
        replacing(output) as stream,
        writer(output, stream) as table,
        progress(sys.stderr) as tell,
    ):
        for block in chain([asked.data], asked.rest):
            result = differentiated(asked.reading, asked.at_rows(block), mode=mode, wrt=asked.wrt)
            table.write(rows(result.at, result.value, result.gradient, block))
            _count(count, result, mode, block.count)
            ends.add(result)
            if not result.gradient:
                verdict = worst((verdict, without_derivatives(result)))
            tell(block.share, count.points)
    notes = [*asked.notes, *[Note(None, "reading", text) for text in asked.reading.remarks]]
    notes += count.notes()
    if result.gradient:
        verdict = "skipped"
        notes.append(Note(None, "skipped", f"symbolic side skipped: {reason}"))
    names = asked.graph.variables
    columns = ends.columns()
    kept = dict(zip(names, columns, strict=False))
    at = {
        name: kept[name].tolist() if isinstance(given, list) else given
        for name, given in asked.given.items()
    }
    value, *slopes = columns[len(names) :]
    return Answer(
        expression=asked.expression,
        graph=asked.graph,
        at=at,
        value=value,
        gradient=dict(zip(asked.wrt, slopes, strict=True)),
        mode=mode,
        symbolic=None,
        verdict=verdict,
        notes=tuple(notes),
        between=ends.between(),
    )


def _count(count: Count, result: GradResult, mode: Mode, size: int) -> None:
    """Count the departures of a block, with little work where there are none."""
    linearisation = result.linearisation
    gradient: Mapping[str, Value] = result.gradient
    if mode != "reverse":
        gradient = reverse.gradient(linearisation)
    if calm(linearisation, gradient):
        count.skip(size)
    else:
        count.add(linearisation, result.adjoints, size)


class Ends:
    """The first and the last points of an answer that comes in blocks.

    Args:
        most: how many are kept; a third of them from the end.
    """

    def __init__(self, most: int) -> None:
        self._first, self._last = most - most // 3, most // 3
        self._head: list[Any] = []  # columns by rows, a block each
        self._tail: Any = None
        self._points = self._begun = 0

    def add(self, result: GradResult) -> None:
        """Take the next points."""
        import numpy

        columns = [*result.at.values(), result.value, *result.gradient.values()]
        size = len(result.value)
        self._points += size
        lead = min(size, self._first - self._begun)
        if lead:
            self._head.append(numpy.array([column[:lead] for column in columns]))
            self._begun += lead
        end = numpy.array([column[max(lead, size - self._last) :] for column in columns])
        tail = end if self._tail is None else numpy.hstack((self._tail, end))
        self._tail = tail[:, -self._last :]

    def columns(self) -> list[Any]:
        """Return variables, value and derivatives at the points kept, in the order they came."""
        import numpy

        return list(numpy.hstack((*self._head, self._tail)))

    def between(self) -> int:
        """Return how many points stand between the first and the last ones."""
        return int(self._points - self._begun - self._tail.shape[1])
