"""What must hold for any input; what does not is told in one line."""

from __future__ import annotations

import contextlib
import io
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from unittest import mock

from autodiff_cli import AutodiffError, parse
from autodiff_cli.cli.dispatch import run
from autodiff_cli.graph.graph import Graph
from autodiff_cli.graph.printer import LATEX, expression
from tests.work import HANG

Clock = Callable[[], float]

#: CPU seconds of ours that any input may take, and of a process that starts anew; SymPy's are
#: its own.
SECONDS, STARTED = 2.0, 4.0
STATUSES = {0, 1, 2, 3, 130}
FAULTS = ("Traceback (most recent call last)", "program failed")


def reading(text: str, clock: Clock = time.process_time) -> str:
    """Read a text; return what is wrong with how it went, or ""."""
    start = clock()
    try:
        graph = parse(text)
    except AutodiffError as error:
        problem = "" if str(error).strip() else "an error without words"
    except Exception as error:
        problem = f"{type(error).__name__}: {error}"
    else:
        problem = _printed(graph)
    return problem or _late(clock() - start, SECONDS)


def _printed(graph: Graph) -> str:
    try:
        again = parse(str(graph))
        if again != graph or sorted(again.names.values()) != sorted(graph.names.values()):
            return f"prints as {graph}, another formula"
        latex = expression(graph, graph.outputs[0], LATEX, {})
        return "" if _same(latex, graph) else f"is {latex} in LaTeX, another formula"
    except AutodiffError as error:
        return f"prints as {graph}, which is refused: {error}"


def _same(latex: str, graph: Graph) -> bool:
    """Tell whether LaTeX reads as the graph of a formula; of a long one it is not asked."""
    if len(latex) > 2000 or len(graph.outputs) > 1 or graph.names or graph.titles:
        return True
    again = parse(f"${latex}$", variables=graph.variables)
    return again.operations == graph.operations and set(again.variables) == set(graph.variables)


def command(words: list[str], clock: Clock = time.process_time) -> str:
    """Run a command line in this process; return what is wrong with how it went, or ""."""
    streams = [io.TextIOWrapper(io.BytesIO(), encoding="utf-8") for _ in range(2)]
    start = clock()
    try:
        with (
            contextlib.redirect_stdout(streams[0]),
            contextlib.redirect_stderr(streams[1]),
            mock.patch("sys.stdin", io.StringIO("x^2")),
            mock.patch.dict(os.environ, {"COLUMNS": "80"}),
        ):
            status = run([word for word in words if word != "--debug"])
    except BaseException as error:
        return f"{type(error).__name__}: {error}"
    for stream in streams:
        stream.flush()
    printed = [stream.buffer.getvalue().decode("utf-8", "replace") for stream in streams]  # type: ignore[attr-defined]
    return _judged(status, *printed) or _late(clock() - start, SECONDS)


def process(words: list[str]) -> str:
    """Run a command line as a process; return what is wrong with how it went, or ""."""
    start = _children()
    try:
        done = subprocess.run(
            [sys.executable, "-m", "autodiff_cli", *_passable(words)],
            input=b"x^2", capture_output=True, timeout=HANG, check=False,
            env={**os.environ, "COLUMNS": "80"},
        )  # fmt: skip
    except (subprocess.TimeoutExpired, UnicodeEncodeError) as error:
        return "" if isinstance(error, UnicodeEncodeError) else f"took over {HANG} s"
    printed = (stream.decode("utf-8", "replace") for stream in (done.stdout, done.stderr))
    return _judged(done.returncode, *printed) or _late(_children() - start, STARTED)


def _children() -> float:
    """Return the CPU seconds of the processes that have ended so far."""
    spent = os.times()
    return spent.children_user + spent.children_system


def _passable(words: list[str]) -> list[str]:
    """Return the words without what no shell passes on, and without what asks for a traceback."""
    return [word.replace("\0", "") for word in words if word != "--debug"]


def _late(spent: float, most: float) -> str:
    return f"took {spent:.1f} s" if spent > most else ""


def _judged(status: int, out: str, err: str) -> str:
    if status not in STATUSES:
        return f"exit status {status}"
    for fault in FAULTS:
        if fault in err + out:
            return err.strip()[-300:]
    if status in (1, 2) and not err.strip():
        return f"exit status {status} without a word"
    if "\x1b" in out + err:
        return "sends an escape to the terminal"
    return ""


@contextlib.contextmanager
def elsewhere() -> Iterator[None]:
    """Work in an empty folder: command lines may write files."""
    before = os.getcwd()
    with tempfile.TemporaryDirectory() as folder:
        os.chdir(folder)
        try:
            yield
        finally:
            os.chdir(before)
