"""Mutations of a module: one small change of its text each, such as a slip of the hand would make.

The table of operations is data at module level, and its rules are text in the program's own
language; so ready-made tools, which change Python inside functions, would leave the heart out.
What nobody can observe (annotations, docstrings, decorators) and words for people stay.
"""

from __future__ import annotations

import ast
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import pairwise

#: What is written for an operator: Python's, then those of rules.
OPERATORS = {
    "<": "<=", "<=": "<", ">": ">=", ">=": ">", "==": "!=", "!=": "==",
    "is": "is not", "is not": "is", "in": "not in", "not in": "in", "and": "or", "or": "and",
    "+": "-", "-": "+", "*": "/", "/": "*", "//": "/", "%": "*", "**": "*", "|": "&", "&": "|",
}  # fmt: skip
RULES = OPERATORS | {
    "^": "*", "a": "b", "b": "a", "y": "a",
    "sin": "cos", "cos": "sin", "sinh": "cosh", "cosh": "sinh", "tan": "cot", "cot": "tan",
    "ln": "exp", "exp": "ln", "log1p": "ln", "sqrt": "abs", "abs": "sign", "sign": "abs",
    "erf": "sigmoid", "sigmoid": "erf", "floor": "ceil", "max": "min", "tanh": "sigmoid",
}  # fmt: skip
NAMES = {"min": "max", "max": "min", "any": "all", "all": "any"}

#: Arguments that are text in the program's own language.
RULE_ARGUMENTS = {"rules", "definition", "computed", "domain"}
#: Arguments that are words for people, say where tests sample, or only assert.
LEFT = {"summary", "outside", "others", "domain_text", "text", "mend", "intervals", "strict"}
#: Arguments without which a call cannot even be made: any test kills that.
NEEDED = {"name", "rules", "value"}
#: Functions of objects that only debuggers call.
UNSEEN = {"__repr__"}

_OPERATOR = re.compile(rb"\b(?:is\s+not|not\s+in|is|in|and|or)\b|[<>=!]=|\*\*|//|[-+*/%|&<>]")
_RULE_TOKEN = re.compile(rb"[a-z]\w*|\d+|[<>=!]=|[-+*/^<>]")


@dataclass(frozen=True, slots=True)
class Mutation:
    """A change of the bytes from `start` to `end` of a file; `within` names the definition.

    Where the same change of an equal line stands in it again, `#2` follows the name.
    """

    file: str
    line: int
    within: str
    start: int
    end: int
    new: str

    def apply(self, source: bytes) -> bytes:
        """Return the text with the change."""
        return source[: self.start] + self.new.encode() + source[self.end :]

    def lines(self, source: bytes) -> tuple[str, str]:
        """Return the lines that change, before and after, each as one line."""
        first = source.rfind(b"\n", 0, self.start) + 1
        last = source.find(b"\n", self.end)
        before = source[first:last].decode()
        after = (source[first : self.start] + self.new.encode() + source[self.end : last]).decode()
        return " ".join(before.split()), " ".join(after.split())


def mutations(file: str, source: bytes) -> list[Mutation]:
    """Return every mutation of a module, in the order of the places."""
    found = set(_Module(file, source).visited(ast.parse(source), ""))
    seen: Counter[tuple[str, ...]] = Counter()
    told = []
    for one in sorted(found, key=lambda one: (one.start, one.end, one.new)):
        same = (one.within, *one.lines(source))
        seen[same] += 1
        again = f"{one.within}#{seen[same]}" if seen[same] > 1 else one.within
        told.append(replace(one, within=again))
    return told


