"""Options of every command: how their values are read, what is refused, what the help says."""

from typing import Annotated, Any, Literal, NamedTuple

import pytest

from autodiff_cli.cli.dispatch import COMMANDS, command_named
from autodiff_cli.cli.given import read_options
from autodiff_cli.cli.parameters import Argument, Option, command
from autodiff_cli.cli.usage import usage
from autodiff_cli.errors import AutodiffError
from tests.console import here

VARIABLE = "AUTODIFF_TEST_ROWS"


def _even(value: int | None) -> int | None:
    if value is not None and value % 2:
        raise AutodiffError(f"--rows is {value}")
    return None if value is None else 10 * value


class Group(NamedTuple):
    rows: Annotated[
        int | None, Option("--rows", metavar="N", help="Rows.", callback=_even, envvar=VARIABLE)
    ] = None
    json: Annotated[bool, Option("--json", help="As JSON.")] = False
    names: Annotated[list[str] | None, Option("--names", metavar="NAMES", help="Names.")] = None


Mode = Annotated[Literal["up", "down"], Option("--mode", help="Which way.")]
Times = Annotated[int, Option("-t", "--times", metavar="N", min=1, help="How often.")]
Rate = Annotated[float, Option("--rate", metavar="R", show_default=False, help="How fast.")]
Words = Annotated[list[str] | None, Argument(metavar="WORD", help="A word.")]

seen: list[Any] = []


def tried(
    session: None, group: Group, mode: Mode = "up", times: Times = 1, rate: Rate = 0.5,
    words: Words = None,
) -> None:  # fmt: skip
    """Try this out.

    Twice if
    need be.

    autodiff tried
    """
    seen[:] = [group, mode, times, rate, words]


def bare(session: None) -> None:
    """Take no words."""


def read(*words: str) -> list[Any]:
    taken = command(tried)
    taken.run(None, read_options(taken, words, ("w",), "write less"), ("w",))
    return seen


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ((), [Group(), "up", 1, 0.5]),
        (("--rows", "4", "--json"), [Group(rows=40, json=True), "up", 1, 0.5]),
        (("--rows=4", "--mode=down"), [Group(rows=40), "down", 1, 0.5]),
        (("--names", "a", "--names=", "-t", "2"), [Group(names=["a", ""]), "up", 2, 0.5]),
        (("--times", " 7 ", "--rate", "1e-3"), [Group(), "up", 7, 1e-3]),
        (("--rows", "4", "--rows", "4"), [Group(rows=40), "up", 1, 0.5]),
    ],
)
def test_values_are_read_as_their_types_have_them(words, expected) -> None:
    assert read(*words) == [*expected, ["w"]]


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (("--rows", "4.5"), "Invalid value for '--rows': '4.5' is not a valid int; write less"),
        (("--rows", "3"), "--rows is 3"),
        (("--rate", "fast"), "Invalid value for '--rate': 'fast' is not a valid float; write less"),
        (("--mode", "Up"), "Invalid value for '--mode': 'Up' is not one of 'up', 'down'; "
         "write less"),
        (("-t", "0"), "Invalid value for '-t' / '--times': 0 is not in the range x>=1; write less"),
        (("-t", "x"), "Invalid value for '-t' / '--times': 'x' is not a valid int range; "
         "write less"),
        (("--json=yes",), "Option '--json' does not take a value; write less"),
        (("--json=",), "Option '--json' does not take a value; write less"),
        (("--help=",), "Option '--help' does not take a value; write less"),
        (("--rows", "2", "--rows", "4"), "--rows is given twice: 2 and 4; give it once"),
        (("-t", "2", "--times=3"), "--times is given twice: 2 and 3; give it once"),
        (("--rate", "x", "--rows", "x"), "Invalid value for '--rate': 'x' is not a valid float; "
         "write less"),  # the first on the line
    ],
)  # fmt: skip
def test_what_no_option_takes_is_refused(words, message) -> None:
    with pytest.raises(AutodiffError) as caught:
        read(*words)
    assert str(caught.value) == message


def test_the_environment_gives_what_the_line_does_not(monkeypatch) -> None:
    monkeypatch.setenv(VARIABLE, "6")
    assert read()[0].rows == 60
    assert read("--rows", "2")[0].rows == 20
    monkeypatch.setenv(VARIABLE, "six")
    with pytest.raises(AutodiffError, match="'six' is not a valid int"):
        read()
    monkeypatch.setenv(VARIABLE, "")
    assert read()[0].rows is None


def test_words_are_for_commands_that_take_some() -> None:
    with pytest.raises(AutodiffError, match=r"^Got unexpected extra argument\(s\) \(a b\); less$"):
        read_options(command(bare), (), ("a", "b"), "less")


HELP = """\
  autodiff tried

Usage: autodiff tried [OPTIONS] [WORD]

  Try this out.

  Twice if need be.

Arguments:
  WORD  A word.

Options:
  --rows N          Rows.
  --json            As JSON.
  --names NAMES     Names.
  --mode <up|down>  Which way.  [default: up]
  -t, --times N     How often.  [default: 1; x>=1]
  --rate R          How fast.
  -h, --help        Show this message and exit."""


def test_the_help_says_all_that_a_command_takes() -> None:
    assert usage(command(tried), "tried", 80) == HELP


@pytest.mark.parametrize("columns", [60, 120])
@pytest.mark.parametrize("name", COMMANDS)
def test_the_help_of_every_command_fits_the_screen(name: str, columns: int) -> None:
    shown = here(name, "--help", columns=columns)
    examples, _, rest = shown.out.partition("\nUsage: ")
    taken = command_named(name)
    assert shown.status == 0
    assert f"autodiff {name}" in examples
    broad = [line for line in rest.splitlines() if len(line) > columns]
    assert all(len(line.split()) == 2 for line in broad), broad  # an option and all its words
    words = " ".join(rest.split())
    for parameter in taken.parameters:
        assert parameter.option.spellings[-1] in rest
        assert parameter.option.help.split(maxsplit=1)[0] in words
