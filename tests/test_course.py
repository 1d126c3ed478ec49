"""A course at work, without a terminal: screens and students, from what is typed."""

from __future__ import annotations

import json

import pytest
from hypothesis import given as for_all
from hypothesis import settings
from hypothesis import strategies as st

from autodiff_cli.teach import learner as students
from autodiff_cli.teach.course import Course, Listing, Screen, rows, screen
from autodiff_cli.teach.learner import Learner, Result
from autodiff_cli.teach.lessons import lesson
from autodiff_cli.teach.syllabus import course, home
from autodiff_cli.teach.task import KEYS, Command, Paragraph
from autodiff_cli.teach.turn import at_lesson, given

ASK = """
{what}: {name}
kind: number
topic: {topic}
ask: {name}?
answer: {answer}
wrong: 99 => Too many.
hint: First hint.
hint: Second hint.
right: Because.
solution: So it is.
show: autodiff graph x
"""


def ask(name: str, topic: str, answer: int, what: str = "task") -> str:
    return ASK.format(what=what, name=name, topic=topic, answer=answer)


HEAD = "title: T\nidea: I.\n\n"
COURSE = Course(
    lessons=(
        lesson(
            "01-one", HEAD + "# See.\n\n---\n# Do.\n" + ask("a", "sums", 1) + ask("b", "odd", 2)
        ),
        lesson("02-two", HEAD + ask("c", "sums", 3) + ask("fresh", "sums", 30, "again")),
        lesson("03-three", HEAD + ask("d", "other", 4)),
    ),
    phrases=course(home("en")).phrases,
)


def typed(*words: str, student: Learner | None = None) -> tuple[Screen, Learner]:
    """Type some answers and keys, one after the other."""
    student = Learner() if student is None else student
    shown = screen(COURSE, student)
    for word in words:
        shown, student = given(COURSE, student, word)
    return shown, student


def said(shown: Screen) -> str:
    return "\n".join(one.text for one in shown.pieces if isinstance(one, Paragraph))


def test_a_lesson_begins_with_its_head_and_stops_where_it_breaks() -> None:
    shown, _ = typed()
    assert said(shown) == "I.\nSee."
    assert shown.awaits == "next"
    shown, student = typed("n")
    assert said(shown) == "Do.\nTask 1 of 2: a?"
    assert (shown.awaits, student.place) == ("answer", 1)


def test_a_right_answer_says_why_shows_it_and_waits() -> None:
    shown, student = typed("n", "1")
    assert said(shown) == "Right. Because."
    assert isinstance(shown.pieces[-1], Command)
    assert shown.awaits == "next"
    assert student.results == {"01-one/a": Result(ending="solved")}
    assert said(typed("n", "1", "n")[0]) == "Task 2 of 2: b?"


def test_a_wrong_answer_is_told_and_may_be_mended() -> None:
    shown, student = typed("n", "99")
    assert said(shown) == "Not yet. Too many.\nType h for a hint."
    assert (shown.awaits, student.wrong) == ("answer", 1)
    assert "see the solution" in said(typed("n", "99", "98", "97")[0])
    assert typed("n", "99", "1")[1].results == {"01-one/a": Result(ending="solved", wrong=1)}


def test_hints_come_one_by_one_and_end() -> None:
    assert said(typed("n", "h")[0]) == "Hint 1 of 2: First hint."
    assert said(typed("n", "h", "h")[0]) == "Hint 2 of 2: Second hint."
    assert "no further hint" in said(typed("n", "h", "h", "h")[0])
    assert typed("n", "h", "1")[1].results["01-one/a"].missed is False


@pytest.mark.parametrize(("word", "key"), [("hint", "h"), ("Solution", "s"), ("skip", "n")])
def test_a_key_may_be_spelled_out(word: str, key: str) -> None:
    assert typed("n", word) == typed("n", key)
    assert typed("quit")[0].awaits == "end"


@pytest.mark.parametrize("word", ["x", "1 5", "sinn(1)"])
def test_what_is_unreadable_does_not_count(word: str) -> None:
    _, student = typed("n", word)
    assert student.wrong == 0


