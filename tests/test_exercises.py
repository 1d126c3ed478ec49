"""Exercises: the same from a seed everywhere, solvable, by hand where said, nothing hidden."""

from __future__ import annotations

import json
from itertools import islice

import pytest

from autodiff_cli import AutodiffError
from autodiff_cli.teach.exercises import KINDS, VERSION, exercises, seed_of
from autodiff_cli.teach.random import SplitMix64
from autodiff_cli.teach.templates import LEVELS, TOPICS
from tests.console import here
from tests.exercises import faults, main
from tests.golden.documents import WORKSHEET, worksheet


def test_the_generator_is_splitmix64() -> None:
    generator = SplitMix64(1234567)
    assert [generator.bits() for _ in range(5)] == [
        6457827717110365317, 3203168211198807973, 9817491932198370423, 4593380528125082431,
        16408922859458223821,
    ]  # fmt: skip


def test_a_text_begins_a_sequence_of_its_own_by_fnv() -> None:
    assert SplitMix64("a").bits() == SplitMix64(0xAF63DC4C8601EC8C).bits()
    assert SplitMix64("1:7").bits() != SplitMix64("1:8").bits()


def test_choices_are_fair_and_orders_are_whole() -> None:
    generator = SplitMix64(7)
    drawn = [generator.below(6) for _ in range(6000)]
    assert all(900 < drawn.count(face) < 1100 for face in range(6))
    orders = {tuple(generator.shuffled("abc")) for _ in range(100)}
    assert len(orders) == 6


@pytest.mark.parametrize("name", TOPICS)
def test_every_topic_has_every_kind_at_every_level(name: str) -> None:
    for kind in TOPICS[name].kinds:
        for level in LEVELS:
            (first, *_) = exercises(name, level, 7, count=1, kinds=(kind,))
            assert (first.key.topic, first.key.kind, first.key.level) == (name, kind, level)


@pytest.mark.parametrize("seed", range(1, 6))
def test_exercises_have_no_fault(seed: int) -> None:
    found = exercises(level=LEVELS[seed % 5], seed=seed, count=20)
    assert {question.key.kind for question in found} == KINDS.keys()
    assert [(q.key.id, fault) for q in found for fault in faults(q)] == []


@pytest.mark.slow
def test_ten_thousand_exercises_of_a_hundred_seeds_have_no_fault() -> None:
    assert main() == 0


def test_a_fault_is_found() -> None:
    from dataclasses import replace

    (question,) = exercises("chain", 2, 7, count=1, kinds=("derivative",))
    wrong = replace(question, key=replace(question.key, answer=999.0 + question.key.answer))
    assert any("by mpmath" in fault for fault in faults(wrong))
    assert any("by hand" in fault for fault in faults(wrong))


def test_a_sheet_is_the_same_bytes_everywhere() -> None:
    found = worksheet()
    assert found == WORKSHEET.read_text(encoding="utf-8")
    assert here("worksheet", "--seed", f"{VERSION}:7", "--count", "18", "--json").out == found


def test_a_longer_sheet_of_one_level_begins_with_the_shorter_one() -> None:
    short, longer = (exercises(level=2, seed=3, count=count) for count in (4, 12))
    assert [q.prompt for q in short] == [q.prompt for q in islice(longer, len(short))]
    assert [q.prompt for q in short] != [q.prompt for q in exercises(level=2, seed=4, count=4)]


def test_no_exercise_comes_twice_in_a_sheet() -> None:
    found = exercises("chain", 3, 1, count=20, kinds=("derivative",))
    assert len({question.prompt for question in found}) == 20


def test_without_a_level_a_sheet_goes_from_the_first_to_the_last() -> None:
    levels = [question.key.level for question in exercises("powers", seed=1, kinds=("formula",))]
    assert levels == [1, 1, 2, 2, 3, 3, 4, 4, 5, 5]


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--topic", "chian"), "did you mean chain?"),
        (("--topic", "x"), "write one of: powers, "),
        (("--kind", "traces"), "did you mean trace?"),
        (("--level", "6"), "write 1, 2, 3, 4 or 5"),
        (("--count", "0"), "write 1 to 500"),
        (("--seed", "seven"), "write a whole number: 7"),
        (("--seed", "-7"), "write a whole number: 7"),
        (("--seed", "2:7"), "is of version 2 of the exercises, and this is 1"),
        (("--topic", "kinks", "--kind", "grad"), "those are in: passes"),
        (("--x", "3"), "no option --x"),
    ],
)
def test_what_cannot_be_asked_for_is_told(words: tuple[str, ...], said: str) -> None:
    for command in ("worksheet", "quiz"):
        outcome = here(command, *words)
        assert outcome.status == 2
        assert said in outcome.err


def test_the_seed_of_the_api_is_a_number_or_a_text() -> None:
    assert seed_of(7) == seed_of("7") == seed_of(" 1:7 ") == 7
    with pytest.raises(AutodiffError):
        exercises(seed="1.5")


def test_json_has_what_the_contract_says() -> None:
    found = json.loads(WORKSHEET.read_text(encoding="utf-8"))
    assert (found["schema"], found["seed"]) == ("autodiff.worksheet/1", "1:7")
    for question in found["questions"]:
        assert {"id", "kind", "topic", "level", "prompt", "expression", "at", "answer",
                "tolerance", "slips", "hints", "solution"} <= question.keys()  # fmt: skip
        assert all({"id", "answer"} <= slip.keys() for slip in question["slips"])
        assert len(question["hints"]) == 2
