"""The SymPy process: started, asked, killed in time, never left behind."""

import os
import signal
import subprocess
import sys
import time

import pytest

from autodiff_cli.language.parser import read
from autodiff_cli.symbolic.client import Client
from autodiff_cli.symbolic.question import derive

posix = pytest.mark.skipif(os.name != "posix", reason="needs POSIX processes")

LOGISTIC = "x"
for _ in range(12):
    LOGISTIC = f"(4*{LOGISTIC}*(1 - {LOGISTIC}))"

#: Half a minute of work: the derivative of the iterated logistic map has 100,000 operations.
HARD = read([LOGISTIC]).graph
EASY = read(["x^3 + 2x^2 + 8x"]).graph


def alive(pid: int) -> bool:
    """Tell whether a process runs; one that waits to be collected does not."""
    state = subprocess.run(["ps", "-o", "stat=", "-p", str(pid)], capture_output=True, text=True)
    return state.stdout.strip()[:1] not in ("", "Z")


def gone(pid: int, seconds: float) -> bool:
    end = time.monotonic() + seconds
    while alive(pid) and time.monotonic() < end:
        time.sleep(0.02)
    return not alive(pid)


def in_process(source: str, **options) -> subprocess.Popen:
    """Run source in a fresh interpreter of one thread, where the client forks."""
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    return subprocess.Popen(
        [sys.executable, "-c", source], env=environment, text=True,
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, **options,
    )  # fmt: skip


def test_past_the_budget_the_process_is_killed_and_the_next_question_is_answered():
    with Client() as client:
        derive(client, EASY, [{"x": 4.0}], ["x"])
        first = client._pid
        start = time.monotonic()
        late = derive(client, HARD, [{"x": 1.0}], ["x"], seconds=0.5)
        assert time.monotonic() - start < 1.5
        assert late.derivatives is None
        assert late.reason == "it takes more than 0.5 s"
        assert not alive(first)
        again = derive(client, EASY, [{"x": 4.0}], ["x"])
        assert again.derivatives is not None
        assert again.derivatives["x"].text == "3*x**2 + 4*x + 8"
        last = client._pid
    assert not alive(last)


@posix
def test_a_process_that_died_is_a_reason_and_is_replaced():
    with Client() as client:
        derive(client, EASY, [{"x": 4.0}], ["x"])
        os.kill(client._pid, signal.SIGKILL)
        assert "the SymPy process ended" in derive(client, EASY, [{"x": 4.0}], ["x"]).reason
        assert derive(client, EASY, [{"x": 4.0}], ["x"]).reason == ""


def test_where_pipes_cannot_be_polled_a_thread_gives_the_same_answers(monkeypatch):
    monkeypatch.setattr(Client, "_exchange", Client._exchange_in_thread)
    with Client() as client:
        assert derive(client, EASY, [{"x": 4.0}], ["x"]).values == ("128",)
        assert derive(client, HARD, [{"x": 1.0}], ["x"], seconds=0.3).reason
        assert derive(client, EASY, [{"x": 3.0}], ["x"]).values == ("69",)


def test_the_client_loads_neither_sympy_nor_numpy_and_forks():
    source = """
import sys
before = set(sys.modules)
from autodiff_cli.symbolic.client import Client
loaded = set(sys.modules) - before
client = Client()
client.start()
print(client._process is None, sorted(loaded & {"sympy", "numpy", "typer", "subprocess", "json"}))
from autodiff_cli.symbolic.question import derive
from autodiff_cli.language.parser import read
print(derive(client, read(["sin(x)"]).graph, [{"x": 0.0}], ["x"]).derivatives["x"].values)
print("sympy" in sys.modules)
client.close()
"""
    with in_process(source) as process:
        out, err = process.communicate(timeout=30)
    assert err == ""
    assert out.splitlines() == [f"{hasattr(os, 'fork')} []", "('1',)", "False"]


@posix
def test_a_busy_process_ends_with_its_parent_and_lets_go_of_its_output():
    source = f"""
import os, sys
from autodiff_cli.symbolic.client import Client
client = Client()
client.start()
print(client._pid, flush=True)
from autodiff_cli.symbolic.question import derive
from autodiff_cli.language.parser import read
import threading
threading.Timer(1.0, lambda: os._exit(0)).start()
derive(client, read([{LOGISTIC!r}]).graph, [{{"x": 1.0}}], ["x"], seconds=2)
"""
    with in_process(source) as process:
        child = int(process.stdout.readline())
        process.communicate(timeout=20)
        assert alive(child)  # and yet the output has ended: the child does not hold it
        assert gone(child, 4)


@posix
def test_an_idle_process_ends_when_its_parent_is_killed():
    source = """
import time
from autodiff_cli.symbolic.client import Client
client = Client()
client.start()
print(client._pid, flush=True)
time.sleep(60)
"""
    with in_process(source) as process:
        child = int(process.stdout.readline())
        process.kill()
        assert gone(child, 5)


@posix
def test_ctrl_c_is_left_to_the_parent():
    source = """
import signal, time
from autodiff_cli.symbolic.client import Client
client = Client()
client.start()
signal.signal(signal.SIGINT, lambda *_: print("parent", flush=True))
print("ready", flush=True)
time.sleep(2)
from autodiff_cli.symbolic.question import derive
from autodiff_cli.language.parser import read
print(derive(client, read(["x^2"]).graph, [{"x": 3.0}], ["x"]).derivatives["x"].values)
client.close()
"""
    with in_process(source, start_new_session=True) as process:
        process.stdout.readline()
        time.sleep(0.2)
        os.killpg(process.pid, signal.SIGINT)
        out, err = process.communicate(timeout=30)
    assert err == ""
    assert out.splitlines() == ["parent", "('6',)"]


def test_nothing_is_started_by_closing_and_closing_twice_is_allowed():
    client = Client()
    client.close()
    client.start()
    client.close()
    client.close()
