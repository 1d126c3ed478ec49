"""How far a long run is: a bar on a terminal, nothing where nobody watches."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TextIO


@contextmanager
def progress(
    stream: TextIO, *, quiet: bool = False
) -> Iterator[Callable[[float | None, int], None]]:
    """Show a bar while the context is open; it is taken away at the end.

    Args:
        stream: where to, if it is a terminal.
        quiet: show nothing.

    Yields:
        a function to tell how much is done, from 0 to 1 or None, and how many rows that are.
    """
    if quiet or not stream.isatty():
        yield lambda share, rows: None
        return
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn
    from rich.progress import TimeRemainingColumn as Remaining

    columns = (
        BarColumn(None), TaskProgressColumn(), TextColumn("{task.description}"),
        Remaining(compact=True),
    )  # fmt: skip
    bar = Progress(
        *columns, console=Console(file=stream), transient=True, expand=True,
        auto_refresh=False,  # drawn when there is news: no thread, and the same on every machine
    )  # fmt: skip
    with bar:
        task = bar.add_task("0 rows", total=None)

        def tell(share: float | None, rows: int) -> None:
            total = None if share is None else 1.0
            done = share or 0.0
            bar.update(
                task, total=total, completed=done, description=f"{rows:,} rows", refresh=True
            )

        yield tell
