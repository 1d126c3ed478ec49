"""A worksheet as a page: what is typed is told what `quiz` tells, and nothing leaves the page."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from autodiff_cli.teach.exercises import KINDS, exercises
from autodiff_cli.teach.question import Question
from autodiff_cli.views import course
from tests import pages
from tests.console import here
from tests.pages import Tab

SHEET = ("worksheet", "--seed", "7", "--count", "9", "--format", "html")

#: Types each wrong answer, then the right one, and gives back what is said of each.
ANSWER = """
(answers) => Object.entries(answers).map(([id, texts]) => {
  const root = document.getElementById(id), form = root.querySelector("form");
  return texts.map((text) => {
    const field = form.querySelector("input[type=text]");
    if (field) field.value = text;
    else form.querySelector(`input[value="${text}"]`).checked = true;
    form.requestSubmit();
    return form.querySelector(".mark").textContent;
  });
})
"""


@pytest.fixture(scope="module")
def questions() -> tuple[Question, ...]:
    return exercises(seed=7, count=9)


def test_a_page_is_a_sheet_where_no_script_runs(questions: tuple[Question, ...]) -> None:
    text = here(*SHEET).out
    assert text == here(*SHEET).out
    assert {question.key.kind for question in questions} == KINDS.keys()
    body = text[: text.index("<script>")]
    for question in questions:
        assert f'id="q{question.key.id}"' in body
    assert body.count('type="text"') >= sum(one.key.form == "number" for one in questions)
    assert "default-src" in body
    assert "Answers" not in body
    assert "<h2>Answers</h2>" in here(*SHEET, "--key").out


def test_a_title_stays_a_title() -> None:
    text = here(*SHEET, "--title", "</script><b>x</b>&amp;").out
    assert "&lt;/script&gt;&lt;b&gt;x&lt;/b&gt;&amp;amp;" in text
    assert text.count("</script>") == 1


@pytest.fixture(scope="module")
def tab(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    if pages.MISSING:
        pytest.skip(pages.MISSING)
    with pages.browser() as browser:
        page = browser.new_page(viewport={"width": 390, "height": 800})
        yield Tab(page, tmp_path_factory.mktemp("sheets"))


def test_answers_are_told_what_a_quiz_tells(tab: Any, questions: tuple[Question, ...]) -> None:
    opened = tab.open(here(*SHEET, "--key").out)
    answers: dict[str, list[str]] = {}
    wanted: list[list[str]] = []
    for question in questions:
        key, choices = question.key, course.choices(question)
        texts = {str(wrong.answer): wrong.text for wrong in key.wrong}
        right = str(key.answer)
        if key.form == "formula":
            texts = {one.letter: one.words for one in choices if not one.right}
            right = next(one.letter for one in choices if one.right)
        answers[f"q{key.id}"] = [*texts, right]
        wanted.append([*[f"No: {text}." for text in texts.values()], "Right."])
    assert opened.evaluate(ANSWER, answers) == wanted
    count = len(questions)
    assert opened.locator(".score").inner_text() == f"{count} of {count} right."
    assert tab.faults == []
    assert opened.evaluate("document.documentElement.scrollWidth") <= 390


def test_help_comes_step_by_step_and_numbers_are_read_as_typed(
    tab: Any, questions: tuple[Question, ...]
) -> None:
    opened = tab.open(here(*SHEET).out)
    place = next(k for k, one in enumerate(questions) if one.key.kind == "derivative")
    key = questions[place].key
    said = opened.evaluate(
        ANSWER, {f"q{key.id}": ["", "so", "123456", f"{float(key.answer) * 2!r}/2"]}
    )[0]
    assert said[0] == "Type a number, or what gives one."
    assert said[1] == "That cannot be read as a number."
    assert said[2].startswith("No: ")
    assert said[3] == "Right."
    root = opened.locator(f"#q{key.id}")
    assert root.locator(".help > *").count() == 1
    for _ in range(2):
        root.locator(".hint-please").click()
    assert root.locator(".help .solution").count() == 1
    assert not root.locator(".hint-please").is_visible()
    film = root.locator("details")
    film.locator("summary").click()
    assert film.locator(".ask input").is_visible()
    assert re.search(r"0 of \d+ found", film.inner_text())
    assert tab.faults == []


def test_a_page_is_written_by_the_name_of_its_file(tmp_path: Path) -> None:
    target = tmp_path / "sheet.html"
    assert here(*SHEET[:-2], "-o", str(target)).status == 0
    assert target.read_text(encoding="utf-8") == here(*SHEET).out
