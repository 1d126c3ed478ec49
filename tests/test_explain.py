"""Derivations: every line is right, has a name from the book, and is one rule of the table."""

from __future__ import annotations

import json
import math
import re
from dataclasses import replace

import pytest

from autodiff_cli.engine.forward import forward
from autodiff_cli.engine.linearise import linearise
from autodiff_cli.graph.graph import CONSTANT, VARIABLE
from autodiff_cli.language.parser import Reading, read
from autodiff_cli.limits import SYMPY_SECONDS
from autodiff_cli.methods.sampling import samples
from autodiff_cli.ops import OPERATIONS
from autodiff_cli.ops.row import COMPARISON
from autodiff_cli.symbolic.client import Client
from autodiff_cli.teach.derivation import Explanation, Step
from autodiff_cli.teach.equal import beside
from autodiff_cli.teach.explain import explain
from tests.console import here
from tests.expressions import ROWS, Tree, graph, seeded
from tests.golden.documents import NARROW, sample_output

#: What OpenStax Calculus 1 calls the rules; functions have "derivative of …" besides.
NAMES = {
    "constant rule", "power rule", "sum rule", "difference rule", "constant multiple rule",
    "product rule", "quotient rule", "chain rule", "natural exponential", "general exponential",
    "natural logarithm", "general logarithm", "inverse functions", "hyperbolic functions",
    "logarithmic differentiation", "multivariable chain rule",
}  # fmt: skip

#: Points at which a derivation is held against the sweep.
POINTS = 5


def named(rule: str) -> bool:
    return rule in NAMES or rule.startswith("derivative ")


def explained(text: str, **options: object) -> Explanation:
    return explain(read([text]), **options)  # type: ignore[arg-type]


def of_tree(tree: Tree) -> Explanation:
    return explain(Reading(graph(tree), ()))


def lines(report: Explanation, name: str = "x") -> list[Step]:
    return [step for step in report.derivations[name].listed() if step.same_as is None]


def rules(text: str) -> list[str]:
    return [
        f"{step.rule}: {step.law}" if step.law else step.rule for step in lines(explained(text))
    ]


def wrong_lines(report: Explanation, points: int = POINTS) -> list[str]:
    """Return the lines whose value, with what stands in them, is not that of the sweep."""
    faults = []
    for point in samples(report.graph, {}, 0, points):
        sweep = linearise(report.graph, point)
        for name, derivation in report.derivations.items():
            tangents = forward(sweep, {name: 1.0})
            book = derivation.book
            at = {
                variable: point.get(variable, 0.0)
                if place not in derivation.standing
                else float(tangents[derivation.standing[place]] or 0.0)
                for place, variable in enumerate(book.variables)
            }
            values = linearise(book, at, ()).values
            for node, after in [
                *[(step.node, step.after) for step in derivation.listed()],
                *[(report.graph.outputs[0], end) for end in derivation.tidy],
            ]:
                wanted, found = float(tangents[node] or 0.0), float(values[after])
                same = math.isclose(wanted, found, rel_tol=1e-6, abs_tol=1e-6)
                if not same and not (math.isnan(wanted) and math.isnan(found)):
                    faults.append(f"d/d{name} of node {node} of {report.graph} at {point}: "
                                  f"{found} is not {wanted}")  # fmt: skip
    return faults


@pytest.mark.parametrize("row", OPERATIONS, ids=lambda row: f"{row.name}-{row.arity}")
def test_every_operation_has_a_rule_with_a_name(row: object) -> None:
    assert bool(row.law) == any(row.rules)  # type: ignore[attr-defined]
    assert not row.law or named(row.law)  # type: ignore[attr-defined]


@pytest.mark.parametrize("row", ROWS, ids=lambda row: f"{row.name}-{row.arity}")
def test_every_line_of_every_operation_is_right(row: object) -> None:
    for seed in range(2):
        report = of_tree(seeded(seed, 3, root=row))
        assert wrong_lines(report) == []


@pytest.mark.parametrize("block", range(10))
def test_every_line_of_generated_formulas_is_right(block: int) -> None:
    for seed in range(10 * block, 10 * block + 10):
        report = of_tree(seeded(1000 + seed, 2 + seed % 8))
        assert wrong_lines(report) == []
        graph = report.graph
        count = sum(
            row not in (CONSTANT, VARIABLE) and row.precedence != COMPARISON
            for row in graph.operations
        )
        for name in report.derivations:
            found = lines(report, name)
            assert all(named(step.rule) for step in found)
            assert len(found) <= max(count, 1)


