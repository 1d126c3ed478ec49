"""Text to lexemes, and lexemes to groups by their brackets, where a text is more than one formula.

A lexeme keeps its columns, so that a caret points at what was typed however it is translated.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from autodiff_cli.errors import ExpressionError
from autodiff_cli.language.tokens import ATOMS
from autodiff_cli.limits import exceeded, limit
from autodiff_cli.ops import FUNCTIONS

#: What opens and closes; LaTeX's own brackets come as one lexeme each.
BRACKETS = {
    "(": ")", "[": "]", "{": "}", r"\left|": r"\right|", r"\lfloor": r"\rfloor",
    r"\lceil": r"\rceil", r"\begin{cases}": r"\end{cases}",
}  # fmt: skip
_CLOSERS = frozenset(BRACKETS.values())
_SPOKEN = {
    r"\left|": "|", r"\right|": "|", r"\lfloor": r"\lfloor", r"\begin{cases}": r"\begin{cases}"
}  # fmt: skip
NEWLINE = "\n"
#: A new line ends no statement before or after one of these.
_OPERATORS = frozenset((
    *"+-−–*·⋅∙∗×/÷^√,=<>", "**", ":=", "+=", "-=", "*=", "/=", "<=", ">=", "==", "!=",
))  # fmt: skip
_CONTINUES = (_OPERATORS - {"√"}) | {"if", "else", r"\cdot", r"\times", r"\div"}

_LEXEME = re.compile(
    rf"""[^\S\n\r]*(
      [\n\r]+
    | \#[^\n\r]*                                          # comment
    | \\\\ | \\[A-Za-z]+ | \\[^\s]
    | \.[A-Za-z]\w*                                           # .relu
    | :=
    | [-+*/]=(?!=)
    | {ATOMS}
    )""",
    re.VERBOSE,
)


class Lexeme(NamedTuple):
    """A piece of text.

    Attributes:
        text: what it is now; a translation may differ from what was typed.
        column, end: where it stands in the text as typed.
    """

    text: str
    column: int
    end: int


class Group:
    """What stands between two brackets, these included.

    Attributes:
        bracket: the opening one.
        items: lexemes and groups.
        column, end: where it stands in the text as typed.
    """

    __slots__ = ("bracket", "column", "end", "items")

    def __init__(self, bracket: str, column: int, items: list[Item] | None = None) -> None:
        self.bracket, self.column = bracket, column
        self.items: list[Item] = items or []
        self.end = column


Item = Lexeme | Group


def lexemes(text: str) -> list[Lexeme]:
    """Return the lexemes of a text, new lines included, comments and spaces left out."""
    found = [Lexeme(m[1], m.start(1), m.end(1)) for m in _LEXEME.finditer(text)]
    return [
        Lexeme(NEWLINE, one.column, one.end) if one.text[0] in "\n\r" else one
        for one in found
        if one.text[0] != "#"
    ]


def grouped(text: str, pieces: list[Lexeme]) -> tuple[list[Item], list[Group]]:
    """Return the items at the top, and every group, the outer before the inner.

    Raises:
        ExpressionError: a bracket is not closed, closes nothing or closes another one.
        LimitError: more brackets inside each other than the limit.
    """
    top: list[Item] = []
    groups: list[Group] = []
    opened: list[Group] = []
    items, deepest = top, limit("nesting")
    for piece in pieces:
        mark = piece.text
        if mark in BRACKETS:
            group = Group(mark, piece.column)
            groups.append(group)
            items.append(group)
            opened.append(group)
            if len(opened) > deepest:
                raise exceeded("nesting")
            items = group.items
        elif mark in _CLOSERS:
            _check_closing(text, piece, opened)
            opened.pop().end = piece.end
            items = opened[-1].items if opened else top
        elif mark != NEWLINE or not opened:
            items.append(piece)
    if opened:
        group = opened[-1]
        mend = f"add '{_spoken(BRACKETS[group.bracket])}'"
        raise ExpressionError("this bracket is not closed", text, group.column, mend=mend)
    return top, groups


def _check_closing(text: str, piece: Lexeme, opened: list[Group]) -> None:
    mark = _spoken(piece.text)
    if not opened:
        opener = next(a for a, b in BRACKETS.items() if b == piece.text)
        mend = f"remove '{mark}' or open it with '{_spoken(opener)}'"
        raise ExpressionError("this bracket closes nothing", text, piece.column, mend=mend)
    wanted = BRACKETS[opened[-1].bracket]
    if wanted != piece.text:
        opener = _spoken(opened[-1].bracket)
        message = f"'{mark}' does not close '{opener}'"
        mend = f"write '{_spoken(wanted)}' here"
        raise ExpressionError(message, text, piece.column, mend=mend)


def _spoken(bracket: str) -> str:
    return _SPOKEN.get(bracket, bracket)


def is_word(item: Item | None, *texts: str) -> bool:
    """Tell whether an item is a lexeme of one of these texts."""
    return isinstance(item, Lexeme) and item.text in texts


def split(items: list[Item], *signs: str) -> list[list[Item]]:
    """Return the runs of items between the lexemes that are one of `signs`."""
    parts: list[list[Item]] = [[]]
    for item in items:
        if isinstance(item, Lexeme) and item.text in signs:
            parts.append([])
        else:
            parts[-1].append(item)
    return parts


def goes_on(last: Item, following: Item) -> bool:
    """Tell whether a new line between two items ends no statement."""
    return _waits(last) or _continues(following)


def _waits(last: Item) -> bool:
    return isinstance(last, Lexeme) and (last.text in _OPERATORS or last.text in FUNCTIONS)


def _continues(following: Item) -> bool:
    return isinstance(following, Lexeme) and following.text in _CONTINUES


def statements(items: list[Item]) -> Iterator[tuple[list[Item], list[Lexeme]]]:
    """Yield the items of each statement, and the new lines that did not end it before a sign."""
    current: list[Item] = []
    carried: list[Lexeme] = []
    for at, item in enumerate(items):
        if not is_word(item, ";", NEWLINE):
            current.append(item)
            continue
        assert isinstance(item, Lexeme)
        if item.text == NEWLINE and current and at + 1 < len(items):
            last, following = current[-1], items[at + 1]
            if _waits(last):
                continue
            if _continues(following):
                assert isinstance(following, Lexeme)
                carried.append(following)
                continue
        if current:
            yield current, carried
        current, carried = [], []
    if current:
        yield current, carried
