"""No match of a small sample is wrong, and a wrong one would be found.

`python -m tests.crosscheck.verdicts` counts many thousands.
"""

from __future__ import annotations

import pytest

from tests.crosscheck import verdicts

#: The first seed and the matches held: large enough for formulas of a few operations.
SEED, COUNT = 700, 120


def test_no_number_that_is_called_a_match_is_a_wrong_one():
    found = verdicts.run(COUNT, SEED)
    assert found.held >= COUNT
    assert found.wrong == []
    assert not found.verdicts["MISMATCH"]


def test_a_wrong_match_is_found(monkeypatch: pytest.MonkeyPatch):
    right = verdicts.answers

    def off(*asked):
        for one in right(*asked):
            yield one._replace(number=one.number * (1 + 2e-9))

    monkeypatch.setattr(verdicts, "answers", off)
    found = verdicts.run(20, SEED)
    assert found.wrong
    assert "mpmath has" in found.wrong[0]
