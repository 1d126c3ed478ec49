"""`learn` at the command line: over a pipe, left and resumed, with files as they can be."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from autodiff_cli.files.state import state_folder
from tests.console import Outcome, here

LESSON = """\
title: Ein Titel
idea: Eine Idee.

# Sieh hin:

autodiff graph "x^2"

task: wert
kind: number
topic: Werte
ask: Was ist 2·3?
answer: 6
wrong: 5 => Das ist 2+3.
hint: Ein Produkt.
solution: 2·3 = 6
"""


@pytest.fixture
def learn(tmp_path: Path):
    state = tmp_path / "state" / "learn.json"

    def run(*words: str, stdin: str = "", columns: int = 80) -> Outcome:
        return here("learn", "--state", str(state), *words, stdin=stdin, columns=columns)

    run.state = state
    return run


def own(path: Path, text: str = LESSON, **more: str) -> str:
    folder = path / "lektionen"
    folder.mkdir()
    (folder / "01-eins.txt").write_text(text, encoding="utf-8")
    for name, content in more.items():
        (folder / f"{name}.txt").write_text(content, encoding="utf-8")
    return str(folder)


def test_over_a_pipe_answers_are_lines_and_nothing_waits(learn, tmp_path) -> None:
    folder = own(
        tmp_path, words="right: Richtig.\nheading: Lektion {number} von {count}: {title}\n"
    )
    outcome = learn("--lessons", folder, stdin="5\nh\n6\n")
    assert (outcome.status, outcome.err) == (0, "")
    assert "again.\n\nLektion 1 von 1: Ein Titel\n\nEine Idee.\n\nSieh hin:\n" in outcome.out
    assert '$ autodiff graph "x^2"\nw2 = w1²\n`-- w1 = x\n' in outcome.out  # no box characters
    for said in ("> 5\n\nNot yet. Das ist 2+3.", "> h\n\nHint 1 of 1: Ein Produkt.", "Richtig."):
        assert said in outcome.out
    assert "─" not in outcome.out


def test_it_goes_on_where_it_was_left(learn) -> None:
    assert "\nLesson 1 of " in learn(stdin="s\n").out
    second = learn()
    assert second.out.startswith("\nYou are in lesson 1, ")
    assert "Lesson 1 of " not in second.out
    assert "Task 2 of " in second.out
    assert "The input has ended" in second.out
    assert "\nLesson 5 of " in learn("5", stdin="q\n").out
    assert "autodiff learn" in learn(stdin="q\n").out.splitlines()[-1]


@pytest.mark.parametrize(
    "content",
    [b"", b"{", b'{"schema": "autodiff.progress/1"}', b"\xff\xfe", b"[" * 100_000, b"null", b"\0"],
    ids=["empty", "cut", "fields", "bytes", "deep", "null", "nul"],
)
def test_a_file_that_cannot_be_read_is_put_aside_and_said(learn, content: bytes) -> None:
    learn.state.parent.mkdir()
    learn.state.write_bytes(content)
    outcome = learn(stdin="q\n")
    assert outcome.status == 0
    assert "\nLesson 1 of " in outcome.out
    assert outcome.err.startswith("note: ")
    assert "is kept as learn.json.broken, and you begin anew" in outcome.err
    assert learn.state.with_name("learn.json.broken").read_bytes() == content
    assert json.loads(learn.state.read_text())["schema"] == "autodiff.progress/1"


def test_what_cannot_be_kept_is_said_once_and_taught_on(learn, tmp_path) -> None:
    (tmp_path / "state").write_text("a file where the folder should be")
    outcome = learn(stdin="h\nh\nq\n")
    assert outcome.status == 0
    assert outcome.err.count("your progress is not kept") == 1
    assert "Hint 2" in outcome.out


def test_a_folder_is_no_state(learn) -> None:
    learn.state.mkdir(parents=True)
    assert "is no file; give --state a file" in learn().err
    assert "is no file" in learn("--reset").err


def test_reset_begins_anew_and_loses_nothing(learn) -> None:
    assert learn("--reset").out == "there is no progress yet; begin with: autodiff learn\n"
    learn(stdin="s\n")
    before = learn.state.read_text()
    assert "put away as " in learn("--reset").out
    assert learn.state.with_name("learn.json.old").read_text() == before
    assert "\nLesson 1 of " in learn().out


def test_the_list_says_what_is_done_and_changes_nothing(learn) -> None:
    learn(stdin="s\nn\n")
    before = learn.state.read_text()
    listed = learn("--list").out
    assert "2/4" in listed
    assert "here" in listed
    payload = json.loads(learn("--list", "--json").out)
    assert payload["lessons"][0]["done"] == 2
    assert "| lesson" in learn("--list", "--format", "markdown").out
    assert learn.state.read_text() == before


def test_the_keys_are_said_when_asked_for(learn) -> None:
    assert learn(stdin="?\nq\n").out.count("Keys: h hint") == 2


def test_the_list_leads_on(learn) -> None:
    outcome = learn(stdin="l\n5\nl\n\nl\nq\n")
    assert "Lesson 5 of " in outcome.out
    assert outcome.out.count("the number of a lesson") == 3


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--list", "--check"), "one thing at a time"),
        (("3", "--reset"), "one thing at a time"),
        (("99",), "there is no lesson 99; there are 1 to "),
        (("leavs",), "there is no lesson 'leavs'; did you mean leaves?"),
        (("--language", "xx"), "there are no lessons in 'xx'; there are "),
        (("--lessons", "nowhere"), "nowhere is no folder"),
        (("--json",), "lessons are for the screen; --list and --check have formats"),
        (("--list", "-o", "x.parquet"), "x.parquet does not say what to write"),
    ],
)
def test_what_is_asked_for_wrongly_is_told(learn, words: tuple[str, ...], said: str) -> None:
    outcome = learn(*words)
    assert outcome.status == 2
    assert said in outcome.err


def test_a_course_of_ones_own_has_its_own_progress(tmp_path) -> None:
    folder, states = own(tmp_path), tmp_path / "states"
    settings = {"XDG_STATE_HOME": str(states)}
    here("learn", "5", stdin="q\n", **settings)
    here("learn", "--lessons", folder, stdin="6\n", **settings)
    mine, package = sorted(path.name for path in (states / "autodiff").iterdir())
    assert mine.startswith("learn-lektionen-")
    assert package == "learn.json"
    assert "You are in lesson 5" in here("learn", stdin="q\n", **settings).out


def test_a_folder_that_is_no_course_is_told(learn, tmp_path) -> None:
    folder = own(tmp_path, "title: x\n")
    assert "01-eins.txt, line 1: the lesson has no idea" in learn("--lessons", folder).err
    (tmp_path / "lektionen" / "01-eins.txt").write_text(LESSON)
    (tmp_path / "lektionen" / "words.txt").write_text("rihgt: Ja\n")
    assert "did you mean right?" in learn("--lessons", folder).err
    (tmp_path / "lektionen" / "words.txt").write_text("hint: {number.__class__} {0} {secret}\n")
    assert "hint: nothing is known of {secret}" in learn("--lessons", folder).err
    os.unlink(tmp_path / "lektionen" / "01-eins.txt")
    (tmp_path / "lektionen" / "words.txt").unlink()
    assert "there is no lesson in " in learn("--lessons", folder).err


def test_commands_of_a_lesson_read_below_its_folder_and_write_nothing(learn, tmp_path) -> None:
    (tmp_path / "secret.csv").write_text("x\n1\n")
    line = f"autodiff grad x --data {tmp_path}/secret.csv\nautodiff graph x -o out.svg\n"
    outcome = learn(
        "--lessons", own(tmp_path, LESSON.replace("autodiff graph", line + "autodiff graph"))
    )
    said = " ".join(outcome.out.split())
    assert "reads only below its own folder" in said
    assert "writes no file" in said


def test_a_text_that_is_run_cannot_teach(tmp_path) -> None:
    (tmp_path / "text.txt").write_text("learn\nlearn --list\n")
    outcome = here("run", str(tmp_path / "text.txt"))
    assert "a text that is run cannot teach" in outcome.err
    assert "lesson" in outcome.out


FLAWED = (
    LESSON.replace("hint: Ein", "hint: Sechs ist 6. Ein").replace("5 =>", "6 =>")
    + """\
