"""A data set done by two processes of Dask: what dies, fills or is damaged costs no result.

`python -m tests.cluster` is the same with many files, and says how fast it is.
"""

from __future__ import annotations

import pytest

from tests.cluster import trials

pytest.importorskip("distributed", reason="Dask's distributed is not installed")
pytest.importorskip("pyarrow", reason="pyarrow is not installed")
pytestmark = pytest.mark.slow
FILES, ROWS = 12, 200_000


@pytest.fixture(scope="module")
def data(tmp_path_factory):
    """A data set, with what one process makes of it."""
    folder = tmp_path_factory.mktemp("cluster")
    trials.make(folder / "in", FILES, ROWS)
    status, out, err = trials.run(folder, "-o", "one/", "--no-sympy")
    assert (status, err) == (0, "")
    return folder, trials.digests(folder / "one"), out


def test_two_processes_give_what_one_does(data):
    folder, expected, said = data
    status, out, err = trials.run(folder, "-o", "two/", *trials.TWO)
    assert (status, err) == (0, "")
    assert out == said.replace("are in one/", "are in two/")
    assert trials.digests(folder / "two") == expected


def test_a_worker_that_is_killed_costs_nothing(data):
    folder, expected, _ = data
    status, _, err = trials.killed(folder, "killed", *trials.TWO)
    assert (status, err) == (0, "")
    assert trials.digests(folder / "killed") == expected


def test_ctrl_c_ends_the_workers_and_leaves_what_is_whole(data):
    folder, expected, _ = data
    status, alive = trials.interrupted(folder, "stopped", *trials.TWO)
    assert (status, alive) == (130, [])
    assert not (folder / "stopped").exists()
    assert trials.whole(folder, "stopped")
    assert not (folder / ".autodiff-stopped" / "temporaries").exists()
    status, _, err = trials.run(folder, "-o", "stopped/", "--resume", *trials.TWO)
    assert (status, err) == (0, "")
    assert trials.digests(folder / "stopped") == expected


def test_a_full_disk_and_a_damaged_file_are_said_and_made_good(data):
    folder, expected, _ = data
    path = folder / "in" / "0003.parquet"
    kept = path.stat()
    was = trials.damaged(path)
    status, out, err = trials.run(
        folder, "-o", "full/", *trials.TWO, preexec_fn=trials.limited(3 << 20)
    )
    assert (status, out) == (1, "")
    assert "12 of 12 files are missing" in err
    status, out, err = trials.run(folder, "-o", "full/", "--resume", *trials.TWO)
    assert (status, out) == (1, "")
    assert "1 of 12 files is missing" in err
    assert "0003.parquet" in err
    trials.restored(path, was, kept)
    status, out, err = trials.run(folder, "-o", "full/", "--resume", "--no-sympy")
    assert (status, err) == (0, "")
    assert trials.digests(folder / "full") == expected


def test_a_scheduler_that_runs_already_is_used(data):
    from distributed import LocalCluster

    folder, expected, _ = data
    with LocalCluster(n_workers=1, threads_per_worker=1, dashboard_address=None) as cluster:
        words = ("--scheduler", cluster.scheduler_address, "--no-sympy")
        status, _, err = trials.run(folder, "-o", "there/", *words)
    assert (status, err) == (0, "")
    assert trials.digests(folder / "there") == expected


def test_a_scheduler_that_is_not_there_is_said(data):
    folder, _, _ = data
    status, _, err = trials.run(folder, "-o", "none/", "--scheduler", "tcp://127.0.0.1:9")
    assert status == 1
    assert "no scheduler answers there" in err
    assert not (folder / ".autodiff-none").exists()
