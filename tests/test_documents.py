"""Every command line of the README and of the samples still says what the documents show."""

from __future__ import annotations

import pytest

from autodiff_cli.cli.dispatch import COMMANDS
from tests.console import same
from tests.golden.documents import README, SAMPLES, blocks, commands, golden, rerun, sample_output

BLOCKS = blocks(README.read_text(encoding="utf-8"))


@pytest.mark.parametrize("block", BLOCKS, ids=[commands(block)[0] for block in BLOCKS])
def test_the_readme_shows_true_output(block: str) -> None:
    output = rerun(block)
    assert same(output, block), output


@pytest.mark.parametrize("sample", SAMPLES, ids=lambda sample: sample.stem)
def test_a_sample_prints_what_is_kept(sample) -> None:
    output = sample_output(sample)
    assert same(output, golden(sample).read_text(encoding="utf-8")), output


def test_every_command_is_in_the_readme() -> None:
    text = README.read_text(encoding="utf-8")
    assert [name for name in COMMANDS if f"### {name}" not in text] == []


@pytest.mark.parametrize("name", COMMANDS)
def test_the_help_of_a_command_has_its_examples_one_a_line(name, cli) -> None:
    lines = cli(name, "--help").out.splitlines()
    assert any(line.startswith(f"  autodiff {name}") for line in lines)
    assert not any("\\b" in line or line.count("autodiff ") > 1 for line in lines)


def test_every_function_is_in_the_readme() -> None:
    from autodiff_cli.ops import OPERATIONS

    text = README.read_text(encoding="utf-8")
    missing = [row.name for row in OPERATIONS if not row.symbol and f"{row.name}" not in text]
    assert missing == []
