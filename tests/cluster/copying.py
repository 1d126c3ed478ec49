"""Two processes with the derivatives, and the same without any work: what files alone take."""

from __future__ import annotations

import shutil
import time
from functools import partial
from pathlib import Path
from typing import Any

from tests.cluster.trials import FORMULA


def copied(folder: Path) -> tuple[float, float]:
    """Return the seconds that two processes take with the derivatives, and for columns alone."""
    from autodiff_cli.batch import folder as folders
    from autodiff_cli.batch.block import Work
    from autodiff_cli.batch.cluster import cluster
    from autodiff_cli.batch.dataset import run
    from autodiff_cli.files.pieces import pieces
    from autodiff_cli.files.reach import ANYWHERE
    from autodiff_cli.language.parser import read

    names = sorted(str(path) for path in (folder / "in").iterdir())
    (folder / "copied").mkdir()
    copy = partial(_copy, folder=str(folder / "copied"))
    work = Work(
        reading=read([FORMULA], ("x", "y")), at={}, wrt=("x", "y"), mode="reverse", shown=40,
        described=True,
    )  # fmt: skip
    with cluster(2, None) as two:
        two.client.gather(two.client.map(copy, names[:2], pure=False))
        run(work, pieces(names[:2]), None, two)  # both have loaded what they need
        began = time.perf_counter()
        two.client.gather(two.client.map(copy, names, pure=False))
        alone = time.perf_counter() - began
        place = folders.begin(f"{folder}/worked/", {}, ANYWHERE, resume=False)
        assert place is not None
        began = time.perf_counter()
        outcome = run(work, pieces(names), place, two)
        seconds = time.perf_counter() - began
        assert not outcome.missing
    for name in ("copied", ".autodiff-worked"):
        shutil.rmtree(folder / name)
    return seconds, alone


def _copy(path: str, folder: str) -> None:
    """Read the columns of a file, and write them with as many more as there would be results."""
    import os

    import pyarrow
    import pyarrow.parquet

    target = os.path.join(folder, os.path.basename(path))
    writer: Any = None
    with pyarrow.parquet.ParquetFile(path) as file:
        for batch in file.iter_batches(65_536):
            x, y = batch.columns
            table = pyarrow.table([x, y, x, y, x], ["x", "y", "f()", "df/dx", "df/dy"])
            if writer is None:
                writer = pyarrow.parquet.ParquetWriter(target, table.schema, use_dictionary=False)
            writer.write_table(table)
    writer.close()
    with open(target, "rb") as stream:
        os.fsync(stream.fileno())
