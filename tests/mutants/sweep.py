"""Runs the tests of a module on mutants of it, each in a process forked from one that is warm.

A mutant lives in a copy of the project, so that tests which start the program see it too.
"""

from __future__ import annotations

import gc
import os
import re
import resource
import shutil
import signal
import sys
import time
import traceback
import zlib
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor, as_completed
from contextlib import suppress
from importlib import import_module
from multiprocessing import get_context
from pathlib import Path
from tempfile import TemporaryDirectory, mkdtemp
from typing import NamedTuple

from tests.mutants.covering import SLOW, tests_of
from tests.mutants.mutate import Mutation

#: The project, what of it the tests need, and the package.
ROOT = Path(__file__).resolve().parents[2]
COPIED = ("autodiff_cli", "tests", "samples", "README.md", "pyproject.toml")
PACKAGE = ROOT / "autodiff_cli"

#: Bytes that a mutant may ask for, and seconds that it may take beside four times the usual ones.
MEMORY = 8 << 30
PATIENCE = 20.0

#: Imported before the fork, because it takes longer than most tests; the package is not.
WARM = ("numpy", "sympy", "hypothesis", "rich.table")
OPTIONS = (
    "-x", "-q", "--tb=no", "-o", "addopts=", "-p", "no:xdist", "-p", "no:cacheprovider",
    "-W", "ignore::pytest.PytestAssertRewriteWarning",
    "-k", " and ".join(f"not {name}" for name in SLOW),
)  # fmt: skip


class Outcome(NamedTuple):
    """What the tests say of a mutant: the one that failed, "time" or "import"; "" if all pass."""

    killed_by: str
    seconds: float


def judge(
    mutants: Iterable[Mutation],
    workers: int,
    tests: Callable[[str], tuple[str, ...]] = tests_of,
) -> Iterator[tuple[Mutation, Outcome]]:
    """Yield each mutant with its outcome, as they come.

    Args:
        mutants: what to try.
        workers: how many at a time.
        tests: a module's path → its test files, the first to be asked first.

    Raises:
        RuntimeError: the tests fail without a mutation.
    """
    chosen = list(mutants)
    files = sorted({test for one in chosen for test in tests(one.file)})
    _warm_up()
    context = get_context("fork")
    with (
        TemporaryDirectory() as folder,
        ProcessPoolExecutor(workers, context, _settle, (folder,)) as pool,
    ):
        usual = dict(zip(files, pool.map(_sound, files), strict=True))
        waiting = {}
        for one in chosen:
            asked = tests(one.file)
            limit = PATIENCE + 4 * sum(usual[test] for test in asked)
            waiting[pool.submit(_tried, one, asked, limit)] = one
        for done in as_completed(waiting):
            yield waiting[done], done.result()


def _warm_up() -> None:
    """Import what no mutant changes; the same examples for all, and none made smaller."""
    for name in WARM:
        import_module(name)
    from hypothesis import Phase, settings

    phases = (Phase.explicit, Phase.generate)
    settings.register_profile("mutants", derandomize=True, deadline=None, phases=phases)
    settings.load_profile("mutants")
    gc.freeze()  # no child need look through what was imported here


def _settle(folder: str) -> None:
    """Copy the project for one worker to change."""
    home = Path(mkdtemp(dir=folder))
    for name in COPIED:
        if (ROOT / name).is_dir():
            shutil.copytree(ROOT / name, home / name)
        else:
            shutil.copy2(ROOT / name, home)
    os.chdir(home)


def _sound(test: str) -> float:
    """Return how long tests take that pass without a mutation."""
    outcome = _run((test,), 600)
    if outcome.killed_by:
        raise RuntimeError(f"without a mutation {test} fails:\n{_log()[-2000:]}")
    return outcome.seconds


def _tried(mutant: Mutation, asked: tuple[str, ...], limit: float) -> Outcome:
    """Return what the tests say of one mutant."""
    path, original = Path("autodiff_cli", mutant.file), PACKAGE / mutant.file
    changed = mutant.apply(original.read_bytes())
    path.write_bytes(changed)
    os.utime(path, (zlib.crc32(changed),) * 2)  # bytecode of another mutant has another time
    try:
        return _run(asked, limit)
    finally:
        shutil.copy2(original, path)


def _run(files: tuple[str, ...], limit: float) -> Outcome:
    """Run tests in a child, and end it and all that it started."""
    start = time.perf_counter()
    child = os.fork()
    if not child:
        _test(files)
    ended, status = 0, 0
    while not ended and time.perf_counter() - start < limit:
        ended, status = os.waitpid(child, os.WNOHANG)
        time.sleep(0.02)
    with suppress(ProcessLookupError):
        os.killpg(child, signal.SIGKILL)
    seconds = time.perf_counter() - start
    if not ended:
        os.waitpid(child, 0)
        return Outcome("time", seconds)
    failed = re.search(r"^(?:FAILED|ERROR) (?:tests/)?(.*?)(?: - .*)?$", _log(), re.MULTILINE)
    return Outcome("" if status == 0 else failed[1] if failed else "import", seconds)


def _log() -> str:
    return Path("log").read_text("utf-8", "replace")


def _test(files: tuple[str, ...]) -> None:
    """Run tests in this process, as if nothing of the project had been imported, and end it."""
    import pytest

    status = 1
    try:
        os.setsid()
        resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
        log = os.open("log", os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
        for stream in (1, 2):
            os.dup2(log, stream)
        os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
        for name in list(sys.modules):
            if name.partition(".")[0] in ("tests", "autodiff_cli"):
                del sys.modules[name]
        home = os.environ["PYTHONPATH"] = os.getcwd()
        sys.path[:] = [home, *(place for place in sys.path if Path(place).resolve() != ROOT)]
        status = pytest.main([*OPTIONS, *(f"tests/{name}" for name in files)])
    except BaseException:
        traceback.print_exc()
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(int(status))
