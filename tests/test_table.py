"""The operation table, row by row, against SymPy, finite differences, and itself on arrays."""

from __future__ import annotations

import itertools
import math
import random
from typing import Any

import numpy as np
import pytest
import sympy
from mpmath import mp

from autodiff_cli.engine import arrays, rules
from autodiff_cli.engine.forward import gradient as forward_gradient
from autodiff_cli.engine.linearise import linearise, scalar_rules
from autodiff_cli.engine.reverse import gradient as reverse_gradient
from autodiff_cli.graph.graph import Builder, Graph
from autodiff_cli.language.parser import read
from autodiff_cli.ops import FUNCTIONS, OPERATIONS, WHERE
from autodiff_cli.ops.row import COMPARISON, OPERANDS, Operation
from tests import exact
from tests.console import here

DIFFERENTIABLE = tuple(row for row in OPERATIONS if row.precedence != COMPARISON)
SYMBOLS = dict(zip(OPERANDS, sympy.symbols("a b c", real=True), strict=True))


def named(row: Operation) -> str:
    return f"{row.name}{len(row.rules)}"


every_row = pytest.mark.parametrize("row", OPERATIONS, ids=named)
every_differentiable_row = pytest.mark.parametrize("row", DIFFERENTIABLE, ids=named)


def samples(row: Operation, count: int = 6) -> list[tuple[float, ...]]:
    """Points inside the intervals that the row declares."""
    chance = random.Random(row.name)
    return [tuple(chance.uniform(*ends) for ends in row.intervals) for _ in range(count)]


def textbook(row: Operation) -> sympy.Expr:
    """The row as SymPy has it: its function by name, or the textbook definition as a tree."""
    operands = [SYMBOLS[name] for name in OPERANDS[: row.arity]]
    if row is WHERE:
        return sympy.Piecewise((operands[1], sympy.Ne(operands[0], 0)), (operands[2], True))
    if row.sympy:
        return getattr(sympy, row.sympy)(*operands)
    return in_sympy(rules.formula(row.definition))


def in_sympy(graph: Graph, result: Any = None) -> sympy.Expr:
    """A small graph over a, b, c, y in SymPy; `result` stands for y."""
    built: list[Any] = []
    for index, operation in enumerate(graph.operations):
        below = [built[k] for k in graph.operands[index]]
        if index < len(graph.variables):
            name = graph.variables[index]
            built.append(result if name == "y" else SYMBOLS[name])
        elif index in graph.constants:
            built.append(sympy.sympify(graph.constants[index].value))
        elif operation is WHERE:
            built.append(sympy.Piecewise((below[1], below[0]), (below[2], True)))
        elif operation.sympy:
            built.append(getattr(sympy, operation.sympy)(*below))
        else:
            names = dict(zip(map(SYMBOLS.get, OPERANDS), below, strict=False))
            definition = in_sympy(rules.formula(operation.definition))
            built.append(definition.subs(names, simultaneous=True))
    return built[graph.outputs[0]]


def alone(row: Operation) -> Graph:
    """The graph of one operation on variables."""
    names = OPERANDS[: row.arity]
    builder = Builder(names)
    if row is WHERE:
        condition = builder.apply(FUNCTIONS_NOT_EQUAL, (0, builder.constant(_ZERO)))
        return builder.graph([builder.apply(row, (condition, 1, 2))])
    return builder.graph([builder.apply(row, tuple(range(row.arity)))])


_ZERO = next(iter(read(["0"]).graph.constants.values()))
FUNCTIONS_NOT_EQUAL = next(row for row in OPERATIONS if row.name == "not_equal")


