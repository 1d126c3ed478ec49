"""The operation table on NumPy arrays: the same rules, with a blocked edge as a mask.

Loaded only when a value is an array.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from functools import cache, reduce
from typing import Any

import numpy as np

from autodiff_cli.engine import rules
from autodiff_cli.engine.folding import is_zero
from autodiff_cli.graph.graph import Graph
from autodiff_cli.ops import OPERATIONS, WHERE
from autodiff_cli.ops.row import OPERANDS, Operation

Array = np.ndarray[Any, np.dtype[np.float64]]


class PartlyBlocked:
    """A partial that is blocked at some of the points. `adjoint * partial` is 0 there.

    Args:
        partial: the numbers, of any kind where blocked.
        mask: true where the edge is blocked.
    """

    __array_ufunc__ = None  # so that array * partial comes to __rmul__

    def __init__(self, partial: Array, mask: Array) -> None:
        self.partial, self.mask = partial, mask

    def __rmul__(self, adjoint: Any) -> Array:
        return np.where(self.mask, 0.0, np.multiply(adjoint, self.partial))

    def __abs__(self) -> PartlyBlocked:
        return PartlyBlocked(np.abs(self.partial), self.mask)


@cache
def array_functions() -> Mapping[str, Callable[..., Any]]:
    """Return name → NumPy function for every row; rows without one compute their definition."""
    return {name: _quiet(function) for name, function in warning_functions().items()}


@cache
def warning_functions() -> Mapping[str, Callable[..., Any]]:
    """Return what `array_functions` does, for callers that have gone quiet already."""
    functions: dict[str, Any] = {"erf": _each(math.erf), "erfc": _each(math.erfc)}
    for row in OPERATIONS:
        if hasattr(np, row.numpy):
            functions[row.name] = getattr(np, row.numpy)
    functions["power"] = _power
    functions["add"] = _sum
    functions["max"], functions["min"] = _extreme(np.maximum), _extreme(np.minimum)
    for row in OPERATIONS:
        if row.name not in functions:
            source = rules.python(rules.formula(row.computed or row.definition), arrays=True)
            names = OPERANDS[: row.arity]
            functions[row.name] = rules.compile_formula(source, functions, names)
    return functions


def _sum(*operands: Any) -> Any:
    return np.add(*operands) if len(operands) == 2 else reduce(np.add, operands)


def _power(a: Any, b: Any) -> Array:
    # NumPy computes a scalar exponent 0.5 as sqrt, which is nan for -inf where pow is inf.
    exponent = np.full(np.shape(a), b) if np.ndim(b) == 0 and b == 0.5 else b
    return np.asarray(np.power(a, exponent))


def _extreme(function: Any) -> Callable[..., Any]:
    """Return max or min; of 0 and −0 NumPy takes either, by the processor and the place."""
    return lambda a, b: np.where(np.equal(a, b), b, function(a, b))


def quiet() -> np.errstate:
    """Return a context without warnings: poles and overflow are values here, and get notes."""
    return np.errstate(all="ignore")


def _each(function: Callable[[float], float]) -> Callable[..., Array]:
    """Return a float function that NumPy lacks, called for each number."""
    called = np.frompyfunc(function, 1, 1)
    return lambda a: np.asarray(called(a), dtype=float)


def _quiet(function: Callable[..., Any]) -> Callable[..., Any]:
    def silent(*operands: Any) -> Any:
        with quiet():
            return function(*operands)

    return silent


def value(operation: Operation) -> Callable[..., Any]:
    """Return the function of a row for arrays."""
    return array_functions()[operation.name]


@cache
def step(operation: Operation, *active: int) -> Callable[..., tuple[Any, tuple[Any, ...]]]:
    """Return a row as a function of arrays: (the value, a partial for each operand).

    Args:
        operation: the row.
        active: for each operand, whether its partial is wanted; where not, it is None.
    """
    function, plan = value(operation), array_rules(operation)
    padding = (0.0,) * (len(OPERANDS) - len(active))

    def compute(*operands: Any) -> tuple[Any, tuple[Any, ...]]:
        result = function(*operands)
        partials = [
            None if not wanted else rule(*operands, *padding, result) if callable(rule) else rule
            for rule, wanted in zip(plan, active, strict=True)
        ]
        return result, tuple(partials)

    return compute


@cache
def array_rules(operation: Operation) -> tuple[Any, ...]:
    """Return for each operand a number, BLOCKED, None (no edge) or a function of (a, b, c, y)."""
    found = warning_rules(operation)
    return tuple(_quiet(rule) if callable(rule) else rule for rule in found)


@cache
def warning_rules(operation: Operation) -> tuple[Any, ...]:
    """Return what `array_rules` does, for callers that have gone quiet already."""
    return tuple(_rule(text) if text else None for text in operation.rules)


def _rule(text: str) -> Any:
    constant = rules.constant_rule(text)
    if constant is not None:
        return constant
    graph, functions = rules.formula(text), warning_functions()
    compute = rules.compile_formula(rules.python(graph, arrays=True), functions)
    source = _mask(graph)
    if source == "False":
        return compute
    mask = rules.compile_formula(source, functions)

    def partial(*arguments: Any) -> PartlyBlocked:
        return PartlyBlocked(compute(*arguments), mask(*arguments))

    return partial


@cache
def condition(text: str) -> Callable[..., Any]:
    """Return a domain or a kink's condition as a function of arrays (a, b, c, y)."""
    source = rules.python(rules.formula(f"where({text}, 1, 0)"), arrays=True)
    compute = _quiet(rules.compile_formula(source, warning_functions()))
    return lambda *arguments: compute(*arguments) == 1


def _mask(graph: Graph) -> str:
    """Return Python text that is true where a formula answers a literal 0."""
    possible = rules.answers(graph)
    masks: dict[int, str] = {}
    for index in sorted(possible):
        masks[index] = str(is_zero(graph, index))
        if graph.operations[index] is WHERE:
            condition, a, b = graph.operands[index]
            if masks[a] != masks[b] or masks[a] not in ("True", "False"):
                test = rules.python(_output(graph, condition), arrays=True)
                masks[index] = f"where({test}, {masks[a]}, {masks[b]})"
    return masks[graph.outputs[0]]


def _output(graph: Graph, index: int) -> Graph:
    """Return the same graph with another output."""
    return Graph(
        graph.variables, graph.operations, graph.operands, graph.constants, (index,),
        graph.dependent, graph.spellings,
    )  # fmt: skip


class Tangents:
    """Tangents at many points. Where `absent`, none arrived: it stays 0 whatever it meets."""

    def __init__(self, numbers: Any, absent: Any) -> None:
        self.numbers, self.absent = np.where(absent, 0.0, numbers), absent

    def __add__(self, other: Tangents) -> Tangents:
        return Tangents(self.numbers + other.numbers, self.absent & other.absent)


def arriving(tangent: Any) -> Tangents:
    """Return a tangent that the caller gives: a number or an array, present at every point."""
    numbers = np.asarray(tangent, dtype=float)
    return Tangents(numbers, np.zeros(numbers.shape, bool))


def push(partial: Any, tangent: Tangents) -> Tangents:
    """Return what passes an edge at each point; see `forward.push` for one."""
    mask: Any = partial is rules.BLOCKED
    numbers = 0.0 if partial is rules.BLOCKED else partial
    if isinstance(partial, PartlyBlocked):
        mask, numbers = partial.mask, partial.partial
    passing = np.where(mask, np.nan, tangent.numbers * numbers)
    stopped = tangent.absent | (mask & np.isfinite(tangent.numbers))
    return Tangents(passing, stopped)
