"""One block of a data set for `jacobian`, `hessian` and `hvp`: its rows with the derivatives."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from autodiff_cli.batch.block import read
from autodiff_cli.batch.summary import LEAST, Summary, described, ends
from autodiff_cli.engine import higher, point
from autodiff_cli.engine.linearise import Value, linearise
from autodiff_cli.files.rows import VALUE, Rows, rows_with, slope
from autodiff_cli.files.table import Data
from autodiff_cli.language.parser import Reading
from autodiff_cli.notes.counting import Place, counted


@dataclass(frozen=True, slots=True, kw_only=True)
class Further:
    """What is done at every row of a data set.

    Attributes:
        command: which derivatives are wanted.
        reading: the formula as read; for a Jacobian the formulas.
        at: variable → number, for those that are no column of the data.
        wrt: the variables to differentiate with respect to.
        direction: variable → component, of a product.
    """

    command: Literal["jacobian", "hessian", "hvp"]
    reading: Reading
    at: Mapping[str, float]
    wrt: tuple[str, ...]
    direction: Mapping[str, float] | None = None

    def __call__(
        self, block: Data, start: Place, before: Summary | None = None
    ) -> tuple[Rows, Summary]:
        """Return the rows of a block with the derivatives, and what is kept of them.

        Raises:
            AutodiffError: a row is wrong.
        """
        import numpy

        graph = self.reading.graph
        values = point.bind(graph, {**self.at, **read(graph.variables, self.at, block)})
        found = {
            header: numpy.array(numpy.broadcast_to(numbers, block.count), dtype=float)
            for header, numbers in self._found(values).items()
        }
        linearisation = linearise(graph, values, self.wrt)
        points = [*values.values(), *found.values()]
        summary = Summary(
            ends=ends(points, start, LEAST),
            departures=counted(linearisation, None, block.count, start),
            columns={header: described(numbers, start, block) for header, numbers in found.items()},
            verdict="skipped" if self.wrt else "match",
        )
        return rows_with(values, found, block), summary

    def _found(self, values: Mapping[str, Value]) -> dict[str, Any]:
        """Return header → numbers."""
        graph, names = self.reading.graph, self.wrt
        if self.command == "jacobian":
            matrix = higher.jacobian(graph, values, names)
            found: dict[str, Any] = {}
            for name, value, row in zip(graph.functions, matrix.values, matrix.rows, strict=True):
                found[f"{name}()"] = value
                found |= {f"d{name}/d{x}": row[x] for x in names}
            return found
        if self.command == "hvp":
            assert self.direction is not None
            gradient, product = higher.hvp(graph, values, self.direction, names)
            slopes = {slope(x): gradient[x] for x in names}
            return slopes | {f"Hv({x})": product[x] for x in names}
        second = higher.hessian(graph, values, names)
        found = {VALUE: second.value} | {slope(x): second.gradient[x] for x in names}
        for place, x in enumerate(names):
            found |= {f"d2f/d{x} d{y}": second.matrix[x][y] for y in names[place:]}
        return found