@every_row
def test_a_row_is_complete(row: Operation) -> None:
    assert row.summary
    assert len(row.intervals) == row.arity
    assert all(low < high for low, high in row.intervals)
    assert row.value is not None or row.definition
    assert row.sympy or row.definition
    assert not row.domain_text or row.domain
    assert row.symbol or row in FUNCTIONS[row.name]
    assert all(row in FUNCTIONS[alias] for alias in row.aliases)
    for condition in (row.domain, *(kink.condition for kink in row.kinks)):
        if condition:
            assert rules.condition(condition)(*samples(row)[0]) in (0.0, 1.0)
    for kink in row.kinks:
        assert kink.slope
        assert kink.kind in ("kink", "jump", "infinite-slope")


def test_names_and_spellings_are_unique() -> None:
    keys = [(row.name, len(row.rules)) for row in OPERATIONS]
    assert len(set(keys)) == len(keys)
    for name, rows in FUNCTIONS.items():
        assert len({row.arity for row in rows}) == len(rows), name


#: Other spellings, as books and libraries have them.
ALIASES = {
    "log": "ln", "arcsin": "asin", "arccos": "acos", "arctan": "atan", "arctan2": "atan2",
    "arcsinh": "asinh", "arsinh": "asinh", "arccosh": "acosh", "arcosh": "acosh",
    "arctanh": "atanh", "artanh": "atanh", "log_2": "log2", "log_10": "log10",
    "arccot": "acot", "arcsec": "asec", "arccsc": "acsc", "arccoth": "acoth", "arcoth": "acoth",
    "arcsech": "asech", "arsech": "asech", "arccsch": "acsch", "arcsch": "acsch",
}  # fmt: skip


def test_functions_have_the_names_of_books_and_libraries() -> None:
    assert {alias: row.name for row in OPERATIONS for alias in row.aliases} == ALIASES


FAMILIES = [
    "arithmetic", "exponentials and logarithms", "trigonometric", "hyperbolic",
    "reciprocals and their inverses", "pieces", "activations", "signals",
]  # fmt: skip


def test_functions_are_shown_by_family() -> None:
    lines = here("functions", columns=200).out.splitlines()
    headings = [
        line for line, below in itertools.pairwise(lines) if line and below.startswith("function ")
    ]
    assert headings == FAMILIES


@every_differentiable_row
def test_text_of_a_row_reads_back(row: Operation) -> None:
    graph = alone(row)
    assert read([str(graph)]).graph == graph
    for spelling in row.aliases:
        assert read([f"{spelling}({', '.join(OPERANDS[: row.arity])})"]).graph == graph


@every_differentiable_row
@pytest.mark.filterwarnings("ignore")
def test_the_rule_is_the_derivative_that_sympy_finds(row: Operation) -> None:
    function = textbook(row)
    for position in range(row.arity):
        if not row.rule(position):
            continue
        symbol = SYMBOLS[OPERANDS[position]]
        derivative = sympy.diff(function, symbol).doit()
        rule = in_sympy(rules.formula(row.rule(position)), function)
        for point in samples(row):
            at = dict(zip(SYMBOLS.values(), point, strict=False))
            wanted, got = (_number(expression, at) for expression in (derivative, rule))
            assert got == pytest.approx(wanted, rel=1e-11, abs=1e-13), (row.rule(position), point)


def _number(expression: sympy.Expr, at: dict[Any, float]) -> float:
    """A number at a point; floor's derivative stays unevaluated there and is 0 inside a piece."""
    exact = {symbol: sympy.Float(value, 30) for symbol, value in at.items()}
    if expression.has(sympy.Derivative, sympy.Subs):
        assert expression.has(sympy.floor, sympy.ceiling)
        steps = dict.fromkeys(expression.atoms(sympy.Derivative, sympy.Subs), 0)
        expression = sympy.sympify(expression.xreplace(steps))
    return float(expression.subs(exact).evalf(30))


@every_differentiable_row
def test_the_value_is_the_one_sympy_finds(row: Operation) -> None:
    function = textbook(row)
    for point in samples(row):
        at = dict(zip(SYMBOLS.values(), point, strict=False))
        assert rules.value(row)(*point) == pytest.approx(
            _number(function, at), rel=4e-15, abs=1e-15
        )


