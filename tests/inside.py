"""Runs command lines in this process: for tests that ask many questions."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest

from autodiff_cli.__main__ import ASKING
from autodiff_cli.cli.dispatch import run
from tests.console import Outcome

Cli = Callable[..., Outcome]


def make(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Cli:
    """Return a function that runs words at a width and returns what came out."""

    def cli(*words: str, columns: int = 80) -> Outcome:
        monkeypatch.setenv("COLUMNS", str(columns))
        monkeypatch.setenv("NO_COLOR", "1")
        capsys.readouterr()
        status = run(words)
        printed = capsys.readouterr()
        return Outcome(status, printed.out, printed.err)

    return cli


def answer(cli: Cli, *words: str) -> dict[str, Any]:
    """Return the object that `--json` prints; SymPy has time, on a busy machine too."""
    asks = words[0] in ASKING and not {"--sympy-seconds", "--no-sympy"} & set(words)
    outcome = cli(*words, "--json", *(("--sympy-seconds", "30") if asks else ()))
    assert outcome.status == 0, outcome.err
    found: dict[str, Any] = json.loads(outcome.out)
    return found
