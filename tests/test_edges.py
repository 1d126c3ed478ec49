"""What an edge says is mathematics: the branch that holds, numbers with their signs in brackets."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator
from itertools import product

import pytest

from autodiff_cli import grad, parse, trace
from autodiff_cli.engine import rules
from autodiff_cli.engine.branches import arranged, holding
from autodiff_cli.engine.cases import cases
from autodiff_cli.engine.linearise import linearise
from autodiff_cli.graph.graph import Graph
from autodiff_cli.graph.printer import LATEX, PROGRAM, TERMINAL, expression
from autodiff_cli.ops import OPERATIONS
from autodiff_cli.ops.row import OPERANDS, Operation, words

#: Edge cases and ordinary numbers, of which two never agree by accident.
NUMBERS = (-3.0, -1.5, -1.0, 0.0, 0.4, 1.0, 2.5)

RULES = [
    pytest.param(row, k, id=f"{row.name} by {OPERANDS[k]}")
    for row in OPERATIONS for k, rule in enumerate(row.rules) if rule
]  # fmt: skip


def points(row: Operation) -> Iterator[tuple[tuple[float, ...], float]]:
    for point in product(NUMBERS, repeat=row.arity):
        yield point, float(rules.value(row)(*point))


def slope(row: Operation, position: int, point: tuple[float, ...], result: float) -> float:
    padded = (*point, *[0.0] * (len(OPERANDS) - len(point)), result)
    found = rules.rule(row.rule(position))(*padded)
    return 0.0 if found is rules.BLOCKED else float(found)


def number(formula: Graph, point: tuple[float, ...], result: float) -> float:
    at = dict(zip(OPERANDS, point, strict=False)) | {"y": result}
    known = {name: at[name] for name in formula.variables}
    return float(linearise(formula, known, ()).values[formula.outputs[0]])


def same(first: float, second: float) -> bool:
    close = math.isclose(first, second, rel_tol=1e-9, abs_tol=1e-12)
    return close or not (math.isfinite(first) or math.isfinite(second))


@pytest.mark.parametrize(("row", "position"), RULES)
def test_the_branch_that_holds_is_the_rule_there(row: Operation, position: int) -> None:
    for point, result in points(row):
        formula = holding(row, position, point, result)
        assert "where" not in str(formula)
        wanted = slope(row, position, point, result)
        assert same(number(formula, point, result), wanted), (point, str(formula))


@pytest.mark.parametrize(("row", "position"), RULES)
def test_the_cases_of_a_rule_are_the_rule(row: Operation, position: int) -> None:
    found = cases(row, position)
    assert not any("where" in str(case.formula) for case in found)
    assert sum(not case.conditions for case in found) <= 1
    for point, result in points(row):
        wanted = slope(row, position, point, result)
        if not math.isfinite(result) or math.isnan(wanted):
            continue
        apart = sorted(found, key=lambda case: not case.edge)
        case = next(c for c in apart if all(number(t, point, result) for t in c.conditions))
        assert same(number(case.formula, point, result), wanted), (point, case)


CASES = [
    ("power", 0, ["b*a^(b - 1)", "0 if b == 0"]),
    ("max", 0, ["0 if a < b", "1 if a > b", "1/2 if a == b"]),
    ("relu", 0, ["0 if a <= 0", "1 if a > 0"]),
    ("where", 1, ["1 if a != 0", "0 if a == 0"]),
    ("sinc", 0, ["(cos(a) - y)/a", "0 if a == 0"]), ("tanh", 0, ["sech(a)^2"]),
    ("elu", 0, ["1 if a > 0", "b*exp(a) if a <= 0"]), ("sin", 0, ["cos(a)"]),
    ("asin", 0, ["1/sqrt(1 - a^2)"]), ("atan", 0, ["1/(1 + a^2)"]),
]  # fmt: skip


@pytest.mark.parametrize(("name", "position", "wanted"), CASES)
def test_cases_are_told_apart(name: str, position: int, wanted: list[str]) -> None:
    row = next(row for row in OPERATIONS if row.name == name)
    said = [
        " if ".join([str(case.formula), *map(str, case.conditions)])
        for case in cases(row, position)
    ]
    assert said == wanted


def test_an_arrangement_for_floats_is_not_shown() -> None:
    for row in OPERATIONS:
        for position, rule in enumerate(row.rules):
            if rule:
                assert "e50" not in str(arranged(row, position))
                assert "e150" not in str(arranged(row, position))


NOTATIONS = {"program": PROGRAM, "terminal": TERMINAL, "latex": LATEX}

SHOWN = [
    ("x^y", {"x": 2, "y": 3}, 0, "w2·w1^(w2 - 1)", "3·2²"),
    ("x^y", {"x": 2, "y": 0}, 0, "0", "0"),
    ("x^y", {"x": 4, "y": 0.5}, 0, "w2·w1^(w2 - 1)", "0.5·4^(-0.5)"),
    ("x/y", {"x": -1.5, "y": -2}, 1, "-w3/w2", "-0.75/(-2)"),
    ("x/y", {"x": 3, "y": -2}, 1, "-w3/w2", "-(-1.5)/(-2)"),
    ("x^2", {"x": -3}, 0, "2·w1", "2·(-3)"),
    ("x^3", {"x": -2}, 0, "3·w1²", "3·(-2)²"),
    ("e^x", {"x": 0}, 0, "w2", "1"),
    ("2^x", {"x": -1}, 0, "w2·ln(2)", "0.5·ln(2)"),
    ("max(x, y)", {"x": 1, "y": 2}, 0, "0", "0"),
    ("max(x, y)", {"x": 1, "y": 1}, 0, "1/2", "1/2"),
    ("where(x > 1, x^2, 3)", {"x": 2}, 1, "1", "1"),
    ("sin(x)", {"x": -2}, 0, "cos(w1)", "cos(-2)"),
    ("sinc(x)", {"x": 0.1}, 0, "(cos(w1) - w2)/w1", "(cos(0.1) - 0.9983341664682815)/0.1"),
    ("sinc(x)", {"x": 0}, 0, "0", "0"),
    ("asin(x)", {"x": 0.9}, 0, "1/sqrt(1 - w1²)", "1/sqrt(1 - 0.9²)"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "at", "edge", "formula", "numbers"), SHOWN)
def test_an_edge_reads_as_in_a_book(
    text: str, at: dict[str, float], edge: int, formula: str, numbers: str
) -> None:
    shown = trace(text, at).steps[-1].edges[edge]
    assert shown.formula(TERMINAL) == formula
    assert shown.substituted(TERMINAL) == numbers


@pytest.mark.parametrize(
    "notation", [PROGRAM, TERMINAL, LATEX], ids=["program", "terminal", "latex"]
)
@pytest.mark.parametrize("row", [row for row in OPERATIONS if row.symbol or row.arity < 3])
def test_no_edge_has_a_bare_sign_after_an_operator(row: Operation, notation: object) -> None:
    call = f"{row.name}({', '.join('xyz'[: row.arity])})"
    text = f"x {row.symbol} y" if row.symbol and row.arity == 2 else call
    text = "-(x)" if row.symbol and row.arity == 1 else text
    for point, result in points(row):
        if not math.isfinite(result) or row.rules == ("", ""):
            continue
        for edge in trace(text, dict(zip("xyz", point, strict=False))).steps[-1].edges:
            written = edge.substituted(notation)  # type: ignore[arg-type]
            assert not re.search(r"([-+*/·^]|\\cdot) ?-", written), written
            assert "where" not in written


READ_BACK = ["x - -2", "x*-y", "-x*y", "x^-2", "(-x)^2", "-x^2", "x + -y*2", "2 - (-x - y)"]


@pytest.mark.parametrize("text", READ_BACK)
def test_brackets_round_a_sign_change_no_graph(text: str) -> None:
    graph = parse(text)
    assert parse(expression(graph, graph.outputs[0], TERMINAL)) == graph


def test_a_condition_in_a_note_is_a_sentence() -> None:
    for row in OPERATIONS:
        for condition in (
            row.domain_text or row.domain,
            *(k.text or k.condition for k in row.kinks),
        ):
            assert not re.search(r"[=!<>]=|where|abs", words(condition)), words(condition)
    assert words("a > 0 and b > 0 and b != 1") == "a > 0, b > 0 and b not 1"
    assert "needs |w1| ≤ 1, and w1 = 2" in grad("asin(x)", {"x": 2}).notes[0].text
