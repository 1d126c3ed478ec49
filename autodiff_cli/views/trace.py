"""The trace as a grid, in the notation of each format, and the sums below it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import groupby

from autodiff_cli.answers.trace import Trace
from autodiff_cli.engine.record import Contribution, Edge, Step
from autodiff_cli.formats.grid import Grid, ends
from autodiff_cli.formats.signs import PLAIN, Alphabet
from autodiff_cli.graph.printer import LATEX, PROGRAM, latex_label, latex_name, latex_number, number
from autodiff_cli.notes.note import AT_FAULT

#: Edges or terms shown before the middle is left out.
MOST_TERMS = 12

#: Edges of a node whose formulas are looked at where rows are left out too.
MOST_EDGES = 40


def grid(trace: Trace, alphabet: Alphabet, rows: int = 0) -> Grid:
    """Return one row per w_i: operation, value, local partials, tangents, adjoint."""
    headings = ["w_i", "operation", "value", "local partials"]
    tangents = _wrt(trace)[:MOST_TERMS] if rows else _wrt(trace)
    hidden = len(_wrt(trace)) - len(tangents)
    headings += [f"{alphabet.dot} ({name})" for name in tangents]
    headings += [alphabet.bar] if _has_adjoints(trace) else []
    left = [0, 1, 3]
    if trace.symbolic is not None:
        headings += [f"SymPy: d/d{name}" for name in trace.symbolic.wrt]
        headings += [f"at the point ({name})" for name in trace.symbolic.wrt]
        left += range(len(headings) - 2 * len(trace.symbolic.wrt), len(headings))
    steps, skipped = ends(trace.steps, rows)
    operations = trace.operations(alphabet.notation, steps)
    faults = faulty(trace) if alphabet.mark else set()
    brief = alphabet.brief if rows else str
    cells = [
        _row(trace, step, brief(operation), tangents, faults, alphabet, brief)
        for step, operation in zip(steps, operations, strict=True)
    ]
    columns = f"tangents for {hidden:,} more variables" if hidden else ""
    return Grid(tuple(headings), tuple(cells), frozenset(left), skipped, columns)


def _wrt(trace: Trace) -> tuple[str, ...]:
    return trace.wrt if any(step.tangents is not None for step in trace.steps) else ()


def _has_adjoints(trace: Trace) -> bool:
    return any(step.adjoint is not None for step in trace.steps)


def faulty(trace: Trace) -> set[str]:
    """Return the labels of the nodes that the notes explain."""
    return {note.node for note in trace.notes if note.node is not None and note.kind in AT_FAULT}


def _row(
    trace: Trace,
    step: Step,
    operation: str,
    tangents: Sequence[str],
    faults: set[str],
    alphabet: Alphabet,
    brief: Callable[[str], str],
) -> tuple[str, ...]:
    cells = [
        f"{step.label} {alphabet.mark}" if step.label in faults else step.label,
        operation,
        number(step.value),
        "\n".join(_partials(step, alphabet, brief)),
    ]
    if step.tangents is not None:
        cells += [number(step.tangents[name]) for name in tangents]
    if _has_adjoints(trace):
        cells.append("" if step.adjoint is None else number(step.adjoint))
    if trace.symbolic is not None:
        cells += trace.symbolic.cells(step.label)
    return tuple(cells)


def _partials(step: Step, alphabet: Alphabet, brief: Callable[[str], str]) -> list[str]:
    """Return `∂w2/∂w1 = 3·w1² = 3·4² = 48`; operands with one partial in common share a line."""

    def shown(edge: Edge) -> str:
        if edge.partial is None:
            return ""
        texts = [edge.formula(alphabet.notation), edge.substituted(alphabet.notation)]
        texts = [brief(text) for text in texts]
        return " = ".join(dict.fromkeys([*filter(None, texts), number(edge.partial)]))

    def lines(edges: Sequence[Edge]) -> list[str]:
        found = []
        for text, group in groupby(edges, shown):
            heads = [alphabet.slope(step.label, edge.operand) for edge in group]
            if text:
                found.append(" = ".join([*elided(heads, alphabet), text]))
        return found

    edges, half = step.edges, MOST_EDGES // 2
    if brief is str or len(edges) <= MOST_EDGES:
        return lines(edges)
    if len({edge.partial for edge in edges}) == 1:
        return lines([*edges[:half], *edges[-half:]])
    return [*lines(edges[:half]), alphabet.ellipsis, *lines(edges[-half:])]


def elided(parts: list[str], alphabet: Alphabet) -> list[str]:
    """Return parts with the middle left out where there are many."""
    if len(parts) <= MOST_TERMS:
        return parts
    half = MOST_TERMS // 2
    return [*parts[:half], alphabet.ellipsis, *parts[-half:]]


def sums(trace: Trace, alphabet: Alphabet) -> list[str]:
    """Return how each adjoint with several contributions was summed.

    `w̄1 = w̄2·48 + w̄3·8 + w̄5·8 = 48 + 16 + 8 = 72`
    """
    return [_sum(step, alphabet) for step in trace.steps if len(step.contributions) > 1]


def _sum(step: Step, alphabet: Alphabet) -> str:
    def product(part: Contribution) -> str:
        return f"{alphabet.adjoint(part.consumer)}{alphabet.times}{bracketed(part.partial)}"

    products = elided([product(part) for part in step.contributions], alphabet)
    terms = elided([bracketed(part.product) for part in step.contributions], alphabet)
    total = number(step.adjoint or 0.0)
    return (
        f"{alphabet.adjoint(step.label)} = {' + '.join(products)} = {' + '.join(terms)} = {total}"
    )


def bracketed(value: float) -> str:
    """Return a number that may stand after an operator."""
    text = number(value)
    return f"({text})" if text.startswith("-") else text


def program_grid(trace: Trace) -> Grid:
    """Return the grid in program text, for CSV."""
    return grid(trace, PLAIN_PROGRAM)


PLAIN_PROGRAM = Alphabet(
    PROGRAM,
    PLAIN.partial,
    "tangent",
    "adjoint",
    "*",
    "...",
    "^",
    "v",
    "",
    "",
    "",
    "",
    plain=True,
    mark="",
)


def latex_grid(trace: Trace) -> Grid:
    """Return the grid with LaTeX formulas in its cells."""
    headings = [r"w_i", r"\text{operation}", r"\text{value}", r"\text{local partials}"]
    headings += [rf"\dot w \; ({latex_name(name)})" for name in _wrt(trace)]
    headings += [r"\bar w"] if _has_adjoints(trace) else []
    left = {0, 1, 3}
    if trace.symbolic is not None:
        by = [rf"d {latex_name(name)}" for name in trace.symbolic.wrt]
        left |= {len(headings) + k for k in range(len(by))}
        headings += [rf"\text{{SymPy: }} \frac{{d}}{{{name}}}" for name in by]
        headings += [rf"\text{{at the point}} \; ({latex_name(n)})" for n in trace.symbolic.wrt]
    rows = [
        _latex_row(trace, step, operation)
        for step, operation in zip(trace.steps, trace.operations(LATEX), strict=True)
    ]
    return Grid(tuple(headings), tuple(rows), frozenset(left))


def _latex_row(trace: Trace, step: Step, operation: str) -> tuple[str, ...]:
    name = latex_label(step.label)
    lines = []
    for edge in step.edges:
        if edge.partial is None:
            continue
        texts = [edge.formula(LATEX), edge.substituted(LATEX), latex_number(edge.partial)]
        head = rf"\frac{{\partial {name}}}{{\partial {latex_label(edge.operand)}}}"
        lines.append(" = ".join([head, *dict.fromkeys(filter(None, texts))]))
    cells = [name, operation, latex_number(step.value), "\n".join(lines)]
    cells += [latex_number(step.tangents[n]) for n in _wrt(trace) if step.tangents is not None]
    if _has_adjoints(trace):
        cells.append("" if step.adjoint is None else latex_number(step.adjoint))
    if trace.symbolic is not None:
        cells += trace.symbolic.cells(step.label, latex=True)
    return tuple(cells)
