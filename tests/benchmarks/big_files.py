"""A million rows from file to file, beside reading and writing the same columns without work."""

from __future__ import annotations

import contextlib
import csv
import io
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from itertools import islice
from pathlib import Path
from typing import Any

import numpy as np

from autodiff_cli.cli.dispatch import run
from autodiff_cli.files.blockwise import BLOCK
from tests.benchmarks.measure import OURS, Row, measured, timed

FORMULA = "exp(-x^2)*sin(3x*y) + ln(1+x^2)/(1+exp(-y))"
ROWS = 1_000_000

#: The largest time that is accepted, in times that of the same library without work.
LIMIT = 1.5

#: Peak memory at ten times the rows, in times that at one.
FLAT = 1.1

#: Runs a command line in a process of its own and prints its peak memory in MB (Linux).
PEAK = """
import sys
from autodiff_cli.cli import run
status = run(sys.argv[1:])
with open("/proc/self/status") as stream:  # getrusage would count the parent's memory too
    print(next(line for line in stream if line.startswith("VmHWM")).split()[1], file=sys.stderr)
sys.exit(status)
"""


def blocks(count: int) -> Iterator[tuple[Any, Any]]:
    """Yield columns x and y of random numbers, a block at a time."""
    random = np.random.default_rng(1)
    for start in range(0, count, BLOCK):
        size = min(BLOCK, count - start)
        yield random.normal(size=size), random.normal(size=size)


def make_csv(path: Path, count: int) -> None:
    """Write a file to start from."""
    with path.open("w", encoding="utf-8", newline="") as stream:
        table = csv.writer(stream, lineterminator="\n")
        table.writerow("xy")
        for x, y in blocks(count):
            table.writerows(zip(x.tolist(), y.tolist(), strict=True))


def make_parquet(path: Path, count: int) -> None:
    """Write a file to start from."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    with pq.ParquetWriter(path, pa.schema([("x", pa.float64()), ("y", pa.float64())])) as file:
        for x, y in blocks(count):
            file.write_table(pa.table({"x": x, "y": y}))


def copy_csv(source: Path, target: Path) -> None:
    """Read two columns of numbers and write them and three more with Python's csv."""
    with (
        source.open(encoding="utf-8", newline="") as read,
        target.open("w", encoding="utf-8", newline="") as written,
    ):
        reader, table = csv.reader(read), csv.writer(written, lineterminator="\n")
        table.writerow([*next(reader), "f", "dx", "dy"])
        while rows := list(islice(reader, BLOCK)):
            x, y = ([float(row[k]) for row in rows] for k in range(2))
            # Numbers of all digits, as results are; what they are is no work of this program.
            table.writerows(zip(x, y, y, x, y, strict=True))


def copy_parquet(source: Path, target: Path) -> None:
    """Read two columns of numbers and write them and three more with pyarrow."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    schema = pa.schema([(name, pa.float64()) for name in ("x", "y", "f", "dx", "dy")])
    with pq.ParquetFile(source) as file, pq.ParquetWriter(target, schema) as written:
        for batch in file.iter_batches(BLOCK):
            x, y = batch.columns
            written.write_table(pa.table([x, y, y, x, y], schema=schema))


def answered(source: Path, target: Path) -> None:
    """Run the program in this process, its screen unseen."""
    with contextlib.redirect_stdout(io.StringIO()):
        status = run(["grad", FORMULA, "--data", str(source), "-o", str(target), "--no-sympy"])
    if status:
        raise RuntimeError(f"exit status {status}")


def peak(source: Path, target: Path) -> Callable[[], float]:
    """Return what measures the peak memory of a run in MB."""

    def megabytes() -> float:
        words = ("grad", FORMULA, "--data", str(source), "-o", str(target), "--no-sympy")
        done = subprocess.run(
            [sys.executable, "-c", PEAK, *words], capture_output=True, text=True, check=True
        )
        return float(done.stderr.split()[-1]) / 1024

    return megabytes


FORMATS = {".csv": (make_csv, copy_csv), ".parquet": (make_parquet, copy_parquet)}


def rows(repeats: int = 5) -> list[Row]:
    """Return for each format its time at a million rows and its memory at ten million."""
    found = []
    with tempfile.TemporaryDirectory() as folder:
        for ending, (make, copy) in FORMATS.items():
            small, big = (Path(folder) / f"{size}{ending}" for size in (ROWS, 10 * ROWS))
            target = Path(folder) / f"out{ending}"
            library = "Python's csv, no work" if ending == ".csv" else "pyarrow, no work"
            name = ending[1:]
            try:
                make(small, ROWS)
                make(big, 10 * ROWS)
            except ImportError as error:
                missing = {library: str(error)}
                found.append(Row(f"{name}, file to file", "s", {OURS: 0.0}, {}, {}, missing))
                continue
            runs = {
                OURS: timed(lambda: answered(small, target)),  # noqa: B023
                library: timed(lambda: copy(small, target)),  # noqa: B023
            }
            what = f"{name}, {ROWS:,} rows from file to file"
            found.append(measured(what, "s", runs, {library: LIMIT}, repeats))
            runs = {OURS: peak(big, target), f"{ROWS:,} rows": peak(small, target)}
            what = f"{name}, {10 * ROWS:,} rows, peak memory"
            found.append(measured(what, "MB", runs, {f"{ROWS:,} rows": FLAT}, 1))
    return found
