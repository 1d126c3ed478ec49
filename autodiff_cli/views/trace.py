"""The trace: one row for each w_i, its local partials, tangents and adjoint, and how it was summed.

Where one table is too broad for the page it is three: values, tangents, adjoints with their sums.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import groupby
from typing import TYPE_CHECKING, Any

from autodiff_cli.formats.format import Format
from autodiff_cli.formats.grid import Grid, ends
from autodiff_cli.formats.lines import not_shown
from autodiff_cli.formats.signs import Formula, Signs
from autodiff_cli.notes.note import AT_FAULT
from autodiff_cli.teach.sentences import MOST_TERMS, bracketed, elided
from autodiff_cli.views.head import notes_payload, write_head, write_notes

if TYPE_CHECKING:
    from autodiff_cli.answers.trace import Trace
    from autodiff_cli.engine.record import Contribution, Edge, Step

#: Digits of the numbers that are shown, unless `--digits` says otherwise: a trace is read to learn.
DIGITS = 6

#: Edges of a node whose formulas are looked at where rows are left out too.
MOST_EDGES = 40

#: Below a table with marked rows.
MARKED = "! marks a node where the answer departs from plain calculus: see the notes"


def write(out: Format, report: Trace, *, legend: bool = True) -> None:
    """Write the table, or the tables, then the sums of adjoints, and the notes.

    Args:
        out: where to.
        report: the record of the sweeps.
        legend: whether a line says what tangents and adjoints are.
    """
    write_head(out, report.graph, report.at)
    out.line()
    whole = grid(report, out.signs, out.rows)
    if out.fits(whole):
        out.table(whole)
        _write_sums(out, sums(report, out.signs))
    else:
        for number, part in enumerate(_apart(report, whole, out)):
            if number:
                out.line()
            out.table(part)
    if report.symbolic is not None and report.symbolic.shorter:
        from autodiff_cli.views.beside import write_shorter

        out.line()
        for name, form in report.symbolic.shorter.items():
            write_shorter(out, out.signs.slope(report.graph.called, name), form)
    if legend and (parts := _legend(report, out.signs)):
        out.line()
        out.paragraph(*parts)
    if out.signs.mark and faulty(report):
        out.line()
        out.paragraph(MARKED)
    if report.verdict is not None:
        out.line()
        out.line(f"verdict: {report.verdict}")
    write_notes(out, report.notes)


def _legend(report: Trace, signs: Signs) -> list[str]:
    """Return what a tangent and an adjoint are, for the columns that there are."""
    letter = report.graph.letter
    node, found = signs.node(letter), []
    if _wrt(report):
        names = [signs.name(name) for name in report.wrt]
        by = [names[0], *([" or ", names[1]] if names[1:] else [])]
        by = by if len(names) < 3 else ["a variable"]
        found += ["tangent ", signs.tangent(letter), ": how fast ", node, " moves with ", *by]
    if _has_adjoints(report):
        called = signs.name(report.graph.called)
        found += ["; "] if found else []
        found += ["adjoint ", signs.adjoint(letter), ": how fast ", called, " moves with ", node]
    return found


def _write_sums(out: Format, found: Sequence[Formula]) -> None:
    if found:
        out.line()
    for line in found[: out.rows or None]:
        out.paragraph(line)
    if out.rows and len(found) > out.rows:
        out.line(not_shown(len(found) - out.rows, "more sum"))


def grid(trace: Trace, signs: Signs, rows: int = 0) -> Grid:
    """Return one row per w_i: operation, value, local partials, tangents, adjoint."""
    letter = trace.graph.letter
    headings: list[str] = [signs.node(letter), "operation", "value", "local partials"]
    tangents = _tangents(trace, rows)
    hidden = len(_wrt(trace)) - len(tangents)
    headings += [_tangent_heading(letter, name, signs) for name in tangents]
    headings += [signs.adjoint(letter)] if _has_adjoints(trace) else []
    left = [0, 1, 3]
    if trace.symbolic is not None:
        left += range(len(headings), len(headings) + 2 * len(trace.symbolic.wrt))
        headings += [f"SymPy: d/d{name}" for name in trace.symbolic.wrt]
        headings += [f"at the point ({name})" for name in trace.symbolic.wrt]
    steps, skipped = ends(trace.steps, rows)
    operations = trace.operations(signs.notation, steps)
    faults = faulty(trace) if signs.mark else set()
    brief = signs.brief if rows else str
    cells = [
        _row(trace, step, brief(operation), tangents, faults, signs, brief)
        for step, operation in zip(steps, operations, strict=True)
    ]
    tones = {2: "value", **dict.fromkeys(range(4, 4 + len(tangents)), "tangent")}
    return Grid(
        headings=tuple(headings),
        rows=tuple(cells),
        left=frozenset(left),
        skipped=skipped,
        columns=f"tangents for {hidden:,} more variables" if hidden else "",
        tones=tones | ({4 + len(tangents): "adjoint"} if _has_adjoints(trace) else {}),
    )


def _apart(trace: Trace, whole: Grid, out: Format) -> list[Grid]:
    """Return the trace as tables: values, tangents, adjoints beside their sums, SymPy's side."""
    count = len(_tangents(trace, out.rows))
    columns = [(1, 2, 3), tuple(range(4, 4 + count))]
    tables = [whole.only((0, *places)) for places in columns if places]
    tables[:-1] = [table._replace(columns="") for table in tables[:-1]]
    if _has_adjoints(trace):
        tables.append(_adjoints(trace, whole, out))
    if trace.symbolic is not None:
        first = len(whole.headings) - 2 * len(trace.symbolic.wrt)
        tables.append(whole.only((0, *range(first, len(whole.headings)))))
    return tables


