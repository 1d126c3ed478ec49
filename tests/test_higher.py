"""Second and higher derivatives, Jacobians and products, held against SymPy and differences."""

from __future__ import annotations

import random

import numpy as np
import pytest

from autodiff_cli.engine.cost import counts
from autodiff_cli.engine.higher import hessian, hvp, jacobian, jvp, orders, vjp
from autodiff_cli.engine.linearise import linearise
from autodiff_cli.engine.reverse import gradient
from autodiff_cli.errors import AutodiffError, LimitError, VariableError
from autodiff_cli.graph.graph import Graph
from autodiff_cli.language.parser import read
from tests.expressions import graph as build
from tests.expressions import seeded


def graph_of(*texts: str) -> Graph:
    return read(texts).graph


def test_the_orders_of_the_polynomial_are_72_28_6_0() -> None:
    assert orders(graph_of("x^3 + 2x^2 + 8x"), {"x": 4.0}, 4) == (72.0, 28.0, 6.0, 0.0)
    assert orders(graph_of("3x + 1"), {"x": 1.0}, 3) == (3.0, 0.0, 0.0)
    assert orders(graph_of("2"), {}, 2) == (0.0, 0.0)


def test_orders_take_arrays_of_points() -> None:
    found = orders(graph_of("x^3 + 2x^2 + 8x"), {"x": np.array([4.0, 1.0])}, 4)
    assert [row.tolist() for row in found] == [[72, 15], [28, 10], [6, 6], [0, 0]]


@pytest.mark.parametrize(
    "text", ["sin(x)*exp(x)", "tanh(x)", "1/(1 + x^2)", "gelu(x)", "x^x", "ln(cosh(x))", "sec(x)/x"]
)
def test_eight_orders_agree_with_sympy(text: str) -> None:
    sympy = pytest.importorskip("sympy")
    x = sympy.Symbol("x", real=True)
    gelu = x / 2 * (1 + sympy.erf(x / sympy.sqrt(2)))
    calculus = {
        "sin(x)*exp(x)": sympy.sin(x) * sympy.exp(x), "tanh(x)": sympy.tanh(x),
        "1/(1 + x^2)": 1 / (1 + x**2), "gelu(x)": gelu, "x^x": x**x,
        "ln(cosh(x))": sympy.log(sympy.cosh(x)), "sec(x)/x": sympy.sec(x) / x,
    }[text]  # fmt: skip
    found = orders(graph_of(text), {"x": 0.75}, 8)
    for number in found:
        calculus = sympy.diff(calculus, x)
        assert number == pytest.approx(float(calculus.evalf(30, subs={x: 0.75})), rel=1e-9)


def test_an_order_below_one_and_several_variables_are_told() -> None:
    with pytest.raises(AutodiffError, match="order 1 or more"):
        orders(graph_of("x"), {"x": 1.0}, 0)
    with pytest.raises(VariableError, match="x, y"):
        orders(graph_of("x*y"), {"x": 1.0, "y": 1.0}, 2)
    assert orders(graph_of("x^2*y"), {"x": 1.0, "y": 3.0}, 2, "x") == (6.0, 6.0)


def test_rules_that_write_too_much_are_told(monkeypatch: pytest.MonkeyPatch) -> None:
    graph = graph_of("x^2.5")
    assert orders(graph, {"x": 0.0}, 2) == (0.0, 0.0)
    monkeypatch.setenv("AUTODIFF_MAX_OPERATIONS", "3")
    with pytest.raises(LimitError, match="ask for fewer orders, or set AUTODIFF_MAX_OPERATIONS"):
        orders(graph, {"x": 0.0}, 100)


