"""Errors on a terminal: no word is cut, and a caret stays below what it marks."""

from __future__ import annotations

import io

import pytest

from autodiff_cli.cli.complaint import broken
from autodiff_cli.cli.dispatch import run

MARKED = [
    "error: 2*sinn(x)",
    "         ^ 'sinn' is not a function; did you mean sin(…)? Or write sinn*(…)",
]  # fmt: skip


@pytest.mark.parametrize(
    ("lines", "columns", "shown"),
    [
        (["error: short"], 80, ["error: short"]),
        (["error: there is no command 'trase'; did you mean trace?"], 30,
         ["error: there is no command", "       'trase'; did you mean", "       trace?"]),
        (MARKED, 120, MARKED),
        (MARKED, 60, ["error: 2*sinn(x)",
                      "         ^ 'sinn' is not a function; did you mean sin(…)? Or",
                      "           write sinn*(…)"]),
        (MARKED, 30, ["error: 2*sinn(x)", "         ^", "       'sinn' is not a",
                      "       function; did you mean", "       sin(…)? Or write",
                      "       sinn*(…)"]),
        (["error: a very long formula", "       ^ no"], 12,
         ["error: a very long formula", "       ^ no"]),
    ],
)  # fmt: skip
def test_an_error_is_broken_at_spaces(lines, columns, shown) -> None:
    assert broken(lines, columns) == shown


@pytest.mark.parametrize("terminal", [True, False])
def test_an_error_is_broken_on_a_terminal_alone(terminal, monkeypatch) -> None:
    class Screen(io.StringIO):
        def isatty(self) -> bool:
            return terminal

    monkeypatch.setenv("COLUMNS", "40")
    monkeypatch.setattr("sys.stderr", screen := Screen())
    assert run(["grad", "2*sinn(x)", "--x", "4"]) == 2
    assert (max(map(len, screen.getvalue().splitlines())) <= 40) is terminal