def _adjoints(trace: Trace, whole: Grid, out: Format) -> Grid:
    """Return each adjoint, and what it is the sum of."""
    steps, skipped = ends(trace.steps, out.rows)
    rows = [
        (row[0], "" if step.adjoint is None else out.signs.number(step.adjoint),
         out.signs.formula(" = ".join(_terms(step, out.signs))) if step.adjoint else "")
        for row, step in zip(whole.rows, steps, strict=True)
    ]  # fmt: skip
    headings = (whole.headings[0], out.signs.adjoint(trace.graph.letter), "how it was summed")
    return Grid(headings, tuple(rows), frozenset((0, 2)), skipped, tones={1: "adjoint"})


def _tangent_heading(letter: str, name: str, signs: Signs) -> Formula:
    return signs.formula(f"{signs.tangent(letter)} ({signs.name(name)})")


def _wrt(trace: Trace) -> tuple[str, ...]:
    return trace.wrt if any(step.tangents is not None for step in trace.steps) else ()


def _tangents(trace: Trace, rows: int) -> tuple[str, ...]:
    return _wrt(trace)[:MOST_TERMS] if rows else _wrt(trace)


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
    signs: Signs,
    brief: Callable[[str], str],
) -> tuple[str, ...]:
    label = signs.label(step.label)
    name = trace.graph.names.get(step.node)
    label = signs.formula(f"{label} = {signs.name(name)}") if name else label
    cells: list[str] = [
        signs.formula(f"{label} {signs.mark}") if step.label in faults else label,
        signs.formula(operation),
        signs.number(step.value),
        signs.formula("\n".join(partials(step, signs, brief))),
    ]
    if step.tangents is not None:
        cells += [signs.number(step.tangents[name]) for name in tangents]
    if _has_adjoints(trace):
        cells.append("" if step.adjoint is None else signs.number(step.adjoint))
    if trace.symbolic is not None:
        cells += _symbolic(trace, step, signs)
    return tuple(cells)


