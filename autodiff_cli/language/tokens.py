"""Text to tokens. A spelling is classified once; columns are found again only for an error.

Superscript digits are read first, as powers; then names alone are NFKC-normalised.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Sequence
from functools import cache

from autodiff_cli.errors import shortened, visible
from autodiff_cli.graph.constant import Constant, literal, named
from autodiff_cli.language.meant import SYNONYMS
from autodiff_cli.limits import exceeded, limit
from autodiff_cli.ops import COMPARISONS, CONSTANTS, DIVIDE, FUNCTIONS, MULTIPLY, POWER, SUBTRACT
from autodiff_cli.ops.row import Operation


class Kind:
    """What a token is to the parser: plain numbers, for they are compared at every token."""

    NUMBER, CONSTANT, VARIABLE, FUNCTION, OPEN, BAR, ROOT = range(7)  # can begin an operand
    CALL = 7  # so can a function's name with the bracket that touches it
    PLUS, MINUS, TIMES, DIVIDE, POWER, SUPERSCRIPT, COMPARE, CLOSE, COMMA, END = range(8, 18)
    ELSEWHERE = 18  # has its meaning only from what is around it: a statement's sign, `if`, `sum`


class Token:
    """A classified spelling: its kind, and what it stands for. Shared by all its places.

    Plain slots: one is made for every distinct spelling, which may be a million variables; and a
    dataclass costs the start a millisecond.

    Attributes:
        name: of a variable, a function or a named constant.
        place: of a variable, its number in order of appearance.
    """

    __slots__ = ("kind", "name", "place", "spelling")

    constant: Constant | None = None
    rows: tuple[Operation, ...] = ()
    exponent: Constant | None = None
    infix: Operation | None = None
    left = 0
    unary: Operation | None = None
    alias = ""
    definition: Definition | None = None

    def __init__(self, kind: int, spelling: str, name: str = "", place: int = -1) -> None:
        self.kind, self.spelling, self.name, self.place = kind, spelling, name, place


class Definition:
    """A function of the user's own: its parameters and, once its body is read, what it computes.

    Attributes:
        name: as it is called.
        parameters: the tokens that stand for them in the body.
        result: the node of the body.
        body: the nodes to be made anew for a call, in order.
        known: operands → the node of a call, where equal nodes are one.
    """

    __slots__ = ("body", "known", "name", "parameters", "result")

    def __init__(self, name: str, parameters: Sequence[Token]) -> None:
        self.name, self.parameters = name, tuple(parameters)
        self.result = -1
        self.body: tuple[int, ...] = ()
        self.known: dict[tuple[int, ...], int] = {}


class Symbol(Token):
    """A token that is no variable.

    Attributes:
        constant: of a number or a named constant.
        rows: of a function or a comparison.
        exponent: of a superscript.
        infix: what an operator between two operands applies.
        left: what binds as tightly on the left of that operator, or tighter, is applied first.
        unary: the row of a function that has one, of one operand.
        alias: the name, where that row has another one.
    """

    __slots__ = ("alias", "constant", "exponent", "infix", "left", "rows", "unary")

    def __init__(
        self,
        kind: int,
        spelling: str,
        name: str = "",
        *,
        constant: Constant | None = None,
        rows: tuple[Operation, ...] = (),
        exponent: Constant | None = None,
        infix: Operation | None = None,
    ) -> None:
        super().__init__(kind, spelling, name)
        self.constant, self.rows, self.exponent, self.infix = constant, rows, exponent, infix
        self.left = 0 if infix is None else infix.precedence + (infix is POWER)
        self.unary = rows[0] if name and len(rows) == 1 and rows[0].arity == 1 else None
        self.alias = name if self.unary is not None and name in self.unary.aliases else ""


SUPERSCRIPTS = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹⁻", "0123456789-")
_POWERS = "⁰¹²³⁴⁵⁶⁷⁸⁹"
#: Digits that no limit is below, so that it is asked for long numbers only.
SHORTEST_LIMIT = 6

#: Names of which only what is around them tells what they are.
SUMS = {"sum": "+", "Σ": "+", "∑": "+", "prod": "*", "∏": "*"}
KEYWORDS = ("if", "else", "and", "or", "not")
SIGMA = "σ"
_ELSEWHERE = frozenset((*SUMS, *KEYWORDS, SIGMA, *SYNONYMS))
#: Names that are something else than a variable, unless they are given a value.
WORDS = frozenset((*FUNCTIONS, *CONSTANTS, *_ELSEWHERE))
#: Signs of statements, of LaTeX and of code.
_SIGNS = frozenset("{}[]\\$=;#:.")
_LETTERS = frozenset("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ")
_MARKS = "\u0300-\u036f\u20d0-\u20f0"
#: A name in ASCII, taken whole (`*+`) or not at all: `xy²` is no such name.
_ASCII = r"[A-Za-z][A-Za-z0-9_]*+(?![^\x00-\x7f])"
#: The commonest first.
ATOMS = rf"""
      [()+\-/^,]
    | {_ASCII}
    | (?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]+)?     # number
    | \*\*?
    | [^\W\d{_POWERS}](?:[^\W{_POWERS}]|[{_MARKS}])*       # name
    | [{_POWERS}⁻]+                                        # superscript
    | [<>=!]=
    | \S
