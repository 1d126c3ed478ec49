"""Where branches agree in value and slope and differ beyond, no verdict says match.

Both sides' numbers are checked against one-sided differences in 60 digits.
"""

from __future__ import annotations

import math

import mpmath
import pytest

from autodiff_cli import grad, parse
from autodiff_cli.answers.ties import ties
from autodiff_cli.engine.branches import piecewise
from autodiff_cli.engine.one_side import both_sides
from autodiff_cli.graph.graph import CONSTANT, Graph
from autodiff_cli.ops import OPERATIONS
from tests.console import here

ORDER = 3

#: The rows whose rules have branches, at their ties with others' operands fixed: name → formulas of
#: x that tie at 0. A row with branches that is not here fails the test.
ROWS = {
    "relu": ["relu(x)"], "leaky_relu": ["leaky_relu(x, 1)", "leaky_relu(x, 0.1)"],
    "elu": ["elu(x, 1)", "elu(x, 0.5)", "elu(x, cos(x))"], "softsign": ["softsign(x)"],
    "max": ["max(x, 0)", "max(x, x + x^2)"], "min": ["min(x, 0)", "min(x, x^3)"],
    "clamp": ["clamp(x, 0, 2)", "clamp(x, -1, 0)", "clamp(x + x^2, x, 2)"],
    "abs": ["abs(x)"],
}  # fmt: skip

FORMULAS = [
    "relu(x)^2", "x*abs(x)", "where(x > 0, x^3, 0)", "max(x, 0)^3", "softsign(x)*exp(x)",
    "where(abs(x) < 1, x^2/2, abs(x) - 1/2) + elu(x, 1)", "where(x >= 0, sin(x), x)",
    "elu(sin(x), 1)*cos(x)", "where(x < 0, exp(x), 1 + x)", "softsign(x)^2 + min(x, x^3)",
]  # fmt: skip

CASES = [*(text for texts in ROWS.values() for text in texts), *FORMULAS]


def value(graph: Graph, x: mpmath.mpf) -> mpmath.mpf:
    """Evaluate in mpmath, by the definitions of the rows and none of their rules."""
    own = {
        "+": lambda a, b: a + b, "-": lambda a, b: a - b, "*": lambda a, b: a * b,
        "/": lambda a, b: a / b, "^": lambda a, b: a**b, "relu": lambda a: max(a, 0),
        "leaky_relu": lambda a, b: a if a > 0 else b * a, "abs": abs, "max": max, "min": min,
        "elu": lambda a, b: a if a > 0 else b * (mpmath.exp(a) - 1),
        "softsign": lambda a: a / (1 + abs(a)), "clamp": lambda a, b, c: min(max(a, b), c),
        "where": lambda test, a, b: a if test else b, "<": lambda a, b: a < b,
        ">": lambda a, b: a > b, ">=": lambda a, b: a >= b,
        "sin": mpmath.sin, "cos": mpmath.cos, "exp": mpmath.exp,
    }  # fmt: skip
    found = [x]
    for index in range(1, len(graph)):
        row = graph.operations[index]
        below = [found[k] for k in graph.operands[index]]
        if row is CONSTANT:
            found.append(mpmath.mpf(graph.constants[index].value))
        elif len(below) == 1 and row.symbol == "-":
            found.append(-below[0])
        else:
            found.append(own[row.symbol or row.name](*below))
    return found[graph.outputs[0]]


def one_sided(graph: Graph, order: int, sign: int) -> float:
    """Return the limit of differences from places on one side alone, by Lagrange's polynomial."""
    with mpmath.workdps(60):
        step, count = sign * mpmath.mpf(10) ** -5, order + 4
        places = [step * k for k in range(1, count + 1)]
        values = [value(graph, place) for place in places]
        system = mpmath.matrix([[place**k for k in range(count)] for place in places])
        return float(mpmath.lu_solve(system, mpmath.matrix(values))[order] * math.factorial(order))


def test_the_rows_with_branches_are_all_here() -> None:
    rows = {row.name for row in OPERATIONS for k in range(row.arity)
            if row.rule(k) and piecewise(row, k)}  # fmt: skip
    assert rows <= {*ROWS}, rows


@pytest.mark.parametrize("text", CASES)
def test_both_sides_are_the_limits_of_one_sided_differences(text: str) -> None:
    graph = parse(text)
    sides = both_sides(graph, {"x": 0.0}, {"x": 1.0}, ORDER)[0]
    for sign, terms in zip((-1, 1), sides, strict=True):
        for order in range(1, ORDER + 1):
            right = one_sided(graph, order, sign)
            assert terms[order] * math.factorial(order) == pytest.approx(right, abs=1e-8)


@pytest.mark.parametrize("text", CASES)
def test_a_derivative_with_two_sides_is_at_a_kink_and_both_are_said(text: str) -> None:
    graph = parse(text)
    result = grad(graph, {"x": 0.0})
    marked = any(note.kind == "kink" for note in result.notes)
    paths = [("x",) * order for order in range(1, ORDER + 1)]
    broken, notes = ties(result, paths, None)
    said, apart = " ".join(note.text for note in notes), False
    for path in paths[1:]:
        left, right = (one_sided(graph, len(path), sign) for sign in (-1, 1))
        differ = abs(left - right) > 1e-6
        apart |= differ
        assert marked or broken.get(path, [False]) == [apart], path
        if differ and not (marked and len(path) == 2):  # there the kink's own notes say it
            assert (
                "is {} on the left and {} on the right".format(
                    *(f"{round(side, 7) + 0.0:.6g}".replace("-", "−") for side in (left, right))
                )
                in said
            )


#: Commands at a tie that only the second derivatives have: what they say of each.
SAID = {
    ("grad", "elu(x, cos(x))", "--x", "0", "--order", "2"): ("f″", "1 on the left and 0 on the"),
    ("taylor", "softsign(x)", "--x", "0", "--order", "2"): ("f″", "2 on the left and −2 on the"),
    ("hessian", "elu(x, y)", "--x", "0", "--y", "1"): ("∂²f/∂x∂y", "1 on the left and 0 on the"),
    ("hessian", "elu(x, y)", "--x", "0", "--y", "1", "--sparse"): (
        "∂²f/∂x²", "1 on the left and 0 on the",
    ),
    ("hvp", "elu(x, y)", "--x", "0", "--y", "1", "--direction", "1,2"): (
        "(Hv)_x", "3 on the left and 0 on the",
    ),
    ("grad", "elu(x, 1)", "--x", "1,0", "--order", "2"): ("0  0   1   1", "point number 2"),
}  # fmt: skip


@pytest.mark.parametrize("line", SAID)
def test_commands_call_it_a_kink_and_say_both_sides(line: tuple[str, ...]) -> None:
    shown = here(*line).out
    row, text = SAID[line]
    ends = [read.split()[-1] for read in shown.splitlines() if read.startswith(row)]
    assert "kink" in ends
    assert text in " ".join(shown.split())


def test_a_tie_at_which_nothing_differs_is_no_kink() -> None:
    result = grad(parse("elu(x^3, 1)"), {"x": 0.0})
    assert ties(result, [("x", "x")], None) == ({}, ())
