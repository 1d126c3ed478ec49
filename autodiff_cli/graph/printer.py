"""Graph to text, with the precedence numbers of the parser, on an explicit stack.

A `Notation` says how numbers, names, powers and calls look: program text, terminal, LaTeX, code.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import NamedTuple, Protocol

from autodiff_cli.graph.constant import Constant
from autodiff_cli.ops import CONSTANT, VARIABLE
from autodiff_cli.ops.row import ATOM, COMPARISON, OPERANDS, POWER, PRODUCT, SIGN, SUM, Operation

_RAISED = str.maketrans("0123456789-", "⁰¹²³⁴⁵⁶⁷⁸⁹⁻")


class Columns(Protocol):
    """What of a graph is printed: one row a node, operands before their operation."""

    @property
    def variables(self) -> Sequence[str]:
        """Names; the first nodes are the variables, in this order."""

    @property
    def operations(self) -> Sequence[Operation]:
        """The operation of each node, VARIABLE or CONSTANT at the leaves."""

    @property
    def operands(self) -> Sequence[tuple[int, ...]]:
        """The operands of each node."""

    @property
    def constants(self) -> Mapping[int, Constant]:
        """Node → constant, for the nodes that are one."""

    @property
    def spellings(self) -> Mapping[int, str]:
        """Node → text as typed, where it differs from the plain one."""


def number(value: float) -> str:
    """Return a float whole and short: the shortest text that reads back as the same float."""
    if abs(value) < 1e16 and value == int(value):
        return f"{value:.0f}"
    return repr(float(value))


def latex_number(value: float) -> str:
    """Return a float in LaTeX: powers of ten, infinity and nan written out."""
    text = number(value)
    if text.lstrip("-") == "inf":
        return text.replace("inf", r"\infty")
    if text == "nan":
        return r"\mathrm{nan}"
    mantissa, _, exponent = text.partition("e")
    return rf"{mantissa} \cdot 10^{{{int(exponent)}}}" if exponent else text


class Notation(NamedTuple):
    """How text is written.

    Attributes:
        times: between the factors of a product.
        raised: write whole constant powers as superscripts.
        latex: use the LaTeX templates of the table.
        explicit: bracket a quotient that is multiplied and a sign after an operator, so that no
            reader can take them otherwise.
        constants: spelling → text of the constants e and pi.
        name: text of a variable's name.
        number: text of a float.
    """

    times: str = "*"
    raised: bool = False
    latex: bool = False
    explicit: bool = False
    constants: tuple[tuple[str, str], ...] = ()
    name: Callable[[str], str] = str
    number: Callable[[float], str] = number


PROGRAM = Notation()
TERMINAL = Notation(times="·", raised=True, explicit=True, constants=(("pi", "π"),))
ASCII = Notation(explicit=True, constants=(("π", "pi"),))


def latex_name(name: str) -> str:
    """Return a variable's name in LaTeX: one letter, Greek by its command, then a subscript."""
    head, _, tail = name.partition("_")
    digits = head[len(head.rstrip("0123456789")) :]
    head, tail = head[: len(head) - len(digits)], tail or digits
    body = _greek(head) or (head if len(head) == 1 else rf"\mathit{{{head}}}")
    tail = tail.replace("_", r"\_")
    return f"{body}_{{{tail}}}" if tail else body


#: Greek letters whose LaTeX command is not their name, and capitals that look like Latin ones.
_COMMANDS = {"omicron": "o", "lamda": r"\lambda", "final": r"\varsigma"}
_LATIN = dict(zip("ΑΒΕΖΗΙΚΜΝΟΡΤΥΧ", "ABEZHIKMNOPTYX", strict=True))


def _greek(letter: str) -> str:
    """Return the LaTeX of one plain Greek letter, or ""."""
    if len(letter) != 1 or letter.isascii():
        return ""
    import unicodedata

    words = unicodedata.name(letter, "").split()
    if words[:1] != ["GREEK"] or "LETTER" not in words or "WITH" in words:
        return ""
    if letter in _LATIN:
        return _LATIN[letter]
    spelled = words[words.index("LETTER") + 1].lower()
    command = _COMMANDS.get(spelled, f"\\{spelled}")
    return "\\" + command[1:].capitalize() if "CAPITAL" in words else command


LATEX = Notation(
    times=r" \cdot ", latex=True, explicit=True, constants=(("pi", r"\pi"), ("π", r"\pi")),
    name=latex_name, number=latex_number,
)  # fmt: skip


def expression(
    graph: Columns,
    index: int,
    notation: Notation = PROGRAM,
    names: dict[int, str] | None = None,
) -> str:
    """Return node `index` as text.

    Args:
        graph: the graph.
        index: the node to print.
        notation: how to write it.
        names: node → text to print in place of that node (never of `index` itself); text that
            begins with a minus is bracketed after an operator.
    """
    pieces: list[str] = []
    names = names or {}
    left, right = _brackets(notation)
    todo: list[str | tuple[int, int]] = [(index, 0)]
    first = True
    while todo:
        item = todo.pop()
        if isinstance(item, str):
            pieces.append(item)
            continue
        node, required = item
        replaced = not first and node in names
        if replaced:
            text = names[node]
            bound = PRODUCT if r"\cdot" in text else SIGN if text.startswith("-") else ATOM
            parts: list[Part] = [text]
        else:
            parts, bound = _parts(graph, node, notation, names)
        first = False
        signed = isinstance(parts[0], str) and parts[0].startswith("-")
        apart = signed and (notation.explicit or replaced) and _after_operator(pieces, notation)
        if bound < required or apart:
            parts = [left, *parts, right]
        todo.extend(reversed(parts))
    return "".join(pieces)


