"""Tokens to graph by operator precedence, on explicit stacks: depth is bounded by memory alone.

A `Pending` waits for its right operand or its closing bracket. Only directly chained `+` become
one sum. Nodes are made when they are complete, so their order is the textbook's numbering.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple, NoReturn

from autodiff_cli.errors import SHORT, ExpressionError
from autodiff_cli.graph import Builder, Constant, Graph
from autodiff_cli.language import mends
from autodiff_cli.language.pending import Opener, Pending
from autodiff_cli.language.tokens import Kind, Token, columns, tokenise
from autodiff_cli.limits import exceeded, limit
from autodiff_cli.ops import ABS, ADD, DIVIDE, MULTIPLY, NEGATE, POWER, SQRT, SUBTRACT, WHERE, find
from autodiff_cli.ops.row import ATOM, COMPARISON, PRODUCT, SUM, Operation
from autodiff_cli.ops.row import POWER as POWER_PRECEDENCE

_INFIX = {Kind.TIMES: MULTIPLY, Kind.DIVIDE: DIVIDE, Kind.MINUS: SUBTRACT}
_TWO, _TEN = ("", "2", 0), ("", "1", 1)


class Reading(NamedTuple):
    """A graph, and what the reader should know of how its text was understood."""

    graph: Graph
    remarks: tuple[str, ...]


def read(texts: Sequence[str], variables: Sequence[str] = (), *, share: bool = True) -> Reading:
    """Read expressions into one graph.

    Args:
        texts: one expression for each output.
        variables: names that are variables even where the language has a constant (`e`).
        share: False keeps equal subexpressions apart.

    Raises:
        ExpressionError: the text is not an expression; it carries the column and the mend.
        LimitError: the text is beyond a limit of `limits.py`.
    """
    known = frozenset(variables)
    tokens = [tokenise(text, known) for text in texts]
    names = {token.name: None for row in tokens for token in row if token.kind == Kind.VARIABLE}
    builder = Builder(tuple(names), share=share)
    nodes = {name: index for index, name in enumerate(names)}
    parsers = [_Parser(text, row, builder, nodes) for text, row in zip(texts, tokens, strict=True)]
    outputs = [parser.parse() for parser in parsers]
    remarks = {remark: None for parser in parsers for remark in parser.remarks}
    return Reading(builder.graph(outputs), tuple(remarks))


def _typed(token: Token) -> str:
    """Return the spelling to keep of a constant: a superscript is printed as a plain number."""
    return "" if token.kind == Kind.SUPERSCRIPT else token.spelling


class _Parser:
    def __init__(
        self, text: str, tokens: list[Token], builder: Builder, variables: dict[str, int]
    ) -> None:
        self.text, self.tokens, self.builder, self.variables = text, tokens, builder, variables
        self.at = 0
        self.operands: list[int] = []
        self.pending: list[Pending] = []
        self.openers: list[Opener] = []
        self.remarks: list[str] = []
        self.places: list[int] = []
        self.applied, self.most = 0, limit("operations")
        self.deepest = limit("nesting")

    def parse(self) -> int:
        """Return the node of the whole text."""
        due, tokens, last = True, self.tokens, len(self.tokens) - 1
        begin, proceed = self.begin, self.proceed
        while self.at < last:
            token = tokens[self.at]
            due = begin(token) if due else proceed(token)
            self.at += 1
        if due:
            self.fail(*mends.operand_due(self.tokens, self.at))
        self.reduce(COMPARISON)
        if self.openers:
            opener = self.openers[-1]
            what, sign = ("bar", "|") if opener.bar else ("bracket", ")")
            self.fail(f"this {what} is not closed", f"add '{sign}'", opener.at)
        return self.operands[0]

    # An operand is due.

    def begin(self, token: Token) -> bool:
        """Take a token where an operand is due; return whether one still is."""
        kind = token.kind
        if kind == Kind.VARIABLE:
            if self.tokens[self.at + 1].kind == Kind.OPEN and not mends.multiplies(token.name):
                self.fail(*mends.not_a_function(token.name))
            self.operands.append(self.variables[token.name])
            return False
        if token.constant is not None and kind != Kind.SUPERSCRIPT:
            self.operands.append(self.builder.constant(token.constant, token.spelling))
            return False
        if kind == Kind.FUNCTION:
            self.head(token)
        elif kind == Kind.OPEN:
            self.open(Opener(self.at))
        elif kind == Kind.BAR:
            self.open(Opener(self.at, bar=True))
        elif kind == Kind.ROOT:
            self.pending.append(Pending(ATOM, self.at, SQRT, 1))
        elif kind in (Kind.MINUS, Kind.PLUS) and not self.under_root():
            return kind == Kind.PLUS or self.minus()
        else:
            self.fail(*mends.operand_due(self.tokens, self.at))
        return True

    def under_root(self) -> bool:
        return (
            bool(self.pending)
            and self.pending[-1].operation is SQRT
            and (self.pending[-1].precedence == ATOM)
        )

    def minus(self) -> bool:
        """A minus before a literal belongs to the constant, except under a power."""
        following = self.tokens[self.at + 1]
        if following.kind == Kind.NUMBER:
            after = self.tokens[self.at + 2].kind
            if after not in (Kind.POWER, Kind.SUPERSCRIPT) and following.constant:
                sign, digits, exponent = following.constant.exact
                negative = Constant((f"-{sign}", digits, exponent), -following.constant.value)
                self.operands.append(self.builder.constant(negative, f"-{following.spelling}"))
                self.at += 1
                return False
        self.pending.append(Pending(NEGATE.precedence, self.at, NEGATE, 1))
        return True

    def head(self, token: Token) -> None:
        """Take a function's name, the power that may stand on it, and its bracket."""
        following = self.tokens[self.at + 1]
        if following.kind == Kind.OPEN:
            self.at += 1
            self.open(Opener(self.at, call=token))
            return
        start, power = self.at, None
        if following.kind == Kind.POWER:
            power = self.tokens[self.at + 2]
            if power.kind != Kind.NUMBER:
                self.fail(*mends.power_of_function(token, power))
            self.at += 2
        elif following.kind == Kind.SUPERSCRIPT:
            power = following
            if power.spelling.startswith("⁻"):
                self.fail(*mends.power_of_function(token, power))
            self.at += 1
        if self.tokens[self.at + 1].kind != Kind.OPEN:
            self.fail(*mends.needs_brackets(token.name, self.tokens, self.at + 1), start)
        self.at += 1
        self.open(Opener(self.at, call=token, power=power))

    def open(self, opener: Opener) -> None:
        self.pending.append(opener)
        self.openers.append(opener)
        if len(self.openers) > self.deepest:
            raise exceeded("nesting")

    # An operator is due.

    def proceed(self, token: Token) -> bool:
        """Take a token after a whole operand; return whether an operand is due next."""
        kind = token.kind
        operation = _INFIX.get(kind)
        if operation is not None:
            precedence = operation.precedence
            self.reduce(precedence)
            self.pending.append(Pending(precedence, self.at, operation))
        elif kind == Kind.PLUS:
            self.plus()
        elif kind == Kind.POWER or kind == Kind.SUPERSCRIPT:
            self.reduce(POWER_PRECEDENCE + 1)
            self.pending.append(Pending(POWER_PRECEDENCE, self.at, POWER))
            if kind == Kind.SUPERSCRIPT and token.constant is not None:
                self.operands.append(self.builder.constant(token.constant))
                return False
        elif kind == Kind.CLOSE:
            self.close()
            return False
        elif kind == Kind.BAR and self.openers and self.openers[-1].bar:
            self.reduce(COMPARISON)
            self.openers.pop()
            self.pending.pop()
            self.apply(ABS, 1)
            return False
        elif kind == Kind.COMMA:
            self.comma()
        elif kind == Kind.COMPARE:
            self.compare(token)
        else:
            return self.juxtapose(token)
        return True

    def plus(self) -> None:
        self.reduce(SUM + 1)
        top = self.pending[-1] if self.pending else None
        if top is not None and top.operation is ADD:
            top.count += 1
            return
        self.reduce(SUM)
        self.pending.append(Pending(SUM, self.at, ADD))

    def juxtapose(self, token: Token) -> bool:
        """Multiply by an operand that follows without a sign."""
        previous = self.tokens[self.at - 1]
        if token.kind == Kind.NUMBER and previous.kind == Kind.NUMBER:
            mend = f"write {previous.spelling}*{token.spelling} for a product"
            self.fail("two numbers side by side", mend)
        tight = self.pending[-1] if self.pending else None
        self.reduce(PRODUCT + 1)
        top = self.pending[-1] if self.pending else None
        if top is not None and top.operation is DIVIDE:
            self.remark(top, token, "quotient")
        elif tight is not None and self.tokens[tight.at].kind in (Kind.POWER, Kind.ROOT):
            self.remark(tight, token, "power" if tight.operation is POWER else "root")
        self.reduce(PRODUCT)
        self.pending.append(Pending(PRODUCT, self.at, MULTIPLY))
        return self.begin(token)

    def remark(self, pending: Pending, token: Token, what: str) -> None:
        """Say how a product without a sign was read, where a reader could expect another way."""
        self.places = self.places or columns(self.text)
        start, here = self.places[pending.at], self.places[self.at]
        if self.text[here - 1].isspace() and what != "quotient":
            return
        left = self.text[start : min(here, start + SHORT + 1)]
        self.remarks.append(mends.reading(what, left, token))

    def close(self) -> None:
        self.reduce(COMPARISON)
        if not self.openers:
            self.fail("this bracket closes nothing", "remove ')' or open it with '('")
        opener = self.openers[-1]
        if opener.bar:
            self.fail("a bar is open here, not a bracket", "close it with '|' first, or use abs(…)")
        self.openers.pop()
        self.pending.pop()
        if opener.call is not None:
            self.finish(opener, opener.call)

    def comma(self) -> None:
        self.reduce(COMPARISON)
        opener = self.openers[-1] if self.openers else None
        if opener is None or opener.call is None:
            self.fail(*mends.comma(self.tokens, self.at))
        self.condition(opener, opener.call)
        if opener.count == 2 and opener.call.name in ("max", "min"):
            self.apply(opener.call.rows[0], 2)  # the third argument folds from the left
        else:
            opener.count += 1

    def condition(self, opener: Opener, call: Token) -> None:
        """The first argument of where, and only that, is a comparison."""
        is_comparison = self.builder.operations[self.operands[-1]].precedence == COMPARISON
        if call.rows == (WHERE,) and opener.count == 1 and not is_comparison:
            self.fail("the first argument of where is a comparison", "write where(x > 0, …, …)")

    def compare(self, token: Token) -> None:
        self.reduce(SUM)
        top = self.pending[-1] if self.pending else None
        if top is not None and top.precedence == COMPARISON:
            self.fail("one comparison at a time", "write where(0 < x, where(x < 1, …, …), …)")
        call = top.call if isinstance(top, Opener) and top.count == 1 else None
        if call is None or call.rows != (WHERE,):
            mend = "write where(x > 0, value if true, value if false)"
            self.fail("a comparison stands only in the condition of where", mend)
        self.pending.append(Pending(COMPARISON, self.at, token.rows[0]))

    # Nodes.

    def reduce(self, precedence: int) -> None:
        """Apply what waits and binds at least as tightly as `precedence`."""
        pending = self.pending
        while pending and pending[-1].precedence >= precedence:
            top = pending.pop()
            self.apply(top.operation, top.count)

    def apply(self, operation: Operation, count: int, spelling: str = "") -> None:
        operands = self.operands
        if count == 1:
            operands[-1] = self.builder.apply(operation, (operands[-1],), spelling)
        else:
            arguments = tuple(operands[-count:])
            del operands[-count:]
            operands.append(self.builder.apply(operation, arguments, spelling))
        self.applied += 1
        if self.applied > self.most:
            raise exceeded("operations")

    def finish(self, opener: Opener, call: Token) -> None:
        """Apply a function whose last argument is complete."""
        self.condition(opener, call)
        count = opener.count
        row = call.rows[0] if len(call.rows) == 1 and call.rows[0].arity == count else None
        row = row or next((row for row in call.rows if row.arity == count), None)
        if row is None:
            self.fail(*mends.wrong_count(call, count, self.tokens, self.at), opener.at)
        elif row.name == "log":
            base = self.builder.constants.get(self.operands[-1])
            if base is not None and base.exact in (_TWO, _TEN):
                self.operands.pop()
                row, count = find("log2" if base.exact == _TWO else "log10", 1), 1
        elif call.name == "log":
            self.remarks.append("log is the natural logarithm, ln; log10 and log2 have their names")
        self.apply(row, count, call.name if call.name in row.aliases else "")
        if opener.power is not None and opener.power.constant is not None:
            constant = self.builder.constant(opener.power.constant, _typed(opener.power))
            self.operands.append(constant)
            self.apply(POWER, 2)

    def fail(self, message: str, mend: str = "", at: int | None = None) -> NoReturn:
        """Raise the error at token `at`, the current one by default."""
        column = columns(self.text)[self.at if at is None else at]
        raise ExpressionError(message, self.text, column, mend=mend)
