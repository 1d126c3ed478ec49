r"""LaTeX to the program's own lexemes, columns kept: `\frac{a}{b}` is `((a)/(b))`.

What the printer writes reads back as the same graph: see `graph.printer` for how names, numbers
and functions look there. What is not translated is refused with its name.
"""

from __future__ import annotations

import unicodedata

from autodiff_cli.errors import ExpressionError, shortened
from autodiff_cli.language.lexemes import Group, Item, Lexeme, is_word, split
from autodiff_cli.language.tokens import SUMS
from autodiff_cli.ops import FUNCTIONS

#: Commands that stand for one lexeme.
_PLAIN = {
    "cdot": "*", "times": "*", "ast": "*", "div": "/", "pi": "π", "le": "<=", "leq": "<=",
    "leqslant": "<=", "ge": ">=", "geq": ">=", "geqslant": ">=", "ne": "!=", "neq": "!=",
    "lt": "<", "gt": ">", "lvert": "|", "rvert": "|", "vert": "|", "mid": "|", "lbrace": "{",
    "rbrace": "}", "lbrack": "[", "rbrack": "]", "{": "(", "}": ")", "|": "|", "_": "_",
    "colon": ":", "sum": "∑", "prod": "∏", "e": "e",
    "lfloor": r"\lfloor", "rfloor": r"\rfloor", "lceil": r"\lceil", "rceil": r"\rceil",
}  # fmt: skip
#: Spaces, and what only changes the size of signs.
_NOTHING = frozenset((
    ",", ";", ":", "!", "(", ")", "[", "]", "quad", "qquad", "displaystyle", "textstyle", "limits",
    "nolimits", "thinspace", "big", "Big", "bigg", "Bigg", "bigl", "bigr", "Bigl", "Bigr",
    "biggl", "biggr", "Biggl", "Biggr", "middle",
))  # fmt: skip
_SPACED = frozenset(("quad", "qquad", ",", ";", ":", "!"))
#: What changes only the letters of its argument, which is one name or number.
FONTS = frozenset(
    ("mathrm", "mathit", "mathbf", "mathsf", "mathtt", "boldsymbol", "text", "textrm", "textit",
     "operatorname", "mathnormal", "bm", "mbox")
)  # fmt: skip
_FUNCTIONS = {
    "arcsin": "asin", "arccos": "acos", "arctan": "atan", "lg": "log10",
}  # fmt: skip
FRACTIONS = (r"\frac", r"\dfrac", r"\tfrac", r"\cfrac")
ROOT = r"\sqrt"
#: What `\log_` becomes: the base follows, then the argument.
BASE = r"\log_"
CASES = r"\begin{cases}"
_VARIANTS = {"varepsilon": "ε", "vartheta": "θ", "varphi": "φ", "varrho": "ρ", "varsigma": "ς",
             "epsilon": "ε", "phi": "φ", "lambda": "λ"}  # fmt: skip
_MENDS = {
    "partial": "write the function itself: its derivatives are what this program finds",
    "int": "an integral is not computed here",
    "lim": "a limit is not computed here",
    "infty": "infinity is not a number to compute with",
    "pm": "write + or -", "mp": "write + or -",
    "binom": "write the number", "vec": "write a name for each component",
    "ldots": "write all terms, or sum(i, 1, 3, x_i)", "dots": "write all terms",
    "cdots": "write all terms, or sum(i, 1, 3, x_i)",
}  # fmt: skip
#: A name that has no other LaTeX: `\mathord{A}` is the Greek capital alpha.
_LOOKALIKES = dict(zip("ABEZHIKMNOPTYXo", "ΑΒΕΖΗΙΚΜΝΟΡΤΥΧο", strict=True))


def greek(command: str) -> str:
    """Return the Greek letter of a command's name, or ""."""
    if command in _VARIANTS:
        return _VARIANTS[command]
    if not (command.isascii() and command.isalpha()):
        return ""
    size = "CAPITAL" if command[:1].isupper() else "SMALL"
    spelled = "LAMDA" if command.lower() == "lambda" else command.upper()
    try:
        return unicodedata.lookup(f"GREEK {size} LETTER {spelled}")
    except KeyError:
        return ""


#: Signs in a subscript that counts on from the index of a sum.
SHIFTS = {"+": "+", "-": "-", "−": "-"}


