"""What `grad` says without a point: each derivative as a book, the machine and SymPy have it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from autodiff_cli.formats.format import Format
from autodiff_cli.graph.graph import Graph
from autodiff_cli.graph.printer import PROGRAM, expression
from autodiff_cli.teach.derivation import Beside, Derivation, Explanation
from autodiff_cli.teach.formulas import Formulas
from autodiff_cli.views import head
from autodiff_cli.views.beside import form_payload
from autodiff_cli.views.derivation import Book
from autodiff_cli.views.explain import said_beside, slope
from autodiff_cli.views.head import notes_payload, write_head, write_notes
from autodiff_cli.views.rules import write_equation

__all__ = ["payload", "write"]

#: Variables differentiated by in turn.
Path = tuple[str, ...]


def write(out: Format, report: Formulas) -> None:
    """Write each derivative, then how the gradient graph and SymPy have it."""
    derived, signs = report.derived, out.signs
    write_head(out, derived.graph, {})
    out.line()
    if not derived.derivations:
        out.paragraph("nothing in it varies: the derivative of a constant is 0")
    for path, explanation, derivation in _ordered(report):
        left = slope(derived, path[0], signs, len(path))
        if derivation is None:
            write_equation(out, "", left, "0")
            continue
        if derivation.tidy:
            book = Book(explanation.graph, derivation, signs)
            write_equation(out, "", left, book.line(derivation.tidy[-1]))
        else:
            out.paragraph(signs.formula(left), ": too long to be written")
        out.paragraph("  gradient graph: ", head.formula(report.machine[path], signs), hanging=4)
    write_notes(out, report.notes)
    if derived.beside is not None and derived.derivations:
        out.stream.flush()  # nobody waits for SymPy
        said_beside(out, derived, derived.beside())
    out.line()
    out.paragraph(f"for its value give a point, {report.giving}; "
                  "why it is so, line by line: autodiff explain")  # fmt: skip


def _ordered(report: Formulas) -> Iterator[tuple[Path, Explanation, Derivation | None]]:
    """Yield each derivative: its path, what it is derived from, and its derivation, if any."""
    for name, derivation in report.derived.derivations.items():
        yield (name,), report.derived, derivation
    for order, deeper in enumerate(report.derived.further, 2):
        (name,) = report.derived.derivations
        yield (name,) * order, deeper, deeper.derivations.get(name)


def payload(report: Formulas) -> dict[str, Any]:
    """Return `autodiff.derivative/1`: program text for each variable, and order."""
    derived = report.derived
    asked = derived.beside is not None and bool(derived.derivations)
    found = derived.beside() if asked and derived.beside is not None else {}
    derivatives: dict[str, dict[str, Any]] = {}
    for path, _, derivation in _ordered(report):
        text = "0" if derivation is None else derivation.derivative
        row = {
            "derivative": text,
            "graph": _program(report.machine[path]),
            **_symbolic(found, path),
        }
        if len(path) == 1:
            derivatives[path[0]] = row
        else:
            derivatives[path[0]].setdefault("orders", []).append({"order": len(path), **row})
    return {
        "schema": "autodiff.derivative/1",
        "expression": derived.expression or str(derived.graph),
        "wrt": list(derived.derivations),
        "derivatives": derivatives,
        "notes": notes_payload(report.notes),
    }


def _program(graph: Graph) -> str | None:
    """Return a formula as program text; None where it is as long as nobody reads."""
    if len(graph) > head.ECHOED:
        return None
    return expression(graph, graph.outputs[0], PROGRAM)


def _symbolic(found: Mapping[Path, Beside], path: Path) -> dict[str, Any]:
    """Return SymPy's derivative, and whether it is equal; null where SymPy has none."""
    row = found.get(path)
    if row is None or not row.text:
        return {"symbolic": None, "equals_symbolic": None}
    symbolic = {"derivative": row.text, **form_payload(row.shorter)}
    return {"symbolic": symbolic, "equals_symbolic": row.equal}
