"""`learn` in a real terminal: single keys, pages that wait, editing, and Ctrl-C."""

from __future__ import annotations

import json
from pathlib import Path

from tests.tmux import PROMPT, Tmux, needs_tmux


@needs_tmux
def test_a_lesson_in_a_terminal(tmp_path: Path) -> None:
    state = tmp_path / "learn.json"
    with Tmux(80, 24) as screen:
        screen.run(f"clear; autodiff learn 5 --state {state}", "Enter goes on")
        screen.press("n")
        assert "Begin at the end." in screen.until("(Enter)")  # the page is longer than the screen
        screen.press("Space")
        screen.until("What is w̄3?\n\n>")
        screen.run("8", "how w3 moves with x: its tangent")
        screen.type("33")
        screen.press("Left", "BSpace", "Delete")  # a line can be edited
        screen.run("2", "Right. 1·2:")
        screen.press("Enter")
        screen.run("q", "Your place is kept.")
        assert json.loads(state.read_text())["place"] == 2
        screen.run(f"clear; autodiff learn --state {state}", "You are in lesson 5")
        screen.run("72", "Right. 48 + 16 + 8")
        screen.press("Enter")
        screen.until("c) Because the mean")
        screen.press("z", "b")  # a letter that is no choice is nothing
        screen.until("Right. That is the chain rule")
        screen.press("C-c")
        screen.until(lambda text: text.rstrip().endswith(PROMPT))
        assert screen.answer("echo status $status") == "status 130"


@needs_tmux
def test_a_narrow_terminal_is_turned_page_by_page(tmp_path: Path) -> None:
    pages = []

    def asks(text: str) -> bool:
        if text.rstrip().endswith("(Enter)"):
            pages.append(text)
            screen.press("Enter")
        return text.rstrip().endswith(">")

    with Tmux(40, 20) as screen:
        screen.type(f"clear; autodiff learn 7 --state {tmp_path}/s")
        screen.press("Enter")
        screen.until(asks)
        assert len(pages) > 2
        screen.press("h")
        assert "Hint 1 of 1" in screen.until("by w2?")
        screen.press("q")
        screen.until(lambda text: text.rstrip().endswith(PROMPT))