class _Module:
    def __init__(self, file: str, source: bytes) -> None:
        self.file, self.source = file, source
        self.starts = [0]
        for line in source.splitlines(keepends=True):
            self.starts.append(self.starts[-1] + len(line))

    def span(self, node: ast.AST) -> tuple[int, int]:
        """Return the bytes that a node takes."""
        first, last = node.lineno, node.end_lineno  # type: ignore[attr-defined]
        return self.starts[first - 1] + node.col_offset, self.starts[last - 1] + node.end_col_offset  # type: ignore[attr-defined]

    def visited(self, node: ast.AST, within: str) -> Iterator[Mutation]:
        """Yield the mutations of a node and of all below it."""
        if isinstance(node, (ast.FunctionDef, ast.ClassDef)):
            within = f"{within}.{node.name}".lstrip(".")
            if node.name in UNSEEN:
                return
        for start, end, new in self.changes(node):
            line = self.source.count(b"\n", 0, start) + 1
            yield Mutation(self.file, line, within, start, end, new)
        for child in _children(node):
            yield from self.visited(child, within)

    def changes(self, node: ast.AST) -> Iterator[tuple[int, int, str]]:
        """Yield what may be written for a node: (start, end, text)."""
        match node:
            case ast.Compare():
                yield from self.between([node.left, *node.comparators])
            case ast.BinOp():
                yield from self.between([node.left, node.right])
            case ast.BoolOp():
                yield from self.between(node.values)
            case ast.AugAssign():
                yield from self.between([node.target, node.value])
            case ast.UnaryOp(op=ast.Not() | ast.USub()):
                start = self.span(node)[0]
                yield start, start + (3 if isinstance(node.op, ast.Not) else 1), ""
            case ast.If() | ast.IfExp():
                yield from ((*self.span(node.test), forced) for forced in ("True", "False"))
            case ast.While():
                yield (*self.span(node.test), "False")
            case ast.comprehension():
                yield from ((*self.span(test), "True") for test in node.ifs)
            case ast.Return(value=ast.expr() as value):
                if ast.unparse(value) != "None":
                    yield (*self.span(node), "return None")
            case ast.Raise() | ast.Expr(value=ast.Call()):
                yield (*self.span(node), "pass")
            case ast.Break() | ast.Continue():
                yield (*self.span(node), "continue" if isinstance(node, ast.Break) else "break")
            case ast.Name(id=name) if name in NAMES:
                yield (*self.span(node), NAMES[name])
            case ast.Constant():
                yield from self.constant(node)
            case ast.Call():
                yield from self.call(node)
            case ast.keyword(arg=name) if name in RULE_ARGUMENTS:
                for text in ast.walk(node):
                    yield from self.rule(text)

    def between(self, operands: list[ast.expr]) -> Iterator[tuple[int, int, str]]:
        """Yield another operator for each that stands between two operands."""
        for left, right in pairwise(operands):
            start = self.span(left)[1]
            found = _OPERATOR.search(self.source, start, self.span(right)[0])
            if found:
                yield *found.span(), OPERATORS[" ".join(found[0].decode().split())]

    def constant(self, node: ast.Constant) -> Iterator[tuple[int, int, str]]:
        """Yield numbers next to a number, the other truth value, and a longer name."""
        start, end = self.span(node)
        match node.value:
            case bool():
                yield start, end, str(not node.value)
            case int() | float():
                near = {node.value + 1, node.value - 1} - {node.value}
                yield from ((start, end, repr(number)) for number in near)
            case str() if node.value and not any(map(str.isspace, node.value)):
                yield end - 1, end - 1, "X"

    def rule(self, node: ast.AST) -> Iterator[tuple[int, int, str]]:
        """Yield the changes of a text in the program's own language."""
        if not isinstance(node, ast.Constant) or not isinstance(node.value, str):
            return
        start, end = self.span(node)
        if not node.value:
            yield start, end, '"1"'
        for token in _RULE_TOKEN.finditer(self.source, start + 1, end - 1):
            text = token[0].decode()
            new = str(int(text) + 1) if text.isdigit() else RULES.get(text)
            if new:
                yield *token.span(), new

    def call(self, node: ast.Call) -> Iterator[tuple[int, int, str]]:
        """Yield the call without each of its named arguments; the condition of a kink."""
        if _name(node) == "Kink":
            yield from self.rule(node.args[0])
        for argument in node.keywords:
            if argument.arg and argument.arg not in LEFT | NEEDED:
                start, end = self.span(argument)
                end += self.source[start:end].count(b"(") > self.source[start:end].count(b")")
                end += self.source[end : end + 1] == b","
                yield start, end, ""


def _name(node: ast.Call) -> str:
    return ast.unparse(node.func).rpartition(".")[2]


def _children(node: ast.AST) -> Iterator[ast.AST]:
    """Yield what stands below a node and can be observed."""
    match node:
        case ast.Import() | ast.ImportFrom() | ast.Assert() | ast.Raise() | ast.JoinedStr():
            return
        case ast.Expr(value=ast.Constant()):
            return
        case ast.keyword(arg=name) if name in LEFT | RULE_ARGUMENTS:
            return
        case ast.Call() if _name(node) == "Kink":
            yield from [*node.args[1:], *node.keywords]
            return
        case ast.Assign(targets=[ast.Name(id="__slots__")]):
            return
    skipped = {"annotation", "returns", "decorator_list", "type_params"}
    for field, value in ast.iter_fields(node):
        if field not in skipped:
            yield from (one for one in (value if isinstance(value, list) else [value])
                        if isinstance(one, ast.AST))  # fmt: skip
