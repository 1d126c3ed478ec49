"""`autodiff functions`: the operation table as a student would read it."""

from __future__ import annotations

from typing import Annotated

import typer

from autodiff_cli.cli import options
from autodiff_cli.cli.session import Session
from autodiff_cli.engine.rules import formula
from autodiff_cli.errors import AutodiffError, nearest, shortened
from autodiff_cli.formats.grid import Grid
from autodiff_cli.formats.screen import Screen
from autodiff_cli.graph.printer import Notation, expression
from autodiff_cli.ops import FAMILIES, FUNCTIONS
from autodiff_cli.ops.row import COMPARISON, OPERANDS, Operation

Name = Annotated[list[str] | None, typer.Argument(metavar="[NAME]", help="One function, in full.")]


def functions(context: typer.Context, names: Name = None, as_json: options.Json = False) -> None:
    """List every function and operator: what it is, its derivative rule, its domain, its kinks.

    autodiff functions
    autodiff functions tanh
    """
    session: Session = context.obj
    rows = [row for family in FAMILIES.values() for row in family]
    if names:
        rows = [row for name in names for row in _named(name)]
    if as_json:
        from autodiff_cli.formats import json

        found = [_object(row) for row in rows]
        session.write(json.dumps({"schema": "autodiff.functions/1", "functions": found}), None)
        return
    screen = session.screen()
    if names:
        for row in rows:
            _full(screen, row)
        return
    screen.paragraph("a, b, c stand for the operands and y for the result of the operation.")
    for family, members in FAMILIES.items():
        screen.line()
        screen.line(family)
        shown = [row for row in members if row.precedence != COMPARISON]
        cells = tuple(
            (
                call(row),
                "\n".join(_rules(row, screen.alphabet.notation)),
                row.domain_text or row.domain or "all",
            )
            for row in shown
        )
        screen.table(Grid(("function", "derivative rule", "domain"), cells, frozenset((0, 1, 2))))
    screen.line()
    screen.paragraph("autodiff functions NAME shows one in full, with its kinks.")


#: What a loss of digits begins with, by its order.
_ORDERS = ("the value", "slopes", "second slopes")


def _named(name: str) -> list[Operation]:
    symbols = [r for rows in FAMILIES.values() for r in rows if name in (r.symbol, r.name)]
    found = [*FUNCTIONS.get(name, ())] or symbols
    if not found:
        close = nearest(name, list(FUNCTIONS))
        mend = f"did you mean {close}?" if close else "autodiff functions lists them"
        raise AutodiffError(f"there is no function '{shortened(name)}'", mend=mend)
    return found


def call(row: Operation) -> str:
    """Return how an operation is written over its operands: `a + b`, `sin(a)`."""
    operands = OPERANDS[: row.arity]
    if row.symbol:
        return f"{row.symbol}a" if row.arity == 1 else f"a {row.symbol} b"
    return f"{row.name}({', '.join(operands)})"


def _rules(row: Operation, notation: Notation) -> list[str]:
    """Return one line for each operand that has a rule."""
    if row.variadic:
        return [f"each term: {row.rules[0]}"]
    lines = []
    for name, text in zip(OPERANDS, row.rules, strict=False):
        if text:
            graph = formula(text)
            lines.append(f"by {name}: {expression(graph, graph.outputs[0], notation)}")
    return [lines[0].partition(": ")[2]] if row.arity == 1 and lines else lines


def _full(screen: Screen, row: Operation) -> None:
    screen.line(f"{call(row)}    {row.summary}")
    notation = screen.alphabet.notation
    for line in _rules(row, notation):
        screen.paragraph(f"  derivative     {line}", 17)
    if row.definition:
        screen.paragraph(f"  definition     {row.definition}", 17)
    if row.aliases:
        screen.line(f"  also           {', '.join(row.aliases)}")
    screen.paragraph(f"  domain         {row.domain_text or row.domain or 'every real number'}", 17)
    for kink in row.kinks:
        kind = kink.kind.replace("-", " ")
        screen.paragraph(f"  {kind:<15}{kink.text or kink.condition}: {kink.said()}", 17)
    for loss in row.losses:
        screen.paragraph(f"  fewer digits   of {_ORDERS[loss.order]}: {loss.text}", 17)
    screen.line()


def _object(row: Operation) -> dict[str, object]:
    return {
        "name": row.name,
        "call": call(row),
        "summary": row.summary,
        "aliases": list(row.aliases),
        "rules": list(row.rules),
        "definition": row.definition or None,
        "domain": row.domain or None,
        "kinks": [
            {
                "kind": kink.kind,
                "condition": kink.condition,
                "text": kink.text or kink.condition,
                "slope": kink.slope.format(a="a", b="b", c="c"),
                "others": kink.others or None,
            }
            for kink in row.kinks
        ],
        "losses": [{"order": loss.order, "text": loss.text} for loss in row.losses],
    }
