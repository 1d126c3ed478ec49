"""Usual slips: each is recognised from a wrong answer, and none is held against a right one."""

from __future__ import annotations

import math
from collections.abc import Mapping

import pytest

from autodiff_cli import diagnose as asked
from autodiff_cli.answers.reading import parse
from autodiff_cli.engine.linearise import linearise
from autodiff_cli.errors import AutodiffError
from autodiff_cli.teach.slips import SLIPS, Mistakes, diagnose, wrong_answers
from autodiff_cli.teach.typed import Typed, typed
from tests.named_slips import accused, formulas, measured

#: Slips that only lines of a worked trace can show.
OF_LINES = {"wrong-operand", "extra-edge", "rounded-early", "miscalculated"}

#: slip, formula, the wrong derivative by x as a student writes it, and one that it must not claim.
CALCULUS = [
    ("chain-missing", "sin(x^2)", "cos(x^2)", "cos(x^2)*x^2"),
    ("chain-missing", "(3x + 1)^4", "4(3x + 1)^3", "4(3x + 1)^4*3"),
    ("chain-missing", "exp(-x)*x", "exp(-x) + x*exp(-x)", "exp(-x)"),
    ("chain-missing", "1/(2x + 1)", "-1/(2x + 1)^2", "1/(2x + 1)^2"),
    ("chain-missing", "sin(2x) + cos(3x)", "cos(2x) - sin(3x)", "cos(2x) + sin(3x)"),
    ("sign-of-cosine", "cos(x)", "sin(x)", "-cos(x)"),
    ("sign-of-cosine", "x*cos(2x)", "cos(2x) + 2x*sin(2x)", "cos(2x) + x*sin(2x)"),
    ("product-of-derivatives", "x^2*sin(x)", "2x*cos(x)", "2x*sin(x)"),
    ("half-product", "x^2*sin(x)", "2x*sin(x)", "x*sin(x)"),
    ("half-product", "x^2*sin(x)", "x^2*cos(x)", "2x*cos(x)"),
    ("quotient-plus", "(x^2 + 1)/(x - 1)", "(2x(x - 1) + x^2 + 1)/(x - 1)^2",
     "(2x(x - 1) + x^2 + 1)/(x - 1)"),
    ("quotient-order", "(x^2 + 1)/(x - 1)", "(x^2 + 1 - 2x(x - 1))/(x - 1)^2",
     "(x^2 - 1 - 2x(x - 1))/(x - 1)^2"),
    ("quotient-of-derivatives", "x^3/(x^2 + 1)", "3x^2/(2x)", "3x^2/(x^2 + 1)"),
    ("quotient-of-derivatives", "1/x^2", "1/(2x)", "-1/(2x)"),
    ("quotient-of-derivatives", "2/x^3", "2/(3x^2)", "2/(3x^4)"),
    ("wrong-denominator", "x/(x^2 + 1)", "(x^2 + 1 - x*2x)/(x^2 + 1)", "1/(x^2 + 1)"),
    ("wrong-denominator", "(x + 2)/(x^2 + 1)", "(x^2 + 1 - (x + 2)*2x)/(x + 2)^2", "1/(x + 2)^2"),
    ("exponent-kept", "x^3", "3x^3", "3x"),
    ("coefficient-lost", "x^3", "x^2", "3x"),
    ("exponent-raised", "x^3", "3x^4", "4x^3"),
    ("multiple-lost", "5sin(x)", "cos(x)", "5sin(x)"),
    ("multiple-lost", "x^4/8", "4x^3", "x^3/8"),
    ("power-on-exponential", "2^x", "x*2^(x - 1)", "2^x"),
    ("power-on-exponential", "e^(2x)", "2x*e^(2x - 1)", "e^(2x)"),
    ("power-on-exponential", "x^x", "x*x^(x - 1)", "x^(x - 1)"),
    ("base-lost", "2^x", "2^x", "2^x*ln(x)"),
    ("base-lost", "log2(x)", "1/x", "ln(2)/x"),
    ("minus-lost", "x^2 - sin(x)", "2x + cos(x)", "2x - sin(x)"),
    ("term-left-out", "x^3 + 2x^2 + 8x", "3x^2 + 4x", "3x^2"),
    ("constant-as-variable", "x^2 + 3", "2x + 1", "2x + 3"),
    ("constant-as-variable", "5x^2", "x^2 + 10x", "5x^2"),
    ("constant-kept", "x^2 + 3", "2x + 3", "2x + 1"),
    ("constant-kept", "x^2 - 3", "2x - 3", "2x - 1"),
    ("constant-kept", "3 - x^2", "3 - 2x", "3 + 2x"),
    ("other-variable", "x^2 + y", "2x + 1", "2x + y"),
    ("inside-kept", "sin(x^2)", "cos(x^2)*x^2", "cos(x^2)*x"),
    ("outer-at-inner-derivative", "sin(x^2)", "cos(2x)", "cos(2)"),
    ("outer-at-inner-derivative", "sin(x^3)", "cos(3x^2)*3x^2", "cos(3x)*3x^2"),
    ("argument-lost", "sin(x^2)", "cos(x)*2x", "cos(x)*x"),
    ("product-sum", "x^2*sin(x)", "2x + cos(x)", "2x - cos(x)"),
    ("product-minus", "x^2*sin(x)", "2x*sin(x) - x^2*cos(x)", "x^2*sin(x) - 2x*cos(x)"),
    ("wrong-partner", "x^2*sin(x)", "2x*x^2 + cos(x)*sin(x)", "2x*x^2 - cos(x)*sin(x)"),
    ("root-half-lost", "sqrt(x^2 + 1)", "2x/sqrt(x^2 + 1)", "x^2/sqrt(x^2 + 1)"),
    ("sign-of-sine", "sin(x) + x", "1 - cos(x)", "1 - sin(x)"),
    ("square-lost", "tan(x)", "1/cos(x)", "1/sin(x)"),
    ("absolute-value", "abs(x - 1) + x^2", "1 + 2x", "2x"),
    ("argument-for-value", "tanh(x)", "1 - x^2", "1 + x^2"),
    ("argument-for-value", "sigmoid(2x)", "2*2x*(1 - 2x)", "2x*(1 - x)"),
    ("inverse-as-reciprocal", "asin(x)", "-cos(x)/sin(x)^2", "cos(x)/sin(x)^2"),
    ("sign-of-hyperbolic", "cosh(x)", "-sinh(x)", "cosh(x)"),
    ("sign-of-inverse", "atan(x)", "1/(1 - x^2)", "1/(1 - x)"),
    ("constant-of-erf", "erf(x)", "exp(-x^2)", "2exp(-x^2)"),
    ("integrated", "x^3", "x^4/4", "x^4"),
    ("integrated", "1/x", "ln(x)", "ln(x)/x"),
    ("negated", "x^3 + x", "-3x^2 - 1", "-3x^2"),
    ("function-itself", "x^3 + x", "x^3 + x", "x^3"),
    ("degrees", "x*sin(x)", "sin(pi*x/180) + x*cos(pi*x/180)", "sin(x)"),
]  # fmt: skip