"""

_FIXED = {
    "+": Kind.PLUS,
    "-": Kind.MINUS, "−": Kind.MINUS, "–": Kind.MINUS,
    "*": Kind.TIMES, "·": Kind.TIMES, "⋅": Kind.TIMES, "∙": Kind.TIMES, "∗": Kind.TIMES,
    "×": Kind.TIMES,
    "/": Kind.DIVIDE, "÷": Kind.DIVIDE,
    "^": Kind.POWER, "**": Kind.POWER,
    "(": Kind.OPEN, ")": Kind.CLOSE, ",": Kind.COMMA, "|": Kind.BAR, "√": Kind.ROOT,
}  # fmt: skip

#: Operators that apply two operands, all from left to right but the power.
_INFIX = {
    Kind.TIMES: MULTIPLY, Kind.DIVIDE: DIVIDE, Kind.MINUS: SUBTRACT, Kind.POWER: POWER
}  # fmt: skip

EQUATION = "write name = formula, and one = in a statement; inside where, equality is =="
_MENDS = {
    "\\": "this of LaTeX is not read",
    "=": EQUATION,
    "!": "a factorial has no derivative here; inside where, inequality is !=",
    "%": "write 0.05 for 5%; a remainder is mod(a, b)",
    "≤": "write <=",
    "≥": "write >=",
    "≠": "write !=",
    "∞": "infinity is not a number to compute with",
    "½": "write (1/2)",
    "°": "angles are in radians: write x*pi/180",
    "'": "a derivative is what this program finds: write the function itself",
    "′": "a derivative is what this program finds: write the function itself",
    ".": "write 0.5 or .5 for a number, * for a product",
    ":": "write / for a quotient, f(x) = x^2 for a function",
    "∂": "write the function itself: its derivatives are what this program finds",
    "∫": "an integral is not computed here",
    "∛": "write cbrt(x)",
    "¼": "write (1/4)",
    "¾": "write (3/4)",
    ";": "write one expression",
}


class Unread(Exception):
    """The text is more than a plain formula: steps, LaTeX or code; or none at all."""


class Apart(Exception):
    """A bracket touches a name that is no function's: both are tokens of their own."""


