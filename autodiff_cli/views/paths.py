"""Named steps on the board: each by what stands in it, then the sum of products over all paths.

The terms of a sum are those of the reverse sweep: an adjoint is the derivative along all paths.
"""

from __future__ import annotations

from collections.abc import Mapping

from autodiff_cli.formats.format import Format
from autodiff_cli.graph.printer import expression
from autodiff_cli.teach.calculus import SEVERAL
from autodiff_cli.teach.derivation import Derivation, Explanation, Total
from autodiff_cli.teach.sentences import bracketed, elided
from autodiff_cli.views.derivation import Book
from autodiff_cli.views.rules import write_equation, write_steps


def write_pieces(out: Format, derived: Explanation, most: int | None, *, hint: bool) -> int | None:
    """Write the derivation of each step by each name in it, and what they add up to.

    Args:
        out: where to.
        derived: the derivations.
        most: how many lines may be shown; None is all, and the sums.
        hint: whether the rule of the next line is named where one is left.

    Returns:
        how many more may be shown, or −1 where some were left out.
    """
    signs, left = out.signs, most
    names = _names(derived)
    for piece in derived.pieces:
        if left == 0 and not hint:
            return -1
        slope = signs.slope(names[piece.stretch.root], piece.variable)
        out.line()
        out.line(slope, ":")
        left = write_steps(out, derived, piece, left, hint=hint)
        if left == -1:
            return left
        if left is None and len(piece.listed()) > 1 and piece.tidy:
            book = Book(derived.graph, piece, signs)
            write_equation(out, "so ", slope, book.line(piece.tidy[-1]))
    if left is not None:
        if hint:
            out.paragraph(f"no rule is left but the {SEVERAL}, and algebra")
        return left
    out.line()
    one = signs.formula(signs.partial.strip())
    out.paragraph(f"the {SEVERAL}, from ", signs.name(derived.graph.called),
                  " back along all paths (", one, ": one name moves; ",
                  signs.formula("d"), ": all that follow from it move too):")  # fmt: skip
    for total in derived.totals:
        _total(out, derived, total, names)
    return None


def _names(derived: Explanation) -> Mapping[int, str]:
    """Return node → what a step is called."""
    return {**derived.graph.names, derived.graph.outputs[0]: derived.graph.called}


def _total(out: Format, derived: Explanation, total: Total, names: Mapping[int, str]) -> None:
    """Write `dL/dh = dL/dp·∂p/∂h + dL/dq·∂q/∂h`, what that is, and the machine's adjoint."""
    signs, graph = out.signs, derived.graph
    result, name = graph.outputs[0], total.stretch.name
    left = signs.total(names[result], name)

    def product(piece: Derivation) -> str:
        local = signs.slope(names[piece.stretch.root], name)
        through = signs.total(names[result], names[piece.stretch.root])
        return local if piece.stretch.root == result else f"{through}{signs.times}{local}"

    terms = " + ".join(elided([product(piece) for piece in total.pieces], signs))
    sides = [terms]
    if total.form is not None:
        steps = {node: signs.notation.name(text) for node, text in total.book.names.items()}
        written = expression(total.book, total.form, signs.notation, steps)
        sides.append(steps.get(total.form, written))
    write_equation(out, "   ", left, " = ".join(dict.fromkeys(sides)))
    if total.form is None and total.stretch.by < len(graph.variables):
        out.paragraph("   put together, this derivative is too long to be written")
    _machine(out, derived, total)


def _machine(out: Format, derived: Explanation, total: Total) -> None:
    """Write the adjoint that the machine has for a name, as the same sum."""
    if derived.recorded is None:
        return
    signs, graph = out.signs, derived.graph
    steps = {step.node: step for step in derived.recorded.steps}
    here = steps[total.stretch.by]

    def product(piece: Derivation) -> str:
        user = steps[piece.stretch.root]
        local = bracketed(piece.value or 0.0, signs)
        if user.node == graph.outputs[0]:
            return local if len(total.pieces) > 1 else signs.number(piece.value or 0.0)
        return f"{bracketed(user.adjoint or 0.0, signs)}{signs.times}{local}"

    parts = [product(piece) for piece in total.pieces]
    sides = [signs.adjoint(here.label), " + ".join(elided(parts, signs))]
    if len(parts) > 1 or signs.times in parts[0]:
        sides.append(signs.number(here.adjoint or 0.0))
    out.paragraph("   machine: ", signs.formula(" = ".join(sides)), hanging=5)