@every_differentiable_row
def test_both_modes_equal_a_central_difference(row: Operation) -> None:
    graph = alone(row)
    first = 1 if row is WHERE else 0
    for point in samples(row):
        at = dict(zip(graph.variables, point, strict=True))
        linearisation = linearise(graph, at)
        reverse, forward = reverse_gradient(linearisation), forward_gradient(linearisation)
        for name in graph.variables[first:]:
            step = 1e-3  # fourth order: the error is about step⁴ beside rounding of 1e-16/step
            values = [
                linearise(graph, at | {name: at[name] + k * step}).values[graph.outputs[0]]
                for k in (-2, -1, 1, 2)
            ]
            slope = (values[0] - 8 * values[1] + 8 * values[2] - values[3]) / (12 * step)
            assert reverse[name] == pytest.approx(slope, rel=1e-7, abs=1e-8), (name, point)
            assert forward[name] == reverse[name]


#: The slope has a kink at 0, so a difference around it is off by its step.
BENT = ("elu", "softsign")


@every_differentiable_row
def test_a_slope_is_right_on_every_side_of_the_origin(row: Operation) -> None:
    graph = alone(row)
    compared = 0
    for point in itertools.product((-2.3, -1.0, -0.6, 0.0, 0.7, 1.0, 2.2), repeat=row.arity):
        if not is_ordinary(row, point):
            continue
        at = dict(zip(graph.variables, point, strict=True))
        slopes = reverse_gradient(linearise(graph, at))
        for name in graph.variables[1 if row is WHERE else 0 :]:
            step = 1e-4
            values = [
                linearise(graph, at | {name: at[name] + k * step}).values[graph.outputs[0]]
                for k in (-2, -1, 1, 2)
            ]
            slope = (values[0] - 8 * values[1] + 8 * values[2] - values[3]) / (12 * step)
            if math.isfinite(slope):
                compared += 1
                near = 1e-3 if row.name in BENT and point[0] == 0 else 1e-7
                assert slopes[name] == pytest.approx(slope, rel=near, abs=1e-9), (name, point)
    assert compared


@every_differentiable_row
def test_the_value_is_that_of_sixty_digits_on_every_side_of_the_origin(row: Operation) -> None:
    graph = alone(row)
    compared = 0
    for point in itertools.product((-2.3, -1.0, -0.6, 0.0, 0.7, 1.0, 2.2), repeat=row.arity):
        if is_ordinary(row, point):
            at = dict(zip(graph.variables, point, strict=True))
            with mp.workdps(exact.DIGITS):
                wanted = float(exact.value(graph, at))
            found = linearise(graph, at, ()).values[graph.outputs[0]]
            assert found == pytest.approx(wanted, rel=1e-14, abs=1e-15), point
            compared += 1
    assert compared


@pytest.mark.parametrize("row", [row for row in OPERATIONS if row.definition], ids=named)
def test_the_definition_is_the_value_on_every_side_of_the_origin(row: Operation) -> None:
    graph = rules.formula(row.definition)
    for point in itertools.product((-2.3, -1.0, -0.6, 0.0, 0.7, 1.0, 2.2), repeat=row.arity):
        if is_ordinary(row, point):
            at = dict(zip(OPERANDS, point, strict=False))
            value = linearise(graph, at, ()).values[graph.outputs[0]]
            assert value == pytest.approx(rules.value(row)(*point), rel=1e-12, abs=1e-15), point


def is_ordinary(row: Operation, point: tuple[float, ...]) -> bool:
    """Whether a point is inside the domain and off the kinks."""
    padded = (*point, *[0.0] * (len(OPERANDS) - row.arity), rules.value(row)(*point))
    inside = not row.domain or rules.condition(row.domain)(*padded)
    return inside and not any(rules.condition(kink.condition)(*padded) for kink in row.kinks)


# Scalars and arrays.

