"""`python -m tests.cluster`: a large data set done by one process, by two, and with faults.

Prints rows a second, against one process and against pyarrow in the same two processes, which
reads and writes the same columns and computes nothing; the memory of the workers; and that each
fault costs no result. Exits 1 where a result is another. Needs the extra `dask`.
"""

from __future__ import annotations

import argparse
import contextlib
import shutil
import signal
import statistics
import sys
import time
from pathlib import Path
from tempfile import mkdtemp
from typing import Any

from tests.cluster import trials
from tests.cluster.copying import copied

#: What a run of two processes may take of the time of copying alone, without their start.
MOST = 1.5


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.cluster", description=__doc__)
    parser.add_argument("--files", type=int, default=200, metavar="N")
    parser.add_argument("--rows", type=int, default=250_000, metavar="N", help="of each file")
    parser.add_argument("--times", type=int, default=3, metavar="N", help="each is measured")
    parser.add_argument("--folder", type=Path, help="where to work; elsewhere by default")
    return parser.parse_args()


class Trial:
    """A data set, and what one process makes of it."""

    def __init__(self, folder: Path, files: int, rows: int) -> None:
        self.folder, self.rows, self.wrong = folder, files * rows, 0
        trials.make(folder / "in", files, rows)
        status, out, err = trials.run(folder, "-o", "one/", "--no-sympy")
        assert (status, err) == (0, ""), err
        assert trials.rows_of(out) == self.rows
        self.expected = trials.digests(folder / "one")

    def compare(self, what: str, out: str, status: int, err: str) -> None:
        """Say whether a folder is what one process made, and take it away."""
        found = trials.digests(self.folder / out)
        same = status == 0 and found == self.expected
        self.wrong += not same
        print(f"{what}: {'byte for byte the same' if same else f'ANOTHER RESULT {status} {err}'}")
        shutil.rmtree(self.folder / out, ignore_errors=True)

    def resumed(self, what: str, out: str) -> None:
        """Go on with a run, and compare."""
        status, _, err = trials.run(self.folder, "-o", f"{out}/", "--resume", *trials.TWO)
        self.compare(what, out, status, err)


def speed(trial: Trial, times: int) -> None:
    """Measure one process, two, and copying by the same two."""
    found: dict[str, list[float]] = {}
    for _ in range(times):
        for name, words in (("one process", ("--no-sympy",)), ("two processes", trials.TWO)):
            began = time.perf_counter()
            status, _, err = trials.run(trial.folder, "-o", "timed/", *words)
            found.setdefault(name, []).append(time.perf_counter() - began)
            assert status == 0, err
            shutil.rmtree(trial.folder / "timed")
        work, copy = copied(trial.folder)
        found.setdefault("two processes, started already", []).append(work)
        found.setdefault("pyarrow alone in the same", []).append(copy)
    for name, seconds in found.items():
        middle = statistics.median(seconds)
        print(f"{name:32} {trial.rows / middle:12,.0f} rows a second  ({_listed(seconds)} s)")
    shares = [
        work / copy
        for work, copy in zip(
            found["two processes, started already"], found["pyarrow alone in the same"], strict=True
        )
    ]
    print(f"with derivatives against pyarrow alone: {_listed(shares)} (at most {MOST})")


def _listed(numbers: list[float]) -> str:
    return ", ".join(f"{number:.2f}" for number in sorted(numbers))


def memory(trial: Trial) -> None:
    """Watch the workers' memory."""
    process = trials.started(trial.folder, "-o", "watched/", *trials.TWO)
    seen: dict[int, list[float]] = {}
    while process.poll() is None:
        done = len(trials.whole(trial.folder, "watched"))
        for worker in trials.workers(process) if done else ():
            with contextlib.suppress(Exception):
                seen.setdefault(worker.pid, []).append(worker.memory_info().rss / 2**20)
        time.sleep(0.1)
    status, _, err = trials.ended(process)
    for pid, sizes in seen.items():
        third = max(1, len(sizes) // 3)
        print(
            f"worker {pid}: at most {max(sizes[:third]):.0f} MB in the first third of the time, "
            f"{max(sizes[third:-third] or sizes):.0f} in the second, {max(sizes[-third:]):.0f} then"
        )
    trial.compare("watched", "watched", status, err)


def faults(trial: Trial) -> None:
    """Kill a worker, interrupt, damage a file, fill a disk."""
    folder = trial.folder
    status, _, err = trials.killed(folder, "killed", *trials.TWO)
    trial.compare("a worker killed with SIGKILL", "killed", status, err)
    status, alive = trials.interrupted(folder, "stopped", *trials.TWO)
    print(f"Ctrl-C: status {status}, {len(alive)} workers left, "
          f"{len(trials.whole(folder, 'stopped'))} files whole")  # fmt: skip
    trial.resumed("interrupted, then gone on with", "stopped")
    path = sorted((folder / "in").iterdir())[1]
    kept = path.stat()
    was = trials.damaged(path)
    status, _, err = trials.run(folder, "-o", "damaged/", *trials.TWO)
    print(f"a file damaged: status {status}, {err.splitlines()[0]}")
    trials.restored(path, was, kept)
    trial.resumed("damaged, then gone on with", "damaged")
    _full_disk(trial)


def _full_disk(trial: Trial) -> None:
    """Let the results be on a small disk, which fills; then on a larger one."""
    disk = trial.folder / "disk"
    size = sum(path.stat().st_size for path in (trial.folder / "one").rglob("*")) >> 20
    for place in trials.small_disk(disk, size // 2):
        status, _, err = trials.run(trial.folder, "-o", f"{place}/full/", *trials.TWO)
        print(f"a disk that fills: status {status}, {err.splitlines()[0]}")
        trials.grown(place, 3 * size)
        status, _, err = trials.run(trial.folder, "-o", f"{place}/full/", "--resume", *trials.TWO)
        trial.compare("filled, then gone on with", "disk/full", status, err)
        return
    print("a disk that fills: no small disk can be mounted here")


def main() -> int:
    """Try all."""
    if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:  # as of what a script leaves running
        signal.signal(signal.SIGINT, signal.default_int_handler)
    given: Any = arguments()
    folder = given.folder or Path(mkdtemp(prefix="autodiff-cluster-"))
    try:
        trial = Trial(folder, given.files, given.rows)
        print(f"{given.files} files of {given.rows:,} rows, {trials.FORMULA}")
        speed(trial, given.times)
        memory(trial)
        faults(trial)
    finally:
        shutil.rmtree(folder)
    return 1 if trial.wrong else 0


if __name__ == "__main__":
    sys.exit(main())
