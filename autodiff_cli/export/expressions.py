"""One node as an expression of the target language, with the functions that it needs.

Nesting is bounded by `program.DEEPEST`, so plain recursion is safe here.
"""

from __future__ import annotations

import ast
import inspect
import math
from functools import cache

from autodiff_cli.engine import rules
from autodiff_cli.export.names import RENAMED
from autodiff_cli.export.targets import Target
from autodiff_cli.graph.graph import CONSTANT, Graph
from autodiff_cli.ops import ADD, DIVIDE, MULTIPLY, POWER, WHERE, ieee
from autodiff_cli.ops.row import ATOM, COMPARISON, OPERANDS, PRODUCT, SIGN, SUM, Operation
from autodiff_cli.ops.row import POWER as POWER_PRECEDENCE

#: Languages in which 0 without a point is a whole number.
_WHOLE_NUMBERS = ("python", "numpy", "torch", "jax")


class Expressions:
    """Writes the nodes of one graph.

    Args:
        graph: holds the nodes.
        names: node → name, for the nodes that have been assigned.
        target: the language.
        ieee: Python only: write calls that answer inf and nan where Python's own raise.
        functions: name → source of the functions written so far; more are added.
    """

    def __init__(
        self,
        graph: Graph,
        names: dict[int, str],
        target: Target,
        functions: dict[str, str],
        *,
        ieee: bool = False,
    ) -> None:
        self.graph, self.names, self.target, self.functions = graph, names, target, functions
        self.ieee = ieee and target.name == "python"
        self.values: dict[int, float] = {}
        for index, operation in enumerate(graph.operations):
            if operation is CONSTANT:
                self.values[index] = graph.constants[index].value
            elif not graph.dependent[index]:
                arguments = [self.values[k] for k in graph.operands[index]]
                self.values[index] = rules.value(operation)(*arguments)

    def assigned(self, index: int) -> str:
        """Return the right-hand side of a node's own assignment."""
        text, _ = self._operation(index)
        whole = self.graph.operations[index] is WHERE and text.startswith("(")
        return text[1:-1] if whole else text

    def terms(self, index: int) -> list[str]:
        """Return the terms of a sum, or its one text."""
        if self.graph.operations[index] is not ADD or not self.graph.dependent[index]:
            return [self.assigned(index)]
        return [self._within(k, SUM + 1) for k in self.graph.operands[index]]

    def number(self, index: int) -> str:
        """Return a node by name, or written out with a decimal point if it is a constant."""
        if index in self.names:
            return self.names[index]
        if self.graph.operations[index] is CONSTANT and self.target.name != "sympy":
            return self._constant(index, exact=False)
        return self._within(index, 0)

    def _within(self, index: int, required: int) -> str:
        text, bound = self._inlined(index)
        return f"({text})" if bound < required else text

    def _inlined(self, index: int) -> tuple[str, int]:
        return (self.names[index], ATOM) if index in self.names else self._operation(index)

    def _floating(self, index: int) -> tuple[str, int]:
        """Return what a choice answers; a constant as a float, since a whole 0 has no opposite."""
        if self.graph.operations[index] is not CONSTANT or self.target.name not in _WHOLE_NUMBERS:
            return self._inlined(index)
        return self._constant(index, exact=False), ATOM

    def _operation(self, index: int) -> tuple[str, int]:
        """Return the text of one node around its operands, and how tightly that text binds."""
        operation, operands = self.graph.operations[index], self.graph.operands[index]
        if operation is CONSTANT:
            text = self._constant(index)
            return text, SIGN if text.startswith("-") else ATOM
        if index in self.values and not self._is_plain(index):
            text = self._literal(self.values[index])
            return text, SIGN if text.startswith("-") else ATOM
        if operation is WHERE and operands[0] in self.values:
            chosen = operands[1] if self.values[operands[0]] else operands[2]
            if self.target.name == "torch" and chosen in self.values:
                return self._tensor(chosen), ATOM  # functions of torch take no numbers
            return self._floating(chosen)
        if operation is WHERE:
            texts = [self._within(operands[0], 0), *(self._branch(k, index) for k in operands[1:])]
            return self._filled(self.target.where, texts), ATOM
        if operation is POWER:
            return self._power(*operands)
        if operation is MULTIPLY and -1.0 in (self.values.get(k) for k in operands):
            other = operands[0] if self.values.get(operands[1]) == -1.0 else operands[1]
            if other not in self.values:
                return self._minus(other, SIGN), SIGN
        if operation is DIVIDE and self.ieee:
            return self._call(operation, operands), ATOM
        if operation is DIVIDE and self.target.name == "sympy" and index in self.values:
            top, bottom = (self._within(k, PRODUCT + 1) for k in operands)
            return f"sympy.S({top})/{bottom}", PRODUCT
        if operation.symbol:
            return self._infix(operation, operands), operation.precedence
        return self._call(operation, operands), ATOM

    def _is_plain(self, index: int) -> bool:
        """Tell whether a formula without variables can stand as it is: finite, no array call."""
        operation = self.graph.operations[index]
        if operation.precedence == COMPARISON:
            return True
        if self.target.name == "sympy":
            return math.isfinite(self.values[index])
        value = self.values[index]
        if self.ieee or not math.isfinite(value) or value.hex() == "-0x0.0p+0":
            return False  # -1*0 is 0 where the language has whole numbers
        if operation is POWER or not operation.symbol:
            known = operation.name in self.target.functions or operation is POWER
            return self.target.constant_functions and known
        return True

    def _constant(self, index: int, *, exact: bool = True) -> str:
        constant = self.graph.constants[index]
        sign, digits, exponent = constant.exact
        if sign == "name":
            return self.target.constants[digits]
        if self.target.name == "sympy" and exponent < 0:
            return f'sympy.Rational("{constant.spelling}")'
        whole = exponent >= 0 and abs(constant.value) < 1e15
        if whole and exact and not self.target.floats:
            return str(int(constant.value))
        return self._literal(constant.value)

    def _literal(self, value: float) -> str:
        infinite, nan = self.target.infinite
        if math.isnan(value):
            return nan
        if math.isinf(value):
            return infinite if value > 0 else f"-{infinite}"
        return repr(float(value))

    def _infix(self, operation: Operation, operands: tuple[int, ...]) -> str:
        bound = operation.precedence
        if operation.symbol in self.target.equal:
            return self._filled(
                self.target.equal[operation.symbol], [self._within(k, SUM) for k in operands]
            )
        if len(operands) == 1:
            return self._minus(operands[0], SIGN + 1)
        between = operation.symbol if bound == PRODUCT else f" {operation.symbol} "
        loosest = SUM + 1 if operation is ADD else bound
        texts = [self._within(operands[0], loosest)]
        texts += [self._within(k, bound + 1) for k in operands[1:]]
        return between.join(texts)

    def _minus(self, operand: int, required: int) -> str:
        """Return a node's opposite; JavaScript does not read -a**2."""
        text = self._within(operand, ATOM if self.target.name == "javascript" else required)
        return f"-({text})" if text.startswith("-") else f"-{text}"

    def _power(self, base: int, exponent: int) -> tuple[str, int]:
        number = self.values.get(exponent)
        whole = exponent in self.graph.constants and number is not None and number == int(number)
        if self.target.name == "c" and whole and number == 2 and base in self.names:
            return f"{self.names[base]}*{self.names[base]}", PRODUCT
        if self.ieee:
            return self._call(POWER, (base, exponent)), ATOM
        if number in self.target.roots and base not in self.values:
            self.functions["power"] = self.target.pieces["power"]
            return f"power({self._within(base, 0)}, {self._within(exponent, 0)})", ATOM
        if (whole and self.target.name != "c") or self.target.power == "{a}**{b}":
            text = f"{self._within(base, ATOM)}**{self._within(exponent, SIGN)}"
            return text, POWER_PRECEDENCE
        if "power" in self.target.pieces:
            self.functions["power"] = self.target.pieces["power"]
        texts = [self._within(base, 0), self._within(exponent, 0)]
        return self._filled(self.target.power, texts), ATOM

    def _branch(self, index: int, choice: int) -> str:
        """Return one side of a choice.

        Torch wants a tensor where both sides are numbers.
        """
        sides = self.graph.operands[choice][1:]
        if self.target.name == "torch" and all(k in self.values for k in sides):
            return self._tensor(index)
        required = COMPARISON + 1 if self.target.name != "python" else SUM
        text, bound = self._floating(index)
        return f"({text})" if bound < required else text

    def _tensor(self, index: int) -> str:
        return f"torch.tensor({self._within(index, 0)}, dtype=torch.float64)"

    def _call(self, operation: Operation, operands: tuple[int, ...]) -> str:
        texts = [self._within(k, 0) for k in operands]
        if self.target.name == "torch" and len(operands) > 1:
            texts = [
                self._tensor(k) if k in self.values else text
                for k, text in zip(operands, texts, strict=True)
            ]
        return f"{self.function(operation)}({', '.join(texts)})"

    def function(self, operation: Operation) -> str:
        """Return the name of an operation's function, whose source is added if need be."""
        name = RENAMED.get(operation.name, operation.name)
        if operation.name == "log" and operation.arity == 2:
            name = "log_base"
        elif operation.name in self.target.functions and not self._raises(operation):
            return self.target.functions[operation.name]
        if name in self.functions:
            return name
        piece = self.target.pieces.get(operation.name)
        if piece is not None:
            self.functions[name] = piece
        elif self.target.name == "python" and operation.value is not None:
            self._own(operation)
            return self._own_name(operation)
        else:
            self._define(name, operation)
        return name

    def _raises(self, operation: Operation) -> bool:
        return self.ieee and self._own_name(operation) != ""

    def _define(self, name: str, operation: Operation) -> None:
        """Write an operation out from its row's definition."""
        textbook = operation.definition if self.target.name == "sympy" else ""
        graph = rules.formula(textbook or operation.computed or operation.definition)
        names = dict(enumerate(graph.variables))
        inner = Expressions(graph, names, self.target, self.functions, ieee=True)
        text = inner.number(graph.outputs[0])
        arguments = OPERANDS[: operation.arity]
        if self.target.name == "c":
            declared = ", ".join(f"double {a}" for a in arguments)
            source = f"static double {name}({declared}) {{\n    return {text};\n}}\n"
        elif self.target.name == "javascript":
            source = f"function {name}({', '.join(arguments)}) {{\n  return {text};\n}}\n"
        else:
            about = operation.summary[0].upper() + operation.summary[1:]
            source = f'def {name}({", ".join(arguments)}):\n    """{about}."""\n    return {text}\n'
        self.functions[name] = source

    @staticmethod
    def _own_name(operation: Operation) -> str:
        """Return the name of a row's function in the program's own `ieee`, or ""."""
        found = (name for name, value in vars(ieee).items() if value is operation.value)
        return next(found, "") if operation.value is not None else ""

    def _own(self, operation: Operation) -> None:
        """Copy the program's own function: what Python raises is a value in it."""
        name = self._own_name(operation)
        source = _sources()[name]
        if "guarded" in source:
            self.functions.setdefault("guarded", _sources()["guarded"])
        self.functions[name] = source

    def _filled(self, template: str, texts: list[str]) -> str:
        return template.format(**dict(zip(OPERANDS, texts, strict=False)))


@cache
def _sources() -> dict[str, str]:
    """Return name → source of the program's IEEE functions, without type annotations."""
    found = {}
    for node in ast.parse(inspect.getsource(ieee)).body:
        if isinstance(node, ast.FunctionDef):
            for inner in ast.walk(node):
                if isinstance(inner, ast.FunctionDef):
                    inner.returns = None
                elif isinstance(inner, ast.arg):
                    inner.annotation = None
            found[node.name] = ast.unparse(node) + "\n"
        elif isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name):
            found[node.targets[0].id] = ast.unparse(node) + "\n"
    return {name: _qualified(source) for name, source in found.items()}


def _qualified(source: str) -> str:
    """Write `inf` and `nan` as the math module's."""
    tree = ast.parse(source)

    class Names(ast.NodeTransformer):
        def visit_Name(self, node: ast.Name) -> ast.AST:
            if node.id in ("inf", "nan"):
                return ast.Attribute(ast.Name("math"), node.id)
            return node

    return ast.unparse(Names().visit(tree)) + "\n"
