"""The gradient graph: the sweep's numbers, kinks included, in a size bounded by the rules."""

from __future__ import annotations

import math
import random
from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from autodiff_cli.engine.forward import forward
from autodiff_cli.engine.gradient_graph import (
    Derivation,
    derive_forward,
    derive_reverse,
    gradient_graph,
    tangent_graph,
)
from autodiff_cli.engine.linearise import linearise
from autodiff_cli.engine.reverse import gradient
from autodiff_cli.engine.rules import formula
from autodiff_cli.errors import LimitError, VariableError
from autodiff_cli.graph.graph import Builder, Graph
from autodiff_cli.language.parser import read
from autodiff_cli.ops import OPERATIONS, WHERE
from autodiff_cli.ops.row import COMPARISON, Operation
from tests.expressions import Tree, trees
from tests.expressions import graph as build
from tests.work import examples


def evaluate(graph: Graph, at: dict[str, float]) -> list[float]:
    values = linearise(graph, at, ()).values
    return [values[output] for output in graph.outputs]


def same(a: float, b: float) -> bool:
    return a == b or (a != a and b != b)


WRITTEN = (
    ("x^3 + 2x^2 + 8x", "8 + 2*(2*x) + 3*x^2"),
    ("sin(x)", "cos(x)"),
    ("exp(x)", "exp(x)"),
    ("x^0", "0"),
    ("x^1", "1"),
    ("floor(x)*x", "floor(x)"),
    ("2^x", "2^x*ln(2)"),
    ("e^x", "e^x"),
    ("e^(2x)", "e^(2*x)*2"),
    ("where(x > 0, x^2, 3)", "where(x > 0, 1, 0)*(2*x)"),
    ("sqrt(relu(x))", "where(x <= 0, 0, 1/(2*sqrt(relu(x))))"),
    ("max(x, 1)", "where(x == 1, 1/2, where(x < 1, 0, 1))"),
    ("where(x > 0, 1, 2)", "0"),
)


@pytest.mark.parametrize(("text", "wanted"), WRITTEN)
def test_the_derivative_is_written_with_the_foldings_and_no_other(text: str, wanted: str) -> None:
    graph = read([text]).graph
    assert str(gradient_graph(graph)) == f"{graph}, {wanted}"


def test_outputs_are_the_value_and_the_partials_asked_for_in_order() -> None:
    graph = read(["x*y + z"]).graph
    assert str(gradient_graph(graph, ("z", "x"))) == "x*y + z, 1, y"
    assert gradient_graph(graph).variables == graph.variables
    with pytest.raises(VariableError, match="respect to 'q'; its variables are x, y, z"):
        gradient_graph(graph, ("q",))


def test_what_is_not_differentiated_has_no_adjoint_and_no_tangent() -> None:
    graph = read(["x*sin(y)"]).graph  # w1 = x, w2 = y, w3 = sin(w2), w4 = w1*w3
    for derive in (derive_reverse, derive_forward):
        absent = [place is None for place in derive(graph, ("x",)).derivatives]
        assert absent == [False, True, True, False]


def test_a_derivation_says_its_mode_and_its_variables() -> None:
    graph = read(["x*y"]).graph
    assert (derive_reverse(graph).mode, derive_forward(graph).mode) == ("reverse", "forward")
    assert derive_reverse(graph, ("y", "y")).wrt == derive_forward(graph, ("y",)).wrt == ("y",)


