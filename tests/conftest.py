"""Fixtures that several files of tests share."""

from __future__ import annotations

import pytest

from tests.inside import Cli, make


@pytest.fixture
def cli(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Cli:
    """Runs a command line in this process."""
    return make(capsys, monkeypatch)
