"""What Windows lacks, taken away: no fork, no timers, no signals of a terminal, no folder to open.

Keys, shells, the folder of what is remembered and encodings are held where they are at home:
`test_keys`, `test_completion`, `test_learn`, `test_encodings`.
"""

from __future__ import annotations

import os
import signal
import sys

import pytest

from autodiff_cli import parse
from autodiff_cli.cli import terminal
from autodiff_cli.compiled import running
from autodiff_cli.errors import named
from autodiff_cli.files import replacing
from autodiff_cli.files.reach import ANYWHERE
from autodiff_cli.symbolic import client, worker
from autodiff_cli.symbolic.question import derive
from tests.console import here

#: Encodings of consoles of Windows in the west, with the box-drawing signs or without.
CONSOLES = ("cp437", "cp850", "cp1252")


def test_without_fork_sympys_process_is_spawned(monkeypatch) -> None:
    monkeypatch.delattr(os, "fork")
    monkeypatch.setattr(client.Client, "_exchange", client.Client._exchange_in_thread)
    assert not client._may_fork()
    with client.Client() as asked:
        found = derive(asked, parse("x^2"), [{"x": 3.0}], ["x"])
        assert asked._process is not None
    assert (found.values, found.derivatives["x"].text) == (("9",), "2*x")


def test_without_timers_and_limits_sympy_works_on(monkeypatch) -> None:
    monkeypatch.delattr(signal, "setitimer")
    monkeypatch.setitem(sys.modules, "resource", None)
    assert worker._allow(1.0) == 0.0
    worker._cap_memory()


def test_signals_that_are_not_there_are_not_heard(monkeypatch) -> None:
    for name in ("SIGHUP", "SIGWINCH", "SIGTSTP"):
        monkeypatch.delattr(signal, name)
    before = signal.getsignal(signal.SIGTERM)
    with terminal._heard("SIGWINCH", lambda: None), replacing.ending():
        assert signal.getsignal(signal.SIGTERM) is not before
    assert signal.getsignal(signal.SIGTERM) is before


def test_a_file_is_written_whole_where_no_folder_can_be_opened(monkeypatch, tmp_path) -> None:
    opened = os.open

    def refused(path: str, flags: int, *more: int) -> int:
        if os.path.isdir(path):
            raise PermissionError(13, "Permission denied", path)
        return opened(path, flags, *more)

    monkeypatch.setattr(os, "open", refused)
    monkeypatch.setattr(replacing.os, "name", "nt")
    path = os.path.join(tmp_path, "a.txt")
    with replacing.replacing(path, ANYWHERE) as stream:
        stream.write(b"whole")
    monkeypatch.undo()
    assert (tmp_path / "a.txt").read_bytes() == b"whole"


def test_cores_are_counted_where_a_process_has_no_set_of_them(monkeypatch) -> None:
    monkeypatch.delattr(os, "sched_getaffinity")
    monkeypatch.setattr(os, "cpu_count", lambda: None)
    assert running._cores() == 1


@pytest.mark.parametrize("encoding", CONSOLES)
def test_a_console_shows_what_its_code_page_has(encoding: str) -> None:
    for words in (("trace", "θ^2*√x", "--θ", "2", "--x", "4"), ("graph", "x*y"), ("functions",)):
        outcome = here(*words, encoding=encoding)
        assert outcome.status == 0
        assert "?" not in outcome.out


def test_a_path_with_a_drive_is_named_as_it_was_typed() -> None:
    assert named(r"C:\data\a.csv") == r"C:\data\a.csv"
