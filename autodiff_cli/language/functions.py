"""A function's name, the power that may stand on it, and its argument with or without brackets.

Without brackets the argument is the run of factors side by side after the name: numbers, names and
powers, and brackets that touch what is before them.
"""

from __future__ import annotations

from autodiff_cli.errors import SHORT, visible
from autodiff_cli.graph.constant import Constant
from autodiff_cli.language import mends
from autodiff_cli.language.brackets import Brackets
from autodiff_cli.language.stack import APPLIED, RUN
from autodiff_cli.language.tokens import Kind, Symbol, Token
from autodiff_cli.ops import FUNCTIONS, MULTIPLY
from autodiff_cli.ops.row import PRODUCT, SIGN

#: What ends a run of factors.
_ENDS = frozenset((Kind.PLUS, Kind.MINUS, Kind.TIMES, Kind.DIVIDE, Kind.COMMA, Kind.CLOSE, Kind.END,
                   Kind.COMPARE, Kind.FUNCTION, Kind.CALL, Kind.ROOT, Kind.BAR))  # fmt: skip
#: What the argument of a function without brackets can begin with.
_BEGINS = frozenset((Kind.NUMBER, Kind.CONSTANT, Kind.VARIABLE, Kind.FUNCTION, Kind.CALL,
                     Kind.ROOT, Kind.BAR, Kind.MINUS))  # fmt: skip
_ONE = ("", "1", 0)

#: Tokens of a run that are looked at to tell whether it has another common reading.
_LOOKED_AT = 40


class Functions(Brackets):
    """The part of the parser that reads functions."""

    def head(self, token: Token) -> None:
        """Take a function's name, the power that may stand on it, and what opens its argument."""
        start, exponent, spelling = self.at, None, ""
        following = self.tokens[self.at + 1]
        if following.kind == Kind.POWER:
            power = self.tokens[self.at + 2]
            if power.kind == Kind.MINUS and self.is_inverse(self.at + 3):
                token = self.inverse(token, power)
                self.at += 3
            elif power.kind != Kind.NUMBER:
                self.fail(*mends.power_of_function(token, power))
            else:
                exponent, spelling = power.constant, power.spelling
                self.at += 2
        elif following.kind == Kind.SUPERSCRIPT:
            if following.spelling == "⁻¹":
                token = self.inverse(token, following)
            elif following.spelling.startswith("⁻"):
                self.fail(*mends.power_of_function(token, following))
            else:
                exponent = following.exponent  # printed as a plain number
            self.at += 1
        if self.tokens[self.at + 1].kind != Kind.OPEN:
            self.bare(token, start, exponent, spelling)
            return
        self.at += 1
        self.open(self.at, token)
        if exponent is not None:
            self.powers[self.at] = (exponent, spelling)

    def is_inverse(self, at: int) -> bool:
        """Tell whether token `at` is the 1 of a power −1."""
        constant = self.tokens[at].constant
        return constant is not None and constant.exact == _ONE

    def inverse(self, function: Token, power: Token) -> Token:
        """Return the inverse function that a power of −1 on a function's name stands for."""
        name = next((n for n in (f"a{function.name}", f"arc{function.name}") if n in FUNCTIONS), "")
        if not name:
            self.fail(*mends.power_of_function(function, power))
        self.remarks.append(mends.inverse(function.name, name))
        return Symbol(Kind.FUNCTION, function.spelling, name, rows=FUNCTIONS[name])

    def bare(self, token: Token, start: int, exponent: Constant | None, spelling: str) -> None:
        """Let a function without brackets, whose name is token `start`, wait for its run."""
        row = next((row for row in token.rows if row.arity == 1), None)
        following = self.tokens[self.at + 1]
        closes = following.kind == Kind.BAR and self.in_bars()
        if row is None or closes or following.kind not in _BEGINS:
            self.fail(*mends.needs_brackets(token, self.tokens, self.at + 1), start)
        if token.name == "log":
            self.remarks.append(mends.NATURAL)
        alias = token.name if token.name in row.aliases else ""
        self.stack.bare[start] = (alias, exponent, spelling)
        self.stack.waiting.append((APPLIED, row, len(self.stack.nodes), start))
        self.say_run(token.name)

    def in_run(self) -> bool:
        """Tell whether what waits is a function without brackets or a factor of its argument."""
        return PRODUCT < self.stack.waiting[-1][0] < SIGN

    def goes_on(self, token: Token) -> bool:
        """Tell whether a token beside a whole operand is one more factor of the run."""
        kind = token.kind
        if kind == Kind.OPEN:
            return self.touches(self.at)
        return kind not in _ENDS

    def extend(self) -> None:
        """Multiply inside of the run."""
        self.stack.reduce(RUN)
        self.stack.waiting.append((RUN, MULTIPLY, len(self.stack.nodes) - 1, self.at))

    def touches(self, at: int) -> bool:
        """Tell whether nothing stands between token `at` and the one before it."""
        here = self.columns()[at]
        return not self.text[here - 1].isspace()

    def say_run(self, name: str) -> None:
        """Say how the argument that begins after the current token was read, if that is not sure.

        Sure are a number or a constant times one name, and one name alone.
        """
        first = at = self.at + 1
        names = powers = 0
        while at < first + _LOOKED_AT:
            kind = self.tokens[at].kind
            if kind == Kind.OPEN or (kind in _ENDS and (at > first or kind != Kind.MINUS)):
                break
            names += kind == Kind.VARIABLE
            powers += kind in (Kind.POWER, Kind.SUPERSCRIPT)
            at += 1
        end = self.tokens[at]
        apart = end.kind == Kind.OPEN and at > first and not self.touches(at)
        divided = end.kind in (Kind.DIVIDE, Kind.TIMES)
        if at == first or not (names > 1 or powers or apart or divided):
            return
        places = self.columns()
        argument = self.text[places[first] : places[at]].rstrip()
        if end.kind == Kind.OPEN and not apart:
            return
        if len(argument) <= SHORT:
            after = self.tokens[at + 1].spelling if divided else ""
            self.remarks.append(mends.run(name, visible(argument), end, visible(after), powers))
