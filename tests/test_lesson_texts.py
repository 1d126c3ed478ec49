"""The lessons of the package: each can be taught, and says nothing that is wrong."""

from __future__ import annotations

import pytest

from autodiff_cli.teach.syllabus import ENGLISH, course, home, languages
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
