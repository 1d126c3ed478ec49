"""A trace as it stands in a question: its columns, with numbers, blanks and how each is found."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from autodiff_cli.graph.graph import VARIABLE
from autodiff_cli.teach.draft import Draft, kept
from autodiff_cli.teach.prose import Joined, Prose, Sign, Written, equals, number, seen
from autodiff_cli.teach.question import Table
from autodiff_cli.teach.replay import Column

#: Columns of numbers → what they are called.
COLUMNS: Mapping[Column, str] = {"value": "value", "tangent": "tangent", "adjoint": "adjoint"}

#: The columns of each level: the sweeps one by one, then both.
_SHOWN: Mapping[int, tuple[Column, ...]] = {1: ("value", "tangent"), 2: ("value", "adjoint")}


def shown(draft: Draft) -> tuple[Column, ...]:
    """Return the columns that a level has."""
    both: tuple[Column, ...] = ("value", "tangent", "adjoint")
    return _SHOWN.get(draft.level, both)


def sign(column: Column, label: str) -> Sign:
    """Return the sign of a number in a trace: w3, or w3 with a dot or a bar."""
    return Sign("label" if column == "value" else column, label)


def steps(draft: Draft) -> list[int]:
    """Return the nodes of a trace that are operations."""
    return [node for node in draft.labels() if draft.graph.operations[node] is not VARIABLE]


def operation(draft: Draft, node: int) -> Written:
    """Return a node's operation over the labels of its operands."""
    labels = {k: label for k, label in draft.labels().items() if k != node}
    return Written(graph=draft.graph, node=node, labels=labels)


def table(
    draft: Draft,
    columns: Sequence[Column],
    cells: Mapping[tuple[Column, int], Prose],
) -> Table:
    """Return a trace as a table.

    Args:
        draft: the question.
        columns: those of numbers.
        cells: what stands in place of a number.
    """
    headings: list[Prose] = [("node",), ("operation",)]
    headings += [
        ("tangent by ", Sign("name", draft.by)) if column == "tangent" else (COLUMNS[column],)
        for column in columns
    ]
    rows: list[tuple[Prose, ...]] = []
    for node, label in draft.labels().items():
        row: list[Prose] = [(Sign("label", label),), (operation(draft, node),)]
        for column in columns:
            plain = number(getattr(draft.numbers, column)[node])
            row.append(cells.get((column, node), (plain,)))
        rows.append(tuple(row))
    return Table(headings=tuple(headings), rows=tuple(rows))


def partials(draft: Draft, node: int) -> list[tuple[int, float]]:
    """Return the edges of a node that lead to labelled nodes: operand and partial."""
    labels, graph = draft.labels(), draft.graph
    slopes = draft.numbers.partials.get(node, ())
    return [
        (operand, kept(slope))
        for operand, slope in zip(graph.operands[node], slopes, strict=False)
        if operand in labels
    ]


def consumers(draft: Draft, node: int) -> list[tuple[int, float]]:
    """Return the nodes that use a node, the last first, each with the partial on its edge."""
    return [
        (user, slope)
        for user in reversed(list(draft.labels()))
        for operand, slope in partials(draft, user)
        if operand == node
    ]


def worked(draft: Draft, column: Column, node: int) -> tuple[Prose, Prose, Prose]:
    """Return two hints on a number of a trace, and how it is found.

    The first says which rule it takes, the second writes that rule for this node.
    """
    labels = draft.labels()
    label, moved = labels[node], getattr(draft.numbers, column)
    left, right = sign(column, label), number(moved[node])
    if column == "value":
        rule = operation(draft, node)
        put = Written(graph=draft.graph, node=node, labels=_numbers(draft, node))
        return (
            ("a value is its operation on the values of the lines above",),
            ("that is ", equals(left, rule)),
            (equals(left, rule, put, right),),
        )
    if column == "tangent":
        terms = [
            (sign("tangent", labels[k]), Sign("local", label, labels[k]), moved[k], slope)
            for k, slope in partials(draft, node)
            if moved[k]
        ]
        rule_text = "a tangent is the sum, over the operands, of partial times tangent"
    else:
        terms = [
            (sign("adjoint", labels[k]), Sign("local", labels[k], label), moved[k], slope)
            for k, slope in consumers(draft, node)
        ]
        rule_text = "an adjoint is the sum, over all uses, of the use's adjoint times the partial"
    symbols = Joined(tuple(Joined((one, by), " * ") for one, by, _, _ in terms), " + ")
    products = [Joined((number(one), number(slope)), " * ") for _, _, one, slope in terms]
    numbers = Joined(tuple(products), " + ")
    if not terms:
        return (rule_text,), ("no operand moves",), (equals(left, right),)
    return (
        (rule_text,),
        ("that is ", equals(left, symbols)),
        (equals(left, symbols, numbers, right),),
    )


def _numbers(draft: Draft, node: int) -> Mapping[int, float]:
    """Return operand → its number, to be put into the operation."""
    labels = draft.labels()
    values = draft.numbers.value
    return {k: seen(values[k]) for k in draft.graph.operands[node] if k in labels}