class Vocabulary(dict[str, Token]):
    """Spelling → token: classified when it is first met, for there may be a million of them.

    Args:
        variables: names that are variables even where the language has a constant.

    Attributes:
        names: the variables so far, in order of appearance.
    """

    def __init__(self, variables: Collection[str] = ()) -> None:
        super().__init__()
        self.variables = variables
        self.names: list[str] = []

    def __missing__(self, spelling: str) -> Token:
        """Classify a spelling.

        Raises:
            Unread: it is none of a plain formula.
            Apart: a bracket touches a name that is no function's.
        """
        plain = spelling[0] in _LETTERS and spelling not in WORDS and spelling.isascii()
        if plain and spelling[-1] != "(":
            token = self[spelling] = Token(Kind.VARIABLE, spelling, spelling, len(self.names))
            self.names.append(spelling)
            return token
        token = self[spelling] = self._classified(spelling)
        if token.kind == Kind.VARIABLE and token.name != spelling:
            token.place = self[token.name].place  # another spelling of a name
        elif token.kind == Kind.VARIABLE:
            token.place = len(self.names)
            self.names.append(spelling)
        return token

    def _classified(self, spelling: str) -> Token:
        if spelling[-1] == "(" != spelling:
            name = spelling[:-1]
            if name in self.variables or name not in FUNCTIONS:
                raise Apart
            return Symbol(Kind.CALL, name, name, rows=FUNCTIONS[name])
        try:
            token = classify(spelling, self.variables)
        except Unreadable:
            raise Unread from None
        if token.kind == Kind.ELSEWHERE:
            raise Unread
        return token


def tokenise(text: str, vocabulary: Vocabulary, *, calls: bool = False) -> list[Token]:
    """Return the tokens of one plain formula, ending with one of kind END.

    Args:
        text: the expression as typed.
        vocabulary: the tokens of texts that share variables; new ones are added.
        calls: a function's name and the bracket that touches it are one token.

    Raises:
        Unread: the text is more than a plain formula, or none at all.
        Apart: with `calls`, a bracket touches a name that is no function's.
        LimitError: `text` is too long.
    """
    if len(text) > limit("text"):
        raise exceeded("text")
    if "\n" in text or "\r" in text:
        raise Unread
    spellings = _pattern(calls=calls).findall(text.rstrip())
    tokens = list(map(vocabulary.__getitem__, spellings))
    tokens.append(Token(Kind.END, ""))
    return tokens


@cache
def _pattern(*, calls: bool = False) -> re.Pattern[str]:
    """Return what finds the tokens of a text, each without the space before it."""
    atoms = ATOMS.replace(_ASCII, rf"{_ASCII}\(?") if calls else ATOMS
    return re.compile(rf"\s*({atoms})", re.VERBOSE)


def columns(text: str, *, calls: bool = False) -> list[int]:
    """Return the column at which each token of `text` begins, END's last."""
    stripped = text.rstrip()
    found = _pattern(calls=calls).finditer(stripped)
    return [match.start(1) for match in found] + [len(stripped)]


def place(text: str, name: str) -> int:
    """Return the column at which a name first stands in a text, or 0."""
    for match in _pattern().finditer(text):
        spelling = match[1]
        if spelling == name or unicodedata.normalize("NFKC", spelling) == name:
            return match.start(1)
    return 0


class Unreadable(Exception):
    """A spelling that the language does not have, and what to write instead."""

    def __init__(self, what: str, mend: str = "", offset: int = 0) -> None:
        self.what, self.mend, self.offset = what, mend, offset


def classify(spelling: str, variables: Collection[str], *, plainly: bool = True) -> Token:
    """Return the token for one spelling.

    Args:
        spelling: the text of the token.
        variables: names that are variables even where the language has something else.
        plainly: a sign of statements, LaTeX or code is a token of kind ELSEWHERE, not unreadable.
    """
    first = spelling[0]
    if first in _LETTERS and spelling not in WORDS and spelling.isascii():
        return Token(Kind.VARIABLE, spelling, spelling)
    if first in "0123456789" or (first == "." and len(spelling) > 1):
        return _number(spelling)
    if spelling in _FIXED:
        kind = _FIXED[spelling]
        return Symbol(kind, spelling, infix=_INFIX.get(kind))
    if spelling in COMPARISONS:
        return Symbol(Kind.COMPARE, spelling, rows=(COMPARISONS[spelling],))
    if first in _POWERS or first == "⁻":
        return _superscript(spelling)
    if first == "_" or unicodedata.category(first)[0] == "L":
        return _name(spelling, variables)
    if unicodedata.category(first) == "Nd":
        raise Unreadable(f"numbers are written in the digits 0 to 9, not '{first}'")
    if spelling in SUMS:
        return Token(Kind.ELSEWHERE, spelling)
    if plainly and spelling in _SIGNS:
        return Token(Kind.ELSEWHERE, spelling)
    raise Unreadable(f"'{visible(first)}' is not part of an expression", _MENDS.get(first, ""))


