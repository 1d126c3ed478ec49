"""The lessons of the package: each can be taught, and says nothing that is wrong."""

from __future__ import annotations

import pytest

from autodiff_cli.teach.course import screen, task_of
from autodiff_cli.teach.learner import Learner
from autodiff_cli.teach.syllabus import ENGLISH, course, home, languages
from autodiff_cli.teach.turn import given
from tests.console import here


@pytest.mark.parametrize("language", languages())
def test_the_lessons_have_no_flaw(language: str) -> None:
    outcome = here("learn", "--check", "--language", language)
    assert (outcome.status, outcome.err) == (0, "")
    assert "every answer is judged right" in outcome.out, outcome.out


@pytest.mark.parametrize("language", languages())
def test_every_language_teaches_the_same(language: str) -> None:
    def asked(which: str) -> list[tuple[str, list[str]]]:
        lessons = course(home(which)).lessons
        return [(one.name[:2], [task.kind for task in one.tasks]) for one in lessons]

    assert asked(language) == asked(ENGLISH)


@pytest.mark.parametrize("language", languages())
def test_who_knows_everything_gets_to_the_end(language: str) -> None:
    read = course(home(language))
    student, walked = Learner(), 0
    while (shown := screen(read, student)).awaits != "end":
        found = None if student.answered else task_of(read, student)
        _, student = given(read, student, found[1].answers[0] if found else "")
        walked += found is not None
    assert walked == sum(len(lesson.tasks) for lesson in read.lessons) >= 60
    assert not any(one.missed for one in student.results.values())
    assert read.say("finished") in shown.pieces


@pytest.mark.parametrize("language", languages())
def test_every_topic_has_a_question_to_come_back(language: str) -> None:
    lessons = course(home(language)).lessons
    topics = {task.topic for lesson in lessons for task in lesson.tasks}
    assert topics == {task.topic for lesson in lessons for task in lesson.again}
