"""Questions in the terminal: what went wrong is told, help comes step by step, pipes work."""

from __future__ import annotations

import re

import pytest

from autodiff_cli.teach.exercises import exercises
from autodiff_cli.teach.question import Question
from tests.console import ROOT, here

CHAIN = ("--topic", "chain", "--level", "2", "--kind", "derivative", "--count", "2", "--seed", "7")


@pytest.fixture(scope="module")
def questions() -> tuple[Question, ...]:
    return exercises("chain", 2, 7, count=2, kinds=("derivative",))


def said(*lines: str, words: tuple[str, ...] = CHAIN, columns: int = 80) -> str:
    outcome = here("quiz", *words, stdin="\n".join(lines), columns=columns)
    assert (outcome.status, outcome.err) == (0, "")
    return outcome.out


def test_right_answers_are_right(questions: tuple[Question, ...]) -> None:
    found = said(*[str(question.key.answer) for question in questions])
    assert found.count("Right.") == 2
    assert "2 of 2 right, 2 of them at the first try." in found
    assert found.endswith(
        "The same questions again: autodiff quiz --topic chain --level 2 --kind\n"
        "  derivative --count 2 --seed 7\n"
    )


def test_wrong_answers_bring_two_hints_and_then_the_solution(
    questions: tuple[Question, ...],
) -> None:
    first = questions[0]
    slip = next(wrong for wrong in first.key.wrong if wrong.id == "chain-missing")
    found = said(str(slip.answer), "777", "888", "quit", columns=500)
    order = [
        f"No: {slip.text}.", "Hint 1: the outermost operation takes the chain rule",
        "No: none of the usual slips gives this.", "Hint 2: the chain rule says d/dx[",
        f"The answer is {first.key.answer:g}:", "1. chain rule", "0 of 2 right.",
        "chain factor missing: once",
    ]  # fmt: skip
    places = [found.index(part) for part in order]
    assert places == sorted(places)


def test_help_can_be_asked_for(questions: tuple[Question, ...]) -> None:
    found = said("hint", str(questions[0].key.answer), "?", "hint", "hint", columns=500)
    assert found.count("Hint 1: ") == 2
    assert "1 of 2 right, 0 of them at the first try." in found
    assert f"The answer is {questions[1].key.answer:g}:" in found


def test_what_cannot_be_read_costs_nothing(questions: tuple[Question, ...]) -> None:
    found = said("", "so so", str(questions[0].key.answer), "quit")
    assert "Type a number, or what gives one: 3/4, 2*cos(4); or hint, skip or quit." in found
    assert "Cannot be read: " in found
    assert "1 of 2 right, 1 of them at the first try." in found


def test_a_question_is_skipped_with_its_answer(questions: tuple[Question, ...]) -> None:
    assert f"Skipped. The answer is {questions[0].key.answer:g}." in said("skip", "quit")


def test_the_end_of_a_pipe_ends_it() -> None:
    assert said().endswith("--seed 7\n")


@pytest.mark.parametrize("columns", [40, 80])
def test_lines_fit_the_screen(columns: int) -> None:
    found = said(*["hint"] * 60, words=("--seed", "7", "--count", "18"), columns=columns)
    long = [line for line in found.splitlines() if len(line) > columns and " " in line.strip()]
    assert [line for line in long if not re.match(r"\S+ = |[xf]\.|\(", line)] == []


def test_in_a_pipe_there_are_words_and_ascii_alone() -> None:
    assert said(*["hint"] * 60, words=("--seed", "7", "--count", "9")).isascii()


def test_the_manual_shows_it_as_it_is() -> None:
    manual = (ROOT / "autodiff_cli" / "manual" / "teaching.md").read_text(encoding="utf-8")
    block = re.search(r"```text\n\$ autodiff (quiz .*)\n((?:.*\n)+?)```", manual)
    assert block
    typed = re.findall(r"^> (.*)$", block[2], re.MULTILINE)
    assert here(*block[1].split(), stdin="\n".join(typed)).out == block[2]


def test_without_a_seed_questions_are_new_and_the_seed_is_told() -> None:
    seeds = {re.search(r"seed (1:\d+)", said(words=("--count", "1")))[1] for _ in range(5)}  # type: ignore[index]
    assert len(seeds) > 1