def _number(spelling: str) -> Symbol:
    if len(spelling) > SHORTEST_LIMIT and len(spelling) > limit("digits"):
        raise exceeded("digits")
    try:
        return Symbol(Kind.NUMBER, spelling, constant=literal(spelling))
    except OverflowError:
        raise Unreadable(
            "this number is beyond the range of float64",
            "numbers other than 0 lie between about 5e-324 and 1.8e308 in size",
        ) from None


def _superscript(spelling: str) -> Token:
    digits = spelling.translate(SUPERSCRIPTS)
    if not digits.removeprefix("-").isdigit():
        raise Unreadable("a superscript is a whole number", "write ^(…) for any other power")
    return Symbol(Kind.SUPERSCRIPT, spelling, exponent=_number(digits).constant)


def _name(spelling: str, variables: Collection[str]) -> Token:
    if spelling[0] == "_":
        raise Unreadable(f"'{shortened(spelling)}' is not a name: it must begin with a letter")
    name = spelling if spelling.isascii() else normalise(spelling)
    if name in variables or name not in WORDS:
        return Token(Kind.VARIABLE, spelling, name)
    if name in FUNCTIONS:
        return Symbol(Kind.FUNCTION, spelling, name, rows=FUNCTIONS[name])
    if name in _ELSEWHERE:
        return Token(Kind.ELSEWHERE, spelling, name)
    return Symbol(Kind.CONSTANT, name, name, constant=named(name))


def normalise(name: str) -> str:
    """Return the name that a spelling stands for (NFKC), or raise at the character at fault."""
    for offset, char in enumerate(name):
        if unicodedata.decomposition(char).startswith("<super>") and char not in "ªº":
            plain = unicodedata.normalize("NFKC", char)
            raise Unreadable(f"'{char}' is not a superscript digit", f"write ^{plain}", offset)
        if unicodedata.category(char) == "No" and not unicodedata.normalize("NFKC", char).isdigit():
            raise Unreadable(f"'{char}' cannot be part of a name", _MENDS.get(char, ""), offset)
    plain = unicodedata.normalize("NFKC", name)
    for char in plain:
        if not (char == "_" or unicodedata.category(char)[0] == "L" or char.isdecimal()):
            raise Unreadable(
                f"'{shortened(name)}' is not a name",
                "a name is a letter, then letters, digits and _",
            )
    if not plain:
        raise Unreadable("a name is missing", "a name is a letter, then letters, digits and _")
    if plain[0] == "_" or plain[0].isdecimal():
        raise Unreadable(f"'{shortened(name)}' is not a name: it must begin with a letter")
    return plain


def is_name(text: str) -> bool:
    """Tell whether `text` could name a variable."""
    match = _pattern().fullmatch(text)
    if match is None or match.group(1) != text:
        return False
    try:
        return classify(text, (text,)).kind == Kind.VARIABLE or text in FUNCTIONS
    except Unreadable:
        return False


def variable_name(text: str) -> str:
    """Return the name that `text` gives a variable, normalised.

    Raises:
        VariableError: it is no name.
    """
    from autodiff_cli.errors import VariableError

    try:
        name = normalise(text)
    except Unreadable as problem:
        raise VariableError(problem.what, mend=problem.mend) from None
    return name
