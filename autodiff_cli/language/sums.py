"""Items to tokens: names get their meaning, and sums and products over an index are written out."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import NamedTuple

from autodiff_cli.errors import ExpressionError
from autodiff_cli.graph.graph import Builder
from autodiff_cli.language.expression import Parser
from autodiff_cli.language.lexemes import Group, Item, Lexeme, is_word, split
from autodiff_cli.language.scope import Scope
from autodiff_cli.language.tokens import SUMS, Kind, Symbol, Token, classify
from autodiff_cli.limits import exceeded, limit
from autodiff_cli.ops import CONSTANT

#: A subscript that counts on from an index, and a term of it.
_SHIFTED, _TERM = re.compile(r"[-+]"), re.compile(r"([-+]?)([^-+]+)")

_OPEN, _CLOSE = classify("(", ()), classify(")", ())
_SIGNS = {sign: classify(sign, ()) for sign in "+*"}
_EMPTY = {sign: classify(number, ()) for sign, number in (("+", "0"), ("*", "1"))}
_FORM = "write sum(i, 1, 3, w_i x_i): the index, its first and last number, the term"


class Written(NamedTuple):
    """Tokens, and the column of each in the text as typed."""

    tokens: list[Token]
    columns: list[int]

    def put(self, token: Token, column: int) -> None:
        """Add a token."""
        self.tokens.append(token)
        self.columns.append(column)


@dataclass(slots=True)
class _Run:
    """Items that are being written: where, with which indices, and the token at their end."""

    items: list[Item]
    indices: dict[str, int]
    last: Token | None
    end: int
    at: int = 0


@dataclass(slots=True)
class _Loop:
    """A sum or product that is being written, term after term."""

    body: Group
    sign: str
    index: str
    indices: dict[str, int]
    now: int
    last: int
    begun: bool = field(default=False)


class Writer:
    """Writes the items of one text as tokens.

    Args:
        text: the whole text, for errors.
        scope: what its names mean.
    """

    def __init__(self, text: str, scope: Scope) -> None:
        self.text, self.scope = text, scope
        self.terms_left = limit("operations")

    def write(self, items: list[Item], indices: dict[str, int] | None = None) -> Written:
        """Return the tokens of items.

        Raises:
            ExpressionError: a spelling that the language does not have, or a sum that is none.
            LimitError: sums of more terms than there may be operations.
        """
        out = Written([], [])
        stack: list[_Run | _Loop] = [_Run(items, indices or {}, None, 0)]
        while stack:
            top = stack[-1]
            if isinstance(top, _Loop):
                self._next_term(top, out, stack)
            elif top.at == len(top.items):
                stack.pop()
                if top.last is not None:
                    out.put(top.last, top.end)
            else:
                self._item(top, out, stack)
        return out

    def _item(self, run: _Run, out: Written, stack: list[_Run | _Loop]) -> None:
        item = run.items[run.at]
        run.at += 1
        if isinstance(item, Group):
            out.put(_OPEN, item.column)
            stack.append(_Run(item.items, run.indices, _CLOSE, max(item.column, item.end - 1)))
            return
        following = run.items[run.at] if run.at < len(run.items) else None
        bracket = following if isinstance(following, Group) else None
        sign = SUMS.get(item.text)
        if sign and bracket is not None and self._is_sum(item, bracket):
            run.at += 1
            stack.append(self._loop(item, bracket, sign, run.indices))
            return
        name = item.text
        if run.indices and name[0].isalpha():
            value = run.indices.get(name)
            if value is not None:
                out.put(self.scope.number(value), item.column)
                return
            name = self._indexed(item, run.indices)
        if name[0].isalpha() and ("+" in name or "-" in name):
            message = "a subscript is letters and digits"
            mend = "write x_1; in a sum over i, x_{i+1} is the one after x_i"
            raise ExpressionError(message, self.text, item.column, mend=mend)
        called = bracket is not None
        out.put(self.scope.token(name, self.text, item.column, called=called), item.column)

    def _is_sum(self, word: Lexeme, bracket: Group) -> bool:
        """Tell whether this is a sum over an index; a name that has a value is a variable."""
        known = word.text in self.scope.given or word.text in self.scope.steps
        return not known and word.text not in self.scope.functions

    def _loop(self, word: Lexeme, bracket: Group, sign: str, indices: dict[str, int]) -> _Loop:
        parts = split(bracket.items, ",")
        first = parts[0][0] if len(parts[0]) == 1 else None
        if len(parts) != 4 or not isinstance(first, Lexeme) or not all(parts):
            message = f"{word.text} goes over an index"
            mend = _FORM if sign == "+" else _FORM.replace("sum(", "prod(")
            raise ExpressionError(message, self.text, word.column, mend=mend)
        if not first.text[0].isalpha() or first.text in indices:
            message = f"'{first.text}' cannot be the index here"
            raise ExpressionError(message, self.text, first.column, mend="write another letter")
        low, high = (self._whole(part, indices) for part in parts[1:3])
        body = Group("(", bracket.column, parts[3])
        body.end = bracket.end
        return _Loop(body, sign, first.text, indices, low, high)

    def _whole(self, items: list[Item], indices: dict[str, int]) -> int:
        """Return the whole number that a limit of a sum is."""
        written = Writer(self.text, Scope(())).write(items, indices)
        tokens = [*written.tokens, Token(Kind.END, "")]
        columns = [*written.columns, written.columns[-1] + 1]
        builder = Builder(("0",) * sum(token.kind == Kind.VARIABLE for token in tokens))
        output = Parser(self.text, tokens, builder, columns).parse()
        values: list[float] = []
        for node, operation in enumerate(builder.operations):
            if operation is CONSTANT:
                values.append(builder.constants[node].value)
            elif operation.value is not None and builder.operands[node]:
                operands = [values[k] for k in builder.operands[node]]
                values.append(operation.value(*operands))
            else:
                values.append(float("nan"))
        value = values[output]
        if value != value or abs(value) > 1e15 or value != int(value):
            message = "the limits of a sum are whole numbers"
            raise ExpressionError(message, self.text, written.columns[0], mend=_FORM)
        return int(value)

    def _indexed(self, item: Lexeme, indices: dict[str, int]) -> str:
        """Return a name with the numbers of indices in its subscripts: `w_ij` is w_12."""
        head, *parts = item.text.split("_")
        if not parts:
            return item.text
        for place, part in enumerate(parts):
            if _SHIFTED.search(part):
                parts[place] = self._shifted(item, part, indices)
                continue
            letters = [part] if part in indices else list(part)
            if part and all(letter in indices for letter in letters):
                numbers = [indices[letter] for letter in letters]
                if min(numbers) < 0:
                    message = f"{item.text} has an index below 0"
                    raise ExpressionError(message, self.text, item.column)
                parts[place] = "".join(map(str, numbers))
        return "_".join((head, *parts))

    def _shifted(self, item: Lexeme, part: str, indices: dict[str, int]) -> str:
        """Return the number of a subscript such as i+1; the subscript itself where it has none."""
        total = 0
        for sign, word in _TERM.findall(part):
            number = int(word) if word.isdecimal() and word.isascii() else indices.get(word)
            if number is None:
                return part
            total += -number if sign == "-" else number
        if total < 0:
            raise ExpressionError(f"{item.text} has an index below 0", self.text, item.column)
        return str(total)

    def _next_term(self, loop: _Loop, out: Written, stack: list[_Run | _Loop]) -> None:
        column = loop.body.column
        if not loop.begun:
            if loop.now > loop.last:
                stack.pop()
                number = _EMPTY[loop.sign]
                assert isinstance(number, Symbol)
                token = self.scope.number(int(number.spelling))
                out.put(token, column)
                return
            out.put(_OPEN, column)
        elif loop.now <= loop.last:
            out.put(_SIGNS[loop.sign], column)
        else:
            out.put(_CLOSE, column)
            stack.pop()
            return
        loop.begun = True
        self.terms_left -= 1
        if self.terms_left < 0:
            raise exceeded("operations")
        out.put(_OPEN, column)
        indices = {**loop.indices, loop.index: loop.now}
        stack.append(_Run(loop.body.items, indices, _CLOSE, loop.body.end - 1))
        loop.now += 1


def is_name(item: Item) -> bool:
    """Tell whether an item can name a step, a function or a parameter."""
    if not isinstance(item, Lexeme) or _SHIFTED.search(item.text):
        return False
    return item.text[0].isalpha() and not is_word(item, *"∑∏")
