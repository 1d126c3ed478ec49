"""Sentences of exercises in the signs of a format."""

from __future__ import annotations

from collections.abc import Mapping

from autodiff_cli.formats.format import Format
from autodiff_cli.formats.grid import Grid
from autodiff_cli.formats.signs import Formula, Signs
from autodiff_cli.graph.printer import expression
from autodiff_cli.teach.prose import Joined, Mathematics, Prose, Sign, Written, joined
from autodiff_cli.teach.question import Table


def written(prose: Prose, signs: Signs) -> tuple[str, ...]:
    """Return the parts of a sentence, for a line or a paragraph of a format."""
    return tuple(part if isinstance(part, str) else mathematics(part, signs) for part in prose)


def cell(prose: Prose, signs: Signs) -> str:
    """Return a sentence for a cell of a table: mathematics where it is nothing else."""
    parts = written(prose, signs)
    return parts[0] if len(parts) == 1 else "".join(parts)


def grid(table: Table, signs: Signs) -> Grid:
    """Return a table of a question; its first two columns are words and formulas."""
    return Grid(
        tuple(cell(heading, signs) for heading in table.headings),
        tuple(tuple(cell(one, signs) for one in row) for row in table.rows),
        frozenset((0, 1)),
    )


def mathematics(part: Mathematics, signs: Signs) -> Formula:
    """Return a piece of mathematics."""
    if isinstance(part, Joined):
        between = signs.times if part.between == " * " else part.between
        return signs.formula(joined([mathematics(one, signs) for one in part.parts], between))
    return _formula(part, signs) if isinstance(part, Written) else _sign(part, signs)


def _formula(part: Written, signs: Signs) -> Formula:
    names: dict[int, str] = {}
    for node, (by, inside) in part.standing.items():
        names[node] = signs.standing(by, _formula(inside, signs), several=part.several)
    for node, label in part.labels.items():
        names[node] = signs.label(label) if isinstance(label, str) else signs.number(label)
    if part.node in part.standing:
        return signs.formula(names[part.node])
    return signs.formula(expression(part.graph, part.node, signs.notation, names))


def _sign(part: Sign, signs: Signs) -> Formula:
    if isinstance(part.of, float):
        return signs.number(part.of)
    if part.kind == "prime":
        return signs.formula(f"{signs.order(signs.name(part.of), 1)}({signs.name(part.by)})")
    if part.kind == "function":
        names = ", ".join(map(signs.name, part.by.split(", ")))
        return signs.formula(f"{signs.name(part.of)}({names})")
    if part.kind == "slope":
        return signs.slope(part.of, part.by)
    if part.kind == "local":
        return signs.local(part.of, part.by)
    simple: Mapping[str, Formula] = {
        "label": signs.label(part.of), "name": signs.name(part.of),
        "tangent": signs.tangent(part.of), "adjoint": signs.adjoint(part.of),
    }  # fmt: skip
    return simple[part.kind]


def write(out: Format, prose: Prose, *before: str, hanging: int = 2) -> None:
    """Write a sentence as a paragraph, after some words."""
    out.paragraph(*before, *written(prose, out.signs), hanging=hanging)
