"""A derivation as a teacher writes it: the rule, the line that it gives, the machine beside it."""

from __future__ import annotations

from collections.abc import Mapping

from autodiff_cli.formats.format import Format
from autodiff_cli.formats.signs import Signs
from autodiff_cli.graph.printer import expression
from autodiff_cli.teach.derivation import Beside, Derivation, Explanation
from autodiff_cli.views import trace
from autodiff_cli.views.beside import write_shorter
from autodiff_cli.views.derivation import Book, payload, table
from autodiff_cli.views.head import called, write_head, write_notes
from autodiff_cli.views.paths import write_pieces
from autodiff_cli.views.rules import write_equation, write_steps

__all__ = ["DIGITS", "DRAWN", "payload", "write"]

#: As a trace has them.
DIGITS = trace.DIGITS

#: Formats of its own: as a table the steps are for other programs, which take no sentences.
DRAWN = {"csv": table}


def write(out: Format, report: Explanation) -> None:
    """Write the derivations, each with the machine's numbers, and how the result is tidied up."""
    write_head(out, report.graph, report.at)
    left = _lines(out, report, report, report.most)
    if not report.derivations:
        out.line()
        out.paragraph("nothing in it varies: the derivative of a constant is 0")
    for order, deeper in enumerate(report.further, 2):
        if left is None or left > 0 or (left == 0 and report.hint):
            left = _further(out, report, deeper, order, left)
    write_notes(out, report.notes)
    if report.beside is not None and report.most is None and report.derivations:
        out.stream.flush()  # SymPy comes after: a derivation does not wait for it
        said_beside(out, report, report.beside())


def _lines(
    out: Format, report: Explanation, derived: Explanation, most: int | None, order: int = 1
) -> int | None:
    """Write the derivations of a formula; return how many lines more may be shown, or −1.

    Args:
        out: where to.
        report: what was asked for, of which the first order is.
        derived: what is derived: the report, or an order beyond the first.
        most: how many lines may be shown; None is all, and the result.
        order: how many times is differentiated.
    """
    left = most
    if derived.pieces:
        return write_pieces(out, derived, most, hint=report.hint)
    for name, derivation in derived.derivations.items():
        if order == 1:
            out.line()
        if len(derived.derivations) > 1:
            out.line("by ", out.signs.name(name), ":")
        left = write_steps(out, derived, derivation, most, hint=report.hint)
        if left is None:
            _result(out, report, derivation, Book(derived.graph, derivation, out.signs), order)
        elif left >= 0 and report.hint and order > len(report.further):
            out.paragraph("no rule is left: what remains is algebra")
    return left


def _further(
    out: Format, report: Explanation, deeper: Explanation, order: int, left: int | None
) -> int | None:
    """Write the derivation of an order beyond the first from the one before."""
    (name,) = report.derivations
    graph, signs = deeper.graph, out.signs
    before = slope(report, name, signs, order - 1)
    line = expression(graph, graph.outputs[0], signs.notation)
    out.line()
    own = ", which has nodes of its own" if deeper.recorded else ""
    out.paragraph(f"order {order}, from ", signs.formula(f"{before} = {line}"), f"{own}:")
    if deeper.derivations:
        return _lines(out, report, deeper, left, order)
    zero = slope(report, name, signs, order)
    out.paragraph(signs.formula(f"{zero} = 0"), ": what is derived is constant")
    return left


def _result(
    out: Format, report: Explanation, derivation: Derivation, book: Book, order: int
) -> None:
    out.line()
    left = slope(report, derivation.variable, out.signs, order)
    for place, node in enumerate(derivation.tidy):
        write_equation(out, "tidied up: " if place else "together: ", left, book.line(node))
    if not derivation.tidy:
        out.paragraph("put together, this derivative is too long to be written")
    if derivation.value is not None:
        write_equation(out, "at the point: ", left, out.signs.number(derivation.value))


def slope(report: Explanation, name: str, signs: Signs, order: int = 1) -> str:
    """Return what a derivative is called: f′(x), or ∂f/∂x.

    Args:
        report: what was asked for.
        name: the variable.
        signs: how it is written.
        order: how many times is differentiated.
    """
    if len(report.graph.variables) == 1:
        function = signs.order(signs.name(called(report.graph)), order)
        return f"{function}({signs.name(name)})"
    return signs.repeated(called(report.graph), name, order)


def said_beside(out: Format, report: Explanation, found: Mapping[tuple[str, ...], Beside]) -> None:
    """Write SymPy's derivatives, and that both are equal.

    Args:
        out: where to.
        report: the derivations.
        found: SymPy's side of each.
    """
    out.line()
    for path, row in found.items():
        if not row.text:
            out.paragraph(f"note (skipped): symbolic side skipped: {row.reason}")
            return
        left = slope(report, path[0], out.signs, len(path)) if len(found) > 1 else ""
        text = row.latex if out.signs.notation.latex and row.latex else row.text.replace("**", "^")
        verdicts = {
            True: f"both are equal, checked at {row.points} points",
            False: "the two are not equal at all points that were tried",
            None: "no point was found at which both have a value",
        }
        shown = out.signs.formula(f"{left} = {text}" if left else text)
        out.paragraph("SymPy has ", shown, f": {verdicts[row.equal]}")
        label = slope(report, path[0], out.signs, len(path))
        write_shorter(out, label, row.shorter, "SymPy's, tidied up: ")
