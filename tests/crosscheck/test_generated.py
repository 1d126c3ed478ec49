"""A slice of `python -m tests.crosscheck`; skipped where the libraries are not installed."""

from __future__ import annotations

import math

import pytest

from autodiff_cli.engine import reverse
from autodiff_cli.engine.linearise import linearise
from tests.crosscheck.cases import case
from tests.crosscheck.explanations import Question, close, explain
from tests.crosscheck.generated import run
from tests.crosscheck.libraries import LIBRARIES

#: Library → formulas, and how many of them to the second order.
SLICES = [("torch", 300, 150), ("jax", 60, 10), ("autograd", 100, 30)]


@pytest.mark.parametrize(("library", "count", "second"), SLICES)
def test_numbers_are_the_librarys_or_differ_for_a_named_reason(
    library: str, count: int, second: int
) -> None:
    pytest.importorskip(
        library, reason=f"{library} is not installed: pip install 'autodiff-cli[crosscheck]'"
    )
    tally = run(library, count, second, start=0)
    assert tally.unexplained == []
    assert tally.compared == count
    assert second / 4 < tally.second <= second
    assert tally.edges > count / 5
    assert tally.finite > count / 2
    assert tally.modes > count / 2


@pytest.mark.slow
@pytest.mark.parametrize("library", [*LIBRARIES, "exact"])
def test_a_wrong_slope_is_not_explained_by_any_departure(library: str) -> None:
    """The libraries are not asked: autodiff's own numbers, spoiled, stand for theirs."""
    asked = refused = 0
    for seed in range(300):
        question = case(seed)
        linearisation = linearise(question.graph, question.at)
        numbers = [float(linearisation.values[question.graph.outputs[0]])]
        numbers += reverse.gradient(linearisation).values()
        spoiled = [numbers[0], *(slope * (1 + 1e-6) for slope in numbers[1:])]
        if all(map(math.isfinite, numbers)) and not all(map(close, numbers, spoiled)):
            asked += 1
            refused += not explain(library, Question(question.graph, question.at, False, spoiled))
    assert refused > 0.97 * asked > 100
