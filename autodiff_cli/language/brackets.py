"""Brackets, bars and the arguments of functions: what opens, and what is due when it closes."""

from __future__ import annotations

from typing import NoReturn

from autodiff_cli.errors import ExpressionError
from autodiff_cli.graph.constant import Constant
from autodiff_cli.graph.graph import Builder
from autodiff_cli.language import mends
from autodiff_cli.language.definitions import expand
from autodiff_cli.language.stack import OPENED, Stack
from autodiff_cli.language.tokens import Definition, Kind, Token, columns
from autodiff_cli.limits import exceeded, limit
from autodiff_cli.ops import ABS, CONSTANT, POWER, WHERE, find
from autodiff_cli.ops.row import COMPARISON, SUM

_TWO, _TEN = ("", "2", 0), ("", "1", 1)


class Brackets:
    """A text that is read, its stacks, and the brackets that are open.

    Attributes:
        text, tokens: what is read; `at` is the place of the current token.
        builder: makes the nodes.
        places: the column of each token, if not the one at which it would be found in the text.
        left: operations that may be made; as many as the limit by default.
        calls: whether a function's name and its bracket are one token.
        stack: complete nodes, and what waits; an open bracket waits there too.
        openers: for each open bracket the function's name, the bar, or None.
        powers: place of a function's bracket → the power on its name, as spelled: `sin^2(`.
        remarks: what the reader should know of how the text was understood.
    """

    def __init__(
        self,
        text: str,
        tokens: list[Token],
        builder: Builder,
        places: list[int] | None = None,
        left: int | None = None,
        *,
        calls: bool = False,
    ) -> None:
        self.text, self.tokens, self.builder = text, tokens, builder
        self.stack = Stack(builder, left)
        self.openers: list[Token | None] = []
        self.powers: dict[int, tuple[Constant, str]] = {}
        self.deepest = limit("nesting")
        self.at = 0
        self.remarks: list[str] = []
        self.places = places or []
        self.calls = calls

    def columns(self) -> list[int]:
        """Return the column of each token, found when it is first asked for."""
        self.places = self.places or columns(self.text, calls=self.calls)
        return self.places

    def fail(self, message: str, mend: str = "", at: int | None = None) -> NoReturn:
        """Raise the error at token `at`, the current one by default."""
        column = self.columns()[self.at if at is None else at]
        raise ExpressionError(message, self.text, column, mend=mend)

    def open(self, at: int, opener: Token | None) -> None:
        """Let the bracket or bar at a token wait to be closed."""
        self.stack.waiting.append((OPENED, CONSTANT, len(self.stack.nodes), at))
        self.openers.append(opener)

    def close(self) -> None:
        """Take a bracket that closes; apply the function that it belongs to."""
        stack, openers = self.stack, self.openers
        if stack.waiting[-1][0] >= COMPARISON:
            stack.reduce(COMPARISON)
        if not openers:
            self.fail("this bracket closes nothing", "remove ')' or open it with '('")
        if len(openers) > self.deepest:
            raise exceeded("nesting")
        opener = openers.pop()
        _, _, base, at = stack.waiting.pop()
        if opener is None:
            return
        if opener.unary is not None and len(stack.nodes) == base + 1:
            stack.apply(opener.unary, base, opener.alias)
        elif opener.kind == Kind.BAR:
            self.fail("a bar is open here, not a bracket", "close it with '|' first, or use abs(…)")
        else:
            self.finish(opener, base, at)
        if self.powers and at in self.powers:
            stack.nodes.append(self.builder.constant(*self.powers.pop(at)))
            stack.apply(POWER, base)

    def in_bars(self) -> bool:
        """Tell whether what opened last is a bar."""
        opener = self.openers[-1] if self.openers else None
        return opener is not None and opener.kind == Kind.BAR

    def close_bar(self) -> None:
        """Take a bar that closes."""
        self.stack.reduce(COMPARISON)
        self.openers.pop()
        _, _, base, _ = self.stack.waiting.pop()
        self.stack.apply(ABS, base)

    def comma(self) -> None:
        """Take a comma: another argument is due."""
        stack = self.stack
        stack.reduce(COMPARISON)
        call = self.openers[-1] if self.openers else None
        if call is None or call.kind == Kind.BAR:
            self.fail(*mends.comma(self.tokens, self.at))
        base = stack.waiting[-1][2]
        self.condition(call, base)
        if call.rows and call.name in ("max", "min") and len(stack.nodes) - base == 2:
            stack.apply(call.rows[0], base)  # the third argument folds from the left

    def condition(self, call: Token, base: int) -> None:
        """The first argument of where, and only that, is a comparison."""
        nodes = self.stack.nodes
        if call.rows != (WHERE,) or len(nodes) - base > 1:
            return
        if self.builder.operations[nodes[-1]].precedence != COMPARISON:
            self.fail("the first argument of where is a comparison", "write where(x > 0, …, …)")

    def compare(self, token: Token) -> None:
        """Take a comparison."""
        stack = self.stack
        stack.reduce(SUM)
        precedence, _, base, _ = stack.waiting[-1]
        if precedence == COMPARISON:
            self.fail("one comparison at a time", "write where(0 < x, where(x < 1, …, …), …)")
        inside = precedence == OPENED and self.openers and len(stack.nodes) - base == 1
        call = self.openers[-1] if inside else None
        if call is None or call.rows != (WHERE,):
            mend = "write where(x > 0, value if true, value if false)"
            self.fail("a comparison stands only in the condition of where", mend)
        stack.waiting.append((COMPARISON, token.rows[0], len(stack.nodes) - 1, self.at))

    def finish(self, call: Token, base: int, at: int) -> None:
        """Apply a function whose last argument is complete; its bracket opened at token `at`."""
        nodes = self.stack.nodes
        count = len(nodes) - base
        if call.definition is not None:
            self.call(call.definition, base, at)
            return
        self.condition(call, base)
        row = next((row for row in call.rows if row.arity == count), None)
        if row is None:
            self.fail(*mends.wrong_count(call, count, self.tokens, self.at), at)
        elif row.name == "log":
            constant = self.builder.constants.get(nodes[-1])
            if constant is not None and constant.exact in (_TWO, _TEN):
                nodes.pop()
                row = find("log2" if constant.exact == _TWO else "log10", 1)
        elif call.name == "log":
            self.remarks.append(mends.NATURAL)
        self.stack.apply(row, base, call.name if call.name in row.aliases else "")

    def call(self, definition: Definition, base: int, at: int) -> None:
        """Apply a function of the user's own; its bracket opened at token `at`."""
        nodes, wanted = self.stack.nodes, len(definition.parameters)
        if len(nodes) - base != wanted:
            self.fail(*mends.wrong_call(definition, len(nodes) - base), at)
        nodes[base:] = (expand(self.builder, definition, tuple(nodes[base:])),)
        self.stack.count(len(definition.body) + 1)