#: slip, formula, point, the wrong derivative by x in figures, and one that it must not claim.
SWEEP = [
    ("assigned-not-added", "sin(x)^2 + 3sin(x)", {"x": 1}, "3cos(1)", "2cos(1)"),
    ("assigned-not-added", "sin(x)^2 + 3sin(x)", {"x": 1}, "1.6209", "1.6309"),
    ("other-factor", "x*y + x", {"x": 2, "y": 5}, "2 + 1", "4"),
    ("partial-left-out", "sin(x^2)*y", {"x": 2, "y": 5}, "5*2*2", "5*cos(4)*4"),
    ("partial-left-out", "sin(x^2)*y", {"x": 2, "y": 5}, "5*cos(4)", "cos(4)"),
    ("sign-lost", "x^2 + exp(x)", {"x": 1}, "2 - e", "2 - 2e"),
    ("edge-left-out", "x^2 + exp(x) + 5x", {"x": 2}, "4 + exp(2)", "4 + 2exp(2)"),
    ("arriving-left-out", "5sin(x)", {"x": 1}, "cos(1)", "5"),
    ("wrong-seed", "x^2*3", {"x": 2}, "12*12", "13*12"),
    ("value-for-adjoint", "5sin(x^2)", {"x": 2}, "sin(4)*cos(4)*4", "sin(4)*4"),
    ("tangent-for-adjoint", "5sin(x^2)", {"x": 2}, "cos(4)*4*cos(4)*4", "cos(4)*16"),
    ("added-for-multiplied", "5sin(x)", {"x": 1}, "5 + cos(1)", "6 + cos(1)"),
    ("passed-too-early", "sin(x)^2 + 3sin(x)", {"x": 1}, "(2*3 + 2sin(1))*cos(1)", "3"),
    ("not-zeroed", "x^3", {"x": 2}, "24", "36"),
]


def value(text: str, at: Mapping[str, float]) -> float:
    graph = parse(text, variables=tuple(at))
    values = linearise(graph, {name: at[name] for name in graph.variables}, ()).values
    return float(values[graph.outputs[0]])


def ids(*arguments, **options) -> list[str]:
    return [one.slip.id for one in diagnose(*arguments, **options)]


@pytest.mark.parametrize(("slip", "formula", "wrong", "other"), CALCULUS)
def test_a_slip_of_calculus_is_named_from_its_formula_and_its_number(slip, formula, wrong, other):
    graph = parse(formula)
    at = {name: {"x": 0.7, "y": 0.3}[name] for name in graph.variables}
    assert slip in ids(graph, [], wrong, "x")
    assert slip not in ids(graph, [], other, "x")
    assert slip in ids(graph, [at], f"{value(wrong, at):.6g}", "x")
    made = [one for one in wrong_answers(graph, at, "x") if one.slip.id == slip]
    assert any(math.isclose(one.value, value(wrong, at), rel_tol=1e-9) for one in made)
    for one in made:
        assert math.isclose(value(str(one.formula()), at), one.value, rel_tol=1e-9)


