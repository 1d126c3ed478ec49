"""Runs command lines as a user does: another process, a fixed width, no colours."""

from __future__ import annotations

import contextlib
import io
import os
import re
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from unittest import mock

from tests.work import HANG

ROOT = Path(__file__).parent.parent


@dataclass(frozen=True)
class Outcome:
    status: int
    out: str
    err: str


def autodiff(
    *words: str, columns: int = 80, encoding: str = "utf-8", stdin: str = "", **settings: str
) -> Outcome:
    """Run `autodiff` with these words and return its exit status, output and errors."""
    environment = {
        **os.environ,
        "COLUMNS": str(columns),
        "NO_COLOR": "1",
        "PYTHONIOENCODING": encoding,
        **settings,
    }
    done = subprocess.run(
        [sys.executable, "-m", "autodiff_cli", *words],
        input=stdin.encode(),
        capture_output=True,
        cwd=ROOT,
        env=environment,
        timeout=HANG,
        check=False,
    )
    return Outcome(
        done.returncode,
        done.stdout.decode(encoding, "replace"),
        done.stderr.decode("utf-8", "replace"),
    )


def here(
    *words: str, columns: int = 80, encoding: str = "utf-8", stdin: str = "", **settings: str
) -> Outcome:
    """Run `autodiff` in this process: for what another process would add nothing to."""
    from autodiff_cli.cli.dispatch import run

    streams = [io.TextIOWrapper(io.BytesIO(), encoding=encoding, newline="\n") for _ in range(2)]
    environment = {"COLUMNS": str(columns), "NO_COLOR": "1", **settings}
    with (
        contextlib.redirect_stdout(streams[0]),
        contextlib.redirect_stderr(streams[1]),
        mock.patch("sys.stdin", io.StringIO(stdin)),
        mock.patch.dict(os.environ, environment),
    ):
        status = run(list(words))
    for stream in streams:
        stream.flush()
    out, err = (stream.buffer.getvalue().decode(encoding) for stream in streams)
    return Outcome(status, out, err)


def batch(*lines: str) -> list[str]:
    """Run command lines that print one JSON object each, in this process with one SymPy."""
    outcome = here("run", "-", stdin="\n".join(lines))
    assert outcome.err == ""
    return [line for line in outcome.out.splitlines() if line.startswith("{")]


def steady(text: str) -> str:
    """Return an output without what differs from run to run: times, optional libraries."""
    lines = [
        line for line in text.splitlines() if not line.startswith(("torch ", "jax ", "autograd "))
    ]
    if any(re.search(r"\d m?s$", line) for line in lines):
        lines = [re.sub(r"\S+ m?s$", "… ms", re.sub(r" {2,}", "  ", line)) for line in lines]
        lines = [re.sub(r"─+", "──", line) for line in lines]
    return "\n".join(line.rstrip() for line in lines) + "\n"


def same(output: str, kept: str) -> bool:
    """Tell whether an output is the one kept: to the letter, or but for the last digits.

    Another machine's C library and vector units round sin and tanh otherwise in the last place.
    """
    return steady(output) == steady(kept) or _rounded(steady(output)) == _rounded(steady(kept))


def _rounded(text: str) -> list[str]:
    """Return the words of a text with numbers to 11 digits and what is below rounding as one."""
    words = re.sub(r"[─-]{3,}", " ", text).split()
    words = [re.sub(r"-?\d\.\de-(1[5-9]|[2-9]\d)", "tiny", word) for word in words]
    return [
        re.sub(r"\d+\.\d{9,}(e-?\d+)?", lambda match: f"{float(match[0]):.11g}", word)
        for word in words
    ]
