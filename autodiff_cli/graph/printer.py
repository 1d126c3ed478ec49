"""Graph to text, with the precedence numbers of the parser, on an explicit stack.

A `Notation` says how numbers, names, powers and calls look: program text, terminal, LaTeX, code.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from typing import NamedTuple, Protocol

from autodiff_cli.graph.constant import Constant
from autodiff_cli.ops import CONSTANT, VARIABLE
from autodiff_cli.ops.row import ATOM, COMPARISON, OPERANDS, POWER, PRODUCT, SIGN, SUM, Operation

_HEAD = re.compile(r"[^\W\d_]+")
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

    @property
    def names(self) -> Mapping[int, str]:
        """Node → the name of the step that it is."""


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
    return rf"{mantissa} \times 10^{{{int(exponent)}}}" if exponent else text


class Notation(NamedTuple):
    """How text is written.

    Attributes:
        times: between the factors of a product.
        raised: write whole constant powers as superscripts.
        latex: use the LaTeX templates of the table.
        explicit: bracket a quotient that is multiplied and a sign after an operator, so that no
            reader can take them otherwise.
        constants: spelling → text of the constants e and pi.
        name: text of a variable's name, or of a step's.
        label: text of a node's label.
        number: text of a float.
    """

    times: str = "*"
    raised: bool = False
    latex: bool = False
    explicit: bool = False
    constants: tuple[tuple[str, str], ...] = ()
    name: Callable[[str], str] = str
    label: Callable[[str], str] = str
    number: Callable[[float], str] = number


PROGRAM = Notation()
TERMINAL = Notation(times="·", raised=True, explicit=True, constants=(("pi", "π"),))
ASCII = Notation(explicit=True, constants=(("π", "pi"),))


def latex_name(name: str) -> str:
    r"""Return a variable's name in LaTeX: letters, then the rest as a subscript.

    Different names look different in the source: `x_{1}` is x_1 and `{x}_{1}` is x1.
    """
    head = _HEAD.match(name)
    letters = head[0] if head else name
    body = _latex_letters(letters)
    rest = name[len(letters) :]
    if not rest:
        return body
    if rest[0] == "_" and len(rest) > 1:
        body, rest = body, rest[1:]
    else:
        body = f"{{{body}}}"
    return rf"{body}_{{{rest.replace('_', chr(92) + '_')}}}"


def latex_label(label: str) -> str:
    """Return a node's label in LaTeX: w12 is w_{12}."""
    letters = label.rstrip("0123456789")
    return f"{_latex_letters(letters)}_{{{label[len(letters) :]}}}"


def _latex_letters(letters: str) -> str:
    return _greek(letters) or (letters if len(letters) == 1 else rf"\mathit{{{letters}}}")


#: Greek letters whose LaTeX command is not their name, and capitals that look like Latin ones.
_COMMANDS = {"lamda": r"\lambda", "final": r"\varsigma"}
_LATIN = dict(zip("ΑΒΕΖΗΙΚΜΝΟΡΤΥΧο", "ABEZHIKMNOPTYXo", strict=True))


def _greek(letter: str) -> str:
    """Return the LaTeX of one plain Greek letter, or ""."""
    if len(letter) != 1 or letter.isascii():
        return ""
    import unicodedata

    words = unicodedata.name(letter, "").split()
    if words[:1] != ["GREEK"] or words[1:2] not in (["CAPITAL"], ["SMALL"]) or len(words) < 4:
        return ""
    if letter in _LATIN:
        return rf"\mathord{{{_LATIN[letter]}}}"
    if len(words) > 4 and words[3] != "FINAL":
        return ""
    spelled = words[3].lower()
    command = _COMMANDS.get(spelled, f"\\{spelled}")
    return "\\" + command[1:].capitalize() if words[1] == "CAPITAL" else command


LATEX = Notation(
    times=r" \cdot ", latex=True, explicit=True, constants=(("pi", r"\pi"), ("π", r"\pi")),
    name=latex_name, label=latex_label, number=latex_number,
)  # fmt: skip


def expression(
    graph: Columns,
    index: int,
    notation: Notation = PROGRAM,
    names: Mapping[int, str] | None = None,
) -> str:
    """Return node `index` as text.

    Args:
        graph: the graph.
        index: the node to print.
        notation: how to write it.
        names: node → text to print in place of that node (never of `index` itself); text that
            begins with a minus is bracketed after an operator. None is the names of steps.
    """
    pieces: list[str] = []
    own = names is None
    names = graph.names if names is None else names
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
            text = notation.name(names[node]) if own else names[node]
            bound = PRODUCT if r"\times" in text else SIGN if text.startswith("-") else ATOM
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
        return rf"{mantissa} \times 10^{{{int(exponent)}}}"
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
    graph: Columns, index: int, notation: Notation, names: Mapping[int, str]
) -> tuple[list[Part], int]:
    """Return the text of one node around its operands, and how tightly that text binds."""
    operation, operands = graph.operations[index], graph.operands[index]
    if operation is VARIABLE:
        return [notation.name(graph.variables[index])], ATOM
    if operation is CONSTANT:
        text = constant_text(graph, index, notation)
        bound = SIGN if text.startswith("-") else ATOM
        return [text], PRODUCT if r"\times" in text else bound
    if notation.latex and "{a}" in operation.latex:
        closed = operation.latex.startswith((r"\left", r"\sqrt", r"\log"))
        open_ended = operation.precedence == COMPARISON or operation.latex.startswith(r"\begin")
        bound = COMPARISON if open_ended else POWER
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
        plain = operation.name.replace("_", r"\_")
        name = operation.latex or rf"\operatorname{{{plain}}}"
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
    names: Mapping[int, str],
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
