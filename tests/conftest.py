"""Fixtures that several files of tests share."""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Iterator
from unittest import mock

import pytest
from hypothesis import HealthCheck, settings

from autodiff_cli.formats import json
from tests import pool
from tests.inside import Cli, make
from tests.schemas import validated

# On a busy machine an example may take its time, and so may making it up.
settings.register_profile(
    "suite", settings.default, deadline=None, suppress_health_check=[HealthCheck.too_slow]
)
settings.load_profile("suite")


def pytest_configure() -> None:
    """Let processes that tests start hear Ctrl-C, though a script may have started us behind it.

    And let them keep their bytecode: without it each of hundreds compiles the package anew.
    """
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
    sys.dont_write_bytecode = False
    if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.default_int_handler)


@pytest.fixture(autouse=True, scope="session")
def _every_object_has_its_schema() -> Iterator[None]:
    """Hold every object that `--json` prints in this process to the schema of its name."""
    with mock.patch.object(json, "dumps", validated(json.dumps)):
        yield


@pytest.fixture(autouse=True, scope="session")
def _nobody_waits_for_the_disk() -> Iterator[None]:
    """Leave what is written in the system's memory: a disk takes many milliseconds for a file."""
    with mock.patch.object(os, "fsync", return_value=None):
        yield


@pytest.fixture(autouse=True, scope="session")
def _sympys_process_is_kept() -> Iterator[None]:
    """Let tests of this process hand SymPy's on, where pipes can be asked whether it lives."""
    if os.name != "posix":
        yield
        return
    with pool.pooled():
        yield


@pytest.fixture
def fresh_sympy() -> Iterator[None]:
    """Start a process of SymPy's for each client, as a user's program does."""
    with pool.alone():
        yield


@pytest.fixture
def cli(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Cli:
    """Runs a command line in this process."""
    return make(capsys, monkeypatch)
