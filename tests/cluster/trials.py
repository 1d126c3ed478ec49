"""A data set of many files, and what is done to a run on it: killed, out of disk, damaged."""

from __future__ import annotations

import hashlib
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from tests.work import HANG

ROOT = Path(__file__).parent.parent.parent
#: The options of a run by two processes.
TWO = ("--workers", "2", "--no-sympy")
FORMULA = "exp(-x^2)*sin(3x*y) + ln(1+x^2)/(1+exp(-y))"


def make(folder: Path, files: int, rows: int) -> Path:
    """Write a data set of Parquet files, each with columns x and y; the same at every call."""
    import numpy
    import pyarrow
    import pyarrow.parquet

    folder.mkdir(parents=True, exist_ok=True)
    random = numpy.random.default_rng(0)
    for number in range(files):
        columns = {name: random.normal(size=rows) for name in "xy"}
        table = pyarrow.table(columns)
        pyarrow.parquet.write_table(table, folder / f"{number:04}.parquet", use_dictionary=False)
    return folder


def started(folder: Path, *words: str, **popen: Any) -> subprocess.Popen[str]:
    """Start `autodiff grad` on the data in `in`, in its folder."""
    line = [sys.executable, "-m", "autodiff_cli", "grad", FORMULA, "--data", "in", *words]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    return subprocess.Popen(
        line, cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        env=environment, start_new_session=True, **popen,
    )  # fmt: skip


def ended(process: subprocess.Popen[str]) -> tuple[int, str, str]:
    """Return the status, the output and the errors of a run."""
    out, err = process.communicate(timeout=20 * HANG)
    return process.returncode, out, err


def run(folder: Path, *words: str, **popen: Any) -> tuple[int, str, str]:
    """Run `autodiff grad` to its end."""
    return ended(started(folder, *words, **popen))


def digests(folder: Path) -> dict[str, str]:
    """Return each file below a folder, with what its bytes are."""
    return {
        str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def workers(process: subprocess.Popen[str]) -> list[Any]:
    """Return the worker processes that a run has started."""
    import psutil

    children = psutil.Process(process.pid).children(recursive=True)
    return [child for child in children if "spawn_main" in " ".join(_line(child))]


def _line(process: Any) -> list[str]:
    import psutil

    try:
        found: list[str] = process.cmdline()
    except psutil.Error:
        return []
    return found


def whole(folder: Path, out: str) -> list[Path]:
    """Return the files that a run which is not finished has done."""
    return [*(folder / f".autodiff-{out}" / "results").rglob("*.parquet")]


def when(process: subprocess.Popen[str], done: Callable[[], bool]) -> None:
    """Wait until something holds, while a run goes on."""
    while not done():
        if process.poll() is not None:
            raise AssertionError(process.communicate())
        time.sleep(0.02)


def killed(folder: Path, out: str, *words: str) -> tuple[int, str, str]:
    """Kill a worker in the middle of a run, and return how the run ended."""
    process = started(folder, "-o", f"{out}/", *words)
    when(process, lambda: len(whole(folder, out)) >= 2)
    workers(process)[0].send_signal(signal.SIGKILL)
    return ended(process)


def interrupted(folder: Path, out: str, *words: str) -> tuple[int, list[Any]]:
    """Interrupt a run and its workers, as Ctrl-C does; return the status, and who still lives."""
    process = started(folder, "-o", f"{out}/", *words)
    when(process, lambda: len(whole(folder, out)) >= 2)
    others = workers(process)
    os.killpg(process.pid, signal.SIGINT)
    status, _, err = ended(process)
    assert "--resume goes on" in err, err
    return status, [one for one in others if one.is_running()]


def damaged(path: Path) -> bytes:
    """Cut a file short, and return what it was."""
    was = path.read_bytes()
    path.write_bytes(was[: len(was) // 2])
    return was


def small_disk(folder: Path, megabytes: int) -> Iterator[Path]:
    """Mount a small disk, where that is allowed, and take it away afterwards."""
    folder.mkdir(parents=True, exist_ok=True)
    line = ["mount", "-t", "tmpfs", "-o", f"size={megabytes}m", "tmpfs", str(folder)]
    try:
        done = subprocess.run(line, capture_output=True, check=False).returncode == 0
    except OSError:
        done = False
    if not done:
        return
    try:
        yield folder
    finally:
        subprocess.run(["umount", str(folder)], check=True)


def limited(size: int) -> Callable[[], None]:
    """Return what lets a process write no file longer than a size."""

    def limit() -> None:
        import resource

        resource.setrlimit(resource.RLIMIT_FSIZE, (size, size))

    return limit


def rows_of(out: str) -> int:
    """Return how many rows an answer says there are."""
    found = re.search(r"files? with ([\d,]+) rows", out)
    assert found is not None, out
    return int(found[1].replace(",", ""))


def restored(path: Path, was: bytes, kept: os.stat_result) -> None:
    """Write a file as it was, and when."""
    path.write_bytes(was)
    os.utime(path, ns=(kept.st_atime_ns, kept.st_mtime_ns))


def grown(folder: Path, megabytes: int) -> None:
    """Make a small disk larger."""
    line = ["mount", "-o", f"remount,size={megabytes}m", str(folder)]
    subprocess.run(line, check=True)
