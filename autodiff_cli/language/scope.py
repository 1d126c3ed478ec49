"""What a name means at its place in a text of several statements."""

from __future__ import annotations

from collections.abc import Collection

from autodiff_cli.errors import ExpressionError, shortened
from autodiff_cli.graph.constant import literal
from autodiff_cli.language import mends
from autodiff_cli.language.definitions import Called
from autodiff_cli.language.tokens import KEYWORDS, SIGMA, Kind, Symbol, Token, Unreadable, classify
from autodiff_cli.ops import FUNCTIONS


class Scope:
    """The names of a text, statement by statement.

    Attributes:
        remarks: gets what the reader should know of how names were understood.
        variables: variable → its token, in order of appearance.
        steps: name → the token of its value now.
        functions: name → its token now.
        used: variable → where it is first used (text, column).
        parameters: name → its token, in the body of a function of the user's own.
        declared: the parameters of a formula, which are variables even if it has no use for them.
        defining: the name whose meaning the statement gives, which it cannot use yet.
    """

    def __init__(self, given: Collection[str], remarks: list[str] | None = None) -> None:
        self.remarks = [] if remarks is None else remarks
        self.given = frozenset(given)
        self.variables: dict[str, Token] = {}
        self.steps: dict[str, Token] = {}
        self.functions: dict[str, Called] = {}
        self.used: dict[str, tuple[str, int]] = {}
        self.parameters: dict[str, Token] = {}
        self.declared: set[str] = set()
        self.defining = ""
        self._words: dict[str, Token] = {}
        self._numbers: dict[int, Token] = {}

    def number(self, value: int) -> Token:
        """Return the token of an index."""
        token = self._numbers.get(value)
        if token is None:
            text = str(value)
            token = Symbol(Kind.CONSTANT, text, text, constant=literal(text))
            self._numbers[value] = token
        return token

    def variable(self, name: str, text: str, column: int) -> Token:
        """Return the token of a variable, new if need be."""
        token = self.variables.get(name)
        if token is None:
            token = self.variables[name] = Token(Kind.VARIABLE, name, name)
            token.place = len(self.variables) - 1
            self.used[name] = text, column
        return token

    def token(self, spelling: str, text: str, column: int, *, called: bool) -> Token:
        """Return the token of a spelling.

        Args:
            spelling: the lexeme.
            text: the whole text, for an error.
            column: where it stands.
            called: whether a bracket follows.

        Raises:
            ExpressionError: the language does not have it.
        """
        token = self._words.get(spelling)
        if token is None:
            try:
                token = classify(spelling, self.given, plainly=False)
            except Unreadable as problem:
                at = column + problem.offset
                raise ExpressionError(problem.what, text, at, mend=problem.mend) from None
            self._words[spelling] = token
        name = token.name
        if not name:
            if token.kind == Kind.ELSEWHERE:
                message = f"'{spelling}' needs its brackets"
                raise ExpressionError(message, text, column, mend="write sum(i, 1, 3, w_i x_i)")
            return token
        mine = self.parameters.get(name) or self.steps.get(name) or self.functions.get(name)
        if mine is not None:
            return mine
        if name == self.defining:
            message = f"'{shortened(name)}' is used in its own definition"
            mend = "give what is on the left another name; recursion is not read"
            raise ExpressionError(message, text, column, mend=mend)
        if token.kind == Kind.VARIABLE:
            return self.variable(name, text, column)
        if token.kind != Kind.ELSEWHERE:
            return token
        if name in KEYWORDS:
            message = f"'{name}' is a word of programs, not a variable"
            mend = "write where(x > 0, where(y > 0, a, b), b) for two conditions"
            if name in ("if", "else"):
                mend = "write a if x > 0 else b, or where(x > 0, a, b)"
            raise ExpressionError(message, text, column, mend=mend)
        if name == SIGMA and called:
            self.remarks.append(mends.SIGMOID)
            return Symbol(Kind.FUNCTION, spelling, "sigmoid", rows=FUNCTIONS["sigmoid"])
        return self.variable(name, text, column)

    def check_new(self, name: str, text: str, column: int) -> None:
        """Refuse a name for a step or a function that was used before it had a meaning."""
        if name in self.used:
            where, at = self.used[name]
            shown = shortened(name)
            message = f"'{shown}' is used here, before it is given its meaning"
            mend = f"move '{shown} = …' up, or give the step another name"
            raise ExpressionError(message, where, at, mend=mend)