class Translation:
    """One text whose commands, fonts and subscripts become plain lexemes."""

    def __init__(self, text: str, pieces: list[Lexeme]) -> None:
        self.text, self.pieces, self.at = text, pieces, 0
        self.out: list[Lexeme] = []

    def fail(self, message: str, piece: Lexeme, mend: str = "") -> ExpressionError:
        """Return the error at a lexeme."""
        return ExpressionError(message, self.text, piece.column, mend=mend)

    def run(self) -> list[Lexeme]:
        """Return the lexemes in the program's own language, but for fractions, roots and cases."""
        while self.at < len(self.pieces):
            piece = self.pieces[self.at]
            self.at += 1
            if piece.text == "$":
                continue
            if piece.text[0] == "\\" and len(piece.text) > 1:
                self.command(piece)
            elif piece.text[0] == "_" or (piece.text[-1] == "_" and self.goes_on()):
                self.subscript(piece)
            else:
                self.out.append(piece)
        return self.out

    def follows(self, text: str) -> bool:
        """Tell whether the next lexeme is this one."""
        return self.at < len(self.pieces) and self.pieces[self.at].text == text

    def goes_on(self) -> bool:
        """Tell whether a subscript follows that is more than the letters of a name."""
        return self.at < len(self.pieces) and self.pieces[self.at].text[0] in "{\\"

    def put(self, piece: Lexeme, text: str) -> None:
        """Put a lexeme out in place of `piece`."""
        self.out.append(Lexeme(text, piece.column, piece.end))

    def command(self, piece: Lexeme) -> None:
        """Translate a command."""
        name = piece.text[1:]
        if name == "times" and self.power_of_ten():
            return
        if name in FRACTIONS or piece.text in (*FRACTIONS, ROOT, "\\\\"):
            self.out.append(piece)
        elif name in _PLAIN:
            self.put(piece, _PLAIN[name])
        elif name in _NOTHING or name == " ":
            return
        elif name in ("left", "right"):
            self.fence(piece)
        elif name in ("begin", "end"):
            self.environment(piece)
        elif name in FONTS:
            self.font(piece, name)
        elif name == "mathord":
            letter, end = self.braced(piece)
            self.out.append(Lexeme(_LOOKALIKES.get(letter, letter), piece.column, end))
        elif name in FUNCTIONS or name in _FUNCTIONS:
            self.put(piece, _FUNCTIONS.get(name, name))
        elif letter := greek(name):
            self.put(piece, letter)
        else:
            mend = _MENDS.get(name, "write it in the program's own language; see the manual")
            raise self.fail(rf"\{shortened(name)} of LaTeX is not read", piece, mend)

    def fence(self, piece: Lexeme) -> None:
        r"""Translate `\left` or `\right` with the bracket after it."""
        if self.at == len(self.pieces):
            raise self.fail(f"a bracket is missing after {piece.text}", piece)
        bracket = self.pieces[self.at]
        self.at += 1
        if bracket.text in ("|", r"\vert", r"\lvert", r"\rvert"):
            self.out.append(Lexeme(piece.text + "|", piece.column, bracket.end))
        elif bracket.text in "()[]" or bracket.text in (
            r"\lfloor",
            r"\rfloor",
            r"\lceil",
            r"\rceil",
        ):
            self.out.append(Lexeme(bracket.text, piece.column, bracket.end))
        elif bracket.text in (r"\{", r"\}", r"\lbrace", r"\rbrace"):
            text = "(" if piece.text == r"\left" else ")"
            self.out.append(Lexeme(text, piece.column, bracket.end))
        else:
            message = f"{piece.text} stands before a bracket, not '{shortened(bracket.text)}'"
            raise self.fail(message, bracket)

    def braced(self, piece: Lexeme) -> tuple[str, int]:
        """Take the name or number in the braces after a command; return it and where it ends."""
        if not self.follows("{"):
            raise self.fail(f"{piece.text} needs braces", piece, rf"write {piece.text}{{x}}")
        self.at += 1
        name = ""
        while self.at < len(self.pieces):
            inner = self.pieces[self.at]
            self.at += 1
            if inner.text == "}":
                return name, inner.end
            if inner.text[0] == "\\" and len(inner.text) > 1:
                letter = "_" if inner.text == r"\_" else greek(inner.text[1:])
                if not letter and inner.text[1:] not in _SPACED:
                    break
                name += letter
            elif inner.text[0] == "_" or inner.text[0].isalnum():
                name += inner.text
            elif inner.text == "," and name:
                name += "_"
            elif inner.text in SHIFTS and name:  # x_{i+1}, of a sum over i
                name += SHIFTS[inner.text]
            else:
                break
        raise self.fail("a subscript or a name in LaTeX is letters and digits", piece)

    def environment(self, piece: Lexeme) -> None:
        r"""Translate `\begin{cases}` and `\end{cases}`."""
        name, end = self.braced(piece)
        if name != "cases":
            raise self.fail(f"{piece.text}{{{shortened(name)}}} of LaTeX is not read", piece)
        self.out.append(Lexeme(f"{piece.text}{{cases}}", piece.column, end))

    def font(self, piece: Lexeme, name: str) -> None:
        r"""Translate `\mathrm{net}` and its like to the name; the exponential is `\mathrm{e}^`."""
        inner, end = self.braced(piece)
        after = [following.text for following in self.pieces[self.at : self.at + 2]]
        if name == "mathrm" and inner == "e" and after == ["^", "{"]:
            self.at += 1
            self.out.append(Lexeme("exp", piece.column, end))
            return
        if name in ("text", "mbox", "textrm") and inner in ("if", "otherwise", "for", "else", ""):
            last = inner in ("otherwise", "else")
            self.out.append(Lexeme(r"\otherwise" if last else r"\if", piece.column, end))
            return
        if not inner:
            raise self.fail(f"{piece.text} holds no name", piece, "write one, or leave it out")
        if inner[:1].isdigit() and not inner.isdigit():
            message = f"'{shortened(inner)}' in {piece.text} is neither a name nor a number"
            raise self.fail(message, piece, "begin a name with a letter")
        self.out.append(Lexeme(inner, piece.column, end))

    def subscript(self, piece: Lexeme) -> None:
        """Join a subscript to the name before it: `x_{1}` is x_1, and `{x}_{1}` is x1."""
        out = self.out
        if piece.text[0] != "_":
            self.out.append(Lexeme(piece.text[:-1], piece.column, piece.end - 1))
            piece = Lexeme("_", piece.end - 1, piece.end)
        tight = len(out) > 2 and out[-1].text == "}" and out[-3].text == "{"
        name = out[-2] if tight else out[-1] if out else None
        if name is not None and name.text in SUMS:
            form = "sum" if SUMS[name.text] == "+" else "prod"
            message = f"the index and the limits of {form} stand in its brackets"
            raise self.fail(message, piece, f"write {form}(i, 1, 3, x_i)")
        if name is None or not name.text[0].isalpha():
            raise self.fail("a subscript stands after a name", piece, "write x_1")
        own = self.text.startswith(("log", r"\log"), name.column)  # no variable in a font
        if name.text == "log" and not tight and own:
            out[-1] = Lexeme(BASE, name.column, piece.end)
            if len(piece.text) > 1:
                out.append(Lexeme(piece.text[1:], piece.column + 1, piece.end))
            return
        column = out[-3].column if tight else name.column
        tail, end = self.tail(piece)
        del out[-3 if tight else -1 :]
        out.append(Lexeme(name.text + ("" if tight else "_") + tail, column, end))

    def tail(self, piece: Lexeme) -> tuple[str, int]:
        """Take the letters and digits of a subscript; return them and where they end."""
        if len(piece.text) > 1:
            return piece.text[1:], piece.end
        if self.follows("{"):
            return self.braced(piece)
        if self.at == len(self.pieces):
            raise self.fail("a subscript is missing", piece, "write x_1")
        following = self.pieces[self.at]
        self.at += 1
        letter = greek(following.text[1:]) if following.text[0] == "\\" else following.text
        if not letter.isalnum():
            raise self.fail("a subscript in LaTeX is letters and digits", following)
        return letter, following.end

    def power_of_ten(self) -> bool:
        r"""Take `\times 10^{-3}` after a number into the number: 1.5e-3."""
        after = [piece.text for piece in self.pieces[self.at : self.at + 6]]
        if after[:3] != ["10", "^", "{"] or not self.out or not _is_number(self.out[-1].text):
            return False
        digits = after[3:5] if after[3:4] in (["-"], ["−"]) else after[3:4]
        rest = after[3 + len(digits) :]
        if not digits or not digits[-1].isdigit() or rest[:1] != ["}"] or "e" in self.out[-1].text:
            return False
        number = self.out.pop()
        sign = "-" if len(digits) == 2 else ""
        end = self.pieces[self.at + 3 + len(digits)].end
        self.at += 4 + len(digits)
        self.out.append(Lexeme(f"{number.text}e{sign}{digits[-1]}", number.column, end))
        return True


