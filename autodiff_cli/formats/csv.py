"""CSV: the tables of an answer with whole numbers and formulas as program text, RFC 4180."""

from __future__ import annotations

import csv
from collections.abc import Sequence

from autodiff_cli.formats.format import Format
from autodiff_cli.formats.grid import Grid
from autodiff_cli.formats.signs import Formula, Signs
from autodiff_cli.graph.printer import PROGRAM


class CsvSigns(Signs):
    """Signs of columns for other programs: tangents and adjoints are called so."""

    def tangent(self, label: str) -> Formula:
        """Return what tangents are called."""
        return Formula("tangent")

    def adjoint(self, label: str) -> Formula:
        """Return what adjoints are called."""
        return Formula("adjoint")

    def operator(self, by: str) -> Formula:
        """Return the heading of a column of partial derivatives."""
        return Formula(f"d/d{by}")


class Csv(Format):
    """Writes the tables of an answer, and nothing else; see `Format`.

    Further tables follow after an empty line.
    """

    DRAWS = False
    SIGNS = CsvSigns(notation=PROGRAM, plain=True, partial="d", times="*", ellipsis="...", mark="")

    _begun = False

    def line(self, *parts: str) -> None:
        """Leave out what is no table."""

    def paragraph(self, *parts: str, hanging: int = 2) -> None:
        """Leave out what is no table."""

    def figure(self, lines: Sequence[str]) -> None:
        """Leave out what is no table."""

    def fields(self, rows: Sequence[tuple[str, str]]) -> None:
        """Write two columns: what is described, and the description."""
        self.table(Grid(("field", "text"), tuple(rows)))

    def table(self, grid: Grid) -> None:
        """Write a header and the rows."""
        if self._begun:
            self.stream.write("\n")
        self._begun = True
        writer = csv.writer(self.stream, lineterminator="\n")
        writer.writerow(grid.headings)
        writer.writerows([cell.replace("\n", "; ") for cell in row] for row in grid.rows)
