"""The SymPy process: started, asked, ended past its budget, never left behind."""

import os
import signal
import subprocess
import sys
from importlib import import_module
from itertools import chain, count, repeat

import pytest

from autodiff_cli.language.parser import read
from autodiff_cli.symbolic import worker
from autodiff_cli.symbolic.client import LEAST, Client
from autodiff_cli.symbolic.question import derive
from tests.work import HANG, looks

pytestmark = pytest.mark.usefixtures("fresh_sympy")
posix = pytest.mark.skipif(os.name != "posix", reason="needs POSIX processes")

LOGISTIC = "x"
for _ in range(12):
    LOGISTIC = f"(4*{LOGISTIC}*(1 - {LOGISTIC}))"

#: Half a minute of CPU time: the derivative of the iterated logistic map has 100,000 operations.
HARD = read([LOGISTIC]).graph
EASY = read(["x^3 + 2x^2 + 8x"]).graph


def alive(pid: int) -> bool:
    """Tell whether a process runs; one that waits to be collected does not."""
    state = subprocess.run(["ps", "-o", "stat=", "-p", str(pid)], capture_output=True, text=True)
    return state.stdout.strip()[:1] not in ("", "Z")


def wait(pid: int) -> None:
    """Wait until a process has ended, which may take long on a busy machine."""
    for _ in looks():
        if not alive(pid):
            break


def in_process(source: str, **settings: str) -> subprocess.Popen:
    """Run source in a fresh interpreter of one thread, where the client forks."""
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path), **settings}
    return subprocess.Popen(
        [sys.executable, "-c", source], env=environment, text=True, start_new_session=True,
        stdout=subprocess.PIPE, stderr=subprocess.PIPE,
    )  # fmt: skip


def test_past_the_budget_the_process_ends_and_the_next_question_is_answered():
    with Client() as client:
        derive(client, EASY, [{"x": 4.0}], ["x"])
        first, before = client._pid, client.spent
        late = derive(client, HARD, [{"x": 1.0}], ["x"], seconds=0.5)
        assert late.skipped
        assert late.reason == "it takes more than 0.5 s"
        assert client.spent == before + 0.5
        assert not alive(first)
        again = derive(client, EASY, [{"x": 4.0}], ["x"])
        assert again.derivatives is not None
        assert again.derivatives["x"].text == "3*x**2 + 4*x + 8"
        last = client._pid
    assert not alive(last)


@posix
def test_the_budget_is_cpu_time_and_not_the_walls():
    with Client() as client:
        derive(client, EASY, [{"x": 4.0}], ["x"])
        passed = chain((0.0,), repeat(LEAST - 1))  # the wall's clock, once the question is sent
        client._clock = passed.__next__
        assert derive(client, EASY, [{"x": 4.0}], ["x"], seconds=0.2).values == ("128",)


@posix
def test_a_process_that_hangs_is_given_up_by_the_walls_clock_at_last():
    reason = "it takes more than 1.5 s"
    with Client(clock=count(0, 1000).__next__) as client:
        assert derive(client, EASY, [{"x": 4.0}], ["x"]).reason.startswith("SymPy did not load")
    with Client() as client:
        derive(client, EASY, [{"x": 4.0}], ["x"])
        os.kill(client._pid, signal.SIGSTOP)
        client._clock = count(0, 1000).__next__
        assert derive(client, EASY, [{"x": 4.0}], ["x"]).reason == reason


def test_an_answer_that_has_come_counts_though_the_clock_has_run_on():
    class Late(Client):
        def _exchange(self, payload, seconds):
            self._clock = lambda: 0.0
            line = super()._exchange(payload, seconds)
            self._received = line + b"\n"
            self._clock = count(0, 1000).__next__
            return super()._exchange(b"", seconds)

    with Late() as client:
        assert derive(client, EASY, [{"x": 4.0}], ["x"]).values == ("128",)


def test_what_python_loads_on_the_way_is_not_counted(tmp_path):
    # Without bytecode, as just after an installation, NumPy alone takes longer than the budget.
    formula, points = "max(x, y, 2)", [{"x": 1.0, "y": 2.0}, {"x": 3.0, "y": 2.0}]
    source = f"""
from autodiff_cli.symbolic.client import Client
from autodiff_cli.symbolic.question import derive
from autodiff_cli.language.parser import read
with Client() as client:
    found = derive(client, read([{formula!r}]).graph, {points}, ["x", "y"], seconds=0.3)
    print(repr(found.reason), 0 < client.spent < 0.3, None in found.values)
"""
    fresh = {"PYTHONPYCACHEPREFIX": str(tmp_path), "PYTHONDONTWRITEBYTECODE": ""}
    with in_process(source, **fresh) as process:
        out, err = process.communicate(timeout=HANG)
    assert (err, out) == ("", "'' True False\n")