#: The formulas on which SymPy Gamma's steps were tried, and the rules in the order of a book.
FORMULAS = {
    "x^3+2x^2+8x": ["sum rule", "power rule", "constant multiple rule", "power rule",
                    "constant multiple rule"],
    "sin(x^2)": ["chain rule: derivative of sine", "power rule"],
    "exp(2x)": ["chain rule: natural exponential", "constant multiple rule"],
    "x exp(-x)": ["product rule", "chain rule: natural exponential", "constant multiple rule"],
    "sqrt(x)": ["power rule"],
    "1/x": ["quotient rule"],
    "x^x": ["logarithmic differentiation"],
    "x^sin(x)": ["logarithmic differentiation", "derivative of sine"],
    "asin(x)": ["inverse functions"],
    "tanh(x)": ["hyperbolic functions"],
    "erf(x)/x": ["quotient rule", "derivative of the error function"],
    "abs(x)": ["derivative of the absolute value"],
    "log(x,2)": ["general logarithm"],
    "tan(x)": ["derivative of tangent"],
    "sec(x)": ["derivative of secant"],
    "cot(x)": ["derivative of cotangent"],
    "x sin(x) exp(x)": ["product rule", "product rule", "derivative of sine",
                        "natural exponential"],
    "2^x": ["general exponential"],
    "2^(3x)": ["chain rule: general exponential", "constant multiple rule"],
    "sqrt(1+x^2)": ["chain rule: power rule", "sum rule", "power rule"],
    "x/(x^2+1)": ["quotient rule", "sum rule", "power rule"],
    "max(x,2)": ["derivative piece by piece"],
    "sin(x)^2+cos(x)^2": ["sum rule", "chain rule: power rule", "derivative of sine",
                          "chain rule: power rule", "derivative of cosine"],
    "(x+1)/2": ["constant multiple rule", "sum rule"],
    "x^2 y": ["constant multiple rule", "power rule"],
    "exp(y)+0x": ["sum rule", "constant multiple rule"],
    "log(2x)": ["chain rule: natural logarithm", "constant multiple rule"],
    "cos(cos(x))": ["chain rule: derivative of cosine", "derivative of cosine"],
    "e^(x^2)": ["chain rule: natural exponential", "power rule"],
    "sinh(x)": ["hyperbolic functions"],
    "atan(x)": ["inverse functions"],
    "atan2(x,1)": ["inverse functions"],
    "sin(y x)": ["chain rule: derivative of sine", "constant multiple rule"],
}  # fmt: skip


@pytest.mark.parametrize("text", FORMULAS)
def test_the_rules_are_those_of_a_book(text: str) -> None:
    assert rules(text) == FORMULAS[text]
    assert wrong_lines(explained(text)) == []


#: A formula → its derivative as a book leaves it.
TIDY = {
    "x^3+2x^2+8x": "3*x^2 + 4*x + 8",
    "sin(x^2)": "2*x*cos(x^2)",
    "x exp(-x)": "exp(-x)*(1 - x)",
    "(x^2+1)/(x-1)": "(x^2 - 2*x - 1)/(x - 1)^2",
    "x/(x^2+1)": "(1 - x^2)/(x^2 + 1)^2",
    "x^x": "x^x*(ln(x) + 1)",
    "sqrt(1-x^2)": "-x/sqrt(1 - x^2)",
    "ln(x^2+1)": "2*x/(x^2 + 1)",
    "sin(x)^2+cos(x)^2": "0",
    "0.5x^2": "x",
    "0.1x^2 + x/3": "0.2*x + 1/3",
    "1/x": "-1/x^2",
}


@pytest.mark.parametrize("text", TIDY)
def test_the_last_line_is_tidied_up_and_reads_back(text: str) -> None:
    derivation = explained(text).derivations["x"]
    assert derivation.derivative == TIDY[text]
    assert str(read([derivation.derivative]).graph) == TIDY[text]


def test_a_shared_part_is_differentiated_once() -> None:
    report = explained("sin(x^2+1)*(x^2+1)")
    repeated = [step for step in report.derivations["x"].listed() if step.same_as]
    (step,) = repeated
    assert report.graph.labels()[step.node] == "w3"
    assert step.substeps == ()
    assert "d/dx[x² + 1]: as in step 3" in here("explain", "sin(x^2+1)*(x^2+1)", "--no-sympy").out


def test_trivial_lines_are_folded_unless_asked_for() -> None:
    text = "x + 3"
    assert [step.rule for step in lines(explained(text))] == ["sum rule"]
    every = lines(explained(text, every=True))
    assert [step.rule for step in every] == ["sum rule", "power rule", "constant rule"]


def test_a_kink_is_a_line_and_none_that_cannot_be() -> None:
    out = here("explain", "|x^2-1|", "--no-sympy").out
    assert "kink where x² - 1 = 0: slope −1 on the left" in out
    assert "kink" not in here("explain", "x^3", "--no-sympy").out
    out = here("explain", "mod(x, 3y)", "--wrt", "x", "--no-sympy").out
    assert "jump where x is a multiple of 3·y: the remainder jumps" in out
    assert "slope where x = 0: a root" in here("explain", "x^0.5", "--no-sympy").out
    out = here("explain", "x^(-x)", "--no-sympy").out  # where x is 0, so is the exponent
    assert "infinite slope" not in out
    assert "by the exponent -x of 0^(-x)" in " ".join(out.split())


