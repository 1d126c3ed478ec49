"""MathML of what the program writes as LaTeX, so that one notation serves paper and page.

It reads the printer's LaTeX and the table's templates, not all of LaTeX; on an explicit stack.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from html import escape

from autodiff_cli.errors import visible

_TOKEN = re.compile(
    r"\\(?:text|mathit|mathrm|mathord|operatorname)\{(?P<words>(?:[^{}\\]|\\.)*)\}"
    r"|\\begin\{cases\}|\\end\{cases\}|\\left\\?\w*.?|\\right\\?\w*.?"
    r"|\\[a-zA-Z]+|\\.|\d+(?:\.\d+)?|\s+|.",
    re.DOTALL,
)

#: Command → the sign that it is, and the element that it stands in.
_SIGNS = {
    "cdot": ("mo", "·"), "times": ("mo", "×"), "le": ("mo", "≤"), "ge": ("mo", "≥"),
    "ne": ("mo", "≠"), "partial": ("mi", "∂"), "infty": ("mi", "∞"), "ldots": ("mo", "…"),
    ",": ("mspace", ""), "_": ("mo", "_"),
}  # fmt: skip
_FENCES = {"": "", ".": "", "lfloor": "⌊", "rfloor": "⌋", "lceil": "⌈", "rceil": "⌉"}
_HIGH = ("\\frac", "\\sqrt", "\\root")
_ACCENTS = {"dot": "˙", "bar": "¯"}
#: The letters that LaTeX has commands for; a capital is one only where it looks like no Latin one.
_SMALL = (
    "alpha", "beta", "gamma", "delta", "epsilon", "zeta", "eta", "theta", "iota", "kappa", "lambda",
    "mu", "nu", "xi", "omicron", "pi", "rho", "varsigma", "sigma", "tau", "upsilon", "phi", "chi",
    "psi", "omega",
)  # fmt: skip
_GREEK = {name: chr(0x3B1 + place) for place, name in enumerate(_SMALL)}
_GREEK |= {name.capitalize(): _GREEK[name].upper() for name in _SMALL}


@dataclass(slots=True)
class _Row:
    """What stands in one pair of brackets.

    Attributes:
        closing: the token that ends it.
        fence: the sign before it, None where it has no signs around it.
        items: the elements so far.
        waiting: commands that still need elements: name, how many, those that came.
        cells: of a choice, the cells before.
        high: whether something in it is higher than a line.
    """

    closing: str
    fence: str | None = None
    items: list[str] = field(default_factory=list)
    waiting: list[tuple[str, int, list[str]]] = field(default_factory=list)
    cells: list[str] = field(default_factory=list)
    high: bool = False

    def add(self, element: str) -> None:
        """Put an element here, into the command that waits for it."""
        while self.waiting:
            name, needed, found = self.waiting[-1]
            found.append(element)
            if len(found) < needed:
                return
            self.waiting.pop()
            self.high |= name in _HIGH
            element = _built(name, found)
        self.items.append(element)

    def row(self) -> str:
        """Return all elements as one."""
        return self.items[0] if len(self.items) == 1 else f"<mrow>{''.join(self.items)}</mrow>"


def mathml(latex: str, *, block: bool = False) -> str:
    """Return a formula as a MathML element.

    Args:
        latex: as the printer writes it.
        block: on a line of its own.
    """
    stack = [_Row("")]
    for token in _TOKEN.finditer(latex):
        _read(stack, token[0], token["words"])
    display = ' display="block"' if block else ""
    return f"<math{display}>{stack[0].row()}</math>"


def _read(stack: list[_Row], text: str, words: str | None) -> None:
    row = stack[-1]
    if words is not None:
        row.add(_words(text, words))
    elif text == "{":
        stack.append(_Row("}"))
    elif text == "\\begin{cases}":
        stack.append(_Row("\\end{cases}"))
    elif text.startswith("\\left"):
        stack.append(_Row("\\right", _sign(text[5:])))
    elif text.startswith("\\right"):
        stack.pop()
        stack[-1].high |= row.high
        stack[-1].add(_fenced(row, _sign(text[6:])))
    elif text == row.closing:
        _close(stack)
    elif text in ("&", "\\\\"):
        row.cells.append(f"<mtd>{row.row()}</mtd>")
        row.items = []
    elif text in "^_" and row.items:
        row.waiting.append((text, 2, [row.items.pop()]))
    elif text == "\\frac":
        row.waiting.append((text, 2, []))
    elif text == "\\sqrt":
        row.waiting.append((text, 1, []))
    elif text == "[" and row.waiting and row.waiting[-1][0] == "\\sqrt":
        row.waiting[-1] = ("\\root", 2, [])
        stack.append(_Row("]"))
    elif text[1:] in _ACCENTS:
        row.waiting.append((text, 1, []))
    elif not text.isspace():
        row.add(_leaf(text))


def _close(stack: list[_Row]) -> None:
    row = stack.pop()
    element = row.row()
    stack[-1].high |= row.high
    if row.closing == "\\end{cases}":
        stack[-1].high = True
        cells = [*row.cells, f"<mtd>{element}</mtd>"]
        pairs = zip(cells[::2], cells[1::2], strict=True)
        lines = "".join(f"<mtr>{value}{condition}</mtr>" for value, condition in pairs)
        element = f"<mrow><mo>{{</mo><mtable>{lines}</mtable></mrow>"
    stack[-1].add(element)


def _built(name: str, found: list[str]) -> str:
    first, last = found[0], found[-1]
    if name == "\\frac":
        return f"<mfrac>{first}{last}</mfrac>"
    if name == "\\sqrt":
        return f"<msqrt>{first}</msqrt>"
    if name == "\\root":
        return f"<mroot>{last}{first}</mroot>"
    if name in ("^", "_"):
        tag = "msup" if name == "^" else "msub"
        return f"<{tag}>{first}{last}</{tag}>"
    return f'<mover accent="true">{first}<mo>{_ACCENTS[name[1:]]}</mo></mover>'


def _words(text: str, words: str) -> str:
    shown = _escaped(words.replace("\\_", "_"))
    if text.startswith("\\text"):
        return f"<mtext>{shown}</mtext>"
    if text.startswith(("\\mathit", "\\mathord")):
        return f'<mi class="it">{shown}</mi>'
    return f'<mi mathvariant="normal">{shown}</mi>'


def _sign(name: str) -> str:
    return _FENCES.get(name.strip().lstrip("\\"), name.strip())


def _fenced(row: _Row, after: str) -> str:
    """Return a row between its signs, which grow only with what is high: growing makes room."""
    inside = "".join(row.items)
    grows = "" if row.high else ' stretchy="false"'
    signs = [f"<mo{grows}>{_escaped(sign)}</mo>" if sign else "" for sign in (row.fence, after)]
    return f"<mrow>{signs[0]}{inside}{signs[1]}</mrow>"


def _leaf(text: str) -> str:
    name = text[1:]
    if text.startswith("\\"):
        if name in _SIGNS:
            tag, sign = _SIGNS[name]
            return f"<{tag}>{sign}</{tag}>" if sign else '<mspace width="0.17em"/>'
        return f"<mi>{_escaped(_GREEK.get(name, name))}</mi>"
    if text[0].isdigit():
        return f"<mn>{text}</mn>"
    if text == "/":
        return '<mo lspace="0" rspace="0">/</mo>'
    if text.isalpha():
        return f"<mi>{_escaped(text)}</mi>"
    return f"<mo>{_escaped({'-': '−', chr(39): '′'}.get(text, text))}</mo>"


def _escaped(text: str) -> str:
    return escape(visible(text))