@posix
def test_the_clock_of_a_question_stands_still_while_modules_are_loaded(tmp_path, monkeypatch):
    (tmp_path / "outer_of_two.py").write_text("import sys, inner_of_two\nsys.ticks[0] += 3\n")
    (tmp_path / "inner_of_two.py").write_text("import sys\nsys.ticks[0] += 5\n")
    ticks = [0.0]
    monkeypatch.setattr(sys, "ticks", ticks, raising=False)
    monkeypatch.setattr(worker.time, "process_time", lambda: ticks[0])
    monkeypatch.syspath_prepend(tmp_path)
    loading = worker.Uncounted()
    monkeypatch.setattr(sys, "meta_path", [loading, *sys.meta_path])
    signal.setitimer(signal.ITIMER_PROF, 1000)
    try:
        import_module("outer_of_two")
        left, _ = signal.getitimer(signal.ITIMER_PROF)
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
    assert ticks == [8]
    assert loading.clock() == 0
    assert left > worker.SYMPY_LOAD_SECONDS  # the question's own budget again


@pytest.mark.parametrize("seconds", [1e9, 1e300])
def test_a_budget_beyond_what_timers_count_is_no_fault(seconds):
    with Client() as client:
        assert derive(client, EASY, [{"x": 4.0}], ["x"], seconds=seconds).values == ("128",)


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
        out, err = process.communicate(timeout=HANG)
    assert err == ""
    assert out.splitlines() == [f"{hasattr(os, 'fork')} []", "('1',)", "False"]


@posix
def test_a_busy_process_ends_with_its_parent_and_lets_go_of_its_output():
    source = f"""
import os, signal
from autodiff_cli.symbolic.client import Client
from autodiff_cli.symbolic.question import derive
from autodiff_cli.language.parser import read

class Leaving(Client):
    def _line(self):
        line = super()._line()
        if line and self._ready:  # an easy question is answered, and a hard one on its way
            os.write(self._writer, payload.replace(b'"wrt": []', b'"wrt": ["x"]'))
            os.kill(self._pid, signal.SIGSTOP)
            os._exit(0)
        return line

    def _exchange(self, asked, seconds):
        global payload
        payload = asked
        return super()._exchange(asked, seconds)

client = Leaving()
client.start()
print(client._pid, flush=True)
derive(client, read([{LOGISTIC!r}]).graph, [], [], seconds=0.5)
"""
    with in_process(source) as process:
        child = int(process.stdout.readline())
        process.communicate(timeout=HANG)
        assert alive(child)  # and yet the output has ended: the child does not hold it
        os.kill(child, signal.SIGCONT)
        wait(child)


@posix
def test_an_idle_process_ends_when_its_parent_is_killed():
    source = """
import signal
from autodiff_cli.symbolic.client import Client
client = Client()
client.start()
print(client._pid, flush=True)
signal.pause()
"""
    with in_process(source) as process:
        child = int(process.stdout.readline())
        process.kill()
        wait(child)


@posix
def test_ctrl_c_is_left_to_the_parent():
    source = """
import signal
from autodiff_cli.symbolic.client import Client
client = Client()
client.start()
from autodiff_cli.symbolic.question import derive
from autodiff_cli.language.parser import read
print(derive(client, read(["x^2"]).graph, [{"x": 4.0}], ["x"]).derivatives["x"].values)
heard = []
signal.signal(signal.SIGINT, lambda *_: heard.append("parent"))
print("ready", flush=True)
while not heard:
    pass
print(*heard)
print(derive(client, read(["x^2"]).graph, [{"x": 3.0}], ["x"]).derivatives["x"].values)
client.close()
"""
    with in_process(source) as process:
        assert [process.stdout.readline() for _ in range(2)] == ["('8',)\n", "ready\n"]
        os.killpg(process.pid, signal.SIGINT)
        out, err = process.communicate(timeout=HANG)
    assert err == ""
    assert out.splitlines() == ["parent", "('6',)"]


def test_nothing_is_started_by_closing_and_closing_twice_is_allowed():
    client = Client()
    client.close()
    client.start()
    client.close()
    client.close()
