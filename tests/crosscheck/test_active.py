"""A slice of what `python -m tests.crosscheck --active` judges; mpmath is truth, no library."""

from __future__ import annotations

import pytest

from autodiff_cli.engine.higher import Hessian
from tests.crosscheck import active

COUNT = 150


def test_second_slopes_are_right_where_exponents_ties_and_conditions_move() -> None:
    tally = active.run(COUNT, 0)
    assert tally.unexplained == []
    assert tally.compared > 3 * tally.cases > 2 * COUNT
    assert sum(tally.excused.values()) < tally.compared / 10


def test_a_lost_term_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    true = active.hessian

    def masked(graph, at):
        found = true(graph, at)
        matrix = {x: {y: n if x == y else 0.0 for y, n in row.items()}
                  for x, row in found.matrix.items()}  # fmt: skip
        return Hessian(found.value, found.gradient, matrix)

    monkeypatch.setattr(active, "hessian", masked)
    assert len(active.run(40, 0).unexplained) > 10
