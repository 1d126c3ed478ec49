"""Pieces of a data set done on many machines, or by several processes of this one, by Dask.

Here alone `distributed` is imported. A task is a piece; one whose worker died is done again by
another, which writes the same file. A worker that is lost takes nothing of the results with it.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import Any

from autodiff_cli.batch.dataset import Missing, Task, Tell, Work, attempted
from autodiff_cli.batch.results import program
from autodiff_cli.batch.summary import Summary
from autodiff_cli.errors import AutodiffError, named, visible
from autodiff_cli.files import places

#: Seconds to wait for a scheduler, and for the first of its workers.
REACHED, WORKING = 10, 60


@dataclass(frozen=True, slots=True, kw_only=True)
class Cluster:
    """Workers that can be given tasks.

    Attributes:
        client: what speaks with their scheduler.
        dashboard: the address of the page that shows them at work.
        elsewhere: whether they may be on other machines.
    """

    client: Any
    dashboard: str
    elsewhere: bool

    def __call__(
        self, work: Work, tasks: Sequence[Task], tell: Tell
    ) -> Iterator[tuple[int, Summary | Missing | None]]:
        """Do tasks, and yield the number of each with what came of it, as they end."""
        from distributed import as_completed

        if not tasks:
            return
        client, futures = self.client, {}
        try:
            shared = client.submit(_same, work, pure=False)  # sent once, not with every task
            for task in tasks:
                given = _absolute(task) if self.elsewhere else task
                future = client.submit(attempted, shared, given, pure=False)
                futures[future] = task
            for future in as_completed([*futures], loop=client.loop):
                task = futures.pop(future)
                yield task.number, _came(future, task)
                future.release()
        finally:
            client.cancel([*futures])


def _same(work: Work) -> Work:
    return work


def _absolute(task: Task) -> Task:
    """Return a task that a process in another folder can do."""
    path = task.piece.path
    if places.scheme(path):
        return task
    return replace(task, piece=replace(task.piece, path=os.path.abspath(path)))


def _came(future: Any, task: Task) -> Summary | Missing | None:
    """Return what came of a task that has ended."""
    if future.status == "finished":
        found: Summary | Missing | None = future.result()
        return found
    error = future.exception() if future.status == "error" else None
    if type(error).__name__ == "KilledWorker":
        reason = "each worker that was given it died; it may need more memory than they have"
    elif error is None:
        reason = "the cluster lost it"
    else:
        reason = visible(f"{type(error).__name__}: {error}".partition("\n")[0])
    return Missing(path=task.piece.path, reason=reason)


@contextmanager
def cluster(workers: int | None, scheduler: str | None) -> Iterator[Cluster]:
    """Start workers on this machine, or reach those of a scheduler, while the context is open.

    Args:
        workers: how many processes to start; None where a scheduler has them.
        scheduler: its address, such as `tcp://host:8786`.

    Raises:
        AutodiffError: Dask is not installed, the address is none, or its workers do not have this
            program.
        OSError: the scheduler cannot be reached.
    """
    try:
        import distributed
    except ImportError:
        message = "many workers need Dask's distributed, which is not installed"
        raise AutodiffError(message, mend='run pip install "autodiff-cli[dask]"') from None
    if scheduler is not None:
        with _reached(distributed, scheduler) as client:
            yield Cluster(client=client, dashboard=client.dashboard_link, elsewhere=True)
        return
    import logging
    import tempfile

    with (
        tempfile.TemporaryDirectory(prefix="autodiff-", ignore_cleanup_errors=True) as scratch,
        distributed.LocalCluster(
            n_workers=workers, threads_per_worker=1, processes=True, dashboard_address=":0",
            silence_logs=logging.CRITICAL, local_directory=scratch,
        ) as started,
        distributed.Client(started, set_as_default=False) as client,
    ):  # fmt: skip
        client.register_plugin(_deaf(distributed))
        yield Cluster(client=client, dashboard=client.dashboard_link, elsewhere=False)


def _deaf(distributed: Any) -> Any:
    """Return what lets workers of this machine leave Ctrl-C to the process that started them."""

    class Deaf(distributed.WorkerPlugin):  # type: ignore[misc]
        name = "autodiff-deaf"

        def setup(self, worker: Any) -> None:
            import signal

            signal.signal(signal.SIGINT, signal.SIG_IGN)

    return Deaf()


@contextmanager
def _reached(distributed: Any, address: str) -> Iterator[Any]:
    try:
        client = distributed.Client(address, timeout=REACHED, set_as_default=False)
    except ValueError as error:
        message = f"{named(address)} is no address: {visible(str(error))}"
        raise AutodiffError(message, mend="write one such as tcp://host:8786") from None
    except OSError:
        raise OSError(0, "no scheduler answers there", address) from None
    with client:
        try:
            client.wait_for_workers(1, timeout=WORKING)
            versions = set(client.run(program).values())
        except TimeoutError:
            raise OSError(0, "the scheduler has no worker", address) from None
        except Exception as error:  # whatever a worker without this program raises
            said = visible(f"{type(error).__name__}: {error}".partition("\n")[0])
            message = f"the workers of {named(address)} cannot do it: {said}"
            mend = "install this version of autodiff-cli, with pyarrow, where they run"
            raise AutodiffError(message, mend=mend) from None
        if versions != {program()}:
            message = f"the workers have autodiff {', '.join(sorted(versions))}, not {program()}"
            raise AutodiffError(message, mend="install the same version everywhere")
        yield client
