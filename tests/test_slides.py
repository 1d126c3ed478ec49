"""`run --pause`: a command a screen, each run once and when it is reached, and back again."""

from __future__ import annotations

import sys
from pathlib import Path

from autodiff_cli.cli.slides import Lecture, Slide
from autodiff_cli.errors import width
from tests.console import here
from tests.tmux import PROMPT, Tmux, needs_tmux

ARROWS = ("→", "←")


class Spoken:
    """Commands that say how often they ran."""

    def __init__(self, *said: str, status: int = 0) -> None:
        self.said, self.ran, self.status = said, 0, status

    def __call__(self) -> int:
        self.ran += 1
        sys.stdout.write("".join(f"{line}\n" for line in self.said))
        sys.stderr.write(f"time {self.ran}\n")
        assert not sys.stdin.isatty()
        assert sys.stdin.read() == ""
        return self.status


def lecture(*commands: Spoken) -> Lecture:
    slides = [Slide(prose=[f"prose {k}", f"$ autodiff {k}"], run=one)
              for k, one in enumerate(commands, 1)]  # fmt: skip
    return Lecture([*slides, Slide(prose=["the last words"])], ARROWS)


def shown(talk: Lecture, *keys: str, columns: int = 40, height: int = 10) -> list[str]:
    """What stands on the screen after these keys, each followed by a look at it."""
    for key in ("redraw", *keys):
        talk.press(key)
        talk.go_on(columns)
        lines = talk.lines(columns, height)
        assert len(lines) == height
        assert max(map(width, lines)) <= columns
    return [line for line in lines if line]


def test_a_command_runs_when_it_is_reached_and_once() -> None:
    first, second = Spoken("one"), Spoken("two", status=3)
    talk = lecture(first, second)
    wanted = ["prose 1", "$ autodiff 1", "one", "time 1", "1 of 3  → space: on  ← back  q quit"]
    assert shown(talk) == wanted
    assert (first.ran, second.ran, talk.worst) == (1, 0, 0)
    assert shown(talk, "right", "left") == wanted
    assert (first.ran, second.ran, talk.worst) == (1, 1, 3)
    assert shown(talk, "end") == ["the last words", "3 of 3  the end  ← back  q quit"]
    assert shown(talk, " ")[0] == "the last words"
    assert shown(talk, "home", "left") == wanted
    assert first.ran == 1
    talk.press("q")
    assert talk.done


def test_what_is_not_reached_does_not_run() -> None:
    first, second, third = Spoken("one"), Spoken("two"), Spoken("three")
    talk = lecture(first, second, third)
    assert shown(talk, "3")[-1] == "go to: 3_"
    assert shown(talk, "enter")[0] == "prose 3"
    assert (second.ran, third.ran) == (0, 1)


def test_a_long_answer_has_pages_and_back_comes_to_the_last() -> None:
    talk = lecture(Spoken(*[f"line {k}" for k in range(20)]), Spoken("two"))
    assert shown(talk)[-1] == "1 of 3, page 1 of 3  → space: on  ← back"
    assert "line 19" in shown(talk, "right", "right")
    assert shown(talk, "right")[0] == "prose 2"
    assert "line 19" in shown(talk, "left")
    assert shown(talk, "left", "left")[0] == "prose 1"
    for key in ("end", "left", "left", "left"):  # held: nothing is drawn between
        talk.press(key)
    assert "line 6" in talk.lines(40, 10)
    assert shown(talk, "end", height=50)[-1].startswith("3 of 3")


def test_prose_is_wrapped_anew_where_it_is_too_broad() -> None:
    slide = Slide(prose=["A line of some words,", "and another one.", "", "  kept  apart"])
    talk = Lecture([slide], ARROWS)
    assert shown(talk, columns=40)[:3] == [*slide.prose[:2], "  kept  apart"]
    assert shown(talk, columns=18)[:4] == ["A line of some", "words, and another", "one.",
                                           "  kept  apart"]  # fmt: skip


def test_in_a_pipe_all_is_printed_as_ever(tmp_path: Path) -> None:
    file = tmp_path / "lesson.txt"
    file.write_text("# prose\ngraph x\n# more\ngraph y\n", encoding="utf-8")
    plain = here("run", str(file))
    assert here("run", str(file), "--pause") == plain
    assert plain.out.count("$ autodiff") == 2


@needs_tmux
def test_a_lesson_in_a_terminal(tmp_path: Path) -> None:
    file = tmp_path / "lesson.txt"
    file.write_text(
        "# First, a graph\n\ngraph x^2\n\n# Then a slip\ngraph sinn(x)\n\n# And a film\n"
        "step x^2 --x 3\n", encoding="utf-8",
    )  # fmt: skip
    with Tmux(80, 24) as screen:
        before = screen.answer("stty -g")
        shown = screen.run(f"autodiff run {file} --pause", "w1 = x")
        assert "Then a slip" not in shown
        screen.press("Space")
        assert "First" not in screen.until("did you mean sin(…)?")
        screen.press("Space")
        assert "3 of 3" in screen.until("x.grad is now 6")
        screen.press("Left", "Left")
        screen.until("First, a graph")
        screen.press("q")
        screen.until(lambda text: text.rstrip().endswith(PROMPT))
        assert screen.answer("echo $status; stty -g") == f"2\n{before}"
