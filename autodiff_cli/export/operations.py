"""Rows of the operation table as JavaScript: what a page computes values and partials with.

A row is an object of functions of (a, b, c, y): its value, a partial for each operand, where it has
a real value, where its slope is a convention, and how far that is. All are printed from its text.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from autodiff_cli.engine.folding import is_zero
from autodiff_cli.engine.rules import NAMES, answers, formula
from autodiff_cli.export.expressions import Expressions
from autodiff_cli.export.targets import TARGETS
from autodiff_cli.graph.graph import Builder, Graph
from autodiff_cli.language.parser import read
from autodiff_cli.ops import ADD, WHERE
from autodiff_cli.ops.row import COMPARISON, OPERANDS, Operation

_TARGET = TARGETS["javascript"]

#: The partial of an edge that nothing passes, as a rule's literal 0 says.
BLOCKED = "BLOCKED"


def key(operation: Operation) -> str:
    """Return what a row is called: two rows may share a name, but not with so many operands."""
    return f"{operation.name}/{len(operation.rules)}"


def rows(operations: Iterable[Operation]) -> str:
    """Return source that declares `ROWS`, and the functions that its rows need.

    Args:
        operations: rows of the table, each once. BLOCKED is declared by whoever runs them.
    """
    functions: dict[str, str] = {}
    entries = "".join(f"  {key(row)!r}: {_row(row, functions)},\n" for row in operations)
    return f"{''.join(functions.values())}const ROWS = {{\n{entries}}};\n"


def formula_text(text: str, names: Sequence[str]) -> str:
    """Return a formula in the program's language as an expression of JavaScript.

    Args:
        text: operators only; a function would need its source.
        names: what stands in it.
    """
    return _written(read([text], tuple(names), share=False).graph, {})


def _row(row: Operation, functions: dict[str, str]) -> str:
    parts = [f"value: {_value(row, functions)}"]
    partials = [_rule(text, functions) if text else "null" for text in row.rules]
    parts.append(f"partials: [{', '.join(partials)}]")
    if row.domain:
        parts.append(f"domain: {_condition(row.domain, functions)}")
    if row.kinks:
        tests = [_condition(kink.condition, functions) for kink in row.kinks]
        parts.append(f"kinks: [{', '.join(tests)}]")
        gaps = [_gap(kink.condition, functions) for kink in row.kinks]
        parts.append(f"gaps: [{', '.join(gaps)}]")
    return f"{{{', '.join(parts)}}}"


def _value(row: Operation, functions: dict[str, str]) -> str:
    if row is ADD:
        return "(...terms) => terms.reduce((sum, term) => sum + term)"
    builder = Builder(OPERANDS[: row.arity])
    graph = builder.graph([builder.apply(row, tuple(range(row.arity)))])
    text = _written(graph, functions)
    if row.precedence == COMPARISON:
        text = f"{text} ? 1 : 0"  # a rule compares it with 0, and false is not 0 here
    return f"({', '.join(OPERANDS[: row.arity])}) => {text}"


def _rule(text: str, functions: dict[str, str]) -> str:
    graph = formula(text)
    possible = answers(graph)
    stops = {k: BLOCKED for k in possible if is_zero(graph, k)}
    return f"({', '.join(NAMES)}) => {_written(graph, functions, stops)}"


def _condition(text: str, functions: dict[str, str]) -> str:
    graph = formula(f"where({text}, 1, 0)")
    return f"({', '.join(NAMES)}) => {_written(graph, functions)} === 1"


def _gap(text: str, functions: dict[str, str]) -> str:
    """Return how far a point is from a kink, with a sign for its side; null where none can say."""
    sides = text.split(" == ")
    if len(sides) != 2 or "where" in text:
        return "null"
    graph = formula(f"{sides[0]} - ({sides[1]})")
    return f"({', '.join(NAMES)}) => {_written(graph, functions)}"


def _written(
    graph: Graph, functions: dict[str, str], instead: Mapping[int, str] | None = None
) -> str:
    """Return a formula over its variables; some nodes as what stands for them."""
    names = dict(enumerate(graph.variables)) | dict(instead or {})
    code = Expressions(graph, names, _TARGET, functions)
    output = graph.outputs[0]
    if output in names:
        return names[output]
    text = code.assigned(output)
    return f"({text})" if graph.operations[output] is WHERE else text
