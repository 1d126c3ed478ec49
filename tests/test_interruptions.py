"""Readers that leave, Ctrl-C, and standard streams that are closed, full or not text."""

from __future__ import annotations

import fcntl
import os
import signal
import subprocess
import sys
import termios

import pytest

from tests.console import ROOT, autodiff, here
from tests.work import HANG, looks

PROGRAM = f'"{sys.executable}" -m autodiff_cli'


def shell(line: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        ["bash", "-c", line.replace("autodiff", PROGRAM)], capture_output=True, text=True, cwd=ROOT,
        timeout=HANG, check=False,
    )  # fmt: skip


@pytest.mark.parametrize(
    "line", ["autodiff functions | true", "yes '# prose' | head -50000 | autodiff run - | head -1"]
)
def test_a_reader_that_leaves_ends_it_quietly(line: str) -> None:
    assert shell(line).stderr == ""


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="no /dev/full")
@pytest.mark.parametrize("words", ["graph x", "graph x --json", "functions", "--help"])
def test_a_full_disk_is_said(words: str) -> None:
    done = shell(f"autodiff {words} > /dev/full")
    assert done.stderr == "error: No space left on device\n"
    assert done.returncode == 1


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("autodiff grad - --x 1 <&-", "error: the standard input is closed\n"),
        ("autodiff run - <&-", "error: the standard input is closed\n"),
        ("autodiff graph x >&-", ""),
        ("autodiff graph 'sinn(x)' 2>&-", ""),
    ],
)
def test_a_closed_stream_is_no_fault_of_the_program(line: str, message: str) -> None:
    done = shell(line)
    assert (done.stderr, done.stdout, done.returncode) == (message, "", 1)


def test_the_expression_comes_from_stdin() -> None:
    for text in ("x^2", "  x^2\n", "\ufeffx^2\r\n"):
        assert here("graph", "-", stdin=text).out == "w2 = w1²\n└── w1 = x\n"
    empty = here("graph", "-", stdin="")
    assert (empty.status, empty.out) == (2, "")
    assert "the expression is empty" in empty.err


def test_stdin_that_is_not_text_is_an_error() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "autodiff_cli", "graph", "-"], input=b"x\xff", cwd=ROOT,
        capture_output=True, env={**os.environ, "PYTHONIOENCODING": "utf-8"}, check=False,
    )  # fmt: skip
    assert done.stdout == b""
    assert done.stderr == b"error: the input is not UTF-8: byte 0xff at 1\n"
    assert done.returncode == 1


def waiting(pipe: int) -> int:
    """Return how many bytes of a pipe nobody has read yet."""
    found = fcntl.ioctl(pipe, termios.FIONREAD, bytes(4))
    return int.from_bytes(found, sys.byteorder)


@pytest.mark.parametrize("words", [("grad", "-", "--x", "1"), ("run", "-")])
def test_ctrl_c_ends_it_with_130_one_line_and_no_orphan(words: tuple[str, ...]) -> None:
    process = subprocess.Popen(
        [sys.executable, "-m", "autodiff_cli", *words], cwd=ROOT, start_new_session=True,
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip
    process.stdin.write("x")
    process.stdin.flush()
    for _ in looks():  # until it reads its input
        if not waiting(process.stdin.fileno()):
            break
    os.killpg(process.pid, signal.SIGINT)
    out, err = process.communicate(timeout=HANG)
    assert (process.returncode, out, err.strip()) == (130, "", "error: interrupted")
    with pytest.raises(ProcessLookupError):  # SymPy's process is gone too
        os.killpg(process.pid, 0)


def test_debug_shows_where() -> None:
    outcome = autodiff("graph", "sinn(x)", "--debug")
    assert "Traceback" in outcome.err
    assert "Traceback" not in autodiff("graph", "sinn(x)").err
