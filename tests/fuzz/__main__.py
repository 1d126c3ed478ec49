"""Run the fuzzers: what is found is printed, one line an input, and makes the exit status 1."""

from __future__ import annotations

import argparse
import os
import resource
import sys
import time
from collections.abc import Callable, Iterable
from importlib.util import find_spec
from typing import Any

from tests.fuzz import check, inputs

#: Memory that a text of ordinary length may take, in MiB.
MEMORY = 512


def main() -> None:
    """Read the options and run what they ask for."""
    parser = argparse.ArgumentParser(prog="python -m tests.fuzz", description=__doc__)
    parser.add_argument("--texts", type=int, default=600_000, help="grammar-shaped and mutated")
    parser.add_argument("--guided", type=int, default=400_000, help="guided by coverage (atheris)")
    parser.add_argument("--commands", type=int, default=9_000, help="command lines in one process")
    parser.add_argument("--processes", type=int, default=1_000, help="command lines as processes")
    parser.add_argument("--seed", type=int, default=1)
    wanted = parser.parse_args()
    os.environ["PYTHONPATH"] = os.pathsep.join((os.getcwd(), os.environ.get("PYTHONPATH", "")))
    faults = _run("texts", check.reading, inputs.texts(wanted.seed, wanted.texts))
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    print(f"texts: {peak} MiB at most")
    faults += peak > MEMORY
    with check.elsewhere():
        lines = inputs.command_lines(wanted.seed, wanted.commands)
        faults += _run("command lines", check.command, lines)
        lines = inputs.command_lines(wanted.seed + 1, wanted.processes)
        faults += _run("processes", check.process, lines)
    sys.stdout.flush()
    if wanted.guided and find_spec("atheris") is None:
        print("guided: atheris is not installed")
    elif wanted.guided:
        _guided(wanted.guided, faults)
    sys.exit(bool(faults))


def _run(name: str, judge: Callable[[Any], str], given: Iterable[Any]) -> int:
    """Judge every input; return how many faults were found."""
    start, count, faults = time.perf_counter(), 0, 0
    for one in given:
        count += 1
        problem = judge(one)
        if problem:
            faults += 1
            print(f"{name}: {one!r}: {problem}", flush=True)
    print(f"{name}: {count:,} in {time.perf_counter() - start:.0f} s, {faults} faults", flush=True)
    return faults


def _guided(count: int, faults: int) -> None:
    """Let atheris choose texts by the branches that they reach. It ends the process itself."""
    import atheris

    def one(data: bytes) -> None:
        problem = check.reading(data.decode("utf-8", "surrogateescape"))
        if problem:
            raise AssertionError(f"{data!r}: {problem}")

    atheris.instrument_all()
    atheris.Setup([sys.argv[0], f"-runs={count}", "-max_len=200", "-verbosity=0"], one)
    print(f"guided: {count:,} texts", flush=True)
    if faults:
        sys.exit(1)
    atheris.Fuzz()


if __name__ == "__main__":
    main()
