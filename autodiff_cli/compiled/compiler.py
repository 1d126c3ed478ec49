"""The C compiler of this machine: which it is, what it is asked, and when it takes too long."""

from __future__ import annotations

import os
import platform
import shlex
import shutil
from collections.abc import Sequence
from ctypes import CDLL
from functools import cache
from typing import NamedTuple

from autodiff_cli.compiled.unit import CALLED
from autodiff_cli.limits import C_SECONDS

#: `-ffast-math` is not among them, nor what it implies for numbers: nan, infinities and signed
#: zeros are the table's. A product and a sum in one rounding (`-ffp-contract`) would leave a
#: remainder where x*y - x*y is 0. Functions are no built-in ones: a compiler merges sine and cosine
#: into a call that has no form for vectors, and computes constants in its own way.
FLAGS = (
    "-O2", "-ftree-vectorize", "-march=native", "-fPIC", "-shared", "-w",
    "-fno-math-errno", "-fno-trapping-math", "-ffp-contract=off",
    *dict.fromkeys(f"-fno-builtin-{name}" for name, _ in CALLED.values()),
)  # fmt: skip

#: Where `CC` names none.
USUAL = ("cc", "gcc", "clang")

#: Characters of a compiler's complaint that are shown.
SHOWN = 120


class Uncompiled(Exception):
    """There is no compiled C, and why: a phrase for a note."""


class NoCompiler(Uncompiled):
    """There is nothing here that compiles C."""


class Compiler(NamedTuple):
    """A compiler.

    Attributes:
        command: the program, by its whole path, and what the user adds to it.
        identity: what of it and of the processor decides the code that it makes.
    """

    command: tuple[str, ...]
    identity: str


def find() -> Compiler:
    """Return the compiler that `CC` names, or the first of the usual ones.

    Raises:
        NoCompiler: there is none.
    """
    if platform.system() == "Windows":
        raise NoCompiler("C is not compiled on Windows")
    try:
        named = shlex.split(os.environ.get("CC", ""))
    except ValueError:
        raise NoCompiler("CC in the environment is no command") from None
    for program, *more in [named] if named else [[usual] for usual in USUAL]:
        path = shutil.which(program)
        if path is not None and os.path.isabs(path):
            made = os.stat(path)
            parts = [os.path.realpath(path), made.st_size, made.st_mtime_ns, _processor()]
            return Compiler((path, *more), " ".join(map(str, parts)))
    if named:
        raise NoCompiler(f"the C compiler that CC names, {named[0]}, is not found")
    raise NoCompiler("there is no C compiler here: install gcc or clang, or name one in CC")


@cache
def _processor() -> str:
    """Return what the processor can do: code for one may not run on another."""
    try:
        with open("/proc/cpuinfo", encoding="utf-8") as file:
            told = [line for line in file if line.startswith(("flags", "Features", "model name"))]
    except OSError:
        told = []
    return " ".join([platform.machine(), platform.processor(), *dict.fromkeys(told)])


@cache
def vectors() -> frozenset[str]:
    """Return the functions that glibc has for vectors: each is within 4 ulp of the one of floats.

    gcc calls them by itself where a prototype says so; libm brings their library along. The cube
    root is left out: it is 4 ulp off almost everywhere, and its slope then twice as far.
    """
    if platform.system() != "Linux" or platform.machine() != "x86_64":
        return frozenset()
    try:
        library = CDLL("libmvec.so.1")
    except OSError:
        return frozenset()
    return frozenset(
        name
        for name, arity in CALLED.values()
        if name != "cbrt" and hasattr(library, f"_ZGVdN4{'v' * arity}_{name}")
    )


def build(compiler: Compiler, text: str, path: str) -> None:
    """Compile a text into a library.

    Args:
        compiler: from `find`.
        text: C.
        path: where the library goes.

    Raises:
        Uncompiled: the compiler fails, or takes too long.
    """
    command = [*compiler.command, *FLAGS, "-o", path, "-x", "c", "-", "-lm"]
    status, said = _run(command, text)
    if status:
        lines = [line for line in said.splitlines() if line.strip()]
        reason = f": {lines[0].strip()[:SHOWN]}" if lines else f" with status {status}"
        raise Uncompiled(f"the C compiler {compiler.command[0]} fails{reason}")


def _run(command: Sequence[str], text: str) -> tuple[int, str]:
    """Return the status of a command and what it says; one that hangs ends with all it started."""
    import signal
    import subprocess

    try:
        process = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE,
            start_new_session=True, text=True, errors="replace",
        )  # fmt: skip
    except OSError as error:
        raise Uncompiled(f"the C compiler {command[0]} does not start: {error.strerror}") from None
    try:
        _, said = process.communicate(text, timeout=C_SECONDS)
    except subprocess.TimeoutExpired:
        raise Uncompiled(
            f"the C compiler {command[0]} was stopped after {C_SECONDS:g} seconds"
        ) from None
    finally:
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()
        for pipe in (process.stdin, process.stderr):
            if pipe is not None and not pipe.closed:
                pipe.close()
    return process.returncode, said
