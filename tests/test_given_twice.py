"""An option given two values is wrong input in every command: none is kept without a word."""

import pytest

from autodiff_cli.cli.dispatch import COMMANDS, command_named
from tests.console import here


@pytest.mark.parametrize("name", COMMANDS)
def test_an_option_with_two_values_is_refused(name: str) -> None:
    tried = 0
    for parameter in command_named(name).parameters:
        spellings = parameter.option.spellings
        if not parameter.many and not parameter.is_flag:
            for option in spellings:
                done = here(name, "x^2", option, "1", spellings[0], "2")
                assert done.status == 2, (option, done.out)
                assert "is given twice: 1 and 2; give it once" in done.err, option
                tried += 1
    assert tried or name == "run"


def test_the_same_value_twice_is_one() -> None:
    assert here("graph", "x^2", "--format", "dot", "--format", "dot").status == 0
    assert here("grad", "x^2", "--x", "1", "--json", "--json").status == 0