def test_the_machine_stands_beside_each_line() -> None:
    out = here("explain", "sin(x^2)", "--x", "2", "--no-sympy", "--digits", "0").out
    assert "machine, w2: ∂w2/∂w1 = 4, ẇ2 = 4" in out
    assert f"at the point: f′(x) = {4 * math.cos(4)}" in out


def test_some_lines_and_a_hint() -> None:
    out = here("explain", "sin(x^2)", "--steps", "1").out
    assert "1. chain rule" in out
    assert "2." not in out
    out = here("explain", "sin(x^2)", "--steps", "1", "--hint").out
    assert "the next rule: power rule" in out
    hint = here("explain", "sin(x^2)", "--hint").out
    assert "the next rule: chain rule, with the derivative of sine" in hint
    assert "cos" not in hint
    assert "no rule is left" in here("explain", "sin(x^2)", "--hint", "--steps", "2").out
    assert "--steps is -1" in here("explain", "x", "--steps", "-1").err


def test_json_has_the_tree_of_steps() -> None:
    found = json.loads(here("explain", "sin(x^2)", "--x", "2", "--no-sympy", "--json").out)
    assert found["schema"] == "autodiff.explain/1"
    derivation = found["derivations"]["x"]
    (step,) = derivation["steps"]
    assert step["before"] == "sin(x^2)"
    assert step["after"] == "cos(x^2)*d/dx[x^2]"
    assert (step["rule"], step["outer"], step["inner"]) == ("chain rule", "sin(u)", "x^2")
    assert step["node"] == "w3"
    assert step["partial"] == math.cos(4)
    assert [below["after"] for below in step["substeps"]] == ["2*x"]
    assert derivation["derivative"] == "2*x*cos(x^2)"
    assert derivation["value"] == 4 * math.cos(4)
    assert derivation["equals_symbolic"] is None


def test_sympy_comes_after_and_agrees() -> None:
    found = json.loads(here("explain", "x sin(x)", "--json").out)
    assert found["derivations"]["x"]["equals_symbolic"] is True
    out = here("explain", "x exp(-x)").out
    assert out.index("tidied up") < out.index("SymPy has")
    assert re.search(r"both are equal, checked at \d+ points", out)


def test_a_formula_that_is_too_long_is_refused_with_the_way_on() -> None:
    outcome = here("explain", "+".join(f"sin({k}x)" for k in range(400)))
    assert outcome.status == 2
    assert "a part of it" in outcome.err


def test_a_derivative_that_swells_is_explained_and_not_written() -> None:
    steps = "; ".join(f"y{k + 1} = sin(y{k})*y{k}" for k in range(148))
    found = json.loads(here("explain", f"y0 = 2x; {steps}", "--no-sympy", "--json").out)
    assert found["derivations"]["x"]["derivative"] is None
    assert found["derivations"]["x"]["tidy"] == []
    text = here("explain", f"y0 = 2x; {steps}", "--no-sympy").out
    assert "too long to be written" in text
    doubled = "x*x"
    for _ in range(10):
        doubled = f"({doubled})*({doubled})"
    assert "name its parts" in here("explain", doubled).err


def test_a_derivative_with_named_steps_reads_back() -> None:
    derivation = explained("h = x^2+1; sin(h)").derivations["x"]
    assert derivation.derivative == "h = x^2 + 1; 2*x*cos(h)"
    assert str(read([derivation.derivative]).graph) == derivation.derivative


def test_a_letter_of_the_formula_is_not_the_inner_function() -> None:
    assert "outer sin(v), inner v = u·x" in here("explain", "sin(u x)", "--no-sympy").out


def test_derivations_read_on_a_narrow_screen_as_they_are_kept() -> None:
    sample, kept, columns = NARROW
    assert sample_output(sample, columns) == kept.read_text(encoding="utf-8")


def test_every_format_has_every_step() -> None:
    words = ("explain", "|sin(x^2)|", "--x", "2", "--no-sympy")
    for format in ("markdown", "latex", "html"):
        out = here(*words, "--format", format).out
        assert out.count("machine") == 3
        assert "left(h" not in out.partition("kink")[2]
    rows = here(*words, "--format", "csv").out.splitlines()
    assert len(rows) == 1 + 3
    assert rows[-1].startswith("x,3,power rule,,w2,x^2,2*x,4.0,4.0,")
    assert r"$f'(x)" in here(*words, "--format", "latex").out


def test_what_does_not_vary_has_no_derivation() -> None:
    assert "nothing in it varies" in here("explain", "2 + 3").out


def test_sympy_has_the_same_derivatives() -> None:
    client = Client()
    try:
        for text in FORMULAS:
            report = explained(text)
            rows = beside(report, client, SYMPY_SECONDS)
            assert {row.equal for row in rows.values()} == {True}, text
        wrong = replace(report.derivations["x"], tidy=(0,))
        rows = beside(replace(report, derivations={"x": wrong}), client, SYMPY_SECONDS)
        assert rows["x",].equal is False
    finally:
        client.close()