def test_only_the_variables_asked_for_are_differentiated() -> None:
    graph, at = graph_of("x^2*y^3*z"), {"x": 2.0, "y": 3.0, "z": 1.0}
    asked = hessian(graph, at, ("y", "x"))
    assert asked.gradient == {"y": 108.0, "x": 108.0}
    assert asked.matrix == {"y": {"y": 72.0, "x": 108.0}, "x": {"y": 108.0, "x": 54.0}}
    assert hvp(graph, at, {"x": 1.0}, ("y",)) == ({"y": 108.0}, {"y": 108.0})
    assert jacobian(graph, at, ("z",)).rows == ({"z": 108.0},)


def points(count: int) -> list[tuple[Graph, dict[str, float]]]:
    """Random formulas of two variables or more, where the Hessian is an ordinary matrix."""
    found, seed = [], 0
    while len(found) < count:
        seed += 1
        graph, choose = build(seeded(seed, 3 + seed % 6)), random.Random(seed)
        at = {name: choose.uniform(0.3, 1.7) for name in graph.variables}
        if len(at) < 2:
            continue
        matrix = hessian(graph, at).matrix
        numbers = [value for row in matrix.values() for value in row.values()]
        if all(abs(number) < 1e4 for number in numbers) and any(numbers):
            found.append((graph, at))
    return found


def test_hessians_agree_with_central_differences_of_the_gradient() -> None:
    for graph, at in points(60):
        matrix = hessian(graph, at).matrix
        for name in at:
            h = 1e-5
            right = gradient(linearise(graph, at | {name: at[name] + h}))
            left = gradient(linearise(graph, at | {name: at[name] - h}))
            for other in at:
                slope = (right[other] - left[other]) / (2 * h)
                scale = max(1.0, abs(slope), abs(right[other]))
                assert matrix[other][name] == pytest.approx(slope, rel=1e-4, abs=1e-4 * scale), (
                    graph
                )


def test_the_hessian_is_symmetric_and_hvp_is_its_product_with_the_direction() -> None:
    for graph, at in points(60):
        answer = hessian(graph, at)
        direction = {name: 0.5 + index for index, name in enumerate(at)}
        slopes, product = hvp(graph, at, direction)
        assert slopes == answer.gradient
        for name in at:
            row = answer.matrix[name]
            scale = sum(abs(row[other] * direction[other]) for other in at) + 1e-9
            assert product[name] == pytest.approx(
                sum(row[other] * direction[other] for other in at), abs=1e-9 * max(1.0, scale)
            )
            for other in at:
                assert row[other] == pytest.approx(answer.matrix[other][name], rel=1e-9, abs=1e-9)


def test_hessians_agree_with_sympy() -> None:
    sympy = pytest.importorskip("sympy")
    x, y = sympy.symbols("x y", real=True)
    for text, calculus in (
        ("sin(x*y)*exp(-x^2) + atan2(x, y)",
         sympy.sin(x * y) * sympy.exp(-(x**2)) + sympy.atan2(x, y)),
        ("x^y/(1 + tanh(x - y))", x**y / (1 + sympy.tanh(x - y))),
        ("sqrt(x^2 + y^2)*ln(x) - cosh(x/y)",
         sympy.sqrt(x**2 + y**2) * sympy.log(x) - sympy.cosh(x / y)),
    ):  # fmt: skip
        matrix = hessian(graph_of(text), {"x": 0.7, "y": 1.3}).matrix
        exact = sympy.hessian(calculus, (x, y)).evalf(30, subs={x: 0.7, y: 1.3})
        for i, row in enumerate("xy"):
            for j, column in enumerate("xy"):
                assert matrix[row][column] == pytest.approx(float(exact[i, j]), rel=1e-12)


