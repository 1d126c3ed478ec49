"""Numbers for people: rounded where they are read to learn, whole where they are read to check."""

from __future__ import annotations

import json
import math
import re

import pytest

from autodiff_cli.cli import dispatch
from autodiff_cli.cli.output import FORMATS
from autodiff_cli.errors import width
from tests.console import here
from tests.test_every_format import LINES, WITHOUT

SINE = ("trace", "sin(x)", "--x", "2")
SAID = "--digits 0 shows all"

#: Options of every command that shows an answer.
EVERYWHERE = {"--format", "--json", "--output", "-o", "--standalone"}


@pytest.mark.parametrize("command", LINES)
def test_the_options_of_showing_are_everywhere(command: str) -> None:
    assert dispatch.options_of(command).keys() >= EVERYWHERE


def test_what_takes_a_point_takes_all_that_says_one() -> None:
    for name in dispatch.COMMANDS.keys() - WITHOUT:
        options = dispatch.options_of(name).keys()
        assert ("--at" in options) == ("--random-seed" in options), name
        assert ("--wrt" in options) == ("--const" in options), name
        assert ("--no-sympy" in options) == ("--sympy-seconds" in options), name


def test_a_trace_is_rounded_and_says_so_once() -> None:
    shown = here(*SINE).out
    assert "0.909297" in shown
    assert str(math.sin(2)) not in shown
    assert shown.count(SAID) == 1
    assert SAID not in here("trace", "x^2", "--x", "3").out  # nothing was rounded


@pytest.mark.parametrize("format", sorted(FORMATS.keys() - {"csv"}))
def test_digits_hold_in_every_format_for_people(format: str) -> None:
    shown = here(*SINE, "--format", format, "--digits", "3").out
    assert "0.909" in shown
    assert "0.9093" not in shown
    assert str(math.sin(2)) in here(*SINE, "--format", format, "--digits", "0").out


@pytest.mark.parametrize("format", ["csv", "json"])
def test_other_programs_get_whole_numbers(format: str) -> None:
    assert str(math.sin(2)) in here(*SINE, "--format", format, "--digits", "3").out


def test_what_is_read_to_check_is_whole_unless_asked() -> None:
    words = ("grad", "sin(x)", "--x", "2", "--no-sympy")
    assert str(math.cos(2)) in here(*words).out
    assert str(math.cos(2)) in here(*words, "--format", "html").out
    rounded = here(*words, "--digits", "4").out
    assert "-0.4161" in rounded
    assert SAID in rounded


def test_the_environment_says_how_many() -> None:
    assert "0.91 " in here(*SINE, AUTODIFF_DIGITS="2").out.replace("\n", " ")
    assert str(math.sin(2)) in here(*SINE, AUTODIFF_DIGITS="0").out
    assert "0.909" in here(*SINE, "--digits", "3", AUTODIFF_DIGITS="0").out


@pytest.mark.parametrize("digits", ["-1", "18", "x"])
def test_digits_that_no_number_has_are_wrong_input(digits: str) -> None:
    outcome = here(*SINE, "--digits", digits)
    assert outcome.status == 2
    assert "digits" in outcome.err


#: A neuron: five variables, twelve nodes.
NEURON = "1/(1+exp(-(w0 x0 + w1 x1 + w2)))"
POINT = ("--w0", "2", "--x0", "-1", "--w1", "-3", "--x1", "-2", "--w2", "-3")


def test_a_broad_trace_is_three_tables_that_fit_eighty_columns() -> None:
    shown = here("trace", NEURON, *POINT, columns=80).out
    assert max(map(width, shown.splitlines())) <= 80
    heads = [line for line in shown.splitlines() if re.match(r"[a-z]_i ", line)]
    assert len(heads) == 3
    assert "local partials" in heads[0]
    assert heads[1].count("(") == 5
    assert "how it was summed" in heads[2]
    nodes = json.loads(here("trace", NEURON, *POINT, "--json").out)["nodes"]
    assert len(nodes) == 12
