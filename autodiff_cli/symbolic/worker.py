"""The SymPy process: one question a line of JSON in, one answer a line out, until the pipe ends.

It may be killed at any moment and caps its own memory and CPU time, so it cannot outlive its
parent. What it loads on the way is not counted: without bytecode that may take longer than SymPy.
"""

from __future__ import annotations

import gc
import json
import os
import signal
import sys
import threading
import time
from collections.abc import Sequence
from importlib.machinery import ModuleSpec, PathFinder
from types import ModuleType
from typing import Any

from autodiff_cli.limits import SYMPY_LOAD_SECONDS

#: Memory that SymPy may take on top of what the process starts with.
MEMORY = 2 << 30

#: SymPy recurses: deep formulas need frames, and frames need stack.
STACK = 256 << 20
FRAMES = 20_000


def main() -> None:
    """Serve stdin and stdout: the entry point of a spawned process."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    serve(0, 1)


def serve(reader: int, writer: int) -> None:
    """Answer every line from `reader` on `writer`, then end the process.

    Args:
        reader: file descriptor of a pipe; its end ends the process.
        writer: file descriptor of a pipe.
    """
    if hasattr(signal, "SIGPROF"):
        signal.signal(signal.SIGPROF, signal.SIG_DFL)  # a forked process has its parent's
    _allow(SYMPY_LOAD_SECONDS)
    _cap_memory()
    sys.setrecursionlimit(FRAMES)
    sys.set_int_max_str_digits(0)  # a literal may have as many digits as the language admits
    threading.stack_size(STACK)
    thread = threading.Thread(target=_loop, args=(reader, writer), daemon=True)
    thread.start()
    thread.join()
    os._exit(0)


def _loop(reader: int, writer: int) -> None:
    gc.disable()  # a third of the import would be spent collecting what never dies
    try:
        from autodiff_cli.symbolic import reply as answers
    except BaseException as error:
        _write(writer, {"ready": False})
        failure = reason(error)
        with os.fdopen(reader, "rb") as lines:
            for _ in lines:
                _write(writer, {"reason": f"SymPy cannot be loaded: {failure}", "spent": 0})
        return
    gc.freeze()
    gc.enable()
    loading = Uncounted()
    sys.meta_path.insert(sys.meta_path.index(PathFinder), loading)
    _allow(0)
    _write(writer, {"ready": True})
    with os.fdopen(reader, "rb") as lines:
        for line in lines:
            request = json.loads(line)
            begun = loading.clock()
            _allow(request["seconds"])
            try:
                result = answers.answer(request, loading.clock)
            except BaseException as error:
                result = {"reason": reason(error)}
            _allow(0)
            _write(writer, result | {"spent": loading.clock() - begun})


def reason(error: BaseException) -> str:
    """Return why there is no answer, as a phrase."""
    if isinstance(error, RecursionError):
        return "SymPy nests too deep on it"
    if isinstance(error, MemoryError | OverflowError):
        return "SymPy runs out of memory on it"
    first = str(error).partition("\n")[0][:120]
    return f"SymPy fails on it ({type(error).__name__}{': ' if first else ''}{first})"


def _write(writer: int, result: dict[str, Any]) -> None:
    left = memoryview(json.dumps(result).encode() + b"\n")
    while left:
        left = left[os.write(writer, left) :]


def _allow(seconds: float) -> float:
    """Let the system end this process after so much CPU time from now; 0 calls that off.

    Returns:
        what was left of the time allowed before.
    """
    if not hasattr(signal, "setitimer"):
        return 0.0
    left, _ = signal.setitimer(signal.ITIMER_PROF, seconds)  # SIGPROF ends a process by default
    return left


class Uncounted:
    """Finds modules as Python does, and stops the clock of a question while they are loaded."""

    def __init__(self) -> None:
        self._seconds = 0.0  # that loading took
        self._depth = 0  # a module loads others
        self._left = self._begun = 0.0

    def clock(self) -> float:
        """Return the CPU seconds of this process, loading aside."""
        return time.process_time() - self._seconds

    def find_spec(
        self, name: str, path: Sequence[str] | None = None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        """Return where a module is, as the protocol of `sys.meta_path` has it."""
        spec = PathFinder.find_spec(name, path, target)
        if spec is None or spec.loader is None:
            return None
        loader: Any = spec.loader
        execute = loader.exec_module

        def exec_module(module: ModuleType) -> None:
            self._begin()
            try:
                execute(module)
            finally:
                self._end()

        loader.exec_module = exec_module
        return spec

    def _begin(self) -> None:
        self._depth += 1
        if self._depth == 1:
            self._left = _allow(SYMPY_LOAD_SECONDS)
            self._begun = time.process_time()

    def _end(self) -> None:
        self._depth -= 1
        if self._depth == 0:
            self._seconds += time.process_time() - self._begun
            _allow(self._left)


def _cap_memory() -> None:
    try:
        import resource

        with open("/proc/self/statm", encoding="ascii") as file:
            present = int(file.read().split()[0]) * resource.getpagesize()
        _, hard = resource.getrlimit(resource.RLIMIT_AS)
        most = present + STACK + MEMORY
        if hard == resource.RLIM_INFINITY or most < hard:
            resource.setrlimit(resource.RLIMIT_AS, (most, hard))
    except (ImportError, OSError, ValueError):
        return  # no such limit on this system: the budget in seconds holds


if __name__ == "__main__":
    main()
