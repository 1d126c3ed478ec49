"""A step of a derivation on the board: the rule, its equation, the machine's numbers."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from autodiff_cli.engine.record import Step as Recorded
from autodiff_cli.errors import width
from autodiff_cli.formats.format import Format
from autodiff_cli.ops.row import OPERANDS, Kink, words
from autodiff_cli.teach.derivation import Derivation, Explanation, Step
from autodiff_cli.teach.sentences import elided
from autodiff_cli.views.derivation import Book, recorded_rows, said


def write_steps(
    out: Format, derived: Explanation, derivation: Derivation, most: int | None, *, hint: bool
) -> int | None:
    """Write the steps of a derivation.

    Args:
        out: where to.
        derived: what it belongs to.
        derivation: the steps.
        most: how many may be shown; None is all.
        hint: whether the rule of the next one is named where one is left.

    Returns:
        how many more may be shown, or −1 where some were left out.
    """
    book = Book(derived.graph, derivation, out.signs)
    recorded, left = recorded_rows(derived), most
    for step in derivation.listed():
        if left is not None and step.same_as is None:
            if not left:
                if hint:
                    out.paragraph(f"the next rule: {said(step)}")
                return -1
            left -= 1
        _step(out, book, step, recorded.get(step.node))
    return left


def _step(out: Format, book: Book, step: Step, recorded: Recorded | None) -> None:
    if step.same_as is not None:
        out.paragraph("   ", out.signs.formula(book.standing(book.called(step.node))),
                      f": as in step {step.same_as}")  # fmt: skip
        return
    name = [f"{step.number}. {step.rule}"]
    if step.node in book.graph.names:
        named = f"{book.called(step.node)} = {book.part(step.node)}"
        name += [" on ", out.signs.formula(named)]
    name.append(said(step).removeprefix(step.rule))
    letter = out.signs.name(book.letter)
    if step.inner is not None:
        inner = out.signs.formula(f"{letter} = {book.inner(step)}")
        out.paragraph(*name, ": outer ", book.outer(step), ", inner ", inner, hanging=3)
    elif step.logarithm is not None:
        power = out.signs.formula(f"{letter} = {book.part(step.node)}")
        whole = out.signs.formula(f"{book.logarithm} = {book.line(step.logarithm)}")
        prime = out.signs.formula(out.signs.order(letter, 1))
        out.paragraph(*name, ": with ", power, ", ", whole, ", and ", prime, " is ", letter,
                      " times the derivative of that", hanging=3)  # fmt: skip
    else:
        out.paragraph(*name, hanging=3)
    write_equation(out, "   ", book.standing(book.called(step.node)), book.line(step.after))
    if recorded is not None:
        _machine(out, recorded, book)
    for kink in step.kinks:
        _kink(out, book, step, kink)


def write_equation(out: Format, lead: str, left: str, right: str) -> None:
    """Write an equation, on two lines where one would be broken inside a bracket."""
    signs = out.signs
    if signs.notation.latex or width(f"{lead}{left} = {right}") <= out.columns:
        out.paragraph(lead, signs.formula(f"{left} = {right}"), hanging=5)
        return
    out.paragraph(lead, signs.formula(left), hanging=5)
    out.paragraph("   ", signs.formula(f"= {right}"), hanging=5)


#: An operand, or the result, in what the table says of a kink; "a multiple of" is none.
_LETTER = re.compile(r"\b([abcy])\b(?! multiple)")


def _kink(out: Format, book: Book, step: Step, kink: Kink) -> None:
    """Write where a slope is a convention, as the table has it, the operands in their places."""
    operands = book.graph.operands[step.node]
    labels = {letter: book.called(node) for letter, node in zip(OPERANDS, operands, strict=False)}
    known = {**labels, "y": book.part(step.node)}
    moving = {a for a, k in zip(OPERANDS, operands, strict=False) if book.graph.dependent[k]}
    parts = (kink.text or kink.condition).split(" and ")
    told = [part for part in parts if (moving | {"y"}).intersection(_LETTER.findall(part))]
    said = re.sub(r" (?=whole|a multiple|not )", " is ", words(" and ".join(told or parts)))
    where = _filled(out, _LETTER, said, known)
    slope = _filled(out, re.compile(r"\{(\w)\}"), kink.slope, labels)
    kind = kink.kind.replace("-", " ")
    out.paragraph(f"   {kind} where ", *where, ": ", *slope, hanging=5)


def _filled(
    out: Format, letter: re.Pattern[str], text: str, known: Mapping[str, str]
) -> Iterator[str]:
    """Yield a phrase of the table in parts, with formulas in place of its letters."""
    before = ""
    for place, part in enumerate(letter.split(text)):
        if not place % 2:
            yield part
        elif before.endswith("^") and not known[part].isalnum():
            yield from ("(", out.signs.formula(known[part]), ")")
        else:
            yield out.signs.formula(known[part])
        before = part


def _machine(out: Format, recorded: Recorded, book: Book) -> None:
    """Write the node, its partials and its tangent: what the machine has for the same line."""
    signs = out.signs
    moving = {label for k, label in book.graph.named().items() if k in book.derivation.active}
    parts = [
        f"{signs.local(recorded.label, edge.operand)} = {signs.number(edge.partial)}"
        for edge in recorded.edges
        if edge.partial is not None and edge.operand in moving
    ]
    if not book.derivation.stretch.held:  # a tangent is along all paths
        moved = (recorded.tangents or {})[book.derivation.variable]
        parts.append(f"{signs.tangent(recorded.label)} = {signs.number(moved)}")
    out.paragraph("   machine, ", signs.label(recorded.label), ": ",
                  signs.formula(", ".join(elided(parts, signs))), hanging=5)  # fmt: skip
