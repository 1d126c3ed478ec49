"""Lexemes to items in which LaTeX, pasted code and other brackets are the program's own forms."""

from __future__ import annotations

from collections.abc import Collection

from autodiff_cli.errors import ExpressionError
from autodiff_cli.language import latex
from autodiff_cli.language.aligned import BEGIN, aligned
from autodiff_cli.language.code import Code
from autodiff_cli.language.lexemes import NEWLINE, Group, Item, Lexeme, grouped, is_word
from autodiff_cli.language.tokens import Unreadable, classify
from autodiff_cli.ops import FUNCTIONS


def translated(
    text: str, pieces: list[Lexeme], given: Collection[str], remarks: list[str]
) -> list[Item]:
    """Return the items of a text.

    Args:
        text: the whole text, for errors.
        pieces: its lexemes.
        given: names that have a value.
        remarks: gets what the reader should know of how the text was understood.

    Raises:
        ExpressionError: brackets do not pair, or a form is not read.
    """
    if BEGIN in text:
        pieces = aligned(pieces)
    if "\\" in text or "$" in text or "_{" in text or "}_" in text:
        pieces = latex.Translation(text, pieces).run()
    try:
        top, groups = grouped(text, pieces)
    except ExpressionError as error:
        _check_readable(text, pieces, error.column)
        raise
    code = Code(text, given, remarks)
    for group in reversed(groups):  # the inner before the outer, which may take their items
        group.items = _items(text, group.items, code, group.bracket)
        if group.bracket == latex.CASES:
            latex.cases(text, group)
    return _items(text, top, code)


def _check_readable(text: str, pieces: list[Lexeme], end: int) -> None:
    """Raise the error at the first character before `end` that the language does not have."""
    for piece in pieces:
        if piece.column < end and len(piece.text) == 1 and piece.text != NEWLINE:
            try:
                classify(piece.text, ())
            except Unreadable as problem:
                raise ExpressionError(problem.what, text, piece.column, mend=problem.mend) from None


def _items(text: str, items: list[Item], code: Code, bracket: str = "") -> list[Item]:
    return _called(code.rewritten(latex.structured(text, items, bracket)))


#: A bracket that is a function of what stands in it.
_SPEAKING = {r"\left|": "abs", r"\lfloor": "floor", r"\lceil": "ceil"}


def _called(items: list[Item]) -> list[Item]:
    """Return items in which brackets are round, and the power of a function stands bare."""
    out: list[Item] = []
    for item in items:
        if isinstance(item, Group):
            name = _SPEAKING.get(item.bracket)
            if name is not None:
                out.append(Lexeme(name, item.column, item.column))
                item.bracket = "("
            power = len(out) > 1 and is_word(out[-1], "^", "**") and is_word(out[-2], *FUNCTIONS)
            if power and name is None and _is_number(item):
                out += item.items
                continue
        out.append(item)
    return out


def _is_number(group: Group) -> bool:
    """Tell whether a bracket holds one number, and perhaps its sign."""
    if not group.items:
        return False
    *sign, last = group.items
    number = isinstance(last, Lexeme) and last.text[0].isdigit()
    return number and (not sign or (len(sign) == 1 and is_word(sign[0], "-", "−")))