formula: x^2
at: x=3
find: value

again: fern
kind: choice
topic: nirgends
ask: Was?
choice: dies
choice: das
answer: a
hint: Nicht das.
solution: So.
"""
)


def test_check_says_every_flaw_with_its_line(learn, tmp_path) -> None:
    text = FLAWED.replace("# Sieh hin:", f"#   {'x' * 50}\n\nautodiff graph sinn(x)")
    outcome = learn("--check", "--lessons", own(tmp_path, text))
    assert outcome.status == 3
    said = " ".join(outcome.out.split())
    for flaw in (
        "01-eins.txt, line 10: wert: the wrong answer 6 is called right",
        "wert: a hint has the answer in it: Sechs ist 6.",
        "wert: its answer is 6, and the machine finds 9",
        "fern: nothing is said of the choice b",
        "fern: its topic is asked nowhere",
        "line 4: a figure is broader than 40 columns",
        "line 6: autodiff graph sinn(x) ends with status 2",
    ):
        assert flaw in said
    payload = json.loads(learn("--check", "--json", "--lessons", str(tmp_path / "lektionen")).out)
    assert len(payload["flaws"]) == 7


@pytest.mark.parametrize(
    ("system", "environment", "folder"),
    [
        ("linux", {}, "/home/me/.local/state/autodiff"),
        ("linux", {"XDG_STATE_HOME": "/var/me"}, "/var/me/autodiff"),
        ("linux", {"XDG_STATE_HOME": "relative"}, "/home/me/.local/state/autodiff"),
        ("darwin", {"XDG_STATE_HOME": "/var/me"}, "/home/me/Library/Application Support/autodiff"),
        ("win32", {"LOCALAPPDATA": "C:/Local"}, "C:/Local/autodiff"),
        ("win32", {}, "/home/me/AppData/Local/autodiff"),
    ],
)
def test_where_the_state_of_a_program_is_kept(system, environment, folder) -> None:
    found = state_folder(system, environment, home="/home/me")
    assert found.replace("\\", "/") == folder