def constant_text(graph: Columns, index: int, notation: Notation = PROGRAM) -> str:
    """Return the constant at `index` as it was first spelled."""
    spelling = graph.spellings.get(index) or graph.constants[index].spelling
    if notation.latex and "e" in spelling.lower() and spelling not in ("e", "E"):
        mantissa, _, exponent = spelling.lower().partition("e")
        return rf"{mantissa} \cdot 10^{{{int(exponent)}}}"
    return dict(notation.constants).get(spelling, spelling)


def _after_operator(pieces: list[str], notation: Notation) -> bool:
    """Tell whether what comes next follows an operator, so that a sign there needs brackets."""
    tail = "".join(pieces[-len(notation.times) :]).rstrip()  # a template comes in single letters
    return tail.endswith(("+", "-", "/", "^", notation.times.strip()))


def _brackets(notation: Notation) -> tuple[str, str]:
    return (r"\left(", r"\right)") if notation.latex else ("(", ")")


#: A piece of text, or a node with the precedence that its place requires.
Part = str | tuple[int, int]


def _parts(
    graph: Columns, index: int, notation: Notation, names: dict[int, str]
) -> tuple[list[Part], int]:
    """Return the text of one node around its operands, and how tightly that text binds."""
    operation, operands = graph.operations[index], graph.operands[index]
    if operation is VARIABLE:
        return [notation.name(graph.variables[index])], ATOM
    if operation is CONSTANT:
        text = constant_text(graph, index, notation)
        bound = SIGN if text.startswith("-") else ATOM
        return [text], PRODUCT if r"\cdot" in text else bound
    if notation.latex and "{a}" in operation.latex:
        closed = operation.latex.startswith((r"\left", r"\sqrt", r"\log"))
        bound = COMPARISON if operation.precedence == COMPARISON else POWER
        return _template(operation, operands), ATOM if closed else bound
    if operation.precedence == POWER and notation.raised:
        exponent = graph.constants.get(operands[1])
        text = names.get(operands[1]) or (exponent.spelling if exponent else "")
        if text.removeprefix("-").isdigit():
            return [(operands[0], ATOM), text.translate(_RAISED)], POWER
    if operation.precedence == ATOM:
        return _call(operation, operands, notation, graph.spellings.get(index)), ATOM
    return _infix(graph, operation, operands, notation, names), operation.precedence


def _call(
    operation: Operation, operands: tuple[int, ...], notation: Notation, spelling: str | None
) -> list[Part]:
    left, right = _brackets(notation)
    name = spelling or operation.name
    if notation.latex:
        name = operation.latex or rf"\operatorname{{{operation.name}}}"
    parts: list[Part] = [name + left]
    for operand in operands:
        parts += [(operand, 0), ", "]
    parts[-1] = right
    return parts


def _template(operation: Operation, operands: tuple[int, ...]) -> list[Part]:
    """Split a LaTeX template at its operands; only the base of a power needs brackets."""
    marks = dict(zip(OPERANDS, "\0\1\2", strict=True))
    parts: list[Part] = []
    for char in operation.latex.format(**marks):
        if char in marks.values():
            position = ord(char)
            base = operation.precedence == POWER and position == 0
            parts.append((operands[position], ATOM if base else 0))
        else:
            parts.append(char)
    return parts


def _infix(
    graph: Columns,
    operation: Operation,
    operands: tuple[int, ...],
    notation: Notation,
    names: dict[int, str],
) -> list[Part]:
    """Operators. The left operand may bind as loosely as the operator, the right one may not."""
    bound = operation.precedence
    if len(operands) == 1:
        plain = graph.operations[operands[0]] is CONSTANT and operands[0] not in names
        negative = plain and constant_text(graph, operands[0], notation).startswith("-")
        return ["-", (operands[0], ATOM + 1 if plain and not negative else SIGN)]
    symbol = operation.symbol
    if bound == PRODUCT:
        between = notation.times if symbol == "*" else symbol
    else:
        between = symbol if bound == POWER else f" {symbol} "
    left = graph.operations[operands[0]] if operands[0] not in names else None
    loosest = bound
    if bound == POWER:
        loosest = ATOM
    elif left is operation and operation.variadic:
        loosest = SUM + 1
    elif notation.explicit and symbol == "*" and left is not None and left.symbol == "/":
        loosest = SIGN
    parts: list[Part] = [(operands[0], loosest)]
    for operand in operands[1:]:
        parts += [between, (operand, SIGN if bound == POWER else bound + 1)]
    return parts