def test_the_solution_is_shown_and_its_topic_missed() -> None:
    shown, student = typed("n", "s")
    assert said(shown) == "The answer: 1\nSo it is."
    assert [one.topic for one in student.missed] == ["sums"]
    assert typed("n", "n")[1].results["01-one/a"].ending == "skipped"


FIRST = ("n", "99", "1", "n", "2", "n")  # lesson one, with its first topic missed


def test_a_topic_that_was_missed_comes_back_after_a_later_lesson_and_fresh() -> None:
    shown, student = typed(*FIRST)
    assert "You are through" in said(shown)
    shown, student = typed(*FIRST, "n", "3", "n")
    assert student.back == ("02-two/fresh",)
    assert "comes back" in said(shown)
    shown, student = typed("30", "n", student=student)
    assert student.missed == ()
    assert "You are through" in said(shown)


def test_what_is_missed_again_comes_back_again() -> None:
    _, student = typed(*FIRST, "n", "3", "n", "99", "30", "n", "n", "4", "n")
    assert student.back == ("01-one/a",)  # the fresh one is used up: another of its topic
    shown, student = typed("1", "n", student=student)
    assert student.missed == ()
    assert "nothing is left open" in said(shown)
    assert shown.awaits == "end"


def test_at_the_end_what_is_missed_comes_at_once() -> None:
    _, student = typed("3", "n", student=at_lesson(COURSE, Learner(), 1))
    _, student = typed("s", "n", student=at_lesson(COURSE, student, 2))
    assert student.back == ("03-three/d",)
    shown, student = typed("s", "n", student=student)
    assert "still wait for you: other" in said(shown)
    shown, student = typed("n", student=student)
    assert student.back == ("03-three/d",)


def test_the_list_leads_to_a_lesson() -> None:
    shown, _ = typed("n", "1", "l")
    (listing,) = shown.pieces
    assert isinstance(listing, Listing)
    assert [(row.tasks, row.done, row.word) for row in listing.rows] == [
        (2, 1, "here"), (1, 0, ""), (1, 0, ""),
    ]  # fmt: skip
    assert shown.awaits == "lesson"
    assert rows(COURSE, Learner(lesson="02-two"))[1].word == "here"


def test_quitting_keeps_the_place() -> None:
    shown, student = typed("n", "q")
    assert shown.awaits == "end"
    assert student.place == 1


def test_a_student_of_another_course_begins_where_there_is_something() -> None:
    lost = Learner(
        lesson="77-gone", place=900, back=("no/task",), results={"x/y": Result(ending="shown")}
    )
    _, student = typed("n", "n", student=lost)
    assert student.lesson == "02-two"


@settings(max_examples=60, deadline=None)
@for_all(
    st.lists(st.sampled_from(["", *KEYS, "1", "2", "3", "4", "30", "99", "x", "?"]), max_size=40)
)
def test_whatever_is_typed_there_is_a_screen_and_it_can_be_kept(words: list[str]) -> None:
    shown, student = typed(*words)
    assert shown.awaits
    kept = students.learner(json.loads(json.dumps(students.payload(student))))
    assert kept == student
    assert screen(COURSE, kept) == screen(COURSE, student)


@pytest.mark.parametrize(
    "broken",
    [
        None, [], {}, {"schema": "autodiff.grad/1"},
        *[
            students.payload(Learner()) | {name: value}
            for name, value in [
                ("place", -1), ("place", True), ("place", 10**9), ("lesson", None), ("results", []),
                ("results", {"a": {"ending": "won", "wrong": 0, "hints": 0}}), ("missed", [1]),
                ("back", [1]), ("answered", 1), ("back", ["x"] * 10_001),
            ]
        ],
    ],
)  # fmt: skip
def test_nothing_of_a_file_is_believed_unseen(broken: object) -> None:
    with pytest.raises(ValueError, match=r"no |not |schema|too long"):
        students.learner(broken)