ODD = (math.nan, math.inf, -math.inf, 0.0, -0.0, 1.0, -1.0, 0.5, -0.5, 2.0, -2.0, 3.0, -3.0, 2.5,
       1e308, -1e308, 5e-324, 1e-200, 710.0, -745.0, 1000.0, -1000.0, 20.5, 1e16,
       4503599627370497.5, math.pi / 2)  # fmt: skip


def odd_points(row: Operation) -> list[tuple[float, ...]]:
    if row is WHERE:
        return list(itertools.product((0.0, 1.0), ODD[:6], ODD[:6]))
    return list(itertools.product(ODD, repeat=row.arity))


def same(one: float, other: float) -> bool:
    """Equal to the last digits, with nan equal to nan and the two zeros apart."""
    if math.isnan(one) or math.isnan(other):
        return math.isnan(one) and math.isnan(other)
    if one == 0 or other == 0 or math.isinf(one) or math.isinf(other):
        return one == other and math.copysign(1, one) == math.copysign(1, other)
    return math.isclose(one, other, rel_tol=1e-14)


def columns(row: Operation) -> tuple[list[tuple[float, ...]], list[Any], list[float]]:
    points = odd_points(row)
    values = [float(rules.value(row)(*point)) for point in points]
    return points, [np.array(column) for column in zip(*points, strict=True)], values


@every_row
def test_a_value_is_the_same_alone_and_in_an_array(row: Operation) -> None:
    points, operands, values = columns(row)
    together = np.broadcast_to(arrays.value(row)(*operands), len(points))
    for point, one, other in zip(points, values, together, strict=True):
        assert same(one, float(other)), (point, one, other)


@pytest.mark.parametrize(("name", "base", "most"), [("log2", 2.0, 52), ("log10", 10.0, 22)])
def test_a_power_of_the_base_has_a_whole_logarithm(name: str, base: float, most: int) -> None:
    (row,) = FUNCTIONS[name]
    powers = [base**k for k in range(most + 1)]
    assert [rules.value(row)(power) for power in powers] == list(range(most + 1))
    assert arrays.value(row)(np.array(powers)).tolist() == list(range(most + 1))


@every_differentiable_row
def test_a_partial_is_the_same_alone_and_in_an_array(row: Operation) -> None:
    points, operands, values = columns(row)
    padding = [np.zeros(len(points))] * (len(OPERANDS) - row.arity)
    for alone_, together in zip(scalar_rules(row), arrays.array_rules(row), strict=True):
        if callable(together):
            together = together(*operands, *padding, np.array(values))
        for index, (point, value) in enumerate(zip(points, values, strict=True)):
            one = alone_
            if callable(one):
                one = one(*point, *[0.0] * (len(OPERANDS) - row.arity), value)
            other = _element(together, index, len(points))
            if one is rules.BLOCKED or other is rules.BLOCKED or one is None:
                assert one is other, point
            else:
                assert same(float(one), float(other)), (point, one, other)


def _element(partial: Any, index: int, count: int) -> Any:
    if isinstance(partial, arrays.PartlyBlocked):
        if np.broadcast_to(partial.mask, count)[index]:
            return rules.BLOCKED
        partial = partial.partial
    if partial is rules.BLOCKED or partial is None:
        return partial
    return np.broadcast_to(partial, count)[index]


# Domains and kinks.

