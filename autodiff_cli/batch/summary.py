"""What is kept of an answer that comes in blocks: both ends, the departures' counts, the verdict.

So the memory does not grow with the file. Summaries of blocks that follow each other add up.
"""

from __future__ import annotations

from typing import Any

from autodiff_cli.answers.gradient import GradResult
from autodiff_cli.answers.judging import without_derivatives
from autodiff_cli.engine import reverse
from autodiff_cli.notes.counting import Count, calm
from autodiff_cli.symbolic.verdict import Verdict, worst

#: Points that are kept to be shown, if the screen does not show more.
LEAST = 12


class Ends:
    """The first and the last points of an answer, as columns: variables, value, derivatives.

    Args:
        result: the answer at the points of one block.
        most: how many are kept; a third of them from the end.
    """

    def __init__(self, result: GradResult[Any], most: int) -> None:
        import numpy

        self._first, self._last = most - most // 3, most // 3
        columns = [*result.at.values(), result.value, *result.gradient.values()]
        self._points = len(result.value)
        self._head = numpy.array([column[: self._first] for column in columns])
        start = max(self._first, self._points - self._last)
        self._tail = numpy.array([column[start:] for column in columns])

    def add(self, following: Ends) -> None:
        """Take the points that come next."""
        import numpy

        lead = self._first - self._head.shape[1]
        # Where the next ones do not fill a head, none is missing between their head and tail.
        rest = (self._tail, following._head[:, lead:], following._tail)
        self._head = numpy.hstack((self._head, following._head[:, :lead]))
        self._tail = numpy.hstack(rest)[:, -self._last :]
        self._points += following._points

    def columns(self) -> list[Any]:
        """Return the columns at the points kept, in the order they came."""
        import numpy

        return list(numpy.hstack((self._head, self._tail)))

    def between(self) -> int:
        """Return how many points stand between the first and the last ones."""
        return int(self._points - self._head.shape[1] - self._tail.shape[1])


class Summary:
    """What is kept of the answer at the points of one block.

    Args:
        result: the answer.
        mode: the sweep that it is from.
        shown: points that the screen shows.

    Attributes:
        ends: the first and the last points.
        departures: from plain calculus, counted.
        verdict: without SymPy, which is not asked at so many points.
    """

    def __init__(self, result: GradResult[Any], mode: str, shown: int) -> None:
        self.ends = Ends(result, max(shown, LEAST))
        self.departures = _counted(result, mode)
        self.verdict: Verdict = "skipped" if result.gradient else without_derivatives(result)

    def add(self, following: Summary) -> None:
        """Take what is kept of the points that come next."""
        self.ends.add(following.ends)
        self.departures.join(following.departures)
        self.verdict = worst((self.verdict, following.verdict))


def _counted(result: GradResult[Any], mode: str) -> Count:
    """Count the departures, with little work where there are none."""
    count, linearisation, size = Count(), result.linearisation, len(result.value)
    gradient = result.gradient if mode == "reverse" else reverse.gradient(linearisation)
    if calm(linearisation, gradient):
        count.skip(size)
    else:
        count.add(linearisation, result.adjoints, size)
    return count
