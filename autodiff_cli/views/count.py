"""Operations of formulas beside each other: a table, and what its columns count."""

from __future__ import annotations

from typing import Any

from autodiff_cli.answers.count import Row, Tally
from autodiff_cli.formats.format import Format
from autodiff_cli.formats.grid import Grid
from autodiff_cli.graph.printer import expression
from autodiff_cli.views.head import equation

#: Nodes up to which a formula is a heading of its row.
SHORT = 30

MEANING = (
    "value: operations of the formula's graph; forward, reverse: of the value and the gradient "
    "by each mode; SymPy: of the derivatives by calculus, as written and with common parts shared"
)


def write(out: Format, tally: Tally) -> None:
    """Write the table, and why SymPy's column ends where it does."""
    if tally.iterated:
        graph = tally.rows[0].graph
        out.paragraph(*equation(graph, out.signs, graph.called))
        out.paragraph(
            f"row n has {graph.called} applied n times, each result put in for {tally.iterated}"
        )
        out.line()
    head = ("n",) if tally.iterated else ("formula",)
    headings = (*head, "value", "forward", "reverse", "SymPy", "shared")
    left = frozenset() if tally.iterated else frozenset((0,))
    out.table(Grid(headings, tuple(_cells(out, row, tally) for row in tally.rows), left))
    out.line()
    out.paragraph(MEANING, hanging=0)
    skipped = [(place, row) for place, row in enumerate(tally.rows) if row.symbolic.reason]
    told: set[str] = set()
    for place, row in skipped:
        if row.symbolic.reason not in told:
            told.add(row.symbolic.reason)
            name = f"n = {row.times}" if tally.iterated else f"row {place + 1}"
            out.paragraph(f"note (skipped): SymPy from {name} on: {row.symbolic.reason}")


def _cells(out: Format, row: Row, tally: Tally) -> tuple[str, ...]:
    if tally.iterated:
        name = str(row.times)
    elif len(row.graph) > SHORT:
        name = f"{len(row.graph) - len(row.graph.variables):,} operations and constants"
    else:
        text = expression(row.graph, row.graph.outputs[0], out.signs.notation)
        title = row.graph.called if row.graph.titles else ""
        title = f"{out.signs.name(title)} = " if title else ""
        name = out.signs.formula(f"{title}{out.signs.brief(text)}")
    found = row.counts
    numbers = (found.value, found.forward, found.reverse, *(row.symbolic.counts or ()))
    cells = [f"{number:,}" for number in numbers]
    return (name, *cells, *["" for _ in range(5 - len(cells))])


def payload(report: Tally) -> dict[str, Any]:
    """Return `autodiff.count/1`."""
    return {
        "schema": "autodiff.count/1",
        "iterated": report.iterated or None,
        "rows": [
            {
                "expression": row.expression,
                "times": row.times,
                "value": row.counts.value,
                "forward": row.counts.forward,
                "reverse": row.counts.reverse,
                "symbolic": row.symbolic.counts,
                "reason": row.symbolic.reason or None,
            }
            for row in report.rows
        ],
    }
