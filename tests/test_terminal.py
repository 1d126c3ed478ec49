"""`step` in a real terminal: held keys, other sizes, Ctrl-C, and the terminal as it was after."""

from __future__ import annotations

import os
import pty
import subprocess
import sys
import termios
import threading
from collections.abc import Iterator

import pytest

from autodiff_cli.cli import terminal
from tests.console import ROOT
from tests.tmux import PROMPT, Tmux, needs_tmux
from tests.work import HANG

STEP = 'autodiff step "x^3 + 2x^2 + 8x" --x 4'


@needs_tmux
def test_a_film_in_a_terminal() -> None:
    with Tmux(80, 24) as screen:
        before = screen.answer("stty -g | cksum")
        shown = screen.run(STEP, "step 1 of 14").splitlines()
        assert shown[0] == "f(x) = x³ + 2·x² + 8·x  at x = 4"
        assert shown[23].startswith("→ next  ← back  ? keys  q quit")
        screen.send("\x1b[C\x1bOC")  # joined, and of both kinds
        assert "w3 = w1² = 4² = 16" in screen.until("step 3 of 14")
        screen.press(*["Right"] * 40)  # held
        assert "x.grad is now 72" in screen.until("This was the last step")
        screen.press("1", "3", "Enter")
        assert "so far 8 + 16 = 24" in screen.until("step 13 of 14")
        screen.resize(40, 20)
        shown = screen.until(
            lambda text: text.splitlines()[19:] == ["→ next  ← back  ? keys  q quit"]
        )
        assert "w3 = w1²" not in shown  # no graph
        screen.resize(120, 40)
        assert "▼" in screen.until("┃ w1 = x  ┃")
        screen.press("?")
        screen.until("how fast f moves when w_i does")
        screen.press("?", "Home")
        screen.until("step 1 of 14")
        screen.press("p", "Space")
        screen.until("w2 = w1³ = ?")
        screen.type("4^3")
        screen.until("> 4^3_")
        screen.press("Enter")
        screen.until("Right: 64.")
        screen.press("Escape", "q")
        screen.until(lambda text: text.rstrip().endswith(PROMPT))
        assert screen.answer("echo $status; stty -g | cksum") == f"0\n{before}"


@needs_tmux
def test_what_ends_it_leaves_the_terminal_as_it_was() -> None:
    with Tmux(60, 15) as screen:
        before = screen.answer("stty -g | cksum")
        screen.run(STEP, "step 1 of 14")
        screen.press("C-c")
        shown = screen.until("error: interrupted")
        assert "step 1 of 14" not in shown
        assert screen.answer("echo $status; stty -g | cksum") == f"130\n{before}"
        screen.run(STEP, "step 1 of 14")
        screen.press("C-z")
        screen.until("Stopped")
        assert screen.answer("stty -g | cksum") == before
        screen.run("fg", "step 1 of 14")
        screen.press("Right")
        screen.until("step 2 of 14")
        screen.press("C-z")
        screen.until("Stopped")
        screen.answer("echo suspended")
        # bash may have seen it end before it is told to bring it back
        screen.run("kill -TERM %1; fg; echo :gone $?", lambda text: "\n:gone 1" in text)
        assert screen.answer("stty -g | cksum") == before


@needs_tmux
def test_a_dumb_terminal_gets_sentences_and_answers_lines() -> None:
    with Tmux(80, 24) as screen:
        shown = screen.run(f"clear; TERM=dumb {STEP} --digits 3", "72; x.grad is")
        assert "14. w̄1 gets" in shown
        screen.run(
            "clear; " + 'autodiff step "x^2" --x 3 --plain --predict', "How fast does w1 move"
        )
        screen.type("1")
        screen.press("Enter")
        screen.until("2. w2 = w1^2 = ?")
        screen.press("C-c")
        screen.until("error: interrupted")


@needs_tmux
def test_ascii_and_no_colour() -> None:
    settings = {"PYTHONIOENCODING": "ascii", "NO_COLOR": "1"}
    with Tmux(80, 24, **settings) as screen:
        shown = screen.run(STEP, "step 1 of 14")
        assert shown.isascii()
        assert "> w1" in shown
        assert "-> next  <- back" in shown
        screen.press("q")


class Pair:
    """Both ends of a terminal that is in no window."""

    def __init__(self) -> None:
        self.ours, self.theirs = pty.openpty()


@pytest.fixture
def pair() -> Iterator[Pair]:
    found = Pair()
    yield found
    os.close(found.ours)
    os.close(found.theirs)


def test_a_key_in_pieces_is_one_key(pair: Pair, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(terminal, "PATIENCE", HANG)
    with os.fdopen(os.dup(pair.theirs), encoding="utf-8") as stdin:
        monkeypatch.setattr(sys, "stdin", stdin)
        keyboard = terminal.Line()
        keyboard.start()
        for pieces in (b"\x1b", b"[", b"C"), (b"\x1b[1;", b"5D"), (b"\xcf", b"\x80"):
            found: list[str] = []
            reader = threading.Thread(target=lambda found=found: found.extend(keyboard.pressed()))
            reader.start()
            for piece in pieces:
                os.write(pair.ours, piece)
            reader.join(HANG)
            assert found in (["right"], ["left"], ["π"])
        keyboard.wake("resize")
        assert keyboard.pressed() == ["resize"]
        monkeypatch.setattr(terminal, "PATIENCE", 0)
        os.write(pair.ours, b"\x1b")
        assert keyboard.pressed() == ["escape"]
        keyboard.stop()


@pytest.mark.parametrize(
    "end", ["raise RuntimeError", "pass", "import os; os.kill(os.getpid(), 15)"]
)
def test_an_error_leaves_the_terminal_as_it_was(pair: Pair, end: str) -> None:
    before = termios.tcgetattr(pair.theirs)
    program = f"from autodiff_cli.cli.terminal import Terminal\nwith Terminal():\n    {end}"
    done = subprocess.run(
        [sys.executable, "-c", program], stdin=pair.theirs, stdout=pair.theirs,
        stderr=subprocess.DEVNULL, cwd=ROOT, timeout=HANG, check=False,
    )  # fmt: skip
    assert (done.returncode == 0) == (end == "pass")
    assert termios.tcgetattr(pair.theirs) == before
    assert os.read(pair.ours, 1000).decode() == terminal.ENTER + terminal.LEAVE


@pytest.mark.parametrize("lines", [[], ["one"], ["one", "x" * 40]])
def test_nothing_is_erased_after_the_last_line(
    lines: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    """A line as broad as the screen would lose its last sign: the cursor still stands there."""
    screen = object.__new__(terminal.Terminal)
    screen.show(lines)
    written = capsys.readouterr().out
    assert written.endswith("\x1b[J" + (lines or [""])[-1])
    assert [part.lstrip("\x1b[HJ2K") for part in written.split("\r\n")] == (lines or [""])
