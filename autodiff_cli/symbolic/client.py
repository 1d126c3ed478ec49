"""The parent's end of the SymPy process: start it, ask it, and never wait longer than promised.

Imports stay light: the process is started before anything else is loaded, and loads SymPy on
another core meanwhile. It holds nothing of value, so it is killed rather than talked to. Its
budgets are CPU time, which the system counts: a busy machine costs nobody an answer.
"""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Callable
from itertools import pairwise
from typing import Any

from autodiff_cli.limits import SYMPY_LOAD_SECONDS

#: How long the wall's clock may run for a CPU second, and at least: only a process that hangs, or
#: a machine that is loaded twenty times over, meets that.
SLOWEST, LEAST = 20.0, 60.0

#: The longest budget that is kept, two weeks: the system's timers do not count much further.
MOST = 1e6

#: Seconds after which whoever asks is told that SymPy is slow to come, and can say so.
PATIENCE = 0.5

_CHUNK = 1 << 16


class Client:
    """A SymPy process, started once and again after it was killed.

    Use as a context manager, or call `close()`. Nothing is started before `start()` or `ask()`.

    Args:
        clock: seconds of the wall's clock.

    Attributes:
        waiting: called once, if the next answer is slow to come; None where nobody wants to know.
        spent: CPU seconds that questions have taken so far, loading SymPy aside.
        simplify: whether derivatives are asked for in a shorter form too: "off", "auto", or
            "full", by all of SymPy's means.
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self.waiting: Callable[[], None] | None = None
        self.spent = 0.0
        self.simplify = "off"
        self._clock = clock
        self._pid = 0
        self._process: Any = None  # the Popen, where there was no fork
        self._reader = self._writer = -1
        self._ready = False
        self._received = b""

    def __enter__(self) -> Client:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def start(self) -> None:
        """Start the process if it does not run. Forks where that is safe, else spawns.

        A fork is safe, and fast, while this process has one thread: call it before other imports.
        """
        if self._reader >= 0:
            return
        self._ready, self._received = False, b""
        if _may_fork():
            self._fork()
        else:
            self._spawn()

    def _fork(self) -> None:
        ends: list[int] = []
        try:
            ends += os.pipe()
            ends += os.pipe()
            pid = os.fork()
        except OSError:  # too many open files, or processes: SymPy is not there, and that is all
            for end in ends:
                os.close(end)
            raise
        child_in, self._writer, self._reader, child_out = ends
        self._pid = pid
        if pid == 0:
            try:
                _detach(child_in, child_out)
                from autodiff_cli.symbolic import worker

                worker.serve(child_in, child_out)
            finally:
                os._exit(1)
        os.close(child_in)
        os.close(child_out)

    def _spawn(self) -> None:
        import subprocess
        import weakref

        root = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
        path = os.pathsep.join(filter(None, (root, os.environ.get("PYTHONPATH", ""))))
        self._process = subprocess.Popen(
            [sys.executable, "-P", "-m", "autodiff_cli.symbolic.worker"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env={**os.environ, "PYTHONPATH": path},
        )
        weakref.finalize(self, _end, self._process)  # of a client that nobody closed
        self._pid = self._process.pid
        self._writer = os.dup(self._process.stdin.fileno())
        self._reader = os.dup(self._process.stdout.fileno())
        self._process.stdin.close()
        self._process.stdout.close()

    def ask(self, request: dict[str, Any], seconds: float) -> dict[str, Any]:
        """Send one question and return the answer, or `{"reason": …}` where there is none.

        Args:
            request: what `worker.answer` understands; JSON.
            seconds: budget of CPU time, counted from when SymPy is loaded. Past it the system
                ends the process.
        """
        import json

        seconds = min(seconds, MOST)
        payload = json.dumps({**request, "seconds": seconds}).encode() + b"\n"
        try:
            self.start()
            exchange = self._exchange if os.name == "posix" else self._exchange_in_thread
            line = exchange(payload, seconds)
        except OSError as error:
            self.close()
            return {"reason": f"the SymPy process cannot be used ({error.strerror or error})"}
        finally:
            self.waiting = None
        if line:
            answer: dict[str, Any] = json.loads(line)
            self.spent += answer.pop("spent")
            return answer
        loaded = self._ready
        code = self.close()
        if line is not None and not _exhausted(code):
            return {"reason": f"the SymPy process ended{_ended(code)}"}
        if not loaded:
            return {"reason": f"SymPy did not load within {SYMPY_LOAD_SECONDS:g} s"}
        self.spent += seconds
        return {"reason": f"it takes more than {seconds:g} s"}

    def _exchange(self, payload: bytes, seconds: float) -> bytes | None:
        """Write the question, read the answer: b"" when the process died, None where it hangs."""
        import select

        os.set_blocking(self._writer, False)
        left = memoryview(payload)
        deadline = self._clock() + _longest(seconds if self._ready else SYMPY_LOAD_SECONDS)
        impatient = self._clock() + PATIENCE
        while True:
            line = self._line()
            if line is not None and not self._ready:
                self._ready = True
                deadline = self._clock() + _longest(seconds)
                continue
            if line is not None:
                return line
            remaining = max(0.0, deadline - self._clock())
            if self.waiting is not None:
                if self._clock() >= impatient:
                    self._tell()
                else:
                    remaining = min(remaining, max(0.0, impatient - self._clock()))
            writers = [self._writer] if left else []
            readable, writable, _ = select.select([self._reader], writers, [], remaining)
            if not readable and not writable and self._clock() >= deadline:
                return None
            if writable:
                try:
                    left = left[os.write(self._writer, left[:_CHUNK]) :]
                except BrokenPipeError:
                    return b""
            if readable:
                chunk = os.read(self._reader, _CHUNK)
                if not chunk:
                    return b""
                self._received += chunk

    def _tell(self) -> None:
        waiting, self.waiting = self.waiting, None
        if waiting is not None:
            waiting()

    def _line(self) -> bytes | None:
        """Return the next whole line that has arrived."""
        line, newline, rest = self._received.partition(b"\n")
        if not newline:
            return None
        self._received = rest
        return line

    def _exchange_in_thread(self, payload: bytes, seconds: float) -> bytes | None:
        """Do what `_exchange` does where pipes cannot be polled: a thread blocks in our place."""
        import queue
        import threading

        lines: queue.SimpleQueue[bytes] = queue.SimpleQueue()
        reader, writer, wanted = self._reader, self._writer, 1 if self._ready else 2

        def converse() -> None:
            received = b""
            try:
                left = payload
                while left:
                    left = left[os.write(writer, left) :]
                for _ in range(wanted):
                    while b"\n" not in received:
                        chunk = os.read(reader, _CHUNK)
                        received += chunk or b"\n"
                    line, _, received = received.partition(b"\n")
                    lines.put(line)
            except OSError:
                lines.put(b"")

        def arrived(timeout: float) -> bytes:
            try:
                return lines.get(timeout=min(PATIENCE, timeout))
            except queue.Empty:
                self._tell()
                return lines.get(timeout=max(0.0, timeout - PATIENCE))

        threading.Thread(target=converse, daemon=True).start()
        try:
            if not self._ready:
                self._ready = bool(arrived(_longest(SYMPY_LOAD_SECONDS)))
                if not self._ready:
                    return b""
            return arrived(_longest(seconds))
        except queue.Empty:
            return None

    def close(self) -> int | None:
        """Kill the process if it runs; return its exit code, -9 for signal 9, None before any."""
        if self._reader < 0:
            return None
        if self._process is not None:
            _end(self._process)
            code: int = self._process.returncode
            self._process = None
        else:
            code = _reap(self._pid)
        os.close(self._reader)
        os.close(self._writer)
        self._reader = self._writer = -1
        self._pid, self._ready = 0, False
        return code


def _may_fork() -> bool:
    """Tell whether there is fork and one thread: a lock held by another would stay locked."""
    if not hasattr(os, "fork"):
        return False
    import _thread

    try:
        threads = len(os.listdir("/proc/self/task"))
    except OSError:
        threads = 1
    return threads == 1 and _thread._count() == 0


def _detach(child_in: int, child_out: int) -> None:
    """Let go of everything of the parent's but two pipes, and leave Ctrl-C to the parent."""
    import signal

    signal.signal(signal.SIGINT, signal.SIG_IGN)
    null = os.open(os.devnull, os.O_RDWR)
    for standard in (0, 1, 2):
        if standard not in (child_in, child_out):
            os.dup2(null, standard)
    low, high = sorted((child_in, child_out))
    kept = (2, low, high, os.sysconf("SC_OPEN_MAX"))
    for before, after in pairwise(kept):
        first = max(before + 1, 3)
        if first < after:  # of an empty range that ends at 0, Python 3.11 closes all there are
            os.closerange(first, after)


def _reap(pid: int) -> int:
    """Kill a forked child, if it runs, and collect it."""
    import signal

    done, status = os.waitpid(pid, os.WNOHANG)
    if not done:
        os.kill(pid, signal.SIGKILL)
        _, status = os.waitpid(pid, 0)
    return os.waitstatus_to_exitcode(status)


def _end(process: Any) -> None:
    """Kill a process that was started by itself, and wait for its end."""
    process.kill()
    process.wait()


def _ended(code: int | None) -> str:
    if code is None:
        return ""
    return f" (signal {-code})" if code < 0 else f" (exit {code})"


def _exhausted(code: int | None) -> bool:
    """Tell whether a process ended because its CPU time was spent."""
    import signal

    return code is not None and hasattr(signal, "SIGPROF") and -code == signal.SIGPROF


def _longest(seconds: float) -> float:
    """Return how long to wait for a process that may use so many CPU seconds.

    Where the system does not count them for a process (Windows), the wall's clock does.
    """
    import signal

    return max(LEAST, SLOWEST * seconds) if hasattr(signal, "ITIMER_PROF") else seconds