@pytest.mark.parametrize(("slip", "formula", "at", "wrong", "other"), SWEEP)
def test_a_slip_of_a_sweep_is_named_from_its_number(slip, formula, at, wrong, other):
    graph = parse(formula)
    at = {name: float(number) for name, number in at.items()}
    assert slip in ids(graph, [at], wrong, "x", sweep=True)
    assert slip not in ids(graph, [at], other, "x", sweep=True)


def test_a_weight_that_moves_in_the_sweep_is_named_where_the_rate_is_known():
    graph, at = parse("w*tanh(v*x)"), {"w": 3.0, "v": 2.0, "x": 1.0}
    moved = 3 - 0.1 * math.tanh(2)
    wrong = repr(moved / math.cosh(2) ** 2)
    assert ids(graph, [at], wrong, "v", sweep=True, rate="0.1") == ["updated-weight"]
    assert ids(graph, [at], wrong, "v", sweep=True, rate="0.2") == []
    assert ids(graph, [at], wrong, "v", sweep=True) == []


def test_every_slip_has_a_row_that_makes_it():
    shown = {row[0] for row in (*CALCULUS, *SWEEP)} | {"updated-weight"} | OF_LINES
    assert shown == set(SLIPS)
    for sweep in (False, True):
        ranks = [slip.rank for slip in SLIPS.values() if slip.sweep is sweep]
        assert ranks == list(range(1, len(ranks) + 1))


def test_what_is_told_has_the_formulas_of_the_place():
    [found] = diagnose(parse("5x + sin(x^2)"), [], "5 + cos(x^2)")
    assert found.sentence == "your answer lacks the inner derivative: cos(x^2)*(2*x)"
    assert str(found.right) == "cos(x^2)*(2*x)"
    [found] = diagnose(
        parse("sin(a)^2 + 3sin(a) + b"), [{"a": 1, "b": 2}], "1.6209", "a", sweep=True
    )
    assert found.sentence == "w3 is used 2 times: what each use sends back is added up"


def test_a_number_is_compared_to_the_digits_that_were_typed():
    graph, at = parse("sin(x^2)"), [{"x": 2.2}]  # right: 0.55997, without the factor: 0.12726
    assert ids(graph, at, "0.1273") == ids(graph, at, "0,127") == ["chain-missing"]
    assert ids(graph, at, "cos(2.2^2)") == ["chain-missing"]
    assert ids(graph, at, "0.1373") == ids(graph, at, "0.2") == []
    for right in (
        "0.5600",
        "0.559",
        "0.56",
        "0.6",
        "4.4cos(2.2^2)",
        "4.4*0.1273",
        4.4 * math.cos(4.84),
    ):
        assert ids(graph, at, right) == []
        assert Mistakes(graph).is_right(at, right)


@pytest.mark.parametrize(
    ("text", "number", "unit"),
    [("2.50", 2.5, 0.01), ("1e-3", 1e-3, 1e-3), ("-12", -12, 1), ("= 0,25", 0.25, 0.01),
     ("1.5·10^3", 1500, 100), ("≈ 3.14…", 3.14, 0.01), ("1/3", 1 / 3, 0), (".5", 0.5, 0.1)],
)  # fmt: skip
def test_a_number_is_read_with_its_digits(text, number, unit):
    found = typed(text)
    assert isinstance(found, Typed)
    assert (found.value, found.unit) == (pytest.approx(number), pytest.approx(unit))


def test_what_cannot_be_asked_is_said():
    with pytest.raises(AutodiffError, match="has 2 variables"):
        diagnose(parse("x*y"), [], "y")
    with pytest.raises(AutodiffError, match="no variable 'z'"):
        diagnose(parse("x*y"), [], "z", "x")
    with pytest.raises(AutodiffError, match="one formula"):
        diagnose(parse("x", "x^2"), [], "1", "x")


def test_a_slip_is_always_named_and_mostly_alone():
    found = measured(formulas(12, seed=1))
    assert found.slips > 150
    assert (found.missed, found.accused) == ([], [])
    assert found.alone >= 0.8 * found.slips


def test_a_right_answer_in_another_form_is_never_a_slip():
    count, wrong = accused(formulas(6, seed=2))
    assert count > 30
    assert wrong == []


def test_python_asks_with_texts():
    found = asked("sin(x^2)", "0.5403", {"x": 1})
    assert found.right is False
    assert found.slips[0].sentence == "your answer lacks the inner derivative: cos(x^2)*(2*x)"
    assert asked("sin(x^2)", "2x*cos(x^2)").right
    assert asked("x*y", "3", {"x": 2, "y": 3}, wrt="x").slips == ()
    assert asked("ln(exp(x))*1/(3x)", "0").slips == ()  # it is 0 but for rounding
    assert (
        asked("x*y", "2", {"x": 2, "y": 3}, wrt="x", sweep=True).slips[0].slip.id == "other-factor"
    )
    with pytest.raises(AutodiffError, match="no value for the variable"):
        asked("x*y", "3", {"x": 2}, wrt="x")
