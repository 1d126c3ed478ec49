"""`count`: operations of the graph's sweeps beside those of the derivative written out."""

from __future__ import annotations

import itertools

import pytest
import sympy

from autodiff_cli import grad, parse
from autodiff_cli.engine.composition import iterates
from autodiff_cli.errors import LimitError
from autodiff_cli.language.parser import read
from tests.inside import answer

#: Operations in the derivative of the logistic map put into itself, counted by SymPy alone.
LOGISTIC = [2, 21, 82, 264, 768, 2096]


def rows(cli, *words: str) -> list[dict[str, object]]:
    return answer(cli, "count", *words)["rows"]


def test_the_logistic_map_swells_in_sympy_and_grows_by_a_constant_in_the_graph(cli):
    found = rows(cli, "4x(1-x)", "--iterate", "6", "--sympy-seconds", "30")
    assert [row["symbolic"][0] for row in found] == LOGISTIC
    assert [row["value"] for row in found] == [3, 6, 9, 12, 15, 18]
    for kind, step in (("reverse", 8), ("forward", 8)):
        counted = [row[kind] for row in found]
        assert {b - a for a, b in itertools.pairwise(counted[1:])} == {step}
    assert all(row["symbolic"][1] < row["symbolic"][0] for row in found[1:])


def test_a_product_costs_reverse_mode_a_constant_a_variable_and_forward_mode_a_sweep(cli):
    texts = ["*".join(f"x{k}" for k in range(1, n + 1)) for n in range(2, 8)]
    found = rows(cli, *texts, "--sympy-seconds", "30")
    names = sympy.symbols("x1:8")
    for n, row in enumerate(found, 2):
        product = sympy.prod(names[:n])
        written = sum(sympy.count_ops(product.diff(name)) for name in names[:n])
        assert (row["value"], row["symbolic"][0]) == (n - 1, written)
    reverse = [row["reverse"] for row in found]
    assert {b - a for a, b in itertools.pairwise(reverse)} == {3}
    forward = [row["forward"] for row in found]
    assert forward[-1] - forward[-2] > forward[1] - forward[0]


@pytest.mark.parametrize("times", [1, 2, 5])
def test_an_iterate_is_the_formula_applied_so_often(times):
    *_, last = iterates(parse("r*x*(1-x) + cos(x)"), "x", times)
    r, x = sympy.symbols("r x")
    formula = x
    for _ in range(times):
        formula = r * formula * (1 - formula) + sympy.cos(formula)
    exact = sympy.N(formula.diff(x).subs({r: sympy.Float("1.25", 40), x: sympy.Float("0.5", 40)}))
    found = grad(last, {"r": 1.25, "x": 0.5}, wrt=("x",))
    assert found.gradient["x"] == pytest.approx(float(exact), rel=1e-13)


def test_an_iterate_may_have_as_many_operations_as_the_limit_and_no_more(monkeypatch):
    graph = parse("x^2")
    *_, last = iterates(graph, "x", 3)
    monkeypatch.setenv("AUTODIFF_MAX_OPERATIONS", str(len(last)))
    assert [str(one) for one in iterates(graph, "x", 3)][-1] == str(last)
    with pytest.raises(LimitError, match="too much input"):
        list(iterates(graph, "x", 4))


def test_of_several_outputs_the_first_is_put_in():
    graph = read(["x + 1", "x^3"]).graph
    assert str(list(iterates(graph, "x", 2))[-1]) == "(x + 1) + 1"


def test_a_formula_that_is_its_variable_stays_it_however_often():
    assert [str(graph) for graph in iterates(parse("x"), "x", 3)] == ["x", "x", "x"]


def test_sympy_is_not_asked_beyond_the_row_it_gave_up(cli):
    found = rows(cli, "4x(1-x)", "--iterate", "200", "--sympy-seconds", "0.3")
    reasons = [row["reason"] for row in found]
    first = reasons.index("it takes more than 0.3 s")
    assert set(reasons[:first]) == {None}
    assert set(reasons[first:]) == {"it takes more than 0.3 s"}
    assert found[-1]["value"] == 600
    screen = cli("count", "4x(1-x)", "--iterate", "3", "--no-sympy").out
    assert "note (skipped): SymPy from n = 1 on: SymPy was not asked (--no-sympy)" in screen


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (("r*x*(1-x)", "--iterate", "2"), "choose one: --wrt r"),
        (("3", "--iterate", "2"), "write one with a variable"),
        (("x", "--iterate", "0"), "--iterate is 0; write how often, --iterate 9"),
        (("x", "x^2", "--iterate", "2"), "--iterate takes one formula; leave the others out"),
        (("x", "--iterate", "201"), "AUTODIFF_MAX_ITERATIONS"),
        # what would change nothing is no option
        (("x", "--letter", "v"), "count has no use for --letter"),
        (("x", "--x", "3"), "there is no option --x"),
        (("x", "--at", "x=3"), "count has no use for --at"),
        (("x", "--random-seed", "3"), "--random-seed"),
    ],
)
def test_a_wrong_question_is_told_what_to_write(cli, words, message):
    outcome = cli("count", *words)
    assert outcome.status == 2
    assert message in " ".join(outcome.err.split())


def test_a_constant_needs_no_value_and_no_others(cli):
    for constant in ("a", "a=1"):
        (row,) = rows(cli, "a*x*y", "--const", constant, "--no-sympy")
        assert (row["value"], row["reverse"]) == (2, 3)


def test_each_formula_of_several_is_differentiated_by_its_own_variables(cli):
    one, other = rows(cli, "x*y", "sin(z)", "--no-sympy")
    assert (one["forward"], other["forward"]) == (7, 3)
    assert one["symbolic"] is None