#: row, a point, inside the domain?, at which kinks (by position)?
PLACES = [
    ("tan", (0.0,), True, ()), ("ln", (0.0,), False, ()), ("ln", (-1.0,), False, ()),
    ("ln", (5e-324,), True, ()), ("sqrt", (0.0,), True, (0,)), ("sqrt", (-1.0,), False, ()),
    ("cbrt", (0.0,), True, (0,)), ("cbrt", (-8.0,), True, ()), ("divide", (1.0, 0.0), False, ()),
    ("divide", (0.0, 1.0), True, ()), ("power", (-2.0, 2.0), True, ()),
    ("power", (-2.0, 0.5), False, ()), ("power", (0.0, 0.0), True, (1,)),
    ("power", (0.0, 0.5), True, (0, 1)), ("power", (0.0, 1.0), True, (1,)),
    ("power", (0.0, -1.0), False, ()), ("power", (-8.0, 1 / 3), False, ()),
    ("power", (2.0, 0.5), True, ()), ("hypot", (0.0, 0.0), True, (0,)),
    ("hypot", (0.0, 1.0), True, ()), ("asin", (1.0,), True, (0,)), ("asin", (2.0,), False, ()),
    ("acos", (-1.0,), True, (0,)), ("acosh", (1.0,), True, (0,)), ("acosh", (0.5,), False, ()),
    ("atanh", (1.0,), False, ()), ("atanh", (0.9,), True, ()), ("log1p", (-1.0,), False, ()),
    ("log", (2.0, 1.0), False, ()), ("log", (2.0, 3.0), True, ()), ("log", (2.0, -3.0), False, ()),
    ("atan2", (0.0, 0.0), True, (0,)), ("atan2", (0.0, -1.0), True, (1,)),
    ("atan2", (0.0, 1.0), True, ()), ("atan2", (1.0, -1.0), True, ()), ("abs", (0.0,), True, (0,)),
    ("abs", (-0.0,), True, (0,)), ("abs", (1.0,), True, ()), ("sign", (0.0,), True, (0,)),
    ("floor", (2.0,), True, (0,)), ("floor", (2.5,), True, ()), ("ceil", (-3.0,), True, (0,)),
    ("max", (1.0, 1.0), True, (0,)), ("max", (1.0, 2.0), True, ()), ("min", (2.0, 2.0), True, (0,)),
    ("relu", (0.0,), True, (0,)), ("relu", (-1.0,), True, ()), ("cot", (0.0,), False, ()),
    ("acos", (2.0,), False, ()), ("log2", (0.0,), False, ()), ("log10", (-1.0,), False, ()),
    ("csc", (0.0,), False, ()), ("sec", (0.0,), True, ()), ("log", (2.0, 0.0), False, ()),
    ("log", (0.0, 2.0), False, ()), ("log", (-1.0, 2.0), False, ()),
    ("logit", (0.0,), False, ()), ("logit", (1.0,), False, ()), ("logit", (0.5,), True, ()),
    ("csch", (0.0,), False, ()), ("coth", (0.0,), False, ()), ("acsch", (0.0,), False, ()),
    ("asec", (0.5,), False, ()), ("asec", (-1.0,), True, (0,)), ("asec", (2.0,), True, ()),
    ("acsc", (0.5,), False, ()), ("acsc", (1.0,), True, (0,)), ("acoth", (1.0,), False, ()),
    ("acoth", (-2.0,), True, ()), ("asech", (1.0,), True, (0,)), ("asech", (0.0,), False, ()),
    ("asech", (1.5,), False, ()), ("asech", (0.5,), True, ()),
    ("clamp", (1.0, 1.0, 2.0), True, (0,)), ("clamp", (2.0, 1.0, 2.0), True, (1,)),
    ("clamp", (0.0, 1.0, 1.0), True, (2,)), ("clamp", (1.0, 1.0, 1.0), True, (2,)),
    ("clamp", (1.0, 1.0, 0.0), True, ()), ("fmod", (4.0, 2.0), True, (0,)),
    ("fmod", (0.0, 2.0), True, ()), ("fmod", (1.0, 0.0), False, ()), ("mod", (1.0, 0.0), False, ()),
    ("mod", (-4.0, 2.0), True, (0,)), ("mod", (-3.5, 2.0), True, ()),
    ("leaky_relu", (0.0, 0.1), True, (0,)), ("leaky_relu", (0.0, 1.0), True, ()),
    ("elu", (0.0, 0.5), True, (0,)), ("elu", (0.0, 1.0), True, ()),
]  # fmt: skip


