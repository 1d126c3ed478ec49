"""The suite itself: it passes on a busy machine, since no test looks at a clock."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

from tests import work

CLOCKS = {"monotonic", "perf_counter", "process_time", "sleep", "time", "time_ns", "thread_time"}
HERE = Path(__file__).parent

#: What measures how long something takes, for people who ask; and the one loop that sleeps.
MEASURING = ("benchmarks/", "cluster/", "fuzz/", "mutants/", "work.py")


def of_the_suite() -> list[Path]:
    """Return every file that the suite runs: no command's."""
    found = [path for path in sorted(HERE.rglob("*.py")) if path.name != "__main__.py"]
    return [
        path
        for path in found
        if not path.relative_to(HERE).as_posix().startswith(MEASURING)
        and 'if __name__ == "__main__"' not in path.read_text(encoding="utf-8")
    ]


TESTS = of_the_suite()


def clocked(source: str) -> list[int]:
    """Return the lines that read a clock, or wait for a number of seconds that a test chose."""
    found = []
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
            if node.value.id == "time" and node.attr in CLOCKS:
                found.append(node.lineno)
        elif isinstance(node, ast.ImportFrom) and node.module == "time":
            found.append(node.lineno)
        elif isinstance(node, ast.keyword) and node.arg == "timeout":
            found += [] if ast.unparse(node.value) == "HANG" else [node.value.lineno]
    return found


@pytest.mark.parametrize("path", TESTS, ids=lambda path: path.relative_to(HERE).as_posix())
def test_no_test_reads_a_clock(path: Path) -> None:
    assert clocked(path.read_text(encoding="utf-8")) == []


@pytest.mark.parametrize(
    "source", ["import time\nx = time.monotonic()", "from time import sleep", "wait(timeout=20)"]
)
def test_a_clock_would_be_seen(source: str) -> None:
    assert clocked(source)


def test_examples_may_take_their_time() -> None:
    assert settings().deadline is None
    assert HealthCheck.too_slow in settings().suppress_health_check


def test_work_is_counted_by_lines_and_not_by_time() -> None:
    def linear(size: int) -> None:
        for _ in range(size):
            pass

    def quadratic(size: int) -> None:
        for _ in range(size):
            linear(size)

    assert work.lines(lambda: linear(10)) < work.lines(lambda: linear(20))
    assert 3 < work.grows(linear, 100) < 4.5
    assert work.grows(quadratic, 20) > 12
