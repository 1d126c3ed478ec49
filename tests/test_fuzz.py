"""A slice of `python -m tests.fuzz`: any text and any command line is answered or refused."""

from __future__ import annotations

import pytest

from tests.fuzz import check, inputs


def still() -> float:
    """A clock that stands still: in the suite no input is too slow."""
    return 0.0


@pytest.mark.parametrize("seed", range(4))
def test_any_text_is_read_or_refused_and_prints_as_itself(seed: int) -> None:
    faults = [(text, check.reading(text, still)) for text in inputs.texts(1000 + seed, 1000)]
    assert [fault for fault in faults if fault[1]] == []


@pytest.mark.parametrize("seed", range(4))
def test_any_command_line_is_answered_or_refused_with_a_word(seed: int) -> None:
    with check.elsewhere():
        lines = inputs.command_lines(2000 + seed, 40)
        faults = [(words, check.command(words, still)) for words in lines]
    assert [fault for fault in faults if fault[1]] == []


def test_a_fault_would_be_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    ticks = iter((1.0, 9.0, 1.0, 9.0))
    assert check.reading("x", lambda: next(ticks)) == "took 8.0 s"
    assert check.command(["graph", "x"], lambda: next(ticks)) == "took 8.0 s"

    def broken(text: str) -> None:
        raise KeyError(text)

    monkeypatch.setattr(check, "parse", broken)
    assert check.reading("x") == "KeyError: 'x'"
    monkeypatch.setattr(check, "run", lambda words: 7)
    assert check.command(["grad", "x"]) == "exit status 7"