def test_many_points_at_once_give_the_numbers_of_each() -> None:
    graph = graph_of("x^2*y + sin(y) + 3x")
    at = {"x": np.array([1.0, 2.0, 0.5]), "y": np.array([0.0, 1.0, 2.0])}
    matrix = hessian(graph, at).matrix
    slopes, product = hvp(graph, at, {"x": 1.0, "y": np.array([2.0, 0.0, 1.0])})
    for row in range(3):
        point = {name: float(values[row]) for name, values in at.items()}
        wanted = hessian(graph, point).matrix
        for a in "xy":
            for b in "xy":
                assert matrix[a][b].shape == (3,)
                assert matrix[a][b][row] == wanted[a][b]
        weight = {"x": 1.0, "y": (2.0, 0.0, 1.0)[row]}
        assert product["x"][row] == pytest.approx(sum(wanted["x"][b] * weight[b] for b in "xy"))
        assert slopes["x"][row] == hessian(graph, point).gradient["x"]


def test_the_jacobian_takes_the_mode_with_fewer_sweeps_and_says_why() -> None:
    tall = jacobian(graph_of("x*y", "x", "y^2"), {"x": 2.0, "y": 3.0})
    assert tall.mode == "forward"
    assert "2 of forward mode against 3 of reverse mode" in tall.reason
    assert tall.rows == ({"x": 3.0, "y": 2.0}, {"x": 1.0, "y": 0.0}, {"x": 0.0, "y": 6.0})
    assert tall.values == (6.0, 2.0, 9.0)
    wide = jacobian(graph_of("x*y*z", "x + z"), {"x": 2.0, "y": 3.0, "z": 4.0})
    assert wide.mode == "reverse"
    assert "2 of reverse mode against 3 of forward mode" in wide.reason
    assert wide.rows == ({"x": 12.0, "y": 8.0, "z": 6.0}, {"x": 1.0, "y": 0.0, "z": 1.0})


def test_jvp_and_vjp_are_products_with_the_jacobian() -> None:
    graph, at = graph_of("x*y", "sin(x)", "y"), {"x": 2.0, "y": 3.0}
    rows = jacobian(graph, at).rows
    values, tangents = jvp(graph, at, {"x": 1.0, "y": 10.0})
    assert values == jacobian(graph, at).values
    assert tangents == pytest.approx([row["x"] + 10 * row["y"] for row in rows])
    assert jvp(graph, at, {"y": 1.0})[1] == (2.0, 0.0, 1.0)
    _, weighted = vjp(graph, at, (1.0, 2.0, 3.0))
    assert weighted == pytest.approx({n: rows[0][n] + 2 * rows[1][n] + 3 * rows[2][n] for n in at})
    with pytest.raises(AutodiffError, match="one weight for each"):
        vjp(graph, at, (1.0,))
    with pytest.raises(VariableError, match="'z' is not a variable"):
        jvp(graph, at, {"z": 1.0})


def product(n: int) -> Graph:
    return graph_of("*".join(f"x{k}" for k in range(1, n + 1)))


def rosenbrock(n: int) -> Graph:
    return graph_of(" + ".join(f"100*(x{k + 1} - x{k}^2)^2 + (1 - x{k})^2" for k in range(1, n)))


@pytest.mark.parametrize("n", [10, 100, 1000])
@pytest.mark.parametrize("make", [product, rosenbrock])
def test_reverse_costs_at_most_four_values_and_forward_grows_with_the_variables(make, n) -> None:  # type: ignore[no-untyped-def]
    cost = counts(make(n))
    assert cost.variables == n
    assert cost.reverse <= 4 * cost.value
    assert cost.gradient_nodes <= 5 * cost.nodes
    assert cost.forward >= n * cost.value


def test_operations_are_counted_as_by_hand() -> None:
    """x³+2x²+8x: two powers, two products, two sums; 3x², 2·(2x), two sums more in reverse."""
    cost = counts(graph_of("x^3 + 2x^2 + 8x"))
    assert (cost.value, cost.reverse, cost.variables) == (6, 6 + 5, 1)
    assert counts(graph_of("x*y")).reverse == 1
    assert counts(graph_of("where(x > 0, x, y)")).value == 2  # the comparison and the choice
    assert counts(graph_of("x + y + z")).value == 2
