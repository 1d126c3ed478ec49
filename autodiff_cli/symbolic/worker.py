"""The SymPy process: one question a line of JSON in, one answer a line out, until the pipe ends.

It may be killed at any moment and caps its own memory and time, so it cannot outlive its parent.
"""

from __future__ import annotations

import gc
import json
import os
import sys
import threading
from typing import Any

#: Memory that SymPy may take on top of what the process starts with.
MEMORY = 2 << 30

#: SymPy recurses: deep formulas need frames, and frames need stack.
STACK = 256 << 20
FRAMES = 20_000

#: Seconds after which a process that loads SymPy, or answers past its budget, ends by itself.
LOAD_SECONDS = 30.0
GRACE = 1.0


def main() -> None:
    """Serve stdin and stdout: the entry point of a spawned process."""
    import signal

    signal.signal(signal.SIGINT, signal.SIG_IGN)
    serve(0, 1)


def serve(reader: int, writer: int) -> None:
    """Answer every line from `reader` on `writer`, then end the process.

    Args:
        reader: file descriptor of a pipe; its end ends the process.
        writer: file descriptor of a pipe.
    """
    _expire(LOAD_SECONDS)
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
                _write(writer, {"reason": f"SymPy cannot be loaded: {failure}"})
        return
    gc.freeze()
    gc.enable()
    _expire(0)
    _write(writer, {"ready": True})
    with os.fdopen(reader, "rb") as lines:
        for line in lines:
            request = json.loads(line)
            _expire(request["seconds"] + GRACE)
            try:
                result = answers.answer(request)
            except BaseException as error:
                result = {"reason": reason(error)}
            _expire(0)
            _write(writer, result)


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


def _expire(seconds: float) -> None:
    """End this process after so many seconds, whatever it does then; 0 calls that off."""
    import signal

    if hasattr(signal, "setitimer"):
        signal.setitimer(signal.ITIMER_REAL, seconds)  # SIGALRM ends the process by default


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
