"""The file of a lesson: what its lines mean, and what is said of a line that means nothing."""

from __future__ import annotations

import pytest

from autodiff_cli.errors import AutodiffError
from autodiff_cli.teach.lessons import lesson, phrases
from autodiff_cli.teach.task import Command, Figure, Paragraph, Wrong

HEAD = "title: A title\nidea: What it teaches.\n\n"
TASK = """\
task: slope
kind: number
topic: the power rule
ask: What is the slope
  of x^2 at 4?
answer: 8
wrong: 16 => That is the value.
wrong: 4 => slip exponent-lost
hint: Which rule?
hint: Two times x.
solution: 2·4
"""


def test_prose_figures_commands_and_breaks_in_order() -> None:
    text = (
        "# One\n# paragraph.\n#\n# Another:\n#   a = 1\n#   b = 2\n# more\n\nautodiff graph 'x y'\n"
    )
    (first, second) = lesson("01-a", f"{HEAD}{text}---\n# Later.\n\n{TASK}").steps
    assert first.task is None
    assert first.pieces == (
        Paragraph(text="One paragraph."),
        Paragraph(text="Another:"),
        Figure(lines=("  a = 1", "  b = 2"), number=9),
        Paragraph(text="more"),
        Command(words=("graph", "x y"), line="graph 'x y'", number=12),
    )
    assert second.pieces == (Paragraph(text="Later."),)


def test_a_task_has_its_fields_and_long_ones_go_on_indented() -> None:
    read = lesson("01-a", HEAD + TASK + "\n" + TASK.replace("task: slope", "again: more"))
    (task,) = read.tasks
    assert (task.name, task.line, task.kind, task.topic) == ("slope", 4, "number", "the power rule")
    assert task.ask == "What is the slope of x^2 at 4?"
    assert task.wrongs == (
        Wrong(answer="16", reply="That is the value."),
        Wrong(answer="4", slip="exponent-lost"),
    )
    assert task.hints == ("Which rule?", "Two times x.")
    assert [one.name for one in read.again] == ["more"]


def test_a_byte_order_mark_and_any_line_ends() -> None:
    plain = lesson("01-a", HEAD + TASK)
    assert lesson("01-a", "\ufeff" + (HEAD + TASK).replace("\n", "\r\n")) == plain
    assert lesson("01-a", (HEAD + TASK).replace("\n", "\r")) == plain


CHOICE = TASK.replace("kind: number", "kind: choice").replace("answer: 8", "choice: 8\nanswer: a")

#: A text that is no lesson → what is said of it, behind the name of its file.
FAULTS = {
    "": "line 1: the lesson has no title",
    "title: x\n": "line 1: the lesson has no idea",
    HEAD: "the lesson asks nothing; give it a task: …",
    HEAD + "sin(x)\n" + TASK: "line 4: 'sin(x)' is no line of a lesson; prose begins with #",
    HEAD + "autodiff graph 'x\n" + TASK: "line 4: a quotation mark is not closed",
    HEAD + "autodiff run x.txt\n" + TASK: "line 4: a lesson cannot run",
    HEAD + "answer: 3\n" + TASK: "line 4: answer: belongs to a task; begin one with task: NAME",
    HEAD + TASK.replace("hint: W", "hnt: W"): "line 12: a task has no hnt:; did you mean hint:?",
    HEAD + TASK.replace("kind: number\n", ""): "line 4: the task slope has no kind:",
    HEAD + TASK.replace("number", "guess"): "line 4: the task slope: its kind is none of number",
    HEAD + TASK.replace("answer: 8\n", ""): "the task slope: it has no answer:",
    HEAD + TASK + "answer: 9\n": "the task slope: a number has one answer",
    HEAD + TASK + "kind: word\n": "line 15: kind: is there twice",
    HEAD + TASK + "at: x\n": "line 4: at: x is no point; write x=4, y=2",
    HEAD + TASK + "find: value\n": "the task slope: find: needs a formula:",
    HEAD + TASK + "right:\n": "line 15: right: says nothing",
    HEAD + TASK.replace(" => That is the value.", ""): "line 10: a wrong answer has nothing that",
    HEAD + TASK + "\n" + TASK: "there are two tasks slope",
    HEAD + TASK.replace("slope", "A slope"): "its name is not of small letters, digits and -",
    HEAD + TASK + "choice: 8\n": "the task slope: a choice, and only that, has lines choice:",
    HEAD + CHOICE.replace("answer: a", "answer: b"): "the task slope: its answer is none of a",
    HEAD
    + CHOICE.replace("choice: 8", "choice: 8\n" * 8 + "choice: 9"): "more than 7 lines choice:",
    HEAD + TASK.replace("number", "word").replace("answer: 8", "answer: n"): "one of the keys",
    HEAD + "title: again\n\n" + TASK: "line 4: title: is not of the head, or is there twice",
}


@pytest.mark.parametrize("text", FAULTS, ids=lambda text: FAULTS[text][-40:])
def test_what_is_wrong_is_said_with_its_line(text: str) -> None:
    with pytest.raises(AutodiffError) as error:
        lesson("01-a", text)
    assert str(error.value).startswith("01-a.txt, line ")
    assert FAULTS[text] in str(error.value)


def test_the_name_of_a_file_says_its_place() -> None:
    with pytest.raises(AutodiffError, match="write two digits"):
        lesson("graph", HEAD + TASK)


def test_phrases_are_lines_that_may_go_on() -> None:
    assert phrases("words.txt", "# note\nright: Right,\n  indeed.\n\nwrong: No.\n") == {
        "right": "Right, indeed.", "wrong": "No.",
    }  # fmt: skip
    with pytest.raises(AutodiffError, match="line 1: a line is `name: text`"):
        phrases("words.txt", "anything\n")


def test_reading_takes_time_in_proportion() -> None:
    text = HEAD + "".join(f"# Prose.\n\n{TASK.replace('slope', f't{k}')}\n" for k in range(2000))
    assert len(lesson("01-a", text).tasks) == 2000