@pytest.mark.parametrize(("name", "point", "inside", "kinks"), PLACES)
def test_domain_and_kinks(
    name: str, point: tuple[float, ...], inside: bool, kinks: tuple[int, ...]
) -> None:
    row = next(row for row in OPERATIONS if row.name == name and row.arity == len(point))
    value = rules.value(row)(*point)
    padded = (*point, *[0.0] * (len(OPERANDS) - len(point)), value)
    assert not row.domain or bool(rules.condition(row.domain)(*padded)) is inside
    assert inside or row.domain
    at = tuple(k for k, kink in enumerate(row.kinks) if rules.condition(kink.condition)(*padded))
    assert at == kinks


def test_every_domain_and_kink_has_a_place_above() -> None:
    outside = {name for name, _, inside, _ in PLACES if not inside}
    kinks = {(name, kink) for name, _, _, at in PLACES for kink in at}
    assert {row.name for row in OPERATIONS if row.domain} - outside == {"tan", "sec"}
    assert {(row.name, k) for row in OPERATIONS for k in range(len(row.kinks))} == kinks


@every_differentiable_row
def test_samples_are_inside_the_domain_and_off_the_kinks(row: Operation) -> None:
    assert all(is_ordinary(row, point) for point in samples(row, 50))


@every_row
def test_a_value_never_raises(row: Operation) -> None:
    for point in odd_points(row):
        rules.value(row)(*point)


# Rules as formulas.


@every_differentiable_row
def test_a_rule_written_into_a_graph_is_the_rule_that_runs(row: Operation) -> None:
    names = OPERANDS[: row.arity]
    for position in range(row.arity):
        if not row.rule(position):
            continue
        builder = Builder((*names, "y"))
        node = rules.instantiate(builder, row, position, tuple(range(row.arity)), row.arity)
        graph = builder.graph([node])
        for point in samples(row):
            value = rules.value(row)(*point)
            at = dict(zip(graph.variables, (*point, value), strict=True))
            compiled = rules.rule(row.rule(position))
            padded = (*point, *[0.0] * (len(OPERANDS) - row.arity), value)
            wanted = compiled(*padded)
            wanted = 0.0 if wanted is rules.BLOCKED else wanted
            assert linearise(graph, at).values[node_of(graph)] == pytest.approx(wanted, rel=1e-14)


def node_of(graph: Graph) -> int:
    return graph.outputs[0]


FOLDED = [
    ("x^3", 0, "3*x^2"), ("x^2", 0, "2*x"), ("x^1", 0, "1"), ("x^0", 0, "0"),
    ("x^-1", 0, "-1*x^-2"),
    ("x^0.5", 0, "0.5*x^-0.5"), ("2*x", 1, "2"), ("x^pi", 0, "pi*x^(pi - 1)"),
    ("x^" + "3" * 40, 0, f"{'3' * 40}*x^({'3' * 40} - 1)"),
    ("x^1." + "3" * 5000, 0, f"1.{'3' * 5000}*x^(1.{'3' * 5000} - 1)"),
    ("x^y", 0, "where(y == 0, 0, y*where(y == 0, where(x == 0, 1, x), x)^(y - 1))"),
    ("2^x", 1, "y*ln(2)"), ("exp(x)", 0, "y"), ("sin(x)", 0, "cos(x)"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "position", "expected"), FOLDED)
def test_rules_are_folded_to_what_a_book_says(text: str, position: int, expected: str) -> None:
    graph = read([text]).graph
    builder = Builder((*graph.variables, "y") if "y" not in graph.variables else graph.variables)
    places = list(range(len(graph.variables)))
    for index in range(len(graph.variables), len(graph) - 1):
        assert index in graph.constants
        places.append(builder.constant(graph.constants[index], graph.spellings.get(index, "")))
    operands = tuple(places[k] for k in graph.operands[-1])
    result = builder.variables.index("y")
    node = rules.instantiate(builder, graph.operations[-1], position, operands, result)
    assert str(builder.graph([node])) == expected
