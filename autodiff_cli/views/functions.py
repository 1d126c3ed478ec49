"""The operation table as a student reads it: what each is, its derivative, domain and kinks."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from autodiff_cli.engine.rules import formula
from autodiff_cli.formats.format import Format
from autodiff_cli.formats.grid import Grid
from autodiff_cli.formats.signs import Signs
from autodiff_cli.graph.printer import expression
from autodiff_cli.ops import FAMILIES
from autodiff_cli.ops.row import COMPARISON, OPERANDS, Operation

#: What a loss of digits begins with, by its order.
_ORDERS = ("the value", "slopes", "second slopes")


@dataclass(frozen=True, slots=True, kw_only=True)
class Catalogue:
    """Rows of the operation table.

    Attributes:
        rows: those that were asked for, or all.
        full: True where each is to be shown in full.
    """

    rows: Sequence[Operation]
    full: bool


def write(out: Format, report: Catalogue) -> None:
    """Write a table a family, or one function after the other in full."""
    if report.full:
        for row in report.rows:
            _full(out, row)
        return
    out.paragraph("a, b, c stand for the operands and y for the result of the operation.")
    for family, members in FAMILIES.items():
        out.line()
        out.line(family)
        shown = [row for row in members if row.precedence != COMPARISON]
        cells = tuple((call(row), _rules(row, out.signs), _domain(row) or "all") for row in shown)
        out.table(Grid(("function", "derivative rule", "domain"), cells, frozenset((0, 1, 2))))
    out.line()
    out.paragraph("autodiff functions NAME shows one in full, with its kinks.")


def call(row: Operation) -> str:
    """Return how an operation is written over its operands: `a + b`, `sin(a)`."""
    operands = OPERANDS[: row.arity]
    if row.symbol:
        return f"{row.symbol}a" if row.arity == 1 else f"a {row.symbol} b"
    return f"{row.name}({', '.join(operands)})"


def _domain(row: Operation) -> str:
    return row.domain_text or row.domain


def _rules(row: Operation, signs: Signs) -> str:
    """Return one line for each operand that has a rule."""
    if row.variadic:
        return f"each term: {row.rules[0]}"
    rules = []
    for name, text in zip(OPERANDS, row.rules, strict=False):
        if text:
            graph = formula(text)
            rule = expression(graph, graph.outputs[0], signs.notation)
            rules.append(rule if row.arity == 1 else f"{_by(name, signs)}{rule}")
    return signs.formula("\n".join(rules))


def _by(operand: str, signs: Signs) -> str:
    return rf"\text{{by }} {operand}: " if signs.notation.latex else f"by {operand}: "


def _full(out: Format, row: Operation) -> None:
    out.line(f"{call(row)}    {row.summary}")
    rules = _rules(row, out.signs)
    fields: list[tuple[str, str]] = [
        ("derivative", out.signs.formula(line)) for line in rules.split("\n") if line
    ]
    if row.definition:
        fields.append(("definition", row.definition))
    if row.aliases:
        fields.append(("also", ", ".join(row.aliases)))
    fields.append(("domain", _domain(row) or "every real number"))
    for kink in row.kinks:
        kind = kink.kind.replace("-", " ")
        fields.append((kind, f"{kink.text or kink.condition}: {kink.said()}"))
    fields += [("fewer digits", f"of {_ORDERS[loss.order]}: {loss.text}") for loss in row.losses]
    out.fields(fields)
    out.line()


def payload(report: Catalogue) -> dict[str, Any]:
    """Return `autodiff.functions/1`."""
    return {"schema": "autodiff.functions/1", "functions": list(map(_object, report.rows))}


def _object(row: Operation) -> dict[str, Any]:
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
