"""Files for courses: strict readers take them, and `quiz` says of wrong answers what they say."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest

from autodiff_cli.formats.plain import plain
from autodiff_cli.teach.exercises import KINDS, exercises
from autodiff_cli.teach.question import Question
from autodiff_cli.views import gift as gift_view
from tests import courses
from tests.console import here
from tests.courses import Item
from tests.test_every_format import READERS as READERS_OF_TEXT
from tests.test_payloads import clean

SHEET = ("--seed", "7", "--count", "18")

READERS: dict[str, Callable[[str], list[Item]]] = {
    "moodle": courses.moodle, "gift": courses.gift, "qti": courses.qti,
}  # fmt: skip


@pytest.fixture(scope="module")
def questions() -> tuple[Question, ...]:
    return exercises(seed=7, count=18)


@pytest.fixture(scope="module")
def files() -> dict[str, list[Item]]:
    return {
        name: reader(here("worksheet", *SHEET, "--format", name).out)
        for name, reader in READERS.items()
    }


@pytest.mark.parametrize("name", READERS)
def test_a_strict_reader_finds_every_question(
    name: str, files: dict[str, list[Item]], questions: tuple[Question, ...]
) -> None:
    assert {question.key.kind for question in questions} == KINDS.keys()
    for item, question in zip(files[name], questions, strict=True):
        key = question.key
        assert item.name.startswith(f"{key.id.rjust(4, '0')} {key.kind}")
        asked = question.words if key.form != "formula" else question.words[:-1]
        starts = [paragraph[0] for paragraph in asked]
        assert all(start.strip() in item.text for start in starts if isinstance(start, str))
        (right,) = [one for one in item.answers if one.fraction == 100]
        if key.form == "number" and right.near is not None:
            assert (float(right.text), right.near) == pytest.approx((key.answer, key.tolerance))
        wrong = [one for one in item.answers if one.fraction == 0 and one.text != "*"]
        assert all(one.told for one in wrong)
        if name != "qti" and key.form == "number":
            assert [(float(one.text), one.told) for one in wrong] == [
                (one.answer, one.text) for one in key.wrong
            ]


@pytest.mark.parametrize("name", READERS)
def test_every_wrong_answer_is_told_in_quiz_what_its_feedback_says(
    name: str, files: dict[str, list[Item]], questions: tuple[Question, ...]
) -> None:
    rounds: list[list[tuple[str, str]]] = []
    for place, (item, question) in enumerate(zip(files[name], questions, strict=True)):
        answers = [one for one in item.answers if one.text != "*"]
        typed = {one.text: one for one in answers}
        if question.key.form == "choice":
            typed = dict(zip("ABCDEFGH", answers, strict=False))
        wrong = [(text, one.told) for text, one in typed.items() if one.fraction == 0]
        while len(rounds) < len(wrong):
            rounds.append([("skip", "")] * len(questions))
        for number, one in enumerate(wrong):
            rounds[number][place] = one
    assert len(rounds) >= 4
    for one in rounds:
        lines = [text if text == "skip" else f"{text}\nskip" for text, _ in one]
        said = re.sub(r"\s+", " ", here("quiz", *SHEET, columns=4000, stdin="\n".join(lines)).out)
        for text, told in one:
            assert f"> {text} " in said
            assert re.sub(r"\s+", " ", plain(told)).rstrip(".") in said, (text, told)


def test_the_package_for_canvas_holds_the_same(
    tmp_path: Path, files: dict[str, list[Item]]
) -> None:
    for words in (("-o", "a.zip"), ("--format", "qti", "-o", "b.zip")):
        target = tmp_path / words[-1]
        assert here("worksheet", *SHEET, *words[:-1], str(target)).status == 0
        assert courses.canvas(target.read_bytes()) == files["qti"]
    assert (tmp_path / "a.zip").read_bytes() == (tmp_path / "b.zip").read_bytes()


@pytest.mark.parametrize(
    ("name", "words"), [("moodle", ("x.xml",)), ("gift", ("x.gift",)),
                        ("qti", ("x.xml", "--format", "qti"))],
)  # fmt: skip
def test_the_name_of_a_file_says_its_format(
    tmp_path: Path, name: str, words: tuple[str, ...], files: dict[str, list[Item]]
) -> None:
    target = tmp_path / words[0]
    assert here("worksheet", *SHEET, "-o", str(target), *words[1:]).status == 0
    assert READERS[name](target.read_text(encoding="utf-8")) == files[name]


def test_each_format_is_named_once() -> None:
    listed = here("worksheet", "--format", "dot").err.partition("write one of: ")[2].strip()
    assert listed == "text, markdown, latex, html, csv, json, moodle, gift, qti, canvas"


def test_a_package_is_no_text() -> None:
    outcome = here("worksheet", "--format", "canvas")
    assert outcome.status == 2
    assert "-o FILE.zip" in outcome.err


@pytest.mark.parametrize("name", READERS)
def test_a_title_stays_a_title(name: str) -> None:
    title = 'a/b ~=#{}:\\ <b> & "c" :: \x1b[31m \n\n ] ]>'
    items = READERS[name](here("worksheet", "--title", title, "--count", "2", "--format", name).out)
    assert len(items) >= 2


@pytest.mark.parametrize(
    "name", sorted(READERS_OF_TEXT.keys() - {"html"})
)  # a page has its own tests
def test_a_title_stays_a_title_in_print(name: str) -> None:
    title = "a_b <b> & #1 ~ $x$ \\alpha | *c* \x1b[31m"
    outcome = here("worksheet", "--title", title, "--count", "9", "--key", "--format", name)
    assert clean(outcome.out)
    text = re.sub(r"^.*?\\begin.document.|.end.document..*", "", outcome.out, flags=re.DOTALL)
    assert READERS_OF_TEXT[name](text) == []


def test_gift_has_every_sign_of_its_own_escaped() -> None:
    assert gift_view.escaped("a~b=c#d{e}f:g\\h\ni") == r"a\~b\=c\#d\{e\}f\:g\\h\ni"


@pytest.mark.parametrize(
    ("reader", "text"),
    [
        (courses.moodle, "<quiz><question type='category'/></quiz>"),
        (courses.gift, "$CATEGORY: $course$/a\n\n::1::[html]<p>a{=b#c\n}"),
        (courses.qti, "<questestinterop/>"),
    ],
)
def test_the_readers_are_strict(reader: Callable[[str], list[Item]], text: str) -> None:
    with pytest.raises((AssertionError, IndexError)):
        reader(text)