def _is_number(text: str) -> bool:
    return text[0] in "0123456789" or (text[0] == "." and len(text) > 1)


# What has structure: one list of items at a time, its groups already built.


def structured(text: str, items: list[Item], bracket: str = "") -> list[Item]:
    """Return items with fractions, roots and cases as groups of the program's own language."""
    if not any(isinstance(item, Lexeme) and item.text[0] == "\\" for item in items):
        return items
    todo = list(reversed(items))
    out: list[Item] = []
    while todo:
        item = todo.pop()
        if is_word(item, *FRACTIONS):
            assert isinstance(item, Lexeme)
            group = Group("(", item.column)
            above, below = _argument(text, item, todo), _argument(text, item, todo)
            group.items = [above, Lexeme("/", item.column, item.end), below]
            group.end = below.end
            out.append(group)
        elif is_word(item, ROOT):
            assert isinstance(item, Lexeme)
            out += _root(text, item, todo)
        elif is_word(item, BASE):
            assert isinstance(item, Lexeme)
            out += _logarithm(text, item, todo)
        elif bracket != CASES and is_word(item, r"\if", r"\otherwise", "\\\\"):
            assert isinstance(item, Lexeme)
            raise ExpressionError(f"'{item.text}' stands only in cases", text, item.column)
        else:
            out.append(item)
    return out


