"""Tokens to graph by operator precedence, on explicit stacks: depth is bounded by memory alone.

Only directly chained `+` become one sum. Nodes are made when they are complete, so their order is
the textbook's numbering.
"""

from __future__ import annotations

from itertools import islice

from autodiff_cli.errors import SHORT
from autodiff_cli.graph.constant import Constant
from autodiff_cli.language import mends
from autodiff_cli.language.functions import Functions
from autodiff_cli.language.stack import APPLIED, OPENED
from autodiff_cli.language.tokens import Kind, Token
from autodiff_cli.ops import ADD, CONSTANT, DIVIDE, MULTIPLY, NEGATE, POWER, SQRT
from autodiff_cli.ops.row import ATOM, COMPARISON, PRODUCT, SIGN, SUM, Operation

# The kinds of nearly all tokens, under names of their own: an attribute costs at every token.
_VARIABLE, _FUNCTION, _PLUS = Kind.VARIABLE, Kind.FUNCTION, Kind.PLUS
_OPEN, _CALL, _CLOSE = Kind.OPEN, Kind.CALL, Kind.CLOSE


class Parser(Functions):
    """Reads one expression."""

    def parse(self) -> int:
        """Return the node of the whole text.

        The loop takes variables, numbers and operators itself, because there are so many; it
        leaves all else to `begin`, where an operand is due, and to `proceed`, where one is whole.
        """
        tokens, constant = self.tokens, self.builder.constant
        nodes, waiting, reduce = self.stack.nodes, self.stack.waiting, self.stack.reduce
        openers, close, unary = self.openers, self.close, self.builder.unary
        powers, deepest = self.powers, self.deepest
        due, at, made = True, -1, 0
        stream = enumerate(islice(tokens, len(tokens) - 1))
        for at, token in stream:
            kind = token.kind
            if due:
                if kind == _VARIABLE:
                    nodes.append(token.place)
                    due = False
                elif kind == _CALL:
                    waiting.append((OPENED, CONSTANT, len(nodes), at))
                    openers.append(token)
                elif token.constant is not None:
                    nodes.append(constant(token.constant, token.spelling))
                    due = False
                elif kind == _OPEN:
                    self.open(at, None)
                elif kind == _FUNCTION and tokens[at + 1].kind == _OPEN:
                    at, _ = next(stream)
                    waiting.append((OPENED, CONSTANT, len(nodes), at))
                    openers.append(token)
                else:
                    self.at = at
                    due = self.begin(token)
                    for _ in range(at, self.at):
                        next(stream)
            elif (operation := token.infix) is not None:
                if waiting[-1][0] >= token.left:
                    reduce(token.left)
                waiting.append((operation.precedence, operation, len(nodes) - 1, at))
                due = True
            elif kind == _CLOSE:
                if waiting[-1][0] >= COMPARISON:
                    reduce(COMPARISON)
                opener = openers[-1] if 0 < len(openers) <= deepest else None
                row = None if opener is None or powers else opener.unary
                if opener is None or row is None or len(nodes) - waiting[-1][2] != 1:
                    self.at = at
                    close()
                else:
                    openers.pop()
                    waiting.pop()
                    nodes[-1] = unary(row, nodes[-1], opener.alias)
                    made += 1
            elif kind == _PLUS:
                if waiting[-1][0] > SUM:
                    reduce(SUM + 1)
                if waiting[-1][1] is not ADD:  # directly chained terms are one sum
                    reduce(SUM)
                    waiting.append((SUM, ADD, len(nodes) - 1, at))
                due = True
            else:
                self.at = at
                due = self.proceed(token)
                for _ in range(at, self.at):
                    next(stream)
        self.at = len(tokens) - 1
        self.stack.count(made)
        return self.end(due)

    def end(self, due: bool) -> int:
        """Return the one node that is left at the end of the text."""
        if due:
            self.fail(*mends.operand_due(self.tokens, self.at))
        self.stack.reduce(COMPARISON)
        if self.openers:
            what, sign = ("bar", "|") if self.in_bars() else ("bracket", ")")
            self.fail(f"this {what} is not closed", f"add '{sign}'", self.stack.waiting[-1][3])
        return self.stack.nodes[0]

    # An operand is due.

    def begin(self, token: Token) -> bool:
        """Take a token where an operand is due; return whether one still is."""
        kind = token.kind
        if kind == Kind.VARIABLE:
            self.stack.nodes.append(token.place)
            return False
        if token.constant is not None:
            self.stack.nodes.append(self.builder.constant(token.constant, token.spelling))
            return False
        if kind == Kind.FUNCTION:
            self.head(token)
        elif kind == Kind.OPEN:
            self.open(self.at, None)
        elif kind == Kind.CALL or kind == Kind.BAR:
            self.open(self.at, token)
        elif kind == Kind.ROOT:
            self.prefix(ATOM, SQRT)
        elif kind in (Kind.MINUS, Kind.PLUS) and not self.under_root():
            return kind == Kind.PLUS or self.minus()
        else:
            self.fail(*mends.operand_due(self.tokens, self.at))
        return True

    def prefix(self, precedence: int, operation: Operation) -> None:
        """Let a sign before an operand wait for it."""
        stack = self.stack
        stack.waiting.append((precedence, operation, len(stack.nodes), self.at))

    def infix(self, operation: Operation) -> None:
        """Let an operator after an operand wait for the next one."""
        stack = self.stack
        stack.waiting.append((operation.precedence, operation, len(stack.nodes) - 1, self.at))

    def under_root(self) -> bool:
        """Tell whether the operand that is due is that of a √."""
        precedence, operation, _, _ = self.stack.waiting[-1]
        return operation is SQRT and precedence == ATOM

    def minus(self) -> bool:
        """A minus before a literal belongs to the constant, except under a power."""
        following = self.tokens[self.at + 1]
        if following.kind == Kind.NUMBER:
            after = self.tokens[self.at + 2].kind
            if after not in (Kind.POWER, Kind.SUPERSCRIPT) and following.constant:
                sign, digits, exponent = following.constant.exact
                negative = Constant((f"-{sign}", digits, exponent), -following.constant.value)
                node = self.builder.constant(negative, f"-{following.spelling}")
                self.stack.nodes.append(node)
                self.at += 1
                return False
        self.prefix(NEGATE.precedence, NEGATE)
        return True

    # An operator is due.

    def proceed(self, token: Token) -> bool:
        """Take a token after a whole operand; return whether an operand is due next."""
        kind = token.kind
        if token.exponent is not None:
            self.stack.reduce(ATOM)
            self.infix(POWER)
            self.stack.nodes.append(self.builder.constant(token.exponent))
            return False
        if kind == Kind.BAR and self.in_bars():
            self.close_bar()
            return False
        if kind == Kind.COMMA:
            self.comma()
        elif kind == Kind.COMPARE:
            self.compare(token)
        else:
            return self.juxtapose(token)
        return True

    def juxtapose(self, token: Token) -> bool:
        """Multiply by an operand that follows without a sign."""
        previous = self.tokens[self.at - 1]
        if token.kind == Kind.OPEN and previous.kind == Kind.VARIABLE:
            if not mends.multiplies(previous.name):
                self.fail(*mends.not_a_function(previous.name), self.at - 1)
        elif token.kind == Kind.NUMBER and previous.kind == Kind.NUMBER:
            mend = f"write {previous.spelling}*{token.spelling} for a product"
            self.fail("two numbers side by side", mend)
        tight = self.stack.waiting[-1]
        self.stack.reduce(SIGN)
        if self.in_run():
            if self.goes_on(token):
                self.extend()
                return self.begin(token)
            self.stack.reduce(APPLIED)
            tight = self.stack.waiting[-1]
            self.stack.reduce(SIGN)
        _, waits, _, at = self.stack.waiting[-1]
        if waits is DIVIDE:
            self.remark(at, token, "quotient")
        elif self.tokens[tight[3]].kind in (Kind.POWER, Kind.ROOT):
            self.remark(tight[3], token, "power" if tight[1] is POWER else "root")
        self.stack.reduce(PRODUCT)
        self.infix(MULTIPLY)
        return self.begin(token)

    def remark(self, at: int, token: Token, what: str) -> None:
        """Say how a product without a sign was read, where a reader could expect another way."""
        start, here = self.columns()[at], self.columns()[self.at]
        if self.text[here - 1].isspace() and what != "quotient":
            return
        left = self.text[start : min(here, start + SHORT + 1)]
        self.remarks.append(mends.reading(what, left, token))