def _symbolic(trace: Trace, step: Step, signs: Signs) -> list[str]:
    """Return SymPy's derivatives of one node, then their values."""
    assert trace.symbolic is not None
    found = trace.symbolic.found.get(step.label, {})
    rows = [found.get(name, ("", "", "")) for name in trace.symbolic.wrt]
    if signs.notation.latex:
        texts: list[str] = [signs.formula(latex) for _, _, latex in rows]
    else:
        texts = [text.replace("**", "^") for text, _, _ in rows]
    return texts + [signs.number(v) if isinstance(v, float) else v for _, v, _ in rows]


def partials(step: Step, signs: Signs, brief: Callable[[str], str]) -> list[str]:
    """Return `∂w2/∂w1 = 3·w1² = 3·4² = 48`; operands with one partial in common share a line.

    Args:
        step: the node.
        signs: how it is written.
        brief: shortens a formula; `str` where all is shown.
    """

    def shown(edge: Edge) -> str:
        if edge.partial is None:
            return ""
        texts = [edge.formula(signs.notation), edge.substituted(signs.notation)]
        texts = [brief(text) for text in texts]
        return " = ".join(dict.fromkeys([*filter(None, texts), signs.number(edge.partial)]))

    def lines(edges: Sequence[Edge]) -> list[str]:
        found = []
        for text, group in groupby(edges, shown):
            heads = [signs.local(step.label, edge.operand) for edge in group]
            if text:
                found.append(" = ".join([*elided(heads, signs), text]))
        return found

    edges, half = step.edges, MOST_EDGES // 2
    if brief is str or len(edges) <= MOST_EDGES:
        return lines(edges)
    if len({edge.partial for edge in edges}) == 1:
        return lines([*edges[:half], *edges[-half:]])
    return [*lines(edges[:half]), signs.ellipsis, *lines(edges[-half:])]


def sums(trace: Trace, signs: Signs) -> list[Formula]:
    """Return how each adjoint with several contributions was summed."""
    return [_sum(step, signs) for step in trace.steps if len(step.contributions) > 1]


def _sum(step: Step, signs: Signs) -> Formula:
    """Return `w̄1 = w̄2·48 + w̄3·8 + w̄5·8 = 48 + 16 + 8 = 72`."""
    total = signs.number(step.adjoint or 0.0)
    return signs.formula(" = ".join([signs.adjoint(step.label), *_terms(step, signs), total]))


def _terms(step: Step, signs: Signs) -> list[str]:
    """Return what an adjoint is the sum of: products, and where several the numbers too."""

    def product(part: Contribution) -> str:
        return f"{signs.adjoint(part.consumer)}{signs.times}{bracketed(part.partial, signs)}"

    if not step.contributions:
        return [r"\text{the seed}" if signs.notation.latex else "the seed"]
    products = elided([product(part) for part in step.contributions], signs)
    if len(step.contributions) == 1:
        return [products[0]]
    terms = elided([bracketed(part.product, signs) for part in step.contributions], signs)
    return [" + ".join(products), " + ".join(terms)]


def payload(report: Trace) -> dict[str, Any]:
    """Return `autodiff.trace/1`. Operations are program text over the ids."""
    nodes, names = [], report.graph.names
    for step, operation in zip(report.steps, report.operations(), strict=True):
        node: dict[str, Any] = {
            "id": step.label,
            **({"name": names[step.node]} if step.node in names else {}),
            "operation": operation,
            "args": [edge.operand for edge in step.edges],
            "value": step.value,
            "partials": {edge.operand: edge.partial for edge in step.edges},
            "tangent": None if step.tangents is None else dict(step.tangents),
            "adjoint": step.adjoint,
        }
        if report.symbolic is not None:
            node["symbolic"] = report.symbolic.node(step.label)
        nodes.append(node)
    return {
        "schema": "autodiff.trace/1",
        "expression": report.expression or str(report.graph),
        "at": dict(report.at),
        "value": report.value,
        "gradient": dict(report.gradient),
        "nodes": nodes,
        **({} if report.verdict is None else {"verdict": report.verdict}),
        "notes": notes_payload(report.notes),
    }
