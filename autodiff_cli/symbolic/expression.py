"""Graph to SymPy, node by node and never through text: each operation by its row of the table.

Three things keep SymPy on the reals and out of giant integers: functions of arguments that it
cannot prove real have classes of their own, large constant powers are atoms, and long literals
are floats.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import sympy

from autodiff_cli.engine import rules
from autodiff_cli.graph.constant import Constant
from autodiff_cli.graph.graph import CONSTANT, Graph
from autodiff_cli.graph.printer import latex_name
from autodiff_cli.limits import SYMPY_EXPONENT, SYMPY_POWER
from autodiff_cli.ops import POWER, WHERE, find
from autodiff_cli.ops.row import COMPARISON, OPERANDS, Operation

#: Literals of up to so many digits and decimal places are exact rationals; others are floats.
RATIONAL, FLOAT_DIGITS = 20, 60

SINC = find("sinc", 1)

#: The exact names of the constants of the language.
_NAMED = {"e": sympy.E, "pi": sympy.pi}


class OfReal(sympy.Function):  # type: ignore[misc]  # SymPy is untyped
    """A function of one real argument, differentiated as SymPy does it at a real symbol.

    Where SymPy cannot prove an argument real, as in Abs(log(x)), its own derivative is that of a
    complex function, with parts left unevaluated; and floor has none at all: its slope is 0.
    """

    nargs = 1
    head: Any = None

    def fdiff(self, argindex: int = 1) -> Any:
        """Return the derivative by the argument."""
        symbol = sympy.Dummy(real=True)
        slope = self.head(symbol).diff(symbol).replace(sympy.sign, RealSign)
        return (
            sympy.S.Zero if slope.has(sympy.Derivative) else slope.xreplace({symbol: self.args[0]})
        )


class RealAbs(OfReal):
    """Abs of an argument taken as real."""

    head = sympy.Abs


class RealSign(OfReal):
    """The sign of an argument taken as real."""

    head = sympy.sign


class RealFloor(OfReal):
    """floor, with slope 0."""

    head = sympy.floor


class RealCeiling(OfReal):
    """ceiling, with slope 0."""

    head = sympy.ceiling


class Sinc(sympy.Function):  # type: ignore[misc]  # SymPy is untyped
    """The derivative of sin(a)/a of an order; as a choice by a = 0 it would be a constant there."""

    nargs = 2

    def fdiff(self, argindex: int = 1) -> Any:
        """Return the derivative by the argument."""
        order, argument = self.args
        return Sinc(order + 1, argument)

    def _eval_is_extended_real(self) -> Any:
        return self.args[1].is_extended_real

    @staticmethod
    def written(order: Any, argument: Any) -> Any:
        """Return it as SymPy's own functions, with its value at 0 beside the general formula."""
        symbol = sympy.Dummy(real=True)
        general = (sympy.sin(symbol) / symbol).diff(symbol, order).xreplace({symbol: argument})
        middle = sympy.S.Zero if order % 2 else sympy.Rational((-1) ** (order // 2), order + 1)
        return sympy.Piecewise((middle, sympy.Eq(argument, 0)), (general, True))


_REAL = {"Abs": RealAbs, "sign": RealSign, "floor": RealFloor, "ceiling": RealCeiling}

#: What stands in an expression where a number is divided by 0.
_NONE = (sympy.zoo, sympy.nan)


@dataclass(slots=True)
class Translation:
    """SymPy expressions of a graph.

    Attributes:
        symbols: the variables as real symbols, in the graph's order.
        nodes: one expression (or condition) a node.
        atoms: symbol that stands for a large number → that number, not computed.
        remarks: what a reader of the derivatives should know.
        free: expression → its symbols, for those asked so far.
        paths: (node, variables differentiated by in turn) → derivative, for those asked so far.
    """

    symbols: tuple[Any, ...]
    nodes: list[Any] = field(default_factory=list)
    atoms: dict[Any, Any] = field(default_factory=dict)
    remarks: dict[str, None] = field(default_factory=dict)
    free: dict[Any, set[Any]] = field(default_factory=dict, repr=False)
    paths: dict[tuple[int, tuple[int, ...]], Any] = field(default_factory=dict, repr=False)

    def value(self, node: int) -> Any:
        """Return the expression of a node as SymPy's own functions."""
        return _unwrap(self.nodes[node])

    def derivative(self, node: int, variable: int) -> Any:
        """Return SymPy's derivative of a node with respect to a variable, by position."""
        return _unwrap(self._slope(self.nodes[node], self.symbols[variable]))

    def repeated(
        self, node: int, variables: Sequence[int], direction: Sequence[float] | None = None
    ) -> Any:
        """Return SymPy's derivative of a derivative of a node.

        Args:
            node: what is differentiated.
            variables: positions of the variables, differentiated by one after the other.
            direction: where given, a last derivative along it, one component a variable.
        """
        expression = self.nodes[node]
        for count in range(1, len(variables) + 1):
            expression = self._kept(node, tuple(variables[:count]), expression)
        if direction is not None:
            expression = sympy.Add(
                *[
                    self.component(component) * self._slope(expression, symbol)
                    for component, symbol in zip(direction, self.symbols, strict=True)
                    if component
                ]
            )
        return _unwrap(expression)

    def _kept(self, node: int, path: tuple[int, ...], expression: Any) -> Any:
        """Return the derivative of an expression by the last of `path`, found once."""
        if (node, path) not in self.paths:
            self.paths[node, path] = self._slope(expression, self.symbols[path[-1]])
        return self.paths[node, path]

    def component(self, value: float) -> Any:
        """Return a component of a direction, exactly: one with decimals is a symbol for itself."""
        if value.is_integer():
            return sympy.Integer(int(value))
        number = sympy.Rational(*abs(value).as_integer_ratio())
        return (1 if value > 0 else -1) * self.atom(repr(abs(value)), number, positive=True)

    def _slope(self, expression: Any, symbol: Any) -> Any:
        """Set terms and factors without the symbol aside, and let SymPy differentiate the rest.

        SymPy multiplies them out again for every factor: minutes for a product of 200 variables.
        """
        slopes = []
        for term in expression.args if expression.is_Add else (expression,):
            if symbol in self._free(term):
                factors = term.args if term.is_Mul else (term,)
                constant = [factor for factor in factors if symbol not in self._free(factor)]
                varying = [factor for factor in factors if symbol in self._free(factor)]
                slopes.append(sympy.Mul(*constant, sympy.Mul(*varying).diff(symbol)))
        return sympy.Add(*slopes)

    def _free(self, expression: Any) -> set[Any]:
        """Return the symbols of an expression, looked for once."""
        if expression not in self.free:
            self.free[expression] = expression.free_symbols
        return self.free[expression]

    def power(self, base: Any, exponent: Any, estimate: float | None) -> Any:
        """Return a power, as an atom where SymPy would compute a giant number.

        Args:
            base: an expression.
            exponent: an expression.
            estimate: float64 value of the power, None where it depends on a variable.
        """
        if estimate is not None and base != 0 and not 1 / SYMPY_POWER < abs(estimate) < SYMPY_POWER:
            power = sympy.Pow(base, exponent, evaluate=False)
            return self.atom(f"({sympy.sstr(power)})", power, base.is_positive)
        if exponent.is_Integer and abs(exponent) > SYMPY_EXPONENT and base.as_coeff_Mul()[0] != 1:
            name = str(exponent) if exponent > 0 else f"({exponent})"
            exponent = self.atom(name, exponent, exponent > 0)
        return sympy.Pow(base, exponent)

    def atom(self, name: str, number: Any, positive: bool) -> Any:
        """Return the symbol that stands for a number, known by its name."""
        signs = {"positive": True} if positive else {}
        symbol = sympy.Symbol(name, **signs)
        self.atoms[symbol] = number
        return symbol


def _unwrap(expression: Any) -> Any:
    for function in _REAL.values():
        if expression.has(function):
            expression = expression.replace(function, function.head)
    if expression.has(Sinc):
        expression = expression.replace(Sinc, Sinc.written)
    return expression


def translate(graph: Graph) -> Translation:
    """Return the SymPy expression of every node of a graph."""
    symbols = tuple(sympy.Symbol(name, real=True) for name in graph.variables)
    translation = Translation(symbols)
    translation.nodes = _translate(graph, symbols, translation)
    return translation


def _translate(graph: Graph, variables: Sequence[Any], into: Translation) -> list[Any]:
    nodes: list[Any] = list(variables)
    floats: list[float | None] = [None] * len(nodes)
    for index in range(len(nodes), len(graph)):
        operation, operands = graph.operations[index], graph.operands[index]
        estimate: float | None = None
        if operation is CONSTANT:
            nodes.append(_constant(graph.constants[index]))
            estimate = graph.constants[index].value
        else:
            below = [floats[k] for k in operands]
            if None not in below and operation.precedence != COMPARISON and operation is not WHERE:
                estimate = rules.value(operation)(*below)
            nodes.append(_apply(operation, [nodes[k] for k in operands], estimate, into))
        floats.append(estimate)
    return nodes


def _apply(
    operation: Operation, arguments: list[Any], estimate: float | None, into: Translation
) -> Any:
    if operation is POWER:
        return into.power(arguments[0], arguments[1], estimate)
    if operation is WHERE:
        condition, first, second = arguments
        return sympy.Piecewise((first, condition), (second, True))
    if operation.sympy in _REAL and not arguments[0].is_number:
        if operation.rules == ("0",) and operation.sympy != "sign":
            into.remarks[
                f"SymPy leaves the derivative of {operation.name} open; "
                "between its jumps it is 0, and 0 is used"
            ] = None
            return _REAL[operation.sympy](*arguments)
        if not arguments[0].is_extended_real:
            return _REAL[operation.sympy](*arguments)
    if operation.sympy:
        return getattr(sympy, operation.sympy)(*arguments)
    if operation is SINC and not arguments[0].is_number:
        return Sinc(sympy.S.Zero, *arguments)
    formula = rules.formula(operation.definition)
    operands = dict(zip(OPERANDS, arguments, strict=False))
    variables = [operands[name] for name in formula.variables]
    parts = _translate(formula, variables, into)
    found = parts[formula.outputs[0]]
    hidden = not found.has(*_NONE) and any(part.has(*_NONE) for part in parts)
    if hidden and WHERE not in formula.operations:
        return sympy.nan  # SymPy takes 0·⌊x/0⌋ for 0: the remainder of x/0 would be x
    return found


def _constant(constant: Constant) -> Any:
    """Return a constant exactly as typed, or to FLOAT_DIGITS where its digits are many."""
    sign, digits, exponent = constant.exact
    if sign == "name":
        return _NAMED[digits]
    if len(digits) <= RATIONAL and abs(exponent) <= RATIONAL:
        number = sympy.Integer(int(sign + digits))
        return number * sympy.Integer(10) ** exponent
    return sympy.Float(f"{sign}{digits}e{exponent}", max(FLOAT_DIGITS, len(digits) + 5))


def text(expression: Any) -> str:
    """Return an expression as SymPy prints it, `3*x**2 + 4*x + 8`."""
    return str(sympy.sstr(expression, full_prec=False))


class _Exp(sympy.Function):  # type: ignore[misc]  # SymPy is untyped
    """e^a on its way to LaTeX: of exp itself the printer asks whether it is constant, at length."""

    nargs = 1

    def _latex(self, printer: Any, exp: str | None = None) -> str:
        written = rf"e^{{{printer.doprint(self.args[0])}}}"
        return written if exp is None else rf"\left({written}\right)^{{{exp}}}"


def latex(expression: Any, atoms: dict[Any, Any]) -> str:
    """Return an expression in LaTeX, large numbers as the powers that they are."""
    names: dict[Any, str] = {symbol: latex_name(symbol.name) for symbol in expression.free_symbols}
    for symbol, number in atoms.items():
        written = sympy.latex(number, symbol_names=names)
        names[symbol] = written if number.is_Integer else rf"\left({written}\right)"
    shown = expression.replace(
        lambda part: isinstance(part, sympy.exp) and bool(part.free_symbols),
        lambda part: _Exp(part.args[0]),
    )
    return str(sympy.latex(shown, symbol_names=names))
