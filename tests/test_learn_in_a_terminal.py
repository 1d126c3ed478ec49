"""`learn` in a real terminal: single keys, pages that wait, editing, and Ctrl-C."""

from __future__ import annotations

import json
from pathlib import Path

from tests.tmux import PROMPT, Tmux, needs_tmux


def turned(screen: Tmux, wanted: str) -> int:
    """Turn pages until a text stands at the end of the screen; return how many were turned."""
    pages = []

    def stands(text: str) -> bool:
        if text.rstrip().endswith("(Enter)"):
            pages.append(text)
            screen.press("Space")
        return text.rstrip().endswith(wanted)

    screen.until(stands)
    return len(pages)


@needs_tmux
def test_a_lesson_in_a_terminal(tmp_path: Path) -> None:
    state = tmp_path / "learn.json"
    with Tmux(80, 24) as screen:
        screen.type(f"clear; autodiff learn 5 --state {state}")
        screen.press("Enter")
        turned(screen, "Enter goes on")
        screen.press("n")
        assert turned(screen, "\n>") > 0  # longer than the screen
        screen.run("8", lambda text: "x: its tangent" in text and text.rstrip().endswith("\n>"))
        screen.type("33")  # now that it is asked again: before, the terminal itself takes keys
        screen.press("Left", "BSpace", "Delete")  # a line can be edited
        screen.run("2", "Right. 1·2:")
        turned(screen, "Enter goes on")
        screen.press("Enter")
        turned(screen, "\n>")
        screen.run("q", "Your place is kept.")
        assert json.loads(state.read_text())["place"] == 2
        screen.type(f"clear; autodiff learn --state {state}")
        screen.press("Enter")
        turned(screen, "\n>")
        screen.run("72", "Right. 48 + 16 + 8")
        turned(screen, "Enter goes on")
        screen.press("Enter")
        turned(screen, "\n>")
        screen.press("z", "b")  # a letter that is no choice is nothing
        screen.until("Right. That is the chain rule")
        screen.press("C-c")
        turned(screen, PROMPT)
        assert screen.answer("echo status $status") == "status 130"


@needs_tmux
def test_a_narrow_terminal_is_turned_page_by_page(tmp_path: Path) -> None:
    with Tmux(40, 20) as screen:
        screen.type(f"clear; autodiff learn 7 --state {tmp_path}/s")
        screen.press("Enter")
        assert turned(screen, "\n>") > 2
        screen.press("h")
        assert "Hint 1 of 1" in screen.until("by w2?")
        screen.press("q")
        turned(screen, PROMPT)
