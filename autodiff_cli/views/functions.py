"""The operation table as a student reads it: what each is, its derivative, domain and kinks."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from autodiff_cli.engine.cases import Case, cases
from autodiff_cli.formats.format import Format
from autodiff_cli.formats.grid import Grid
from autodiff_cli.formats.signs import Signs
from autodiff_cli.graph.graph import Graph
from autodiff_cli.graph.printer import expression
from autodiff_cli.ops import FAMILIES
from autodiff_cli.ops.row import COMPARISON, OPERANDS, Operation, words

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
    return words(row.domain_text or row.domain)


def _rules(row: Operation, signs: Signs, *, edge: bool = False) -> str:
    """Return one line for each operand that has a rule; with `edge`, one for each edge case."""
    if row.variadic:
        return "" if edge else f"each term: {row.rules[0]}"
    lines: list[str] = []
    for position, rule in enumerate(row.rules):
        found = cases(row, position) if rule else ()
        pieces = [_piece(row, case, signs) for case in found if case.edge is edge]
        by = "" if row.arity == 1 else _word(f"by {OPERANDS[position]}: ", signs)
        lines += [by + piece for piece in (pieces if edge else filter(None, [", ".join(pieces)]))]
    return signs.formula("\n".join(lines))


def _piece(row: Operation, case: Case, signs: Signs) -> str:
    """Return a formula, and where it holds: `0 where a < b`."""
    formula = expression(case.formula, case.formula.outputs[0], signs.notation)
    if not case.conditions:
        return formula
    tests = [_condition(row, test, signs) for test in case.conditions]
    return formula + _word(" where ", signs) + _word(" and ", signs).join(tests)


def _condition(row: Operation, test: Graph, signs: Signs) -> str:
    """Return a comparison, or whether an operand that is a condition holds."""
    output = test.outputs[0]
    first = test.variables[test.operands[output][0]] if len(test.variables) == 1 else ""
    if first and not row.rules[OPERANDS.index(first)]:
        holds = "holds" if test.operations[output].symbol == "!=" else "does not hold"
        return first + _word(f" {holds}", signs)
    written = expression(test, output, signs.notation)
    return written if signs.notation.latex else signs.text(words(written))


def _word(text: str, signs: Signs) -> str:
    """Return words between formulas."""
    return rf"\text{{{text}}}" if signs.notation.latex else text


def _full(out: Format, row: Operation) -> None:
    out.line(f"{call(row)}    {row.summary}")
    fields: list[tuple[str, str]] = [
        (title, out.signs.formula(line))
        for title, edge in (("derivative", False), ("edge case", True))
        for line in _rules(row, out.signs, edge=edge).split("\n")
        if line
    ]
    if row.definition:
        fields.append(("definition", row.definition))
    if row.aliases:
        fields.append(("also", ", ".join(row.aliases)))
    fields.append(("domain", _domain(row) or "every real number"))
    for kink in row.kinks:
        kind = kink.kind.replace("-", " ")
        fields.append((kind, f"{words(kink.text or kink.condition)}: {kink.said()}"))
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
