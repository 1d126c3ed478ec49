"""Every command line of the README and of the samples still says what the documents show."""

from __future__ import annotations

import pytest

from autodiff_cli.cli.dispatch import COMMANDS
from autodiff_cli.cli.help import TOPICS, contents
from tests.console import here, same
from tests.golden.documents import (
    DOCUMENTS,
    MANUAL,
    SAMPLES,
    blocks,
    commands,
    golden,
    listed,
    rerun,
    sample_output,
)

TEXTS = {path.stem: path.read_text(encoding="utf-8") for path in DOCUMENTS}
BLOCKS = [(name, block) for name, text in TEXTS.items() for block in blocks(text)]


@pytest.mark.parametrize(
    ("name", "block"), BLOCKS, ids=[f"{name}: {commands(block)[0]}" for name, block in BLOCKS]
)
def test_the_documents_show_true_output(name: str, block: str) -> None:
    output = rerun(block, here)
    assert same(output, block), output


@pytest.mark.parametrize("sample", SAMPLES, ids=lambda sample: sample.stem)
def test_a_sample_prints_what_is_kept(sample) -> None:
    output = sample_output(sample)
    assert same(output, golden(sample).read_text(encoding="utf-8")), output


def test_the_readme_takes_five_minutes() -> None:
    assert len(TEXTS["README"].splitlines()) <= 250


def test_the_readme_lists_the_commands_as_they_are() -> None:
    assert listed() in TEXTS["README"]


def test_every_page_of_the_manual_is_a_topic() -> None:
    assert {path.stem for path in MANUAL} == set(TOPICS)


def test_help_lists_commands_and_topics() -> None:
    text = contents(COMMANDS)
    assert [name for name in (*COMMANDS, *TOPICS) if name not in text] == []


@pytest.mark.parametrize("topic", TOPICS)
def test_a_page_that_is_piped_is_its_markdown(topic, cli) -> None:
    outcome = cli("help", topic)
    assert (outcome.status, outcome.out) == (0, TEXTS[topic])


def test_a_topic_that_is_misspelt_is_offered(cli) -> None:
    assert "did you mean language?" in cli("help", "langauge").err
    assert cli("help", "nothing-like-it").status == 2


@pytest.mark.parametrize("name", COMMANDS)
def test_the_help_of_a_command_has_its_examples_one_a_line(name, cli) -> None:
    lines = cli(name, "--help").out.splitlines()
    assert any(line.startswith(f"  autodiff {name}") for line in lines)
    assert not any("\\b" in line or line.count("autodiff ") > 1 for line in lines)