@pytest.mark.parametrize("derive", [derive_reverse, derive_forward])
def test_a_derivative_may_be_eight_times_as_long_as_a_formula_and_no_longer(
    derive: Callable[[Graph], Derivation], monkeypatch: pytest.MonkeyPatch
) -> None:
    chains = [read(["sin(" * n + "x" + ")" * n]).graph for n in range(20, 40)]
    graph, most = next(
        (graph, length)
        for graph in chains
        if (length := len(derive(graph).builder.operations)) % 8 == 0
    )
    monkeypatch.setenv("AUTODIFF_MAX_OPERATIONS", str(most // 8))
    assert len(derive(graph).builder.operations) == most
    monkeypatch.setenv("AUTODIFF_MAX_OPERATIONS", str(most // 8 - 1))
    with pytest.raises(LimitError, match="too much input"):
        derive(graph)


KINKS = [
    (text, point)
    for text in (
        "abs(x)", "sqrt(x)", "sqrt(x^2)", "x^0", "0^x", "x^y", "x^x", "x^(1/3)", "1/x", "x/x",
        "ln(x)", "where(x > 0, x*ln(x), 0)", "max(x, y)", "min(x, y)", "relu(x)", "sign(x)",
        "floor(x)", "ceil(x)", "atan2(x, y)", "hypot(x, y)", "asin(x)", "acos(x)", "ln(1 + e^x)",
        "sqrt(relu(x))", "max(x, y, 0)", "softplus(x)", "sqrt(abs(x)*relu(y))", "relu(x)^y",
        "max(x, y)^2*sqrt(min(x, y))",
    )
    for point in ((0.0, 0.0), (0.0, 1.0), (1.0, 1.0), (-1.0, 0.5), (0.0, 0.5), (-2.0, 2.0),
                  (2.0, -1.0), (1000.0, 1000.0), (-8.0, -1.0))
]  # fmt: skip


@pytest.mark.parametrize(("text", "point"), KINKS)
def test_at_kinks_and_edges_it_gives_the_number_of_the_reverse_sweep(
    text: str, point: tuple[float, float]
) -> None:
    graph = read([text]).graph
    at = dict(zip(("x", "y"), point, strict=True))
    at = {name: at[name] for name in graph.variables}
    wanted = list(gradient(linearise(graph, at)).values())
    found = evaluate(gradient_graph(graph), at)[1:]
    assert all(same(a, b) for a, b in zip(found, wanted, strict=True)), (found, wanted)


@settings(max_examples=examples(200), deadline=None)
@given(trees(10), st.integers(0, 10**6))
def test_it_gives_the_very_number_of_the_reverse_sweep(tree: Tree, seed: int) -> None:
    graph, choose = build(tree), random.Random(seed)
    at = {n: choose.choice((0.0, 1.0, -1.0, choose.uniform(-3, 3))) for n in graph.variables}
    linearisation = linearise(graph, at)
    wanted = gradient(linearisation)
    found = evaluate(gradient_graph(graph), at)
    assert same(found[0], linearisation.values[graph.outputs[0]])
    # An edge that is blocked at every point is folded away; the sweep carries its 0 to an
    # infinite slope below and gets nan.
    folded = any(
        row.name in ("floor", "ceil", "sign", "power", "where") or "where" in "".join(row.rules)
        for row in graph.operations
    )
    for name, slope in zip(graph.variables, found[1:], strict=True):
        assert same(slope, wanted[name]) or (folded and math.isnan(wanted[name]))


@settings(max_examples=100, deadline=None)
@given(trees(8), st.integers(0, 10**6))
def test_the_tangent_graph_gives_the_number_of_the_forward_sweep(tree: Tree, seed: int) -> None:
    graph, choose = build(tree), random.Random(seed)
    at = {name: choose.uniform(0.2, 2) for name in graph.variables}
    direction = {name: choose.uniform(-1, 1) for name in graph.variables}
    tangent = forward(linearise(graph, at), direction)[graph.outputs[0]] or 0.0
    seeds = {f"{name}_dot": value for name, value in direction.items()}
    found = evaluate(tangent_graph(graph), at | seeds)[1]
    assert same(found, tangent) or not math.isfinite(tangent) or not math.isfinite(found)


def test_arrays_give_the_numbers_of_their_points() -> None:
    graph = gradient_graph(read(["max(x, y)^2 + relu(x)*y + where(x > y, sqrt(x), 3)"]).graph)
    x, y = np.array([0.5, 1.0, -1.0, 0.0]), np.array([0.5, 0.0, 2.0, 0.0])
    values = linearise(graph, {"x": x, "y": y}, ()).values
    for row in range(4):
        wanted = evaluate(graph, {"x": float(x[row]), "y": float(y[row])})
        found = [float(np.broadcast_to(values[k], 4)[row]) for k in graph.outputs]
        np.testing.assert_array_equal(found, wanted)


@settings(max_examples=100, deadline=None)
@given(trees(8))
def test_no_node_is_dead_and_none_stands_twice(tree: Tree) -> None:
    graph = gradient_graph(build(tree))
    used = {k for operands in graph.operands for k in operands} | set(graph.outputs)
    assert used | set(range(len(graph.variables))) == set(range(len(graph)))
    rows = [
        (graph.operations[k], graph.operands[k], graph.constants.get(k)) for k in range(len(graph))
    ]
    assert len(set(rows[len(graph.variables) :])) == len(rows) - len(graph.variables)


def chain(row: Operation, position: int, length: int) -> Graph:
    """Return f(…f(f(x, y1), y2)…), nested in one operand, every other operand a new variable."""
    count = 3 if row.variadic else row.arity
    others = (count - 1) * length
    if row is WHERE:
        text = "x"
        for k in range(length):
            pieces = [f"x{k} > y{k}", f"z{k}", f"z{k}"]
            pieces[position] = text if position else f"{text} > y{k}"
            text = f"where({', '.join(pieces)})"
        return read([text]).graph
    builder = Builder(["x", *(f"y{k}" for k in range(others))])
    node = 0
    for k in range(length):
        operands = [1 + k * (count - 1) + j for j in range(count - 1)]
        operands.insert(position, node)
        node = builder.apply(row, tuple(operands))
    return builder.graph([node])


def test_size_is_bounded_by_the_rules_for_any_number_of_variables(
    capsys: pytest.CaptureFixture[str],
) -> None:
    """At most 5 times where every rule has at most 3 operations, else 2 + the longest rule's."""
    for row in OPERATIONS:
        if row.precedence == COMPARISON:
            continue
        lengths = [_operations(text) for text in row.rules if text]
        bound = 5 if max(lengths) <= 3 else 2 + max(lengths)
        for position in range(row.arity if row is not WHERE else 3):
            graph = chain(row, position, 40)
            ratio = len(gradient_graph(graph)) / len(graph)
            print(
                f"{row.name:10} operand {position}: longest {max(lengths)}, {ratio:.2f} ≤ {bound}"
            )
            assert ratio <= bound, row.name
    assert "divide" in capsys.readouterr().out


def _operations(text: str) -> int:
    return sum(bool(operands) for operands in formula(text).operands)


@pytest.mark.parametrize("row", [row for row in OPERATIONS if row.arity == 1 and row.rules])
def test_a_deep_chain_stays_within_the_bound_of_its_row(row: Operation) -> None:
    graph = chain(row, 0, 2000)
    assert len(gradient_graph(graph)) <= (2 + max(3, _operations(row.rules[0]))) * len(graph) + 10


def test_a_graph_beyond_the_limit_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    graph = read(["*".join(f"sin(x{k})" for k in range(100))]).graph
    monkeypatch.setenv("AUTODIFF_MAX_OPERATIONS", "10")
    with pytest.raises(LimitError, match="too much input"):
        gradient_graph(graph)
