"""A real terminal to press keys in and to read: tmux, on a server of its own."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable
from types import TracebackType
from typing import Self

import pytest

from tests.console import ROOT
from tests.work import HANG, looks

needs_tmux = pytest.mark.skipif(shutil.which("tmux") is None, reason="no tmux")

#: A prompt that nothing else writes.
PROMPT = "ready:"


class Tmux:
    """A shell in a terminal of so many columns and lines; `autodiff` is the program.

    Args:
        columns, lines: its size.
        settings: of the environment.
    """

    def __init__(self, columns: int = 80, lines: int = 24, **settings: str) -> None:
        self._folder = tempfile.TemporaryDirectory(prefix="autodiff-")
        self._socket = os.path.join(self._folder.name, "tmux")
        self._size = columns, lines
        self._asked = 0
        self._settings = {"PROMPT_COMMAND": "", "LC_ALL": "C.UTF-8", **settings}

    def __enter__(self) -> Self:
        columns, lines = self._size
        environment = {k: v for k, v in os.environ.items() if k not in ("COLUMNS", "LINES", "TMUX")}
        subprocess.run(
            ["tmux", "-S", self._socket, "-f", "/dev/null", "new-session", "-d", "-x", str(columns),
             "-y", str(lines), "bash --norc --noprofile -i"],
            check=True, cwd=ROOT, env={**environment, **self._settings}, timeout=HANG,
        )  # fmt: skip
        self._ask("set", "-g", "status", "off")
        # bash sets a prompt of its own over the environment's
        self.type(f'PS1={PROMPT}; alias autodiff="{sys.executable} -m autodiff_cli"; clear')
        self.press("Enter")
        self.until(lambda screen: screen.strip() == PROMPT)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        subprocess.run(["tmux", "-S", self._socket, "kill-server"], check=False, timeout=HANG)
        self._folder.cleanup()

    def _ask(self, *words: str) -> str:
        done = subprocess.run(
            ["tmux", "-S", self._socket, *words], check=True, capture_output=True, timeout=HANG
        )
        return done.stdout.decode()

    def type(self, text: str) -> None:
        """Type a text."""
        self._ask("send-keys", "-l", "--", text)

    def press(self, *keys: str) -> None:
        """Press keys by tmux's names for them, all at once."""
        self._ask("send-keys", *keys)

    def send(self, text: str) -> None:
        """Send bytes as a terminal would, all at once."""
        self._ask("send-keys", "-H", *[f"{byte:02x}" for byte in text.encode()])

    def resize(self, columns: int, lines: int) -> None:
        """Give the terminal another size."""
        self._ask("resize-window", "-x", str(columns), "-y", str(lines))

    def screen(self) -> str:
        """Return what stands on the screen."""
        return self._ask("capture-pane", "-p")

    def until(self, wanted: str | Callable[[str], bool]) -> str:
        """Return the screen once it has a text, or once something holds of it."""
        holds = wanted if callable(wanted) else lambda screen: wanted in screen
        screen = ""
        try:
            for _ in looks():
                if holds(screen := self.screen()):
                    break
        except AssertionError as error:
            raise AssertionError(f"{error}:\n{screen}") from None
        return screen

    def run(self, line: str, wanted: str | Callable[[str], bool]) -> str:
        """Type a command line, and return the screen once it has a text."""
        self.type(line)
        self.press("Enter")
        return self.until(wanted)

    def answer(self, line: str) -> str:
        """Return what a command line prints; $status is the last one's."""
        self._asked += 1
        end = f":end {self._asked}"
        self.run(f"status=$?; clear; {line}; echo {end}",
                 lambda screen: f"\n{end}\n{PROMPT}" in screen)  # fmt: skip
        return self.screen().split(f"\n{end}")[0].strip()
