"""Generated formulas over the whole table, against 60 digits of mpmath and against SymPy.

Neither shares a derivative rule with the program: one takes differences, the other its own
calculus. `python -m tests.crosscheck` asks PyTorch, JAX and autograd.
"""

from __future__ import annotations

import math
from collections import Counter
from fractions import Fraction

import pytest
from mpmath import mp

from autodiff_cli.engine import reverse
from autodiff_cli.engine.linearise import Linearisation, linearise
from autodiff_cli.notes.departures import marks
from autodiff_cli.ops import OPERATIONS
from autodiff_cli.symbolic.evaluation import evaluate
from autodiff_cli.symbolic.expression import translate
from tests import exact
from tests.crosscheck.cases import Case, case
from tests.crosscheck.explanations import Question, close, explain
from tests.work import examples

#: Formulas, in parts that run side by side.
FORMULAS, PART = examples(2000), 125

#: One formula in so many is given to SymPy too, where it has few enough operations.
SYMPY_IN, SYMPY_LARGEST = 2, 10

parts = pytest.mark.parametrize("start", range(0, FORMULAS, PART))


def ordinary(start: int) -> list[tuple[Case, Linearisation, list[float]]]:
    """The cases of a part off the edges: with what autodiff answers, value and gradient."""
    found = []
    for question in (case(seed) for seed in range(start, start + PART)):
        if not question.edge:
            linearisation = linearise(question.graph, question.at)
            value = linearisation.values[question.graph.outputs[0]]
            slopes = reverse.gradient(linearisation).values()
            found.append((question, linearisation, [float(value), *slopes]))
    return found


def at_a_kink(linearisation: Linearisation) -> bool:
    return bool(marks(linearisation, reverse.reverse(linearisation))[0])


@parts
def test_values_and_gradients_are_those_of_sixty_digits_and_differences(start: int) -> None:
    seen: Counter[str] = Counter()
    for question, linearisation, found in ordinary(start):
        if not all(map(math.isfinite, linearisation.values)):
            seen["no value on the way"] += 1
            continue
        with mp.workdps(exact.DIGITS):
            value = exact.value(question.graph, question.at)
            slopes = [exact.derivative(question.graph, question.at, x) for x in question.at]
        if at_a_kink(linearisation):
            seen["kink"] += 1
            continue
        seen["compared"] += 1
        wanted = [float(value), *map(float, slopes)]
        noise = exact.NOISE * max(1.0, abs(float(value)))
        if not all(close(a, b) or abs(a - b) <= noise for a, b in zip(found, wanted, strict=True)):
            asked = Question(question.graph, question.at, False, wanted)
            assert explain("exact", asked), f"{question}: {found}, exactly {wanted}"
    assert seen["compared"] > PART / 5, seen


@parts
def test_gradients_are_those_of_sympys_calculus(start: int) -> None:
    compared = 0
    for question, linearisation, found in ordinary(start):
        named = any(sign == "name" for (sign, *_), _ in question.graph.constants.values())
        if question.seed % SYMPY_IN or len(question.graph) > SYMPY_LARGEST or named:
            continue  # SymPy has pi and e exactly, where sin(pi) is 0
        if not all(map(math.isfinite, found)) or at_a_kink(linearisation):
            continue
        translation = translate(question.graph)
        numbers = map(Fraction, question.at.values())
        at = dict(zip(translation.symbols, numbers, strict=True)) | translation.atoms
        output = question.graph.outputs[0]
        wanted = [
            evaluate(translation.derivative(output, place), at) for place in range(len(question.at))
        ]
        if not all(text[-1].isdigit() for text in wanted):
            continue  # complex on the way, or an infinity that cancels
        compared += 1
        asked = Question(question.graph, question.at, False, [found[0], *map(float, wanted)])
        if not all(map(close, found, asked.wanted)):
            assert explain("exact", asked), f"{question}: {found[1:]}, SymPy has {wanted}"
    assert compared


def test_every_row_turns_up_at_ordinary_points_and_at_edges() -> None:
    cases = [case(seed) for seed in range(FORMULAS)]
    for edge in (False, True):
        graphs = [question.graph for question in cases if question.edge is edge]
        assert {row for graph in graphs for row in graph.operations} >= set(OPERATIONS)


@pytest.mark.parametrize("factor", [1 + 1e-6, -1.0, math.nan])
def test_wrong_slopes_are_not_explained(factor: float) -> None:
    asked = refused = 0
    for question, _, found in ordinary(0):
        wrong = [found[0], *(slope * factor for slope in found[1:])]
        if all(map(math.isfinite, found)) and not all(map(close, found, wrong)):
            asked += 1
            refused += not explain("exact", Question(question.graph, question.at, False, wrong))
    assert refused > 0.95 * asked > 30