def _argument(text: str, command: Lexeme, todo: list[Item]) -> Group:
    """Take the argument of a command: a group, or one digit or name."""
    if not todo:
        message = rf"{command.text} needs two arguments, numerator and denominator"
        raise ExpressionError(message, text, command.column, mend=r"write \frac{a}{b}")
    item = todo.pop()
    if isinstance(item, Group):
        return item
    if item.text[0].isdigit() and len(item.text) > 1:
        todo.append(Lexeme(item.text[1:], item.column + 1, item.end))
        item = Lexeme(item.text[0], item.column, item.column + 1)
    group = Group("{", item.column, [item])
    group.end = item.end
    return group


def _root(text: str, command: Lexeme, todo: list[Item]) -> list[Item]:
    """Return the items of a square root, a cube root or another one."""
    degree: Group | None = None
    if todo and isinstance(todo[-1], Group) and todo[-1].bracket == "[":
        degree = todo.pop()  # type: ignore[assignment]
    below = _argument(text, command, todo)
    digit = degree.items[0] if degree is not None and len(degree.items) == 1 else None
    if degree is None or is_word(digit, "2"):
        return [Lexeme("sqrt", command.column, command.end), below]
    if is_word(digit, "3"):
        return [Lexeme("cbrt", command.column, command.end), below]
    here = (command.column, command.end)
    exponent = Group("(", degree.column, [Lexeme("1", *here), Lexeme("/", *here), degree])
    whole = Group("(", command.column, [below, Lexeme("^", *here), exponent])
    whole.end = below.end
    return [whole]


def _logarithm(text: str, command: Lexeme, todo: list[Item]) -> list[Item]:
    """Return the items of a logarithm whose base follows."""
    base = _argument(text, command, todo)
    known = base.items[0] if len(base.items) == 1 else None
    if isinstance(known, Lexeme) and known.text in ("2", "10"):
        return [Lexeme(f"log{known.text}", command.column, command.end)]
    if not todo or not isinstance(todo[-1], Group):
        message = "a logarithm to this base needs brackets around its argument"
        raise ExpressionError(message, text, command.column, mend=r"write \log_{3}(x)")
    argument = todo.pop()
    assert isinstance(argument, Group)
    comma = Lexeme(",", argument.end, argument.end)
    group = Group("(", argument.column, [*argument.items, comma, base])
    group.end = argument.end
    return [Lexeme("log", command.column, command.end), group]


def cases(text: str, group: Group) -> None:
    """Turn a group of cases into the arguments of where."""
    rows = [row for row in split(group.items, "\\\\") if row]
    pairs = [split(row, "&") for row in rows]
    if len(pairs) < 2 or any(len(pair) != 2 for pair in pairs):
        message = r"cases are rows of a value, & and its condition, ended by \\"
        raise ExpressionError(message, text, group.column)
    if not is_word(pairs[-1][1][0] if pairs[-1][1] else None, r"\otherwise"):
        message = r"the last row of cases has the condition \text{otherwise}"
        raise ExpressionError(message, text, group.column)
    comma = Lexeme(",", group.column, group.column)
    rest = pairs[-1][0]
    for value, condition in reversed(pairs[:-1]):
        shown: list[Item] = []
        for item in condition:
            if isinstance(item, Lexeme) and item.text == "=":
                item = Lexeme("==", item.column, item.end)
            if not is_word(item, r"\if", ","):
                shown.append(item)
        arguments: list[Item] = [*shown, comma, *value, comma, *rest]
        inner = Group("(", group.column, arguments)
        rest = [Lexeme("where", group.column, group.column), inner]
    group.bracket, group.items = "(", rest
